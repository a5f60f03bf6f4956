"""What was decided under the first version of these tables is still there, in the words of the new ones."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.vault.postgres import POSTGRES, postgres

__all__ = ["postgres"]  # a fixture


def carried_over(data: Path, database: str) -> object:
    root = Path(__file__).parents[2]
    run = subprocess.run(
        [sys.executable, root / "tests" / "cases" / "carry_over.py"],
        env={
            **os.environ,
            "PYTHONPATH": f"{root / 'src'}:{root}",
            "DJANGO_SETTINGS_MODULE": "beeldkluis.web.settings",
            "BEELDKLUIS_SECRET_KEY": "tests",
            "BEELDKLUIS_DATA": str(data),
            "BEELDKLUIS_DATABASE": database,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    return json.loads(run.stdout.splitlines()[-1])


WANTED = {"outcomes": ["granted", "refused", "refused"], "remedy": ["objection", "objection"], "days": 90}


@pytest.mark.slow
def test_decisions_objections_and_holds_are_carried_over(tmp_path: Path) -> None:
    assert carried_over(tmp_path, f"sqlite:///{tmp_path / 'x.sqlite3'}") == WANTED


@pytest.mark.postgres
@pytest.mark.slow
def test_on_postgresql_too(tmp_path: Path, postgres: int) -> None:
    where = ["-h", "127.0.0.1", "-p", str(postgres), "-U", "tests"]
    subprocess.run([POSTGRES / "createdb", *where, "beeldkluis"], check=True)
    assert carried_over(tmp_path, f"postgres://tests@127.0.0.1:{postgres}/beeldkluis") == WANTED
