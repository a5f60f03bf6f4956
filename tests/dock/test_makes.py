"""A make of camera is one module and one line in the list: the dock reads, stores and wipes it, and its screen shows it."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.dock import made_up
from tests.dock.conftest import SERIALS, Dock, Vault

from beeldkluis.camera import makes
from beeldkluis.camera.folder import FolderCamera
from beeldkluis.camera.simulator import make_camera
from beeldkluis.dock.agent import run_once
from beeldkluis.dock.attention import Attention
from beeldkluis.dock.slots import Board
from beeldkluis.dock.state import Memory


class Listener:
    def __init__(self) -> None:
        self.events: list[str] = []

    def say(self, what: str, **facts: Any) -> None:
        self.events.append(facts["event"])

    def progress(self, name: str, done: int, size: int) -> None:
        pass


@pytest.fixture
def with_shield(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(makes, "MAKES", (*makes.MAKES, made_up.MAKE))


def put_in(slots: Path, slot: str, film: bytes, serial: str = "SH-1") -> Path:
    (slots / slot / "DCIM").mkdir(parents=True)
    (slots / slot / "SHIELD.INF").write_text(f"SERIAL={serial}\nDISK=D-1\n")
    path = slots / slot / "DCIM" / "0001.S1V"
    path.write_bytes(film)
    return path


def test_a_slot_is_of_the_make_that_knows_it(tmp_path: Path, with_shield: None) -> None:
    put_in(tmp_path, "b", b"film")
    make_camera(tmp_path / "a", serial="F-1")
    (tmp_path / "c").mkdir()
    found = makes.find_cameras(tmp_path)
    assert [(type(one), one.slot) for one in found] == [(FolderCamera, "a"), (made_up.ShieldCamera, "b")]
    assert makes.docked_in(tmp_path / "c") is None


def test_the_screen_asks_the_make_what_stands_in_a_slot(tmp_path: Path, with_shield: None) -> None:
    board = Board()
    put_in(tmp_path, "a", b"film")
    assert [(one["slot"], one["state"]) for one in board.report(tmp_path)] == [("a", "reading")]
    shutil.rmtree(tmp_path / "a")
    assert [(one["slot"], one["state"]) for one in board.report(tmp_path)] == [("a", "empty")]


def test_without_its_line_nothing_stands_there(tmp_path: Path) -> None:
    put_in(tmp_path, "a", b"film")
    assert makes.find_cameras(tmp_path) == []
    assert [one["state"] for one in Board().report(tmp_path)] == ["empty"]


@pytest.mark.slow
def test_a_made_up_make_is_docked_read_and_wiped(
    vault: Vault, dock: Dock, record: Callable[..., Path], with_shield: None
) -> None:
    put_in(dock.slots, "plaats-9", b"", SERIALS[2])
    path, heard = record(dock.slots / "plaats-9", "DCIM/0001.S1V"), Listener()
    before = vault.received()
    done = run_once(dock.slots, Memory(dock.folder / "state"), heard, Attention())
    assert [one for one in heard.events if one in ("docked", "stored", "wiped")] == ["docked", "stored", "wiped"], (
        heard.events
    )
    assert done.everything
    assert not path.exists()
    assert len(vault.received() - before) == 1
