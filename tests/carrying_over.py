"""A program that makes an installation of before, brings it up to date, and prints as JSON what is still there: run on a database
of its own, with the settings that a server has.
"""

import subprocess
from pathlib import Path

from tests.processes import answer_of
from tests.vault.postgres import POSTGRES


def carried_over(program: str, data: Path, postgres: int | None = None) -> object:
    """What `program` prints on its last line, on SQLite under `data`, or on the PostgreSQL server at this port."""
    database = f"sqlite:///{data / 'x.sqlite3'}"
    if postgres is not None:
        where = ["-h", "127.0.0.1", "-p", str(postgres), "-U", "tests"]
        subprocess.run([POSTGRES / "createdb", *where, "beeldkluis"], check=True)
        database = f"postgres://tests@127.0.0.1:{postgres}/beeldkluis"
    return answer_of(program, BEELDKLUIS_DATA=str(data), BEELDKLUIS_DATABASE=database)
