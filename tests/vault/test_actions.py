import hashlib
import os
import shutil
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections, transaction
from pytest_django import Settings
from tests.vault.disks import another_disk
from tests.vault.installation import ACTOR, NOW, Installation
from tests.vault.sealing import seal

from beeldkluis.journal.models import Entry
from beeldkluis.sealed.age import (
    Identity,
    SealError,
    build_header,
    check_header,
    mend,
    new_file_key,
    open_header,
    prove,
    recovered_key,
    seal_anew,
    seal_bytes,
)
from beeldkluis.sealed.header import parse, write
from beeldkluis.vault import actions, queries
from beeldkluis.vault.errors import GoneError, HashMismatchError, KeyGoneError, NotInStepError
from beeldkluis.vault.key_store import key_store_in_use
from beeldkluis.vault.models import Destruction, Lease, SealedObject
from beeldkluis.vault.store import store_in_use

pytestmark = pytest.mark.django_db
TWO_DAYS = 2 * 24 * 3600


def make_old(*folders: Path) -> None:
    moment = time.time() - TWO_DAYS
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file():
                os.utime(path, (moment, moment))


def test_what_was_taken_in_opens_with_the_identity_and_with_nothing_less(vault: Installation) -> None:
    one = vault.take_in(uuid4(), b"moving pictures" * 9999)
    assert vault.open(one) == b"moving pictures" * 9999
    with pytest.raises(SealError):
        vault.open(one, Identity.generate())


def test_the_database_holds_no_header_that_opens_without_the_shred_key(vault: Installation) -> None:
    kept = SealedObject.objects.get(pk=vault.take_in(uuid4()))
    with pytest.raises(SealError):
        check_header(bytes(kept.wrapped_header or b""))
    assert b"age-encryption" not in bytes(kept.wrapped_header or b"")
    assert kept.wrapped_header_sha256 == hashlib.sha256(bytes(kept.wrapped_header or b"")).hexdigest()


def test_another_file_than_the_sender_sealed_is_refused_and_leaves_nothing(vault: Installation) -> None:
    staged = vault.folder / "staging" / "broken"
    sha256 = seal(b"pictures", [vault.identity.recipient], staged)
    whole = staged.read_bytes()
    staged.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(HashMismatchError):
        actions.prepare(recording=uuid4(), object_id=uuid4(), staged=staged, sealed_sha256=sha256)
    assert list(store_in_use().listing()) == []
    assert list(key_store_in_use().list()) == []


@pytest.mark.parametrize("content", [b"", b"no age file at all", b"age-encryption.org/v1\n"])
def test_a_file_that_is_not_sealed_is_refused_and_leaves_nothing(vault: Installation, content: bytes) -> None:
    staged = vault.folder / "staging" / "plain"
    staged.write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    with pytest.raises(SealError):
        actions.prepare(recording=uuid4(), object_id=uuid4(), staged=staged, sealed_sha256=sha256)
    assert list(store_in_use().listing()) == []
    assert list(key_store_in_use().list()) == []


def test_a_payload_of_an_impossible_length_is_refused(vault: Installation) -> None:
    staged = vault.folder / "staging" / "short"
    seal(b"x", [vault.identity.recipient], staged)
    content = staged.read_bytes()[:-5]
    staged.write_bytes(content)
    with pytest.raises(SealError):
        actions.prepare(
            recording=uuid4(),
            object_id=uuid4(),
            staged=staged,
            sealed_sha256=hashlib.sha256(content).hexdigest(),
        )
    assert list(key_store_in_use().list()) == []


def test_preparing_and_admitting_again_changes_nothing(vault: Installation) -> None:
    recording, object_id, staged = uuid4(), uuid4(), vault.folder / "staging" / "twice"
    sha256 = seal(b"pictures", [vault.identity.recipient], staged)
    for _ in range(2):
        prepared = actions.prepare(recording=recording, object_id=object_id, staged=staged, sealed_sha256=sha256)
        assert vault.admit(prepared) == object_id
    assert SealedObject.objects.count() == 1
    assert vault.open(object_id) == b"pictures"


