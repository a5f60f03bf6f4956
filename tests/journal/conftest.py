"""A journal with a signing key, some people, and entries to look at."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_django import Settings

from beeldkluis.findings.actions import EACH_TIME, raise_finding
from beeldkluis.journal.actor import Actor, ActorKind
from beeldkluis.journal.signer import make_signing_key
from beeldkluis.people.models import Person
from beeldkluis.protocol.roles import Role
from beeldkluis.sealed.note import Signer

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SOMEBODY = Actor(ActorKind.PERSON, "7d0a1b4e-0000-4000-8000-000000000001", Role.DPO, "Proefpersoon Een")


@pytest.fixture
def key(settings: Settings, tmp_path: Path) -> Signer:
    settings.SIGNING_KEY_FILE = tmp_path / "secrets" / "key"
    return make_signing_key()


@pytest.fixture
def write(db: None) -> Callable[[int], None]:
    def some(count: int) -> None:
        for number in range(count):
            raise_finding(
                rule="tests",
                key=EACH_TIME,
                text=f"bevinding {number}",
                recording=None,
                bodycam=None,
                actor=SOMEBODY,
                now=NOW,
            )

    return some


@pytest.fixture
def people(db: None) -> dict[Role, Person]:
    return {
        role: Person.objects.create(email=f"{role.value}@example.nl", name=role.dutch, role=role.value, added_at=NOW)
        for role in Role
    }
