"""A viewing copy from asking to destruction: the key goes sealed to one worker, and the copy ends with its recording."""

import base64
import io
import json
import signal
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from django.db import OperationalError, transaction
from django.test import Client
from tests.people import handing
from tests.people.handing import Keys
from tests.viewing.conftest import NOW, Scene

from beeldkluis.camera.simulator import draw_film
from beeldkluis.film.copying import CopyError
from beeldkluis.footage.models import Clip
from beeldkluis.jobs import actions as jobs
from beeldkluis.jobs import worker as job_worker
from beeldkluis.jobs.lent_key import read_lent_key
from beeldkluis.jobs.models import Job, Worker
from beeldkluis.journal import clock
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.models import Entry
from beeldkluis.people.models import TeamKey
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Refused
from beeldkluis.sealed.age import Identity, PayloadReader, open_header, seal_bytes
from beeldkluis.sealed.errors import SealError
from beeldkluis.vault import actions as vault_actions
from beeldkluis.vault import queries as vault
from beeldkluis.vault.arrival import Arrival
from beeldkluis.vault.errors import GoneError, StoreError
from beeldkluis.vault.key_store import key_store_in_use
from beeldkluis.vault.models import Lease, SealedObject
from beeldkluis.viewing import actions, copy_actions, copy_making, queries
from beeldkluis.viewing.copy_reasons import NEW_KEYS, REASONS
from beeldkluis.viewing.models import Opening, ViewingCopy
from beeldkluis.web.management.commands import copies

WORKER = Actor.system("copies")
pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def at_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def film(tmp_path: Path) -> bytes:
    draw_film(tmp_path / "film.mp4", 2, width=160, height=90)
    return (tmp_path / "film.mp4").read_bytes()


@pytest.fixture
def opened(scene: Scene, film: bytes) -> actions.Opened:
    """The recording of the scene replaced by a real film, and open."""
    recording = scene.world.receive(plain=film)
    type(recording).objects.filter(pk=recording.pk).update(officer=scene.officer)
    scene.recording = recording
    TeamKey.objects.create(kind="team", public=str(scene.world.identity.recipient), fingerprint="x", made_at=NOW)
    scene.confirm()
    return actions.open_recording(
        scene.look(Purpose.ASSESS_REQUEST, "officer"), recording.pk, person=scene.manager, now=NOW
    )


def lend(scene: Scene, opened: actions.Opened, worker: Identity) -> bytes:
    """What the browser does: the file key out of the header, sealed for the worker."""
    (header,) = opened.headers.values()
    key = open_header(header, [scene.world.identity])
    told = lent_for(opened) | {"file_key": base64.b64encode(key).decode()}
    return seal_bytes(json.dumps(told).encode(), [worker.recipient])


def lent_for(opened: actions.Opened) -> dict[str, str]:
    """What a key says it is lent for."""
    (clip,) = opened.headers
    return {"recording": str(opened.opening.recording), "clip": str(clip)}


def ask(scene: Scene, opened: actions.Opened, worker: Identity, sealed: bytes | None = None) -> ViewingCopy:
    (clip,) = opened.headers
    return copy_actions.ask(
        opened.opening, clip, worker=str(worker.recipient), sealed_file_key=sealed or lend(scene, opened, worker),
        actor=scene.manager.as_actor, now=NOW,
    )  # fmt: skip


def work(worker: Identity) -> int:
    return job_worker.work(worker, actor=WORKER, time=lambda: NOW)


