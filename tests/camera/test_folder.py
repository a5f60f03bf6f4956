"""A camera that is a folder. Nothing on it is believed, no link on it is followed, nothing on it is written but the wipe."""

import json
import os
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beeldkluis.camera import folder
from beeldkluis.camera.folder import DEEPEST, FolderCamera, _moment
from beeldkluis.camera.makes import find_cameras
from beeldkluis.camera.port import EARLIEST, CameraFile, CameraGoneError, printable


@pytest.fixture
def camera(tmp_path: Path) -> FolderCamera:
    folder = tmp_path / "plaats-1"
    folder.mkdir()
    (folder / "camera.json").write_text('{"serial": "SIM-1", "make": "Proef", "model": "P", "volume_id": "V-1"}')
    return FolderCamera(folder)


def put(camera: FolderCamera, name: str, content: bytes = b"film", **told: object) -> Path:
    path = camera.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    if told:
        Path(f"{path}.json").write_text(json.dumps(told))
    return path


def names(camera: FolderCamera) -> list[str]:
    return [one.name for one in camera.files()]


def test_only_a_folder_that_says_who_it_is_counts_as_a_camera(camera: FolderCamera, tmp_path: Path) -> None:
    (tmp_path / "leeg").mkdir()
    (tmp_path / "bestand").write_text("x")
    assert [one.slot for one in find_cameras(tmp_path)] == ["plaats-1"]
    assert find_cameras(tmp_path / "nergens") == []
    identity = camera.identity()
    assert (identity.serial, identity.volume_id, identity.slot) == ("SIM-1", "V-1", "plaats-1")


def test_films_are_found_in_their_folders_oldest_first_and_other_files_are_left_out(camera: FolderCamera) -> None:
    put(camera, "DCIM/100/B.MP4", started="2026-11-01T10:00:00Z")
    put(camera, "a.mkv", started="2026-11-01T12:00:00+01:00")
    put(camera, "notes.txt")
    put(camera, "firmware.bin")
    deepest = "/".join(["x"] * DEEPEST)
    put(camera, f"{deepest}/c.mp4")
    put(camera, f"{deepest}/x/too-deep.mp4")
    assert names(camera) == ["DCIM/100/B.MP4", "a.mkv", f"{deepest}/c.mp4"]


def test_what_a_camera_tells_of_a_film_is_taken_over_with_its_zone(camera: FolderCamera) -> None:
    put(camera, "a.mp4", started="2026-11-01T12:00:00+01:00", activated="2026-11-01T11:02:00", group="G", position=3)
    file = camera.files()[0]
    assert file.started_at == datetime(2026, 11, 1, 11, tzinfo=UTC)
    assert file.activated_at == datetime(2026, 11, 1, 11, 2, tzinfo=UTC)
    assert (file.ended_at, file.group, file.position, file.size) == (None, "G", 3, 4)


@pytest.mark.parametrize(
    "told",
    [
        '{"started": 7, "position": -1, "group": null}',
        '{"started": "0001-01-01T00:00:00+14:00", "position": true}',
        '{"started": "9999-12-31T23:59:59-12:00", "position": 1e400}',
        "[1]",
        "{",
        "[" * 30_000,
        '{"started": "' + "9" * 70_000 + '"}',
        '{"position": 999999999999, "group": []}',
    ],
)
def test_nonsense_beside_a_film_is_taken_for_silence(camera: FolderCamera, told: str) -> None:
    put(camera, "a.mp4")
    (camera.folder / "a.mp4.json").write_text(told)
    file = camera.files()[0]
    assert file.started_at is None
    assert file.position == 0


@given(
    st.one_of(
        st.text(), st.datetimes().map(str), st.integers(), st.none(), st.datetimes(timezones=st.timezones()).map(str)
    )
)
def test_a_time_is_a_possible_moment_or_none(said: object) -> None:
    moment = _moment(said)
    assert moment is None or (moment.utcoffset() == timedelta(0) and 1980 <= moment.year <= 2200)


def test_links_pipes_and_folders_are_no_films(camera: FolderCamera, tmp_path: Path) -> None:
    secret = tmp_path / "secret.mp4"
    secret.write_bytes(b"of the dock")
    (camera.folder / "link.mp4").symlink_to(secret)
    (camera.folder / "inside").symlink_to(tmp_path)
    os.mkfifo(camera.folder / "pipe.mp4")
    (camera.folder / "folder.mp4").mkdir()
    assert names(camera) == []
    for name in ("link.mp4", "pipe.mp4", "folder.mp4", "inside/secret.mp4"):
        file = CameraFile(name=name, size=secret.stat().st_size, changed_ns=secret.stat().st_mtime_ns)
        with pytest.raises(CameraGoneError):
            camera.open(file)
        assert not camera.unchanged(file)
    (camera.folder / "camera.json").unlink()
    (camera.folder / "camera.json").symlink_to(tmp_path / "identity")
    (tmp_path / "identity").write_text('{"serial": "of the dock"}')
    with pytest.raises(CameraGoneError):
        camera.identity()


