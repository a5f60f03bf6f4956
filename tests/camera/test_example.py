"""The film of others that comes with the program: it is the one that is named, small, and says whose it is wherever it goes."""

import hashlib
import subprocess
import sys
from pathlib import Path

import av
import pytest
from setuptools.dist import Distribution
from tests.house.source import ROOT

from beeldkluis.camera.example import EXAMPLE, FOLDER
from beeldkluis.camera.folder import FolderCamera
from beeldkluis.camera.simulator import film_seconds
from beeldkluis.dock.look import Film, look


def test_the_file_is_the_one_that_is_named_and_the_only_one() -> None:
    assert hashlib.sha256(EXAMPLE.path.read_bytes()).hexdigest() == EXAMPLE.sha256
    assert {one.name for one in FOLDER.iterdir()} == {EXAMPLE.file, "LICENSES.md"}
    assert EXAMPLE.path.stat().st_size < 1_000_000


def test_its_licence_stands_beside_it_and_in_it() -> None:
    beside = (FOLDER / "LICENSES.md").read_text(encoding="utf-8")
    asked = (EXAMPLE.file, EXAMPLE.sha256, EXAMPLE.title, EXAMPLE.by, EXAMPLE.source, EXAMPLE.licence, EXAMPLE.terms)
    assert [one for one in asked if one not in beside] == []
    assert "Changed: seconds 38 to 78" in beside
    with av.open(str(EXAMPLE.path)) as film:
        told = film.metadata
    assert (told["title"], told["artist"], told["comment"]) == (EXAMPLE.title, EXAMPLE.by, EXAMPLE.changed)
    assert told["copyright"] == f"{EXAMPLE.by}, {EXAMPLE.licence}, {EXAMPLE.terms}"


def test_it_is_installed_with_its_licence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    distribution = Distribution()
    distribution.parse_config_files(["pyproject.toml"])
    distribution.include_package_data = False  # only what pyproject.toml names: the rest would write into the tree
    packing = distribution.get_command_obj("build_py")
    packing.ensure_finalized()
    packed = {package: set(files) for package, _from, _to, files in packing.data_files}
    assert packed["beeldkluis.camera"] == {f"films/{EXAMPLE.file}", "films/LICENSES.md"}


def test_a_dock_takes_it_for_film_of_a_camera() -> None:
    with EXAMPLE.path.open("rb") as source:
        assert look(source.fileno()) == Film(EXAMPLE.seconds * 1000, True, "video/mp4", "", "")


def made(folder: Path, *words: str) -> list[Path]:
    """What is on a camera that was made to practise with, oldest first."""
    program = [sys.executable, "-m", "beeldkluis.camera.simulator", str(folder), "S", "10", *words]
    subprocess.run(program, check=True, timeout=300)
    return [folder / one.name for one in FolderCamera(folder).files()]


@pytest.mark.slow
def test_a_camera_to_practise_with_filmed_it_last_and_not_when_films_are_drawn(tmp_path: Path) -> None:
    first, last = made(tmp_path / "plaats-1")
    assert (round(film_seconds(first)), last.read_bytes()) == (2, EXAMPLE.path.read_bytes())
    told = FolderCamera(tmp_path / "plaats-1").files()[-1]
    assert told.started_at is not None
    assert told.activated_at is not None
    assert told.ended_at is not None
    assert (told.activated_at - told.started_at).total_seconds() == 10
    assert (told.ended_at - told.started_at).total_seconds() == EXAMPLE.seconds
    assert [round(film_seconds(one)) for one in made(tmp_path / "plaats-2", "--drawn")] == [2, 10]
