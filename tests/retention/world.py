"""Recordings that went through the vault and the register, as an intake leaves them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from tests.vault.installation import Installation

from beeldkluis.footage.actions import NewClip, NewRecording, place_hold, register
from beeldkluis.footage.models import Recording
from beeldkluis.journal.actions import step
from beeldkluis.journal.actor import Actor
from beeldkluis.vault import actions as vault
from beeldkluis.vault.errors import GoneError
from beeldkluis.vault.events import LeftoverRemoved

ENDED = datetime(2026, 10, 1, 20, 0, tzinfo=UTC)
DUE = ENDED + timedelta(days=28)
ACTOR = Actor.system("tests")


class World(Installation):
    """A vault with a register above it."""

    def receive(
        self,
        ended: datetime = ENDED,
        received: datetime | None = None,
        clips: int = 1,
        plain: bytes = b"pictures",
        clock_offset_ms: int | None = 0,
    ) -> Recording:
        recording, now = uuid4(), received or ended + timedelta(hours=2)
        prepared = [self.prepare(recording, plain=plain) for _ in range(clips)]
        new = NewRecording(
            id=recording,
            source="dock",
            serial="SIM-1",
            started_at=ended - timedelta(minutes=5),
            activated_at=ended - timedelta(minutes=3),
            ended_at=ended,
            clock_offset_ms=clock_offset_ms,
            has_sound=True,
            said_apart="",
            clips=[self._clip(one, position) for position, one in enumerate(prepared)],
        )
        with step("tests.receive", actor=ACTOR) as record:
            made = register(new, actor=ACTOR, now=now)
            for one in prepared:
                vault.admit(one, inner_kind="plain", now=now)
            record(LeftoverRemoved(kind="test", name="received"))
        return made

    def _clip(self, prepared: vault.Prepared, position: int) -> NewClip:
        return NewClip(
            object=prepared.object_id,
            position=position,
            name=f"{position}.mp4",
            content_type="video/mp4",
            source_sha256="0" * 64,
            source_size=prepared.plain_size,
            sealed_sha256=prepared.sealed_sha256,
            duration_ms=None,
        )

    def hold(self, recording: Recording, now: datetime, case: str = "2026-0001") -> None:
        place_hold(recording.pk, rule="retention.hold-on-request", case=case, actor=ACTOR, now=now)

    def still_opens(self, recording: Recording) -> bool:
        try:
            return all(self.open(clip.object) == b"pictures" for clip in recording.clips.all())
        except GoneError:
            return False


def ids(recordings: list[Recording]) -> set[UUID]:
    return {one.pk for one in recordings}
