"""Rooms and appointments of an installation from before they were a package are still there, and so is what it wrote."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.vault.postgres import POSTGRES, postgres

__all__ = ["postgres"]  # a fixture

WANTED = {
    "rooms": [["Kamer 3", "Dorp 1", "", False], ["Spreekkamer", "Hooiweg 9", "Melden bij de balie.", True]],
    "facts": True,
    "at": [True, True, "Spreekkamer"],
    "heartbeats": [[True, True]],
    "held": [True],
    "second": True,
    "nowhere": True,
    "unheard of": True,
    "next room": True,
    "tables": ["appointments_appointment", "appointments_room"],
    "back": [2, 1, 1, 1],
    "again": True,
}


def carried_over(data: Path, database: str) -> object:
    root = Path(__file__).parents[2]
    run = subprocess.run(
        [sys.executable, root / "tests" / "appointments" / "carry_over.py"],
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


@pytest.mark.slow
def test_rooms_appointments_and_what_was_held_at_them_are_carried_over(tmp_path: Path) -> None:
    assert carried_over(tmp_path, f"sqlite:///{tmp_path / 'x.sqlite3'}") == WANTED


@pytest.mark.postgres
@pytest.mark.slow
def test_on_postgresql_too(tmp_path: Path, postgres: int) -> None:
    where = ["-h", "127.0.0.1", "-p", str(postgres), "-U", "tests"]
    subprocess.run([POSTGRES / "createdb", *where, "beeldkluis"], check=True)
    assert carried_over(tmp_path, f"postgres://tests@127.0.0.1:{postgres}/beeldkluis") == WANTED
