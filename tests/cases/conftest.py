"""People, recordings and a letter for the cases room."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from beeldkluis.cases import actions
from beeldkluis.cases.models import Case
from beeldkluis.footage.actions import NewRecording, register
from beeldkluis.footage.models import Recording
from beeldkluis.journal.actor import Actor
from beeldkluis.people.models import Person
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
    "demonstrable_interest": "Ik wil weten wat er is gezegd.",
    "moment_from": INCIDENT,
    "moment_until": INCIDENT + timedelta(minutes=10),
    "place": "De Gast, Zuidhorn",
}
ANSWERS = {letter: f"antwoord {letter}" for letter in "abcde"}


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