def test_wiping_follows_no_link_out_of_the_camera(camera: FolderCamera, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    kept = put(camera, "sub/a.mp4")
    file = camera.files()[0]
    kept.parent.rename(tmp_path / "outside" / "sub")
    (camera.folder / "sub").symlink_to(tmp_path / "outside" / "sub")
    done = camera.clear([file])
    assert (done.removed, [one for one, _number in done.failed]) == ((), [file])
    assert (tmp_path / "outside" / "sub" / "a.mp4").exists()


@pytest.mark.rule("intake.wipe-after-receipt")
def test_a_film_that_changed_since_it_was_listed_is_not_removed(camera: FolderCamera) -> None:
    kept, gone = put(camera, "kept.mp4", position=1), put(camera, "gone.mp4", position=1)
    files = camera.files()
    kept.write_bytes(b"more film")
    camera.clear(files)
    assert kept.exists()
    assert (camera.folder / "kept.mp4.json").exists()
    assert not gone.exists()
    assert not (camera.folder / "gone.mp4.json").exists()
    camera.clear(files)  # once more does nothing
    assert names(camera) == ["kept.mp4"]


def test_unchanged_looks_at_size_and_moment(camera: FolderCamera) -> None:
    path = put(camera, "a.mp4")
    file = camera.files()[0]
    assert camera.unchanged(file)
    os.utime(path, ns=(file.changed_ns, file.changed_ns + 1))
    assert not camera.unchanged(file)
    path.unlink()
    assert not camera.unchanged(file)


def test_the_clock_runs_on_from_when_it_was_read(camera: FolderCamera) -> None:
    assert camera.clock() is None
    clock = camera.folder / "clock.txt"
    clock.write_text("2020-01-01T00:00:00Z")
    os.utime(clock, (time.time() - 60, time.time() - 60))
    said = camera.clock()
    assert said is not None
    assert timedelta(seconds=60) <= said - datetime(2020, 1, 1, tzinfo=UTC) < timedelta(seconds=65)
    clock.write_text("twaalf uur")
    assert camera.clock() is None
    clock.write_bytes(b"\xff\xfe")
    assert camera.clock() is None


def test_a_camera_that_was_taken_out_is_gone(camera: FolderCamera) -> None:
    file = CameraFile(name="a.mp4", size=1, changed_ns=0)
    camera.folder.rename(camera.folder.with_name("away"))
    for ask in (
        camera.identity,
        camera.files,
        camera.free_bytes,
        lambda: camera.open(file),
        lambda: camera.clear([file]),
    ):
        with pytest.raises(CameraGoneError):
            ask()


def test_a_camera_cannot_speak_to_the_terminal(camera: FolderCamera) -> None:
    put(camera, os.fsdecode(b"\x1b[2J\xff\n.mp4"))
    (camera.folder / "camera.json").write_text('{"serial": "\\u001b[31m\\ud800", "volume_id": "\\u0000"}')
    identity, file = camera.identity(), camera.files()[0]
    for shown in (identity.serial, identity.volume_id, file.label):
        assert shown.isprintable()
        shown.encode()
    with camera.open(file) as source:
        assert source.read() == b"film"


@given(st.text(), st.integers(0, 50))
def test_what_is_printable_is_short_and_harmless(text: str, most: int) -> None:
    shown = printable(text, most)
    assert len(shown) <= most
    assert shown.isprintable()
    assert shown.encode() or not shown


def test_everything_that_may_be_footage_is_listed(camera: FolderCamera) -> None:
    strange = os.fsdecode(b"\xff\xfe.MTS")
    deep = "/".join(["d" * 200] * DEEPEST) + "/diep.3gp"  # longer than the system takes as one path
    for name in (
        "A.TS",
        ".verborgen.lrv",
        "leeg.mp4",
        "zonder",
        strange,
        ".Trashes/501/B.MOV",
        "$RECYCLE.BIN/S-1/$R1.MP4",
    ):
        put(camera, name, b"" if name == "leeg.mp4" else b"\x00\x01\x02\x03")
    descriptor = os.open(camera.folder, os.O_RDONLY)
    for part in deep.split("/")[:-1]:
        os.mkdir(part, dir_fd=descriptor)
        below = os.open(part, os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = below
    os.close(os.open("diep.3gp", os.O_CREAT | os.O_WRONLY, dir_fd=descriptor))
    os.close(descriptor)
    listing = camera.listing()
    assert {one.name for one in listing.files} == {
        "A.TS", ".verborgen.lrv", "leeg.mp4", "zonder", strange, ".Trashes/501/B.MOV", "$RECYCLE.BIN/S-1/$R1.MP4", deep
    }  # fmt: skip
    assert listing.others == ()
    assert len(camera.clear(listing.files).removed) == 8
    assert camera.files() == ()
    subprocess.run(["rm", "-rf", camera.folder], check=True)


def test_what_stays_is_told_by_its_kind_and_accounts_and_traces_are_not(camera: FolderCamera) -> None:
    put(camera, "a.mp4", started="2026-11-01T10:00:00Z")
    put(camera, "clock.txt", b"2026-11-01T10:00:00Z")
    put(camera, "LOG.TXT", b"aan\r\nuit\r\n")
    put(camera, "FW/update.BIN", b"\x7fELF\x00\x01")
    put(camera, "._a.mp4", b"\x00\x05\x16\x07" + bytes(4092))
    put(camera, "System Volume Information/IndexerVolumeGuid", b"\x01\x00")
    put(camera, "oud.mp4.json", b"{}")
    listing = camera.listing()
    assert [one.name for one in listing.files] == ["a.mp4"]
    assert {(one.label, one.ending, one.text) for one in listing.others} == {
        ("LOG.TXT", ".txt", True), ("FW/update.BIN", ".bin", False), ("oud.mp4.json", ".json", True)
    }  # fmt: skip


def test_what_a_power_cut_left_of_an_account_is_no_film_and_goes_with_its_film(camera: FolderCamera) -> None:
    put(camera, "clock.txt", bytes(20))
    put(camera, "a.mp4")
    account = put(camera, "a.mp4.json", bytes(100))
    listing = camera.listing()
    assert ([one.name for one in listing.files], listing.others) == (["a.mp4"], ())
    camera.clear(listing.files)
    assert not account.exists()


def test_a_folder_too_deep_and_a_card_too_full_are_said(camera: FolderCamera, monkeypatch: pytest.MonkeyPatch) -> None:
    put(camera, "/".join(["x"] * (DEEPEST + 1)) + "/a.mp4")
    (deep,) = camera.listing().unread
    assert (deep.folder, deep.why) == (True, "de map zit te diep")
    for number in range(5):
        put(camera, f"{number}.mp4")
    monkeypatch.setattr(folder, "MOST", 3)
    listing = camera.listing()
    assert [one.why for one in listing.unread] == ["te veel bestanden"]
    assert listing.still_there([("9.mp4", 1, 1)]), "nobody saw that it is gone"


@pytest.mark.rule("intake.wipe-after-receipt")
def test_film_that_is_named_as_an_account_is_not_removed_with_another(camera: FolderCamera) -> None:
    film, other = put(camera, "a.mp4"), put(camera, "a.mp4.json", b"\x00\x00\x00\x18ftypmp42")
    files = camera.files()
    assert {one.name for one in files} == {"a.mp4", "a.mp4.json"}
    camera.clear([one for one in files if one.name == "a.mp4"])
    assert (film.exists(), other.exists()) == (False, True)


def test_a_name_that_leaves_no_room_for_an_account_and_an_account_that_is_a_folder(camera: FolderCamera) -> None:
    long = put(camera, "n" * 251 + ".mp4")
    film = put(camera, "a.mp4")
    (camera.folder / "a.mp4.json").mkdir()
    assert len(camera.clear(camera.files()).removed) == 2
    assert not long.exists()
    assert not film.exists()


def test_a_clock_that_is_a_pipe_or_a_link_or_endless_keeps_nobody_waiting(camera: FolderCamera, tmp_path: Path) -> None:
    clock = camera.folder / "clock.txt"
    os.mkfifo(clock)
    assert camera.clock() is None
    clock.unlink()
    (tmp_path / "elders").write_text("2026-11-01T10:00:00Z")
    clock.symlink_to(tmp_path / "elders")
    assert camera.clock() is None
    clock.unlink()
    clock.write_text("2199-12-31T00:00:00Z")
    os.utime(clock, (-(10**9), -(10**9)))
    assert camera.clock() is None


@pytest.mark.parametrize("when", [-(10**23), -(10**20), -(2**62), 2**63, 10**20, 10**23])
def test_a_moment_of_change_that_nobody_can_reckon_with_is_very_old(when: int) -> None:
    assert CameraFile(name="a.mp4", size=1, changed_ns=when).changed_at == EARLIEST
    assert CameraFile(name="a.mp4", size=1, changed_ns=when // 10**17).changed_at.year in (1969, 1970)
