"""What pages of the journal, its exports and its questions say, to the hash and to the word."""

import base64
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from tests.journal.attacks import _remove, build, without_triggers
from tests.journal.conftest import NOW
from tests.journal.test_moments import Asking, asked
from tests.lines import lines

from beeldkluis.journal import actions, anchor, examination, nightly, queries
from beeldkluis.journal.export import export
from beeldkluis.journal.models import Checkpoint, Node
from beeldkluis.journal.moments import ask_of_its_own, last_night_twice
from beeldkluis.journal.remembered import remembered
from beeldkluis.journal.verify import NotTrueError, verify
from beeldkluis.people.models import Person
from beeldkluis.protocol.roles import Role
from beeldkluis.sealed.merkle import check_inclusion, leaf_hash
from beeldkluis.sealed.note import Signer
from beeldkluis.web import journal_watch

Write = Callable[[int], None]


def facts(page: str, title: str) -> list[str]:
    """The codes that stand behind this title."""
    return re.findall(r"<code>([^<]+)</code>", page.partition(title)[2].partition("</dd>")[0])


def test_the_page_of_an_entry_gives_all_that_proves_it(
    client: Client, write: Write, key: Signer, people: dict[Role, Person]
) -> None:
    write(9)
    client.force_login(people[Role.DPO])
    page = client.get("/logboek/4/").content.decode()
    (leaf,), (root,) = facts(page, "Hash van deze regel"), facts(page, "Wortel van het hele logboek")
    path = facts(page, "Pad van regel naar wortel")
    hashed, proof = base64.b64decode(leaf), [base64.b64decode(one) for one in path]
    assert hashed == leaf_hash(bytes(queries.entry(4).data))  # type: ignore[union-attr] # it is there
    sizes = range(9, queries.size() + 1)  # looking is written down too
    assert any(base64.b64decode(root) == queries.root(size) for size in sizes)
    size = next(one for one in sizes if base64.b64decode(root) == queries.root(one))
    check_inclusion(hashed, 4, size, proof, base64.b64decode(root))


def test_everybody_gets_the_newest_checkpoint(client: Client, write: Write, key: Signer) -> None:
    notes = []
    for count in (2, 3):
        write(count)
        made = actions.make_checkpoint(now=NOW)
        assert made is not None
        notes.append(made.note)
    assert notes[0] != notes[1]
    assert client.get("/logboek/controlepunt/").content.decode() == notes[1]


def test_an_export_fits_its_own_checkpoint_and_none_with_more_entries(
    write: Write, key: Signer, tmp_path: Path
) -> None:
    write(5)
    made = actions.make_checkpoint(now=NOW)
    write(1)
    later = actions.make_checkpoint(now=NOW)
    assert made is not None
    assert later is not None
    with remembered() as memory:
        export(tmp_path / "export", made, memory, details=True)
    assert verify(tmp_path / "export", key.vkey, [made.note]).kept == (made.size,)
    with pytest.raises(NotTrueError, match=f"telt {later.size} regels en dit logboek {made.size}"):
        verify(tmp_path / "export", key.vkey, [later.note])
    assert Checkpoint.objects.count() == 2


@pytest.mark.parametrize(
    ("done", "now", "begins"),
    [
        ("2026-11-22T12:00", "2026-11-23T01:30", True),  # half past two at night, where the municipality is
        ("2026-11-22T12:00", "2026-11-23T00:30", False),  # before the night begins
        ("2026-11-22T12:00", "2026-11-23T05:30", False),  # after it
        ("2026-11-23T01:10", "2026-11-23T03:30", False),  # done this night
        ("2026-11-22T12:00", "2026-11-23T17:00", False),  # 29 hours ago
        ("2026-11-22T12:00", "2026-11-23T19:00", True),  # 31: the server was off at night
        ("2026-11-24T12:00", "2026-11-23T12:00", True),  # in a time to come
    ],
)
def test_a_look_begins_each_night_or_once_the_night_was_missed(
    key: Signer, db: None, done: str, now: str, begins: bool
) -> None:
    with remembered() as memory:
        memory.keep_fact(nightly.DONE, {"at": f"{done}:00+00:00", "size": 1, "faults": 0})
        assert nightly._begins(memory, datetime.fromisoformat(now).replace(tzinfo=UTC)) is begins


def test_the_journal_says_how_many_entries_went_to_how_many_people(
    write: Write, key: Signer, people: dict[Role, Person]
) -> None:
    Person.objects.create(email="fg2@example.nl", name="FG 2", role=Role.DPO.value, added_at=NOW)
    write(7)
    journal_watch.send_out(NOW)
    size = Checkpoint.objects.get().size
    said = f"Controlepunt over {size} regels gemaild aan 2 functionarissen gegevensbescherming"
    assert lines("journal.checkpoint_told") == [said]


def test_the_question_names_summer_and_winter_time_and_both_days_of_the_night() -> None:
    page = asked("2026-10-25T02:30", "2026-10-25T03:00").as_p()
    choices = dict(re.findall(r'<option value="([12])"[^>]*>\s*([^<]+?)\s*</option>', page))
    assert choices == {"1": "de eerste keer (zomertijd)", "2": "de tweede keer (wintertijd)"}
    now = datetime(2026, 10, 26, 9, tzinfo=UTC)
    assert last_night_twice(now + timedelta(weeks=5)) == last_night_twice(now)
    form = Asking()
    ask_of_its_own(form, now)
    assert "in de nacht van 24 oktober op 25 oktober 2026, tussen 2 en 3 uur" in form.as_p()


def test_who_may_not_read_details_reads_the_role_and_no_name(
    client: Client, write: Write, key: Signer, people: dict[Role, Person]
) -> None:
    write(1)
    assert json.loads(bytes(queries.entry(0).data))["act"] == "devices.finding_raised"  # type: ignore[union-attr] # it is there
    client.force_login(people[Role.ADMINISTRATOR])
    assert "Proefpersoon Een" not in client.get("/logboek/0/").content.decode()
    client.force_login(people[Role.TEAM_MANAGER])
    assert "Proefpersoon Een" in client.get("/logboek/0/").content.decode()


def test_a_part_of_the_tree_and_a_checkpoint_are_named_by_their_entries(db: None, key: Signer) -> None:
    build(20)
    gone = Checkpoint.objects.order_by("size").first()
    assert gone is not None
    size = gone.size
    with without_triggers():
        Node.objects.filter(level=2, index=1).update(hash=bytes(32))
        _remove(Checkpoint, size=size)
    with remembered() as memory:
        found = [one.sentence for one in examination.whole(memory, last=anchor.last()).faults]
    assert "De boom boven regels 4 tot en met 7 is veranderd." in found
    assert f"Het controlepunt over {size} regels is uit de database verdwenen." in found
