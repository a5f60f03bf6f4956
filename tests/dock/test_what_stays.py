"""What a dock does with everything on a camera that is no plain film, and with a camera on which something is wrong: one bad
thing stops only itself, the words are true, and nothing that may be footage stays unseen.
"""

import errno
import hashlib
import json
import os
import secrets
import shutil
import sqlite3
import subprocess
import wave
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import av
import pytest
from tests.dock.conftest import SERIALS, Dock, Vault

from beeldkluis.camera.folder import FolderCamera
from beeldkluis.camera.port import CameraFile, Cleared
from beeldkluis.camera.simulator import make_camera
from beeldkluis.dock import offload
from beeldkluis.dock.agent import Round, Visit
from beeldkluis.dock.attention import Attention, Rest
from beeldkluis.dock.client import Vault as Client
from beeldkluis.dock.client import VaultAwayError
from beeldkluis.dock.state import Memory

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("vault")]
Record = Callable[..., Path]
ROOT = os.geteuid() == 0


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def events(lines: list[dict[str, Any]]) -> list[str]:
    return [one["event"] for one in lines if one.get("event") != "progress"]


def only(lines: list[dict[str, Any]], event: str) -> dict[str, Any]:
    (one,) = [line for line in lines if line.get("event") == event]
    return one


def findings(vault: Vault) -> list[str]:
    """The sentences about what stays on cameras, as they stand in the database."""
    asked = "select text from findings_finding where rule = 'intake.nothing-left' order by id"
    with closing(sqlite3.connect(f"file:{vault.folder}/beeldkluis.sqlite3?mode=ro", uri=True, timeout=10)) as database:
        return [text for (text,) in database.execute(asked)]


def reported(vault: Vault, hashes: Sequence[str]) -> set[str]:
    """Which of these the vault was told are gone from their camera."""
    asked = "select source_sha256 from intake_receipt where wiped_reported_at is not null"
    with closing(sqlite3.connect(f"file:{vault.folder}/beeldkluis.sqlite3?mode=ro", uri=True, timeout=10)) as database:
        return {one for (one,) in database.execute(asked)} & set(hashes)


def received(vault: Vault, hashes: Sequence[str]) -> bool:
    return set(hashes) <= {one for _serial, one in vault.received()}


class Saying:
    """A terminal that remembers."""

    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []

    def say(self, what: str, **facts: Any) -> None:
        self.lines.append({"text": what, **facts})

    def progress(self, name: str, done: int, size: int) -> None:
        pass


@contextmanager
def visits(dock: Dock, client: type[Client] = Client) -> Iterator[Callable[..., tuple[Round, list[dict[str, Any]]]]]:
    """Rounds of one running program in this process, over cameras that may misbehave."""
    memory, attention = Memory(dock.folder / "state"), Attention()
    state = memory.read()
    with client(state.server, state.token) as line:

        def once(*cameras: FolderCamera) -> tuple[Round, list[dict[str, Any]]]:
            heard = Saying()
            visit = Visit(state, line, memory, heard, attention, Round())
            visit.all(cameras)
            return visit.done, heard.lines

        once.attention = attention  # type: ignore[attr-defined]  # for a test that lets time pass
        yield once


def once_without_rights(dock: Dock) -> tuple[int, list[dict[str, Any]]]:
    """One round of the dock's program, to which rights on files mean what they mean to everybody."""
    limited = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"] if ROOT else []
    if ROOT and shutil.which("setpriv") is None:
        pytest.skip("root cannot give its rights up here")
    words = [*limited, *dock.words("--once")]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300, check=False)
    assert not done.stderr, done.stderr
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


@contextmanager
def shut(path: Path, mode: int = 0) -> Iterator[None]:
    """As long as it lasts, these rights on a folder or file."""
    before = path.stat().st_mode
    path.chmod(mode)
    try:
        yield
    finally:
        path.chmod(before)


