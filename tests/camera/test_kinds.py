"""What a file on a camera is. In doubt it is footage: whatever else happens, film never stays behind for its name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beeldkluis.camera.kinds import APPLE, APPLE_MOST, FOOTAGE, SYSTEM, TRACE_MOST, Kind, ending, kind_of

BINARY = b"\x00\x01\x02\x03" * 64
STREAM = (b"G" + bytes(187)) * 3
BLU_RAY = (bytes(4) + b"G" + bytes(187)) * 3
FILM = b"\x00\x00\x00\x18ftypmp42"


def kind(name: str, content: bytes = BINARY, size: int | None = None) -> Kind:
    return kind_of(name, len(content) if size is None else size, lambda: content[:4096])


NAMES = """B.TS C.MTS D.3gp GX010001.LRV E.wav F.JPG x.M2TS x.AVI x.MOV x.MKV x.WMV x.INSV x.360 x.THM x.SEC x.AAC x.MP3
x.AMR x.PNG x.HEIC x.DNG x.dav .hidden.mp4 a/b/c.mp4 FOUND.000/FILE0000.CHK"""


@pytest.mark.parametrize("name", NAMES.split())
def test_film_sound_and_photographs_are_footage_in_any_capitals_and_also_when_empty(name: str) -> None:
    for one in (name, name.lower(), name.upper()):
        assert kind(one) is Kind.FOOTAGE
        assert kind(one, b"") is Kind.FOOTAGE


@pytest.mark.parametrize("name", ["zonder", "x.veracrypt", "x.gpg", "x.zip", "x.bvr", "x.\udcff", "x.", "film.mp4.tmp"])
def test_what_nobody_knows_is_footage(name: str) -> None:
    assert kind(name) is Kind.FOOTAGE


@pytest.mark.parametrize(
    "begins",
    [
        FILM, STREAM, BLU_RAY, b"RIFF\x00\x01\x00\x00AVI ", b"\x1aE\xdf\xa3", b"\xff\xd8\xff\xe1",
        b"age-encryption.org/v1\n-> X25519", b"-----BEGIN PGP MESSAGE-----\n", b"#!AMR\n", b"OggS", b"ID3\x04",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "name",
    [
        "x.txt",
        "x.bin",
        "firmware.img",
        "a.mp4.json",
        "Thumbs.db",
        ".DS_Store",
        "System Volume Information/x",
        "._x.txt",
    ],
)
def test_a_name_hides_no_film(name: str, begins: bytes) -> None:
    assert kind(name, begins) is Kind.FOOTAGE


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("LOG.TXT", b"aan\r\nuit\r\n"),
        ("gps.nmea", b"$GPGGA,1,2\n"),
        ("VERSION", b"1.2\n"),
        ("x.xml", "\ufeff<a/>".encode()),
        ("x.log", "aan".encode("utf-16")),
        ("oud.txt", "café".encode("latin-1")),
        ("leeg.bin", b""),
    ],
)
def test_text_is_text(name: str, content: bytes) -> None:
    assert kind(name, content) is Kind.TEXT


@pytest.mark.parametrize("name", ["fw.bin", "FW/UPDATE.IMG", "MISC/x.db", "a.IDX"])
def test_firmware_and_bookkeeping_are_the_cameras_own(name: str) -> None:
    assert kind(name) is Kind.SYSTEM


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("DCIM/._MOVI0001.MP4", APPLE + b"\x00\x02\x00\x00Mac OS X" + bytes(4000)),
        ("DCIM/._MOVI0001.MP4", b""),
        ("._.Trashes", APPLE),
        ("DCIM/.AppleDouble/MOVI0001.MP4", APPLE),
        (".metadata_never_index", b""),
        (".fseventsd/no_log", b""),
        ("DCIM/Icon\r", b""),
        ("RECYCLED/INFO2", b"\x05\x00\x00\x00"),
        (".DS_Store", b"\x00\x00\x00\x01Bud1"),
        (".Spotlight-V100/Store-V2/x/0.indexHead", BINARY),
        (".fseventsd/0000000000abcd", b"\x1f\x8b\x08\x00"),
        ("System Volume Information/WPSettings.dat", b"\x0c\x00\x00\x00"),
        ("System Volume Information/IndexerVolumeGuid", "{A}".encode("utf-16-le")),
        ("DCIM/Thumbs.db", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("desktop.ini", b"[.ShellClassInfo]"),
        ("$RECYCLE.BIN/S-1-5/desktop.ini", b"[.ShellClassInfo]"),
        ("$RECYCLE.BIN/S-1-5/$IABCDEF.MP4", b"\x02" + bytes(7) + b"rest"),
        (".Trash-1000/info/a.mp4.trashinfo", b"[Trash Info]\nPath=a.mp4\n"),
    ],
)
def test_what_a_computer_leaves_behind_is_no_recording(name: str, content: bytes) -> None:
    assert kind(name, content) is Kind.TRACE


@pytest.mark.parametrize(
    ("name", "content", "size"),
    [
        ("DCIM/._MOVI0001.MP4", FILM, None),
        ("DCIM/._MOVI0001.MP4", APPLE, APPLE_MOST + 1),
        ("DCIM/.AppleDouble/MOVI0001.MP4", FILM, None),
        (".Trashes/501/a.mp4", FILM, None),
        ("$RECYCLE.BIN/S-1-5/$RABCDEF.MP4", FILM, None),
        ("$RECYCLE.BIN/S-1-5/$IABCDEF.MP4", FILM, None),
        ("System Volume Information/a.mp4", BINARY, None),
        ("System Volume Information/x", BINARY, TRACE_MOST + 1),
        (".Trash-1000/files/zonder", BINARY, None),
    ],
)
def test_film_among_what_a_computer_leaves_behind_is_footage(name: str, content: bytes, size: int | None) -> None:
    assert kind(name, content, size) is Kind.FOOTAGE


def test_lists_are_of_endings_in_small_letters_and_apart() -> None:
    assert not FOOTAGE & SYSTEM
    assert all(one == ending(f"x{one}") for one in FOOTAGE | SYSTEM)


@given(name=st.text(min_size=1, max_size=30), content=st.binary(max_size=300))
def test_a_name_never_fails_and_film_never_stays_behind(name: str, content: bytes) -> None:
    assert kind(name, content) in Kind
    if not name.rpartition("/")[2].startswith("._"):
        assert kind(name, FILM + content) is Kind.FOOTAGE
