"""Places in a film at which a person should look, the most urgent first: where somebody may show, or be taken for another."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from beeldkluis.masking.analysis import Analysis, Track
from beeldkluis.masking.boxes import Box, Found, Kind
from beeldkluis.masking.draft import Draft
from beeldkluis.masking.geometry import NEAR_EDGE, contained, middle, overlap, shared
from beeldkluis.masking.stretches import ByPicture, meeting

WORDS = {
    Kind.PERSON: "Persoon",
    Kind.HEAD: "Hoofd",
    Kind.VEHICLE: "Voertuig",
    Kind.SCREEN: "Beeldscherm",
    Kind.PAPER: "Papier",
    Kind.DRAWN: "Vlak",
}
THINGS = {Kind.SCREEN: "een beeldscherm", Kind.PAPER: "papier", Kind.VEHICLE: "een voertuig"}
CROSSING, SOMEBODY, LOST, APPEARS, THING, JUMP, DARK = (
    "crossing", "somebody", "lost", "appears", "thing", "jump", "dark",
)  # fmt: skip
ORDER = (CROSSING, SOMEBODY, LOST, APPEARS, THING, JUMP, DARK)
TOGETHER_US = 1_000_000  # microseconds: faint ones of one place nearer to each other than this are one doubt
THINGS_US = 10_000_000  # the same for things, which stay where they are
AT_START = 10  # pictures after a border in which somebody may be there at once


@dataclass(frozen=True, slots=True)
class Doubt:
    """Look here: pictures `begin` up to and with `end`. The name stays when the same film is analysed again: it holds what,
    when and where, no number of a track.
    """

    name: str
    begin: int
    end: int
    text: str
    tracks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    what: str
    begin: int
    end: int
    text: str
    tracks: tuple[Track, ...] = ()
    box: Box | None = None

    def told(self) -> Doubt:
        box = self.box or (self.tracks[0].hits[0].box if self.tracks else Box(0, 0, 1, 1))
        where = "-".join(str(round(share * 100)) for share in middle(box))
        name = f"{self.what}-{self.begin}-{self.end}-{where}"
        return Doubt(name, self.begin, self.end, self.text, tuple(track.number for track in self.tracks))


def doubts(analysis: Analysis, draft: Draft) -> tuple[Doubt, ...]:
    """What is about a freed one first, then by urgency, then as they come in the film."""
    freed = {number for change in draft.changes if change.free for number in (change.track, *change.joined)}
    found = [*_people(analysis), *_faint(analysis), *_appearing(analysis), *_of_the_film(analysis)]

    def urgent(place: _Place) -> tuple[bool, int, int, str]:
        about_freed = any(track.number in freed for track in place.tracks)
        return not about_freed, ORDER.index(place.what), place.begin, place.text

    by_name = {told.name: told for told in reversed([place.told() for place in sorted(found, key=urgent)])}
    return tuple(reversed(by_name.values()))


def _people(analysis: Analysis) -> Iterator[_Place]:
    """Who walks through whom, and who was not followed well between the first and the last time that it was found."""
    people = [track for track in analysis.tracks if track.kind in (Kind.PERSON, Kind.HEAD)]
    others: dict[int, list[Track]] = defaultdict(
        list
    )  # of each track by its number: who is covered in the same pictures
    for one, other in meeting([(track.first, track.last) for track in people]):
        others[people[one].number].append(people[other])
        others[people[other].number].append(people[one])
    for track in people:
        for begin, end in track.unsure:
            with_it = [other for other in others[track.number] if _cross(track, other, begin, end)]
            yield from (_crossing(track, other, begin, end) for other in with_it if other.number > track.number)
            begin, end = max(begin, track.hits[0].frame), min(end, track.hits[-1].frame)  # noqa: PLW2901 - what is left
            if not with_it and begin < end and track.kind is Kind.PERSON:
                yield _Place(
                    LOST,
                    begin,
                    end,
                    f"{_named(track)} is {_lasting(analysis, begin, end)} niet goed gevolgd.",
                    (track,),
                )


def _crossing(one: Track, other: Track, begin: int, end: int) -> _Place:
    if one.kind is other.kind:
        text = f"{_named(one)} en {other.number} lopen door elkaar."
    else:
        text = f"{_named(one)} en {_named(other).lower()} zijn over elkaar te zien."
    return _Place(CROSSING, begin, end, text, (one, other))


def _cross(one: Track, other: Track, begin: int, end: int) -> bool:
    """Do their covers lie over each other in these pictures?"""
    first, last = max(begin, one.first, other.first), min(end, one.last, other.last)
    return any(
        shared(one.covers[frame - one.first], other.covers[frame - other.first]) > 0 for frame in range(first, last + 1)
    )


def _faint(analysis: Analysis) -> Iterator[_Place]:
    """What may be somebody or something and was never followed; what lies under a cover is no doubt."""
    tracks = ByPicture[Track]((track.first, track.last, track) for track in analysis.tracks)
    free = [(frame, one) for frame, one in analysis.faint if not _is_covered(tracks.at(frame), frame, one.box)]
    for begin, end, box in _lasting_ones(free, (Kind.PERSON, Kind.HEAD), analysis.times_us, TOGETHER_US):
        yield _Place(SOMEBODY, begin, end, "Er staat misschien nog iemand in beeld.", box=box)
    for kind, thing in THINGS.items():
        for begin, end, box in _lasting_ones(free, (kind,), analysis.times_us, THINGS_US):
            yield _Place(THING, begin, end, f"Er staat misschien {thing} in beeld.", box=box)


def _lasting_ones(
    faint: Iterable[tuple[int, Found]], kinds: tuple[Kind, ...], times: tuple[int, ...], together_us: int
) -> Iterator[tuple[int, int, Box]]:
    """First and last picture, and the last box, of what is seen again in the same place soon enough."""
    going_on = list[tuple[int, int, Box]]()
    for frame, found in faint:
        if found.kind not in kinds:
            continue
        yield from (one for one in going_on if times[frame] - times[one[1]] > together_us)
        going_on = [one for one in going_on if times[frame] - times[one[1]] <= together_us]
        at = next((at for at, one in enumerate(going_on) if overlap(one[2], found.box) > 0), None)
        if at is None:
            going_on.append((frame, frame, found.box))
        else:
            going_on[at] = (going_on[at][0], frame, found.box)
    yield from going_on


def _is_covered(tracks: Iterable[Track], frame: int, box: Box) -> bool:
    return any(contained(box, track.covers[frame - track.first]) > 0.7 for track in tracks)


def _appearing(analysis: Analysis) -> Iterator[_Place]:
    """Who is found for the first time, or the last, in the middle of the picture: there may be more to cover."""
    beginnings, last = sorted({0, *analysis.borders}), len(analysis.times_us) - 1
    for track in analysis.tracks:
        if track.kind is not Kind.PERSON:
            continue
        first, final = track.hits[0], track.hits[-1]
        at_start = any(0 <= first.frame - one <= AT_START for one in beginnings)
        if not at_start and not _at_edge(first.box):
            yield _Place(
                APPEARS,
                first.frame,
                first.frame,
                f"{_named(track)} komt midden in beeld tevoorschijn.",
                (track,),
                first.box,
            )
        at_end = any(0 <= one - final.frame <= AT_START for one in (*beginnings, last + 1))
        if not at_end and not _at_edge(final.box):
            yield _Place(
                APPEARS, final.frame, final.frame, f"{_named(track)} verdwijnt midden in beeld.", (track,), final.box
            )


def _at_edge(box: Box) -> bool:
    return min(box.x0, box.y0, 1 - box.x1, 1 - box.y1) < NEAR_EDGE


def _of_the_film(analysis: Analysis) -> Iterator[_Place]:
    for border in analysis.borders:
        yield _Place(JUMP, border, border, "Het beeld springt hier. Kijk of iedereen nog bedekt is.")
    for begin, end in analysis.dark:
        lasting = _lasting(analysis, begin, end)
        yield _Place(DARK, begin, end, f"Het beeld is hier {lasting} donker. Kijk of er iemand te zien is.")


def _named(track: Track) -> str:
    return f"{WORDS[track.kind]} {track.number}"


def _lasting(analysis: Analysis, begin: int, end: int) -> str:
    """How long a stretch lasts, in whole seconds."""
    seconds = max(1, round((analysis.times_us[end] - analysis.times_us[begin]) / 1_000_000))
    return "1 seconde" if seconds == 1 else f"{seconds} seconden"