def as_stream(film: Path, path: Path) -> None:
    """The same pictures as an MPEG transport stream."""
    with av.open(str(film)) as source, av.open(str(path), "w", format="mpegts") as made:
        stream = made.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                made.mux(packet)
    with path.open("ab") as more:
        more.write(secrets.token_bytes(8))


@pytest.mark.rule("intake.nothing-left")
def test_film_in_other_containers_sound_and_photographs_are_taken_in(
    vault: Vault, dock: Dock, record: Record, film: Path
) -> None:
    camera = make_camera(dock.slots / "plaats-1", serial=SERIALS[0])
    record(camera, "DCIM/A.mp4")
    as_stream(film, camera / "DCIM" / "B.TS")
    as_stream(film, camera / "DCIM" / "C.MTS")
    for name in ("D.3gp", "GX010001.LRV", ".Trashes/501/G.MP4", "zonder", "._X.MP4"):
        record(camera, f"DCIM/{name}")
        (camera / "DCIM" / f"{name}.json").unlink()
    with wave.open(str(camera / "DCIM" / "E.wav"), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(secrets.token_bytes(8000))
    (camera / "DCIM" / "F.JPG").write_bytes(b"\xff\xd8\xff\xe0" + secrets.token_bytes(100))
    (camera / "DCIM" / "leeg.mp4").touch()
    (camera / "DCIM" / os.fsdecode(b"\xff.AVI")).write_bytes(secrets.token_bytes(100))
    hashes = [sha256(one) for one in (camera / "DCIM").rglob("*") if one.is_file() and one.suffix != ".json"]
    assert len(hashes) == 12
    code, lines = dock.once()
    assert (code, events(lines)[0], events(lines)[-2:]) == (0, "docked", ["wiped", "done"])
    assert only(lines, "wiped")["text"] == "plaats-1: 12 gewist, de camera is leeg."
    assert [one.name for one in camera.rglob("*") if one.is_file()] == ["clock.txt", "camera.json"]
    assert received(vault, hashes)


@pytest.mark.rule("intake.nothing-left")
def test_what_a_computer_leaves_behind_is_no_recording_and_text_and_firmware_are_said_once(
    vault: Vault, dock: Dock, record: Record
) -> None:
    camera = make_camera(dock.slots / "plaats-1", serial=SERIALS[1])
    film_hash = sha256(record(camera, "DCIM/MOVI0001.MP4"))
    (camera / "DCIM" / "._MOVI0001.MP4").write_bytes(b"\x00\x05\x16\x07\x00\x02\x00\x00" + secrets.token_bytes(4000))
    (camera / ".DS_Store").write_bytes(b"\x00\x00\x00\x01Bud1")
    (camera / "LOG.TXT").write_text("aan\nuit\n")
    (camera / "FW.BIN").write_bytes(b"\x7fELF\x00\x01" + secrets.token_bytes(100))
    before, told = vault.received(), findings(vault)
    with visits(dock) as once:
        done, lines = once(FolderCamera(camera))
        assert events(lines) == ["docked", "stored", "wiped", "others"]
        assert only(lines, "wiped")["text"] == "plaats-1: 1 gewist, er staat geen opname meer op de camera."
        words = "plaats-1: 2 bestanden zijn geen beeld of geluid en blijven staan: 1 × .bin, 1 × .txt."
        assert only(lines, "others")["text"] == words
        assert (done.left, done.unread, done.others) == (0, 0, 2)
        assert once(FolderCamera(camera))[1] == []
    assert vault.received() - before == {(SERIALS[1], film_hash)}
    (new,) = findings(vault)[len(told) :]
    assert "BC-1" in new
    assert "1 bestand (.bin)" in new
    assert "FW" not in new


@pytest.mark.rule("intake.nothing-left", "intake.wipe-after-receipt")
@pytest.mark.parametrize("name", ["lost+found", "System Volume Information", "DCIM/101"])
def test_a_folder_that_cannot_be_read_stops_only_itself(vault: Vault, dock: Dock, record: Record, name: str) -> None:
    camera = make_camera(dock.slots / "p1", serial=SERIALS[2])
    film_hash = sha256(record(camera, "DCIM/A.mp4"))
    hidden = record(camera, f"{name}/B.mp4").parent
    with shut(hidden):
        code, lines = once_without_rights(dock)
    assert code == 3
    assert only(lines, "wiped")["text"] == "p1: 1 gewist, maar niet alles op de camera was te lezen."
    words = f"p1: niet te lezen: map {name} (geen toegang). Daar kan beeld in staan."
    assert only(lines, "unreadable-folder")["text"] == f"{words} Laat de camera staan en vraag om hulp."
    assert {"left": 0, "unread": 1, "wiped": 1}.items() <= only(lines, "done").items()
    assert not (camera / "DCIM" / "A.mp4").exists()
    assert received(vault, [film_hash])
    assert len([one for one in findings(vault) if "BC-2 " in one and "1 map" in one]) == 1, (
        "the same words are said once"
    )
    assert once_without_rights(dock)[0] == 0
    assert not list(camera.rglob("*.mp4"))


def test_a_slot_that_cannot_be_looked_into_keeps_no_other_from_its_turn(
    vault: Vault, dock: Dock, record: Record
) -> None:
    bad = dock.slots / "p0"
    bad.mkdir()
    film_hash = sha256(record(make_camera(dock.slots / "p1", serial=SERIALS[0]), "A.mp4"))
    with shut(bad):
        code, lines = once_without_rights(dock)
    assert code == 3
    gone = "p0: de camera is niet te lezen (geen toegang). Er is niets van gewist."
    assert only(lines, "camera-gone")["text"] == gone
    assert only(lines, "done")["unread"] == 1
    assert received(vault, [film_hash])


def test_the_screen_says_that_a_slot_that_cannot_be_looked_into_needs_help(
    vault: Vault, dock: Dock, record: Record
) -> None:
    bad = dock.slots / "p0"
    bad.mkdir()
    with shut(bad):
        once_without_rights(dock)
    name = Memory(dock.folder / "state").read().name
    assert [(slot, state) for slot, state, *_ in vault.slots(name)] == [("p0", "help")]


def test_slots_that_nobody_can_see_are_said_and_are_no_success(vault: Vault, dock: Dock) -> None:
    with shut(dock.slots):
        code, lines = once_without_rights(dock)
    assert code == 3
    assert only(lines, "slots-unreadable")["text"] == "De map met plaatsen is niet te lezen (geen toegang)."


def test_a_film_that_cannot_be_read_stays_is_told_and_is_no_success(vault: Vault, dock: Dock, record: Record) -> None:
    camera = make_camera(dock.slots / "p1", serial=SERIALS[3])
    good, bad = record(camera, "a.mp4"), record(camera, "b.mts")
    film_hash = sha256(good)
    with shut(bad):
        code, lines = once_without_rights(dock)
    assert code == 3
    assert only(lines, "unreadable")["file"] == "b.mts"
    assert {"left": 1, "wiped": 1}.items() <= only(lines, "done").items()
    assert received(vault, [film_hash])
    assert [one for one in findings(vault) if "BC-3 " in one and "niet te lezen: 1 bestand (.mts)" in one]


@pytest.fixture
def locked(dock: Dock) -> Iterator[tuple[Path, Callable[[], None]]]:
    """A card on which nothing can be written once it was locked."""
    folder = dock.slots / "plaats-1"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "card", folder], capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    yield folder, lambda: subprocess.run(["mount", "-o", "remount,ro", folder], check=True) and None
    subprocess.run(["umount", folder], check=True)


