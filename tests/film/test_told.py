"""What is told of a viewing copy: how far, how long, what was left out, and why there is none."""

import io
import json
from pathlib import Path

import pytest
from tests.film.drawing import draw
from tests.film.test_limits import instead_of_the_copier

from beeldkluis.film import copying
from beeldkluis.film.confined import DAMAGED, Patience
from beeldkluis.film.copying import BROKEN, CopyError, make_copy
from beeldkluis.film.moments import Moments
from beeldkluis.film.talk import DONE, FAILED, FAR, HEAD
from beeldkluis.sealed.errors import SealError

TOLD = {"duration_ms": 60_000, "has_sound": True, "skipped": 3, "jumps": 1}


def whole(**changed: object) -> copying.Copy:
    return copying._whole(TOLD | changed, 7, lambda: iter(()))


def test_what_the_process_told_stands_where_it_belongs() -> None:
    copy = whole()
    assert (copy.duration_ms, copy.has_sound, copy.skipped, copy.jumps, copy.size) == (60_000, True, 3, 1, 7)
    assert not whole(has_sound=None).has_sound
    assert not whole(has_sound=False).has_sound


@pytest.mark.parametrize("wrong", [{"skipped": -1}, {"jumps": -1}, {"duration_ms": 10**12}, {"skipped": True}])
def test_numbers_that_cannot_be_are_not_believed(wrong: dict[str, object]) -> None:
    with pytest.raises(CopyError) as broken:
        whole(**wrong)
    assert broken.value.reason == BROKEN


def test_a_seal_that_does_not_hold_is_called_that(tmp_path: Path) -> None:
    draw(tmp_path / "film.mp4", 1)

    def read(_start: int, _stop: int) -> bytes:
        raise SealError("chunk 0 of the payload is not authentic")

    with pytest.raises(CopyError) as damaged:
        make_copy(read, (tmp_path / "film.mp4").stat().st_size, io.BytesIO(), Patience(60, 60))
    assert damaged.value.reason == DAMAGED == "De opname is beschadigd: het zegel klopt niet."


def test_how_far_it_is_comes_through_beyond_the_first_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    told = json.dumps(TOLD).encode()
    pieces = HEAD.pack(FAR, 0, 5_400_000, 0) + HEAD.pack(DONE, 0, 0, len(told)) + told
    instead_of_the_copier(monkeypatch, f"import sys; sys.stdout.buffer.write({pieces!r})")
    far: list[int] = []
    make_copy(lambda _start, _stop: b"", 0, io.BytesIO(), Patience(30, 60, lambda _made, done: far.append(done)))
    assert far[-1] == 5_400_000, "an hour and a half, in milliseconds"


def test_the_process_knows_nothing_of_what_the_server_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEELDKLUIS_SECRET_KEY", "geheim")
    told = json.dumps(TOLD).encode()
    ends = [HEAD.pack(DONE, 0, 0, len(told)) + told, HEAD.pack(FAILED, 0, 0, 0)]
    script = f"import os, sys; sys.stdout.buffer.write({ends!r}['BEELDKLUIS_SECRET_KEY' in os.environ])"
    instead_of_the_copier(monkeypatch, script)
    assert make_copy(lambda _start, _stop: b"", 0, io.BytesIO(), Patience(30, 60)).duration_ms == 60_000


def placed(moments: Moments[str], stream: int, at: float) -> list[float]:
    return [round(when, 3) for _piece, when in moments.place(stream, "x", at, 0.1)]


def test_a_clock_that_goes_back_a_little_goes_on_and_one_that_lies_apart_is_counted() -> None:
    moments: Moments[str] = Moments(begin=10.0, gap=10.0)
    assert placed(moments, 0, 10.0) == [0.0]
    assert placed(moments, 0, 9.8) == [-0.2], "less than half a second: not set anew"
    assert placed(moments, 0, 500.0) == [], "one that lies apart waits for the next"
    assert placed(moments, 0, 9.9) == [-0.1]
    assert (moments.left_out, moments.jumps) == (1, 0)


def test_the_second_stream_takes_over_the_jump_of_the_first() -> None:
    moments: Moments[str] = Moments(begin=0.0, gap=10.0)
    for stream in (0, 1):
        assert placed(moments, stream, 0.0) == [0.0]
    assert placed(moments, 0, 1000.0) == []
    assert placed(moments, 0, 1000.1) == [0.1, 0.2]
    assert placed(moments, 1, 1000.5) == []
    assert placed(moments, 1, 1000.6) == [0.6, 0.7], "by the first stream's jump, not by its own end"
    assert moments.jumps == 1
