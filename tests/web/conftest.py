"""The web room's own: people, and the real middleware, second factor included."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.test import Client, RequestFactory

from beeldkluis.people.models import Person
from beeldkluis.protocol.roles import Role
from beeldkluis.web import settings as real

PASSWORD = "paarden lopen langs het kanaal"


def add(role: Role) -> Person:
    """Somebody with a password and no second factor."""
    person = Person(
        email=f"{role.value}@example.nl", name=f"De {role.dutch}", role=role.value, added_at=datetime.now(UTC)
    )
    person.set_password(PASSWORD)
    person.save()
    return person


def sign_in(client: Client, person: Person) -> Client:
    """As if password and second factor were both shown."""
    client.force_login(person)
    request = RequestFactory().get("/")
    request.session = client.session
    record_authentication(request, person, "mfa", type="totp")
    request.session.save()
    return client


@pytest.fixture(autouse=True)
def real_middleware(settings: Any, tmp_path: Path) -> None:
    """What the program runs with, in folders of this test."""
    settings.MIDDLEWARE = real.MIDDLEWARE
    settings.SIGNING_KEY_FILE = tmp_path / "secrets" / "vault-signing-key"
    settings.STORE_FOLDER, settings.KEY_FOLDER = tmp_path / "store", tmp_path / "keys"
    settings.STAGING_FOLDER = tmp_path / "staging"


@pytest.fixture
def dpo(db: None) -> Person:
    return add(Role.DPO)


@pytest.fixture
def administrator(db: None) -> Person:
    return add(Role.ADMINISTRATOR)


@pytest.fixture
def team_manager(db: None) -> Person:
    return add(Role.TEAM_MANAGER)
