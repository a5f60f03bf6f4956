"""Somebody with every right on the database and the store, and none on the keys beside it, wants file keys or other film."""

import base64
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from tests.viewing.conftest import NOW, Scene
from tests.viewing.test_copies import WORKER, ask, at_now, film, lend, opened, work

from beeldkluis.findings.models import Finding
from beeldkluis.footage.models import Clip
from beeldkluis.jobs import actions as jobs
from beeldkluis.jobs import queries as jobs_queries
from beeldkluis.jobs import worker as job_worker
from beeldkluis.jobs.impostor_actions import report_impostors
from beeldkluis.jobs.models import Worker
from beeldkluis.journal import guard
from beeldkluis.journal.models import Entry
from beeldkluis.outbox.models import Outgoing
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.verdict import Refused
from beeldkluis.sealed import statement
from beeldkluis.sealed.age import Identity, PayloadReader, open_header
from beeldkluis.sealed.errors import SealError
from beeldkluis.sealed.note import Signer
from beeldkluis.vault import actions as vault_actions
from beeldkluis.vault import queries as vault
from beeldkluis.vault.errors import GoneError
from beeldkluis.vault.models import Lease, SealedObject
from beeldkluis.viewing import actions
from beeldkluis.viewing.copy_reasons import REASONS
from beeldkluis.viewing.models import ViewingCopy

__all__ = ["at_now", "film", "opened"]  # fixtures, for this file
pytestmark = pytest.mark.slow


def forged(identity: Identity, **changed: object) -> Worker:
    """A row of the attacker's own making."""
    row = {"recipient": str(identity.recipient), "begun_at": NOW, "seen_at": NOW + timedelta(seconds=5), "said": ""}
    return Worker.objects.create(**(row | changed))


def unsigned(mine: Identity, _true: Identity) -> None:
    forged(mine)


def signed_by_himself(mine: Identity, _true: Identity) -> None:
    told = {"worker": str(mine.recipient), "seen_at": statement.write_time(NOW)}
    forged(mine, said=statement.sign(jobs_queries.KIND, told, Signer.generate(settings.JOURNAL_ORIGIN)))


def with_anothers_note(mine: Identity, true: Identity) -> None:
    forged(mine, said=Worker.objects.get(recipient=str(true.recipient)).said, seen_at=NOW)


def in_place_of_another(mine: Identity, true: Identity) -> None:
    Worker.objects.filter(recipient=str(true.recipient)).update(recipient=str(mine.recipient))


def an_old_note_put_back(mine: Identity, _true: Identity) -> None:
    jobs.beat(mine, now=NOW - timedelta(hours=3))  # a true worker's, stopped since
    Worker.objects.filter(recipient=str(mine.recipient)).update(seen_at=NOW + timedelta(seconds=5))


WAYS = (unsigned, signed_by_himself, with_anothers_note, in_place_of_another, an_old_note_put_back)


@pytest.mark.parametrize("way", WAYS)
def test_an_impostor_among_the_workers_is_lent_nothing_and_found(
    client: Client, scene: Scene, opened: actions.Opened, way: Callable[[Identity, Identity], None]
) -> None:
    mine, true = Identity.generate(), Identity.generate()
    jobs.beat(true, now=NOW)
    way(mine, true)
    client.force_login(scene.manager)
    (clip,) = opened.headers
    address = f"/inzien/{opened.opening.pk}/kijkkopie/{clip}/"
    assert client.get(address).json()["worker"] != str(mine.recipient), "the browser never hears of that key"
    sealed = base64.b64encode(lend(scene, opened, mine)).decode()
    told = {"worker": str(mine.recipient), "sealed": sealed}
    assert client.post(address, told, content_type="application/json").status_code == 403
    with pytest.raises(Refused):
        ask(scene, opened, mine)
    assert not Lease.objects.exists()
    assert "stond een programma dat deze server niet kent" in Finding.objects.get(rule="storage.sealed").text
    assert Entry.objects.filter(act="viewing.impostor_found").count() == 1
    assert not Worker.objects.filter(recipient=str(mine.recipient)).exists()
    assert Outgoing.objects.filter(about="Onbekend programma bij de werkers").count() == 1, "one mail, not two"


def test_the_minute_finds_an_impostor_before_anybody_asks_and_troubles_no_true_worker(scene: Scene) -> None:
    true = Identity.generate()
    jobs.beat(true, now=NOW)
    assert report_impostors(actor=WORKER, now=NOW) == 0
    forged(Identity.generate())
    assert report_impostors(actor=WORKER, now=NOW) == 1
    worker = jobs_queries.worker(NOW)
    assert worker is not None
    assert worker.recipient == str(true.recipient)
    assert jobs_queries.worker(NOW + jobs_queries.GONE + timedelta(seconds=1)) is None


def other_film(scene: Scene, plain: bytes = b"somebody else") -> UUID:
    """A recording of somebody else, with one clip."""
    return scene.world.receive(plain=plain).pk


def another_clip(one: ViewingCopy, scene: Scene) -> None:
    ViewingCopy.objects.update(clip=Clip.objects.get(recording=other_film(scene)).object)


def another_recording(one: ViewingCopy, scene: Scene) -> None:
    ViewingCopy.objects.update(recording=other_film(scene))


def another_recording_everywhere(one: ViewingCopy, scene: Scene) -> None:
    """So that the copy outlives its recording, under another's shred key, or is shown as another's."""
    other = other_film(scene)
    ViewingCopy.objects.update(recording=other)
    Clip.objects.filter(object=one.clip).update(recording=other, position=7)
    SealedObject.objects.filter(pk=one.clip).update(recording=other)


