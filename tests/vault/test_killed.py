import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("scenario", "points"), [("take_in", 40), ("destroy", 60), ("replace", 30), ("drop", 20), ("settle", 20)]
)
def test_killed_at_any_point_nothing_is_lost_and_nothing_comes_back(scenario: str, points: int, tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    run = subprocess.run(
        [sys.executable, root / "tests" / "vault" / "kill_rounds.py", tmp_path, scenario],
        env={**os.environ, "PYTHONPATH": f"{root / 'src'}:{root}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-4000:]
    assert json.loads(run.stdout.splitlines()[-1])["killed"] >= points
