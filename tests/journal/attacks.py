"""What somebody with every right in the database can do to a journal: take the triggers away, change, and put them back.

Each attack changes the database and answers what must be said of it: a part of the sentence, with the number in it.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import ClassVar
from uuid import UUID

from django.db import connection

from beeldkluis.journal import actions
from beeldkluis.journal.actions import About, step
from beeldkluis.journal.actor import Actor, ActorKind
from beeldkluis.journal.events import Event, canonical, detail_hash, personal
from beeldkluis.journal.models import Checkpoint, Detail, Entry, Head, Node
from beeldkluis.protocol.roles import Role
from beeldkluis.sealed.merkle import Growing, leaf_hash

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SOMEBODY = Actor(ActorKind.PERSON, "7d0a1b4e-0000-4000-8000-000000000001", Role.DPO, "Proefpersoon Een")
CASES = ("2026-0001", "2026-0002")


@dataclass(frozen=True, kw_only=True)
class Told(Event):
    """Something happened with a recording in a case."""

    act: ClassVar[str] = "tests.told"
    sentence: ClassVar[str] = "Er is iets gebeurd: {what}, {who}"

    what: int
    who: str = personal()


@dataclass(frozen=True, kw_only=True)
class Counted(Event):
    """Something without a person in it."""

    act: ClassVar[str] = "tests.counted"
    sentence: ClassVar[str] = "Geteld: {what}"

    what: int


def build(count: int) -> None:
    """A journal of `count` entries and some more, in parts, with a checkpoint after each part and some erased details."""
    for part in range(5):
        for case in CASES:
            with step("tests.build", actor=SOMEBODY, about=About(case=case)) as record:
                for number in range(count // 10):
                    record(Told(what=number, who=f"Proefpersoon {number}", recording=UUID(int=number % 7 + 1)))
        with step("tests.count", actor=Actor(ActorKind.SYSTEM, "tests")) as record:
            record(Counted(what=part))
        if part == 2:
            actions.erase_details(list(range(3, 9)), actor=Actor.system("terms"))
        actions.make_checkpoint(now=NOW + timedelta(hours=part))


@contextmanager
def without_triggers() -> Iterator[None]:
    """Take the database's refusals away, and put them back exactly as they were."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'journal%'")
            made = list(cursor.fetchall())
            for name, _sql in made:
                cursor.execute(f"DROP TRIGGER {name}")
            yield
            for _name, sql in made:
                cursor.execute(sql)
            return
        tables = ("journal_entry", "journal_node", "journal_checkpoint", "journal_detail", "journal_head")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _remove(table: type[Entry | Detail | Node | Checkpoint], **which: object) -> None:
    table.objects.filter(**which)._raw_delete("default")


def _leaves() -> list[bytes]:
    return [bytes(one) for one in Entry.objects.order_by("number").values_list("data", flat=True)]


def _grow_anew(start: int) -> None:
    """Recompute every hash and node from entry `start` on."""
    leaves = _leaves()
    _remove(Node)
    tree, nodes = Growing(), []
    for number, data in enumerate(leaves):
        if number >= start:
            Entry.objects.filter(pk=number).update(leaf_hash=leaf_hash(data))
        nodes += [Node(level=level, index=index, hash=one) for level, index, one in tree.add(leaf_hash(data))]
    Node.objects.bulk_create(nodes)


def _other(data: bytes, **values: object) -> bytes:
    return canonical(json.loads(data) | values)


def _pick(random: Random) -> int:
    return random.randrange(9, Head.objects.get().size)


def _changed(random: Random) -> tuple[int, bytes]:
    """An entry and another leaf for it, which says that somebody else did it."""
    number = _pick(random)
    data = bytes(Entry.objects.get(pk=number).data)
    actor = json.loads(data)["actor"] | {"id": f"iemand-{random.random()}"}
    return number, _other(data, actor=actor)


def _column(name: str, make: Callable[[Random], object], words: str) -> Callable[[Random], str]:
    def attack(random: Random) -> str:
        found = Entry.objects.filter(act="tests.told", number__gte=9)
        number = random.choice(list(found.values_list("number", flat=True)))
        Entry.objects.filter(pk=number).update(**{name: make(random)})
        return f"Regel {number}: {words} naast de tekst"

    return attack


