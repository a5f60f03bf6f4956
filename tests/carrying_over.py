"""A program that makes an installation of before, brings it up to date, and prints as JSON what is still there: run on a database
of its own, with the settings that a server has.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.vault.postgres import POSTGRES

ROOT = Path(__file__).parents[1]


def carried_over(program: Path, data: Path, postgres: int | None = None) -> object:
    """What `program` prints on its last line, on SQLite under `data`, or on the PostgreSQL server at this port."""
    database = f"sqlite:///{data / 'x.sqlite3'}"
    if postgres is not None:
        where = ["-h", "127.0.0.1", "-p", str(postgres), "-U", "tests"]
        subprocess.run([POSTGRES / "createdb", *where, "beeldkluis"], check=True)
        database = f"postgres://tests@127.0.0.1:{postgres}/beeldkluis"
    done = subprocess.run(
        [sys.executable, program],
        env={
            **os.environ,
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "DJANGO_SETTINGS_MODULE": "beeldkluis.web.settings",
            "BEELDKLUIS_SECRET_KEY": "tests",
            "BEELDKLUIS_DATA": str(data),
            "BEELDKLUIS_DATABASE": database,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])
