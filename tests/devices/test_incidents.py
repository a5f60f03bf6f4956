"""A camera is lost, stolen or damaged: the clock, what is known, decisions, found again, and the years after."""

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from beeldkluis.devices import incident_actions as actions
from beeldkluis.devices import incident_queries as queries
from beeldkluis.devices.models import Bodycam, CameraModel, Dock, IssuePeriod, SecurityIncident
from beeldkluis.findings.models import Finding
from beeldkluis.footage.actions import register
from beeldkluis.governance.registers import base
from beeldkluis.journal import clock
from beeldkluis.journal.actor import Actor, ActorKind
from beeldkluis.journal.models import Detail, Entry
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people.models import Officer, Person
from beeldkluis.protocol import incident as rules
from beeldkluis.protocol.register import Protocol
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Refused
from tests.conftest import SETUP, START
from tests.footage.conftest import a_recording

NOW = START + timedelta(days=5)
LOST = actions.Report(kind="loss", told="Kwijt na de markt.", last_seen_at=NOW - timedelta(hours=3), aware_at=NOW)
FOUR = {"nature": "a", "contact": "b", "consequences": "c", "measures": "d"}


def lost(bodycam: Bodycam, person: Person, **changed: Any) -> SecurityIncident:
    report = actions.Report(**{"kind": "loss", "told": "Kwijt.", "last_seen_at": None, "aware_at": NOW, **changed})
    return actions.report_incident(bodycam, report, actor=person.as_actor, now=NOW)


@pytest.mark.rule("camera.loss-is-incident")
@given(hours=st.integers(0, 200))
def test_after_72_hours_a_notification_says_why_it_is_late(hours: int) -> None:
    protocol = base()
    at = NOW + timedelta(hours=hours)
    told: dict[str, Any] = {"at": at, "aware_at": NOW, "protocol": protocol, "now": at}
    assert rules.may_note_notified(late_because="", **told).allowed == (hours <= 72)
    assert rules.may_note_notified(late_because="druk", **told).allowed
    early = told | {"at": NOW - timedelta(seconds=1)}
    assert not rules.may_note_notified(late_because="druk", **early).allowed


@pytest.mark.rule("camera.loss-is-incident")
@given(
    told=st.fixed_dictionaries({name: st.sampled_from(["", " ", "tekst"]) for name in rules.WANTED}),
    notify=st.sampled_from([None, True, False]), notified=st.booleans(),
    inform=st.sampled_from([None, True, False]), informed=st.booleans(),
)  # fmt: skip
def test_an_incident_is_closed_exactly_when_nothing_lacks(
    told: dict[str, str], notify: bool | None, notified: bool, inform: bool | None, informed: bool
) -> None:
    missing = rules.lacking(told, notify=notify, notified=notified, inform=inform, informed=informed)
    complete = all(one.strip() for one in told.values())
    complete &= (notified or not notify) and (informed or not inform)
    assert rules.may_close(missing).allowed == complete


@pytest.mark.parametrize(
    ("seals", "words"), [(True, "niet bekijken"), (False, "versleutelt niet"), (None, "niet bekend")]
)
def test_the_consequences_follow_from_what_the_model_can(seals: bool | None, words: str) -> None:
    known = rules.Known(
        kind="theft", label="BC-1", model="P", seals=seals, pre_event_seconds=120, last_docked="", dock="",
        officers=2, fingerprints=("abc",),
    )  # fmt: skip
    told = rules.prefilled(known)
    assert words in told["consequences"]
    assert "2 handhavers" in told["nature"]
    assert "abc" in told["measures"]


def test_a_loss_blocks_the_camera_tells_the_officer_for_data_protection_and_keeps_what_is_known(
    issued: IssuePeriod, team_manager: Person, dpo: Person, officer: Officer
) -> None:
    dock = Dock.objects.create(name="Zuidhorn", public_key="k", token_hash="t", enrolled_at=START)
    Bodycam.objects.update(last_docked_at=START + timedelta(hours=5), last_dock=dock)
    CameraModel.objects.update(seals_footage=True)
    made = actions.report_incident(issued.bodycam, LOST, actor=team_manager.as_actor, now=NOW)
    assert Bodycam.objects.get().blocked_at == NOW
    assert made.known["officers"] == [str(officer.pseudonym)]
    assert made.known["dock"] == "Zuidhorn"
    assert list(queries.officers_since(made)) == [officer]
    mail = Outgoing.objects.get()
    assert mail.body["to"] == dpo.email
    assert "BC-0007" not in mail.about
    assert Finding.objects.filter(rule="camera.loss-is-incident").count() == 1
    everything = b"".join(bytes(one.data) for one in Entry.objects.all())
    everything += b"".join(bytes(one.payload) for one in Detail.objects.all())
    assert b"Kwijt na de markt" not in everything, "the words stand with the incident, so that they can be erased"


