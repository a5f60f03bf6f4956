"""Workers as processes of their own: one that dies at any point loses only what it was at, and several work at once."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("scenario", "points"), [("killed", 20), ("together", 2)])
def test_workers_that_are_killed_or_work_at_once_do_everything_once(scenario: str, points: int, tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    run = subprocess.run(
        [sys.executable, root / "tests" / "jobs" / "kill_rounds.py", tmp_path, scenario],
        env={**os.environ, "PYTHONPATH": f"{root / 'src'}:{root}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-4000:]
    assert json.loads(run.stdout.splitlines()[-1])["points"] >= points
