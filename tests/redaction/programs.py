"""Small programs in place of those that look at pictures: they read the film, keep parts, and give what tests decide."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from beeldkluis.film.confined import Patience
from beeldkluis.jobs.lent_key import Read
from beeldkluis.masking.analysis import Analysis, Speech, Track
from beeldkluis.masking.boxes import Box, Kind
from beeldkluis.masking.draft import Draft

FRAMES, DURATION_MS = 100, 4_000
SOMEBODY = Track(number=1, kind=Kind.PERSON, hits=(), first=0, covers=(Box(0.25, 0.25, 0.5, 0.75),) * 100, unsure=())
OTHER = replace(SOMEBODY, number=2, covers=(Box(0.5, 0.25, 0.75, 0.75),) * 100)
ANALYSIS = Analysis(
    width=160, height=90, times_us=tuple(at * 40_000 for at in range(FRAMES)), duration_ms=DURATION_MS, borders=(),
    tracks=(SOMEBODY, OTHER), speech=(Speech(1_000, 2_000),), levels=b"", level_ms=100,
    models=(("nanodet", "ab" * 32),),
)  # fmt: skip
PLACES = {
    "analyse": "tests.redaction.programs.analyse",
    "render": "tests.redaction.programs.render",
    "doubts": "tests.redaction.programs.find",
}
seen: list[tuple[str, object]] = []  # what the programs were given
goes_wrong: list[Exception] = []  # raised after the second part, once each
doubts: list[str] = []
real: list[Analysis] = []  # what is found, in place of ANALYSIS
meanwhile: list[Callable[[], None]] = []  # happens while a copy is made


def analyse(
    read: Read,
    size: int,
    *,
    parts: Sequence[bytes],
    keep: Callable[[bytes], None],
    patience: Patience,
    own_folder: Path | None,
) -> Analysis:
    seen.append(("parts", tuple(parts)))
    seen.append(("own", own_folder))
    for number in range(len(parts) + 1, 5):
        patience.look_up(0, DURATION_MS * number // 4)
        keep(b"part %d of " % number + read(0, min(8, size)))
        if number == 2 and goes_wrong:
            raise goes_wrong.pop()
    return real[0] if real else ANALYSIS


@dataclass
class Film:
    duration_ms: int
    size: int
    pieces: Callable[[], Iterator[bytes]]


def render(
    read: Read, size: int, analysis: Analysis, draft: Draft, *, mark: str, scratch: BinaryIO, patience: Patience
) -> Film:
    if goes_wrong:
        raise goes_wrong.pop()
    assert analysis == ANALYSIS, "what was found comes back out of the vault as it was"
    seen.append(("draft", draft))
    seen.append(("mark", mark))
    patience.look_up(0, analysis.duration_ms)
    for happens in meanwhile:
        happens()
    film = b"covered " * 30_000
    return Film(analysis.duration_ms, len(film), lambda: iter([film]))


@dataclass(frozen=True)
class Place:
    name: str


def find(_analysis: Analysis, _draft: Draft) -> list[Place]:
    return [Place(name) for name in doubts]
