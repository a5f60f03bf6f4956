"""Film that a player shows is never set apart for how it was made; what is certainly broken is still found out."""

import struct
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest
from av.stream import Disposition
from tests.film.drawing import _beep, grey

from beeldkluis.dock.ends import stops_early
from beeldkluis.dock.look import CUT_OFF, MAYBE_CUT, NO_PICTURES, UNREADABLE, Film, look

pytestmark = [pytest.mark.slow, pytest.mark.rule("camera.blocked")]


def make(
    path: Path, *, kind: str = "mp4", seconds: float = 4, rate: int = 25, gop: int = 25, lose: int = 0, at: float = 0,
    codec: str = "libx264", pixels: str = "yuv420p", sound: float = 4, cover: str = "", every: int = 1,
    options: dict[str, str] | None = None, coding: dict[str, str] | None = None,
) -> Path:  # fmt: skip
    """A film whose pictures last `seconds`, `at` seconds after the sound, which lasts `sound`; a key picture in every `gop`, the
    first `lose` packets of pictures lost, only one in `every` pictures there. `cover`: a still before or beside the film.
    """
    with av.open(str(path), "w", format=kind, options=options or {}) as out:
        still: Any = out.add_stream("mjpeg", rate=1) if cover else None
        if still:
            still.width, still.height, still.pix_fmt = 64, 36, "yuvj420p"
            if cover == "attached":
                still.disposition = Disposition.attached_pic
        shown: Any = out.add_stream(codec, rate=rate, options=coding or {})
        shown.width, shown.height, shown.pix_fmt = 64, 36, pixels
        shown.codec_context.gop_size = gop
        heard: Any = out.add_stream("aac", rate=48_000, layout="stereo") if sound else None
        if still:
            picture = grey(64, 36, 90).reformat(format="yuvj420p")
            picture.pts = 0
            out.mux([*still.encode(picture), *still.encode(None)])
        _fill(out, shown, heard, round(seconds * rate), rate, at, every, lose, round(sound * 50))
    return path


def _fill(
    out: Any, shown: Any, heard: Any, pictures: int, rate: int, at: float, every: int, lose: int, pieces: int
) -> None:
    lost = done = 0
    for number in range(0, pictures, every):
        frame = grey(64, 36, 40 + number % 150).reformat(format=shown.pix_fmt)
        frame.pts, frame.time_base = number + round(at * rate), Fraction(1, rate)
        for packet in shown.encode(frame):
            lost += 1
            if lost > lose:
                out.mux(packet)
        while heard and done < min(pieces, (number + 1) * 50 // rate):
            out.mux(heard.encode(_beep(done, 0, 0)))
            done += 1
    out.mux(shown.encode(None))
    for piece in range(done, pieces if heard else 0):
        out.mux(heard.encode(_beep(piece, 0, 0)))
    if heard:
        out.mux(heard.encode(None))


def seen(path: Path) -> Film:
    with path.open("rb") as source:
        return look(source.fileno())


def half(path: Path, part: float = 0.6) -> Path:
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * part)])
    return path


PLAIN = {"tune": "zerolatency"}
PLAYS: dict[str, dict[str, Any]] = {
    "first key picture is number 91": {"seconds": 8, "gop": 100, "lose": 10, "coding": PLAIN},
    "first key picture is number 60 of 60 a second": {
        "kind": "matroska", "rate": 60, "gop": 60, "lose": 1, "coding": PLAIN,
    },
    "key pictures 15 seconds apart, the first lost": {
        "kind": "mpegts", "seconds": 20, "rate": 60, "gop": 900, "lose": 5, "coding": PLAIN, "sound": 0,
    },
    "open groups, the first lost": {"lose": 5, "gop": 25, "coding": {"x264-params": "open-gop=1:bframes=3"}},
    "a cover before the track": {"cover": "attached"},
    "a still in a track of its own": {"kind": "matroska", "cover": "track"},
    "Matroska whose sound goes on": {"kind": "matroska", "sound": 16},
    "MP4 whose sound goes on": {"sound": 16},
    "AVI whose sound goes on": {"kind": "avi", "sound": 16, "coding": PLAIN},
    "MPEG-TS": {"kind": "mpegts"},
    "MPEG-TS as on a memory card": {"kind": "mpegts", "options": {"mpegts_m2ts_mode": "1"}},
    "MPEG-TS whose clock says eleven hours": {"kind": "mpegts", "options": {"output_ts_offset": "40000"}},
    "pictures three seconds after the sound": {"at": 3, "sound": 7},
    "the same in Matroska": {"kind": "matroska", "at": 3, "sound": 7},
    "in pieces": {"options": {"movflags": "frag_keyframe+empty_moov"}},
    "index at the front": {"options": {"movflags": "faststart"}},
    "without its length": {"kind": "matroska", "options": {"live": "1"}},
    "H.265": {"codec": "libx265", "coding": {"x265-params": "log-level=none"}},
    "MJPEG": {"codec": "mjpeg", "pixels": "yuvj420p", "kind": "avi"},
    "4:2:2 with ten bits": {"pixels": "yuv422p10le"},
    "a picture now and then": {"every": 20},
    "one picture": {"seconds": 0.04, "sound": 0},
}  # fmt: skip


