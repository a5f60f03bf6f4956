"""What the pages of a copy say, put together from its row and the rules: words, never new facts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib.util import find_spec
from typing import Any

from django.conf import settings

from beeldkluis.cases.models import Case
from beeldkluis.cases.recording_queries import recordings_of
from beeldkluis.footage.models import Clip, Recording
from beeldkluis.governance.queries import in_force
from beeldkluis.intake.film_queries import films, lengths
from beeldkluis.masking import weights
from beeldkluis.people.models import Person
from beeldkluis.protocol.redaction import Estimate, RedactionState, estimate, in_minutes, missing, wants_second
from beeldkluis.redaction import own_detector_queries, queries
from beeldkluis.redaction.exemption_queries import What
from beeldkluis.redaction.models import Exemption, Redaction
from beeldkluis.redaction.reasons import NO_PART

S = RedactionState
NONE = "Nog niet begonnen"
NEXT = {
    "": "Begin een inzage met dit doel en open de opname. Vraag daar om te zoeken wie en wat onherkenbaar moet.",
    S.ASKED: "Wacht tot het zoeken klaar is. U hoeft deze pagina niet open te houden.",
    S.ANALYSED: "Open de opname en geef de verzoeker vrij. Kijk na of alle anderen bedekt zijn.",
    S.DRAFTED: "Open de opname, ga verder met nakijken en laat de kopie maken.",
    S.RENDERING: "Wacht tot de kopie klaar is. U hoeft deze pagina niet open te houden.",
    S.RENDERED: "Open de opname, speel de kopie helemaal af en controleer haar.",
    S.CHECKED: "Keur de kopie goed. Gaat zij het huis uit? Dan opent een ander de opname en kijkt de kopie ook helemaal na.",
    S.APPROVED: "De verzoeker kan de kopie zien, in de kamer, met wie daarbij hoort te zijn.",
    S.FAILED: "Open de opname en vraag opnieuw om te zoeken.",
    S.WITHDRAWN: "Wilt u toch een kopie? Open de opname en vraag opnieuw om te zoeken.",
}
COLOURS = {S.APPROVED: "ok", S.FAILED: "error", S.WITHDRAWN: "neutral"}


@dataclass(frozen=True, slots=True)
class Film:
    """One film of a recording of the case, how far its copy is, and about how long it takes."""

    recording: Recording
    clip: Clip
    one: Redaction | None
    length: timedelta
    estimate: Estimate

    @property
    def state(self) -> str:
        """In words."""
        return S(self.one.state).dutch if self.one else NONE

    @property
    def colour(self) -> str:
        """Of its badge."""
        return COLOURS.get(S(self.one.state), "warning") if self.one else "neutral"

    @property
    def next(self) -> str:
        """What somebody does now."""
        return NEXT[S(self.one.state) if self.one else ""]

    @property
    def far(self) -> str:
        """How far its job is; empty while nobody is at it."""
        found = queries.progress(self.one) if self.one is not None else None
        if found is None:
            return ""
        left = (
            f", nog ongeveer {in_minutes(timedelta(seconds=found.seconds_left))}"
            if found.seconds_left is not None
            else ""
        )
        return f"{int(found.progress * 100)} procent klaar{left}"


def films_of(case: Case) -> Sequence[Film]:
    """Every film of the recordings that belong to the case, in order of time."""
    known = queries.redactions_of(case)
    return [
        _film(recording, clip, known.get(clip.object), long)
        for recording in recordings_of(case)
        for long in [lengths(recording.pk)]
        for clip in films(recording.pk)
    ]


def _film(recording: Recording, clip: Clip, one: Redaction | None, long: Mapping[Any, int]) -> Film:
    length = timedelta(milliseconds=min(long.get(clip.object, 0), queries.MOST_MS))
    return Film(recording, clip, one, length, estimate(length, in_force()))


def overview(case: Case) -> dict[str, Any]:
    """All films of a case."""
    return {"case": case, "films": films_of(case), "no_part": no_part()}


def no_part() -> str:
    """What to say when the programs that look at pictures cannot run here, and what lacks; empty when they can."""
    there = all(_is_here(place) for place in settings.MASKING_PROGRAMS.values())
    return " ".join(filter(None, (*weights.missing(), own_detector_queries.wrong()))) if there else NO_PART


def _is_here(place: str) -> bool:
    """Is the module there? Looked at without loading it: that takes long and much memory."""
    try:
        return find_spec(place.rpartition(".")[0]) is not None
    except ModuleNotFoundError:
        return False


def page(film: Film, person: Person) -> dict[str, Any]:
    """One film: its state, what is missing, and who said what."""
    one = film.one
    made = queries.rendering_of(one) if one is not None else None
    reviewed = queries.reviewed(one, person) if one is not None and made is not None else None
    state = S(one.state) if one is not None else None
    return {
        "film": film,
        "one": one,
        "no_part": no_part(),
        "missing": missing(reviewed) if reviewed is not None else (),
        "approvals": made.approvals.select_related("person").order_by("at") if made is not None else (),
        "second": one is not None and wants_second(leaves=one.leaves, protocol=in_force()),
        "offers": [_OFFERS[step] for step in steps_of(state)],
        "may_choose": may_choose(state),
        "state": state.value if state else "",
    }


_OFFERS = {
    "check": ("check", "Ik zag en hoorde alles: de kopie is goed", "primary"),
    "approve": ("approve", "Kopie goedkeuren", "primary"),
    "cancel": ("cancel", "Stoppen", "secondary"),
    "withdraw": ("withdraw", "Kopie intrekken", "secondary"),
}


def may_choose(state: RedactionState | None) -> bool:
    """Is where the copy goes asked now?"""
    return state in (S.ANALYSED, S.DRAFTED, S.RENDERED)


def steps_of(state: RedactionState | None) -> tuple[str, ...]:
    """The buttons of the page."""
    if state is None or state is S.WITHDRAWN:
        return ()
    if state in (S.ASKED, S.RENDERING):
        return ("cancel",)
    first = {S.RENDERED: ("check",), S.CHECKED: ("approve",)}.get(state, ())
    return (*first, "withdraw")


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line of the log of exceptions, in words."""

    row: Exemption
    what: str
    where: str


def log_lines(rows: Iterable[Exemption]) -> Sequence[LogLine]:
    """Lines of the log of exceptions, in their order."""
    return [LogLine(row, What(row.what).dutch, _where(row)) for row in rows]


def _where(row: Exemption) -> str:
    if row.begin_ms is None and row.end_ms is None:
        return "de hele film"
    begin = _clock(row.begin_ms) if row.begin_ms is not None else "het begin"
    return f"van {begin} tot {_clock(row.end_ms) if row.end_ms is not None else 'het einde'}"


def _clock(milliseconds: int) -> str:
    return f"{milliseconds // 60_000}:{milliseconds // 1000 % 60:02d}"
