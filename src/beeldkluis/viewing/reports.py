"""What was seen by whom, in words: for the report of a viewing and for whoever asks who looked."""

from collections.abc import Sequence
from dataclasses import dataclass

from beeldkluis.cases.models import Case
from beeldkluis.documents import words as dutch
from beeldkluis.documents.facts import ViewingReport
from beeldkluis.footage.models import Recording
from beeldkluis.governance.queries import in_force
from beeldkluis.protocol.presence import Present, Purpose
from beeldkluis.protocol.watching import as_told, total, union
from beeldkluis.viewing import pages, queries
from beeldkluis.viewing.models import Opening, Viewing


@dataclass(frozen=True, slots=True)
class Look:
    """One opening of one recording: what, when, what for, which kinds of people were there, how many seconds."""

    opening: Opening
    recording: str
    purpose: str
    roles: tuple[str, ...]
    seconds: int


def who_looked(case: Case) -> Sequence[Look]:
    """Every opening of the recordings that belong to this case, under whichever case, in order."""
    found = []
    for recording in queries.linked(case):
        for opening in queries.openings_of(recording.pk):
            roles = tuple(dict.fromkeys(as_told(one) for one in opening.present))
            seconds = queries.seconds_played(opening)
            found.append(Look(opening, str(recording), Purpose(opening.purpose).dutch, roles, seconds))
    return sorted(found, key=lambda one: one.opening.opened_at)


def in_words(look: Look) -> str:
    """One line of the letter: no names."""
    who = ", ".join(look.roles) or "teammanager"
    return f"{dutch.day_and_time(look.opening.opened_at)}: {who}; {look.seconds} seconden. {look.purpose}."


def report(viewing: Viewing) -> ViewingReport:
    """The report of a viewing that is over."""
    register = in_force()
    people = pages.people(viewing)
    return ViewingReport(
        municipality=register.municipality,
        protocol=viewing.protocol,
        reference=viewing.case.reference,
        purpose=Purpose(viewing.purpose).dutch,
        place=viewing.place,
        begun=dutch.day_and_time(viewing.begun_at),
        ended=dutch.day_and_time(viewing.ended_at) if viewing.ended_at else "",
        people=tuple((one.name, one.present, one.how, _stay(one)) for one in people),
        seen=tuple(line for opening in queries.openings_in(viewing) for line in _seen(opening)),
        remarks=viewing.remarks,
        copy=_copy(viewing),
        signers=tuple(one.name for one in people if one.present != Present.COMPANION.dutch),
    )


def _stay(who: pages.Who) -> str:
    came = dutch.day_and_time(who.attendance.at)
    return f"{came}, weg {dutch.day_and_time(who.attendance.left_at)}" if who.attendance.left_at else came


def _copy(viewing: Viewing) -> str:
    return {True: "Ja", False: "Nee", None: "Niet vastgelegd"}[viewing.copy_handed]


def _seen(opening: Opening) -> list[tuple[str, str, str]]:
    """Recording, part of which clip, and the total, for each opening."""
    recording = queries.recording(opening.recording)
    lines = []
    for number, account in enumerate(queries.accounts(opening), 1):
        spans = ", ".join(f"{_at(first)}–{_at(last)}" for first, last in union(account.played))
        if spans:
            lines.append((f"{recording}, deel {number}", spans, f"{total(account.played) // 1000} s"))
    name = str(recording) if isinstance(recording, Recording) else "opname"
    return lines or [(name, "geopend, niets afgespeeld", "0 s")]


def _at(milliseconds: int) -> str:
    """Milliseconds of film as 1:02:03."""
    seconds = milliseconds // 1000
    hours, minutes = seconds // 3600, seconds // 60 % 60
    return f"{hours}:{minutes:02d}:{seconds % 60:02d}" if hours else f"{minutes}:{seconds % 60:02d}"
