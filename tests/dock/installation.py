"""An installation for docks to work with, made and read from outside the test's own process.

    tests.dock.installation seed IDENTITY_FILE SERIALS CODES   keys, cameras (comma-separated), so many enrolment codes
    tests.dock.installation contents IDENTITY_FILE             every clip, opened: one JSON list
    tests.dock.installation halves IDENTITY_FILE               sweep as if days went by, and count what is there

The folder is BEELDKLUIS_DATA. The identity is an age file key of the test's own making.
"""

import hashlib
import json
import os
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from tests.template import make_tables

from beeldkluis.devices import actions as devices
from beeldkluis.footage.models import Recording
from beeldkluis.intake import actions as intake
from beeldkluis.intake.models import Receipt, Upload
from beeldkluis.journal import clock
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.models import Entry
from beeldkluis.people import actions as people
from beeldkluis.people.models import Officer
from beeldkluis.protocol.roles import Role
from beeldkluis.sealed import age, axis
from beeldkluis.sealed.wrap import unwrap_header
from beeldkluis.vault import queries as vault
from beeldkluis.vault.actions import sweep
from beeldkluis.vault.key_store import key_store_in_use
from beeldkluis.vault.models import SealedObject
from beeldkluis.vault.store import store_in_use
from beeldkluis.web import installation

ACTOR = Actor.system("tests")


def seed(identity_file: str, serials: str, codes: str) -> list[str]:
    installation.make_folders()
    installation.make_vault_key()
    make_tables()
    now = clock.now()
    manager = people.add_person(
        email="teammanager@example.nl", name="Proef", role=Role.TEAM_MANAGER, password=None, actor=ACTOR, now=now
    )
    team = age.Identity.parse(Path(identity_file).read_text().strip())
    recovery = age.Identity.generate()
    public_pem, private_key = axis.generate_rsa()
    people.record_key_ceremony(
        team_recipient=str(team.recipient),
        recovery_recipient=str(recovery.recipient),
        axis_public=public_pem,
        axis_sealed_private=age.seal_bytes(private_key, [team.recipient, recovery.recipient]),
        sealed_identity=age.seal_identity(team, "een twee drie vier vijf zes", 10),
        actor=manager.as_actor,
        now=now,
    )
    yesterday = now - timedelta(days=1)
    for number, serial in enumerate(serials.split(",")):
        officer = people.add_officer(
            number=str(1000 + number),
            name=f"Proef {number}",
            employment=Officer.Employment.OWN,
            since=yesterday,
            actor=ACTOR,
            now=now,
        )
        bodycam = devices.add_bodycam(
            serial=serial,
            label=f"BC-{number}",
            make="Proef",
            model="Map",
            pre_event_seconds=120,
            actor=ACTOR,
            now=now,
        )
        devices.issue(bodycam, officer, at=yesterday, actor=ACTOR, now=now)
    return [devices.make_enrolment_code(name=f"dock {one}", actor=ACTOR, now=now) for one in range(int(codes))]


def contents(identity_file: str) -> list[dict[str, Any]]:
    identity = age.Identity.parse(Path(identity_file).read_text().strip())
    found = []
    for receipt in Receipt.objects.order_by("given_at"):
        sealed = SealedObject.objects.get(pk=receipt.clip)
        recording = Recording.objects.get(pk=receipt.recording)
        key = key_store_in_use().get(sealed.recording)
        header = unwrap_header(key, bytes(sealed.wrapped_header), sealed.recording, sealed.pk)
        file_key = age.open_header(header, [identity])
        reader = age.PayloadReader(fetch(receipt.clip), sealed.payload_size, file_key)
        film = hashlib.sha256()
        for piece in reader.pieces(0, reader.size):
            film.update(piece)
        found.append(
            {
                "serial": receipt.serial,
                "sha256": film.hexdigest(),
                "promised": receipt.source_sha256,
                "recording": str(recording.pk),
                "state": recording.state,
                "apart": recording.quarantine_reason,
                "flags": recording.flags,
                "officer": recording.officer_id is not None,
                "started": recording.started_at.isoformat(),
                "ended": recording.ended_at.isoformat(),
                "reported": receipt.wiped_reported_at is not None,
            }
        )
    return found


def halves(_identity_file: str) -> dict[str, Any]:
    """What is left after the sweeps of two days later: nothing that does not belong to a recording."""
    store, keys, staging = store_in_use(), key_store_in_use(), Path(settings.STAGING_FOLDER)
    old = time.time() - 2 * 86_400
    for folder in (Path(settings.STORE_FOLDER), Path(settings.KEY_FOLDER), staging):
        for path in folder.rglob("*"):
            os.utime(path, (old, old))
    swept = sweep(actor=ACTOR, now=clock.now())
    intake.sweep_uploads(actor=ACTOR, now=clock.now() + timedelta(days=2))
    assert not swept.problems, swept.problems
    return {
        "uploads": Upload.objects.exclude(state=Upload.State.ACCEPTED).count(),
        "staged": [path.name for path in staging.iterdir()],
        "keys": len(list(keys.list())),
        "payloads": len(list(store.listing())),
        "objects": SealedObject.objects.count(),
        "recordings": Recording.objects.count(),
        "lost_keys": len(vault.lost_keys()),
        "refused": Entry.objects.filter(act="intake.refuse").count(),
    }


def fetch(clip: Any) -> Callable[[int, int], bytes]:
    return lambda at, length: b"".join(vault.payload(clip, at, at + length))


if __name__ == "__main__":
    answer = {"seed": seed, "contents": contents, "halves": halves}[sys.argv[1]](*sys.argv[2:])  # type: ignore[operator] - by name
    sys.stdout.write(json.dumps(answer))
