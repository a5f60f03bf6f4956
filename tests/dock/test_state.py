"""What a dock remembers."""

import json
import stat
from pathlib import Path

import pytest

from beeldkluis.camera.port import CameraFile, Listing
from beeldkluis.dock.state import Memory, MemoryNotWrittenError, NotEnrolledError, State, ToReport, Wiped
from beeldkluis.sealed.note import Signer


@pytest.fixture
def state() -> State:
    return State(
        server="https://kluis.example", dock="d", name="n", token="geheim", signer=Signer.generate("dock/n").text,
        vault_key="v", recipients=("age1a", "age1b"),
    )  # fmt: skip


def wiped(clip: str, name: str = "a.mp4") -> Wiped:
    return Wiped(clip=clip, name=name, size=3, changed_ns=10**18 + 1)


def test_everything_comes_back_as_it_was(tmp_path: Path, state: State) -> None:
    memory = Memory(tmp_path / "state")
    memory.write(state)
    strange = ToReport(serial="S", volume_id="V", files=(wiped("c", "\udcff\x1b.mp4"),))
    memory.will_report(strange)
    found = memory.read()
    assert found.to_report == (strange,)
    assert (found.recipients, found.signer, found.token) == (state.recipients, state.signer, "geheim")
    memory.change(strange, None)
    assert memory.read() == state


def test_only_its_owner_can_read_it_and_its_secrets_are_not_shown(tmp_path: Path, state: State) -> None:
    memory = Memory(tmp_path / "state")
    memory.write(state)
    assert stat.S_IMODE(memory.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(memory.path.parent.stat().st_mode) == 0o700
    assert "geheim" not in repr(state)
    assert state.signer not in repr(state)


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"to_report": 3}'])
def test_a_state_that_cannot_be_read_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "dock.json").write_text(content)
    with pytest.raises(NotEnrolledError):
        Memory(tmp_path).read()


def test_a_write_that_was_cut_leaves_the_old_state(tmp_path: Path, state: State) -> None:
    memory = Memory(tmp_path)
    memory.write(state)
    memory.path.with_suffix(".new").write_text(json.dumps({"half": 1})[:5])
    assert memory.read() == state
    memory.write(state)
    assert memory.read() == state


@pytest.mark.rule("intake.wipe-after-receipt")
def test_after_a_crash_only_what_is_gone_from_the_camera_was_wiped() -> None:
    cut_short = ToReport(serial="S", volume_id="V", files=(wiped("one", "1.mp4"), wiped("two", "2.mp4")))
    there = CameraFile(name="2.mp4", size=3, changed_ns=10**18 + 1)
    other_film_with_that_name = CameraFile(name="1.mp4", size=4, changed_ns=10**18 + 1)
    seen = cut_short.seen(Listing((there, other_film_with_that_name)))
    assert seen.clips == ("one",)
    assert seen.left == 2
    assert cut_short.seen(Listing(()), failed={there.mark}).clips == ("one",), "it did not go by our hand"


@pytest.mark.rule("intake.wipe-after-receipt")
@pytest.mark.parametrize("place", ["", "DCIM", "DCIM/100", "DCIM/100/1.mp4"])
def test_what_nobody_could_look_at_was_not_wiped(place: str) -> None:
    cut_short = ToReport(serial="S", volume_id="V", files=(wiped("one", "DCIM/100/1.mp4"), wiped("two", "DCIM2/2.mp4")))
    seen = cut_short.seen(Listing((), unread_places=(place,)))
    assert seen.clips == (("two",) if place else ())


def test_a_memory_that_cannot_be_written_is_said(tmp_path: Path, state: State) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    with pytest.raises(MemoryNotWrittenError, match="niet schrijven"):
        Memory(tmp_path / "state").write(state)