def test_what_a_lost_camera_delivers_later_is_set_apart(issued: IssuePeriod, team_manager: Person) -> None:
    lost(issued.bodycam, team_manager)
    assert register(a_recording(), actor=SETUP, now=NOW + timedelta(days=1)).state == "quarantined"


def test_damage_blocks_nothing(bodycam: Bodycam, team_manager: Person) -> None:
    made = lost(bodycam, team_manager, kind="damage")
    assert Bodycam.objects.get().blocked_at is None
    assert "Niemand anders heeft de camera" in made.consequences


def test_one_open_incident_for_a_camera(bodycam: Bodycam, team_manager: Person, administrator: Person) -> None:
    lost(bodycam, team_manager)
    with pytest.raises(Refused, match="I-000001"):
        lost(bodycam, administrator)
    assert SecurityIncident.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [{"told": " "}, {"aware_at": NOW + timedelta(hours=1)}, {"last_seen_at": NOW + timedelta(hours=1)}],
)
def test_a_report_that_cannot_be_is_refused_and_blocks_nothing(
    bodycam: Bodycam, team_manager: Person, wrong: dict[str, Any]
) -> None:
    with pytest.raises(Refused):
        lost(bodycam, team_manager, **wrong)
    assert Bodycam.objects.get().blocked_at is None


def test_an_officer_reports_at_the_dock_and_no_officer_goes_further(bodycam: Bodycam, officer: Officer) -> None:
    actor = Actor(ActorKind.OFFICER, str(officer.pseudonym), Role.OFFICER, "Boa 1207")
    made = actions.report_incident(bodycam, LOST, actor=actor, now=NOW)
    with pytest.raises(Refused):
        actions.describe(made, **FOUR, actor=actor)


def finished(made: SecurityIncident, person: Person, **wanted: bool) -> None:
    actor = person.as_actor
    actions.describe(made, **FOUR, actor=actor)
    actions.decide(made, about="notify", answer=wanted.get("notify", False), because="onleesbaar", actor=actor)
    actions.decide(made, about="inform", answer=False, because="onleesbaar", actor=actor)
    actions.add_lessons(made, lessons="koord", actor=actor)


def test_from_report_to_closing_and_what_is_closed_stays_as_it_is(
    bodycam: Bodycam, team_manager: Person, dpo: Person
) -> None:
    made = lost(bodycam, team_manager)
    with pytest.raises(Refused, match="Vul eerst in"):
        actions.close_incident(made, actor=dpo.as_actor, now=NOW)
    finished(made, dpo, notify=True)
    with pytest.raises(Refused, match="de melding zelf"):
        actions.close_incident(made, actor=dpo.as_actor, now=NOW)
    late = NOW + timedelta(hours=80)
    with pytest.raises(Refused, match="na 72 uur"):
        actions.note_notified(made, at=late, late_because="", actor=dpo.as_actor, now=late)
    actions.note_notified(made, at=late, late_because="onduidelijk", actor=dpo.as_actor, now=late)
    actions.close_incident(made, actor=dpo.as_actor, now=late)
    for again in (lambda: actions.add_lessons(made, lessons="x", actor=dpo.as_actor),):
        with pytest.raises(Refused, match="gesloten"):
            again()
    assert queries.open_for(bodycam) is None
    assert list(queries.incidents()) == [made]


def test_a_decision_has_a_reason(bodycam: Bodycam, dpo: Person) -> None:
    made = lost(bodycam, dpo)
    with pytest.raises(Refused, match="waarom"):
        actions.decide(made, about="notify", answer=False, because=" ", actor=dpo.as_actor)
    made.refresh_from_db()
    assert made.notify_authority is None


def test_found_again_stays_blocked_unless_somebody_says_otherwise(
    bodycam: Bodycam, team_manager: Person, dpo: Person
) -> None:
    made = lost(bodycam, team_manager)
    with pytest.raises(Refused):
        actions.note_found(made, at=NOW, how="gevonden", unblock=True, actor=dpo.as_actor, now=NOW)
    actions.note_found(made, at=NOW, how="gevonden", unblock=False, actor=dpo.as_actor, now=NOW)
    assert Bodycam.objects.get().blocked_at is not None
    actions.note_found(made, at=NOW, how="gevonden", unblock=True, actor=team_manager.as_actor, now=NOW)
    assert Bodycam.objects.get().blocked_at is None
    with pytest.raises(Refused):
        actions.note_found(made, at=NOW + timedelta(days=1), how="x", unblock=False, actor=dpo.as_actor, now=NOW)