@pytest.mark.rule("intake.wipe-after-receipt", "intake.nothing-left")
def test_a_locked_card_is_read_once_and_rests(
    vault: Vault, dock: Dock, record: Record, locked: tuple[Path, Callable[[], None]]
) -> None:
    folder, lock = locked
    make_camera(folder, serial=SERIALS[3])
    hashes = [sha256(record(folder, f"F{one}.mp4")) for one in range(3)]
    lock()
    camera = FolderCamera(folder)
    words = "plaats-1: 0 van de 3 gewist. De kaart kan niet worden beschreven: zij is op slot of alleen te lezen."
    words += " 3 opnames zijn opgeslagen maar blijven op de camera."
    with visits(dock) as once:
        done, lines = once(camera)
        assert events(lines) == ["docked", "stored", "stored", "stored", "locked"]
        assert only(lines, "locked")["text"] == words
        assert (done.left, done.wiped) == (3, 0)
        assert [once(camera)[1] for _ in range(3)] == [[], [], []], "they rest"
        resting = once.attention._resting  # type: ignore[attr-defined]
        assert {one.pause for one in resting.values()} == {60.0}
        resting.update({key: Rest(0.0, one.pause, one.state, one.event) for key, one in resting.items()})
        assert events(once(camera)[1]) == ["stored", "stored", "stored", "locked"], "met once, tried again"
        assert {one.pause for one in resting.values()} == {120.0}
    assert received(vault, hashes)
    code, lines = dock.once()  # the program was started anew
    assert code == 3
    assert {"left": 3, "wiped": 0}.items() <= only(lines, "done").items()
    assert only(lines, "locked")["text"] == words
    assert (
        len([one for one in findings(vault) if "BC-3 " in one and "gewist kunnen worden: 3 bestanden (.mp4)" in one])
        == 1
    )
    assert not Memory(dock.folder / "state").read().to_report


