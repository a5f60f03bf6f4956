"""What the dock says of its slots: true, in time, never too often, and never at the cost of a camera."""

import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.dock.conftest import SERIALS, Dock, Vault

from beeldkluis.camera.folder import FolderCamera
from beeldkluis.camera.port import CameraFile
from beeldkluis.camera.simulator import Fault, FaultyCamera, make_camera
from beeldkluis.dock import agent, reporting
from beeldkluis.dock.agent import RecipientsChangedError, Round, Visit, held_by
from beeldkluis.dock.attention import Attention
from beeldkluis.dock.client import Docked, NoRoomError, OtherVaultError, VaultAwayError, VaultRefusesError
from beeldkluis.dock.client import Vault as Client
from beeldkluis.dock.slots import MOST_SLOTS, Board, Meter, SlotState, SlotStatus
from beeldkluis.dock.state import Memory
from beeldkluis.sealed.age import Identity
from beeldkluis.sealed.errors import SealError

Record = Callable[..., Path]


class Quiet:
    """A terminal that nobody looks at."""

    def say(self, what: str, **facts: Any) -> None:
        pass

    def progress(self, name: str, done: int, size: int) -> None:
        pass


def shown(board: Board, cameras: Path) -> dict[str, str]:
    return {one["slot"]: one["state"] for one in board.report(cameras)}


def put_in(cameras: Path, slot: str, serial: str = "A-1") -> Path:
    return make_camera(cameras / slot, serial=serial)


# What stands in the slots, without a round.


def test_a_slot_is_empty_then_waits_for_its_turn_and_is_empty_again_when_the_folder_is_gone(tmp_path: Path) -> None:
    board = Board()
    assert shown(board, tmp_path / "weg") == {}
    (tmp_path / "a").mkdir()
    (tmp_path / ".Trash").mkdir()
    (tmp_path / "notes.txt").touch()
    assert shown(board, tmp_path) == {"a": "empty"}
    put_in(tmp_path, "a")
    assert shown(board, tmp_path) == {"a": "reading"}
    assert board.report(tmp_path)[0]["percent"] is None
    shutil.rmtree(tmp_path / "a")
    assert shown(board, tmp_path) == {"a": "empty"}


def test_what_was_said_of_a_camera_goes_with_it(tmp_path: Path) -> None:
    board, camera = Board(), put_in(tmp_path, "a")
    board.tell("a", SlotStatus(SlotState.READY, serial="A-1"))
    assert shown(board, tmp_path) == {"a": "ready"}
    (camera / "camera.json").rename(tmp_path / "camera.json")
    assert shown(board, tmp_path) == {"a": "empty"}
    (tmp_path / "camera.json").rename(camera / "camera.json")
    assert shown(board, tmp_path) == {"a": "reading"}, "ready was said of the camera that stood here before"


def test_another_camera_in_the_same_slot_is_not_ready_because_the_one_before_was(tmp_path: Path) -> None:
    board = Board()
    put_in(tmp_path, "a")
    other = put_in(tmp_path.parent / f"{tmp_path.name}-other", "b", "B-1")
    assert shown(board, tmp_path) == {"a": "reading"}
    board.tell("a", SlotStatus(SlotState.READY, serial="A-1"))
    shutil.rmtree(tmp_path / "a")
    shutil.move(other, tmp_path / "a")
    assert shown(board, tmp_path) == {"a": "reading"}


@pytest.mark.parametrize("held", [SlotState.FULL, SlotState.HELP])
def test_while_nothing_can_be_taken_in_no_camera_reads_and_what_is_done_is_done(
    tmp_path: Path, held: SlotState
) -> None:
    board = Board()
    for slot in (*SlotState, "waits"):
        put_in(tmp_path, slot)
    (tmp_path / "none").mkdir()
    for state in SlotState:
        if state is not SlotState.EMPTY:
            board.tell(state, SlotStatus(state, 40 if state is SlotState.READING else None))
    board.hold(held)
    told = shown(board, tmp_path)
    assert (told["reading"], told["full"], told["waits"]) == (held, held, held)
    assert (told["ready"], told["unknown"], told["help"], told["none"]) == ("ready", "unknown", "help", "empty")
    board.hold(None)
    assert shown(board, tmp_path)["reading"] == "reading"


def test_a_report_is_never_longer_than_a_vault_takes(tmp_path: Path) -> None:
    for number in range(MOST_SLOTS + 3):
        (tmp_path / f"{number:03}{'x' * 150}").mkdir()
    told = Board().report(tmp_path)
    assert len(told) == MOST_SLOTS
    assert all(len(one["slot"]) <= 120 for one in told)


