"""A backup that was made before a destruction does not bring the recording back, on either database."""

import shutil
import subprocess
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.processes import answer_of
from tests.template import MIGRATED
from tests.vault.postgres import POSTGRES

GONE = UUID(int=1)  # as in restore_round.py
ROOT = Path(__file__).parents[2]


class Round:
    """One installation whose database can be copied and put back."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self._environment = {"BEELDKLUIS_DATA": str(folder), **environment}

    def run(self, what: str) -> Any:
        return answer_of("tests.vault.restore_round", self.folder, what, **self._environment)


def files_with(secret: bytes, folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and secret in path.read_bytes()]


def show_that_nothing_comes_back(one: Round, copy: Path, back_up: Any, put_back: Any) -> None:
    taken_in = one.run("take_in")
    assert taken_in["gone"]
    secret = bytes.fromhex(taken_in["secret"])
    back_up()
    shutil.copytree(one.folder / "store", copy / "store")
    assert one.run("destroy") == {"gone": False, "kept": True, "lost": []}
    put_back()
    shutil.rmtree(one.folder / "store")
    shutil.copytree(copy / "store", one.folder / "store")
    assert one.run("look") == {"gone": False, "kept": True, "lost": [str(GONE)]}
    assert files_with(secret, copy.parent) == []  # the databases and their logs too


@pytest.mark.slow
def test_an_old_copy_of_the_sqlite_file_does_not_bring_a_recording_back(tmp_path: Path) -> None:
    one, copy = Round(tmp_path / "here"), tmp_path / "copy"
    copy.mkdir()
    database = tmp_path / "here" / "beeldkluis.sqlite3"
    (tmp_path / "here").mkdir()

    def put_back() -> None:
        for path in database.parent.glob("beeldkluis.sqlite3-*"):
            path.unlink()
        shutil.copy(copy / "old.sqlite3", database)

    show_that_nothing_comes_back(one, copy, lambda: shutil.copy(database, copy / "old.sqlite3"), put_back)


@pytest.mark.postgres
@pytest.mark.slow
def test_an_old_dump_of_postgresql_does_not_bring_a_recording_back(tmp_path: Path, postgres: int) -> None:
    address = f"postgres://tests@127.0.0.1:{postgres}/beeldkluis"
    one, copy = Round(tmp_path / "here", BEELDKLUIS_DATABASE=address), tmp_path / "copy"
    (tmp_path / "here").mkdir()
    copy.mkdir()

    def tool(name: str, *arguments: str | Path) -> None:
        where = ["-h", "127.0.0.1", "-p", str(postgres), "-U", "tests"]
        subprocess.run([POSTGRES / name, *where, *arguments], check=True, capture_output=True)

    def put_back() -> None:
        tool("dropdb", "beeldkluis")
        tool("createdb", "beeldkluis")
        tool("pg_restore", "-d", "beeldkluis", copy / "old.dump")

    tool("createdb", "-T", MIGRATED, "beeldkluis")
    show_that_nothing_comes_back(
        one,
        copy,
        lambda: tool("pg_dump", "-Fc", "-f", copy / "old.dump", "beeldkluis"),
        put_back,
    )
