"""The database itself refuses to change what was written; and who may read it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from tests.journal.conftest import NOW
from tests.vault.postgres import postgres, run_on

from beeldkluis.journal.actions import make_checkpoint
from beeldkluis.journal.models import Checkpoint, Detail, Entry, Head, Node
from beeldkluis.people.models import Person
from beeldkluis.protocol.roles import Role
from beeldkluis.sealed.note import Signer

__all__ = ["postgres"]  # a fixture, for this file
Write = Callable[[int], None]


def refused(act: Callable[[], object]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        act()


def test_nothing_is_changed_or_removed(write: Write, key: Signer) -> None:
    write(3)
    make_checkpoint(now=NOW)
    for table in (Entry, Node, Checkpoint):
        refused(lambda table=table: table.objects.all().delete())
        refused(lambda table=table: table.objects.filter(pk=table.objects.all()[0].pk)._raw_delete("default"))
    refused(lambda: Entry.objects.update(act="anders"))
    refused(lambda: Node.objects.update(hash=b""))
    refused(lambda: Checkpoint.objects.update(note=""))
    refused(lambda: Detail.objects.update(payload=b""))
    refused(lambda: Head.objects.update(size=0))
    assert Entry.objects.count() == Head.objects.get().size >= 3


POSTGRESQL = """
import django; django.setup()
from tests.template import make_tables
from django.db import DatabaseError, connection, transaction
from datetime import datetime, UTC
from concurrent.futures import ThreadPoolExecutor
from beeldkluis.findings.actions import EACH_TIME, raise_finding
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.models import Entry, Head
from beeldkluis.journal import guard, queries
from beeldkluis.sealed import merkle
make_tables()
def act(number):
    facts = {"rule": "t", "key": EACH_TIME, "text": str(number), "recording": None, "bodycam": None}
    raise_finding(**facts, actor=Actor.system("t"), now=datetime.now(UTC))
    connection.close()
with ThreadPoolExecutor(8) as pool:
    list(pool.map(act, range(80)))
numbers = list(Entry.objects.order_by("number").values_list("number", flat=True))
assert numbers == list(range(len(numbers))) and Head.objects.get().size == len(numbers) >= 80
nodes = {}
for entry in Entry.objects.order_by("number"):
    leaf = merkle.leaf_hash(bytes(entry.data))
    for level, index, one in merkle.appended(entry.number, leaf, lambda level, index: nodes[level, index]):
        nodes[level, index] = one
assert queries.root(len(numbers)) == merkle.root(len(numbers), lambda level, index: nodes[level, index])
for statement in ("update journal_entry set act = 'x'", "delete from journal_entry", "truncate journal_entry cascade",
                  "truncate journal_node", "delete from journal_node", "update journal_head set size = 0",
                  "update journal_detail set payload = ''"):
    try:
        with guard.opened(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError:
        continue
    raise SystemExit(f"not refused: {statement}")
print("fine")
"""


@pytest.mark.slow
@pytest.mark.postgres
def test_on_postgresql_eight_threads_number_without_a_gap_and_nothing_is_changed(postgres: int, tmp_path: Path) -> None:
    assert run_on(postgres, POSTGRESQL, tmp_path).strip().endswith("fine")


@pytest.mark.rule("access.roles")
def test_who_may_read_what(client: Client, write: Write, key: Signer, people: dict[Role, Person]) -> None:
    write(2)
    make_checkpoint(now=NOW)
    for role, status, named in (
        (Role.DPO, 200, True),
        (Role.TEAM_MANAGER, 200, True),
        (Role.ADMINISTRATOR, 200, False),
        (Role.OFFICER, 403, False),
    ):
        client.force_login(people[role])
        for address in ("/logboek/", "/logboek/0/", "/logboek/?zaak=2026-0001&pagina=7"):
            answer = client.get(address)
            assert answer.status_code == status, (role, address)
        assert ("Proefpersoon Een" in client.get("/logboek/").content.decode()) is named
    client.force_login(people[Role.DPO])
    assert client.get("/logboek/999999/").status_code == 404


def test_checkpoint_and_key_are_for_everybody(client: Client, write: Write, key: Signer) -> None:
    assert client.get("/logboek/controlepunt/").status_code == 404
    write(2)
    make_checkpoint(now=NOW)
    vkey = client.get("/logboek/sleutel/").content.decode().strip()
    assert vkey == key.vkey
    assert key.verifier.verify(client.get("/logboek/controlepunt/").content.decode())
    assert connection.vendor in ("sqlite", "postgresql")