def test_a_copy_is_made_sealed_played_instead_and_gone_with_its_recording(scene: Scene, opened: actions.Opened) -> None:
    worker = Identity.generate()
    jobs.beat(worker, now=NOW)
    asked = ask(scene, opened, worker)
    assert ask(scene, opened, worker).pk == asked.pk, "asking twice is one copy"
    assert Lease.objects.filter(ended_at=None).count() == 1
    assert work(Identity.generate()) == 0, "another worker cannot"
    assert work(worker) == 1
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == (ViewingCopy.State.MADE, "")
    assert not Lease.objects.filter(sealed_file_key__isnull=False).exists()
    assert work(worker) == 0

    again = actions.open_recording(
        scene.look(Purpose.ASSESS_REQUEST, "officer"), scene.recording.pk, person=scene.manager, now=NOW
    )
    (told,) = queries.clips_for_browser(scene.recording.pk, again.headers)
    assert (told["source"], told["is_copy"], told["object"]) == (str(asked.object), True, str(asked.clip))
    size = vault.payload_size(asked.object)
    sealed = b"".join(vault.payload(asked.object, 0, size))
    key = open_header(again.headers[asked.object], [scene.world.identity])
    reader = PayloadReader(lambda at, length: sealed[at : at + length], len(sealed), key)
    plain = b"".join(reader.read(0, reader.size))
    assert plain[4:8] == b"ftyp"
    assert plain[4096:4160] not in sealed
    staged = [one for one in scene.world.folder.rglob("*") if one.is_file() and plain[4096:4160] in one.read_bytes()]
    assert staged == []
    assert not list((scene.world.folder / "staging").glob(f"{asked.object}*"))

    scene.world.destroy(scene.recording.pk)
    with pytest.raises(GoneError):
        vault.payload_size(asked.object)
    states = SealedObject.objects.filter(recording=scene.recording.pk).values_list("state", flat=True)
    assert set(states) <= {"shredded", "destroyed"}


def test_a_copy_is_asked_of_a_worker_that_runs_for_a_clip_that_is_open(scene: Scene, opened: actions.Opened) -> None:
    worker = Identity.generate()
    with pytest.raises(Refused):
        ask(scene, opened, worker)
    jobs.beat(worker, now=NOW - timedelta(minutes=2))
    with pytest.raises(Refused):
        ask(scene, opened, worker)
    jobs.beat(worker, now=NOW)
    with pytest.raises(SealError):
        ask(scene, opened, worker, b"no age file")
    with pytest.raises(Refused):
        copy_actions.ask(
            opened.opening, uuid4(), worker=str(worker.recipient), sealed_file_key=lend(scene, opened, worker),
            actor=scene.manager.as_actor, now=NOW,
        )  # fmt: skip
    assert not ViewingCopy.objects.exists()


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


FOR = {"recording": str(uuid4()), "clip": str(uuid4())}


@pytest.mark.parametrize(
    "lent",
    [
        b"{}", b"[]", b"no key", b'{"file_key": 7}', b"[" * 60_000, json.dumps(FOR | {"file_key": b64(b"k" * 15)}).encode(),
        json.dumps(FOR | {"file_key": b64(b"k" * 16), "content_key": b64(b"short"), "content_iv": b64(b"i" * 16)}).encode(),
        json.dumps(FOR | {"file_key": b64(b"k" * 16), "content_key": b64(b"c" * 32), "content_iv": b64(b"i")}).encode(),
        json.dumps(FOR | {"file_key": b64(b"k" * 16), "content_iv": b64(b"i" * 16)}).encode(),
        json.dumps({"file_key": b64(b"k" * 16)}).encode(),
        json.dumps({"recording": "a", "clip": "b", "file_key": b64(b"k" * 16)}).encode(),
    ],
)  # fmt: skip
def test_what_is_no_key_ends_as_failed_with_a_reason_and_may_be_asked_again(
    scene: Scene, opened: actions.Opened, lent: bytes
) -> None:
    with pytest.raises(SealError):
        read_lent_key(lent)
    worker = Identity.generate()
    jobs.beat(worker, now=NOW)
    asked = ask(scene, opened, worker, seal_bytes(lent, [worker.recipient]))
    assert work(worker) == 1
    asked.refresh_from_db()
    assert asked.state == ViewingCopy.State.FAILED
    assert asked.reason
    assert not Lease.objects.filter(sealed_file_key__isnull=False).exists()
    ask(scene, opened, worker)
    assert work(worker) == 1
    asked.refresh_from_db()
    assert asked.state == ViewingCopy.State.MADE


