"""A dock's round against a real vault: what arrives, what is wiped, and what stays on the camera and why."""

import hashlib
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import FileIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from tests.dock.conftest import SERIALS, Dock, Vault

from beeldkluis.camera.folder import FolderCamera
from beeldkluis.camera.port import CameraFile
from beeldkluis.camera.simulator import Fault, FaultyCamera, Scene, cut, lose_clock, make_camera, tell
from beeldkluis.dock.agent import Round, Visit
from beeldkluis.dock.attention import Attention
from beeldkluis.dock.client import Vault as Client
from beeldkluis.dock.enrolment import shown, trust
from beeldkluis.dock.state import Memory
from beeldkluis.sealed.age import Identity
from beeldkluis.sealed.note import Signer
from beeldkluis.sealed.receipt import Receipt

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("vault")]
Record = Callable[..., Path]


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def stored(vault: Vault, film_hash: str) -> dict[str, Any]:
    found = [one for one in vault.ask("contents") if one["promised"] == film_hash]
    assert len(found) == 1
    assert found[0]["sha256"] == film_hash
    return found[0]


def said(lines: list[dict[str, Any]], event: str) -> list[dict[str, Any]]:
    return [one for one in lines if one.get("event") == event]


def test_a_film_arrives_as_it_was_and_the_camera_is_emptied(vault: Vault, dock: Dock, record: Record) -> None:
    camera = make_camera(dock.slots / "plaats-1", serial=SERIALS[0], clock_error=timedelta(hours=-3))
    film_hash = sha256(record(camera, "DCIM/100/een.mp4", 3_000_000))
    code, lines = dock.once()
    assert code == 0, lines
    (docked,) = said(lines, "docked")
    assert docked["text"] == "BC-0: 1 opname."
    assert not list(camera.rglob("*.mp4*"))
    found = stored(vault, film_hash)
    assert found["reported"]
    assert found["officer"]
    assert found["state"] == "kept"
    code, lines = dock.once()
    assert code == 0
    assert not said(lines, "stored")


@pytest.mark.rule("camera.blocked")
def test_a_broken_film_is_sealed_and_sent_too_and_set_apart(vault: Vault, dock: Dock, record: Record) -> None:
    camera = make_camera(dock.slots / "plaats-1", serial=SERIALS[0])
    path = record(camera, "stuk.mp4")
    cut(path, 0.3)
    noise = camera / "ruis.mp4"
    noise.write_bytes(b"geen film" * 999)
    hashes = [sha256(path), sha256(noise)]
    assert dock.once()[0] == 0
    assert not list(camera.glob("*.mp4*"))
    for one in hashes:
        found = stored(vault, one)
        assert found["state"] == "quarantined"
        assert found["apart"]


def test_a_camera_that_nobody_knows_is_taken_in_and_set_apart(vault: Vault, dock: Dock, record: Record) -> None:
    camera = make_camera(dock.slots / "plaats-1", serial="VREEMD-1")
    film_hash = sha256(record(camera, "a.mp4"))
    code, lines = dock.once()
    assert code == 0
    assert said(lines, "apart")
    assert stored(vault, film_hash)["state"] == "quarantined"


def test_two_cameras_with_one_serial_are_both_taken_in_and_reported(vault: Vault, dock: Dock, record: Record) -> None:
    hashes = []
    for slot in ("plaats-1", "plaats-2"):
        camera = make_camera(dock.slots / slot, serial=SERIALS[1], volume_id=slot)
        hashes.append(sha256(record(camera, "zelfde-naam.mp4")))
    code, lines = dock.once()
    assert code == 0
    (twice,) = said(lines, "same-serial")
    words = f"nog een camera zegt dat zij {SERIALS[1]} is. Laat de camera staan en vraag om hulp."
    assert twice["text"] == f"plaats-2: {words}"
    assert {stored(vault, one)["serial"] for one in hashes} == {SERIALS[1]}
    assert not list(dock.slots.rglob("*.mp4"))


def test_the_same_film_is_kept_once_however_often_it_is_docked(vault: Vault, dock: Dock, record: Record) -> None:
    camera = make_camera(dock.slots / "plaats-1", serial=SERIALS[2])
    path = record(camera, "a.mp4")
    film_hash, copy = sha256(path), path.read_bytes()
    assert dock.once()[0] == 0
    path.write_bytes(copy)
    code, lines = dock.once()
    assert code == 0
    assert not said(lines, "progress")  # it was not sent again
    assert not path.exists()
    stored(vault, film_hash)


