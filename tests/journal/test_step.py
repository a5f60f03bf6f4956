import json
from dataclasses import dataclass
from typing import ClassVar

import pytest

from beeldkluis.journal.actions import About, NoEntryError, record_refusal, serialised, step
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.events import Event, personal
from beeldkluis.journal.models import Detail, Entry, Head
from beeldkluis.protocol.verdict import Refused, Verdict, require

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, kw_only=True)
class Tried(Event):
    act: ClassVar[str] = "tests.tried"
    sentence: ClassVar[str] = "{who} probeerde {what}"
    what: str
    who: str = personal()


def test_a_step_writes_its_entry_and_keeps_names_out_of_the_leaf() -> None:
    with step("tests.try", actor=Actor.system("tests")) as record:
        entry = record(Tried(what="iets", who="A. Naam"))
    assert b"Naam" not in Entry.objects.get(pk=entry.pk).data
    assert b"Naam" in Detail.objects.get(pk=entry.pk).payload


def test_a_step_without_an_entry_is_not_committed() -> None:
    with pytest.raises(NoEntryError), step("tests.silent", actor=Actor.system("tests")):
        Head.objects.filter(pk=1).update(size=7)
    assert Head.objects.get(pk=1).size == 0


def test_a_refusal_leaves_only_its_own_entry() -> None:
    with pytest.raises(Refused), step("tests.no", actor=Actor.system("tests")) as record:
        record(Tried(what="iets", who="A. Naam"))
        require(Verdict(allowed=False, rule="access.case-required", reason="Er is geen zaak."))
    assert [entry.act for entry in Entry.objects.all()] == ["journal.step_refused"]


NO = Verdict(allowed=False, rule="access.case-required", reason="Er is geen zaak.")


def refused_in_a_turn() -> Refused:
    with pytest.raises(Refused) as caught, serialised(), serialised():
        with step("tests.yes", actor=Actor.system("tests")) as record:
            record(Tried(what="eerst", who="A. Naam"))
        with step("tests.no", actor=Actor.system("tests"), about=About(case="2026-0001")):
            require(NO)
    return caught.value


@pytest.mark.rule("journal.every-act")
def test_a_refusal_within_a_turn_stays_in_the_journal_when_the_turn_is_rolled_back() -> None:
    refusal = refused_in_a_turn()
    (entry,) = Entry.objects.all()
    facts = json.loads(bytes(entry.data))["facts"]
    assert (entry.act, entry.case, facts["step"]) == ("journal.step_refused", "2026-0001", "tests.no")
    record_refusal("web.page", refusal, actor=Actor.system("tests"))
    assert Entry.objects.count() == 1, "once"


def test_a_turn_that_goes_on_after_a_refusal_keeps_both() -> None:
    with serialised():
        with pytest.raises(Refused), step("tests.no", actor=Actor.system("tests")):
            require(NO)
        with step("tests.yes", actor=Actor.system("tests")) as record:
            record(Tried(what="daarna", who="A. Naam"))
    assert {entry.act for entry in Entry.objects.all()} == {"journal.step_refused", "tests.tried"}


def test_what_is_refused_in_a_turn_outside_a_step_is_written_by_whoever_hears_of_it() -> None:
    with pytest.raises(Refused) as caught, serialised():
        require(NO)
    assert not Entry.objects.exists()
    record_refusal("web.page", caught.value, actor=Actor.system("tests"))
    assert Entry.objects.get().act == "journal.step_refused"


def test_a_turn_within_a_step_leaves_the_refusal_to_the_step() -> None:
    nobody = Actor.system("tests")
    with pytest.raises(Refused), step("tests.outer", actor=nobody), serialised(), step("tests.inner", actor=nobody):
        require(NO)
    (entry,) = Entry.objects.all()
    assert json.loads(bytes(entry.data))["facts"]["step"] == "tests.outer"
