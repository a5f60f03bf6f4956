"""A dock that is let in, and its requests."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from beeldkluis.devices.actions import enrol_dock, make_enrolment_code
from beeldkluis.devices.models import Dock
from beeldkluis.journal import clock
from beeldkluis.people.models import Person, TeamKey
from beeldkluis.sealed import age
from beeldkluis.sealed.note import Signer
from tests.conftest import START

Ask = Callable[..., HttpResponse]


@pytest.fixture
def at_start(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The clock stands still at the start."""
    monkeypatch.setattr(clock, "now", lambda: START)
    return START


@pytest.fixture
def dock_key() -> Signer:
    return Signer.generate("dock.example")


@pytest.fixture
def code(administrator: Person) -> str:
    return make_enrolment_code(name="Zuidhorn", actor=administrator.as_actor, now=START)


@pytest.fixture
def let_in(code: str, dock_key: Signer) -> tuple[Dock, str]:
    return enrol_dock(code=code, name="Zuidhorn", public_key=dock_key.vkey, now=START)


@pytest.fixture
def keys(db: None) -> tuple[str, str]:
    """The recipients of a team that held its ceremony."""
    made = []
    for kind in (TeamKey.Kind.TEAM, TeamKey.Kind.RECOVERY):
        public = str(age.Identity.generate().recipient)
        TeamKey.objects.create(kind=kind, public=public, fingerprint=age.fingerprint(public), made_at=START)
        made.append(public)
    return made[0], made[1]


@pytest.fixture
def ask(client: Client, let_in: tuple[Dock, str], vault_folders: Path, at_start: datetime) -> Ask:
    """A request of the dock that is let in."""

    def send(method: str, path: str, body: Any = None, token: str = let_in[1]) -> HttpResponse:
        return client.generic(
            method,
            path,
            body if isinstance(body, (bytes, str)) else client._encode_json(body or {}, "application/json"),
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}"},
        )

    return send
