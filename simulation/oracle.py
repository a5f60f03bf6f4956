"""What must be, from the protocol's text and the interpretations: when footage goes, what keeps it, what a letter must say.

Written without the program: nothing of `beeldkluis` is imported here. It is told what people did and what moments were true,
and says what follows. Moments are aware datetimes.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from simulation.law import ZONE, final_from, same_date_after

AROUND = timedelta(minutes=60)  # I-10: an hour on both sides of the moment that a request names
AROUND_UNMEASURED = timedelta(hours=25)  # and a day more where nobody measured the clock
LOOKED_AT = timedelta(minutes=10)  # I-04: docked late, it stays so long for whoever waits for it
PROMPT = timedelta(hours=1)  # I-12
UNASKED = timedelta(days=365)  # a report to the police is not waited for longer (I-69)
HOLDING = frozenset({"access", "interest", "demand", "preservation"})  # learning prolongs nothing (privacy-6)
DECIDED = frozenset({"granted", "refused", "no_footage", "set_aside"})


@dataclass(frozen=True, slots=True)
class Terms:
    """The numbers of one version of the protocol, in days."""

    number: str
    period: int = 28
    decision: int = 28
    completion: int = 14
    withdrawal: int = 14
    extension: int = 60


@dataclass(slots=True)
class Film:
    """One recording as it truly was. `said_*` is what the dock tells by corrected clock, with the hour that summer time leaves
    open on both sides (I-53).
    """

    number: int
    id: UUID
    ended: datetime
    said_from: datetime
    said_until: datetime
    received: datetime
    measured: bool
    term: datetime
    days: int
    version: str
    cases: list["Case"] = field(default_factory=list)
    free_since: datetime | None = None
    gone: datetime | None = None

    @property
    def goes(self) -> datetime:
        """From when it may go as far as its own term is concerned."""
        return max(self.term, self.received + LOOKED_AT)


@dataclass(slots=True)
class Case:
    """A request as the oracle knows it. `decide_by` as the protocol counts it; `beside`: complaints and appeals against not
    deciding in time that are open.
    """

    reference: str
    kind: str
    received: datetime
    decide_by: datetime
    moment: tuple[datetime, datetime] | None
    state: str = "received"
    missing: tuple[str, ...] = ()
    asked: datetime | None = None
    until: datetime | None = None
    asked_ever: datetime | None = None
    extended: bool = False
    outcome: str = ""
    sent: datetime | None = None
    settled: datetime | None = None
    beside: int = 0
    registered: datetime | None = None
    began: datetime | None = None  # the term that runs now, with what it stood still
    longer: bool = False
    owed: bool = False  # access that was granted and not given yet (GDPR 12(3))
    rejected: set[int] = field(default_factory=set)
    let_go: set[int] = field(default_factory=set)
    confirmed: set[int] = field(default_factory=set)
    withdrawn: datetime | None = None
    lapses: datetime | None = None
    withdrawal_days: int = 0
    closed: datetime | None = None
    films: list[Film] = field(default_factory=list)

    def final(self) -> datetime | None:
        """From when its decision is final; empty while that cannot be said (I-11, I-50)."""
        if self.sent is None or self.state not in DECIDED or self.beside:
            return None
        return final_from(max(self.sent, self.settled or self.sent))

    def give_day(self) -> date:
        """The last day to let a filmed person see what is granted: a month from the request, three when extended."""
        began = self.began or self.received
        return same_date_after(began.astimezone(ZONE).date(), 3 if self.longer else 1)

    def may_close(self, now: datetime) -> bool:
        """Could the team manager close it now, with a reason?"""
        if self.beside:
            return False
        if self.kind in {"access", "interest"}:
            final = self.final()
            return final is not None and now >= final and not self.owed
        return self.state == "forwarded"

    def holds(self, film: Film) -> bool:
        """Does it keep this film?"""
        if self.kind not in HOLDING or self.closed is not None:
            return False
        return film.number not in self.let_go

    def asks_for(self, film: Film) -> bool:
        """Does the film lie around the moment that it names?"""
        if self.moment is None:
            return False
        around = AROUND if film.measured else AROUND_UNMEASURED
        return film.said_from <= self.moment[1] + around and film.said_until >= self.moment[0] - around


class Oracle:
    """Everything that was told, and what follows from it."""

    def __init__(self, begins: datetime) -> None:
        self.versions: list[tuple[datetime, Terms]] = [(begins, Terms("1"))]
        self.films: dict[UUID, Film] = {}
        self.cases: dict[str, Case] = {}
        self.outages: list[tuple[datetime, datetime | None, str]] = []
        self.begun: set[str] = {"1"}  # versions that began: while nobody believes the clock none does
        self.open: dict[str, Case] = {}  # not closed
        self.there: dict[UUID, Film] = {}  # not destroyed

    def terms(self, at: datetime) -> Terms:
        """The version that applied then; the first one also before."""
        found = [terms for begins, terms in self.versions if begins <= at]
        return found[-1] if found else self.versions[0][1]

    def terms_now(self) -> Terms:
        """The version that counts for what people do now."""
        return [terms for _begins, terms in self.versions if terms.number in self.begun][-1]

    def versions_begin(self, now: datetime) -> None:
        """Those of which the day has come apply."""
        self.begun |= {terms.number for begins, terms in self.versions if begins <= now}

    def longest(self, first: datetime, last: datetime) -> Terms:
        """Of the versions between two moments the one that keeps footage longest (I-20, I-48)."""
        between = [terms for begins, terms in self.versions if first < begins <= last]
        return max([self.terms(first), *between], key=lambda one: one.period)

    def film_came(
        self,
        id_: UUID,
        *,
        ended: datetime,
        said: tuple[datetime, datetime],
        received: datetime,
        measured: bool,
    ) -> Film:
        """A film came in. Measured: its term runs from its end, the latest that it may have been, by the version that applied
        then; otherwise from the receipt, by the longest of the versions that may have applied (I-01, I-20, I-44, I-48, I-53).
        """
        end = min(max(said[1], ended) if measured else said[1], received)
        terms = self.terms(end) if measured else self.longest(min(end, received), received)
        begins = end if measured else received
        days = timedelta(days=terms.period)
        film = Film(
            len(self.films) + 1, id_, ended, min(said[0], received), end, received, measured, begins + days,
            terms.period, terms.number,
        )  # fmt: skip
        film.free_since = received
        self.films[id_] = self.there[id_] = film
        for case in self.open.values():
            self._tie(case, film)
        return film

    def film_grew(self, film: Film, *, ended: datetime, said_until: datetime) -> None:
        """More of the same event came in the same docking."""
        terms = self.terms(min(said_until, film.received)) if film.measured else self.terms(film.said_until)
        if film.measured:
            film.ended, film.days, film.version = max(film.ended, ended), terms.period, terms.number
            film.said_until = max(film.said_until, min(said_until, film.received))
            film.term = min(max(film.ended, film.said_until), film.received) + timedelta(days=terms.period)
        film.said_until = max(film.said_until, min(said_until, film.received))
        for case in self.open.values():
            self._tie(case, film)

    def _tie(self, case: Case, film: Film) -> None:
        if case.kind in HOLDING and case.asks_for(film) and film.gone is None and film not in case.films:
            case.films.append(film)
            film.cases.append(case)

    def case_came(self, case: Case) -> None:
        """A request was registered: it keeps what lies around its moment."""
        self.cases[case.reference] = self.open[case.reference] = case
        self.moment_named(case)

    def moment_named(self, case: Case) -> None:
        """Its moment became known, or it is open again."""
        for film in self.there.values():
            self._tie(case, film)

    def closed(self, case: Case, now: datetime) -> None:
        """It keeps nothing any more."""
        case.closed = now
        self.open.pop(case.reference, None)
        for film in case.films:
            film.free_since = now

    def reopened(self, case: Case) -> None:
        """An objection or complaint came after it was closed: what is still there is kept again (I-50)."""
        case.closed = None
        case.let_go = set()
        self.open[case.reference] = case
        self.moment_named(case)

    def time_passes(self, now: datetime) -> None:
        """What takes effect by itself: withdrawals, and what does not belong to a case whose decision is final."""
        for case in list(self.open.values()):
            unasked = case.kind == "preservation" and case.registered and now >= case.registered + UNASKED  # I-69
            withdrawn = (
                case.lapses is not None and now >= case.lapses and not case.beside
            )  # a complaint keeps it (I-11)
            if unasked or withdrawn:
                case.state = "closed"
                self.closed(case, now)
            elif case.rejected - case.let_go and (final := case.final()) is not None and now >= final:
                for film in case.films:
                    if film.number in case.rejected - case.let_go:
                        film.free_since = now
                case.let_go |= case.rejected

    def holders(self, film: Film) -> list[Case]:
        """The cases that keep it now."""
        return [case for case in film.cases if case.holds(film)]

    def why_not(self, film: Film, when: datetime) -> str:
        """Why it may not go at that moment; empty when it may."""
        if when < film.goes:
            return f"its term ends at {film.goes.isoformat()}"
        if holders := self.holders(film):
            return f"kept for {', '.join(f'{one.reference} ({one.state})' for one in holders)}"
        return ""

    def deadline(self, film: Film) -> datetime | None:
        """By when it must be gone; empty while a case keeps it. Standstill and a brake that waits put it off."""
        if self.holders(film):
            return None
        from_ = max(film.goes, film.free_since or film.received)
        for begun, ended, _why in sorted(self.outages, key=lambda one: one[0]):
            if begun <= from_ + PROMPT and (ended is None or ended > from_):
                if ended is None:
                    return None
                from_ = ended
        return from_ + PROMPT
