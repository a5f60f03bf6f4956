"""Destroys, holds, opens, rewraps, sweeps and reports one recording at the same moment, one recording after another, on
PostgreSQL, and prints what became of each.

Run by tests/processes.py: `tests.retention.race_locks FOLDER`, with BEELDKLUIS_DATABASE in the environment.
"""

import json
import random
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Barrier, BrokenBarrierError, Thread

from django.conf import settings
from django.db import connection
from tests.retention.world import ACTOR, DUE, ENDED, World
from tests.template import make_tables

from beeldkluis.cases.models import Case, CaseRecording
from beeldkluis.devices.models import Bodycam, CameraModel
from beeldkluis.footage.actions import report_openable
from beeldkluis.footage.models import Hold, Recording
from beeldkluis.journal import guard
from beeldkluis.journal.actor import Actor, ActorKind
from beeldkluis.journal.models import Entry, Head
from beeldkluis.people.actions import add_person
from beeldkluis.people.models import Person
from beeldkluis.protocol.cases import CaseState
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.presence import Present
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Refused
from beeldkluis.retention.actions import destroy_recording
from beeldkluis.sealed.age import Identity, seal_anew
from beeldkluis.vault import actions as vault
from beeldkluis.vault.errors import GoneError
from beeldkluis.vault.key_store import key_store_in_use
from beeldkluis.vault.models import SealedObject
from beeldkluis.vault.queries import certificate
from beeldkluis.viewing.actions import open_recording
from beeldkluis.viewing.models import Attendance, Viewing

RECORDINGS, TIMES = 36, 3
ACTS = ("vault.destruction_begun", "vault.shredded", "retention.recording_destroyed", "vault.destruction_certified")
GIVES = ("viewing.recording_opened", "vault.headers_set_beside", "footage.hold_placed")


class Scene:
    """Recordings that are due, a case that each belongs to without being held for it, and the person who may open."""

    def __init__(self, folder: Path) -> None:
        settings.STORE_FOLDER, settings.KEY_FOLDER = folder / "store", folder / "keys"
        settings.STAGING_FOLDER = folder / "staging"
        settings.STAGING_FOLDER.mkdir()
        make_tables()
        self.world, self.new = World(folder, Identity.generate()), Identity.generate()
        self.person = _team_manager()
        with guard.opened():  # a camera that nobody knows would set them apart, and what is apart does not open
            Bodycam.objects.create(
                serial="SIM-1",
                label="BC-1",
                kind=CameraModel.objects.create(make="Proef", name="Proef", pre_event_seconds=120),
                added_at=ENDED,
            )
        self.recordings = [self.world.receive(clips=2) for _ in range(RECORDINGS)]
        self.case = _case_of(self.recordings, self.person)
        self.viewing = _looking(self.case, self.person)

    def destroy(self, recording: Recording) -> None:
        destroy_recording(recording.pk, actor=ACTOR, now=DUE)

    def hold(self, recording: Recording) -> None:
        time.sleep(random.uniform(0, 0.15))  # now the one is first and now the other
        self.world.hold(recording, DUE)

    def open(self, recording: Recording) -> None:
        for _ in range(TIMES):
            open_recording(self.viewing, recording.pk, person=self.person, now=DUE)

    def rewrap(self, recording: Recording) -> None:
        for _ in range(TIMES):
            objects = [clip.object for clip in recording.clips.all()]
            headers = {
                one: seal_anew(self.world.release(one), self.world.recovery, self.new.recipient) for one in objects
            }
            vault.set_beside(recording=recording.pk, headers=headers, actor=ACTOR)
            vault.put_in_force(actor=ACTOR)
            vault.destroy_old_keys([recording.pk], actor=ACTOR)

    def report(self, recording: Recording) -> None:
        for _ in range(TIMES):
            report_openable(recording.pk, openable=True, actor=self.person.as_actor, now=DUE)

    def sweep(self, _recording: Recording) -> None:
        for _ in range(TIMES):
            if problems := vault.sweep(actor=ACTOR, now=DUE).problems:
                raise RuntimeError(str(problems))

    def opens(self, recording: Recording) -> bool:
        try:
            films = [self.world.open(clip.object, self.world.identity, self.new) for clip in recording.clips.all()]
        except GoneError:
            return False
        return films == [b"pictures", b"pictures"]

    def outcome(self, recording: Recording) -> dict[str, object]:
        """What stands of it in the register, the vault, the key store and the journal."""
        paper, entries = certificate(recording.pk), Entry.objects.filter(recording=recording.pk)
        shredded = entries.filter(act="vault.shredded").values_list("number", flat=True).first()
        after = entries.filter(act__in=GIVES, number__gt=shredded) if shredded is not None else entries.none()
        return {
            "held": Hold.objects.filter(recording=recording, released_at=None).exists(),
            "destroyed": Recording.objects.get(pk=recording.pk).state == Recording.State.DESTROYED,
            "certified": paper is not None and paper.certified_at is not None,
            "begun": paper is not None,
            "opens": self.opens(recording),
            "headers": SealedObject.objects.filter(recording=recording.pk, wrapped_header__isnull=False).count(),
            "keys": sum(1 for key in key_store_in_use().list() if key.recording == recording.pk),
            "entries": [entries.filter(act=act).count() for act in ACTS],
            "withdrawn": entries.filter(act="vault.destruction_withdrawn").count(),
            "given_after": list(after.values_list("act", flat=True)),
        }


