"""Workers as processes of their own: one that dies at any point loses only what it was at, and several work at once."""

from pathlib import Path

import pytest
from tests.processes import answer_of


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("scenario", "points"), [("killed", 20), ("together", 2)])
def test_workers_that_are_killed_or_work_at_once_do_everything_once(scenario: str, points: int, tmp_path: Path) -> None:
    answer = answer_of("tests.jobs.kill_rounds", tmp_path, scenario, BEELDKLUIS_DATA=str(tmp_path / "data"))
    assert answer["points"] >= points
