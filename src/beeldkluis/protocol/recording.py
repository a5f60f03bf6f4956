"""Facts of a recording: whose it is, and what deserves a second look (work-1, work-2, work-6)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from beeldkluis.protocol.register import Protocol, rule
from beeldkluis.protocol.verdict import Verdict

NEAR = timedelta(hours=24)  # no shift is longer, so no recording has parts that lie further apart
PAUSE = timedelta(
    hours=1
)  # between two parts of one event that follow each other; a longer recording is unusual (I-03)
SKEW = timedelta(minutes=5)  # what a measured clock may be off
UNLIKELY = timedelta(weeks=4)  # an unmeasured clock that says a film to be older was likelier reset


@dataclass(frozen=True, slots=True)
class IssueFact:
    """One officer had the bodycam from then until then (empty: still). `officer` is a pseudonym. `entered_at` and
    `hand_in_entered_at`: when somebody wrote that down; empty when nobody knows.
    """

    officer: str
    issued_at: datetime
    handed_in_at: datetime | None
    entered_at: datetime | None = None
    hand_in_entered_at: datetime | None = None

    def covers(self, moment: datetime) -> bool:
        """Was it issued at this moment? From the issue itself up to, not including, the hand-in."""
        return self.issued_at <= moment and (self.handed_in_at is None or moment < self.handed_in_at)


@dataclass(frozen=True, slots=True)
class Resolved:
    """Exactly one officer had the bodycam."""

    officer: str


NOBODY, MANY, NO_TIMES, ANOTHER = "nobody", "many", "no-times", "another"  # why it is not known who wore a camera


@dataclass(frozen=True, slots=True)
class Unresolved:
    """Nobody or more than one had it; the rule and a Dutch reason."""

    rule: str
    why: str  # one word of NOBODY, MANY, NO_TIMES, ANOTHER
    reason: str


@rule("recording.officer-known")
def resolve_officer(periods: Sequence[IssueFact], at: datetime) -> Resolved | Unresolved:
    """Who had the bodycam at that moment, or why that cannot be said."""
    found = {period.officer for period in periods if period.covers(at)}
    if len(found) == 1:
        return Resolved(found.pop())
    if not found:
        return Unresolved("recording.officer-known", NOBODY, "De camera was toen aan niemand uitgegeven.")
    return Unresolved("recording.officer-known", MANY, "De camera was toen aan meer dan een handhaver uitgegeven.")


def as_known_at(periods: Sequence[IssueFact], at: datetime) -> list[IssueFact]:
    """What was written down at that moment: no period that was entered later, and no hand-in."""
    return [
        one if one.hand_in_entered_at is not None and one.hand_in_entered_at <= at else replace(one, handed_in_at=None)
        for one in periods
        if one.entered_at is not None and one.entered_at <= at
    ]


@rule("recording.issued-before")
def was_issued_before(*, entered_at: datetime | None, asked_at: datetime | None, activated_at: datetime) -> Verdict:
    """Does it stand who wore the camera, so that this officer's presence counts? When the issue was in the register before the
    recording began: then nobody knew what would be on it. `asked_at`: when the data protection officer asked around and found
    it right, empty when never.
    """
    name = "recording.issued-before"
    if asked_at is not None:
        return Verdict(
            allowed=True, rule=name, reason="De functionaris gegevensbescherming vroeg na wie de camera droeg."
        )
    if entered_at is not None and entered_at <= activated_at:
        return Verdict(allowed=True, rule=name, reason="De uitgifte was voor de opname ingevoerd.")
    reason = "De uitgifte van deze camera is pas na de opname ingevoerd. Zo staat niet vast wie de camera droeg."
    return Verdict(allowed=False, rule=name, reason=reason)


def may_add_bodycam(*, taken: bool) -> Verdict:
    """May a bodycam with this serial and label enter the register? `taken`: another one has either."""
    reason = "Er is al een bodycam met dit serienummer of dit nummer op de behuizing."
    return Verdict(allowed=not taken, rule="camera.issue", reason=reason if taken else "Dit kan.")


def has_come(at: datetime, now: datetime) -> Verdict:
    """Is the moment at which a camera changed hands not still to come?"""
    return Verdict(
        allowed=at <= now, rule="camera.issue", reason="Dit kan." if at <= now else "Dit moment moet nog komen."
    )


@rule("camera.issue")
def may_issue(periods: Sequence[IssueFact], at: datetime, *, blocked: bool) -> Verdict:
    """May the bodycam be issued from this moment on? Not while somebody has it, nor back into somebody's time."""
    if blocked:
        return Verdict(allowed=False, rule="camera.issue", reason="Deze bodycam is geblokkeerd.")
    if any(period.handed_in_at is None or at < period.handed_in_at for period in periods):
        return Verdict(allowed=False, rule="camera.issue", reason="Deze bodycam is op dat moment al uitgegeven.")
    return Verdict(allowed=True, rule="camera.issue", reason="De bodycam is vrij.")


def may_wear(*, since: datetime, until: datetime | None, at: datetime) -> Verdict:
    """May this officer get a bodycam at this moment? Only while in service (work-1)."""
    serves = since <= at and (until is None or at < until)
    reason = "De handhaver is in dienst." if serves else "Deze handhaver is op dat moment niet in dienst."
    return Verdict(allowed=serves, rule="camera.issue", reason=reason)


