"""The simulated municipality: time, what is to happen next, the program's minute, and what is looked at after each."""

import heapq
import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from beeldkluis.footage.models import Hold, Recording
from beeldkluis.protocol.verdict import Refused
from beeldkluis.retention.models import Brake
from beeldkluis.web import ticking
from simulation.film import Door
from simulation.judge import Judge
from simulation.law import ZONE
from simulation.machine import Killed, Machine
from simulation.oracle import PROMPT, Film, Oracle

Act = Callable[[], None]
MINUTE = timedelta(minutes=1)
OFTEN = (
    "klok",
    "protocol",
    "ingang",
    "uitgiften",
    "verzoeken",
    "loslaten",
    "plaatsen",
    "bewaartermijn",
    "afmaken",
)  # the jobs that move footage; the others run daily
SELDOM = ("logboek",)  # looks through the whole journal: monthly here
ENOUGH_FOR_THE_BRAKE = 10  # I-49: never less than ten recordings
NOTICED = timedelta(hours=1)  # a standstill or jump explains a stop that comes so soon after it


class World:
    """One run. Everything that is drawn comes from `rng`; `machine.now` is the true moment."""

    def __init__(self, machine: Machine, oracle: Oracle, judge: Judge, rng: random.Random, until: datetime) -> None:
        self.machine, self.oracle, self.judge, self.rng, self.until = machine, oracle, judge, rng, until
        self.door: Door
        self.heap: list[tuple[datetime, int, Act]] = []
        self.count = 0
        self.ticks: set[datetime] = set()
        self.off_until: datetime | None = None
        self.brakes: dict[int, int] = {}  # brake: its place in the oracle's outages
        self.clock_asked: set[int] = set()  # those that ask whether the clock is right
        self.unsettled: datetime = machine.now  # until when a jump or standstill explains a stop
        self.confirm: Callable[[int], None] = lambda _brake: None

    @property
    def now(self) -> datetime:
        """The true moment."""
        return self.machine.now

    def at(self, when: datetime, act: Act) -> None:
        """Let it happen then, or at once when that is past."""
        self.count += 1
        heapq.heappush(self.heap, (max(when.astimezone(UTC), self.now), self.count, act))

    def after(self, act: Act, *, days: float = 0, minutes: float = 0) -> None:
        """Let it happen so much later."""
        self.at(self.now + timedelta(days=days, minutes=minutes), act)

    def office(self, when: datetime) -> datetime:
        """Office hours of that day, at a minute that is drawn."""
        there = datetime.combine(when.astimezone(ZONE).date(), time(9), ZONE)
        return max(there.astimezone(UTC) + timedelta(minutes=self.rng.randrange(8 * 60)), when)

    def run(self) -> None:
        """Play until the end, one happening after another."""
        while self.heap and self.heap[0][0] <= self.until:
            when, order, act = heapq.heappop(self.heap)
            if self.off_until is not None and when < self.off_until:
                heapq.heappush(self.heap, (self.off_until + timedelta(seconds=order % 50), order, act))
                continue
            self.machine.now = max(when, self.now)
            act()

    def tick_at(self, when: datetime) -> None:
        """Let the program's minute come then; once for each minute."""
        minute = when.astimezone(UTC).replace(second=30, microsecond=0)
        if minute not in self.ticks and minute > self.now:
            self.ticks.add(minute)
            self.at(minute, self.tick)

    def tick(self, *, all_of_them: bool = False, seldom: bool = False, killed: int = 0) -> None:
        """The program's minute, and a look at what it did. `killed`: it is ended at that dangerous moment, and starts again."""
        self.ticks.discard(self.now)
        jobs = _chosen(all_of_them=all_of_them, seldom=seldom)
        try:
            with self.machine.goes_off_at(killed):
                for problem in ticking.tick(self.machine.says(), jobs):
                    self.judge.note(problem, self.now)
        except Killed:
            self.judge.counts["kills"] += 1
            self.after(self.tick, minutes=3)
        self.look()

    def do(self, act: Callable[[], Any]) -> Any:
        """What a person does. Now and then the machine goes off half-way, and the person does it again. None when refused."""
        self.judge.counts["acts"] += 1
        kill = self.rng.randrange(1, 6) if self.rng.random() < 0.01 else 0
        try:
            with self.machine.goes_off_at(kill):
                return act()
        except Killed:
            self.judge.counts["kills"] += 1
        except Refused:
            self.judge.counts["refused"] += 1
            return None
        try:
            return act()
        except Refused:
            self.judge.counts["refused"] += 1
            return None

    def look(self) -> None:
        """After a minute of the program: what went, what should have, and what is stopped."""
        self._brakes()
        if self.machine.ahead == timedelta(0) and not self.clock_asked:
            self.oracle.time_passes(self.now)
            self.oracle.versions_begin(self.now)
        there = self.oracle.there
        rows = Recording.objects.filter(pk__in=list(there), destroyed_at__isnull=False).values_list("pk", flat=True)
        for pk in list(rows):
            self._went(there.pop(pk))
        for film in list(there.values()):
            self._should_have_gone(film, "it is still there")

    def _went(self, film: Film) -> None:
        self.judge.counts["destroyed"] += 1
        if why := self.oracle.why_not(film, self.now):
            self.judge.say("early", self.now, about=f"recording {film.number}", oracle=why, program="destroyed it")
        self._should_have_gone(film, "destroyed it now")
        film.gone = self.now

    def _should_have_gone(self, film: Film, program: str) -> None:
        if self.now <= film.goes + PROMPT:
            return
        deadline = self.oracle.deadline(film)
        if deadline is not None and self.now > deadline:
            said = f"gone by {deadline.isoformat(timespec='minutes')}: its term was {film.term.isoformat()}"
            self.judge.say("late", self.now, about=f"recording {film.number}", oracle=said, program=program)

    def _brakes(self) -> None:
        """A stop that waits for two people puts off what is due; one without a reason is wrong by itself."""
        waiting = {one.pk: one for one in Brake.objects.filter(released_at=None, finished_at=None)}
        for pk, place in list(self.brakes.items()):
            if pk not in waiting:
                begun, _ended, why = self.oracle.outages[place]
                self.oracle.outages[place] = (begun, self.now, why)
                del self.brakes[pk]
                self.clock_asked.discard(pk)
                self.after(self.tick, minutes=1)
        for pk, brake in waiting.items():
            if pk in self.brakes:
                continue
            self.judge.counts["brakes"] += 1
            self.brakes[pk] = len(self.oracle.outages)
            if not brake.recordings:
                self.clock_asked.add(pk)
            self.oracle.outages.append((self.now, None, brake.because))
            due = sum(not self.oracle.why_not(film, self.now) for film in self.oracle.there.values())
            if due <= ENOUGH_FOR_THE_BRAKE and self.now > self.unsettled:
                told = f"{due} recordings are due and no clock jumped"
                self.judge.say("held without ground", self.now, about=f"stop {pk}", oracle=told, program=brake.because)
            self.confirm(pk)

    def audit(self) -> None:
        """Now and then: every hold has its ground, every ground its hold, what must be there opens, what is gone does not."""
        held = set(Hold.objects.filter(released_at=None, recording__destroyed_at=None).values_list("recording", "case"))
        wanted = {
            (film.id, case.reference) for film in self.oracle.there.values() for case in self.oracle.holders(film)
        }
        numbers = {film.id: film.number for film in self.oracle.films.values()}
        for pk, reference in sorted(held - wanted, key=lambda one: (one[1], numbers.get(one[0], 0))):
            case = self.oracle.cases.get(reference)
            about = f"recording {numbers.get(pk)} for {reference}"
            said = f"nothing keeps it ({case.state if case else 'no such case'})"
            self.judge.say("held without ground", self.now, about=about, oracle=said, program="holds it")
        for pk, reference in sorted(wanted - held, key=lambda one: (one[1], numbers.get(one[0], 0))):
            state, film = self.oracle.cases[reference].state, self.oracle.films[pk]
            about = f"recording {numbers.get(pk)} for {reference}, not held"
            asked = self.oracle.cases[reference].moment
            when = " to ".join(one.isoformat(timespec="minutes") for one in asked) if asked else "nothing"
            said = f"it must stay: the case is {state} and asks for {when}; it is of {film.said_until.isoformat()}"
            self.judge.say("early", self.now, about=about, oracle=said, program=_released(pk, reference))
        for film in self.oracle.there.values():
            if not self.door.opens(film.id):
                said = f"it must be there until {film.goes.isoformat(timespec='minutes')} at least"
                self.judge.say(
                    "lost", self.now, about=f"recording {film.number}", oracle=said, program="cannot open it"
                )

    def audit_gone(self, since: datetime) -> None:
        """What was destroyed since then opens with no backup."""
        for film in self.oracle.films.values():
            if film.gone is not None and film.gone >= since and self.door.revived(film.id):
                said = f"destroyed on {film.gone.isoformat(timespec='minutes')}"
                self.judge.say(
                    "revived", self.now, about=f"recording {film.number}", oracle=said, program="its key is still there"
                )


def _chosen(*, all_of_them: bool, seldom: bool) -> Mapping[str, Any]:
    jobs = ticking.HERE
    if all_of_them:
        return {name: job for name, job in jobs.items() if seldom or name not in SELDOM}
    return {name: job for name, job in jobs.items() if name in OFTEN}


def _released(recording: UUID, reference: str) -> str:
    last = Hold.objects.filter(recording=recording, case=reference).order_by("-placed_at").first()
    if last is None or last.released_at is None:
        return "never held it"
    return f"ended its hold on {last.released_at.isoformat(timespec='minutes')}: {last.released_because}"
