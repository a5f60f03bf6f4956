"""Reading cases, and what a page shows of how far they are."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Length
from django.utils import timezone

from beeldkluis.cases.models import Case, CaseDocument, CaseRecording, Decision, Letter, Remedy, Suspension
from beeldkluis.footage.models import Recording
from beeldkluis.footage.queries import destroyed_between, overlapping, to_review
from beeldkluis.governance.queries import in_force
from beeldkluis.journal.actor import Actor
from beeldkluis.people.models import Person
from beeldkluis.protocol import terms
from beeldkluis.protocol.cases import DECIDED, HOLDING, WEIGHED, CaseState
from beeldkluis.protocol.deciding import Facts
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.laws import views_pause
from beeldkluis.protocol.legal import Regime
from beeldkluis.protocol.letters import DECISIONS
from beeldkluis.protocol.representation import doubt_of
from beeldkluis.protocol.requests import blocking, missing_fields, search_window
from beeldkluis.protocol.roles import Role

UNDECIDED = frozenset({CaseState.RECEIVED, CaseState.AWAITING, CaseState.FORWARDED})
PER_PAGE = 50
RUNS_BESIDE = Q(settled_at=None) & (Q(kind=Remedy.Kind.COMPLAINT) | Q(kind=Remedy.Kind.APPEAL, undecided=True))
OPEN_STATES = tuple(state.value for state in CaseState if state is not CaseState.CLOSED)


def get(reference: str) -> Case | None:
    """The case with this reference."""
    return Case.objects.filter(reference=reference).first()


def page(number: int) -> Page[Case]:
    """One page of all cases: open ones first, the first to be decided on top."""
    closed = ExpressionWrapper(Q(state=CaseState.CLOSED.value), BooleanField())
    shown = Case.objects.only("reference", "kind", "state", "received_at", "decide_by")
    return Paginator(shown.order_by(closed, "decide_by", "pk"), PER_PAGE).get_page(number)


def person(actor: Actor) -> Person:
    """The account of somebody who acts. Person.DoesNotExist for a part of the program: cases are people's work."""
    return Person.objects.get(pseudonym=actor.pseudonym)


def next_reference(year: int) -> str:
    """The next free reference of a year: 2026-0042. Every step holds the journal's lock, so no two cases draw one."""
    drawn = Case.objects.filter(reference__startswith=f"{year}-").values_list("reference", flat=True)
    last = drawn.order_by(Length("reference").desc(), "-reference").first()  # as a text, 9999 comes after 10000
    return f"{year}-{int(last.partition('-')[2]) + 1 if last else 1:04d}"


def is_titular(actor: Actor) -> bool:
    """Is this the team manager by role, rather than a deputy who acts?"""
    return Person.objects.filter(pseudonym=actor.pseudonym, role=Role.TEAM_MANAGER.value).exists()


def facts(case: Case) -> dict[str, object]:
    """What the request says, by field name; formal facts as `formal_<name>`."""
    formal = {f"formal_{name}": value for name, value in case.formal_data.items()}
    return {name: getattr(case, name) for name in FIELDS} | {"officer": case.officer_id} | formal


def missing(case: Case) -> tuple[str, ...]:
    """Which required facts the request still lacks."""
    return missing_fields(CaseKind(case.kind), facts(case), in_force())


FIELDS = (
    "received_by_channel", "requester_name", "requester_address", "requester_place", "requester_organisation",
    "requester_phone", "requester_email", "on_behalf_of", "on_behalf_of_age", "authority", "demonstrable_interest", "description",
    "wish", "in_doubt", "moment_from", "moment_until", "place", "about_team_manager", "formal_data",
)  # fmt: skip


def unmatched(case: Case) -> Sequence[Recording]:
    """Recordings around the moment of the request that the case does not know yet; of who reflects, only the own ones."""
    kind = CaseKind(case.kind)
    if case.moment_from is None or case.moment_until is None:
        return []
    known = set(CaseRecording.objects.filter(case=case).values_list("recording", flat=True))
    near = [one for one in _around(case, clock_known=False) if one.pk not in known]
    if kind.facts.only_own:
        near = [one for one in near if one.officer_id is not None and one.officer_id == case.officer_id]
    start, end = search_window(case.moment_from, case.moment_until, in_force())
    return [one for one in near if not one.clock_measured or (one.earliest_start <= end and one.latest_end >= start)]


def _around(case: Case, *, clock_known: bool) -> Sequence[Recording]:
    if case.moment_from is None or case.moment_until is None:
        return []
    start, end = search_window(case.moment_from, case.moment_until, in_force(), clock_known=clock_known)
    return overlapping(start, end)


