from dataclasses import dataclass
from typing import ClassVar

import pytest

from beeldkluis.journal.actions import NoEntryError, step
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