def may_hand_in(periods: Sequence[IssueFact], at: datetime) -> Verdict:
    """May the bodycam be handed in at this moment? Only what is issued, and later than it was issued."""
    running = [period for period in periods if period.handed_in_at is None]
    if not running:
        return Verdict(allowed=False, rule="camera.issue", reason="Deze bodycam is niet uitgegeven.")
    if at <= running[0].issued_at:
        return Verdict(allowed=False, rule="camera.issue", reason="De inname kan niet voor de uitgifte liggen.")
    return Verdict(allowed=True, rule="camera.issue", reason="De bodycam was uitgegeven.")


@dataclass(frozen=True, slots=True)
class Moments:
    """First picture, activation and last picture of a recording, UTC."""

    started_at: datetime
    activated_at: datetime
    ended_at: datetime


@rule("recording.not-after-receipt")
def by_receipt(moments: Moments, *, received_at: datetime) -> Moments:
    """The moments that count: what a camera or a dock says to be later than the receipt counts as the receipt, because nothing
    can be filmed after it came in. A clock that is ahead therefore keeps nothing for longer.
    """
    return Moments(
        min(moments.started_at, received_at), min(moments.activated_at, received_at), min(moments.ended_at, received_at)
    )


def hole(places: int, longest: timedelta) -> timedelta:
    """How far the beginning of a part may lie from the end of one that is so many places before it: what lies between is as long
    as the parts that are still to come, of which none is longer than an hour or the `longest` known. A part of which the place
    is taken, or that tells none (`places` below 1), lies within an hour.
    """
    return min(PAUSE + max(places - 1, 0) * max(longest, PAUSE), NEAR)


@dataclass(frozen=True, slots=True)
class Beside:
    """How a file stands beside a recording whose number it carries. `places`: how many places it comes before the first or after
    the last part (below 1: its place is taken); `longest`: the longest part; `same_wearer`: had the same officer the camera, or
    nobody both times; `emptied`: was everything of the recording wiped from the camera since?
    """

    places: int
    longest: timedelta
    same_wearer: bool
    emptied: bool


@rule("recording.one-event")
def belongs(
    moments: Moments,
    *,
    known: Moments,
    received_at: datetime,
    now: datetime,
    clock_known: bool,
    beside: Beside | None = None,
) -> Verdict:
    """May a file that comes `now` belong to a recording of the same camera that came in at `received_at` through the same door?
    One event is one moment; far apart is two, whatever number the camera gave them: cameras begin their count again when the card
    is emptied. So it lies close to the recording (`beside`; within a day where that is not told), was worn by the same
    officer, and ended before the recording came in. Where the camera's clock was not measured (`clock_known` is false) it may
    lie after the receipt when it comes soon after, its place is free and the camera was not emptied meanwhile.
    """
    gap = max(moments.started_at - known.ended_at, known.started_at - moments.ended_at)
    fits = gap <= (NEAR if beside is None else hole(beside.places, beside.longest))
    here = moments.ended_at <= received_at + SKEW
    if not here and not clock_known:  # maybe dated by when it was read
        here = now <= received_at + NEAR
        fits = gap <= NEAR and (beside is None or (beside.places > 0 and not beside.emptied) or gap <= timedelta(0))
    if fits and here and (beside is None or beside.same_wearer):
        return Verdict(allowed=True, rule="recording.one-event", reason="Het bestand hoort bij deze opname.")
    reason = "De tijden van het bestand passen niet bij de opname waar het bij zou horen."
    return Verdict(allowed=False, rule="recording.one-event", reason=reason)


def far_apart(moments: Moments, *, shown: timedelta | None, parts: int) -> bool:
    """Do the parts of this recording lie too far apart to be one event? `shown`: how long all parts last together, empty when
    that is not known; `parts`: how many there are.
    """
    lasts = moments.ended_at - moments.started_at
    if parts < 2:
        return False
    return lasts > NEAR or (shown is not None and lasts - shown > (parts - 1) * PAUSE)


@rule("recording.pre-event", "recording.post-event", "recording.clock", "recording.long")
def flags(
    *,
    pre_event_ms: int,
    duration_ms: int,
    clock_offset_ms: int | None,
    resolved: bool,
    protocol: Protocol,
    after_receipt: bool = False,
    hour_in_doubt: bool = False,
) -> tuple[str, ...]:
    """The rules that ask for a second look, by name. Lengths in milliseconds; the offset is true time minus camera time,
    empty when it was not measured (which is flagged: the times are then only what the camera said). `after_receipt`: it was
    said to be later than it came in; `hour_in_doubt`: a camera that keeps local time leaves it open which hour it was. What the
    camera films by itself after it was switched off does not count as long.
    """
    offset_allowed = protocol.seconds("recording.clock")
    longest = protocol.minutes("recording.long")
    longest += timedelta(seconds=protocol.number("recording.post-event", "seconds", 0))
    clock_doubtful = clock_offset_ms is None or abs(timedelta(milliseconds=clock_offset_ms)) > offset_allowed
    asked = {
        "recording.pre-event": timedelta(milliseconds=pre_event_ms) < protocol.seconds("recording.pre-event"),
        "recording.clock": clock_doubtful,
        "recording.long": timedelta(milliseconds=duration_ms) > longest,
        "recording.officer-known": not resolved,
        "recording.not-after-receipt": after_receipt,
        "recording.local-clock": hour_in_doubt,
    }
    return tuple(name for name, doubtful in asked.items() if doubtful)


def may_add_officer(*, number: str, taken: bool) -> Verdict:
    """May an officer enter service under this number? `taken`: another one has or had it."""
    reason = f"Nummer {number} is al in gebruik." if taken else "Dit kan."
    return Verdict(allowed=not taken, rule="recording.officer-known", reason=reason)
