import io
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import Settings
from tests.vault.conftest import ACCESS, SECRET, S3Server
from tests.vault.installation import ACTOR, NOW, Installation
from tests.vault.suite import StoreSuite, new_key, sha256

from beeldkluis.vault import actions
from beeldkluis.vault.errors import ChecksumError, MissingError, StoreError
from beeldkluis.vault.place_queries import away
from beeldkluis.vault.places import MARK
from beeldkluis.vault.s3_store import PART, S3Store
from beeldkluis.vault.store import store_in_use

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("s3")]


@pytest.fixture(scope="module")
def plain_bucket(s3_server: S3Server) -> str:
    s3_server.client().create_bucket(Bucket="plain")
    return "plain"


@pytest.fixture(scope="module")
def versioned_bucket(s3_server: S3Server) -> str:
    client = s3_server.client()
    client.create_bucket(Bucket="versioned")
    client.put_bucket_versioning(Bucket="versioned", VersioningConfiguration={"Status": "Enabled"})
    return "versioned"


class TestS3StoreWithoutVersions(StoreSuite):
    @pytest.fixture
    def store(self, s3_server: S3Server, plain_bucket: str) -> S3Store:
        return S3Store(s3_server.endpoint, plain_bucket, ACCESS, SECRET)


class TestS3StoreThatKeepsVersions(StoreSuite):
    @pytest.fixture
    def store(self, s3_server: S3Server, versioned_bucket: str) -> S3Store:
        return S3Store(s3_server.endpoint, versioned_bucket, ACCESS, SECRET)


def test_every_version_and_delete_marker_goes(s3_server: S3Server, versioned_bucket: str) -> None:
    client, key = s3_server.client(), new_key()
    for text in (b"first", b"second"):
        client.put_object(Bucket=versioned_bucket, Key=key, Body=text)
    client.delete_object(Bucket=versioned_bucket, Key=key)
    S3Store(s3_server.endpoint, versioned_bucket, ACCESS, SECRET).delete_all_versions(key)
    left = client.list_object_versions(Bucket=versioned_bucket, Prefix=key)
    assert left.get("Versions", []) == []
    assert left.get("DeleteMarkers", []) == []


def test_an_object_of_several_parts_is_read_back_and_wrong_ones_are_removed(
    s3_server: S3Server, plain_bucket: str
) -> None:
    store, data = S3Store(s3_server.endpoint, plain_bucket, ACCESS, SECRET), bytes(2 * PART) + b"the end"
    good, bad = new_key(), new_key()
    store.put(good, io.BytesIO(data), sha256(data))
    assert b"".join(store.read(good, 2 * PART - 1, len(data))) == b"\0the end"
    with pytest.raises(ChecksumError):
        store.put(bad, io.BytesIO(data), sha256(b"another"))
    with pytest.raises(MissingError):
        store.size(bad)


def test_an_upload_in_parts_that_was_stopped_is_forgotten_when_it_is_old(
    s3_server: S3Server, plain_bucket: str
) -> None:
    store, client, key = S3Store(s3_server.endpoint, plain_bucket, ACCESS, SECRET), s3_server.client(), new_key()
    client.create_multipart_upload(Bucket=plain_bucket, Key=key)
    assert store.forget_unfinished(datetime.now(UTC) - timedelta(hours=1)) == 0
    assert store.forget_unfinished(datetime.now(UTC) + timedelta(hours=1)) == 1


def test_a_wrong_secret_is_an_error_of_the_store(s3_server: S3Server, plain_bucket: str) -> None:
    store = S3Store(s3_server.endpoint, plain_bucket, ACCESS, "wrong")
    with pytest.raises(StoreError):
        store.put(str(uuid.uuid4()), io.BytesIO(b"x"), sha256(b"x"))


def test_a_store_that_is_away_is_an_error_of_the_store() -> None:
    store = S3Store("http://127.0.0.1:9", "plain", ACCESS, SECRET)
    with pytest.raises(StoreError):
        store.size(new_key())


@pytest.mark.django_db
def test_another_bucket_in_the_place_of_ours_takes_nothing_gives_nothing_and_certifies_nothing(
    vault: Installation, s3_server: S3Server, settings: Settings
) -> None:
    client, names = s3_server.client(), [f"b-{uuid.uuid4()}" for _ in range(3)]
    for name in names:
        client.create_bucket(Bucket=name)
    settings.STORE, settings.S3_ENDPOINT, settings.S3_BUCKET = "s3", s3_server.endpoint, names[0]
    settings.S3_ACCESS_KEY, settings.S3_SECRET_KEY = ACCESS, SECRET
    one = vault.take_in(recording := uuid.uuid4())
    client.put_object(Bucket=names[1], Key=(others := str(uuid.uuid4())), Body=b"of another installation")
    actions.begin_destruction(recording=recording, rules=("retention.period",), due_at=NOW, actor=ACTOR, now=NOW)
    actions.shred(recording=recording, actor=ACTOR, now=NOW)
    for wrong in (names[1], names[2], "no-such-bucket"):
        settings.S3_BUCKET = wrong
        with pytest.raises(StoreError):
            vault.take_in(uuid.uuid4())
        with pytest.raises(StoreError):
            actions.finish_destruction(recording=recording, actor=ACTOR, now=NOW)
        assert actions.sweep(actor=ACTOR, now=NOW).payloads == 0
        assert [one.kind for one in away()] == ["store"]
    assert [one["Key"] for one in client.list_objects_v2(Bucket=names[1])["Contents"]] == [others]
    assert "Contents" not in client.list_objects_v2(Bucket=names[2])
    settings.S3_BUCKET = names[0]
    assert store_in_use().size(str(one)) > 0
    assert away() == []
    actions.finish_destruction(recording=recording, actor=ACTOR, now=NOW)
    assert [one.key for one in store_in_use().listing()] == []
    assert [one["Key"] for one in client.list_objects_v2(Bucket=names[0])["Contents"]] == [MARK]
