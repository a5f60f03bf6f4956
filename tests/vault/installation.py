"""A vault on folders of its own, with people's keys, for tests."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from tests.vault.sealing import seal

from beeldkluis.journal.actions import step
from beeldkluis.journal.actor import Actor
from beeldkluis.sealed.age import Identity, PayloadReader, open_header
from beeldkluis.vault import actions, queries
from beeldkluis.vault.events import LeftoverRemoved

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ACTOR = Actor.system("tests")


@dataclass
class Installation:
    folder: Path
    identity: Identity
    recovery: Identity = field(default_factory=Identity.generate)

    def prepare(
        self, recording: UUID, object_id: UUID | None = None, plain: bytes = b"pictures", generation: int = 1
    ) -> actions.Prepared:
        staged = self.folder / "staging" / str(uuid4())
        sha256 = seal(plain, [self.identity.recipient, self.recovery.recipient], staged)
        return actions.prepare(
            recording=recording,
            object_id=object_id or uuid4(),
            staged=staged,
            sealed_sha256=sha256,
            generation=generation,
        )

    def admit(self, prepared: actions.Prepared) -> UUID:
        with step("tests.admit", actor=ACTOR) as record:
            record(LeftoverRemoved(kind="test", name="admitted"))
            return actions.admit(prepared, inner_kind="plain", now=NOW).id

    def take_in(self, recording: UUID, plain: bytes = b"pictures") -> UUID:
        return self.admit(self.prepare(recording, plain=plain))

    def release(self, object_id: UUID) -> bytes:
        with step("tests.release", actor=ACTOR) as record:
            record(LeftoverRemoved(kind="test", name="released"))
            return actions.release_header(object_id)

    def open(self, object_id: UUID, *identities: Identity) -> bytes:
        return self.read(object_id, open_header(self.release(object_id), identities or [self.identity]))

    def read(self, object_id: UUID, file_key: bytes) -> bytes:
        size = queries.payload_size(object_id)
        reader = PayloadReader(
            lambda offset, length: b"".join(queries.payload(object_id, offset, offset + length)),
            size,
            file_key,
        )
        return b"".join(reader.read(0, reader.size))

    def destroy(self, recording: UUID) -> None:
        actions.destroy(recording=recording, rules=("retention.period",), due_at=NOW, actor=ACTOR, now=NOW)
