"""Reading cases that wait for time: withdrawn ones, what does not belong to them, and those in default."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from beeldkluis.cases import queries
from beeldkluis.cases.models import Case, CaseRecording, Letter, Remedy, Suspension
from beeldkluis.footage.queries import held_for
from beeldkluis.governance.queries import in_force
from beeldkluis.protocol import terms
from beeldkluis.protocol.cases import DECIDED, UNASKED, CaseState
from beeldkluis.protocol.holding import ends_unasked, told_until
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.register import Protocol

MOST = 100  # cases that end, or are about to, at once


def default_ends(case: Case) -> datetime | None:
    """Until when can be decided without a penalty after the first notice of default that waits; empty without one."""
    notices = Remedy.objects.filter(case=case, kind=Remedy.Kind.DEFAULT).order_by("received_at")
    sent = queries.decision_sent_at(case)
    first = (notices.filter(received_at__gt=sent) if sent else notices).first()
    return terms.default_ends(first.received_at) if first else None


def in_vain(now: datetime) -> Sequence[Case]:
    """Cases of which the requester did not answer in time."""
    waiting = Suspension.objects.filter(ended_at__isnull=True, until__lt=now).values_list("case", flat=True)
    return list(Case.objects.filter(pk__in=waiting, state=CaseState.AWAITING.value).order_by("received_at"))


def in_default() -> Sequence[tuple[Case, datetime]]:
    """Cases in which a notice of default waits for the decision, each with the end of the two weeks. As many questions whatever
    there is.
    """
    noticed = Remedy.objects.filter(kind=Remedy.Kind.DEFAULT, case__state__in=queries.OPEN_STATES)
    found = Case.objects.filter(pk__in=noticed.values("case")).order_by("received_at")
    told = queries.decisions_sent_at(found)
    first: dict[UUID, datetime] = {}
    for case, received in noticed.order_by("received_at").values_list("case", "received_at"):
        sent = told.get(case)
        if sent is None or received > sent:
            first.setdefault(case, received)
    return [(one, terms.default_ends(first[one.pk])) for one in found if one.pk in first]


def withdrawn() -> Sequence[tuple[Case, datetime | None]]:
    """Withdrawn cases, each with when it keeps nothing any more; empty while that cannot be said. Three questions in all."""
    return _withdrawn(Case.objects.filter(state=CaseState.WITHDRAWN.value))


def _withdrawn(asked: QuerySet[Case]) -> list[tuple[Case, datetime | None]]:
    found, protocol = asked.order_by("received_at"), in_force()
    letters = Letter.objects.select_related("message").defer("pdf").filter(kind="withdrawn", case__in=found)
    newest = {one.case_id: one for one in letters.order_by("pk")}
    running = Counter(Remedy.objects.filter(queries.RUNS_BESIDE, case__in=found).values_list("case", flat=True))
    return [(one, _lapses(newest.get(one.pk), running[one.pk], protocol)) for one in found]


def _lapses(letter: Letter | None, running: int, protocol: Protocol) -> datetime | None:
    if letter is None:
        return None
    return terms.withdrawal_lapses(letter.sent_at, protocol, told=letter.words.get("days"), open_complaints=running)


def rejected_and_held(now: datetime) -> Sequence[tuple[Case, Sequence[UUID]]]:
    """Cases whose decision is final and no complaint runs, that still hold recordings of which was said that they do not belong
    to them, with those recordings.
    """
    decided = [state.value for state in DECIDED]
    ties = CaseRecording.objects.filter(held_for("case__reference", "recording"), rejected_at__isnull=False)
    found: dict[UUID, list[UUID]] = {}
    for case, recording in ties.filter(case__state__in=decided).order_by("pk").values_list("case", "recording"):
        found.setdefault(case, []).append(recording)
    return (
        [(one, found[one.pk]) for one in queries.final_ones(Case.objects.filter(pk__in=list(found)), now)]
        if found
        else []
    )


def unasked(now: datetime, *, told: bool = False) -> Sequence[tuple[Case, datetime]]:
    """Cases that end by themselves because what they wait for did not come (I-69), each with when. `told`: also those of which it
    is time to tell that they are about to. One question.
    """
    protocol, kinds = in_force(), [kind.value for kind in UNASKED]
    until = told_until(protocol, now=now) if told else now
    since = until - protocol.days("preservation.end")  # by its registration: a receipt may be dated back
    found = Case.objects.filter(kind__in=kinds, state=CaseState.FORWARDED.value, forwarded_at__lte=since)
    first = found.order_by("forwarded_at")[:MOST]
    return [(one, ends_unasked(one.forwarded_at, protocol)) for one in first if one.forwarded_at is not None]


def ends_by_itself(case: Case) -> datetime | None:
    """When this case ends by itself if what it waits for does not come; empty for one that somebody closes."""
    waits = CaseKind(case.kind) in UNASKED and case.state == CaseState.FORWARDED
    return ends_unasked(case.forwarded_at, in_force()) if waits and case.forwarded_at is not None else None


def withdrawal_lapses(case: Case) -> datetime | None:
    """From when this withdrawn case keeps nothing any more; empty while the letter that confirms it did not leave, or a complaint
    runs.
    """
    own = Case.objects.filter(pk=case.pk, state=CaseState.WITHDRAWN.value)
    return next((lapses for _one, lapses in _withdrawn(own)), None)
