"""Analyses and drafts as bytes: what is read is what was written, and anything else is refused."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beeldkluis.masking import codec
from beeldkluis.masking.analysis import Analysis, Hit, Speech, Track
from beeldkluis.masking.boxes import Box, Found, Kind
from beeldkluis.masking.draft import Change, Draft, Key, Mode
from beeldkluis.masking.geometry import GRAIN, Move
from beeldkluis.masking.part import Part

STEPS = st.integers(0, GRAIN)
BOXES = st.tuples(STEPS, STEPS, STEPS, STEPS).map(
    lambda four: Box(min(four[::2]) / GRAIN, min(four[1::2]) / GRAIN, max(four[::2]) / GRAIN, max(four[1::2]) / GRAIN)
)
SMALL = st.integers(0, 30)
KEYS = st.dictionaries(SMALL, st.none() | BOXES, max_size=4).map(
    lambda by: tuple(Key(frame, by[frame]) for frame in sorted(by))
)
CHANGES = st.builds(
    Change, track=st.integers(1, 1010), begin=st.none() | st.integers(0, 5), end=st.none() | st.integers(5, 9),
    keys=KEYS, joined=st.lists(st.integers(1, 9), max_size=2).map(tuple), reason=st.text(max_size=9),
)  # fmt: skip
RULED = st.builds(
    lambda change, rules: replace(change, **rules), CHANGES, st.sampled_from(({}, {"free": True}, {"removed": True}))
)
DRAFTS = st.builds(
    Draft, mode=st.sampled_from(Mode), changes=st.lists(RULED, max_size=3).map(tuple), checked=st.just(("jump-3-3-50-50",)),
    audible=st.lists(st.tuples(st.integers(0, 5), st.integers(5, 9)), max_size=2).map(tuple),
)  # fmt: skip
BOX = Box(0.1, 0.2, 0.3, 0.4)
ANALYSIS = Analysis(
    width=64, height=36, times_us=(0, 40_000, 80_000), duration_ms=120, borders=(1,),
    tracks=(Track(1, Kind.PERSON, (Hit(1, BOX, 0.5),), 0, (BOX, BOX, BOX), ((0, 0), (2, 2))),),
    speech=(Speech(3, 90),), levels=b"\x00\x10\xff", level_ms=40, models=(("nanodet", "d0"),),
    faint=((2, Found(BOX, Kind.HEAD, 0.2)),), dark=((1, 2),),
)  # fmt: skip
PART = Part(4, (5, 9), (Move(), Move(x0=0.1)), (4,), b"ab", ((4, ()), (5, (Found(BOX, Kind.PERSON, 0.4),))))
FORMS: list[tuple[bytes, Callable[[bytes], object], Callable[..., bytes]]] = [
    (codec.analysis_bytes(ANALYSIS), codec.read_analysis, codec.analysis_bytes),
    (codec.part_bytes(PART), codec.read_part, codec.part_bytes),
    (codec.draft_bytes(Draft(Mode.COVERED, (Change(1, keys=(Key(2, BOX),)),))), codec.read_draft, codec.draft_bytes),
]


@given(DRAFTS)
def test_a_draft_is_read_as_it_was_written(draft: Draft) -> None:
    assert codec.read_draft(codec.draft_bytes(draft)) == draft


def test_an_analysis_and_a_part_are_read_as_they_were_written() -> None:
    assert codec.read_analysis(FORMS[0][0]) == ANALYSIS
    assert codec.read_part(FORMS[1][0]) == PART


@pytest.mark.parametrize(("data", "read", "write"), FORMS)
@given(place=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_a_changed_byte_is_refused_or_is_what_it_says(
    data: bytes, read: Callable[[bytes], object], write: Callable[..., bytes], place: int, bit: int
) -> None:
    changed = bytearray(data)
    changed[place % len(data)] ^= 1 << bit
    try:
        found = read(bytes(changed))
    except ValueError:
        return
    assert write(found) == changed


@pytest.mark.parametrize(("data", "read", "write"), FORMS)
def test_what_is_cut_or_longer_is_refused(
    data: bytes, read: Callable[[bytes], object], write: Callable[..., bytes]
) -> None:
    for wrong in [data[:end] for end in range(len(data))] + [data + b" ", b"[" * 100_000]:
        with pytest.raises(ValueError):  # noqa: PT011 - any reason will do
            read(wrong)


def test_too_many_bytes_are_refused_unread() -> None:
    with pytest.raises(ValueError, match="at most"):
        codec.read_draft(b" " * (codec.DRAFT_BYTES + 1))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (Change(1, free=True, removed=True), "both free and removed"),
        (Change(1, begin=5, end=4), "a change that ends before it begins"),
        (Change(1, keys=(Key(3, BOX), Key(3, None))), "keys out of order"),
    ],
)
def test_a_change_that_contradicts_itself_is_refused(change: Change, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        codec.read_draft(codec.draft_bytes(Draft(Mode.COVERED, (change,))))


TRACK = ANALYSIS.tracks[0]


@pytest.mark.parametrize(
    ("tracks", "told"),
    [
        ((TRACK, TRACK), "two tracks of one number"),
        ((replace(TRACK, number=1001),), "of a number that is a person's"),
        ((replace(TRACK, first=1),), "a track outside its film"),
        ((replace(TRACK, covers=(), unsure=()),), "a track outside its film"),
        ((replace(TRACK, unsure=((2, 2), (0, 0))),), "unsure stretches out of order"),
    ],
)
def test_a_track_that_cannot_be_is_refused(tracks: tuple[Track, ...], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        codec.read_analysis(codec.analysis_bytes(replace(ANALYSIS, tracks=tracks)))


@pytest.mark.parametrize(
    ("part", "told"),
    [
        (replace(PART, found=((3, ()),)), "not a number from 4 to 5"),
        (replace(PART, found=((6, ()),)), "not a number from 4 to 5"),
        (replace(PART, found=((5, ()), (4, ()))), "pictures that were looked at out of order"),
        (replace(PART, borders=(3,)), "not a number from 4 to 5"),
        (replace(PART, light=b"a"), "pictures without their light"),
        (replace(PART, moves=(Move(),)), "moves that are none"),
        (replace(PART, moves=(Move(), Move(x0=float("inf")))), "moves that are none"),
    ],
)
def test_a_part_that_speaks_of_other_pictures_is_refused(part: Part, told: str) -> None:
    data = codec.part_bytes(part)
    with pytest.raises(ValueError, match=told):
        codec.read_part(data)