@given(sizes=st.lists(st.integers(0, 10**12), max_size=6), part=st.floats(0, 1))
def test_how_far_goes_from_nothing_to_all_and_never_back(sizes: list[int], part: float) -> None:
    class Listening(Board):
        def tell(self, slot: str, told: SlotStatus) -> None:
            assert told.percent is not None
            heard.append(told.percent)

    heard: list[int] = []
    meter = Meter(Listening(), "a", SlotStatus(SlotState.READING), sizes)
    for size in sizes:
        meter.at(int(size * part))
        meter.at(size)
        meter.next(size)
    assert heard == sorted(heard)
    assert heard[-1] == 100
    assert all(0 <= one <= 100 for one in heard)


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (VaultAwayError("x"), "full"),
        (NoRoomError("x"), "full"),
        (VaultRefusesError("x", dock=True), "full"),
        (OtherVaultError("x", dock=True), "help"),
        (RecipientsChangedError([]), "help"),
        (SealError("x"), "help"),
    ],
)
def test_why_the_round_ended_tells_what_is_shown(error: Exception, state: str) -> None:
    assert held_by(error) == state


# When it is said.


@given(since=st.floats(0, 1000), changed=st.booleans(), failed=st.booleans())
def test_at_most_once_a_second_and_at_least_every_thirty(since: float, changed: bool, failed: bool) -> None:
    due = reporting.is_due(changed=changed, since=since, failed=failed)
    assert not due or since >= 1
    assert due or since + reporting.GLANCE < 30
    assert due or not changed or since < (5 if failed else 1)


@contextmanager
def heard(cameras: Path, board: Board) -> Iterator[list[list[dict[str, Any]]]]:
    """Everything that is reported meanwhile, and the last word."""
    reports: list[list[dict[str, Any]]] = []

    def send(told: Sequence[dict[str, Any]]) -> None:
        reports.append(list(told))

    with reporting.reporting(cameras, board, send):
        yield reports


def test_the_last_word_is_how_it_is_at_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporting, "SOONEST", 0.0)
    put_in(tmp_path, "a")
    board = Board()
    with heard(tmp_path, board) as reports:
        board.tell("a", SlotStatus(SlotState.READY, serial="A-1"))
    assert reports[-1] == [{"slot": "a", "state": "ready", "percent": None, "serial": "A-1"}]


