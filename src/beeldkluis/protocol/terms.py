"""The clocks of a case: four weeks, standing still, extension, and when a decision is final (access-3, access-7).

Periods of the municipality's own are exact days of 24 hours. The term to object is a term of the law: it begins on the day
after the decision was sent (Awb 6:8), counts calendar days in the municipality's zone, and ends at the end of a day that is
no Saturday, Sunday or public holiday (Algemene termijnenwet, article 1).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from beeldkluis.protocol.cases import DECIDED, CaseState
from beeldkluis.protocol.decree_days import known
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.register import Protocol, rule
from beeldkluis.protocol.verdict import Verdict, refuse

ZONE = ZoneInfo("Europe/Amsterdam")
SATURDAY = 5
DEFAULT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Pause:
    """The term stands still from `since`, at the latest until `until`; `ended_at` is empty while it does."""

    since: datetime
    until: datetime
    ended_at: datetime | None

    def length(self, now: datetime) -> timedelta:
        """How long it has stood still."""
        return max(min(self.ended_at or now, self.until) - self.since, timedelta(0))


@rule("request.decision-period")
def decide_by(
    received_at: datetime,
    protocol: Protocol,
    *,
    pauses: Sequence[Pause] = (),
    extended: timedelta = timedelta(0),
    now: datetime | None = None,
) -> datetime:
    """The last moment for notice of the decision: the period from receipt, and whatever it stood still or was extended."""
    paused = sum((one.length(now or received_at) for one in pauses), timedelta(0))
    return received_at + protocol.days("request.decision-period") + paused + extended


@rule("request.extension")
def may_extend(*, because: str, extended: bool, until: datetime, now: datetime) -> Verdict:
    """May the term be extended? Once, with the reason, and before it is over (GDPR art. 12(3))."""
    reason = ""
    if extended:
        reason = "De termijn is al een keer verlengd."
    elif not because.strip():
        reason = "Schrijf op waarom er meer tijd nodig is. Dat komt in de brief."
    elif now > until:
        reason = "De termijn is al voorbij. Verlengen kan alleen ervoor."
    return Verdict(allowed=not reason, rule="request.extension", reason=reason or "Verlengd.")


def extension(protocol: Protocol) -> timedelta:
    """How much longer."""
    return protocol.days("request.extension")


def objection_ends(sent_at: datetime, protocol: Protocol) -> datetime:
    """When the term to object to what was sent then expires: the end of the last day."""
    return end_of(sent_at.astimezone(ZONE).date() + protocol.days("request.objection"))


def end_of(day: date) -> datetime:
    """The end of that day, or of the first working day after it (Algemene termijnenwet, article 1)."""
    while day.weekday() >= SATURDAY or day in holidays(day.year):
        day += timedelta(days=1)
    return datetime.combine(day + timedelta(days=1), time(), ZONE)


@rule("request.post")
def final_from(sent_at: datetime, protocol: Protocol) -> datetime:
    """From when what was sent then is final: some days after the term to object, because what was posted within the term may
    arrive a week after it and is in time (Awb 6:9(2)).
    """
    ends = objection_ends(sent_at, protocol).astimezone(ZONE)
    day = ends.date() + protocol.days("request.post")
    return datetime.combine(day, time(), ZONE)


@rule("request.objection")
def is_final(
    *, state: CaseState, sent_at: datetime | None, settled_at: datetime | None, protocol: Protocol, now: datetime
) -> bool:
    """Is the decision final? When it was sent, the term to object is over and so is the week for post, and nothing runs.
    `settled_at` is the outcome of the last objection or appeal: from there the term to go to court runs.
    """
    if sent_at is None or state in {CaseState.OBJECTION, CaseState.APPEAL}:
        return False
    return now >= final_from(max(sent_at, settled_at or sent_at), protocol)


def default_ends(received_at: datetime) -> datetime:
    """The end of the last day to decide without a penalty after a notice of default: two weeks (Awb 4:17(3)), by working days
    of the law as every term of it.
    """
    return end_of(received_at.astimezone(ZONE).date() + DEFAULT)


def may_close(
    *, kind: CaseKind, state: CaseState, final: bool, resolved: bool, open_complaints: int, owed: bool = False
) -> Verdict:
    """A case closes when nothing in it asks to keep footage: the decision is final, the incident resolved, no complaint
    or appeal against not deciding in time is open (both count as `open_complaints`), and no access is `owed` that was granted.
    """
    if open_complaints:
        reason = "Er loopt nog een klacht of beroep. De beelden blijven bewaard tot dat is afgerond."
        return Verdict(allowed=False, rule="request.objection", reason=reason)
    if state in DECIDED and not final:
        reason = (
            "De termijn voor bezwaar loopt nog, of een bezwaar kan nog per post komen. "
            "De beelden blijven bewaard tot het besluit definitief is."
        )
        return Verdict(allowed=False, rule="request.objection", reason=reason)
    if owed and state is CaseState.GRANTED:
        reason = (
            "De verzoeker heeft de beelden nog niet gezien. Leg eerst vast dat de inzage is gegeven, of dat de verzoeker niet "
            "kwam of niet meer wil."
        )
        return Verdict(allowed=False, rule="request.give-access", reason=reason)
    if state in {CaseState.GRANTED, CaseState.FORWARDED} and not resolved:
        reason = f"Schrijf op {kind.facts.resolved}; dan mogen de beelden weg."
        return Verdict(allowed=False, rule="retention.hold-until-resolved", reason=reason)
    return Verdict(allowed=True, rule="request.objection", reason="Er is niets meer dat de beelden vasthoudt.")


def may_withdraw(*, because: str) -> Verdict:
    """May a request be withdrawn, or a withdrawal taken back? With how the requester said so."""
    name = "request.withdrawal"
    if not because.strip():
        return refuse(name, "Schrijf op hoe de verzoeker dat liet weten.")
    return Verdict(allowed=True, rule=name, reason="De verzoeker liet dit weten.")


@rule("request.withdrawal")
def withdrawal_lapses(
    sent_at: datetime | None, protocol: Protocol, *, told: int | None = None, open_complaints: int = 0
) -> datetime | None:
    """From when a withdrawn request keeps nothing any more: some days after the letter that confirms it left, so that who did
    not withdraw can say so. `told`: the days that the letter names, which hold whatever version applies since. Empty while that
    letter did not leave, and while a complaint or appeal runs: that keeps footage until its outcome (I-11).
    """
    if sent_at is None or open_complaints:
        return None
    return sent_at + (protocol.days("request.withdrawal") if told is None else timedelta(days=told))


def holidays(year: int) -> frozenset[date]:
    """The public holidays of Algemene termijnenwet, article 3: those that Easter moves, the fixed ones, and the days that a
    royal decree makes equal to them.
    """
    easter = _easter(year)
    moved = {
        easter + timedelta(days=days) for days in (-2, 1, 39, 50)
    }  # Good Friday, Easter Monday, Ascension, Whit Monday
    kings_day = date(year, 4, 27)
    if kings_day.weekday() == SATURDAY + 1:
        kings_day -= timedelta(days=1)
    fixed = {date(year, 1, 1), kings_day, date(year, 5, 5), date(year, 12, 25), date(year, 12, 26)}
    equal = {day for day in known().days if day.year == year}
    return frozenset(moved | fixed | equal)


def _easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (Meeus, Astronomical Algorithms, chapter 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)
