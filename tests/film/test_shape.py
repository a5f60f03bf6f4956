"""Pictures as a player would show them: upright, with square dots, not faster or larger than a browser likes."""

import io
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import av
import pytest
from av.video.frame import VideoFrame
from tests.film.drawing import draw, with_matrix

from beeldkluis.film.confined import Patience
from beeldkluis.film.copying import CopyError, make_copy
from beeldkluis.film.pictures import TURNS, rate_of, size_of


def first_picture(film: bytes) -> VideoFrame:
    with av.open(io.BytesIO(film), "r") as made:
        return next(made.decode(video=0))


def made_of(film: bytes) -> bytes:
    copy = make_copy(lambda start, stop: film[start:stop], len(film), io.BytesIO(), Patience(60, 300))
    return b"".join(copy.pieces())


@pytest.fixture(scope="module")
def cornered(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A film with a light corner on the left above."""
    path = tmp_path_factory.mktemp("turned") / "film.mp4"
    with av.open(str(path), "w") as out:
        shown = out.add_stream("libx264", rate=25)
        shown.width, shown.height, shown.pix_fmt = 64, 32, "yuv420p"
        frame = VideoFrame(64, 32, "yuv420p")
        wide = frame.planes[0].line_size
        lines = [(b"\xeb" * 32 if line < 16 else b"\x28" * 32) + b"\x28" * (wide - 32) for line in range(32)]
        for plane, data in zip(frame.planes, (b"".join(lines), b"\x80", b"\x80"), strict=True):
            plane.update(data if len(data) > 1 else data * plane.buffer_size)
        for number in range(5):
            frame.pts = number
            out.mux(shown.encode(frame))
        out.mux(shown.encode(None))
    return path.read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("turn", TURNS)
def test_a_camera_worn_on_its_side_or_upside_down_is_shown_upright(
    cornered: bytes, turn: tuple[int, int, int, int]
) -> None:
    a, b, c, d = turn
    shown = first_picture(made_of(with_matrix(cornered, turn)))
    assert (shown.width, shown.height) == ((64, 32) if a else (32, 64))
    assert shown.rotation == 0
    small = bytes(shown.reformat(2, 2, "gray").planes[0])
    step = len(small) // 2
    lights = {(x, y): small[(y > 0) * step + (x > 0)] for x in (-1, 1) for y in (-1, 1)}
    assert max(lights, key=lambda corner: lights[corner]) == (-a - c, -b - d), "where the matrix brings the corner"


@pytest.mark.slow
def test_dots_become_square(tmp_path: Path) -> None:
    shown = first_picture(made_of(draw(tmp_path / "film", 1, size=(36, 64), dot=Fraction(4, 3), sound=False)))
    assert (shown.width, shown.height) == (48, 64)


@pytest.mark.parametrize(
    ("given", "size"),
    [
        ((1920, 1080, 1, False), (1920, 1080)), ((3840, 2160, 1, False), (1920, 1080)),
        ((1920, 1080, 1, True), (608, 1080)), ((720, 576, Fraction(64, 45), False), (1024, 576)),
        ((1440, 1080, Fraction(3, 4), False), (1080, 1080)), ((4096, 1080, 1, False), (1920, 506)),
        ((1, 1, 1, False), (2, 2)), ((641, 361, 1, False), (640, 360)), ((8, 8, Fraction(10**6), False), (1920, 2)),
    ],
)  # fmt: skip
def test_the_size_of_a_copy(given: tuple[int, int, Fraction, bool], size: tuple[int, int]) -> None:
    width, height, dot, on_its_side = given
    assert size_of(width, height, Fraction(dot), on_its_side=on_its_side) == size


@pytest.mark.parametrize(
    ("told", "rate"),
    [(Fraction(25), 25), (Fraction(30_000, 1001), Fraction(30_000, 1001)), (Fraction(61), 60), (None, 25), (Fraction(1, 9), 25)],
)  # fmt: skip
def test_the_rate_of_a_copy(told: Fraction | None, rate: Fraction) -> None:
    assert rate_of(SimpleNamespace(average_rate=told, guessed_rate=told)) == rate


@pytest.mark.slow
def test_what_does_not_decode_is_left_out_and_counted(tmp_path: Path) -> None:
    film = bytearray(draw(tmp_path / "film", kind="mp4"))
    middle = film.index(b"mdat") + 800
    film[middle : middle + 300] = bytes((place * 37 + 11) % 256 for place in range(300))
    copy = make_copy(lambda start, stop: bytes(film[start:stop]), len(film), io.BytesIO(), Patience(60, 300))
    assert copy.skipped > 0
    assert abs(copy.duration_ms - 4000) <= 100


@pytest.mark.slow
def test_sound_that_nobody_can_decode_is_left_out(tmp_path: Path) -> None:
    film = draw(tmp_path / "film").replace(b"A_AAC", b"A_XYZ")
    copy = make_copy(lambda start, stop: film[start:stop], len(film), io.BytesIO(), Patience(60, 300))
    assert not copy.has_sound
    assert abs(copy.duration_ms - 4000) <= 80


@pytest.mark.slow
def test_pictures_that_nobody_can_decode_are_no_film(tmp_path: Path) -> None:
    film = draw(tmp_path / "film").replace(b"V_MPEG4/ISO/AVC", b"V_MPEG4/XXX/XXX")
    with pytest.raises(CopyError, match="geen beeld"):
        make_copy(lambda start, stop: film[start:stop], len(film), io.BytesIO(), Patience(60, 300))