def test_a_camera_that_comes_back_after_closing_is_written_down_too(
    bodycam: Bodycam, team_manager: Person, protocol: Protocol
) -> None:
    made = lost(bodycam, team_manager)
    finished(made, team_manager)
    actions.close_incident(made, actor=team_manager.as_actor, now=NOW)
    later = NOW + timedelta(days=400)
    actions.note_found(made, at=later, how="in de sloot", unblock=True, actor=team_manager.as_actor, now=later)
    assert Bodycam.objects.get().blocked_at is None
    assert actions.erase_words(rules.words_kept_until(NOW, protocol), actor=SETUP) == 0
    assert actions.erase_words(rules.words_kept_until(later, protocol), actor=SETUP) == 1
    made.refresh_from_db()
    assert (made.found_how, made.told) == ("", "")


def test_the_officer_for_data_protection_is_named_as_the_one_to_reach(
    bodycam: Bodycam, team_manager: Person, dpo: Person
) -> None:
    assert dpo.email in lost(bodycam, team_manager).contact


@pytest.mark.rule("camera.incident-kept")
def test_after_three_years_the_words_go_and_the_incident_stays(
    issued: IssuePeriod, team_manager: Person, protocol: Protocol
) -> None:
    made = lost(issued.bodycam, team_manager)
    finished(made, team_manager)
    actions.close_incident(made, actor=team_manager.as_actor, now=NOW)
    over = rules.words_kept_until(NOW, protocol)
    assert over - NOW == timedelta(days=3 * 365.25)
    assert actions.erase_words(over - timedelta(seconds=1), actor=SETUP) == 0
    assert actions.erase_words(over, actor=SETUP) == 1
    assert actions.erase_words(over, actor=SETUP) == 0
    made.refresh_from_db()
    assert (made.told, made.nature, made.kind, made.notify_authority) == ("", "", "loss", False)
    assert "officers" not in made.known


def test_on_screen(
    client: Client, issued: IssuePeriod, team_manager: Person, administrator: Person, dpo: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    moment: datetime = NOW
    monkeypatch.setattr(clock, "now", lambda: moment)
    client.force_login(administrator)
    typed = {
        "bodycam": issued.bodycam.pk, "kind": "theft", "last_seen_at": "", "aware_at": "2026-10-06T09:00",
        "told": "Uit de bus.",
    }  # fmt: skip
    assert client.get("/incidenten/melden/").status_code == 200
    assert "Uw melding is vastgelegd" in client.post("/incidenten/melden/", typed).content.decode()
    assert client.post("/incidenten/melden/", typed).status_code == 403, "sent twice, it is there once"
    assert client.get("/incidenten/").status_code == 403
    client.force_login(dpo)
    assert "Besluit of incident I-000001 wordt gemeld" in client.get("/").content.decode()
    assert "I-000001" in client.get("/incidenten/").content.decode()
    page = client.get("/incidenten/1/").content.decode()
    assert "Nog 71 uur" in page
    assert client.get("/incidenten/9/").status_code == 404
    assert client.get("/incidenten/1/stap/onzin/").status_code == 404
    at = {"at": "2026-10-06T10:00"}
    for name, told in (
        ("beschrijven", FOUR), ("melden-ap", {"answer": "ja", "because": "leesbaar"}), ("gemeld", at),
        ("inlichten", {"answer": "ja", "because": "leesbaar"}), ("ingelicht", at), ("leren", {"lessons": "koord"}),
        ("terug", at | {"how": "in de bus"}),
    ):  # fmt: skip
        assert client.get(f"/incidenten/1/stap/{name}/").status_code == 200
        assert client.post(f"/incidenten/1/stap/{name}/", told).status_code == 302, name
    assert client.get("/incidenten/1/sluiten/").status_code == 200
    assert client.post("/incidenten/1/sluiten/").status_code == 302
    assert "Gesloten" in client.get("/incidenten/1/").content.decode()
    paper = client.get("/incidenten/1/pdf/")
    words = " ".join(page.extract_text() for page in PdfReader(BytesIO(paper.content)).pages)
    for word in ("I-000001", "Uit de bus.", "koord", "in de bus", "gestolen", str(issued.officer)):
        assert word in " ".join(words.split()), word
    assert client.get("/incidenten/9/pdf/").status_code == 404
    client.force_login(team_manager)
    assert "I-000001" not in client.get("/").content.decode().replace("Incident I-000001:", "")
