"""Somebody with every right in the database changes the journal, in every way we know: found, and named."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing, nullcontext
from pathlib import Path
from random import Random, SystemRandom

import pytest
from django.db import transaction
from tests.journal.attacks import ALONE, ATTACKS, build, without_triggers
from tests.vault.postgres import address, postgres

from beeldkluis.journal import anchor, examination, queries
from beeldkluis.journal.examination import Examination
from beeldkluis.journal.models import Checkpoint
from beeldkluis.journal.remembered import Remembered, afresh, remembered
from beeldkluis.sealed.note import Signer
from beeldkluis.sealed.tlog import CheckpointFacts

__all__ = ["postgres"]  # a fixture, for this file
TIMES, COUNT = 13, 100
KINDS = ATTACKS | ALONE
ROOT = Path(__file__).parents[2]
# Without anything that the server keeps outside its database, these are found only with a checkpoint that somebody kept.
ONLY_KEPT = {"leaf, every hash and the checkpoints", "cut at the end", "out of the middle", "put in the middle"}


class UndoneError(Exception):
    """Ends an attack: the database is as it was."""


def looked(kept: list[CheckpointFacts], *, beside_the_key: bool) -> Examination:
    """A look with what lies beside the key (a copy, so that no attack reaches the next one), or with nothing but the database."""
    if not beside_the_key:
        with afresh() as memory:
            return examination.whole(memory, last=None, kept=kept)
    with remembered() as memory, closing(sqlite3.connect(":memory:")) as copy:
        memory._connection.backup(copy)
        return examination.whole(Remembered(copy), last=anchor.last(), kept=kept)


def attacked(kind: str, random: Random, signed: dict[int, CheckpointFacts]) -> tuple[str, Examination, Examination]:
    """What must be said, and what is said with the files beside the key, and with nothing but a kept checkpoint."""
    found: list[Examination] = []
    said, kept = "", max(signed)
    try:
        with transaction.atomic():
            with without_triggers() if kind in ATTACKS else nullcontext():
                said = KINDS[kind](random)
            if kind == "checkpoint removed":
                kept = int(said.split()[3])  # somebody kept that one; the others say nothing of it
            found = [looked([], beside_the_key=True), looked([signed[kept]], beside_the_key=False)]
            raise UndoneError
    except UndoneError:
        return said, found[0], found[1]


@pytest.fixture
def journal(db: None, key: Signer) -> dict[int, CheckpointFacts]:
    """A journal of which the server remembers everything, and its checkpoints."""
    build(COUNT)
    with remembered() as memory:
        memory.catch_up()
        assert memory.size == queries.size()
    for beside in (True, False):
        assert looked([], beside_the_key=beside).faults == []
    found = {one.size: anchor.read_signed(one.note) for one in Checkpoint.objects.all()}
    assert max(found) == queries.size()
    return found


@pytest.mark.slow
@pytest.mark.rule("journal.every-act")
def test_every_attack_with_all_database_rights_is_found_by_name(journal: dict[int, CheckpointFacts]) -> None:
    seed = SystemRandom().randrange(10**9)
    print(f"seed {seed}")  # noqa: T201 - pytest shows it when the test fails
    random, tried, by_name, with_kept = Random(seed), 0, 0, 0
    for kind in KINDS:
        for _time in range(TIMES):
            said, beside, kept = attacked(kind, random, journal)
            tried += 1
            sentences = [fault.sentence for fault in beside.faults]
            assert any(said in one for one in sentences), (seed, kind, said, sentences)
            by_name += 1
            assert kept.faults, (seed, kind, said)
            with_kept += 1
            alone = [fault for fault in kept.faults if "bewaarde controlepunt" not in fault.sentence]
            assert alone or kind in ONLY_KEPT | {"checkpoint removed"}, (seed, kind, said)
    assert tried == by_name == with_kept == len(KINDS) * TIMES >= 208
    assert looked([*journal.values()], beside_the_key=True).faults == []


POSTGRESQL = """
import django; django.setup()
import sys
from random import Random
from tests.template import make_tables
from django.db import transaction
from beeldkluis.journal import anchor, examination, guard
from beeldkluis.journal.models import Checkpoint
from beeldkluis.journal.remembered import afresh, remembered
from beeldkluis.journal.signer import make_signing_key
from tests.journal.attacks import ALONE, ATTACKS, build, without_triggers
make_tables()
make_signing_key()
build(50)
with remembered() as memory:
    memory.catch_up()
    assert not examination.whole(memory, last=anchor.last()).faults, examination.whole(memory, last=anchor.last()).faults
random, found = Random(int(sys.argv[1])), 0
for kind in sys.argv[2:]:
    try:
        with transaction.atomic():
            with guard.opened():
                if kind in ALONE:
                    said = ALONE[kind](random)
                else:
                    with without_triggers():
                        said = ATTACKS[kind](random)
            with remembered() as memory:
                look = examination.whole(memory, last=anchor.last())
            assert any(said in one.sentence for one in look.faults), (kind, said, look.faults)
            found += 1
            raise ZeroDivisionError
    except ZeroDivisionError:
        pass
with remembered() as memory:
    assert not examination.whole(memory, last=anchor.last()).faults
print(found)
"""
ON_POSTGRESQL = (
    "case column", "recording column", "time column", "leaf", "leaf, every hash and the checkpoints", "cut at the end",
    "detail changed", "all details removed", "node changed", "checkpoint changed", "checkpoint removed", "trigger dropped",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.postgres
def test_the_same_on_postgresql(postgres: int, tmp_path: Path) -> None:
    seed = SystemRandom().randrange(10**9)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BEELDKLUIS", "DJANGO"))}
    environment = kept | {
        "DJANGO_SETTINGS_MODULE": "beeldkluis.web.settings",
        "BEELDKLUIS_DATABASE": address(postgres),
        "BEELDKLUIS_SECRET_KEY": "only-for-tests",
        "BEELDKLUIS_DATA": str(tmp_path),
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
    }
    done = subprocess.run(
        [sys.executable, "-c", POSTGRESQL, str(seed), *ON_POSTGRESQL],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.stdout.strip().endswith(str(len(ON_POSTGRESQL))), (seed, done.stderr[-3000:])