def test_a_worker_that_stopped_took_its_key_along(scene: Scene, opened: actions.Opened) -> None:
    worker = Identity.generate()
    jobs.beat(worker, now=NOW)
    asked = ask(scene, opened, worker)
    left = Arrival.of(asked.object).path
    left.write_bytes(b"half a copy")
    late = NOW + timedelta(minutes=11)
    jobs.beat(worker, now=late)
    assert jobs.expire(actor=WORKER, now=late) == 0
    jobs.beat(worker, now=NOW)
    assert jobs.expire(actor=WORKER, now=late) == 1
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == (ViewingCopy.State.FAILED, REASONS.stopped)
    assert not Lease.objects.filter(ended_at=None).exists()
    assert not left.exists(), "nothing of it stays"


def meanwhile(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Let something happen when the copy is whole and not put away yet."""
    real = copy_making.make_copy

    def made(*words: Any, **named: Any) -> Any:
        copy = real(*words, **named)
        happens()
        return copy

    monkeypatch.setattr(copy_making, "make_copy", made)


def stop_halfway(recording: UUID) -> None:
    """A destruction that was killed between the key and its entry."""
    vault_actions.begin_destruction(recording=recording, rules=["x"], due_at=NOW, actor=WORKER, now=NOW)
    key_store_in_use().destroy(recording)


@pytest.mark.parametrize("how", ["whole", "halfway"])
def test_a_destroyed_recording_gets_no_copy_and_no_key_again(
    scene: Scene, opened: actions.Opened, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    worker, recording = Identity.generate(), scene.recording.pk
    jobs.beat(worker, now=NOW)
    asked = ask(scene, opened, worker)
    meanwhile(monkeypatch, lambda: scene.world.destroy(recording) if how == "whole" else stop_halfway(recording))
    assert work(worker) == 1
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == (ViewingCopy.State.FAILED, REASONS.not_needed)
    assert not key_store_in_use().exists(recording)
    assert vault.is_shredded(recording)
    assert not SealedObject.objects.filter(pk=asked.object).exists()
    assert not Lease.objects.filter(sealed_file_key__isnull=False).exists()


def keys_of(scene: Scene) -> Keys:
    """The scene's keys, as a handover wants them."""
    keys = Keys()
    keys.old, keys.recovery = scene.world.identity, scene.world.recovery
    keys.axis_sealed = seal_bytes(keys.axis_private, [keys.old.recipient, keys.recovery.recipient])
    TeamKey.objects.create(kind="recovery", public=str(keys.recovery.recipient), fingerprint="r", made_at=NOW)
    TeamKey.objects.create(
        kind="axis", public=keys.axis_public, fingerprint="a", made_at=NOW, sealed_private=keys.axis_sealed
    )
    return keys


def test_a_copy_that_is_made_while_the_keys_are_handed_over_goes_along(scene: Scene, opened: actions.Opened) -> None:
    worker, keys = Identity.generate(), keys_of(scene)
    handover = handing.begun(scene.manager, scene.people[Role.DEPUTY], scene.people[Role.DPO], keys)
    jobs.beat(worker, now=NOW)
    handing.seal_all(handover, keys, keys.old)
    asked = ask(scene, opened, worker)
    assert work(worker) == 1
    asked.refresh_from_db()
    assert asked.state == ViewingCopy.State.MADE
    handing.finish(handover, keys, keys.old)
    with transaction.atomic():
        for one in (asked.clip, asked.object):
            assert open_header(vault_actions.release_header(one), [keys.new])


def test_no_copy_is_kept_for_a_key_that_went_while_it_was_made(
    scene: Scene, opened: actions.Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker, keys = Identity.generate(), keys_of(scene)
    handover = handing.begun(scene.manager, scene.people[Role.DEPUTY], scene.people[Role.DPO], keys)
    jobs.beat(worker, now=NOW)
    asked = ask(scene, opened, worker)
    with monkeypatch.context() as patched:
        meanwhile(patched, lambda: handing.finish(handover, keys, keys.old))
        assert work(worker) == 1
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == (ViewingCopy.State.FAILED, NEW_KEYS)


@pytest.mark.parametrize("column", ["object", "clip", "recording"])
def test_rows_that_change_while_a_copy_is_made_end_as_failed_and_the_journal_says_nothing_else(
    scene: Scene, opened: actions.Opened, monkeypatch: pytest.MonkeyPatch, column: str
) -> None:
    worker = Identity.generate()
    jobs.beat(worker, now=NOW)
    asked = ask(scene, opened, worker)
    meanwhile(monkeypatch, lambda: ViewingCopy.objects.update(**{column: uuid4()}))
    assert work(worker) == 1
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == (ViewingCopy.State.FAILED, REASONS.changed)
    assert not Entry.objects.filter(act="viewing.copy_made").exists()
    assert not Lease.objects.filter(sealed_file_key__isnull=False).exists()


def test_a_copy_whose_job_is_gone_may_be_asked_again(scene: Scene, opened: actions.Opened) -> None:
    worker = Identity.generate()
    jobs.beat(worker, now=NOW)
    asked = ask(scene, opened, worker)
    Job.objects.update(
        state=Job.State.FAILED, lease=None
    )  # without a word to the copy, as after a change in the database
    assert ask(scene, opened, worker).job != asked.job
    assert work(worker) == 1
    asked.refresh_from_db()
    assert asked.state == ViewingCopy.State.MADE


def test_a_late_attempt_does_not_touch_the_request_that_came_after_it(
    scene: Scene, opened: actions.Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker, other = Identity.generate(), Identity.generate()
    for one in (worker, other):
        jobs.beat(one, now=NOW)
    asked = ask(scene, opened, worker)

    def given_up_and_asked_again() -> None:
        jobs.fail(Job.objects.get(), "te laat", actor=WORKER, now=NOW)
        ask(scene, opened, other)

    with monkeypatch.context() as patched:
        meanwhile(patched, given_up_and_asked_again)
        assert work(worker) == 1
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == (ViewingCopy.State.ASKED, "")
    assert work(other) == 1
    asked.refresh_from_db()
    assert asked.state == ViewingCopy.State.MADE


def test_a_lent_key_waits_six_hours_and_then_lasts_as_long_as_the_work(
    scene: Scene, opened: actions.Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = Identity.generate()
    jobs.beat(worker, now=NOW)
    asked, moment = ask(scene, opened, worker), [NOW]

    def seven_hours() -> None:
        moment[0] = NOW + timedelta(hours=7)
        jobs.beat(worker, now=moment[0])
        vault_actions.sweep(actor=WORKER, now=moment[0])
        assert jobs.expire(actor=WORKER, now=moment[0]) == 0

    Clip.objects.filter(object=asked.clip).update(duration_ms=6 * 3600 * 1000)
    with monkeypatch.context() as patched:
        meanwhile(patched, seven_hours)
        assert job_worker.work(worker, actor=WORKER, time=lambda: moment[0]) == 1
    asked.refresh_from_db()
    assert asked.state == ViewingCopy.State.MADE


def test_a_key_that_waited_too_long_is_asked_again_while_its_worker_runs(scene: Scene, opened: actions.Opened) -> None:
    worker, late = Identity.generate(), NOW + timedelta(hours=7)
    jobs.beat(worker, now=NOW)
    asked = ask(scene, opened, worker)
    vault_actions.sweep(actor=WORKER, now=late)
    jobs.beat(worker, now=late)
    assert job_worker.work(worker, actor=WORKER, time=lambda: late) == 0
    assert jobs.expire(actor=WORKER, now=late) == 1
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == (ViewingCopy.State.FAILED, REASONS.too_late)


@pytest.mark.parametrize(
    "error", [RuntimeError("x" * 100_000), MemoryError(), StoreError("away"), CopyError("y" * 100_000)]
)
def test_whatever_goes_wrong_ends_as_failed_and_the_worker_goes_on(
    scene: Scene, opened: actions.Opened, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    worker = Identity.generate()
    jobs.beat(worker, now=NOW)
    asked = ask(scene, opened, worker)
    with monkeypatch.context() as patched:
        patched.setattr(copy_making, "make_copy", raising(error))
        assert work(worker) == 1
    asked.refresh_from_db()
    assert asked.state == ViewingCopy.State.FAILED
    assert 0 < len(asked.reason) <= 300
    assert work(worker) == 0


def raising(error: Exception) -> Callable[..., Any]:
    def it(*_words: object, **_named: object) -> None:
        raise error

    return it


def test_a_database_that_is_away_throws_nothing_away(
    scene: Scene, opened: actions.Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = Identity.generate()
    jobs.beat(worker, now=NOW)
    asked, moments = ask(scene, opened, worker), count()
    with monkeypatch.context() as patched:
        patched.setattr(copy_making, "make_copy", raising(OperationalError("gone")))
        with pytest.raises(OperationalError):
            work(worker)
    asked.refresh_from_db()
    assert asked.state == ViewingCopy.State.ASKED
    monkeypatch.setattr(job_worker, "sleep", lambda _seconds: None)
    reads, real = count(), job_worker.source_of

    def now_and_then(*words: Any) -> Any:
        read, size = real(*words)
        return (lambda *span: raising(OperationalError("locked"))() if next(reads) % 2 == 0 else read(*span)), size

    monkeypatch.setattr(job_worker, "source_of", now_and_then)
    monkeypatch.setattr(job_worker.actions, "beat", raising(OperationalError("locked")))
    later = lambda: NOW + timedelta(seconds=6 * next(moments))  # noqa: E731 - each look at the clock is a heartbeat later
    assert job_worker.work(worker, actor=WORKER, time=later) == 1
    asked.refresh_from_db()
    assert asked.state == ViewingCopy.State.MADE


def test_a_worker_that_must_stop_gives_back_what_it_was_lent(
    scene: Scene, opened: actions.Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker, stopping = Identity.generate(), [False]
    jobs.beat(worker, now=NOW)
    asked = ask(scene, opened, worker)
    meanwhile(monkeypatch, lambda: stopping.__setitem__(0, True))
    assert job_worker.work(worker, actor=WORKER, time=lambda: NOW, stopping=lambda: stopping[0]) == 1
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == (ViewingCopy.State.FAILED, REASONS.stopped)
    ask(scene, opened, worker)
    assert job_worker.work(worker, actor=WORKER, time=lambda: NOW, stopping=lambda: True) == 0
    assert jobs.give_back(worker, actor=WORKER, now=NOW) == 1
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == (ViewingCopy.State.FAILED, REASONS.stopped)
    assert not Worker.objects.exists()
    assert not Lease.objects.filter(ended_at=None).exists()


def test_any_worker_that_runs_may_be_asked_and_a_refusal_is_journaled(scene: Scene, opened: actions.Opened) -> None:
    first, second = Identity.generate(), Identity.generate()
    with pytest.raises(Refused):
        ask(scene, opened, first)
    assert Entry.objects.filter(act="journal.step_refused").count() == 1
    jobs.beat(first, now=NOW - timedelta(seconds=30))
    jobs.beat(second, now=NOW)
    assert ask(scene, opened, first).state == ViewingCopy.State.ASKED


@pytest.mark.parametrize(("skipped", "jumps"), [(3, 1), (3, 0), (0, 1), (0, 0)])
def test_damage_is_told_with_the_copy(
    client: Client, scene: Scene, opened: actions.Opened, monkeypatch: pytest.MonkeyPatch, skipped: int, jumps: int
) -> None:
    worker, real = Identity.generate(), copy_making.make_copy
    jobs.beat(worker, now=NOW)
    asked = ask(scene, opened, worker)
    monkeypatch.setattr(copy_making, "make_copy", lambda *words: replace(real(*words), skipped=skipped, jumps=jumps))
    assert work(worker) == 1
    client.force_login(scene.manager)
    said = client.get(f"/inzien/{opened.opening.pk}/kijkkopie/{asked.clip}/").json()["said"]
    assert said.startswith("De kijkkopie is klaar.")
    assert ("beschadigd" in said, "verspringt" in said) == (bool(skipped), bool(jumps))


def test_the_address_tells_how_far_it_is_and_takes_a_sealed_key(
    client: Client, scene: Scene, opened: actions.Opened
) -> None:
    client.force_login(scene.manager)
    opening = opened.opening
    (clip,) = opened.headers
    address = f"/inzien/{opening.pk}/kijkkopie/{clip}/"
    assert client.get(address).json()["worker"] == ""
    worker = Identity.generate()
    jobs.beat(worker, now=NOW)
    told = client.get(address).json()
    assert (told["worker"], told["state"]) == (str(worker.recipient), "")
    sealed = base64.b64encode(lend(scene, opened, worker)).decode()

    def post(content: object) -> Any:
        return client.post(address, json.dumps(content), content_type="application/json")

    for wrong in ({"worker": told["worker"], "sealed": "@@"}, {"worker": told["worker"], "sealed": "bm8="}, []):
        assert post(wrong).status_code == 400
    assert post({"worker": "age1x", "sealed": sealed}).status_code == 403
    assert post({"worker": told["worker"], "sealed": sealed}).json()["state"] == "asked"
    assert "aan de beurt" in client.get(address).json()["said"]
    Clip.objects.filter(object=clip).update(duration_ms=60 * 60_000)
    job = Job.objects.get()
    jobs.claim(job, str(worker.recipient), until=NOW + timedelta(hours=1), actor=WORKER, now=NOW)
    assert "aan de beurt" in client.get(address).json()["said"]
    jobs.beat(worker, now=NOW, job=job.pk, progress=12 / 60)
    assert "12 van 60 minuten" in client.get(address).json()["said"]
    Clip.objects.filter(object=clip).update(duration_ms=None)
    assert "zo lang als de opname" in client.get(address).json()["said"]
    assert work(worker) == 1
    assert client.get(address).json()["said"] == "De kijkkopie is klaar."
    assert sealed.encode() not in b"".join(bytes(one.data) for one in Entry.objects.all())
    ViewingCopy.objects.all().update(state="failed")
    scene.world.destroy(scene.recording.pk)
    assert post({"worker": told["worker"], "sealed": sealed}).status_code == 404
    Opening.objects.update(closed_at=NOW)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("room", [0, 1, 2, 3])
def test_a_disk_without_room_is_said_also_on_the_way(
    scene: Scene, opened: actions.Opened, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    worker, looks = Identity.generate(), count()
    jobs.beat(worker, now=NOW)
    asked = ask(scene, opened, worker)
    monkeypatch.setattr(job_worker, "DURABLE_EVERY", 4096)
    for module in (job_worker, copy_making):
        monkeypatch.setattr(module, "has_room", lambda _size: next(looks) < room)
    assert work(worker) == 1
    asked.refresh_from_db()
    assert asked.reason == REASONS.no_room
    assert not list((scene.world.folder / "staging").glob(f"{asked.object}*"))


def test_the_program_stops_at_once_and_says_goodbye(
    scene: Scene, opened: actions.Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: dict[int, Callable[..., None]] = {}
    monkeypatch.setattr(copies.signal, "signal", heard.__setitem__)
    monkeypatch.setattr(job_worker, "EVERY", 0)
    rounds = count()

    def one_round(identity: Identity, **_named: object) -> int:
        if next(rounds) == 0:
            raise OperationalError("gone")
        asked = ask(scene, opened, identity)
        assert asked.state == ViewingCopy.State.ASKED
        heard[signal.SIGTERM](signal.SIGTERM, None)
        return 0

    monkeypatch.setattr(job_worker, "work", one_round)
    errors = io.StringIO()
    call_command("copies", stderr=errors)
    assert "De database antwoordt niet: gone" in errors.getvalue()
    assert ViewingCopy.objects.get().reason == REASONS.stopped
    assert not Worker.objects.exists()
