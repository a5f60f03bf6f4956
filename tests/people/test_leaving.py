"""Of who left, address and code go soon, the name with the term of the journal; what happened stays under the pseudonym."""

from datetime import timedelta

import pytest

from beeldkluis.governance.models import ProtocolVersion
from beeldkluis.journal import clock
from beeldkluis.journal.actions import step
from beeldkluis.journal.actor import Actor, ActorKind
from beeldkluis.journal.models import Detail, Entry
from beeldkluis.people.actions import end_officer, set_address
from beeldkluis.people.leaving_actions import erase_who_left
from beeldkluis.people.leaving_events import NameErased
from beeldkluis.people.models import AccountChange, Acknowledgement, FormerAddress, Officer, OfficerNotice, Person
from beeldkluis.protocol.personal import ERASER, later
from beeldkluis.protocol.roles import Role
from beeldkluis.viewing import erasing_tasks
from beeldkluis.viewing.erasing_tasks import erase_what_is_over
from beeldkluis.web.events import SignInFailed
from tests.conftest import SETUP, START
from tests.people.test_acknowledgements import version

__all__ = ["version"]  # a fixture

ACTOR = Actor.system(ERASER)
LEFT = START + timedelta(days=10)


@pytest.fixture
def left(officer: Officer) -> Officer:
    for address in ("wiersma@example.nl", "s.wiersma@example.nl"):
        set_address(officer, email=address, actor=SETUP, now=START)
    end_officer(officer, until=LEFT, actor=SETUP)
    Officer.objects.filter(pk=officer.pk).update(code_hash="x")
    officer.refresh_from_db()
    return officer


@pytest.mark.rule("personal.left")
def test_address_and_code_of_an_officer_go_and_then_the_name(left: Officer) -> None:
    assert erase_who_left(actor=ACTOR, now=LEFT + timedelta(days=91)) == 0
    assert erase_who_left(actor=ACTOR, now=LEFT + timedelta(days=92)) == 1
    left.refresh_from_db()
    assert (left.email, left.code_hash, left.name) == ("", "", "S. Wiersma")
    assert not FormerAddress.objects.exists()
    assert not OfficerNotice.objects.exclude(text="").exists()
    assert erase_who_left(actor=ACTOR, now=LEFT + timedelta(days=93)) == 0
    over = later(LEFT, 7)
    assert erase_who_left(actor=ACTOR, now=over - timedelta(hours=1)) == 0
    assert erase_who_left(actor=ACTOR, now=over) == 1
    left.refresh_from_db()
    assert (left.name, left.number, str(left)) == ("", "1207", "Boa 1207")
    told = Entry.objects.filter(act__in=["people.reach_erased", "people.name_erased"])
    assert [one.act for one in told.order_by("number")] == ["people.reach_erased", "people.name_erased"]
    assert all(str(left.pseudonym).encode() in bytes(one.data) for one in told)


def test_who_serves_keeps_everything(officer: Officer) -> None:
    set_address(officer, email="wiersma@example.nl", actor=SETUP, now=START)
    assert erase_who_left(actor=ACTOR, now=later(START, 30)) == 0


def test_the_signature_on_paper_goes_with_the_name(left: Officer, version: ProtocolVersion) -> None:
    Acknowledgement.objects.create(
        version=version, officer=left, protocol_received_on=START.date(), instruction_received_on=START.date(),
        signed_at=START, how="paper", scan=b"%PDF-1.4", scan_type="application/pdf",
    )  # fmt: skip
    erase_who_left(actor=ACTOR, now=later(LEFT, 7))
    assert Acknowledgement.objects.get().scan is None


def test_a_closed_account_is_nobodys_address_and_later_nobodys_name(administrator: Person) -> None:
    Person.objects.filter(pk=administrator.pk).update(is_active=False)
    AccountChange.objects.create(
        kind="close", person=administrator, asked_at=START, works_from=START, ran_at=0, expires_at=START, done_at=LEFT
    )
    assert erase_who_left(actor=ACTOR, now=LEFT + timedelta(days=91)) == 0
    assert erase_who_left(actor=ACTOR, now=LEFT + timedelta(days=92)) == 1
    administrator.refresh_from_db()
    assert administrator.email == f"{administrator.pseudonym}@gewist.invalid"
    assert administrator.name == "De beheerder"
    assert erase_who_left(actor=ACTOR, now=later(LEFT, 7)) == 1
    administrator.refresh_from_db()
    assert administrator.name == "Oud-medewerker"


def test_an_account_that_works_is_left_alone(administrator: Person) -> None:
    AccountChange.objects.create(
        kind="close", person=administrator, asked_at=START, works_from=START, ran_at=0, expires_at=START, done_at=LEFT
    )
    assert erase_who_left(actor=ACTOR, now=later(LEFT, 30)) == 0


@pytest.mark.rule("personal.attempts")
def test_what_a_stranger_typed_goes_soon(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: START)
    with step("web.try", actor=Actor.system("visitor")) as record:
        tried = record(SignInFailed(typed="wachtwoord123"))
    monkeypatch.setattr(clock, "now", lambda: START + timedelta(days=60))
    assert erase_what_is_over(START + timedelta(days=59)).entries == 0
    assert Detail.objects.filter(entry=tried).exists()
    monkeypatch.setattr(clock, "now", lambda: START + timedelta(days=92))
    assert erase_what_is_over(START + timedelta(days=92, hours=1)).entries == 1
    assert not Detail.objects.filter(entry=tried).exists()


@pytest.mark.slow
@pytest.mark.rule("personal.oversight")
def test_names_beside_old_lines_go_in_parts_and_the_lines_stay(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    somebody = Actor(ActorKind.PERSON, "7d0a1b4e-0000-4000-8000-000000000001", Role.DPO, "Proefpersoon Een")
    monkeypatch.setattr(clock, "now", lambda: START)
    with step("people.write", actor=somebody) as record:
        old = [record(NameErased(whose=str(number))).pk for number in range(5)]
    over = later(START, 7)
    monkeypatch.setattr(clock, "now", lambda: over)
    with step("people.write", actor=somebody) as record:
        fresh = record(NameErased(whose="new"))
    monkeypatch.setattr(erasing_tasks, "DETAILS_AT_ONCE", 3)
    gone = []
    for hours in range(1, 6):
        erase_what_is_over(over + timedelta(days=1, hours=hours))
        gone.append(Detail.objects.filter(entry__in=old).count())
    assert gone[-1] == 0
    assert gone == sorted(gone, reverse=True)
    assert Detail.objects.filter(entry=fresh).exists()
    assert Entry.objects.filter(pk__in=old).count() == 5