def leaf_alone(random: Random) -> str:
    number, data = _changed(random)
    Entry.objects.filter(pk=number).update(data=data)
    return f"Regel {number}: de tekst is veranderd"


def leaf_and_hash(random: Random) -> str:
    number, data = _changed(random)
    Entry.objects.filter(pk=number).update(data=data, leaf_hash=leaf_hash(data))
    return f"Regel {number}: de tekst is veranderd"


def leaf_and_all_hashes(random: Random) -> str:
    number, data = _changed(random)
    Entry.objects.filter(pk=number).update(data=data)
    _grow_anew(number)
    return f"Regel {number}: de tekst is veranderd"


def leaf_and_all_hashes_and_checkpoints(random: Random) -> str:
    said = leaf_and_all_hashes(random)
    number = int(said.split()[1].rstrip(":"))
    _remove(Checkpoint, size__gt=number)
    return said


def cut_at_the_end(random: Random) -> str:
    size = Head.objects.get().size
    left = size - random.randint(1, 20)
    _remove(Detail, entry__gte=left)
    _remove(Entry, number__gte=left)
    _remove(Checkpoint, size__gt=left)
    Head.objects.update(size=left)
    _grow_anew(left)
    return f"De kluis weet van {size} regels; het einde daarvan is weggehaald"


def out_of_the_middle(random: Random) -> str:
    size, number = Head.objects.get().size, _pick(random)
    _remove(Detail, entry=number)
    _remove(Entry, number=number)
    for later in range(number + 1, size):
        _renumber(later, later - 1)
    _remove(Checkpoint, size__gt=number)
    Head.objects.update(size=size - 1)
    _grow_anew(0)
    return f"Regel {number}" if number < size - 1 else f"De kluis weet van {size} regels; het einde"


def _renumber(old: int, new: int) -> None:
    entry, detail = Entry.objects.get(pk=old), Detail.objects.filter(pk=old).first()
    _remove(Detail, entry=old)
    _remove(Entry, number=old)
    entry.number, entry.data = new, _other(bytes(entry.data), n=new)
    entry.save(force_insert=True)
    if detail is not None:
        detail.entry = entry
        detail.save(force_insert=True)


def swapped(random: Random) -> str:
    one = random.randrange(9, Head.objects.get().size - 1)
    first, second = Entry.objects.get(pk=one), Entry.objects.get(pk=one + 1)
    Entry.objects.filter(pk=one).update(data=second.data, leaf_hash=second.leaf_hash)
    Entry.objects.filter(pk=one + 1).update(data=first.data, leaf_hash=first.leaf_hash)
    _grow_anew(0)
    return f"Regel {one}"


def _detailed(random: Random) -> Detail:
    return random.choice(list(Detail.objects.filter(entry__gte=9)))


def detail_changed(random: Random) -> str:
    one = _detailed(random)
    payload = json.loads(bytes(one.payload)) | {"actor": "Iemand Anders"}
    Detail.objects.filter(pk=one.pk).update(payload=canonical(payload))
    return f"De bijzonderheden van regel {one.pk} zijn veranderd"


def detail_removed(random: Random) -> str:
    one = _detailed(random)
    _remove(Detail, entry=one.pk)
    return f"De bijzonderheden van regel {one.pk} zijn weg"


def all_details_removed(_random: Random) -> str:
    first = Detail.objects.order_by("entry")[0].pk
    _remove(Detail)
    return f"De bijzonderheden van regel {first} zijn weg"


def detail_added(random: Random) -> str:
    without = set(range(3, 9)) | {
        number for number, data in enumerate(_leaves()) if json.loads(data)["details"] is None
    }
    number = random.choice(sorted(without))
    Detail.objects.create(entry_id=number, salt=bytes(32), payload=b"{}")
    return (
        f"ijzonderheden van regel {number} waren gewist" if number < 9 else f"Bij regel {number} staan bijzonderheden"
    )


def node_changed(random: Random) -> str:
    one = random.choice(list(Node.objects.all()))
    Node.objects.filter(pk=one.pk).update(hash=random.randbytes(32))
    first = one.index << one.level
    over = f"regel {first}" if one.level == 0 else f"regels {first} tot en met {first + (1 << one.level) - 1}"
    return f"De boom boven {over} is veranderd"