@pytest.mark.rule("recording.clock")
def test_a_camera_without_a_clock_does_not_have_its_film_destroyed_as_of_1980(
    vault: Vault, dock: Dock, record: Record
) -> None:
    camera = make_camera(dock.slots / "plaats-1", serial=SERIALS[0])
    film_hash = sha256(record(camera, "a.mp4"))
    lose_clock(camera)
    assert dock.once()[0] == 0
    found = stored(vault, film_hash)
    assert "recording.clock" in found["flags"]
    assert datetime.now(UTC) - datetime.fromisoformat(found["ended"]) < timedelta(minutes=5)


def test_a_wrong_clock_is_set_right_against_the_vault(vault: Vault, dock: Dock, record: Record) -> None:
    error = timedelta(days=-4, hours=5)
    camera = make_camera(dock.slots / "plaats-1", serial=SERIALS[3], clock_error=error)
    path = record(camera, "a.mp4")
    film_hash = sha256(path)
    began = datetime.now(UTC) - timedelta(minutes=40)
    tell(path, Scene(began, 2), error)
    assert dock.once()[0] == 0
    assert abs(datetime.fromisoformat(stored(vault, film_hash)["started"]) - began) < timedelta(seconds=5)


def in_process(dock: Dock, camera: FolderCamera) -> list[str]:
    """One round over one camera in this process, so that it can misbehave; the events."""
    memory, heard = Memory(dock.folder / "state"), Listener()
    state = memory.read()
    with Client(state.server, state.token) as client:
        visit = Visit(state, client, memory, heard, Attention(), Round())
        visit.all([camera])
    return heard.events


class Listener:
    def __init__(self) -> None:
        self.events: list[str] = []

    def say(self, what: str, **facts: Any) -> None:
        self.events.append(facts["event"])

    def progress(self, name: str, done: int, size: int) -> None:
        pass


@pytest.mark.rule("intake.wipe-after-receipt")
@pytest.mark.parametrize(
    ("fault", "event"),
    [
        (Fault(1, 4_000_000, bad=True), "unreadable"),
        (Fault(3, 4_000_000, bad=True), "unreadable"),
        (Fault(3, 4_000_000), "changed"),
        (Fault(3, 10), "changed"),
        (Fault(3, 4_000_000, gone=True), "camera-gone"),
        (Fault(1, 10, gone=True), "camera-gone"),
    ],
)
def test_a_camera_that_reads_badly_stays_full(
    vault: Vault, dock: Dock, record: Record, fault: Fault, event: str
) -> None:
    folder = make_camera(dock.slots / "plaats-1", serial=SERIALS[0])
    film_hash = sha256(record(folder, "a.mp4", 6_000_000))
    events = in_process(dock, FaultyCamera(folder, fault))
    assert event in events
    assert "stored" not in events
    assert (SERIALS[0], film_hash) not in vault.received()
    assert len(list(dock.folder.rglob("a.mp4"))) == 1
    if fault.gone:
        shutil.move(dock.folder / "slots-taken-out" / "plaats-1", folder)
    assert "wiped" in in_process(dock, FolderCamera(folder))  # read well, it is taken in after all
    stored(vault, film_hash)


def test_one_bad_film_keeps_no_other_from_the_vault(vault: Vault, dock: Dock, record: Record) -> None:
    class OneBad(FaultyCamera):
        def open(self, file: CameraFile) -> FileIO:
            return super().open(file) if file.name == "slecht.mp4" else FolderCamera.open(self, file)

    folder = make_camera(dock.slots / "plaats-1", serial=SERIALS[0])
    record(folder, "slecht.mp4", minutes_ago=50)
    good = sha256(record(folder, "goed.mp4", minutes_ago=20))
    events = in_process(dock, OneBad(folder, Fault(1, 10, bad=True)))
    assert events == ["docked", "unreadable", "stored", "wiped"]
    stored(vault, good)
    assert [path.name for path in folder.glob("*.mp4")] == ["slecht.mp4"]


