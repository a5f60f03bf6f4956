"""What the review screen shows of an analysis and a draft is what the server makes of them, to the last bit."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path
from typing import Any, Protocol

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from beeldkluis.masking.analysis import Analysis, Hit, Speech, Track
from beeldkluis.masking.boxes import Box, Found, Kind
from beeldkluis.masking.codec import analysis_bytes, draft_bytes
from beeldkluis.masking.doubts import doubts
from beeldkluis.masking.draft import Change, Draft, Key, Mode
from beeldkluis.masking.geometry import GRAIN
from beeldkluis.masking.plan import Covers, Plan

ANSWERS = Path(__file__).with_name("review_answers.mjs")
# Few places and few pictures, so that what is drawn meets, touches and lies at an edge often.
STEPS = st.sampled_from((0, 1, 150, 300, 301, 2500, 3333, 4999, 5050, 6667, 9699, 9700, 9850, GRAIN))
SHARES = STEPS.map(lambda steps: steps / GRAIN)
BOXES = st.tuples(SHARES, SHARES, SHARES, SHARES).map(
    lambda four: Box(min(four[::2]), min(four[1::2]), max(four[::2]), max(four[1::2]))
)
SCORES = st.sampled_from((0.0, 0.25, 1.0))
NUMBERS = (1, 2, 3, 1001, 1002)


class Ask(Protocol):
    """Asks the browser's modules what they make of an analysis and a draft."""

    def __call__(self, analysis: Analysis, draft: Draft) -> dict[str, Any]: ...


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    with subprocess.Popen(["node", ANSWERS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as node:
        assert node.stdin is not None
        assert node.stdout is not None
        question, told = node.stdin, node.stdout

        def asked(analysis: Analysis, draft: Draft) -> dict[str, Any]:
            both = {"analysis": analysis_bytes(analysis).decode(), "draft": draft_bytes(draft).decode()}
            question.write(json.dumps(both) + "\n")
            question.flush()
            found: dict[str, Any] = json.loads(told.readline())
            return found

        yield asked
        question.close()


@st.composite
def stretches(draw: st.DrawFn, last: int) -> tuple[tuple[int, int], ...]:
    """In order, with a gap between each two."""
    edges = sorted(draw(st.sets(st.integers(0, last), max_size=6)))
    return tuple(zip(edges[::2], edges[1::2], strict=False))


@st.composite
def tracks(draw: st.DrawFn, number: int, frames: int) -> Track:
    first = draw(st.integers(0, frames - 1))
    covers = tuple(draw(st.lists(BOXES, min_size=1, max_size=frames - first)))
    if draw(st.booleans()):
        covers = covers[:1] * (frames - first)
    found_in = sorted(draw(st.sets(st.integers(first, first + len(covers) - 1), min_size=1, max_size=4)))
    hits = tuple(Hit(frame, draw(BOXES), draw(SCORES)) for frame in found_in)
    kind = draw(st.sampled_from((Kind.PERSON, Kind.PERSON, Kind.HEAD, Kind.VEHICLE)))
    return Track(number, kind, hits, first, covers, draw(stretches(frames - 1)))


@st.composite
def analyses(draw: st.DrawFn) -> Analysis:
    frames = draw(st.integers(1, 90))
    step = draw(st.sampled_from((40_000, 33_367, 500_000)))
    last = frames - 1
    faint = [(draw(st.integers(0, last)), Found(draw(BOXES), draw(st.sampled_from(Kind)), 0.2)) for _ in range(3)]
    return Analysis(
        width=640, height=360, times_us=tuple(at * step for at in range(frames)), duration_ms=frames * step // 1000,
        borders=tuple(sorted(draw(st.sets(st.integers(0, last), max_size=2)))),
        tracks=tuple(draw(tracks(number, frames)) for number in (1, 2, 3)),
        speech=(Speech(0, 9),), levels=b"\x00\xff", level_ms=40, models=(("nanodet", "d0"),),
        faint=tuple(sorted(faint, key=lambda one: one[0])), dark=draw(stretches(last)),
    )  # fmt: skip


@st.composite
def changes(draw: st.DrawFn) -> Change:
    begin, end = draw(st.none() | st.integers(0, 40)), draw(st.none() | st.integers(0, 95))
    put = draw(st.dictionaries(st.integers(0, 95), st.none() | BOXES, max_size=4))
    free = draw(st.booleans())
    return Change(
        track=draw(st.sampled_from(NUMBERS)), begin=begin, end=end if end is None or end >= (begin or 0) else begin,
        free=free, keys=tuple(Key(frame, put[frame]) for frame in sorted(put)),
        joined=tuple(draw(st.lists(st.sampled_from(NUMBERS), max_size=2))), removed=not free and draw(st.booleans()),
        reason=draw(st.just("") | st.text(max_size=5)),
    )  # fmt: skip


DRAFTS = st.builds(
    Draft, mode=st.sampled_from(Mode), changes=st.lists(changes(), max_size=4).map(tuple), audible=stretches(90),
    checked=st.lists(st.text(max_size=9), max_size=2).map(tuple),
)  # fmt: skip


def _corners(covers: Covers) -> list[Any]:
    boxes = [[list(astuple(box)) for box in some] for some in (covers.covered, covers.freed)]
    return [covers.everything, *boxes]


# Made smaller, what is not equal takes minutes: a film with its tracks has very many smaller ones.
@settings(phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(analyses(), DRAFTS)
def test_the_screen_shows_of_each_picture_what_the_copy_will(ask: Ask, analysis: Analysis, draft: Draft) -> None:
    told = ask(analysis, draft)
    plan = Plan(analysis, draft)
    assert told["draft"] == draft_bytes(draft).decode()
    assert told["plan"] == [_corners(plan.at(frame)) for frame in range(-1, plan.frames + 1)]
    assert told["doubts"] == [[*list(astuple(one)[:4]), list(one.tracks)] for one in doubts(analysis, draft)]


def test_a_draft_of_another_film_is_refused_by_both(ask: Ask) -> None:
    analysis = Analysis(64, 36, (0,), 40, (), (), (), b"", 40, ())
    draft = Draft(Mode.COVERED, (Change(7),))
    with pytest.raises(ValueError, match="there is no track 7"):
        Plan(analysis, draft)
    assert ask(analysis, draft) == {"refused": "there is no track 7"}
