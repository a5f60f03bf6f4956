from pathlib import Path

import pytest
from pytest_django import Settings
from tests.retention.world import ENDED, World
from tests.vault.postgres import postgres

from beeldkluis.journal.actor import Actor, ActorKind
from beeldkluis.people.actions import add_person
from beeldkluis.people.models import Person
from beeldkluis.protocol.roles import Role
from beeldkluis.sealed.age import Identity

__all__ = ["postgres"]  # a fixture, for the tests of this folder

SETUP = Actor(ActorKind.SYSTEM, "tests", Role.ADMINISTRATOR)


@pytest.fixture
def world(tmp_path: Path, settings: Settings) -> World:
    for name in ("store", "keys", "standby", "staging"):
        (tmp_path / name).mkdir(mode=0o700)
    settings.STORE, settings.STORE_FOLDER, settings.KEY_FOLDER = "local", tmp_path / "store", tmp_path / "keys"
    settings.KEY_STANDBY_FOLDER, settings.STAGING_FOLDER = str(tmp_path / "standby"), tmp_path / "staging"
    return World(tmp_path, Identity.generate())


def person(role: Role) -> Person:
    return add_person(
        email=f"{role.value}@example.org",
        name=f"Wie {role.value}",
        role=role,
        password="x",
        actor=SETUP,
        now=ENDED,
    )


@pytest.fixture
def manager(db: None) -> Person:
    return person(Role.TEAM_MANAGER)


@pytest.fixture
def inspector(db: None) -> Person:
    return person(Role.DPO)


@pytest.fixture
def keeper(db: None) -> Person:
    return person(Role.ADMINISTRATOR)
