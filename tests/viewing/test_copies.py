"""A viewing copy from asking to destruction: the key goes sealed to one worker, and the copy ends with its recording."""

import base64
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from tests.viewing.conftest import NOW, Scene

from beeldkluis.camera.simulator import draw_film
from beeldkluis.journal import clock
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.models import Entry
from beeldkluis.people.models import TeamKey
from beeldkluis.protocol.presence import Purpose
from beeldkluis.sealed.age import Identity, PayloadReader, open_header, seal_bytes
from beeldkluis.sealed.errors import SealError
from beeldkluis.vault import queries as vault
from beeldkluis.vault.arrival import Arrival
from beeldkluis.vault.errors import GoneError
from beeldkluis.vault.models import Lease, SealedObject
from beeldkluis.viewing import actions, copy_actions, queries
from beeldkluis.viewing.lent import read_lent
from beeldkluis.viewing.models import CopyWorker, Opening, ViewingCopy

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
    return seal_bytes(json.dumps({"file_key": base64.b64encode(key).decode()}).encode(), [worker.recipient])


def ask(scene: Scene, opened: actions.Opened, worker: Identity, sealed: bytes | None = None) -> ViewingCopy:
    (clip,) = opened.headers
    return copy_actions.ask(
        opened.opening, clip, worker=str(worker.recipient), sealed_file_key=sealed or lend(scene, opened, worker),
        actor=scene.manager.as_actor, now=NOW,
    )  # fmt: skip


def work(worker: Identity) -> int:
    return copy_actions.work(worker, actor=WORKER, time=lambda: NOW)


def test_a_copy_is_made_sealed_played_instead_and_gone_with_its_recording(scene: Scene, opened: actions.Opened) -> None:
    worker = Identity.generate()
    copy_actions.say_alive(worker, now=NOW)
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
    with pytest.raises(copy_actions.Refused):
        ask(scene, opened, worker)
    copy_actions.say_alive(worker, now=NOW - timedelta(minutes=2))
    with pytest.raises(copy_actions.Refused):
        ask(scene, opened, worker)
    copy_actions.say_alive(worker, now=NOW)
    with pytest.raises(SealError):
        ask(scene, opened, worker, b"no age file")
    with pytest.raises(copy_actions.Refused):
        copy_actions.ask(
            opened.opening, uuid4(), worker=str(worker.recipient), sealed_file_key=lend(scene, opened, worker),
            actor=scene.manager.as_actor, now=NOW,
        )  # fmt: skip
    assert not ViewingCopy.objects.exists()


@pytest.mark.parametrize("lent", [b"{}", b"[]", b"no key", b'{"file_key": 7}'])
def test_what_is_no_key_ends_as_failed_with_a_reason_and_may_be_asked_again(
    scene: Scene, opened: actions.Opened, lent: bytes
) -> None:
    with pytest.raises(SealError):
        read_lent(lent)
    worker = Identity.generate()
    copy_actions.say_alive(worker, now=NOW)
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
    copy_actions.say_alive(worker, now=NOW)
    asked = ask(scene, opened, worker)
    left = Arrival.of(asked.object).path
    left.write_bytes(b"half a copy")
    late = NOW + timedelta(minutes=11)
    CopyWorker.objects.update(seen_at=late)
    assert copy_actions.ask_again(actor=WORKER, now=late) == 0
    CopyWorker.objects.update(seen_at=NOW)
    assert copy_actions.ask_again(actor=WORKER, now=late) == 1
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == (ViewingCopy.State.FAILED, copy_actions.AGAIN)
    assert not Lease.objects.filter(ended_at=None).exists()
    assert not left.exists(), "nothing of it stays"


@pytest.mark.parametrize("what", ["destroyed", "handed over"])
def test_what_changed_meanwhile_leaves_no_copy(
    scene: Scene, opened: actions.Opened, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    worker, real = Identity.generate(), copy_actions.make_copy
    copy_actions.say_alive(worker, now=NOW)
    asked = ask(scene, opened, worker)

    def meanwhile(*words: Any, **named: Any) -> Any:
        made = real(*words, **named)
        if what == "destroyed":
            scene.world.destroy(scene.recording.pk)
        return made

    monkeypatch.setattr(copy_actions, "make_copy", meanwhile)
    if what == "handed over":
        keys = iter([(str(scene.world.identity.recipient),), (str(Identity.generate().recipient),)])
        monkeypatch.setattr(copy_actions, "current_recipients", lambda: next(keys))
    assert work(worker) == 1
    asked.refresh_from_db()
    assert asked.state == ViewingCopy.State.FAILED
    assert not SealedObject.objects.filter(pk=asked.object, state="kept").exists()
    assert not Lease.objects.filter(sealed_file_key__isnull=False).exists()


def test_the_address_tells_how_far_it_is_and_takes_a_sealed_key(
    client: Client, scene: Scene, opened: actions.Opened
) -> None:
    client.force_login(scene.manager)
    opening = opened.opening
    (clip,) = opened.headers
    address = f"/inzien/{opening.pk}/kijkkopie/{clip}/"
    assert client.get(address).json()["worker"] == ""
    worker = Identity.generate()
    copy_actions.say_alive(worker, now=NOW)
    told = client.get(address).json()
    assert (told["worker"], told["state"]) == (str(worker.recipient), "")
    sealed = base64.b64encode(lend(scene, opened, worker)).decode()

    def post(content: object) -> Any:
        return client.post(address, json.dumps(content), content_type="application/json")

    for wrong in ({"worker": told["worker"], "sealed": "@@"}, {"worker": told["worker"], "sealed": "bm8="}, []):
        assert post(wrong).status_code == 400
    assert post({"worker": "age1x", "sealed": sealed}).status_code == 403
    assert post({"worker": told["worker"], "sealed": sealed}).json()["state"] == "asked"
    assert work(worker) == 1
    assert client.get(address).json()["said"] == "De kijkkopie is klaar."
    assert sealed.encode() not in b"".join(bytes(one.data) for one in Entry.objects.all())
    Opening.objects.update(closed_at=NOW)
    assert client.get(address).status_code == 404


def test_a_disk_without_room_is_said(scene: Scene, opened: actions.Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = Identity.generate()
    copy_actions.say_alive(worker, now=NOW)
    asked = ask(scene, opened, worker)
    monkeypatch.setattr(copy_actions, "has_room", lambda _size: False)
    assert work(worker) == 1
    asked.refresh_from_db()
    assert "te weinig ruimte" in asked.reason
