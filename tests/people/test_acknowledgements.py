"""The log list: who must sign, four ways to do it, reminders, and what an issue without a signature asks."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client

from beeldkluis.devices.actions import hand_in, issue
from beeldkluis.devices.models import Bodycam, IssuePeriod
from beeldkluis.devices.queries import issued_unsigned
from beeldkluis.governance.models import ProtocolVersion
from beeldkluis.journal import clock
from beeldkluis.journal.models import Entry
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people import acknowledgement_queries as queries
from beeldkluis.people import tasks
from beeldkluis.people.acknowledgement_actions import (
    Receipt,
    code_fits,
    make_signing_link,
    officer_actor,
    sign_as_officer,
    sign_as_person,
)
from beeldkluis.people.actions import add_officer, end_officer
from beeldkluis.people.models import Acknowledgement, Officer, Person, SigningLink
from beeldkluis.protocol.acknowledgement import may_receive, may_sign, reminder_round
from beeldkluis.protocol.register import Protocol
from beeldkluis.protocol.verdict import Refused
from tests.conftest import SETUP, START

NOW = START + timedelta(days=1)
TODAY = NOW.date()
AT_DOCK = Receipt(protocol_received_on=TODAY, instruction_received_on=TODAY, how="dock")
PDF = b"%PDF-1.7 een handtekening"
TYPED = {"protocol_received_on": "2026-10-02", "instruction_received_on": "2026-10-02"}


def a_version(number: str = "1", state: str = "in_force", sections: int = 1) -> ProtocolVersion:
    return ProtocolVersion.objects.create(
        number=number,
        state=state,
        register_sha256="0" * 64,
        sections=[{"title": "Doel", "text": "Veiligheid."}] * sections,
        takes_effect_at=START,
        drafted_at=START,
        drafted_by="tests",
    )


@pytest.fixture
def version(db: None, monkeypatch: pytest.MonkeyPatch) -> ProtocolVersion:
    monkeypatch.setattr("beeldkluis.governance.registers.stored", lambda _digest: Protocol("", "1", {}))
    return a_version()


@pytest.fixture
def second(db: None) -> Officer:
    return add_officer(number="1208", name="H. Ingeleend", employment="hired", since=START, actor=SETUP, now=START)


@pytest.mark.rule("governance.acknowledgement")
@pytest.mark.parametrize("state", ["draft", "proposed", "published", "in_force", "lapsed", "withdrawn"])
def test_one_signs_for_what_applies_or_is_about_to(state: str) -> None:
    verdict = may_sign(state=state, has_text=True, protocol_received=TODAY, instruction_received=TODAY, today=TODAY)
    assert verdict.allowed == (state in ("in_force", "published"))


@pytest.mark.rule("governance.acknowledgement")
def test_one_signs_for_what_can_be_read_and_was_received() -> None:
    later = TODAY + timedelta(days=1)
    facts: dict[str, Any] = {"state": "in_force", "has_text": True, "today": TODAY}
    assert may_sign(**facts, protocol_received=TODAY, instruction_received=TODAY).allowed
    assert not may_sign(**facts, protocol_received=later, instruction_received=TODAY).allowed
    assert not may_sign(**facts, protocol_received=TODAY, instruction_received=later).allowed
    assert not may_sign(**(facts | {"has_text": False}), protocol_received=TODAY, instruction_received=TODAY).allowed


@pytest.mark.rule("camera.signed")
def test_without_a_signature_an_issue_asks_for_a_reason() -> None:
    assert may_receive(signed=True, because="").allowed
    assert may_receive(signed=False, because="invaldienst").allowed
    assert not may_receive(signed=False, because="  ").allowed


def test_reminders_come_every_seven_days(protocol: Protocol) -> None:
    rounds = [
        reminder_round(since=START, protocol=protocol, now=START + timedelta(days=days)) for days in (0, 6, 7, 13, 14)
    ]
    assert rounds == [0, 0, 1, 1, 2]
    assert reminder_round(since=START + timedelta(days=9), protocol=protocol, now=START) == 0


def test_own_and_hired_officers_the_team_manager_and_the_deputy_are_on_the_list(
    version: ProtocolVersion,
    officer: Officer,
    second: Officer,
    team_manager: Person,
    dpo: Person,
    administrator: Person,
) -> None:
    assert {one.name for one in queries.gaps(version)} == {officer.name, second.name, team_manager.name}
    sign_as_officer(version, officer, AT_DOCK, actor=officer_actor(officer), now=NOW)
    sign_as_person(version, team_manager, AT_DOCK, actor=team_manager.as_actor, now=NOW)
    assert {one.name for one in queries.gaps(version)} == {second.name}
    end_officer(second, until=NOW, actor=SETUP)
    end_officer(officer, until=NOW, actor=SETUP)
    assert queries.gaps(version) == []
    assert officer.name in {one.name for one in queries.lines(version)}, "who signed stays on the list"


def test_a_new_version_begins_a_new_list(version: ProtocolVersion, officer: Officer) -> None:
    sign_as_officer(version, officer, AT_DOCK, actor=officer_actor(officer), now=NOW)
    assert queries.owed_by_officer(officer) is None
    ProtocolVersion.objects.filter(pk=version.pk).update(state="lapsed")
    newer = a_version("2")
    assert queries.owed_by_officer(officer) == newer
    assert len(queries.gaps(newer)) == 1


def test_signing_twice_keeps_the_first(version: ProtocolVersion, officer: Officer) -> None:
    for moment in (NOW, NOW + timedelta(days=1)):
        sign_as_officer(version, officer, AT_DOCK, actor=officer_actor(officer), now=moment)
    assert Acknowledgement.objects.get().signed_at == NOW
    with pytest.raises(IntegrityError):
        Acknowledgement.objects.create(
            version=version, officer=officer, protocol_received_on=TODAY, instruction_received_on=TODAY,
            signed_at=NOW, how="dock",
        )  # fmt: skip


def test_nobody_signs_for_somebody_else(
    version: ProtocolVersion, officer: Officer, second: Officer, team_manager: Person, dpo: Person
) -> None:
    with pytest.raises(Refused):
        sign_as_officer(version, officer, AT_DOCK, actor=officer_actor(second), now=NOW)
    with pytest.raises(Refused):
        sign_as_person(version, team_manager, AT_DOCK, actor=dpo.as_actor, now=NOW)
    paper = Receipt(protocol_received_on=TODAY, instruction_received_on=TODAY, how="paper", scan=PDF)
    with pytest.raises(Refused):
        sign_as_officer(version, officer, paper, actor=officer_actor(officer), now=NOW)
    assert sign_as_officer(version, officer, paper, actor=team_manager.as_actor, now=NOW).scan_type == "application/pdf"


@pytest.mark.parametrize("scan", [b"", b"MZ\x90", b"<svg onload=alert(1)>", b"%PDF-" + bytes(5 * 1024 * 1024)])
def test_a_scan_that_is_none_is_refused(
    version: ProtocolVersion, officer: Officer, team_manager: Person, scan: bytes
) -> None:
    paper = Receipt(protocol_received_on=TODAY, instruction_received_on=TODAY, how="paper", scan=scan)
    with pytest.raises(Refused, match="scan"):
        sign_as_officer(version, officer, paper, actor=team_manager.as_actor, now=NOW)
    assert not Acknowledgement.objects.exists()


def test_a_link_opens_with_its_code_ten_tries_and_once(
    version: ProtocolVersion, officer: Officer, team_manager: Person
) -> None:
    _token, code = make_signing_link(version, officer, actor=team_manager.as_actor, now=NOW)
    link = SigningLink.objects.get()
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(9):
        assert not code_fits(link, wrong, now=NOW)
    assert code_fits(link, code, now=NOW)
    assert not code_fits(link, code, now=NOW + timedelta(days=14))
    assert not code_fits(link, wrong, now=NOW)
    assert not code_fits(link, code, now=NOW), "ten wrong codes end the link"
    assert Entry.objects.filter(act="people.signing_code_wrong").count() == 10
    _again, code = make_signing_link(version, officer, actor=team_manager.as_actor, now=NOW)
    assert code_fits(SigningLink.objects.order_by("-pk")[0], code, now=NOW), "a new link shuts nobody out"


def test_signing_by_link_on_screen(
    client: Client, version: ProtocolVersion, officer: Officer, team_manager: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    token, code = make_signing_link(version, officer, actor=team_manager.as_actor, now=NOW)
    address = f"/tekenen/{token}/"
    assert "Uw code" in client.get(address).content.decode()
    assert "niet goed" in client.post(address, {"code": "12"}).content.decode()
    page = client.post(address, {"code": code}).content.decode()
    assert "Veiligheid." in page
    proven = page.partition('name="proven" value="')[2].partition('"')[0]
    assert client.post(address, TYPED | {"proven": "x" + proven, "understood": "on"}).status_code == 200
    assert not Acknowledgement.objects.exists()
    assert "Vink dit aan" in client.post(address, TYPED | {"proven": proven}).content.decode()
    answer = client.post(address, TYPED | {"proven": proven, "understood": "on"})
    assert "U hebt getekend" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert Acknowledgement.objects.get().how == "link"
    assert "werkt niet meer" in client.get(address).content.decode()
    assert client.get("/tekenen/onbekend/").status_code == 404


def test_the_list_the_link_paper_and_scan_on_screen(
    client: Client, version: ProtocolVersion, officer: Officer, second: Officer, team_manager: Person, dpo: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(clock, "now", lambda: NOW)
    client.force_login(team_manager)
    assert "3 van 3 mensen moeten nog tekenen" in client.get("/loglijst/").content.decode()
    assert "/tekenen/" in client.post("/loglijst/1207/link/").content.decode()
    assert client.get("/loglijst/1208/papier/").status_code == 200
    assert client.post("/loglijst/1208/papier/", TYPED | {"scan": SimpleUploadedFile("s.pdf", PDF)}).status_code == 302
    signature = Acknowledgement.objects.get()
    answer = client.get(f"/loglijst/scan/{signature.pk}/")
    assert answer.content == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert client.get("/loglijst/scan/999/").status_code == 404
    assert client.get("/loglijst/?versie=99").status_code == 404
    assert "Teken voor versie 1" in client.get("/").content.decode()
    assert client.post("/tekenen/", TYPED | {"understood": "on"}).status_code == 302
    assert "Niets te tekenen" in client.get("/tekenen/").content.decode()
    client.force_login(dpo)
    page = client.get("/loglijst/?versie=1").content.decode()
    assert "Link maken" not in page
    assert client.post("/loglijst/1207/link/").status_code == 403
    assert "Eén mens moet nog tekenen" in client.get("/").content.decode()


def test_before_there_is_a_text_nobody_signs_and_nobody_is_asked(
    client: Client, officer: Officer, team_manager: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("beeldkluis.governance.registers.stored", lambda _digest: Protocol("", "1", {}))
    bare = a_version(sections=0)
    assert queries.owed_by_officer(officer) is None
    assert queries.owed_by_person(team_manager) is None
    with pytest.raises(Refused, match="tekst"):
        sign_as_officer(bare, officer, AT_DOCK, actor=officer_actor(officer), now=NOW)
    client.force_login(team_manager)
    assert "nog niet worden getekend" in client.get("/loglijst/").content.decode()


def test_who_has_not_signed_gets_a_camera_with_a_reason_that_stays_in_sight(
    client: Client, version: ProtocolVersion, officer: Officer, bodycam: Bodycam, team_manager: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with pytest.raises(Refused, match="niet getekend"):
        issue(bodycam, officer, at=NOW, actor=team_manager.as_actor, now=NOW)
    client.force_login(team_manager)
    typed = {"officer": officer.pk, "at": "2026-10-02T09:00"}
    assert client.post("/bodycams/BC-0007/uitgeven/", typed).status_code == 403
    assert client.post("/bodycams/BC-0007/uitgeven/", typed | {"because": "invaldienst"}).status_code == 302
    assert "Reden bij de uitgifte: invaldienst" in client.get("/").content.decode()
    assert "invaldienst" in client.get("/bodycams/BC-0007/").content.decode()
    sign_as_officer(version, officer, AT_DOCK, actor=officer_actor(officer), now=NOW)
    assert issued_unsigned() == []
    hand_in(bodycam, at=NOW + timedelta(hours=2), actor=SETUP, now=NOW + timedelta(days=1))
    issue(bodycam, officer, at=NOW + timedelta(hours=3), because="overbodig", actor=SETUP, now=NOW + timedelta(days=1))
    assert IssuePeriod.objects.order_by("-pk")[0].unsigned_because == ""


def test_each_round_everybody_is_reminded_once(
    version: ProtocolVersion, officer: Officer, second: Officer, team_manager: Person
) -> None:
    Officer.objects.filter(pk=officer.pk).update(email="boa@example.nl")
    moment: datetime = START + timedelta(days=8)
    assert tasks.remind_to_sign(START + timedelta(days=6)) == 0
    assert tasks.remind_to_sign(moment) == 2
    assert tasks.remind_to_sign(moment) == 0
    assert {one.body["to"] for one in Outgoing.objects.all()} == {"boa@example.nl", team_manager.email}
    assert all("boa" not in one.about for one in Outgoing.objects.all())
    sign_as_officer(version, officer, AT_DOCK, actor=officer_actor(officer), now=moment)
    assert tasks.remind_to_sign(moment + timedelta(days=7)) == 1


def test_a_day_of_receipt_to_come_is_refused(version: ProtocolVersion, officer: Officer) -> None:
    ahead = Receipt(protocol_received_on=date(2027, 1, 1), instruction_received_on=TODAY, how="dock")
    with pytest.raises(Refused, match="moet nog komen"):
        sign_as_officer(version, officer, ahead, actor=officer_actor(officer), now=NOW)
