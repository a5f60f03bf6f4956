import io
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from tests.vault.conftest import ACCESS, SECRET, S3Server
from tests.vault.suite import StoreSuite, new_key, sha256

from beeldkluis.vault.errors import ChecksumError, MissingError, StoreError
from beeldkluis.vault.s3_store import PART, S3Store

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
