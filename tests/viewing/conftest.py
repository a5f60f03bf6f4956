"""A case with a recording that is really sealed, and the people around it."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings
from tests.retention.world import ENDED, World

from beeldkluis.cases import actions as cases
from beeldkluis.cases.models import Case
from beeldkluis.devices.models import Bodycam, CameraModel
from beeldkluis.footage.models import Recording
from beeldkluis.people.models import Person
from beeldkluis.protocol.roles import Role
from beeldkluis.sealed.age import Identity

NOW = ENDED + timedelta(days=2)
MOMENT = ENDED - timedelta(minutes=2)


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
    world = World(tmp_path, Identity.generate())
    Bodycam.objects.create(
        serial="SIM-1",
        label="BC-1",
        kind=CameraModel.objects.create(make="Proef", name="Proef", pre_event_seconds=120),
        added_at=ENDED,
    )
    people = {role: person(role) for role in (Role.TEAM_MANAGER, Role.DPO, Role.ADMINISTRATOR)}
    made = Scene(world, people, world.receive(), Case())
    made.case = made.ask()
    return made