@pytest.mark.rule("intake.wipe-after-receipt")
def test_wiping_that_stops_half_way_says_how_many_were_wiped_and_how_many_not(
    vault: Vault, dock: Dock, record: Record
) -> None:
    camera = make_camera(dock.slots / "p1", serial=SERIALS[0])
    gone = [record(camera, f"{one}.mp4", minutes_ago=90 - one) for one in range(2)]
    kept = [record(camera, f"vast/{one}.mp4", minutes_ago=50 - one) for one in range(3)]
    gone.append(record(camera, "later.mp4", minutes_ago=10))
    hashes = [sha256(one) for one in (*gone, *kept)]
    with shut(camera / "vast", 0o555):
        code, lines = once_without_rights(dock)
    assert code == 3
    assert only(lines, "wiped")["text"] == "p1: 3 gewist, nog 3 op de camera."
    assert only(lines, "locked")["text"].startswith("p1: 3 van de 6 gewist.")
    assert {"left": 3, "wiped": 3}.items() <= only(lines, "done").items()
    assert received(vault, hashes)
    assert [one.exists() for one in (*gone, *kept)] == [False] * 3 + [True] * 3
    assert reported(vault, hashes) == set(hashes[:3])


class Unplugged(FolderCamera):
    """A camera that is taken out while it is wiped, after so many films: its slot is an empty folder then."""

    after = 0

    def clear(self, files: Sequence[CameraFile]) -> Cleared:
        done = super().clear(files[: self.after])
        self.folder.rename(self.folder.parents[1] / "uit")
        self.folder.mkdir()
        rest = super().clear(files[self.after :])
        return Cleared(done.removed + rest.removed, done.failed + rest.failed)


@pytest.mark.rule("intake.wipe-after-receipt")
@pytest.mark.parametrize("after", [0, 2])
def test_a_camera_that_is_taken_out_while_it_is_wiped_is_not_said_to_be_empty(
    vault: Vault, dock: Dock, record: Record, after: int
) -> None:
    folder = make_camera(dock.slots / "plaats-1", serial=SERIALS[0])
    hashes = [sha256(record(folder, f"{one}.mp4", minutes_ago=30 - one)) for one in range(3)]
    camera = Unplugged(folder)
    camera.after = after
    with visits(dock) as once:
        done, lines = once(camera)
    assert events(lines) == ["docked", "stored", "stored", "stored", "camera-gone"]
    words = f"plaats-1: de camera is weg. {after} van de 3 gewist; van {3 - after} is het niet zeker,"
    assert only(lines, "camera-gone")["text"].startswith(words)
    assert (done.wiped, done.left, done.unread, done.everything) == (after, 3 - after, 1, False)
    assert reported(vault, hashes) == set(), "nobody saw what came of it"
    assert dock.once()[0] == 0, "an empty slot is no camera"
    assert reported(vault, hashes) == set()
    folder.rmdir()
    (dock.folder / "uit").rename(folder)
    assert dock.once()[0] == 0
    assert reported(vault, hashes) == set(hashes)
    assert not list(folder.glob("*.mp4"))