def destroyed(case: Case) -> Sequence[Recording]:
    """Recordings of the moment that were destroyed before the request could hold them."""
    if case.moment_from is None or case.moment_until is None:
        return []
    start, end = search_window(case.moment_from, case.moment_until, in_force())
    rejected = set(
        CaseRecording.objects.filter(case=case, rejected_at__isnull=False).values_list("recording", flat=True)
    )
    return [one for one in destroyed_between(start, end) if one.pk not in rejected]


def as_pause(suspension: Suspension) -> terms.Pause:
    """As the rules count it."""
    if suspension.third_party:
        return views_pause(suspension.asked_at, suspension.until, suspension.ended_at)
    return terms.Pause(suspension.asked_at, suspension.until, suspension.ended_at)


def last_suspension(case: Case) -> Suspension | None:
    """The last time that completion was asked for."""
    return Suspension.objects.filter(case=case, third_party="").order_by("-asked_at").first()


def due_by(case: Case, now: datetime) -> datetime:
    """The last moment to decide as it is now: while the clock stands still it moves along."""
    running = Suspension.objects.filter(case=case, ended_at__isnull=True).first()
    return case.decide_by + (as_pause(running).length(now) if running else timedelta(0))


def due_by_each(found: Sequence[Case], now: datetime) -> Mapping[UUID, datetime]:
    """`due_by` of each of these, in one question."""
    running = Suspension.objects.filter(case__in=[one.pk for one in found], ended_at__isnull=True)
    stood = {one.case_id: as_pause(one).length(now) for one in running}
    return {one.pk: one.decide_by + stood.get(one.pk, timedelta(0)) for one in found}


def deciding(case: Case, now: datetime) -> Facts:
    """What the decision must know of the case."""
    rows = [one for one in found(case) if one.link.rejected_at is None and one.recording.destroyed_at is None]
    asked = last_suspension(case)
    return Facts(
        confirmed=sum(one.link.confirmed_at is not None for one in rows),
        unsorted=sum(one.link.confirmed_at is None for one in rows),
        missing=blocking(CaseKind(case.kind), missing(case)),
        asked_in_vain=asked is not None and now > asked.until,
        wish=case.wish,
        doubt=doubt_of(case.authority, case.on_behalf_of_age, case.authority_proof)
        if CaseKind(case.kind).facts.by_right
        else "",
        regime=Regime(case.regime),
    )


def decided_state(case: Case) -> CaseState | None:
    """The state that the newest decision led to."""
    decision = last_decision(case)
    return CaseState(decision.outcome) if decision else None


def remedies(case: Case) -> Sequence[Remedy]:
    """Objections, appeals and complaints, the newest last."""
    return list(Remedy.objects.filter(case=case).order_by("received_at", "pk"))


def remedy(case: Case, pk: int) -> Remedy | None:
    """One of them."""
    return Remedy.objects.select_related("case").filter(case=case, pk=pk).first()


def open_complaints(case: Case) -> int:
    """How many complaints, and appeals against not deciding in time, have no outcome yet."""
    return Remedy.objects.filter(RUNS_BESIDE, case=case).count()


def decision_sent_at(case: Case) -> datetime | None:
    """When the letter of the newest decision left; the term to object runs from there. Of a decision from before letters
    were made here, the moment of the decision.
    """
    decision = last_decision(case)
    if decision is None:
        return None
    made = Letter.objects.select_related("message").defer("pdf").filter(case=case, kind__in=DECISIONS)
    letter = made.order_by("-pk").first()
    return letter.sent_at if letter else decision.decided_at


def decisions_sent_at(asked: QuerySet[Case]) -> Mapping[UUID, datetime | None]:
    """`decision_sent_at` of each of these that was decided, in two questions."""
    decided = Decision.objects.filter(case__in=asked).order_by("decided_at", "pk").values_list("case", "decided_at")
    sent: dict[UUID, datetime | None] = dict(decided)
    made = Letter.objects.select_related("message").defer("pdf").filter(case__in=asked, kind__in=DECISIONS)
    return sent | {one.case_id: one.sent_at for one in made.order_by("pk") if one.case_id in sent}  # the newest counts


def objection_ends(case: Case) -> datetime | None:
    """When the term to object or appeal expires; empty while the letter was not sent."""
    sent = decision_sent_at(case)
    if sent is None:
        return None
    return terms.objection_ends(max(sent, _settled_at(case) or sent), in_force())


def final_from(case: Case) -> datetime | None:
    """From when the decision is final, and the case can be closed; empty while the letter did not leave."""
    sent = decision_sent_at(case)
    if sent is None:
        return None
    return terms.final_from(max(sent, _settled_at(case) or sent), in_force())


def _settled_at(case: Case) -> datetime | None:
    ended = Remedy.objects.filter(case=case, settled_at__isnull=False, undecided=False)
    ended = ended.exclude(kind=Remedy.Kind.COMPLAINT)
    last = ended.order_by("-settled_at").first()
    return last.settled_at if last else None