def another_object_lent(one: ViewingCopy, scene: Scene) -> None:
    Lease.objects.update(object_id=Clip.objects.get(recording=other_film(scene)).object)


CHANGES = (another_clip, another_recording, another_recording_everywhere, another_object_lent)


@pytest.mark.parametrize("change", CHANGES)
def test_a_request_that_is_changed_on_the_way_makes_no_copy_of_anything(
    scene: Scene, opened: actions.Opened, change: Callable[[ViewingCopy, Scene], None]
) -> None:
    worker = Identity.generate()
    jobs.beat(worker, now=NOW)
    asked = ask(scene, opened, worker)
    with guard.opened():
        change(asked, scene)
    assert work(worker) == 1
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == (ViewingCopy.State.FAILED, REASONS.changed)
    assert not SealedObject.objects.filter(pk=asked.object).exists()
    assert not Lease.objects.filter(sealed_file_key__isnull=False).exists()


def test_a_lent_key_is_of_no_use_to_another_worker_nor_after_its_time_nor_after_its_end(
    scene: Scene, opened: actions.Opened
) -> None:
    worker, mine = Identity.generate(), Identity.generate()
    jobs.beat(worker, now=NOW)
    asked = ask(scene, opened, worker)
    lease = Lease.objects.get()
    for who, when in ((mine, NOW), (worker, NOW + timedelta(hours=7))):
        with pytest.raises(GoneError):
            vault_actions.take_lease(lease_id=lease.pk, worker=str(who.recipient), actor=WORKER, now=when)
    Lease.objects.update(worker=str(mine.recipient))  # in the database it is his now
    job_worker.work(mine, actor=WORKER, time=lambda: NOW)
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == (ViewingCopy.State.FAILED, REASONS.no_key), "what is sealed stays so"
    with pytest.raises(GoneError):
        vault_actions.end_lease(lease_id=lease.pk, actor=WORKER, now=NOW)
    ask(scene, opened, worker)
    kept = bytes(Lease.objects.get(ended_at=None).sealed_file_key or b"")
    scene.world.destroy(scene.recording.pk)
    assert not Lease.objects.filter(sealed_file_key__isnull=False).exists(), (
        "destroying a recording ends what was lent of it"
    )
    Lease.objects.update(sealed_file_key=kept, ended_at=None)  # and put back it opens nothing
    jobs.beat(worker, now=NOW)
    work(worker)
    asked.refresh_from_db()
    assert asked.state == ViewingCopy.State.FAILED
    assert not SealedObject.objects.filter(pk=asked.object).exists()


def test_who_lost_the_role_meanwhile_asks_for_no_copy(client: Client, scene: Scene, opened: actions.Opened) -> None:
    worker = Identity.generate()
    jobs.beat(worker, now=NOW)
    client.force_login(scene.manager)
    (clip,) = opened.headers
    address = f"/inzien/{opened.opening.pk}/kijkkopie/{clip}/"
    told = {"worker": str(worker.recipient), "sealed": base64.b64encode(lend(scene, opened, worker)).decode()}
    type(scene.manager).objects.filter(pk=scene.manager.pk).update(role="administrator", acting="administrator")
    assert client.post(address, told, content_type="application/json").status_code in (403, 404)
    assert not ViewingCopy.objects.exists()
    assert not Lease.objects.exists()


def made_copy(scene: Scene, opened: actions.Opened) -> ViewingCopy:
    worker = Identity.generate()
    jobs.beat(worker, now=NOW)
    ask(scene, opened, worker)
    assert work(worker) == 1
    made = ViewingCopy.objects.get()
    assert made.state == ViewingCopy.State.MADE
    return made


def in_store(scene: Scene, one: UUID) -> Path:
    (path,) = [
        path for path in (scene.world.folder / "store").rglob("*") if path.is_file() and path.name.startswith(str(one))
    ]
    return path


def test_a_copy_that_was_swapped_in_the_store_for_anothers_does_not_open(scene: Scene, opened: actions.Opened) -> None:
    made = made_copy(scene, opened)
    with transaction.atomic():
        key = open_header(vault_actions.release_header(made.object), [scene.world.identity])

    def reader() -> PayloadReader:
        size = vault.payload_size(made.object)
        return PayloadReader(lambda at, n: b"".join(vault.payload(made.object, at, at + n)), size, key)

    assert b"".join(reader().read(0, reader().size))[4:8] == b"ftyp"
    other = Clip.objects.get(recording=other_film(scene, b"x" * reader().size)).object
    place = in_store(scene, made.object)
    place.chmod(0o600)
    shutil.copyfile(in_store(scene, other), place)
    with pytest.raises(SealError):
        b"".join(reader().read(0, reader().size))


def test_a_copy_of_a_destroyed_recording_that_is_put_back_from_a_backup_opens_no_more(
    scene: Scene, opened: actions.Opened, tmp_path: Path
) -> None:
    made = made_copy(scene, opened)
    place, row = in_store(scene, made.object), SealedObject.objects.filter(pk=made.object).values().get()
    backup = tmp_path / "backup"
    shutil.copyfile(place, backup)
    scene.world.destroy(scene.recording.pk)
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(backup, place)
    SealedObject.objects.filter(pk=made.object).update(**{name: row[name] for name in ("wrapped_header", "state")})
    with pytest.raises(GoneError), transaction.atomic():
        vault_actions.release_header(made.object)
    with pytest.raises((Refused, GoneError)):
        actions.open_recording(
            scene.look(Purpose.ASSESS_REQUEST, "officer"), scene.recording.pk, person=scene.manager, now=NOW
        )
