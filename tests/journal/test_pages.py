"""What the pages of the journal say comes from the leaf, and what somebody changed beside it is said in words."""

import json
from collections.abc import Callable
from random import Random
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.journal import attacks
from tests.journal.attacks import build, without_triggers
from tests.journal.conftest import NOW

from beeldkluis.journal import actions, anchor, queries, remembered
from beeldkluis.journal.models import Checkpoint, Detail, Entry
from beeldkluis.people.models import Person
from beeldkluis.protocol.roles import Role
from beeldkluis.sealed.note import Signer

Write = Callable[[int], None]
CHANGED = "Deze regel is veranderd nadat hij is geschreven"


@pytest.fixture
def page(client: Client, key: Signer, people: dict[Role, Person]) -> Callable[[str], str]:
    """The words of a page, for the data protection officer."""
    client.force_login(people[Role.DPO])
    return lambda address: client.get(address).content.decode()


def noted() -> list[str]:
    with remembered.remembered() as memory:
        return [sentence for _number, sentence in memory.noted_faults(100)]


def test_columns_that_were_changed_decide_nothing_and_are_said(page: Callable[[str], str]) -> None:
    """Database rights: another act beside the leaf, and a case emptied, so that its page would be empty."""
    build(50)
    before = page("/logboek/?zaak=2026-0001").count("Er is iets gebeurd")
    assert before == 25
    number = Entry.objects.filter(case="2026-0001")[7].pk
    with without_triggers():
        Entry.objects.filter(case="2026-0001").update(case="")
        Entry.objects.filter(pk=number).update(act="web.signed_out", recording=None, time=attacks.NOW)
    one = page(f"/logboek/{number}/")
    assert "Er is iets gebeurd" in one
    assert CHANGED in one
    for words in ("de zaak naast de tekst", "de handeling naast de tekst", "de opname naast de tekst"):
        assert f"Regel {number}: {words} is veranderd nadat hij is geschreven." in one
    listed = page("/logboek/?zaak=2026-0001")
    assert listed.count("Er is iets gebeurd") == before, "no line of the case is missing"
    assert listed.count(f"<strong>{CHANGED}.</strong>") == before
    assert f"Regel {number}: de zaak naast de tekst is veranderd nadat hij is geschreven." in noted()


def test_a_recording_keeps_its_story(key: Signer, db: None) -> None:
    build(50)
    whole = [one.number for one in queries.story(UUID(int=1), details=True)]
    with without_triggers():
        Entry.objects.filter(recording=UUID(int=1)).update(recording=None)
    again = queries.story(UUID(int=1), details=True)
    assert [one.number for one in again] == whole
    assert all("de opname naast de tekst" in " ".join(one.wrong) for one in again)


@pytest.mark.parametrize("kind", ["leaf", "leaf and its hash", "leaf, every hash and the checkpoints"])
def test_a_text_that_was_changed_is_said_however_much_was_recomputed(page: Callable[[str], str], kind: str) -> None:
    build(50)
    page("/logboek/")  # by now the server remembers them
    with without_triggers():
        said = attacks.ATTACKS[kind](Random(3))
    number = int(said.split()[1].rstrip(":"))
    one = page(f"/logboek/{number}/")
    assert said in one
    assert CHANGED in one
    assert said in noted()[0]


def test_an_entry_that_is_gone_is_a_line_that_says_so(page: Callable[[str], str]) -> None:
    build(50)
    page("/logboek/")
    with without_triggers():
        attacks._remove(Detail, entry=20)
        attacks._remove(Entry, number=20)
    assert "Regel 20 ontbreekt." in page("/logboek/?pagina=1")
    assert "Regel 20 ontbreekt." in page("/logboek/20/")
    assert "Regel 20 ontbreekt." in page("/logboek/?zaak=2026-0002") + page("/logboek/?zaak=2026-0001")


def test_details_that_are_others_are_not_shown_and_missing_ones_are_named(page: Callable[[str], str]) -> None:
    build(50)
    told = Detail.objects.filter(entry__gte=9).order_by("entry")
    changed, gone, erased = told[0].pk, told[1].pk, 3
    with without_triggers():
        payload = json.dumps({"actor": "Verzonnen Naam", "who": "Verzonnen"}).encode()
        Detail.objects.filter(pk=changed).update(payload=payload)
        attacks._remove(Detail, entry=gone)
    page("/logboek/")
    one = page(f"/logboek/{changed}/")
    assert "Verzonnen" not in one
    assert f"De bijzonderheden van regel {changed} zijn veranderd." in one
    assert f"De bijzonderheden van regel {gone} zijn weg, en geen regel zegt dat ze zijn gewist." in page(
        f"/logboek/{gone}/"
    )
    honest = page(f"/logboek/{erased}/")
    assert "(gewist)" in honest
    assert CHANGED not in honest


def test_the_proof_on_the_page_is_held_against_what_was_signed(page: Callable[[str], str]) -> None:
    build(50)
    with without_triggers():
        attacks.ATTACKS["swapped"](Random(1))
        attacks._remove(Checkpoint)
    one = page("/logboek/2/")
    assert "Deze regel is niet te bewijzen" in one
    assert "Het verleden is herschreven" in one


def test_the_work_for_a_page_does_not_grow_with_the_journal(
    client: Client, key: Signer, people: dict[Role, Person]
) -> None:
    client.force_login(people[Role.DPO])
    counts = []
    for count in (150, 600):
        build(count)
        for address in ("/logboek/", "/logboek/?zaak=2026-0001", "/logboek/120/"):
            client.get(address)
        counts.append([])
        for address in ("/logboek/", "/logboek/?zaak=2026-0001", "/logboek/120/"):
            with CaptureQueriesContext(connection) as captured:
                client.get(address)
            counts[-1].append(len(captured))
    (few, few_of_case, few_of_one), (many, many_of_case, many_of_one) = counts
    assert (many, many_of_case) == (few, few_of_case)
    assert many_of_one <= few_of_one + 10, "two nodes and some for each time that the journal doubles"


def test_what_is_remembered_is_made_anew_when_it_is_gone(page: Callable[[str], str]) -> None:
    build(50)
    page("/logboek/")
    remembered.path().unlink()
    assert page("/logboek/?zaak=2026-0001").count("Er is iets gebeurd") == 25
    assert remembered.path().stat().st_mode & 0o777 == 0o600


def test_a_file_that_cannot_be_used_is_said_and_hides_nothing(page: Callable[[str], str]) -> None:
    build(50)
    remembered.path().write_bytes(b"no database" * 500)
    listed = page("/logboek/?zaak=2026-0001")
    assert "Deze lijst is niet nagelopen" in listed
    assert listed.count("Er is iets gebeurd") == 25


def test_every_checkpoint_is_for_everybody(client: Client, write: Write, key: Signer) -> None:
    write(2)
    first = actions.make_checkpoint(now=NOW)
    write(2)
    actions.make_checkpoint(now=NOW)
    assert first is not None
    answer = client.get(f"/logboek/controlepunt/{first.size}/")
    assert answer.content.decode() == first.note
    assert anchor.signed(answer.content.decode(), first.size, bytes(first.root))
    assert client.get("/logboek/controlepunt/999/").status_code == 404
