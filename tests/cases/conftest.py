"""People, recordings and a letter for the cases room."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from beeldkluis.cases import actions, decision_actions, letter_actions
from beeldkluis.cases.models import Case, Letter
from beeldkluis.footage.actions import NewRecording, register
from beeldkluis.footage.models import Recording
from beeldkluis.journal.actor import Actor
from beeldkluis.people.models import Person
from beeldkluis.protocol.deciding import Outcome, Words
from beeldkluis.protocol.roles import Role

NOW = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
INCIDENT = datetime(2026, 10, 31, 21, 40, tzinfo=UTC)
LETTER: dict[str, Any] = {
    "kind": "access",
    "received_by_channel": "email",
    "requester_name": "J. de Vries",
    "requester_address": "Hoofdstraat 1",
    "requester_place": "9801 AA Zuidhorn",
    "requester_phone": "0594 000 000",
    "requester_email": "j.devries@example.nl",
    "by_email": True,
    "demonstrable_interest": "Ik wil weten wat er is gezegd.",
    "moment_from": INCIDENT,
    "moment_until": INCIDENT + timedelta(minutes=10),
    "place": "De Gast, Zuidhorn",
}
ANSWERS = {letter: f"antwoord {letter}" for letter in "abcde"}
CHOSEN = {"I-26": "law", "I-27": "law"}
YES = Words(outcome=Outcome.GRANTED, grounds="Zwaar.", considerations=ANSWERS, choices=CHOSEN)
NO = Words(
    outcome=Outcome.REFUSED,
    grounds="Nee.",
    exception="15-4",
    not_by_covering="Iedereen is te herkennen.",
    choices=CHOSEN,
)
NONE = Words(outcome=Outcome.NO_FOOTAGE)
SIX_WEEKS = datetime(
    2026, 12, 15, 23, 0, tzinfo=UTC
)  # the end of the day six weeks after NOW, where the municipality is
FINAL = SIX_WEEKS + timedelta(days=7)  # what was posted within the six weeks may arrive until then


def _person(role: Role) -> Person:
    return Person.objects.create(email=f"{role.value}@example.nl", name=role.dutch, role=role.value, added_at=NOW)


@pytest.fixture
def dpo(db: None) -> Person:
    return _person(Role.DPO)


@pytest.fixture
def team_manager(db: None) -> Person:
    return _person(Role.TEAM_MANAGER)


@pytest.fixture
def administrator(db: None) -> Person:
    return _person(Role.ADMINISTRATOR)


@pytest.fixture
def add_recording(db: None) -> Callable[..., Recording]:
    def add(start: datetime = INCIDENT, minutes: int = 4, received: datetime = NOW) -> Recording:
        new = NewRecording(
            id=uuid4(),
            source="dock",
            serial="S-1",
            started_at=start,
            activated_at=start + timedelta(seconds=120),
            ended_at=start + timedelta(minutes=minutes),
            clock_offset_ms=0,
            has_sound=True,
            said_apart="",
            clips=(),
        )
        return register(new, actor=Actor.system("tests"), now=received)

    return add


@pytest.fixture
def received(dpo: Person) -> Callable[..., Case]:
    def receive(now: datetime = NOW, **changed: Any) -> Case:
        return actions.receive(**(LETTER | changed), actor=dpo.as_actor, now=now)

    return receive


@pytest.fixture
def forwarded(dpo: Person, received: Callable[..., Case]) -> Callable[..., Case]:
    def forward(**changed: Any) -> Case:
        return actions.forward(received(**changed), actor=dpo.as_actor, now=NOW)

    return forward


@pytest.fixture
def linked(
    team_manager: Person, forwarded: Callable[..., Case], add_recording: Callable[..., Recording]
) -> Callable[..., tuple[Case, Recording]]:
    def link(**changed: Any) -> tuple[Case, Recording]:
        recording = add_recording()
        case = forwarded(**changed)
        actions.link_recording(case, recording.pk, actor=team_manager.as_actor, now=NOW)
        return case, recording

    return link


@pytest.fixture
def decided(
    team_manager: Person, linked: Callable[..., tuple[Case, Recording]]
) -> Callable[..., tuple[Case, Recording]]:
    """A case decided, and its letter posted the same moment."""

    def decide(words: Words = NO, **changed: Any) -> tuple[Case, Recording]:
        case, recording = linked(**changed)
        actor = team_manager.as_actor
        decision_actions.decide(case, words, actor=actor, now=NOW)
        letter_actions.note_posted(Letter.objects.get(kind=words.outcome.value), actor=actor, now=NOW)
        case.refresh_from_db()
        return case, recording

    return decide