@pytest.mark.parametrize("what", PLAYS)
def test_film_that_plays_is_an_ordinary_recording(tmp_path: Path, what: str) -> None:
    found = seen(make(tmp_path / "film", **PLAYS[what]))
    assert (found.reason, found.note) == ("", "")
    assert found.duration_ms


def boxes(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at < len(content):
        size, name = struct.unpack(">I4s", content[at : at + 8])
        yield name, content[at : at + size]
        at += size


def test_a_cover_that_stands_before_the_tracks_is_not_the_film(tmp_path: Path) -> None:
    path, order = make(tmp_path / "film.mp4", cover="attached"), {b"mvhd": 0, b"udta": 1}
    content = b""
    for name, box in boxes(path.read_bytes()):
        inner = sorted(boxes(box[8:]), key=lambda one: order.get(one[0], 2)) if name == b"moov" else []
        content += box[:8] + b"".join(one for _name, one in inner) if inner else box
    assert content != path.read_bytes()
    path.write_bytes(content)
    assert (seen(path).reason, seen(path).note) == ("", "")


CUT: dict[str, dict[str, Any]] = {
    "index at the front": {"options": {"movflags": "faststart"}},
    "a still track first": {"cover": "track", "options": {"movflags": "faststart"}},
    "Matroska": {"kind": "matroska"},
    "Matroska with a still track first": {"kind": "matroska", "cover": "track"},
    "Matroska whose sound goes on": {"kind": "matroska", "sound": 12},
}


@pytest.mark.parametrize("what", CUT)
def test_film_that_was_cut_off_is_found_out(tmp_path: Path, what: str) -> None:
    assert seen(half(make(tmp_path / "film", **CUT[what]), 0.5)).reason == CUT_OFF


def test_film_in_pieces_that_lost_its_last_is_a_doubt_or_cut_off(tmp_path: Path) -> None:
    path = make(tmp_path / "film", seconds=8, options={"movflags": "frag_keyframe+empty_moov"})
    found = seen(half(path, 0.9))
    assert found.reason == CUT_OFF or (found.reason, found.note) == ("", MAYBE_CUT)


def test_what_follows_the_film_and_is_none_of_it_does_not_count(tmp_path: Path) -> None:
    path = make(tmp_path / "film")
    for after in (bytes(5000), b"\xff\xd8\xff\xe0 not a box", struct.pack(">I4s", 9000, b"free") + b"short"):
        path.write_bytes(make(path).read_bytes() + after)
        assert (seen(path).reason, seen(path).note) == ("", "")


def test_sound_with_a_cover_has_no_pictures(tmp_path: Path) -> None:
    path = tmp_path / "sound.m4a"
    with av.open(str(path), "w", format="mp4") as out:
        still: Any = out.add_stream("mjpeg", rate=1)
        still.width, still.height, still.pix_fmt = 64, 36, "yuvj420p"
        still.disposition = Disposition.attached_pic
        heard: Any = out.add_stream("aac", rate=48_000, layout="stereo")
        picture = grey(64, 36, 90).reformat(format="yuvj420p")
        picture.pts = 0
        out.mux([*still.encode(picture), *still.encode(None)])
        for piece in range(50):
            out.mux(heard.encode(_beep(piece, 0, 0)))
        out.mux(heard.encode(None))
    assert seen(path).reason == NO_PICTURES


def test_pictures_of_which_none_can_be_read_stay_found_out(tmp_path: Path) -> None:
    path, content = make(tmp_path / "film"), b""
    for name, box in boxes(path.read_bytes()):  # what a memory card gives that lost its contents
        content += box[:8] + bytes(len(box) - 8) if name == b"mdat" else box
    path.write_bytes(content)
    assert seen(path).reason == UNREADABLE


@pytest.mark.parametrize(
    ("head", "answer"),
    [
        (b"", None),
        (b"\0\0\0\x14ftypisom\0\0\0\0isom\0\0\0\x10mdat12345678", False),
        (b"\0\0\0\x14ftypisom\0\0\0\0isom\0\0\0\x11mdat12345678", True),
        (b"\0\0\0\x14ftypisom\0\0\0\0isom\0\0\0\x01mdat\0\0\0\0\0\0\0\x1912345678", True),
        (b"\0\0\0\x14ftypisom\0\0\0\0isom\0\0\0\0mdat12345678", None),
        (b"\0\0\0\x14ftypisom\0\0\0\0isom\0\0\0\x10mdat12345678\0\0\1\0free", False),
        (b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\x84abcd", False),
        (b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\x85abcd", True),
        (b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\xffabcd", None),
        (b"RIFF\x04\0\0\0AVI ", False),
        (b"RIFF\x05\0\0\0AVI ", True),
        (b"RIFF\0\0\0\0AVI ", None),
        (b"G" + bytes(187), None),
    ],
)
def test_what_a_file_promises_of_its_length(tmp_path: Path, head: bytes, answer: bool | None) -> None:
    path = tmp_path / "head"
    path.write_bytes(head)
    with path.open("rb", buffering=0) as source:
        assert stops_early(source, len(head)) is answer