def is_final(case: Case, now: datetime) -> bool:
    """Is the decision final?"""
    return terms.is_final(
        state=CaseState(case.state),
        sent_at=decision_sent_at(case),
        settled_at=_settled_at(case),
        protocol=in_force(),
        now=now,
    )


def final_ones(asked: QuerySet[Case], now: datetime) -> list[Case]:
    """Those of which the decision is final and no complaint runs, the first received first. Four questions, however many."""
    protocol = in_force()
    # The letter leaves after the decision: what was decided within the term to object is not final. A day for summer time.
    until = now - protocol.days("request.objection") + timedelta(days=1)
    asked = asked.filter(Exists(Decision.objects.filter(case=OuterRef("pk"), decided_at__lte=until)))
    cases = list(asked.order_by("received_at", "pk"))
    sent = decisions_sent_at(asked)
    ended, waiting = {}, set()
    for one in Remedy.objects.filter(case__in=asked).order_by("settled_at"):
        beside = (
            one.kind == Remedy.Kind.COMPLAINT or one.undecided
        )  # these go beside the decision, as in open_complaints
        if beside and one.settled_at is None and one.kind != Remedy.Kind.DEFAULT:
            waiting.add(one.case_id)
        elif not beside and one.settled_at is not None:
            ended[one.case_id] = one.settled_at
    return [
        one
        for one in cases
        if one.pk not in waiting
        and terms.is_final(
            state=CaseState(one.state),
            sent_at=sent.get(one.pk),
            settled_at=ended.get(one.pk),
            protocol=protocol,
            now=now,
        )
    ]


def letters(case: Case) -> Sequence[Letter]:
    """Letters of the case, the newest first."""
    return list(Letter.objects.select_related("message").defer("pdf").filter(case=case).order_by("-made_at", "-pk"))


def letter(case: Case, pk: int) -> Letter | None:
    """One letter."""
    return Letter.objects.select_related("case", "message").filter(case=case, pk=pk).first()


def unsent() -> Sequence[Letter]:
    """Letters that nobody sent yet, the oldest first."""
    waiting = Letter.objects.select_related("case").defer("pdf").filter(how="")
    return list(waiting.order_by("made_at"))


def documents(case: Case) -> Sequence[CaseDocument]:
    """What came in with the case."""
    return list(CaseDocument.objects.defer("data").filter(case=case).order_by("received_at"))


def document(case: Case, pk: int) -> CaseDocument | None:
    """One of them."""
    return CaseDocument.objects.select_related("case").filter(case=case, pk=pk).first()


def reviewable(now: datetime) -> Sequence[Case]:
    """Open cases with a hold that somebody must look at again."""
    kinds = [kind.value for kind in HOLDING]
    return list(Case.objects.filter(reference__in=to_review(now), state__in=OPEN_STATES, kind__in=kinds))


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
    identified: datetime | None
    decided: datetime | None
    sent: datetime | None
    objection_ends: datetime | None
    final: datetime | None
    closed: datetime | None


def dates(case: Case) -> Dates:
    """When what happened; `objection_ends` is when the term to object is over, `final` when no post can come any more."""
    decision = last_decision(case)
    sent = decision_sent_at(case)
    ends, final = (objection_ends(case), final_from(case)) if case.state in DECIDED else (None, None)
    decided = decision.decided_at if decision else None
    return Dates(case.received_at, case.forwarded_at, case.identity_seen_at, decided, sent, ends, final, case.closed_at)


def closable(now: datetime) -> Sequence[Case]:
    """Cases that keep footage although nobody can object any more: somebody must close them."""
    states = [state.value for state in DECIDED if state is not CaseState.GRANTED]
    return final_ones(Case.objects.filter(state__in=states), now)


def undecided(states: Collection[CaseState] = UNDECIDED) -> QuerySet[Case]:
    """Requests that wait for a decision, in these states, the first to be decided first."""
    kinds, wanted = [kind.value for kind in WEIGHED], [state.value for state in states]
    return Case.objects.filter(state__in=wanted, kind__in=kinds).order_by("decide_by")


def untold() -> Sequence[Case]:
    """Decided requests of which the requester does not know it yet: the letter with the newest decision did not leave."""
    newest = Letter.objects.filter(case=OuterRef("pk"), kind__in=DECISIONS).order_by("-pk").values("pk")[:1]
    not_left = Q(posted_at__isnull=True) & (Q(message__isnull=True) | Q(message__sent_at__isnull=True))
    waiting = Letter.objects.filter(not_left, kind__in=DECISIONS, pk=OuterRef("newest"))
    decided = Case.objects.filter(state__in=[state.value for state in DECIDED]).annotate(newest=Subquery(newest))
    return list(decided.filter(Exists(waiting)).order_by("decide_by"))