def node_removed_or_added(random: Random) -> str:
    one = random.choice(list(Node.objects.filter(level__gt=0)))
    first = one.index << one.level
    if random.random() < 0.5:
        _remove(Node, pk=one.pk)
        return f"De boom mist het deel boven regels {first} tot"
    index = (Head.objects.get().size >> one.level) + random.randint(0, 5)
    Node.objects.create(level=one.level, index=index, hash=bytes(32))
    return f"De boom gaat verder (niveau {one.level}, plaats {index})"


def checkpoint_changed(random: Random) -> str:
    one = random.choice(list(Checkpoint.objects.all()))
    value = random.choice(({"root": random.randbytes(32)}, {"note": one.note.replace("\n\n", "x\n\n")}))
    Checkpoint.objects.filter(pk=one.pk).update(**value)
    return f"Het controlepunt over {one.pk} regels is veranderd"


def checkpoint_removed(random: Random) -> str:
    one = random.choice(list(Checkpoint.objects.all()))
    _remove(Checkpoint, pk=one.pk)
    return f"Het controlepunt over {one.pk} regels is uit de database verdwenen"


def head_changed(random: Random) -> str:
    size = Head.objects.get().size
    other = size + random.choice((-1, 1)) * random.randint(1, size // 2)
    Head.objects.update(size=other)
    return (
        f"Het logboek zegt {other} regels te hebben" if other > size else f"Er is regel {size - 1}, voorbij het einde"
    )


def trigger_dropped(random: Random) -> str:
    """Not put back, or put back without teeth."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'journal%'"
            )
        else:
            cursor.execute(
                "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
                "WHERE NOT t.tgisinternal AND c.relname LIKE 'journal%'"
            )
        name, table = random.choice(sorted(cursor.fetchall()))
        if connection.vendor != "sqlite":
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
            return f"De grendel {name} in de database is veranderd"
        cursor.execute(f"DROP TRIGGER {name}")
        if random.random() < 0.5:
            return f"De grendel {name} in de database is weg"
        cursor.execute(f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} BEGIN SELECT 1; END")
        return f"De grendel {name} in de database is veranderd"


def entry_put_in(random: Random) -> str:
    """A line that was never written, in the middle, and everything after it moved up."""
    size, number = Head.objects.get().size, _pick(random)
    like = Entry.objects.get(pk=number)
    for later in range(size - 1, number - 1, -1):
        _renumber(later, later + 1)
    salt, payload = random.randbytes(32), b"{}"
    like.data = _other(bytes(like.data), details=detail_hash(salt, payload))
    like.save(force_insert=True)
    Detail.objects.create(entry=like, salt=salt, payload=payload)
    _remove(Checkpoint, size__gt=number)
    Head.objects.update(size=size + 1)
    _grow_anew(0)
    return f"Regel {number}"


ATTACKS: dict[str, Callable[[Random], str]] = {
    "act column": _column("act", lambda _random: "web.signed_out", "de handeling"),
    "case column": _column("case", lambda random: random.choice(("", "2026-0003")), "de zaak"),
    "recording column": _column("recording", lambda random: random.choice((None, UUID(int=99))), "de opname"),
    "time column": _column("time", lambda random: NOW - timedelta(days=random.randint(1, 90)), "het moment"),
    "trace column": _column("trace", lambda random: random.randbytes(16).hex(), "het kenmerk van het verzoek"),
    "leaf": leaf_alone,
    "leaf and its hash": leaf_and_hash,
    "leaf and every hash": leaf_and_all_hashes,
    "leaf, every hash and the checkpoints": leaf_and_all_hashes_and_checkpoints,
    "cut at the end": cut_at_the_end,
    "out of the middle": out_of_the_middle,
    "put in the middle": entry_put_in,
    "swapped": swapped,
    "detail changed": detail_changed,
    "detail removed": detail_removed,
    "all details removed": all_details_removed,
    "detail added or put back": detail_added,
    "node changed": node_changed,
    "node removed or added": node_removed_or_added,
    "checkpoint changed": checkpoint_changed,
    "checkpoint removed": checkpoint_removed,
    "head changed": head_changed,
}
ALONE = {"trigger dropped": trigger_dropped}  # leaves the triggers as it says
