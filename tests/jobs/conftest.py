"""An object in a vault of its own, and the workers that may count it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from pytest_django import Settings
from tests.jobs import counting
from tests.jobs.asking import lend
from tests.vault.installation import Installation

from beeldkluis.jobs import actions, worker
from beeldkluis.jobs.models import Job
from beeldkluis.journal.actions import step
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.signer import make_signing_key
from beeldkluis.people.models import Person
from beeldkluis.sealed.age import Identity, open_header
from beeldkluis.vault.events import LeftoverRemoved

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ACTOR = Actor.system("tests")
PLAIN = b"pictures" * 1000


@dataclass
class Counting:
    """What a test of jobs does: a browser's asking, and a worker's work."""

    vault: Installation
    manager: Person
    recording: UUID
    object: UUID
    now: datetime = NOW

    def key(self) -> bytes:
        return open_header(self.vault.release(self.object), [self.vault.identity])

    def ask(self, identity: Identity, *, sealed: bytes | None = None, actor: Actor | None = None) -> Job:
        recipient = str(identity.recipient)
        with step("tests.ask", actor=ACTOR) as record:
            record(LeftoverRemoved(kind="test", name="asked"))
            return actions.ask(
                counting.COUNTING.name, object_id=self.object, recording=self.recording, worker=recipient,
                sealed_file_key=sealed or lend(self.recording, self.object, self.key(), recipient),
                actor=actor or self.manager.as_actor, now=self.now,
            )  # fmt: skip

    def worker(self) -> Identity:
        identity = Identity.generate()
        actions.beat(identity, now=self.now)
        return identity

    def work(self, identity: Identity) -> int:
        return worker.work(identity, actor=ACTOR, time=lambda: self.now)


@pytest.fixture
def jobs(team_manager: Person, tmp_path: Path, settings: Settings) -> Iterator[Counting]:
    for name in ("store", "keys", "staging"):
        (tmp_path / name).mkdir(mode=0o700)
    settings.STORE, settings.STORE_FOLDER, settings.KEY_FOLDER = "local", tmp_path / "store", tmp_path / "keys"
    settings.KEY_STANDBY_FOLDER, settings.STAGING_FOLDER = "", tmp_path / "staging"
    settings.SIGNING_KEY_FILE = tmp_path / "secrets" / "vault-signing-key"
    settings.JOB_KINDS = [counting.PLACE]
    make_signing_key()
    vault, recording = Installation(tmp_path, Identity.generate()), uuid4()
    yield Counting(vault, team_manager, recording, vault.take_in(recording, PLAIN))
    counting.between.clear()
    counting.after.clear()
