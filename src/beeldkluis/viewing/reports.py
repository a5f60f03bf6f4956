"""What was seen by whom, in words: for the report of a viewing and for whoever asks who looked."""

from collections.abc import Sequence
from dataclasses import dataclass

from beeldkluis.cases.models import Case
from beeldkluis.cases.recording_queries import linked
from beeldkluis.documents import words as dutch
from beeldkluis.documents.facts import ViewingReport
from beeldkluis.footage.models import Recording
from beeldkluis.governance.queries import in_force
from beeldkluis.protocol.naming import own_words
from beeldkluis.protocol.presence import Present
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.watching import as_told, total, union
from beeldkluis.viewing import pages, queries
from beeldkluis.viewing.models import Attendance, Opening, Viewing


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
    names = {one.pk: str(one) for one in linked(case)}
    openings = queries.openings_of(list(names))
    seconds = queries.seconds_of(openings)
    return [
        Look(one, names[one.recording], Purpose(one.purpose).dutch, _roles(one), seconds[one.pk]) for one in openings
    ]


def _roles(opening: Opening) -> tuple[str, ...]:
    """The kinds of people who were there at any moment of an opening: also who came in later, and who was there when the
    recovery key was used. An opening from before there were viewings knows who was there when it opened.
    """
    there = opening.present if opening.viewing is None else [one.present for one in _during(opening)]
    witness = [Present.WITNESS.value] if opening.emergency_witness else []
    return tuple(dict.fromkeys(as_told(one) for one in [*there, *witness]))


def _during(opening: Opening) -> Sequence[Attendance]:
    """Who was there while it was open. Their rows are fetched with the openings."""
    assert opening.viewing is not None  # noqa: S101 - asked only of an opening within a viewing
    until = opening.closed_at or opening.expires_at
    there = [one for one in opening.viewing.attendances.all() if one.at <= until]
    stayed = [one for one in there if one.left_at is None or one.left_at > opening.opened_at]
    return sorted(stayed, key=lambda one: (one.at, one.pk))


def in_words(look: Look) -> str:
    """One line of the letter: no names."""
    who = ", ".join(look.roles) or own_words("teammanager")
    return f"{dutch.day_and_time(look.opening.opened_at)}: {who}; {look.seconds} seconden. {look.purpose}."


def report(viewing: Viewing) -> ViewingReport:
    """The report of a viewing that ended."""
    register = in_force()
    people, openings = pages.people(viewing), queries.openings_in(viewing)
    witnesses = {one.emergency_witness: one for one in reversed(openings) if one.emergency_witness}
    return ViewingReport(
        municipality=register.municipality,
        protocol=viewing.protocol,
        reference=viewing.case.reference,
        purpose=Purpose(viewing.purpose).dutch,
        place=viewing.place,
        begun=dutch.day_and_time(viewing.begun_at),
        ended=dutch.day_and_time(viewing.ended_at) if viewing.ended_at else "",
        people=(
            *((one.name, one.present, one.how, _stay(one)) for one in people),
            *(_witness(one) for _name, one in reversed(witnesses.items())),
        ),
        seen=tuple(line for opening in openings for line in _seen(opening)),
        remarks=viewing.remarks,
        copy=_copy(viewing),
        reported=_reported(viewing),
        signers=(*_signers(people), *reversed(witnesses)),
    )


def _witness(opening: Opening) -> tuple[str, str, str, str]:
    how = Attendance.How.NAMED.label
    return opening.emergency_witness, Present.WITNESS.dutch, how, dutch.day_and_time(opening.opened_at)


def _signers(people: Sequence[pages.PersonInRoom]) -> Sequence[str]:
    """Everybody signs once, also who left and came back; not who only came along."""
    return list(dict.fromkeys(one.name for one in people if one.present != Present.COMPANION.dutch))


def _reported(viewing: Viewing) -> str:
    """By whom and when: perhaps not who began the viewing."""
    if viewing.reported_at is None:
        return ""
    who = viewing.reported_by or viewing.person  # before this was kept, nobody else could
    return f"{who.name}, {dutch.day_and_time(viewing.reported_at)}"


def _stay(who: pages.PersonInRoom) -> str:
    came, left = dutch.day_and_time(who.attendance.at), who.attendance.left_at
    if left is None:
        return came
    return f"{came}, {'telt niet meer mee vanaf' if who.attendance.lapsed else 'weg'} {dutch.day_and_time(left)}"


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
