"""The Axis door when a system sends the same thing several times at the same moment, on a real PostgreSQL."""

from pathlib import Path

import pytest
from tests.processes import answer_of
from tests.vault.postgres import address, postgres

__all__ = ["postgres"]  # a fixture


@pytest.mark.postgres
@pytest.mark.slow
def test_the_same_object_ten_times_at_once_is_answered_ten_times_and_kept_once(tmp_path: Path, postgres: int) -> None:
    answer = answer_of(
        "tests.intake.axis_at_once", tmp_path, BEELDKLUIS_DATA=str(tmp_path), BEELDKLUIS_DATABASE=address(postgres)
    )
    assert answer.pop("containers") == [201] + [202] * 9
    assert answer.pop("objects") == [201] * 10
    assert answer.pop("complete") == [204] * 10
    assert answer.pop("staged") == 0
    assert set(answer.values()) == {1}, answer