def test_a_taken_in_payload_was_never_copied_on_the_same_disk(vault: Installation) -> None:
    staged, object_id = vault.folder / "staging" / "one", uuid4()
    sha256 = seal(b"pictures", [vault.identity.recipient], staged)
    actions.prepare(recording=uuid4(), object_id=object_id, staged=staged, sealed_sha256=sha256)
    assert (vault.folder / "store" / str(object_id)[:2] / str(object_id)).samefile(staged)


def test_after_preparing_no_unwrapped_header_is_left_in_any_file(vault: Installation) -> None:
    staged = vault.folder / "staging" / "one"
    sha256 = seal(b"pictures", [vault.identity.recipient], staged)
    os.link(staged, vault.folder / "second-name")
    actions.prepare(recording=uuid4(), object_id=uuid4(), staged=staged, sealed_sha256=sha256)
    assert not any(b"X25519" in path.read_bytes() for path in vault.folder.rglob("*") if path.is_file())


def test_an_upload_that_is_given_up_leaves_no_header_in_its_old_blocks(vault: Installation) -> None:
    staged = vault.folder / "staging" / "one"
    seal(b"pictures", [vault.identity.recipient], staged)
    file = staged.open("rb")
    actions.discard_staged(staged)
    actions.discard_staged(staged)
    with file:
        assert b"X25519" not in file.read()
    assert list((vault.folder / "staging").iterdir()) == []


def test_preparing_again_under_other_identifiers_works_too(vault: Installation) -> None:
    staged, object_id = vault.folder / "staging" / "one", uuid4()
    sha256 = seal(b"pictures", [vault.identity.recipient], staged)
    actions.prepare(recording=uuid4(), object_id=uuid4(), staged=staged, sealed_sha256=sha256)
    prepared = actions.prepare(recording=uuid4(), object_id=object_id, staged=staged, sealed_sha256=sha256)
    vault.admit(prepared)
    actions.discard_staged(staged)
    assert vault.open(object_id) == b"pictures"


def test_a_staged_file_on_another_disk_is_copied(vault: Installation, settings: Settings) -> None:
    with another_disk(vault.folder) as other:
        settings.STAGING_FOLDER, object_id, staged = other, uuid4(), other / "one"
        sha256 = seal(b"pictures", [vault.identity.recipient], staged)
        for _ in range(2):
            prepared = actions.prepare(recording=UUID(int=7), object_id=object_id, staged=staged, sealed_sha256=sha256)
        vault.admit(prepared)
        assert vault.open(object_id) == b"pictures"


def test_clips_of_one_recording_share_its_key_and_no_other(vault: Installation) -> None:
    recording = uuid4()
    first, second, other = (
        vault.take_in(recording, b"one"),
        vault.take_in(recording, b"two"),
        vault.take_in(uuid4(), b"3"),
    )
    assert len(list(key_store_in_use().list())) == 2
    vault.destroy(recording)
    for gone in (first, second):
        with pytest.raises(GoneError):
            vault.release(gone)
    assert vault.open(other) == b"3"