@pytest.mark.parametrize("error", [VaultAwayError("weg"), VaultRefusesError("nee", dock=True)])
def test_a_report_that_failed_is_made_again(tmp_path: Path, error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GLANCE", "SOONEST", "AFTER_FAILURE"):
        monkeypatch.setattr(reporting, name, 0.0)
    tries, again = [], threading.Event()

    def send(_told: Sequence[dict[str, Any]]) -> None:
        tries.append(1)
        if len(tries) < 3:
            raise error
        again.set()

    with reporting.reporting(tmp_path, Board(), send):
        assert again.wait(60)


# Beside a real round.


def once(dock: Dock, attention: Attention) -> Round:
    return agent.run_once(dock.slots, Memory(dock.folder / "state"), Quiet(), attention)


@pytest.mark.slow
@pytest.mark.xdist_group("vault")
@pytest.mark.parametrize("how", ["hangs", "away", "refuses"])
def test_no_report_however_it_fails_keeps_a_camera_from_being_wiped(
    vault: Vault, dock: Dock, record: Record, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporting, "GLANCE", 0.0)
    monkeypatch.setattr(reporting, "LAST_WORD", 0.1)
    monkeypatch.setattr(reporting, "AFTER_FAILURE", 0.0)
    camera = make_camera(dock.slots / "plaats-1", serial=SERIALS[0])
    record(camera, "a.mp4")
    tried, never = threading.Event(), threading.Event()

    def send(_told: Sequence[dict[str, Any]]) -> None:
        tried.set()
        if how == "hangs":
            never.wait()
        raise VaultAwayError("weg") if how == "away" else VaultRefusesError("nee")

    try:
        with reporting.reporting(dock.slots, Attention().board, send):
            assert tried.wait(60)
            done = once(dock, Attention())
    finally:
        never.set()
    assert (done.wiped, done.left) == (1, 0)
    assert not list(camera.glob("*.mp4"))


@pytest.mark.slow
@pytest.mark.xdist_group("vault")
def test_a_camera_is_reading_until_it_is_wiped_and_only_then_ready(vault: Vault, dock: Dock, record: Record) -> None:
    class Listening(Board):
        def tell(self, slot: str, told: SlotStatus) -> None:
            seen.append((told, len(list(camera.glob("*.mp4")))))
            super().tell(slot, told)

    seen: list[tuple[SlotStatus, int]] = []
    camera = make_camera(dock.slots / "plaats-1", serial=SERIALS[0])
    for name in ("a.mp4", "b.mp4"):
        record(camera, name, 3_000_000)
    attention = Attention(board=Listening())
    once(dock, attention)
    assert [told.state for told, left in seen if left] == ["reading"] * (len(seen) - 1)
    percents = [told.percent or 0 for told, _ in seen[:-1]]
    assert percents == sorted(percents)
    assert 0 < percents[len(percents) // 2] < percents[-1] == 100
    assert seen[-1] == (SlotStatus(SlotState.READY, serial=SERIALS[0]), 0)
    once(dock, attention)
    assert shown(attention.board, dock.slots) == {"plaats-1": "ready"}, "the next round changes nothing"


@pytest.mark.slow
@pytest.mark.xdist_group("vault")
def test_who_is_unknown_double_or_silent_is_no_ready_camera(vault: Vault, dock: Dock, record: Record) -> None:
    for slot, serial in (("a", "VREEMD-2"), ("b", SERIALS[1]), ("c", SERIALS[1])):
        record(make_camera(dock.slots / slot, serial=serial, volume_id=slot), "a.mp4")
    (dock.slots / "d").mkdir()
    (dock.slots / "d" / "camera.json").write_text("{}")
    attention = Attention()
    for _ in range(2):
        once(dock, attention)
        assert shown(attention.board, dock.slots) == {"a": "unknown", "b": "ready", "c": "help", "d": "help"}


@pytest.mark.slow
@pytest.mark.xdist_group("vault")
def test_a_blocked_camera_is_taken_in_and_wants_a_person(vault: Vault, dock: Dock, record: Record) -> None:
    class Blocking(Client):
        def docked(self, facts: Any) -> Docked:
            return replace(super().docked(facts), blocked=True)

    folder = make_camera(dock.slots / "plaats-1", serial=SERIALS[2])
    record(folder, "a.mp4")
    memory, attention = Memory(dock.folder / "state"), Attention()
    told = memory.read()
    with Blocking(told.server, told.token) as client:
        Visit(told, client, memory, Quiet(), attention, Round()).all([FolderCamera(folder)])
    assert shown(attention.board, dock.slots) == {"plaats-1": "help"}
    assert not list(folder.glob("*.mp4"))


@pytest.mark.slow
@pytest.mark.xdist_group("vault")
@pytest.mark.parametrize(("fails", "state"), [("reading", "help"), ("no room", "full"), ("refused", "full")])
def test_a_film_that_stays_says_whether_the_vault_or_a_person_is_wanted(
    vault: Vault, dock: Dock, record: Record, fails: str, state: str
) -> None:
    class Refusing(Client):
        def begin(self, length: int, metadata: Any) -> Any:
            raise NoRoomError("vol") if fails == "no room" else VaultRefusesError("nee")

    class Bad(FaultyCamera):
        def open(self, file: CameraFile) -> Any:
            return super().open(file) if fails == "reading" else FolderCamera.open(self, file)

    folder = make_camera(dock.slots / "plaats-1", serial=SERIALS[2])
    record(folder, "a.mp4")
    memory, attention = Memory(dock.folder / "state"), Attention()
    told = memory.read()
    for _ in range(2):  # the second time the film rests
        with Refusing(told.server, told.token) as client:
            visit = Visit(told, client, memory, Quiet(), attention, Round())
            visit.all([Bad(folder, Fault(1, 10, bad=True))])
        assert shown(attention.board, dock.slots) == {"plaats-1": state}


@pytest.mark.slow
@pytest.mark.xdist_group("vault")
def test_a_vault_that_is_away_or_wants_other_keys_is_shown_and_over_when_it_is_over(
    vault: Vault, dock: Dock, record: Record
) -> None:
    record(make_camera(dock.slots / "plaats-1", serial=SERIALS[3]), "a.mp4")
    memory, attention = Memory(dock.folder / "state"), Attention()
    true = memory.read()
    stranger = (str(Identity.generate().recipient), true.recipients[1])
    for wrong, state in (
        (replace(true, server="http://127.0.0.1:9"), "full"),
        (replace(true, recipients=stranger), "help"),
    ):
        memory.write(wrong)
        with pytest.raises((VaultAwayError, RecipientsChangedError)) as ended:
            once(dock, attention)
        attention.board.hold(held_by(ended.value))
        assert shown(attention.board, dock.slots) == {"plaats-1": state}
    memory.write(true)
    once(dock, attention)
    assert shown(attention.board, dock.slots) == {"plaats-1": "ready"}


@pytest.mark.slow
@pytest.mark.xdist_group("vault")
def test_the_program_itself_tells_the_vault(vault: Vault, dock: Dock, record: Record) -> None:
    record(make_camera(dock.slots / "plaats-1", serial=SERIALS[0]), "a.mp4")
    (dock.slots / "plaats-2").mkdir()
    name = Memory(dock.folder / "state").read().name
    assert dock.once()[0] == 0
    told = vault.slots(name)
    assert [one[:3] for one in told] == [("plaats-1", "ready", None), ("plaats-2", "empty", None)]
    assert told[0][3] != ""
