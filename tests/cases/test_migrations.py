"""What was decided under the first version of these tables is still there, in the words of the new ones."""

from pathlib import Path

import pytest

from tests.carrying_over import carried_over
from tests.vault.postgres import postgres

__all__ = ["postgres"]  # a fixture
PROGRAM = "tests.cases.carry_over"


WANTED = {
    "outcomes": ["granted", "refused", "refused"], "remedy": ["objection", "objection"], "days": 90,
    "preserved": [337, 9, None],
}  # fmt: skip


@pytest.mark.slow
def test_decisions_objections_and_holds_are_carried_over(tmp_path: Path) -> None:
    assert carried_over(PROGRAM, tmp_path) == WANTED


@pytest.mark.postgres
@pytest.mark.slow
def test_on_postgresql_too(tmp_path: Path, postgres: int) -> None:
    assert carried_over(PROGRAM, tmp_path, postgres) == WANTED
