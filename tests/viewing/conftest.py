"""A case with a recording that is really sealed, and the people around it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth.hashers import make_password
from django.test import Client, RequestFactory
from pytest_django import Settings
from tests.retention.world import ENDED, World

from beeldkluis.cases import actions as cases
from beeldkluis.cases.models import Case
from beeldkluis.devices.models import Bodycam, CameraModel
from beeldkluis.footage.models import Recording
from beeldkluis.journal.signer import make_signing_key
from beeldkluis.people.models import Officer, Person
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.roles import Role
from beeldkluis.sealed.age import Identity
from beeldkluis.viewing.models import Attendance, Viewing

NOW = ENDED + timedelta(days=2)
MOMENT = ENDED - timedelta(minutes=2)
CODE = "830461"


def show_second_factor(client: Client, person: Person, at: datetime = NOW) -> None:
    """As if this person, who is signed in, showed it at this moment."""
    request = RequestFactory().get("/")
    request.session = client.session
    record_authentication(request, person, "mfa", type="totp")
    request.session[AUTHENTICATION_METHODS_SESSION_KEY][-1]["at"] = at.timestamp()
    request.session.save()


def person(role: Role) -> Person:
    return Person.objects.create(email=f"{role.value}@example.nl", name=role.dutch, role=role.value, added_at=NOW)


@dataclass
class Scene:
    """Everything that a test of the gate may want to change."""

    world: World
    people: dict[Role, Person]
    recording: Recording
    case: Case

    @property
    def manager(self) -> Person:
        return self.people[Role.TEAM_MANAGER]

    @property
    def officer(self) -> Officer:
        return Officer.objects.get(number="1207")

    def look(self, purpose: Purpose = Purpose.ASSESS_REQUEST, *present: str, role: Role = Role.TEAM_MANAGER) -> Viewing:
        """A viewing that was begun, with these people in the room: "officer", "stand_in", "requester"."""
        person = self.people[role]
        viewing = Viewing.objects.create(
            case=self.case, purpose=purpose.value, place="Spreekkamer", person=person, proved_at=NOW, begun_at=NOW,
            expires_at=NOW + timedelta(hours=2), number="000001", protocol="1",
        )  # fmt: skip
        for one in ("team_manager", *present):
            officer = self.officer if one in ("officer", "stand_in") else None
            account = {"team_manager": person, "stand_in": self.people[Role.DEPUTY]}.get(one)
            Attendance.objects.create(viewing=viewing, present=one, how="code", officer=officer, person=account, at=NOW)
        return viewing

    def confirm(self) -> None:
        cases.link_recording(self.case, self.recording.pk, actor=self.manager.as_actor, now=NOW)

    def reject(self) -> None:
        cases.reject_match(self.case, self.recording.pk, actor=self.manager.as_actor, now=NOW)

    def ask(self, *, kind: str = "access", forwarded: bool = True) -> Case:
        dpo = self.people[Role.DPO].as_actor
        asked = cases.receive(
            kind=kind,
            received_by_channel="letter",
            requester_name="Proef",
            requester_address="Straat 1",
            requester_place="Zuidhorn",
            requester_phone="0594 000 000",
            demonstrable_interest="Een proef.",
            moment_from=MOMENT,
            moment_until=MOMENT,
            place="De Gast",
            actor=dpo,
            now=NOW,
        )
        if forwarded:
            cases.forward(asked, actor=dpo, now=NOW)
        asked.refresh_from_db()
        return asked


@pytest.fixture
def scene(db: None, tmp_path: Path, settings: Settings) -> Scene:
    for name in ("store", "keys", "staging"):
        (tmp_path / name).mkdir(mode=0o700)
    settings.STORE, settings.STORE_FOLDER, settings.KEY_FOLDER = "local", tmp_path / "store", tmp_path / "keys"
    settings.KEY_STANDBY_FOLDER, settings.STAGING_FOLDER = "", tmp_path / "staging"
    settings.SIGNING_KEY_FILE = tmp_path / "secrets" / "vault-signing-key"
    make_signing_key()
    world = World(tmp_path, Identity.generate())
    Bodycam.objects.create(
        serial="SIM-1",
        label="BC-1",
        kind=CameraModel.objects.create(make="Proef", name="Proef", pre_event_seconds=120),
        added_at=ENDED,
    )
    people = {role: person(role) for role in (Role.TEAM_MANAGER, Role.DPO, Role.ADMINISTRATOR, Role.DEPUTY)}
    made = Scene(world, people, world.receive(), Case())
    officer = Officer.objects.create(
        number="1207", name="S. Wiersma", employment="own", since=ENDED, email="boa@example.nl",
        code_hash=make_password(CODE), code_is_first=False,
        code_set_at=ENDED - timedelta(days=40), email_set_at=ENDED - timedelta(days=40),
    )  # fmt: skip
    Recording.objects.filter(pk=made.recording.pk).update(officer=officer)
    made.recording.refresh_from_db()
    made.case = made.ask()
    return made