def test_a_camera_that_another_one_took_the_place_of_is_not_said_to_be_empty(
    vault: Vault, dock: Dock, record: Record
) -> None:
    other = make_camera(dock.folder / "elders", serial=SERIALS[1])

    class Swapped(FolderCamera):
        def clear(self, files: Sequence[CameraFile]) -> Cleared:
            self.folder.rename(dock.folder / "weg")
            other.rename(self.folder)
            return super().clear(files)

    folder = make_camera(dock.slots / "plaats-1", serial=SERIALS[0])
    record(folder, "a.mp4")
    with visits(dock) as once:
        done, lines = once(Swapped(folder))
    assert only(lines, "camera-gone")["text"].startswith("plaats-1: er staat een andere camera. 0 van de 1 gewist")
    assert (done.wiped, done.left) == (0, 1)
    assert (dock.folder / "weg" / "a.mp4").exists()


def test_what_cannot_be_told_to_the_vault_holds_up_no_camera_and_is_told_later(
    vault: Vault, dock: Dock, record: Record
) -> None:
    class Deaf(Client):
        deaf = True

        def left(self, serial: str, slot: str, rows: Any) -> None:
            if self.deaf:
                raise VaultAwayError("nu niet")
            super().left(serial, slot, rows)

    camera = make_camera(dock.slots / "plaats-1", serial=SERIALS[3])
    record(camera, "a.mp4")
    (camera / "x.rom").write_bytes(b"\x00\x01\x02")
    told = findings(vault)
    with visits(dock, Deaf) as once:
        assert events(once(FolderCamera(camera))[1]) == ["docked", "stored", "wiped", "others"]
        assert findings(vault) == told
        Deaf.deaf = False
        assert once(FolderCamera(camera))[1] == []
    assert len(findings(vault)) == len(told) + 1


def test_film_with_a_moment_of_change_that_nobody_can_reckon_with_is_taken_in(
    vault: Vault, dock: Dock, record: Record
) -> None:
    camera = make_camera(dock.slots / "plaats-1", serial=SERIALS[0])
    hashes = []
    for number, when in enumerate((-(2**40), 2**40, 0)):
        path = record(camera, f"{number}.mp4")
        Path(f"{path}.json").unlink()
        try:
            os.utime(path, (when, when))
        except OSError:
            continue
        hashes.append(sha256(path))
    assert dock.once()[0] == 0
    assert received(vault, hashes)


def test_a_memory_that_cannot_be_written_wipes_nothing_and_is_said(vault: Vault, dock: Dock, record: Record) -> None:
    path = record(make_camera(dock.slots / "p1", serial=SERIALS[0]), "a.mp4")
    with shut(dock.folder / "state", 0o555):
        code, lines = once_without_rights(dock)
    assert code == 1
    assert "niet schrijven" in only(lines, "waiting")["text"]
    assert path.exists()


def test_a_camera_that_tells_no_room_and_a_machine_that_starts_no_process_lose_nothing(
    vault: Vault, dock: Dock, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_process(_descriptor: int) -> Any:
        raise OSError(errno.EAGAIN, "no more processes")

    def no_room(_folder: Path) -> Any:
        raise OSError(errno.EIO, "no room")

    monkeypatch.setattr(offload, "look", no_process)
    monkeypatch.setattr(shutil, "disk_usage", no_room)
    folder = make_camera(dock.slots / "plaats-1", serial=SERIALS[0])
    film_hash = sha256(record(folder, "a.mp4"))
    with visits(dock) as once:
        assert events(once(FolderCamera(folder))[1]) == ["docked", "stored", "wiped"]
    assert received(vault, [film_hash])
