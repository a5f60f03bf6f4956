"""Copies that waited and workers that ran before there were jobs are still there, forwards and back."""

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
        [sys.executable, root / "tests" / "jobs" / "carry_over.py"],
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


FORWARD = {
    "copies": [["asked", "", 30, "2026-0001"], ["made", "", 31, "2026-0001"], ["failed", "Stuk.", 32, "2026-0001"]],
    "jobs": [["viewing-copy", 20, 10, "waiting", 99]],
    "of": 20,
    "workers": [["age1x", "signed"]],
}
BACK = {"leases": [99, None, None], "workers": [["age1x", "signed"]]}


@pytest.mark.slow
def test_copies_that_wait_become_jobs(tmp_path: Path) -> None:
    assert carried_over(tmp_path, f"sqlite:///{tmp_path / 'x.sqlite3'}") == [FORWARD, BACK]


@pytest.mark.postgres
@pytest.mark.slow
def test_on_postgresql_too(tmp_path: Path, postgres: int) -> None:
    where = ["-h", "127.0.0.1", "-p", str(postgres), "-U", "tests"]
    subprocess.run([POSTGRES / "createdb", *where, "beeldkluis"], check=True)
    assert carried_over(tmp_path, f"postgres://tests@127.0.0.1:{postgres}/beeldkluis") == [FORWARD, BACK]