@pytest.mark.rule("intake.wipe-after-receipt")
def test_a_receipt_by_another_key_wipes_nothing(vault: Vault, dock: Dock, record: Record) -> None:
    class Liar(Client):
        def receipt(self, serial: str, source_sha256: str) -> str | None:
            digest = bytes(32)
            return Receipt(
                recording=uuid4(), object=uuid4(), serial=serial, source_sha256=source_sha256, sealed_sha256="0" * 64,
                size=1, log="x", index=0, tree_size=1, leaf=digest, root=digest, proof=(),
            ).sign(Signer.generate("beeldkluis.local/journal"))  # fmt: skip

    folder = make_camera(dock.slots / "plaats-1", serial=SERIALS[0])
    path = record(folder, "a.mp4")
    memory, heard = Memory(dock.folder / "state"), Listener()
    state = memory.read()
    with Liar(state.server, state.token) as client:
        Visit(state, client, memory, heard, Attention(), Round()).all([FolderCamera(folder)])
    assert heard.events == ["docked", "bad-receipt"]
    assert path.exists()


@pytest.mark.rule("intake.wipe-after-receipt")
def test_a_true_receipt_for_another_film_wipes_nothing(vault: Vault, dock: Dock, record: Record) -> None:
    folder = make_camera(dock.slots / "plaats-1", serial=SERIALS[0])
    other = sha256(record(folder, "a.mp4"))
    assert dock.once()[0] == 0

    class Liar(Client):
        def receipt(self, serial: str, source_sha256: str) -> str | None:
            return super().receipt(serial, other)

    path = record(folder, "b.mp4")
    memory, heard = Memory(dock.folder / "state"), Listener()
    state = memory.read()
    with Liar(state.server, state.token) as client:
        Visit(state, client, memory, heard, Attention(), Round()).all([FolderCamera(folder)])
    assert heard.events == ["docked", "not-wiped"]
    assert path.exists()


def test_a_server_that_is_away_leaves_the_camera_full_and_says_so(vault: Vault, dock: Dock, record: Record) -> None:
    path = record(make_camera(dock.slots / "plaats-1", serial=SERIALS[0]), "a.mp4")
    memory = Memory(dock.folder / "state")
    memory.write(replace(memory.read(), server="http://127.0.0.1:9"))
    code, lines = dock.once()
    assert code == 1
    assert "De camera's blijven vol." in said(lines, "waiting")[0]["text"]
    assert path.exists()


@pytest.mark.rule("storage.sealed")
def test_other_keys_than_were_pinned_stop_the_dock_until_a_person_compares(
    vault: Vault, dock: Dock, record: Record
) -> None:
    path = record(make_camera(dock.slots / "plaats-1", serial=SERIALS[0]), "a.mp4")
    memory = Memory(dock.folder / "state")
    true = memory.read()
    memory.write(replace(true, recipients=(str(Identity.generate().recipient), true.recipients[1])))
    assert dock.once()[0] == 1
    assert path.exists()
    assert not trust(memory, [shown(one) for one in memory.read().recipients])
    assert not trust(memory, [shown(true.recipients[0])])
    assert dock.once()[0] == 1
    assert trust(memory, [shown(one).upper() for one in true.recipients])
    assert memory.read() == true
    assert dock.once()[0] == 0


def test_a_server_with_another_key_is_not_the_one_that_let_the_dock_in(vault: Vault, dock: Dock) -> None:
    memory = Memory(dock.folder / "state")
    memory.write(replace(memory.read(), vault_key=Signer.generate("beeldkluis.local/journal").vkey))
    code, lines = dock.once()
    assert code == 1
    assert "niet de sleutel" in said(lines, "waiting")[0]["text"]


def test_a_full_card_is_emptied_too(vault: Vault, dock: Dock, record: Record) -> None:
    folder = dock.slots / "plaats-1"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "card", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no small disk can be mounted here")
    try:
        make_camera(folder, serial=SERIALS[0])
        film_hash = sha256(record(folder, "a.mp4", 10_000))
        with pytest.raises(OSError, match="No space"):
            (folder / "vol.bin").write_bytes(bytes(1_000_000))
        assert dock.once()[0] == 0
        assert not list(folder.glob("*.mp4"))
    finally:
        subprocess.run(["umount", folder], check=True)
    stored(vault, film_hash)


def test_the_dock_keeps_no_film_and_no_key(vault: Vault, dock: Dock, record: Record) -> None:
    camera = make_camera(dock.slots / "plaats-1", serial=SERIALS[0])
    content = record(camera, "a.mp4").read_bytes()
    assert dock.once()[0] == 0
    for path in (dock.folder / "state").rglob("*"):
        assert path.is_dir() or content[-500:] not in path.read_bytes()
    assert [path.name for path in (dock.folder / "state").iterdir()] == ["dock.json"]
    assert not Memory(dock.folder / "state").read().to_report
