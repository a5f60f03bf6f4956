"""The Axis door when a system sends the same thing several times at the same moment, on a real PostgreSQL."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.vault.postgres import address, postgres

__all__ = ["postgres"]  # a fixture


@pytest.mark.postgres
@pytest.mark.slow
def test_the_same_object_ten_times_at_once_is_answered_ten_times_and_kept_once(tmp_path: Path, postgres: int) -> None:
    root = Path(__file__).parents[2]
    run = subprocess.run(
        [sys.executable, root / "tests" / "intake" / "axis_at_once.py", tmp_path],
        env={
            **os.environ,
            "PYTHONPATH": f"{root / 'src'}:{root}",
            "DJANGO_SETTINGS_MODULE": "beeldkluis.web.settings",
            "BEELDKLUIS_SECRET_KEY": "tests",
            "BEELDKLUIS_DATA": str(tmp_path),
            "BEELDKLUIS_DATABASE": address(postgres),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    answer = json.loads(run.stdout.splitlines()[-1])
    assert answer.pop("containers") == [201] + [202] * 9
    assert answer.pop("objects") == [201] * 10
    assert answer.pop("complete") == [204] * 10
    assert answer.pop("staged") == 0
    assert set(answer.values()) == {1}, answer
