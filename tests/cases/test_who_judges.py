"""A case about the team manager: which steps its page offers and which are refused, to the team manager and to the deputy."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction

from beeldkluis.cases.actions import case_step
from beeldkluis.cases.models import Case
from beeldkluis.cases.offers import Viewer, can
from beeldkluis.journal.actor import Actor
from beeldkluis.people.deputation_actions import begin_deputation
from beeldkluis.people.models import Person
from beeldkluis.protocol import cases
from beeldkluis.protocol.cases import Step
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Refused
from tests.cases.conftest import NOW

STEPS = [
    (kind, step)
    for kind in CaseKind
    for step in Step
    if step is not Step.RECEIVE and any(Role.TEAM_MANAGER in row.roles for row in cases.rows(kind, step))
]
OWN = {(CaseKind.ACCESS, Step.SET_LAW), (CaseKind.PRESERVATION, Step.COMPLETE)} | {
    (kind, Step.IDENTIFY) for kind in cases.REQUESTS
}  # written down by either, judged by nobody


class TakenError(Exception):
    """The step was begun; nothing of it may stay."""


def taken(case: Case, step: Step, actor: Actor) -> str:
    """The rule that refused this step, or nothing when it was begun."""
    try:
        with transaction.atomic(), case_step("close", case, step, actor):
            raise TakenError
    except TakenError:
        return ""
    except Refused as refusal:
        return refusal.verdict.rule


@pytest.fixture
def deputy(team_manager: Person) -> Person:
    made = Person.objects.create(email="plv@example.nl", name="Plv", role="deputy", added_at=NOW)
    until = NOW + timedelta(days=2)
    begin_deputation(made, until=until, because="Eigen zaak.", actor=team_manager.as_actor, now=NOW)
    made.refresh_from_db()
    return made


@pytest.mark.rule("request.team-manager-subject")
def test_of_a_case_about_oneself_no_step_of_judging_is_offered_or_taken(
    team_manager: Person, deputy: Person, received: Callable[..., Case]
) -> None:
    case = received(about_team_manager=True)
    titular, acting = Viewer(Role.TEAM_MANAGER, titular=True), Viewer(Role.TEAM_MANAGER, titular=False)
    himself = Actor(team_manager.as_actor.kind, str(team_manager.pseudonym), Role.TEAM_MANAGER)
    for kind, step in STEPS:
        (state, *_more) = cases.rows(kind, step)[0].before
        case.kind, case.state = kind.value, state.value
        Case.objects.filter(pk=case.pk).update(kind=kind.value, state=state.value)
        own = (kind, step) in OWN
        told = (can(case, step, titular), taken(case, step, himself))
        assert told == ((True, "") if own else (False, "request.team-manager-subject")), (kind, step)
        assert (can(case, step, acting), taken(case, step, deputy.as_actor)) == (True, ""), (kind, step)
