"""Which steps a person is offered on the page of a case: those that the table allows and for which the facts are there.

The pages of the steps ask the same again, and so does each step itself: what is not offered is refused.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from beeldkluis.cases import giving_queries, queries, records_queries
from beeldkluis.cases.models import Case
from beeldkluis.governance.queries import in_force
from beeldkluis.protocol import requests, terms
from beeldkluis.protocol.cases import CaseState, Step, judges, may_judge, may_offer, may_step
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Verdict

SLUGS = {
    Step.ASK: "vragen",
    Step.REFER: "verwijzen",
    Step.CONSULT: "zienswijze",
    Step.HEAR: "zienswijze-gekregen",
    Step.SET_LAW: "wet",
    Step.EXTEND: "verlengen",
    Step.IDENTIFY: "identiteit",
    Step.REOPEN: "heropenen",
    Step.REVIEW: "herzien",
    Step.GIVE: "inzage",
    Step.OBJECT: "bezwaar",
    Step.APPEAL: "beroep",
    Step.DEFAULT: "ingebrekestelling",
    Step.COMPLAIN: "klacht",
    Step.WITHDRAW: "intrekken",
    Step.RESUME: "doorgaan",
    Step.BY_EMAIL: "e-mail",
}
LABELS = {
    Step.ASK: "Om aanvulling vragen",
    Step.COMPLETE: "Aanvullen",
    Step.REFER: "Verwijzen en sluiten",
    Step.CONSULT: "Zienswijze vragen",
    Step.HEAR: "Zienswijze vastleggen",
    Step.SET_LAW: "Welke wet geldt?",
    Step.EXTEND: "Termijn verlengen",
    Step.IDENTIFY: "Identiteit vastleggen",
    Step.REOPEN: "Heropenen",
    Step.INVITE: "Afspraak om te kijken",
    Step.GIVE: "Inzage vastleggen",
    Step.REVIEW: "Opnieuw bekijken",
    Step.OBJECT: "Bezwaar inschrijven",
    Step.APPEAL: "Beroep inschrijven",
    Step.DEFAULT: "Ingebrekestelling inschrijven",
    Step.COMPLAIN: "Klacht inschrijven",
    Step.WITHDRAW: "Intrekken",
    Step.RESUME: "Toch doorgaan",
    Step.BY_EMAIL: "Brieven per e-mail of per post",
    Step.CLOSE: "Zaak sluiten",
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A step that can be taken now, with the page where it is taken."""

    step: Step
    address: str
    label: str


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at the page: the role in which this person acts, and whether it is the team manager rather than a deputy."""

    role: Role | None
    titular: bool


def can(case: Case, step: Step, viewer: Viewer) -> bool:
    """Does the table allow this person the step now?"""
    verdict = may_step(kind=CaseKind(case.kind), state=CaseState(case.state), step=step, role=viewer.role)
    return verdict.allowed and _may_judge(case, step, viewer).allowed


def _may_judge(case: Case, step: Step, viewer: Viewer) -> Verdict:
    judged = judges(CaseKind(case.kind), step) and case.about_team_manager
    return may_judge(about_team_manager=judged, titular=viewer.titular)


def _ready(case: Case, now: datetime) -> dict[Step, Callable[[], bool]]:
    """The facts that a step needs beside the table."""
    return {
        Step.ASK: lambda: requests.may_ask(queries.missing(case)).allowed,
        Step.FORWARD: lambda: may_forward(case, now),
        Step.EXTEND: lambda: case.extended_at is None and now <= case.decide_by,
        Step.IDENTIFY: lambda: case.identity_seen_at is None,
        Step.REOPEN: lambda: bool(queries.links(case)),
        Step.CLOSE: lambda: closing(case, now).allowed,
        Step.REFER: lambda: case.moment_from is None,
        Step.CONSULT: lambda: records_queries.asked_of(case) is None and now <= case.decide_by,
        Step.HEAR: lambda: records_queries.asked_of(case) is not None,
        Step.GIVE: lambda: giving_queries.owed(case) is not None,
        Step.REVIEW: lambda: bool(queries.links(case)),
        Step.OBJECT: lambda: case.state == CaseState.CLOSED or queries.last_decision(case) is not None,
        Step.DEFAULT: lambda: queries.decision_sent_at(case) is None or case.state in queries.UNDECIDED,
    }


def may_forward(case: Case, now: datetime) -> bool:
    """Is the request complete, or was completion asked in vain?"""
    asked = queries.last_suspension(case)
    facts, until = queries.facts(case), asked.until if asked else None
    return requests.may_forward(CaseKind(case.kind), facts, in_force(), asked_until=until, now=now).allowed


def closing(case: Case, now: datetime) -> Verdict:
    """May the case be closed, supposing that somebody writes down that it is resolved?"""
    return terms.may_close(
        kind=CaseKind(case.kind),
        state=CaseState(case.state),
        final=queries.is_final(case, now),
        resolved=True,
        open_complaints=queries.open_complaints(case),
        owed=giving_queries.owed(case) is not None,
    )


def offers(case: Case, viewer: Viewer, now: datetime) -> list[Offer]:
    """The steps with a page of their own, in the order of a case's life."""
    ready = _ready(case, now)
    steps = [step for step in LABELS if can(case, step, viewer) and ready.get(step, lambda: True)()]
    return [Offer(step, address(case, step), LABELS[step]) for step in steps]


def offered(case: Case, step: Step, viewer: Viewer, now: datetime) -> Verdict:
    """May the page of this step be shown to this person? Exactly when the page of the case has its button."""
    verdict = may_step(kind=CaseKind(case.kind), state=CaseState(case.state), step=step, role=viewer.role)
    ready = verdict.allowed and step in {one.step for one in offers(case, viewer, now)}
    return may_offer(table=verdict, judge=_may_judge(case, step, viewer), ready=ready)


def address(case: Case, step: Step) -> str:
    """The page of a step."""
    own = {Step.COMPLETE: "cases:complete", Step.CLOSE: "cases:close", Step.INVITE: "appointments:appointment"}
    if step in own:
        return reverse(own[step], args=[case.reference])
    return reverse("cases:step", args=[case.reference, SLUGS[step]])