def _looking(case: Case, person: Person) -> Viewing:
    """A viewing in which a deputy took the place of the officer, who is not known."""
    with guard.opened():
        viewing = Viewing.objects.create(
            case=case, purpose=Purpose.ASSESS_REQUEST.value, place="Hier", person=person, proved_at=DUE, begun_at=DUE,
            expires_at=DUE + timedelta(hours=2), number="000001", protocol="1",
        )  # fmt: skip
        deputy = Person.objects.create(email="deputy@example.org", name="D", role=Role.DEPUTY.value, added_at=ENDED)
        for present, who in ((Present.TEAM_MANAGER, person), (Present.STAND_IN, deputy)):
            Attendance.objects.create(viewing=viewing, present=present.value, how="account", person=who, at=DUE)
    return viewing


def _team_manager() -> Person:
    setup = Actor(ActorKind.SYSTEM, "tests", Role.ADMINISTRATOR)
    role, email = Role.TEAM_MANAGER, "manager@example.org"
    return add_person(email=email, name="De teammanager", role=role, password="x", actor=setup, now=ENDED)


def _case_of(recordings: list[Recording], person: Person) -> Case:
    """A case that opens, without the hold that receiving one places: here the hold has to come in between."""
    with guard.opened():
        case = Case.objects.create(
            reference="2026-0001",
            kind=CaseKind.ACCESS.value,
            state=CaseState.FORWARDED.value,
            received_at=ENDED,
            received_by_channel="letter",
            decide_by=DUE,
            requester_name="Proef",
            received_from=person,
        )
        for one in recordings:
            CaseRecording.objects.create(case=case, recording=one.pk, matched_at=ENDED, confirmed_at=ENDED)
    return case


def main() -> None:
    scene = Scene(Path(sys.argv[1]))
    works = [scene.destroy, scene.destroy, scene.hold, scene.open, scene.open, scene.rewrap, scene.report, scene.sweep]
    start, problems = Barrier(len(works)), list[str]()

    def run(work: Callable[[Recording], None]) -> None:
        for recording in scene.recordings:
            try:
                start.wait(timeout=60)
                work(recording)
            except (Refused, GoneError):
                pass  # the other was first
            except BrokenBarrierError:
                break
            except Exception as error:  # noqa: BLE001 - the test names whatever ends a thread
                problems.append(f"{work.__name__}: {error!r}")
        connection.close()

    threads = [Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = list(Entry.objects.order_by("number").values_list("number", flat=True))
    whole = numbers == list(range(Head.objects.get(pk=1).size))
    outcome = [scene.outcome(one) for one in scene.recordings]
    met = [Entry.objects.filter(act=act).count() for act in GIVES]
    sys.stdout.write(json.dumps({"problems": problems, "whole": whole, "outcome": outcome, "met": met}) + "\n")
    connection.close()


main()
