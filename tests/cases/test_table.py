"""Every kind, step, role and state: all that the table allows is taken for real and works; everything else is refused and
journaled, of which every kind, state and role is taken for real for every way to say no.

The table itself is a pure rule. Each step that is taken shows that it asked that rule, first and with the facts of this
case: what the rule answers for the others, the step does.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.db import transaction

from beeldkluis.cases import (
    actions,
    decision_actions,
    email_actions,
    giving_actions,
    letting_go_actions,
    records_actions,
    remedy_actions,
)
from beeldkluis.cases.models import Case, CaseRecording, Decision, Giving, Letter, Remedy, Suspension
from beeldkluis.footage.models import Recording
from beeldkluis.journal.actor import Actor, ActorKind
from beeldkluis.journal.models import Entry
from beeldkluis.people.models import Officer, Person
from beeldkluis.protocol import cases as table
from beeldkluis.protocol.cases import CaseState, Step, may_step, rows
from beeldkluis.protocol.deciding import Outcome, Words
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Refused, Verdict
from tests.cases.conftest import INCIDENT, LETTER, NO, NONE, NOW, YES
from tests.products import each_value_of_each_answer

LATER = NOW + timedelta(days=200)
Take = Callable[[Case, Actor], object]


class RolledBackError(Exception):
    """Nothing of a try may stay for the next one."""


def _remedy(case: Case, outcome: str, actor: Actor) -> None:
    kind = "appeal" if case.state == CaseState.APPEAL else "objection"
    remedy = Remedy.objects.create(case=case, kind=kind, received_at=NOW)
    remedy_actions.settle(remedy, outcome=outcome, at=NOW, note="", actor=actor, now=LATER)


def _register(kind: str) -> Take:
    return lambda case, actor: remedy_actions.register(
        case, kind=kind, received_at=NOW, where="", actor=actor, now=LATER
    )


PARTS = {
    Outcome.GRANTED: {"part-image": "woo-2-e", "part-sound": "woo-2-e", "part-facts": "open", "I-60": "protocol"},
    Outcome.REFUSED: {"part-image": "woo-2-e", "part-sound": "woo-2-e", "part-facts": "woo-5", "I-60": "protocol"},
}


def _decide(words: Words) -> Take:
    told = replace(words, choices=dict(words.choices) | PARTS.get(words.outcome, {}))
    return lambda case, actor: decision_actions.decide(case, told, actor=actor, now=LATER)


def _link(case: Case, actor: Actor) -> None:
    recording = Recording.objects.get()
    actions.link_recording(case, recording.pk, actor=actor, now=LATER)


def _give(case: Case, actor: Actor) -> object:
    Giving.objects.create(case=case, since=NOW, until=LATER)
    return giving_actions.note_given(case, how="seen", actor=actor, now=LATER)


def _hear(case: Case, actor: Actor) -> object:
    Suspension.objects.filter(case=case).delete()
    Suspension.objects.create(case=case, asked_at=NOW, until=LATER, third_party="Buurman")
    return records_actions.hear(case, views="Liever niet.", actor=actor, now=LATER)


TAKE: dict[Step, Take] = {
    Step.ASK: lambda case, actor: actions.ask(case, actor=actor, now=LATER),
    Step.COMPLETE: lambda case, actor: actions.complete_fields(case, fields={"place": "B"}, actor=actor, now=LATER),
    Step.FORWARD: lambda case, actor: actions.forward(case, actor=actor, now=LATER),
    Step.REFER: lambda case, actor: actions.refer(case, actor=actor, now=LATER),
    Step.EXTEND: lambda case, actor: decision_actions.extend(case, because="Druk.", actor=actor, now=NOW),
    Step.IDENTIFY: lambda case, actor: actions.identify(case, document="passport", actor=actor, now=LATER),
    Step.LINK: _link,
    Step.GRANT: _decide(YES),
    Step.REFUSE: _decide(NO),
    Step.FIND_NOTHING: _decide(NONE),
    Step.SET_ASIDE: _decide(Words(outcome=Outcome.SET_ASIDE)),
    Step.REOPEN: lambda case, actor: decision_actions.reopen(case, actor=actor, now=LATER),
    Step.OBJECT: _register("objection"),
    Step.APPEAL: _register("appeal"),
    Step.UPHOLD: lambda case, actor: _remedy(case, "upheld", actor),
    Step.DISMISS: lambda case, actor: _remedy(case, "dismissed", actor),
    Step.COMPLAIN: _register("complaint"),
    Step.DEFAULT: _register("default"),
    Step.INVITE: lambda case, actor: decision_actions.invite(
        case, "cancelled", {"at": "morgen"}, actor=actor, now=LATER
    ),
    Step.GIVE: _give,
    Step.CONSULT: lambda case, actor: records_actions.consult(case, third_party=["Buurman"], actor=actor, now=NOW),
    Step.HEAR: _hear,
    Step.SET_LAW: lambda case, actor: records_actions.set_law(
        case, regime="wpg", because="Proces-verbaal.", actor=actor, now=NOW
    ),
    Step.REVIEW: lambda case, actor: decision_actions.look_again(case, because="Loopt.", actor=actor, now=LATER),
    Step.WITHDRAW: lambda case, actor: letting_go_actions.withdraw(case, because="Per brief.", actor=actor, now=LATER),
    Step.RESUME: lambda case, actor: letting_go_actions.resume(case, because="Per brief.", actor=actor, now=LATER),
    Step.BY_EMAIL: lambda case, actor: email_actions.set_by_email(
        case, agreed=True, email="a@example.nl", actor=actor, now=LATER
    ),
    Step.CLOSE: lambda case, actor: decision_actions.close(case, because="Opgelost.", actor=actor, now=LATER),
}
LACKING = {Step.ASK, Step.SET_ASIDE}  # steps for a request from which something is missing
WITHOUT_FOOTAGE = LACKING | {Step.FIND_NOTHING}


def test_every_step_is_tried() -> None:
    assert TAKE.keys() | {Step.RECEIVE, Step.LAPSE} == set(Step)  # LAPSE is the program's own: test_letting_go.py


@pytest.fixture
def people(team_manager: Person, dpo: Person, administrator: Person) -> dict[Role, Actor]:
    deputy = Person.objects.create(email="plv@example.nl", name="Plv", role="deputy", added_at=NOW)
    officer = Actor(ActorKind.OFFICER, "8f0c2f0e-0000-4000-8000-000000000000", Role.OFFICER, "Boa")
    known = {person.as_actor.role: person.as_actor for person in (team_manager, dpo, administrator, deputy)}
    return {role: actor for role, actor in known.items() if role is not None} | {Role.OFFICER: officer}


def _case(kind: CaseKind, state: CaseState, step: Step, dpo: Person, recording: Recording, officer: Officer) -> Case:
    """A case in this state with everything there that the step could need, so that the table alone says no."""
    told: dict[str, Any] = {name: value for name, value in LETTER.items() if name not in {"kind", "by_email"}}
    if step in LACKING or step is Step.REFER:
        told |= {"place": "", "moment_from": None, "moment_until": None}
    formal = {"reference": "X", "article": "Y"}
    case = Case.objects.create(
        reference="2026-0001", kind=kind, state=state, received_at=NOW, decide_by=NOW + timedelta(days=28),
        requester_organisation="Politie", received_from=dpo, formal_data=formal, officer=officer, **told,
    )  # fmt: skip
    if state is CaseState.AWAITING or step is Step.SET_ASIDE:
        ended = None if state is CaseState.AWAITING else NOW
        Suspension.objects.create(case=case, asked_at=NOW, until=NOW, ended_at=ended)
    if step not in WITHOUT_FOOTAGE:
        confirmed = None if step is Step.LINK else NOW
        CaseRecording.objects.create(case=case, recording=recording.pk, matched_at=NOW, confirmed_at=confirmed)
    decided = state.value if state.value in {one.value for one in Outcome} else "refused"
    Decision.objects.create(case=case, outcome=decided, decided_at=NOW, decided_by=dpo)
    Letter.objects.create(case=case, kind=decided, made_at=NOW, how="post", posted_at=NOW, protocol="1")
    return case


@dataclass
class Asked:
    """What was asked of the table, and what it answered. It still answers."""

    questions: list[tuple[CaseKind, CaseState, Step, Role | None]] = field(default_factory=list)
    entries: list[int] = field(default_factory=list)  # how many there were when it was asked

    def may_step(self, *, kind: CaseKind, state: CaseState, step: Step, role: Role | None, **more: Any) -> Verdict:
        self.questions.append((kind, state, step, role))
        self.entries.append(Entry.objects.count())
        return may_step(kind=kind, state=state, step=step, role=role, **more)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    made = Asked()
    monkeypatch.setattr(table, "may_step", made.may_step)
    return made


Trial = tuple[CaseKind, CaseState, Role]


def _how(step: Step, trial: Trial) -> str:
    """What the table answers: yes, or in which of its ways no."""
    kind, state, role = trial
    if may_step(kind=kind, state=state, step=step, role=role).allowed:
        return "yes"
    found = rows(kind, step)
    if not found:
        return "no row"
    return "state" if any(role in row.roles for row in found) else "role"


def trials(step: Step, roles: list[Role]) -> Iterator[Trial]:
    """Everything that is allowed; and of each way to say no each kind, state and role."""
    every = list(product(CaseKind, CaseState, roles))
    yield from (one for one in every if _how(step, one) == "yes")
    refused = [one for one in every if _how(step, one) != "yes"]
    yield from each_value_of_each_answer(refused, lambda one: _how(step, one))


@pytest.mark.slow
@pytest.mark.rule("request.kinds", "request.via-dpo", "request.decided-by-team-manager")
@pytest.mark.parametrize("step", TAKE)
def test_what_the_table_allows_works_and_everything_else_is_refused_with_its_reason(
    step: Step, people: dict[Role, Actor], dpo: Person, add_recording: Callable[..., Recording], asked: Asked
) -> None:
    recording = add_recording()
    officer = Officer.objects.create(number="7", name="Boa 7", employment="own", since=INCIDENT)
    Recording.objects.update(officer=officer)
    taken = list(trials(step, list(people)))
    assert {kind for kind, _, _ in taken} == set(CaseKind)
    assert {state for _, state, _ in taken} == set(CaseState)
    assert {role for _, _, role in taken} == set(people)
    for kind, state, role in taken:
        allowed = may_step(kind=kind, state=state, step=step, role=role).allowed
        try:
            with transaction.atomic():
                case = _case(kind, state, step, dpo, recording, officer)
                before = Entry.objects.count()
                asked.questions.clear(), asked.entries.clear()
                _try(step, case, people[role], allowed=allowed)
                assert asked.questions[0] == (kind, state, step, role), (
                    "the table is asked, with the facts of this case"
                )
                assert asked.entries[0] == before, "before anything is done"
                raise RolledBackError
        except RolledBackError:
            pass


def _try(step: Step, case: Case, actor: Actor, *, allowed: bool) -> None:
    refused: Refused | None = None
    before = Entry.objects.filter(act="journal.step_refused").count()
    try:
        TAKE[step](case, actor)
    except Refused as refusal:
        refused = refusal
    assert (refused is None) == allowed, f"{case.kind} {case.state} {step} {actor.role}: {refused}"
    if refused is not None:
        assert refused.verdict.reason
        assert Entry.objects.filter(act="journal.step_refused", case=case.reference).count() == before + 1
        assert Case.objects.get(pk=case.pk).state == case.state