def test_a_header_never_leaves_outside_a_step(vault: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    one = vault.take_in(uuid4())
    monkeypatch.setattr(connections["default"], "in_atomic_block", False)  # the test itself runs in a transaction
    with pytest.raises(NotInStepError):
        actions.release_header(one)


def test_an_object_is_never_admitted_outside_a_step(vault: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared = vault.prepare(uuid4())
    monkeypatch.setattr(connections["default"], "in_atomic_block", False)  # the test itself runs in a transaction
    with pytest.raises(NotInStepError):
        actions.admit(prepared, inner_kind="plain", now=NOW)


def test_a_destroyed_recording_takes_in_nothing_more(vault: Installation) -> None:
    recording = uuid4()
    vault.take_in(recording)
    vault.destroy(recording)
    with pytest.raises(GoneError):
        vault.take_in(recording)


def test_what_was_prepared_half_a_day_ago_is_prepared_again_first(vault: Installation) -> None:
    prepared = vault.prepare(uuid4())
    make_old(vault.folder / "keys")
    with pytest.raises(KeyGoneError):
        vault.admit(prepared)


def test_destruction_leaves_hashes_and_entries_and_nothing_to_open(vault: Installation) -> None:
    recording = uuid4()
    one = vault.take_in(recording)
    secret, sha256 = key_store_in_use().get(recording), SealedObject.objects.get(pk=one).wrapped_header_sha256
    vault.destroy(recording)
    vault.destroy(recording)
    found = queries.certificate(recording)
    assert found is not None
    assert found.rules == ("retention.period",)
    assert [row.wrapped_header_sha256 for row in found.objects] == [sha256]
    acts = [entry.act for entry in Entry.objects.filter(recording=recording).exclude(act="vault.leftover_removed")]
    assert acts == ["vault.destruction_begun", "vault.shredded", "vault.destruction_certified"]
    assert found.shred_entry == Entry.objects.get(act="vault.shredded").number
    assert sha256.encode() in bytes(Entry.objects.get(act="vault.shredded").data)
    assert SealedObject.objects.get(pk=one).wrapped_header is None
    assert not any(secret in path.read_bytes() for path in vault.folder.rglob("*") if path.is_file())
    assert list(store_in_use().listing()) == []
    with pytest.raises(GoneError):
        queries.payload(one, 0, 1)


def test_a_key_never_goes_without_its_reason_on_record(vault: Installation) -> None:
    recording = uuid4()
    one = vault.take_in(recording)
    with pytest.raises(Destruction.DoesNotExist):
        actions.shred(recording=recording, actor=ACTOR, now=NOW)
    assert vault.open(one) == b"pictures"


def test_a_destruction_is_never_begun_inside_another_transaction(vault: Installation) -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        actions.begin_destruction(recording=uuid4(), rules=(), due_at=NOW, actor=ACTOR, now=NOW)


def test_a_begun_destruction_is_withdrawn_while_the_key_is_there_and_not_after(vault: Installation) -> None:
    recording = uuid4()
    one = vault.take_in(recording)
    actions.begin_destruction(recording=recording, rules=("retention.period",), due_at=NOW, actor=ACTOR, now=NOW)
    actions.withdraw_destruction(recording=recording, because=("retention.hold",), actor=ACTOR)
    assert queries.certificate(recording) is None
    assert vault.open(one) == b"pictures"
    actions.begin_destruction(recording=recording, rules=("retention.period",), due_at=NOW, actor=ACTOR, now=NOW)
    actions.shred(recording=recording, actor=ACTOR, now=NOW)
    with pytest.raises(GoneError):
        actions.withdraw_destruction(recording=recording, because=("retention.hold",), actor=ACTOR)


def test_an_old_copy_of_everything_but_the_key_does_not_open(vault: Installation) -> None:
    recording = uuid4()
    one = vault.take_in(recording, b"gone for ever")
    row = SealedObject.objects.filter(pk=one).values().get()
    shutil.copytree(vault.folder / "store", vault.folder / "backup")
    vault.destroy(recording)
    shutil.rmtree(vault.folder / "store")
    (vault.folder / "backup").rename(vault.folder / "store")
    SealedObject.objects.filter(pk=one).delete()
    SealedObject.objects.create(**row)
    Destruction.objects.all().delete()
    assert sum(map(len, queries.payload(one, 0, queries.payload_size(one)))) > 0
    with pytest.raises(GoneError):
        vault.release(one)
    assert queries.lost_keys() == [recording]


def test_the_sweep_removes_what_was_never_admitted_only_after_a_day(vault: Installation) -> None:
    kept = vault.take_in(uuid4())
    vault.prepare(uuid4())
    (vault.folder / "store" / "unfinished").mkdir()
    (vault.folder / "store" / "unfinished" / "stopped").write_bytes(b"half")
    swept = actions.sweep(actor=ACTOR, now=NOW)
    assert (swept.keys, swept.payloads, swept.staged, swept.unfinished) == (0, 0, 0, 0)
    make_old(vault.folder)
    swept = actions.sweep(actor=ACTOR, now=NOW)
    assert (swept.keys, swept.payloads, swept.staged, swept.unfinished) == (1, 1, 2, 1)
    assert swept.problems == []
    assert vault.open(kept) == b"pictures"
    assert b'"kind":"payload"' in b"".join(bytes(entry.data) for entry in Entry.objects.all())


def test_the_sweep_goes_by_the_clock_of_files_and_not_by_a_demonstrations(vault: Installation) -> None:
    vault.prepare(uuid4())
    swept = actions.sweep(actor=ACTOR, now=NOW + timedelta(days=400))
    assert (swept.keys, swept.payloads, swept.staged) == (0, 0, 0)


def test_the_sweep_finishes_a_destruction_whose_key_went_before_the_program_stopped(vault: Installation) -> None:
    recording = uuid4()
    vault.take_in(recording)
    actions.begin_destruction(recording=recording, rules=("retention.period",), due_at=NOW, actor=ACTOR, now=NOW)
    assert actions.sweep(actor=ACTOR, now=NOW).finished == []
    key_store_in_use().destroy(recording)
    assert queries.is_shredded(recording)
    assert actions.sweep(actor=ACTOR, now=NOW).finished == [recording]
    found = queries.certificate(recording)
    assert found is not None
    assert found.certified_at == NOW
    assert b'"key_found":false' in bytes(Entry.objects.get(act="vault.shredded").data)


def test_payloads_that_come_back_from_an_old_copy_of_the_store_go_again(vault: Installation) -> None:
    recording = uuid4()
    vault.take_in(recording)
    shutil.copytree(vault.folder / "store", vault.folder / "backup")
    vault.destroy(recording)
    shutil.rmtree(vault.folder / "store")
    (vault.folder / "backup").rename(vault.folder / "store")
    make_old(vault.folder / "store")
    assert actions.sweep(actor=ACTOR, now=NOW).payloads == 1
    assert list(store_in_use().listing()) == []


def test_what_the_sweep_cannot_finish_is_named_and_the_rest_goes_on(vault: Installation) -> None:
    recording = uuid4()
    vault.take_in(recording)
    vault.prepare(uuid4())
    make_old(vault.folder / "store", vault.folder / "keys")
    (vault.folder / "standby").rename(vault.folder / "unplugged")
    swept = actions.sweep(actor=ACTOR, now=NOW)
    assert any("standby" in problem for problem in swept.problems)
    assert swept.payloads == 1


def anew(vault: Installation, objects: Sequence[UUID], new: Identity) -> dict[UUID, bytes]:
    """What the browser does: the same file key for another team key, the recovery key's part as it was."""
    return {one: seal_anew(vault.release(one), vault.identity, new.recipient) for one in objects}


def test_new_headers_open_for_the_new_key_and_the_old_ones_never_again(vault: Installation) -> None:
    recording, new = uuid4(), Identity.generate()
    first, second = vault.take_in(recording, b"one"), vault.take_in(recording, b"two")
    old_rows = {row.pk: bytes(row.wrapped_header or b"") for row in SealedObject.objects.all()}
    old_key = key_store_in_use().get(recording)
    assert actions.set_beside(recording=recording, headers=anew(vault, [first, second], new), actor=ACTOR) == 2
    assert vault.open(first) == b"one", "until they are put in force the old ones count"
    actions.put_in_force(actor=ACTOR)
    actions.destroy_old_keys([recording], actor=ACTOR)
    assert vault.open(first, new) == b"one"
    assert vault.open(second, new) == vault.open(second, vault.recovery) == b"two"
    with pytest.raises(SealError):
        open_header(vault.release(first), [vault.identity])
    assert not any(old_key in path.read_bytes() for path in vault.folder.rglob("*") if path.is_file())
    SealedObject.objects.filter(pk=first).update(wrapped_header=old_rows[first])
    with pytest.raises(SealError):
        vault.release(first)
    vault.destroy(recording)
    with pytest.raises(GoneError):
        vault.release(second)


def test_what_comes_after_new_headers_is_wrapped_with_their_key_and_never_with_the_old_one(vault: Installation) -> None:
    recording, new = uuid4(), Identity.generate()
    first, early = vault.take_in(recording, b"one"), vault.prepare(recording, plain=b"too early")
    actions.set_beside(recording=recording, headers=anew(vault, [first], new), actor=ACTOR)
    actions.put_in_force(actor=ACTOR)
    actions.destroy_old_keys([recording], actor=ACTOR)
    late = vault.prepare(recording, plain=b"prepared for the key that went")
    for wrong in (early, late):
        with pytest.raises(KeyGoneError):
            vault.admit(wrong)
    number = queries.generation(recording)
    assert number == 2
    second = vault.admit(vault.prepare(recording, plain=b"two", generation=number))
    assert (vault.open(first, new), vault.open(second)) == (b"one", b"two")
    vault.destroy(recording)
    for one in (first, second):
        with pytest.raises(GoneError):
            vault.release(one)


def test_new_headers_come_for_all_objects_of_a_recording_or_for_none(vault: Installation) -> None:
    recording = uuid4()
    first, second = vault.take_in(recording), vault.take_in(recording)
    with pytest.raises(ValueError, match="other objects"):
        actions.set_beside(recording=recording, headers=anew(vault, [first], Identity.generate()), actor=ACTOR)
    assert vault.open(second) == b"pictures"
    assert not SealedObject.objects.exclude(next_generation=None).exists()


def hostile(vault: Installation, header: bytes) -> dict[str, bytes]:
    """What somebody sends as a new header who wants the recovery key to open nothing."""
    other, key = Identity.generate(), new_file_key()
    parsed = parse(header)
    team, recovery = parsed.stanzas
    return {
        "another file key, recovery sealed anew": build_header(key, [other.recipient, vault.recovery.recipient]),
        "nobody's": build_header(key, [other.recipient, Identity.generate().recipient]),
        "one recipient": build_header(key, [other.recipient]),
        "recovery first": write(key, [recovery, other.recipient.wrap(key)]),
        "recovery and another behind it": write(key, [other.recipient.wrap(key), recovery, team]),
        "one bit of it": write(key, [team, replace(recovery, body=bytes([recovery.body[0] ^ 1]) + recovery.body[1:])]),
        "another kind before it": write(key, [Identity.generate(hybrid=True).recipient.wrap(key), recovery]),
        "rubbish": b"kapot",
    }


def test_nothing_that_is_sent_as_a_new_header_takes_the_recovery_away(vault: Installation) -> None:
    recording = uuid4()
    one = vault.take_in(recording, b"film")
    for what, header in hostile(vault, vault.release(one)).items():
        with pytest.raises(SealError):
            actions.set_beside(recording=recording, headers={one: header}, actor=ACTOR)
        assert not SealedObject.objects.exclude(next_generation=None).exists(), what
    kept = parse(vault.release(one)).stanzas[-1]
    rubbish = write(new_file_key(), [Identity.generate().recipient.wrap(new_file_key()), kept])
    actions.set_beside(recording=recording, headers={one: rubbish}, actor=ACTOR)  # the most that can be done
    assert vault.open(one) == b"film"
    actions.put_in_force(actor=ACTOR)  # and even when that were put in force
    with pytest.raises(SealError):
        vault.open(one, vault.recovery)
    key = recovered_key(vault.release(one), vault.recovery)
    assert vault.read(one, key) == b"film"
    mended = mend(vault.release(one), vault.recovery)
    assert vault.read(one, open_header(mended, [vault.recovery])) == b"film"


def test_what_is_dropped_leaves_what_is_in_force_and_no_key_behind(vault: Installation) -> None:
    recording, new = uuid4(), Identity.generate()
    one = vault.take_in(recording)
    actions.set_beside(recording=recording, headers=anew(vault, [one], new), actor=ACTOR)
    beside = key_store_in_use().get(recording, 2)
    assert actions.sweep(actor=ACTOR, now=NOW).keys == 0
    make_old(vault.folder / "keys", vault.folder / "standby")
    assert actions.sweep(actor=ACTOR, now=NOW).keys == 0, "it wraps a header that waits"
    assert actions.drop_beside(actor=ACTOR, recording=recording) == 1
    actions.destroy_old_keys([recording], actor=ACTOR)
    assert vault.open(one) == b"pictures"
    assert not any(beside in path.read_bytes() for path in vault.folder.rglob("*") if path.is_file())


def test_destroying_a_recording_takes_the_keys_of_both_headers(vault: Installation) -> None:
    recording, new = uuid4(), Identity.generate()
    one = vault.take_in(recording)
    actions.set_beside(recording=recording, headers=anew(vault, [one], new), actor=ACTOR)
    secrets = [key_store_in_use().get(recording, generation) for generation in (1, 2)]
    old = SealedObject.objects.get(pk=one)
    vault.destroy(recording)
    assert not any(key in path.read_bytes() for key in secrets for path in vault.folder.rglob("*") if path.is_file())
    old.save()  # an old backup of the database, put back
    for release in (actions.release_header, actions.release_next_header):
        with pytest.raises(GoneError), transaction.atomic():
            release(one)


def test_a_one_time_key_shows_that_a_file_key_is_the_films_and_no_other_does(vault: Installation) -> None:
    for plain in (b"", b"pictures", b"p" * 65_536, b"p" * 65_537, b"p" * 200_000):
        one = vault.take_in(uuid4(), plain)
        key = open_header(vault.release(one), [vault.identity])
        nonce, size = queries.begins_with(one)
        assert queries.fits_last_chunk(one, prove(key, nonce, size))
        for wrong in (prove(new_file_key(), nonce, size), b"", b"x" * 31, bytes(32)):
            assert not queries.fits_last_chunk(one, wrong)


def test_a_leased_key_goes_to_its_worker_until_its_time_is_over(vault: Installation) -> None:
    one, worker = vault.take_in(uuid4()), Identity.generate()
    sealed = seal_bytes(b"k" * 16, [worker.recipient])
    lease = actions.grant_lease(
        object_id=one,
        sealed_file_key=sealed,
        worker=str(worker.recipient),
        task="redact",
        expires_at=NOW + timedelta(minutes=5),
        actor=ACTOR,
        now=NOW,
    )
    assert actions.take_lease(lease_id=lease.pk, worker=str(worker.recipient), actor=ACTOR, now=NOW) == sealed
    with pytest.raises(GoneError):
        actions.take_lease(lease_id=lease.pk, worker="another", actor=ACTOR, now=NOW)
    later = NOW + timedelta(minutes=5)
    with pytest.raises(GoneError):
        actions.take_lease(lease_id=lease.pk, worker=str(worker.recipient), actor=ACTOR, now=later)
    assert actions.sweep(actor=ACTOR, now=later).leases == 1
    assert Lease.objects.get().sealed_file_key is None
    with pytest.raises(GoneError):
        actions.end_lease(lease_id=lease.pk, actor=ACTOR, now=later)


def test_destruction_takes_back_every_leased_key(vault: Installation) -> None:
    recording, worker = uuid4(), Identity.generate()
    one = vault.take_in(recording)
    lease = actions.grant_lease(
        object_id=one,
        sealed_file_key=seal_bytes(b"k" * 16, [worker.recipient]),
        worker=str(worker.recipient),
        task="redact",
        expires_at=NOW + timedelta(hours=1),
        actor=ACTOR,
        now=NOW,
    )
    vault.destroy(recording)
    with pytest.raises(GoneError):
        actions.take_lease(lease_id=lease.pk, worker=str(worker.recipient), actor=ACTOR, now=NOW)
    assert Lease.objects.get().sealed_file_key is None


def test_only_an_age_file_can_be_lent(vault: Installation) -> None:
    one = vault.take_in(uuid4())
    with pytest.raises(SealError):
        actions.grant_lease(
            object_id=one,
            sealed_file_key=b"k" * 16,
            worker="age1x",
            task="redact",
            expires_at=NOW,
            actor=ACTOR,
            now=NOW,
        )


def test_no_shred_key_ever_reaches_the_database(vault: Installation) -> None:
    recording = uuid4()
    vault.take_in(recording)
    secret = key_store_in_use().get(recording)
    with connection.cursor() as cursor:
        cursor.execute("SELECT wrapped_header FROM vault_sealedobject")
        assert all(secret not in bytes(row[0]) for row in cursor.fetchall())
    assert all(secret.hex().encode() not in bytes(entry.data) for entry in Entry.objects.all())
