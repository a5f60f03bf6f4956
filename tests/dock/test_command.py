"""Between its rounds the dock sees a camera come and go."""

import time
from pathlib import Path

import pytest

from beeldkluis.dock import command

FOREVER = 10.0**9  # seconds; a wait that does not end ends the test run


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "GLANCE", 0)


def test_a_camera_that_comes_changes_or_goes_ends_the_wait(tmp_path: Path) -> None:
    seen = command.slots_in(tmp_path)
    assert seen == {}
    (tmp_path / "plaats-1").mkdir()
    command.wait_for_change(tmp_path, seen, FOREVER)
    seen = command.slots_in(tmp_path)
    (tmp_path / "plaats-1" / "film.mp4").write_bytes(b"film")
    command.wait_for_change(tmp_path, seen, FOREVER)
    seen = command.slots_in(tmp_path)
    (tmp_path / "plaats-1" / "film.mp4").unlink()
    (tmp_path / "plaats-1").rmdir()
    command.wait_for_change(tmp_path, seen, FOREVER)


def test_without_change_it_waits_its_time_and_no_folder_is_no_camera(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "weg"):
        begun = time.monotonic()
        command.wait_for_change(folder, command.slots_in(folder), 0.05)
        assert time.monotonic() - begun >= 0.05
