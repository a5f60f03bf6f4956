"""Nobody can sign in any more: the server itself helps, with the recovery sheet at once, without it after a week; all hear it."""

import base64
import re
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import CommandError, call_command
from django.test import Client
from tests.conftest import Machine
from tests.web.conftest import add

from beeldkluis.journal import clock
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.models import Detail, Entry
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people.account_actions import carry_out_due, object_to_change
from beeldkluis.people.models import AccountChange, Person, TeamKey
from beeldkluis.protocol.roles import Role
from beeldkluis.sealed import age
from beeldkluis.web import command
from beeldkluis.web.management.commands import access

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
RECOVERY = age.Identity.generate()
WHY = "Alle telefoons weg. Op de server: J. de Boer"


@pytest.fixture
def at(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> datetime:
    moment = datetime.now(UTC)
    monkeypatch.setattr(clock, "now", lambda: moment)
    return moment


@pytest.fixture
def keys(db: None, at: datetime) -> None:
    for kind, public in (("team", "age1x"), ("recovery", str(RECOVERY.recipient))):
        TeamKey.objects.create(kind=kind, public=public, fingerprint=kind.ljust(64, "0"), made_at=at)


def typed(monkeypatch: pytest.MonkeyPatch, *, text: str) -> None:
    monkeypatch.setattr(access, "getpass", lambda _prompt: text)


def restore(email: str, means: str = "sheet") -> str:
    said = StringIO()
    call_command("access", "restore", email, "--because", WHY, "--with", means, stdout=said)
    return said.getvalue()


def come_in(said: str) -> int:
    found = re.search(r"/uitnodiging/([\w-]+)/", said)
    assert found is not None
    browser = Client()
    browser.get(f"/uitnodiging/{found[1]}/")
    chosen = {"password": "een rij hoge bomen", "again": "een rij hoge bomen"}
    return int(browser.post("/uitnodiging/", chosen).status_code)


def test_with_the_recovery_sheet_somebody_comes_in_at_once_and_everybody_hears(
    keys: None, dpo: Person, team_manager: Person, administrator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    TOTP.activate(team_manager, SECRET)
    sheet = str(RECOVERY)
    typed(monkeypatch, text=" ".join(sheet[at : at + 4] for at in range(0, len(sheet), 4)).lower())
    said = restore(team_manager.email.upper())
    assert "Hij werkt nu." in said
    assert come_in(said) == 302
    assert not Authenticator.objects.filter(user=team_manager).exists()
    for person in (dpo, team_manager, administrator):
        mails = Outgoing.objects.filter(body__to=person.email, about="Een wijziging van een account werkt nu")
        assert "op de server zelf. Dit werkt nu, met de herstelsleutel uit de kluis." in mails[0].body["text"]
    leaves = b"".join(bytes(one.data) for one in Entry.objects.all())
    details = b"".join(bytes(one.payload) for one in Detail.objects.all())
    assert b"J. de Boer" in details
    assert sheet.encode() not in leaves + details
    for secret in ("J. de Boer", team_manager.name):
        assert secret.encode() not in leaves


def test_the_sheet_need_not_be_typed_on_the_server(
    keys: None, dpo: Person, team_manager: Person, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    said = StringIO()

    def elsewhere(_prompt: str) -> str:
        question = base64.b64decode(said.getvalue().strip().splitlines()[-1])
        return age.open_bytes(question, [RECOVERY]).decode()

    monkeypatch.setattr(access, "getpass", elsewhere)
    call_command("access", "restore", dpo.email, "--because", WHY, "--with", "answer", stdout=said)
    assert "Hij werkt nu." in said.getvalue()


def test_a_wrong_sheet_opens_nothing_and_everybody_heard_of_the_try(
    keys: None, dpo: Person, team_manager: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    for text in (str(age.Identity.generate()), "iets anders"):
        typed(monkeypatch, text=text)
        with pytest.raises(CommandError, match="niet de herstelsleutel"):
            restore(team_manager.email)
    assert not AccountChange.objects.filter(done_at__isnull=False).exists()
    assert Outgoing.objects.filter(body__to=dpo.email, about__startswith="Een account wacht").count() == 2


def test_without_the_sheet_it_takes_a_week_and_can_be_stopped(
    keys: None, machine: Machine, at: datetime, dpo: Person, team_manager: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    tick, week = Actor.system("tick"), timedelta(days=7)
    said = restore(team_manager.email, "nothing")
    assert "of eerder met de herstelsleutel uit de kluis" in said
    assert come_in(said) == 200
    object_to_change(AccountChange.objects.get(), because="nee", actor=dpo.as_actor, now=at)
    said = restore(team_manager.email, "nothing")
    for hours, answer in ((167, 200), (1, 302)):
        machine.run(timedelta(hours=hours))
        at += timedelta(hours=hours)
        monkeypatch.setattr(clock, "now", lambda moment=at: moment)
        carry_out_due(actor=tick, now=at)
        assert come_in(said) == answer
    assert at - AccountChange.objects.latest("pk").asked_at == week


def test_an_account_that_was_closed_comes_back_and_one_that_never_was_in_use_does_not(
    keys: None, dpo: Person, administrator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = add(Role.TEAM_MANAGER)
    Person.objects.filter(pk=other.pk).update(is_active=False)
    typed(monkeypatch, text=str(RECOVERY))
    assert come_in(restore(other.email)) == 302
    fresh = Person.objects.create(
        email="n@example.nl", name="N", role="deputy", added_at=dpo.added_at, is_active=False, password="!"
    )
    with pytest.raises(CommandError, match="nooit in gebruik"):
        restore(fresh.email)
    with pytest.raises(CommandError, match="niemand met dit e-mailadres"):
        restore("bestaat@example.nl")


@pytest.mark.parametrize("name", ["changepassword", "createsuperuser"])
def test_djangos_own_ways_to_give_access_are_closed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["beeldkluis", name, "iemand@example.nl"])
    with pytest.raises(SystemExit, match="access restore"):
        command.main()
