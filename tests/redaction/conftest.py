"""A granted request with a sealed recording, and the copy that is made of it."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pytest
from pytest_django import Settings
from tests.redaction import programs
from tests.viewing.conftest import NOW, Scene
from tests.viewing.conftest import scene as scene  # noqa: PLC0414 - its fixture is ours too

from beeldkluis.cases.models import Case
from beeldkluis.film.confined import ConfinedError
from beeldkluis.footage.models import Clip
from beeldkluis.jobs import actions as jobs
from beeldkluis.jobs import worker
from beeldkluis.journal import clock
from beeldkluis.journal.actor import Actor
from beeldkluis.masking.codec import draft_bytes
from beeldkluis.masking.draft import Change, Draft, Mode
from beeldkluis.people.models import Person, TeamKey
from beeldkluis.protocol.cases import CaseState
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.redaction import actions
from beeldkluis.redaction.models import Redaction
from beeldkluis.sealed.age import Identity, open_header, seal_bytes
from beeldkluis.vault import actions as vault
from beeldkluis.viewing import actions as viewing

WORKER = Actor.system("copies")
FREED = Draft(Mode.INVERTED, changes=(Change(track=1, free=True, reason="De verzoeker."),))


@dataclass
class Copying:
    """What a test does: what a browser asks, what a worker does, what people do."""

    scene: Scene
    worker: Identity
    now: datetime = NOW

    @property
    def case(self) -> Case:
        return Case.objects.get(pk=self.scene.case.pk)

    @property
    def manager(self) -> Person:
        return self.scene.manager

    @property
    def clip(self) -> UUID:
        return Clip.objects.get(recording=self.scene.recording.pk).object

    @property
    def one(self) -> Redaction:
        return Redaction.objects.select_related("case").get()

    def opened(self, purpose: Purpose = Purpose.REDACT, *present: str) -> viewing.Opened:
        look = self.scene.look(purpose, *(present or ("officer",)))
        return viewing.open_recording(look, self.scene.recording.pk, person=self.manager, now=self.now)

    def lend(self) -> bytes:
        """The film's file key, sealed for the worker: as a browser does with what an opening gave it."""
        header = vault.release_header(self.clip)
        key = open_header(header, [self.scene.world.identity])
        told = {"recording": str(self.scene.recording.pk), "clip": str(self.clip)}
        return seal_bytes(
            json.dumps(told | {"file_key": base64.b64encode(key).decode()}).encode(), [self.worker.recipient]
        )

    def ask(self, *, person: Person | None = None, case: Case | None = None) -> Redaction:
        return actions.ask_analysis(
            case or self.case, self.scene.recording.pk, self.clip, worker=str(self.worker.recipient),
            sealed_file_key=self.lend(), person=person or self.manager, now=self.now,
        )  # fmt: skip

    def save(self, draft: Draft = FREED, *, known: int | None = None, person: Person | None = None) -> Redaction:
        one = self.one
        return actions.save_draft(
            one, draft_bytes(draft), known=one.version if known is None else known, person=person or self.manager,
            now=self.now,
        )  # fmt: skip

    def ask_copy(self, *, known: int | None = None) -> Redaction:
        one = self.one
        return actions.ask_rendering(
            one, known=one.version if known is None else known, worker=str(self.worker.recipient),
            sealed_file_key=self.lend(), person=self.manager, now=self.now,
        )  # fmt: skip

    def play(self, *spans: tuple[int, int, bool], person: Person | None = None, version: int | None = None) -> bool:
        one = self.one
        return actions.report_look(
            one, spans or ((0, programs.DURATION_MS, False),),
            version=one.changed_in if version is None else version, person=person or self.manager, now=self.now,
        )  # fmt: skip

    def work(self) -> int:
        return worker.work(self.worker, actor=WORKER, time=lambda: self.now)

    def analysed(self) -> Redaction:
        self.ask()
        assert self.work() == 1
        return self.one

    def rendered(self, draft: Draft = FREED) -> Redaction:
        self.analysed()
        self.save(draft)
        self.ask_copy()
        assert self.work() == 1
        return self.one

    def approved(self, draft: Draft = FREED) -> Redaction:
        self.rendered(draft)
        self.play()
        return self.approve()

    def approve(self) -> Redaction:
        actions.check(self.one, person=self.manager, now=self.now)
        actions.approve(self.one, person=self.manager, now=self.now)
        return self.one


@pytest.fixture
def copying(scene: Scene, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Copying]:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    settings.MASKING_PROGRAMS = programs.PLACES
    TeamKey.objects.create(kind="team", public=str(scene.world.identity.recipient), fingerprint="x", made_at=NOW)
    scene.confirm()
    Case.objects.filter(pk=scene.case.pk).update(state=CaseState.GRANTED.value)
    scene.case.refresh_from_db()
    made = Copying(scene, Identity.generate())
    jobs.beat(made.worker, now=NOW)
    yield made
    for left in (programs.seen, programs.goes_wrong, programs.doubts, programs.meanwhile, programs.real):
        left.clear()


def fails(reason: str) -> ConfinedError:
    return ConfinedError(reason)
