"""The rows of entries, whatever part of a step is taken back: numbers without a gap, and the tree that the definition gives."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from tests.journal.conftest import SOMEBODY
from tests.vault.postgres import postgres, run_on

from beeldkluis.journal import guard, row_actions
from beeldkluis.journal.actions import serialised, step
from beeldkluis.journal.events import DetailsErased
from beeldkluis.journal.models import Detail, Entry, Head, Node
from beeldkluis.sealed.merkle import leaf_hash, node_hash, root

__all__ = ["postgres"]  # a fixture, for this file

PARTS = st.recursive(
    st.just("entry"),
    lambda part: st.tuples(st.sampled_from(["step", "part", "turn"]), st.booleans(), st.lists(part, max_size=4)),
    max_leaves=12,
)


class TakenBackError(Exception):
    """A part of a step that does not go through."""


def play(parts: Sequence[Any], record: Any) -> int:
    """Take the parts one after another; how many entries should be there afterwards."""
    count = 0
    for part in parts:
        if part == "entry":
            record(DetailsErased(entries=(count,)))
            count += 1
            continue
        kind, goes_through, within = part
        with suppress(TakenBackError):
            count += one(kind, goes_through, within, record)
    return count


def one(kind: str, goes_through: bool, within: Sequence[Any], record: Any) -> int:
    around = {"step": lambda: step("tests.part", actor=SOMEBODY), "part": transaction.atomic, "turn": serialised}[kind]
    with around() as inner:
        count = 0
        if kind == "step":
            inner(DetailsErased(entries=()))
            count, record = 1, inner
        count += play(within, record)
        if not goes_through:
            raise TakenBackError
    return count


def agree(count: int) -> None:
    entries = list(Entry.objects.order_by("number"))
    assert [one.number for one in entries] == list(range(count))
    assert Head.objects.get(pk=1).size == count
    tree = {(one.level, one.index): bytes(one.hash) for one in Node.objects.all()}
    assert len(tree) == sum(count >> level for level in range(count.bit_length()))
    leaves = [leaf_hash(bytes(one.data)) for one in entries]
    assert [tree[0, number] for number in range(count)] == leaves
    if count:
        assert root(count, lambda level, index: tree[level, index]) == defined(leaves)
    assert set(Detail.objects.values_list("entry", flat=True)) <= set(range(count))


def defined(leaves: Sequence[bytes]) -> bytes:
    """RFC 6962, 2.1, as it stands there."""
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    return node_hash(defined(leaves[:half]), defined(leaves[half:]))


@pytest.mark.django_db
@pytest.mark.rule("journal.every-act")
@given(parts=st.lists(PARTS, max_size=5))
def test_whatever_is_taken_back_numbers_have_no_gap_and_the_tree_is_right(parts: Sequence[Any]) -> None:
    with transaction.atomic():
        with step("tests.all", actor=SOMEBODY) as record:
            record(DetailsErased(entries=()))
            count = 1 + play(parts, record)
        agree(count)
        transaction.set_rollback(True)
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_a_step_asks_for_the_head_once_and_again_after_a_part_was_taken_back() -> None:
    asked: list[str] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.extend(["head"] if "journal_head" in sql and sql.startswith("SELECT") else [])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen), step("tests.all", actor=SOMEBODY) as record:
        record(DetailsErased(entries=(1,)))
        record(DetailsErased(entries=(2,)))
        assert asked == ["head"]
        with pytest.raises(TakenBackError), transaction.atomic():
            record(DetailsErased(entries=(3,)))
            raise TakenBackError
        assert record(DetailsErased(entries=(4,))).number == 2
    assert asked == ["head", "head"]
    agree(3)


@pytest.mark.django_db
def test_an_entry_whose_subtrees_are_not_there_is_not_written() -> None:
    with pytest.raises(Node.DoesNotExist):
        row_actions.beside(1)


@pytest.mark.parametrize(
    "write",
    [
        'INSERT INTO "cases_case" (id) VALUES (1)', 'INSERT OR REPLACE INTO "cases_case" (id) VALUES (1)',
        'REPLACE INTO "cases_case" VALUES (1)', 'UPDATE "cases_case" SET id = 2', "update only cases_case set id = 2",
        'UPDATE OR IGNORE "cases_case" SET id = 2', 'DELETE FROM "cases_case"', 'delete from only "cases_case"',
        'MERGE INTO "cases_case" USING b ON true WHEN MATCHED THEN DELETE', 'TRUNCATE TABLE "cases_case"',
    ],
)  # fmt: skip
def test_whatever_writes_is_found_also_behind_others_in_one_statement(write: str) -> None:
    assert guard.evidence(write) == guard.evidence(f"  {write}") == "cases_case"
    assert guard.evidence(f"WITH a AS ({write} RETURNING id) SELECT 1") == "cases_case"
    others = 'with a as (update "django_session" set x = 1), b as (select 2)'
    assert guard.evidence(f"{others} {write}") == "cases_case"


def test_what_only_reads_or_writes_no_evidence_passes() -> None:
    assert guard.evidence('WITH a AS (SELECT 1) INSERT INTO "django_session" (x) VALUES (1)') == ""
    assert guard.evidence("WITH a AS (SELECT updated FROM cases_case) SELECT 1") == ""
    assert guard.evidence('SELECT id FROM "cases_case" FOR UPDATE OF "cases_case"') == ""


POSTGRESQL = """
import django; django.setup()
from concurrent.futures import ThreadPoolExecutor
from tests.template import make_tables
from django.db import connection, transaction
from beeldkluis.journal.actions import step
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.events import DetailsErased
from tests.journal.test_rows import TakenBackError, agree
make_tables()
def act(number):
    with step("tests.all", actor=Actor.system("tests")) as record:
        record(DetailsErased(entries=(number,)))
        try:
            with transaction.atomic():
                record(DetailsErased(entries=(number, 1)))
                raise TakenBackError if number % 3 else ValueError
        except TakenBackError:
            record(DetailsErased(entries=(number, 2)))
        except ValueError:
            pass
    connection.close()
with ThreadPoolExecutor(8) as pool:
    list(pool.map(act, range(60)))
agree(20 + 2 * 40)
print("fine")
"""


@pytest.mark.slow
@pytest.mark.postgres
def test_on_postgresql_eight_at_once_with_parts_taken_back(postgres: int, tmp_path: Path) -> None:
    assert run_on(postgres, POSTGRESQL, tmp_path).strip().endswith("fine")
