"""The check of a redacted copy says no to every copy that is not what it must be, and why."""

import io
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import av
import pytest
from tests.masking.films import MARK, analysed, film, from_bytes, numbered, rendered

from beeldkluis.film.confined import ConfinedError, Patience
from beeldkluis.masking import confining, words
from beeldkluis.masking.boxes import Box
from beeldkluis.masking.checker import check
from beeldkluis.masking.confining import render_film
from beeldkluis.masking.cover_sheet import Area, CoverHead, CoverReader, PictureCover, packed
from beeldkluis.masking.draft import Draft, Mode

pytestmark = pytest.mark.slow
SIZE, PICTURES = (192, 128), 15
COVERED = Area(96, 32, 160, 96)
SMALL = Area(40, 40, 48, 48)


class Told:
    """Whom the check tells how far it is."""

    def say_how_far(self, _milliseconds: int) -> None:
        """Nothing to do."""


def standing(_number: int) -> Box:
    return Box(*(place / size for place, size in zip(COVERED, (192, 128) * 2, strict=True)))


def tiny(_number: int) -> Box:
    return Box(*(place / size for place, size in zip(SMALL, (192, 128) * 2, strict=True)))


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return film(tmp_path_factory.mktemp("film") / "film", PICTURES, SIZE)


@pytest.fixture(scope="module")
def copy(source: bytes) -> bytes:
    return rendered(source, analysed(source, standing, tiny), audible=((200, 400),))[1]


HEAD = CoverHead(*SIZE, PICTURES, Mode.COVERED, MARK, ((200, 400),))


def sheet(*covered: Area, head: CoverHead = HEAD, later_us: int = 0, more: int = 0) -> CoverReader:
    covers: Iterable[PictureCover] = (
        PictureCover(number * 40_000 + later_us, False, covered, ()) for number in range(PICTURES + more)
    )
    return CoverReader(io.BytesIO(b"".join(packed(replace(head, pictures=PICTURES + more), covers))))


def refused(data: bytes, of: CoverReader) -> str:
    with pytest.raises(ValueError, match="controle") as no:
        check(io.BytesIO(data), of, Told())  # type: ignore[arg-type] - as good as pipes
    return str(no.value)


def test_a_copy_that_is_right_is_looked_at_picture_by_picture(copy: bytes) -> None:
    assert check(io.BytesIO(copy), sheet(COVERED, SMALL), Told()) == {"pictures": PICTURES}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "area", [Area(0, 32, 64, 96), Area(100, 20, 170, 90), Area(60, 40, 68, 48), Area(0, 0, 192, 128)]
)
def test_a_place_that_is_not_covered_is_seen(copy: bytes, area: Area) -> None:
    assert refused(copy, sheet(COVERED, SMALL, area)) == words.NOT_COVERED


def test_a_whole_picture_that_is_not_covered_is_seen(copy: bytes) -> None:
    assert refused(copy, sheet(head=replace(HEAD, mode=Mode.INVERTED))) == words.NOT_COVERED


def test_other_pictures_or_times_are_seen(copy: bytes) -> None:
    assert refused(copy, sheet(COVERED, later_us=1)) == words.OTHER_PICTURES
    assert refused(copy, sheet(COVERED, more=1)) == words.OTHER_PICTURES
    assert refused(copy, sheet(COVERED, more=-1)) == words.OTHER_PICTURES
    assert refused(copy, sheet(head=replace(HEAD, width=194))) == words.OTHER_PICTURES


def test_sound_that_should_not_be_heard_is_heard(copy: bytes) -> None:
    assert refused(copy, sheet(COVERED, head=replace(HEAD, audible=()))) == words.AUDIBLE


def test_a_picture_that_does_not_say_that_it_was_redacted_is_seen(source: bytes) -> None:
    assert refused(source, sheet(head=replace(HEAD, audible=((0, 1000),)))) == words.NOT_MARKED


def test_a_picture_with_another_mark_is_seen(copy: bytes) -> None:
    other = replace(HEAD, mark="9999-9999")
    assert refused(copy, sheet(COVERED, SMALL, head=other)) == words.NOT_MARKED


@pytest.mark.parametrize("more", ["stream", "word"])
def test_a_stream_or_a_word_more_is_seen(copy: bytes, more: str, tmp_path: Path) -> None:
    with av.open(io.BytesIO(copy), "r") as given, av.open(str(tmp_path / more), "w", format="mp4") as out:
        (picture, sound), again = given.streams, None
        streams = {one.index: out.add_stream_from_template(one) for one in (picture, sound)}
        if more == "stream":
            again = out.add_stream_from_template(sound)
        else:
            out.metadata["comment"] = "camera 7"
        for packet in (one for one in given.demux() if one.dts is not None):
            if again is not None and packet.stream.index == sound.index:
                second = av.Packet(bytes(packet))
                second.stream, second.time_base = again, packet.time_base
                second.pts, second.dts = packet.pts, packet.dts
                out.mux(second)
            packet.stream = streams[packet.stream.index]
            out.mux(packet)
    assert refused((tmp_path / more).read_bytes(), sheet(COVERED)) == words.SOMETHING_ELSE


def test_a_copy_that_fails_its_check_is_no_copy(source: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As when the film took over the process that renders."""
    program = tmp_path / "taken_over.py"
    program.write_text(
        "from beeldkluis.masking import paint, renderer\n"
        "renderer.painted = lambda frame, cover, mode, mark: paint.painted(frame, cover._replace(covered=()), mode, mark)\n"
        "renderer.serve(renderer.WORK)\n"
    )
    monkeypatch.setattr(confining, "RENDERING", replace(confining.RENDERING, program=(str(program),)))
    with pytest.raises(ConfinedError) as no:
        rendered(source, analysed(source, standing))
    assert no.value.reason == words.NOT_COVERED


def test_how_far_it_is_never_goes_back_and_ends_at_the_end(tmp_path: Path) -> None:
    data = film(tmp_path / "film", 100)
    analysis, far = analysed(data), []
    patience = Patience(120, 600, lambda written, done: far.append((written, done)))
    render_film(
        from_bytes(data), len(data), analysis, Draft(Mode.COVERED), mark=MARK, scratch=io.BytesIO(), patience=patience
    )
    assert far == sorted(far)
    assert far[0] == (0, 0)
    assert 3000 < far[-1][1] <= numbered(data)[0].end_us / 1000
