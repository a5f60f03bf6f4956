"""A dock's door without a web server: sealed files that are accepted in this process."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from tests.conftest import SETUP, START
from tests.vault.sealing import seal

from beeldkluis.devices.models import Bodycam, Dock
from beeldkluis.footage.models import Clip, Recording
from beeldkluis.intake.actions import accept, report_wiped
from beeldkluis.intake.models import Receipt, Upload
from beeldkluis.people.models import TeamKey
from beeldkluis.people.queries import current_recipients
from beeldkluis.sealed import age
from beeldkluis.sealed.manifest import Manifest
from beeldkluis.vault.actions import take_up_places
from beeldkluis.vault.arrival import Arrival


@dataclass
class Door:
    """A dock that delivers films of one camera, each other bytes."""

    dock: Dock
    serial: str
    films: int = 0

    def deliver(
        self,
        begin: datetime,
        lasts: timedelta,
        *,
        now: datetime,
        keep: Callable[[Manifest], None] = lambda _: None,
        **changed: Any,
    ) -> Recording:
        """One film through the door; the recording that it belongs to now. `keep` gets what the dock said."""
        self.films += 1
        film = f"film {self.films} {uuid4()}".encode()
        upload = Upload.objects.create(
            dock=self.dock, length=1, state=Upload.State.COMPLETE, made_at=now, touched_at=now
        )
        arrival = Arrival.of(upload.pk)
        arrival.path.parent.mkdir(parents=True, exist_ok=True)
        keys = current_recipients() or [str(age.Identity.generate().recipient)]  # a dock that has keys of before
        recipients = [age.Recipient.parse(one) for one in keys]
        sealed = seal(film, recipients, arrival.path)
        said = {
            "upload": upload.pk, "serial": self.serial, "slot": "1", "volume_id": "V", "name": f"{self.films}.mp4",
            "content_type": "video/mp4", "source_sha256": hashlib.sha256(film).hexdigest(), "source_size": len(film),
            "sealed_sha256": sealed, "sealed_size": arrival.path.stat().st_size,
            "started_at": begin, "activated_at": begin, "ended_at": begin + lasts,
            "duration_ms": int(lasts.total_seconds() * 1000), "has_sound": True, "pre_event_ms": 0, "clock_offset_ms": 0,
            "recipients": current_recipients(), "quarantine_reason": "", "group": "EVT-1", "position": 0,
        }  # fmt: skip
        manifest = Manifest(**(said | changed))  # type: ignore[arg-type] - the fields above
        keep(manifest)
        accept(upload, manifest, now=now)
        receipt = Receipt.objects.get(clip=Clip.objects.get(object=upload.pk).object)
        return Recording.objects.get(pk=receipt.recording)

    def wipe(self, *recordings: Recording, now: datetime) -> None:
        """The camera is emptied of these."""
        clips = Receipt.objects.filter(recording__in=[one.pk for one in recordings]).values_list("clip", flat=True)
        report_wiped(self.dock, serial=self.serial, clips=list(clips), left=0, now=now)


@pytest.fixture
def door(vault_folders: Path, bodycam: Bodycam) -> Door:
    for kind in (TeamKey.Kind.TEAM, TeamKey.Kind.RECOVERY):
        public = str(age.Identity.generate().recipient)
        TeamKey.objects.create(kind=kind, public=public, fingerprint=age.fingerprint(public), made_at=START)
    take_up_places(actor=SETUP, now=START)
    return Door(Dock.objects.create(name="hal", public_key="x", token_hash="x", enrolled_at=START), bodycam.serial)
