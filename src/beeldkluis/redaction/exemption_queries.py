"""The log of exceptions: what a person changed between two drafts, and how a page says it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.core.paginator import Page, Paginator

from beeldkluis.masking.draft import DRAWN, Change, Draft, Mode
from beeldkluis.redaction.models import Exemption, Redaction

PER_PAGE = 100


class What(StrEnum):
    """What somebody did."""

    FREED = "freed"
    COVERED = "covered"
    TAKEN_AWAY = "taken_away"
    DRAWN = "drawn"
    MOVED = "moved"
    JOINED = "joined"
    SPLIT = "split"
    LASTS = "lasts"
    UNDONE = "undone"
    HEARD = "heard"
    SILENCED = "silenced"
    MODE = "mode"

    @property
    def dutch(self) -> str:
        """On screen."""
        return _DUTCH[self]


_DUTCH = {
    What.FREED: "Vrijgegeven",
    What.COVERED: "Weer onherkenbaar",
    What.TAKEN_AWAY: "Vak weggehaald",
    What.DRAWN: "Vak getekend",
    What.MOVED: "Vak verplaatst",
    What.JOINED: "Sporen samengevoegd",
    What.SPLIT: "Spoor gesplitst of weer één",
    What.LASTS: "Vak langer of korter in beeld",
    What.UNDONE: "Wijziging teruggedraaid",
    What.HEARD: "Geluid blijft",
    What.SILENCED: "Geluid weer weg",
    What.MODE: "Manier van afdekken gekozen",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One exception. `frames`: from picture and up to and with picture, where the track itself does not say; `times`: stretch
    of sound in milliseconds.
    """

    what: What
    track: int | None = None
    frames: tuple[int | None, int | None] = (None, None)
    times: tuple[int, int] | None = None
    reason: str = ""


def between(old: Draft, new: Draft) -> Sequence[Line]:
    """What somebody did from the one to the other, in the order of the tracks; nothing of places that were looked at."""
    before, after = _by_track(old), _by_track(new)
    mode = [Line(What.MODE, reason=_mode(new.mode))] if old.mode != new.mode else []
    changed = [
        Line(_what(was, one), one.track, (one.begin, one.end), reason=one.reason)
        for one in sorted(new.changes, key=lambda change: change.track)
        if (was := _same(one, before)) != one
    ]
    gone = [Line(What.UNDONE, one.track, (one.begin, one.end)) for one in old.changes if _same(one, after) is None]
    return [*mode, *changed, *gone, *_sound(old, new)]


def _by_track(draft: Draft) -> Mapping[int, Sequence[Change]]:
    """A draft may have thousands of changes; of one track there are few."""
    found = defaultdict(list)
    for one in draft.changes:
        found[one.track].append(one)
    return found


def _same(one: Change, others: Mapping[int, Sequence[Change]]) -> Change | None:
    """What stands there of the same pictures of the same track: the same stretch, or else one that meets it."""
    about = [other for other in others.get(one.track, ()) if _meet(one, other)]
    stretch = one.begin, one.end
    return next((other for other in about if (other.begin, other.end) == stretch), about[0] if about else None)


def _meet(one: Change, other: Change) -> bool:
    first = max(one.begin or 0, other.begin or 0)
    return all(change.end is None or first <= change.end for change in (one, other))


def _mode(mode: Mode) -> str:
    return "alles is bedekt behalve wie is vrijgegeven" if mode is Mode.INVERTED else "wie gevonden is, is bedekt"


def _what(old: Change | None, new: Change) -> What:
    """What matters most of it comes first."""
    was = old or Change(track=new.track)
    if new.free != was.free:
        return What.FREED if new.free else What.COVERED
    if new.removed != was.removed:
        return What.TAKEN_AWAY if new.removed else What.UNDONE
    if new.joined != was.joined:
        return What.JOINED
    if old is not None and (new.begin, new.end) != (old.begin, old.end):
        return What.LASTS if new.track in DRAWN else What.SPLIT
    return What.DRAWN if old is None and new.track in DRAWN else What.MOVED


def _sound(old: Draft, new: Draft) -> Iterator[Line]:
    for stretch in sorted(set(new.audible) - set(old.audible)):
        yield Line(What.HEARD, times=stretch)
    for stretch in sorted(set(old.audible) - set(new.audible)):
        yield Line(What.SILENCED, times=stretch)


def moments(line: Line, one: Redaction) -> tuple[int | None, int | None]:
    """When it is about, in milliseconds of film: pictures are spread evenly over it, which is right to a second."""
    if line.times is not None:
        return line.times
    first, last = (None if frame is None else _moment(frame, one) for frame in line.frames)
    return first, last


def _moment(frame: int, one: Redaction) -> int:
    return frame * one.duration_ms // one.frames if one.frames else 0


def exemptions_of(one: Redaction, number: str | None) -> Page[Exemption]:
    """A page of the lines, the newest first; the first page where there is no such page."""
    return Paginator(one.exemptions.select_related("person").order_by("-at", "-pk"), PER_PAGE).get_page(number)
