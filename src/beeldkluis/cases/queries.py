"""Reading cases, and what a page shows of how far they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from beeldkluis.cases.models import Case, CaseRecording, Decision
from beeldkluis.footage.models import Recording
from beeldkluis.footage.queries import overlapping
from beeldkluis.governance.queries import in_force
from beeldkluis.journal.actor import Actor
from beeldkluis.people.models import Person
from beeldkluis.protocol.cases import CaseKind, CaseState, final_at, missing_fields, search_window

OPEN_STATES = tuple(state.value for state in CaseState if state is not CaseState.CLOSED)


def get(reference: str) -> Case | None:
    """The case with this reference."""
    return Case.objects.filter(reference=reference).first()


def everything() -> Sequence[Case]:
    """All cases: open ones first, the first to be decided on top."""
    found = Case.objects.order_by("decide_by")
    return sorted(found, key=lambda case: case.state == CaseState.CLOSED)


def open_cases() -> Sequence[Case]:
    """Cases that still keep footage."""
    return list(Case.objects.filter(state__in=OPEN_STATES).order_by("received_at"))


def person(actor: Actor) -> Person:
    """The account of somebody who acts. Person.DoesNotExist for a part of the program: cases are people's work."""
    return Person.objects.get(pseudonym=actor.pseudonym)


def next_reference(year: int) -> str:
    """The next free reference of a year: 2026-0042. Every step holds the journal's lock, so no two cases draw one."""
    last = Case.objects.filter(reference__startswith=f"{year}-").order_by("-reference").first()
    return f"{year}-{int(last.reference.partition('-')[2]) + 1 if last else 1:04d}"


def missing(case: Case) -> tuple[str, ...]:
    """Which required facts the request still lacks."""
    return missing_fields(CaseKind(case.kind), {name: getattr(case, name) for name in FIELDS})


FIELDS = (
    "received_by_channel", "requester_name", "requester_address", "requester_place", "requester_organisation",
    "requester_phone", "requester_email", "demonstrable_interest", "moment_from", "moment_until", "place",
)  # fmt: skip


def unmatched(case: Case) -> Sequence[Recording]:
    """Recordings around the moment of the request that the case does not know yet."""
    if case.moment_from is None or case.moment_until is None:
        return []
    start, end = search_window(case.moment_from, case.moment_until, in_force())
    known = set(CaseRecording.objects.filter(case=case).values_list("recording", flat=True))
    return [recording for recording in overlapping(start, end) if recording.pk not in known]


def link(case: Case, recording: UUID) -> CaseRecording | None:
    """The tie between a case and a recording, whatever was said of it."""
    return CaseRecording.objects.filter(case=case, recording=recording).first()


def links(case: Case) -> Sequence[CaseRecording]:
    """Everything found for the case and not rejected."""
    return list(CaseRecording.objects.filter(case=case, rejected_at__isnull=True))


def last_decision(case: Case) -> Decision | None:
    """The newest decision."""
    return Decision.objects.filter(case=case).select_related("decided_by").order_by("-decided_at", "-pk").first()


def by_number(number: int) -> Recording | None:
    """The recording that people call R-000123."""
    return Recording.objects.filter(number=number).first()


@dataclass(frozen=True, slots=True)
class Found:
    """One line of the case's recordings: facts only."""

    link: CaseRecording
    recording: Recording

    @property
    def title(self) -> str:
        """How the page calls it beside its buttons."""
        return f"{self.recording}, {timezone.localtime(self.recording.started_at):%H:%M}"

    @property
    def asks(self) -> bool:
        """Whether there is still something to do with it: what is destroyed can be neither opened nor held."""
        return self.recording.destroyed_at is None

    @property
    def duration_ms(self) -> int:
        """From the first picture to the end."""
        return int((self.recording.ended_at - self.recording.started_at).total_seconds() * 1000)


def found(case: Case) -> Sequence[Found]:
    """The recordings of the case by time, rejected ones last."""
    ties = {tie.recording: tie for tie in CaseRecording.objects.filter(case=case)}
    rows = Recording.objects.select_related("bodycam", "officer").filter(pk__in=ties).order_by("started_at")
    return sorted((Found(ties[row.pk], row) for row in rows), key=lambda one: one.link.rejected_at is not None)


def days_left(case: Case, now: datetime) -> int:
    """Whole days until the decision must be there; below zero when it is late."""
    return (case.decide_by - now).days


@dataclass(frozen=True, slots=True)
class Progress:
    """One step in the column of progress; `state` is done, now or todo."""

    title: str
    note: str
    state: str


@dataclass(frozen=True, slots=True)
class Dates:
    """The moments of the case that the page tells."""

    received: datetime
    forwarded: datetime | None
    decided: datetime | None
    final: datetime | None
    closed: datetime | None


def dates(case: Case) -> Dates:
    """When what happened; `final` is when a refusal can no longer be objected to."""
    decision = last_decision(case)
    final = final_at(decision.decided_at, in_force()) if decision and case.state == CaseState.REFUSED else None
    return Dates(case.received_at, case.forwarded_at, decision.decided_at if decision else None, final, case.closed_at)


def closable(now: datetime) -> Sequence[Case]:
    """Refused cases that keep footage although nobody can object any more: somebody must close them."""
    refused = Case.objects.filter(state=CaseState.REFUSED.value).order_by("received_at")
    return [case for case in refused if (final := dates(case).final) is not None and final <= now]
