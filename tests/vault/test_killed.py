from pathlib import Path

import pytest
from tests.processes import answer_of


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("scenario", "points"), [("take_in", 40), ("destroy", 60), ("replace", 30), ("drop", 20), ("settle", 20)]
)
def test_killed_at_any_point_nothing_is_lost_and_nothing_comes_back(scenario: str, points: int, tmp_path: Path) -> None:
    answer = answer_of("tests.vault.kill_rounds", tmp_path, scenario, BEELDKLUIS_DATA=str(tmp_path / "template"))
    assert answer["killed"] >= points
