"""Payloads in any S3 store, for more than one machine.

An answer of 200 says nothing about disks: the operator sets the store to synchronise (docs/spec/vault.md), and we read
back and hash whatever we wrote before we call it kept. Every part carries its own SHA-256 on the way.
"""

import base64
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from beeldkluis.vault.errors import ChecksumError, ConflictError, MissingError, StoreError
from beeldkluis.vault.places import LARGEST, MARK
from beeldkluis.vault.store import KEY, Source, Stored

if TYPE_CHECKING:
    from types_boto3_s3.type_defs import CompletedPartTypeDef

PART = 16 * 1024 * 1024  # bytes; the only part of a payload held in memory, at most 10,000 of them: 160 GB
_PIECE = 256 * 1024
_GONE = {"404", "NoSuchKey", "NotFound"}
_THERE_ALREADY = {"412", "PreconditionFailed", "409", "ConditionalRequestConflict"}


class S3Store:
    """Payloads in one bucket (see beeldkluis.vault.store.Store)."""

    def __init__(self, endpoint: str, bucket: str, access_key: str, secret_key: str) -> None:
        self._bucket = bucket
        self._client = boto3.client(
            "s3",
            endpoint_url=endpoint,
            aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
            region_name="us-east-1",  # a name that every self-hosted store takes
            config=Config(
                s3={"addressing_style": "path"},
                retries={"max_attempts": 4, "mode": "standard"},
                connect_timeout=10,
                read_timeout=60,
            ),
        )

    def put(self, key: str, source: Source, sha256: str) -> None:
        """Write with a checksum per part, create-only, then read back and hash. What does not match is removed."""
        if not KEY.fullmatch(key):
            raise ValueError(f"{key!r} is no key")
        with _as_store_errors(key):
            if self._stands(key):
                self._same_or_conflict(key, sha256)
                return
            parts = _parts(source)
            first, second = next(parts, b""), next(parts, None)
            try:
                version = self._whole(key, first) if second is None else self._in_parts(key, first, second, parts)
            except ClientError as error:
                if _code(error) not in _THERE_ALREADY:
                    raise
                self._same_or_conflict(key, sha256)
                return
            if (found := self._digest(key)) != sha256:
                self._remove(key, version)
                raise ChecksumError(f"{key}: {found} was read back, {sha256} was promised")

    def adopt(self, key: str, path: Path, start: int) -> bool:  # noqa: ARG002 - part of the store contract
        """Never: a bucket takes bytes, no files."""
        return False

    def _whole(self, key: str, data: bytes) -> str:
        answer = self._client.put_object(
            Bucket=self._bucket,
            Key=key,
            Body=data,
            ChecksumSHA256=_checksum(data),
            IfNoneMatch="*",
        )
        return answer.get("VersionId", "")

    def _in_parts(self, key: str, first: bytes, second: bytes, rest: Iterator[bytes]) -> str:
        begun = self._client.create_multipart_upload(Bucket=self._bucket, Key=key, ChecksumAlgorithm="SHA256")
        upload = begun["UploadId"]
        done: list[CompletedPartTypeDef] = []
        try:
            for data in _chain(first, second, rest):
                number = len(done) + 1
                answer = self._client.upload_part(
                    Bucket=self._bucket,
                    Key=key,
                    UploadId=upload,
                    PartNumber=number,
                    Body=data,
                    ChecksumSHA256=_checksum(data),
                )
                done.append({"PartNumber": number, "ETag": answer["ETag"], "ChecksumSHA256": _checksum(data)})
            finished = self._client.complete_multipart_upload(
                Bucket=self._bucket,
                Key=key,
                UploadId=upload,
                MultipartUpload={"Parts": done},
                IfNoneMatch="*",
            )
        except BaseException:  # whatever stops us, the parts are not left to be paid for
            self._client.abort_multipart_upload(Bucket=self._bucket, Key=key, UploadId=upload)
            raise
        return finished.get("VersionId", "")

    def _stands(self, key: str) -> bool:
        try:
            self._client.head_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if _code(error) in _GONE:
                return False
            raise
        return True

    def _same_or_conflict(self, key: str, sha256: str) -> None:
        if self._digest(key) != sha256:
            raise ConflictError(f"{key} is there already with other bytes")

    def _digest(self, key: str) -> str:
        digest = hashlib.sha256()
        body = self._client.get_object(Bucket=self._bucket, Key=key)["Body"]
        for piece in body.iter_chunks(_PIECE):
            digest.update(piece)
        return digest.hexdigest()

    def read(self, key: str, first: int, last_exclusive: int) -> Iterator[bytes]:
        """The bytes from `first` up to `last_exclusive`, at most 256 KiB at a time."""
        size = self.size(key)
        if not 0 <= first <= last_exclusive <= size:
            raise ValueError(f"{first}-{last_exclusive} lies outside {key} of {size} bytes")
        return self._pieces(key, first, last_exclusive)

    def _pieces(self, key: str, first: int, last_exclusive: int) -> Iterator[bytes]:
        if first == last_exclusive:
            return
        with _as_store_errors(key):
            asked = f"bytes={first}-{last_exclusive - 1}"
            body = self._client.get_object(Bucket=self._bucket, Key=key, Range=asked)["Body"]
            try:
                yield from body.iter_chunks(_PIECE)
            finally:
                body.close()

    def size(self, key: str) -> int:
        """The number of bytes under `key`; MissingError."""
        with _as_store_errors(key):
            return self._client.head_object(Bucket=self._bucket, Key=key)["ContentLength"]

    def delete_all_versions(self, key: str) -> None:
        """Remove every version, delete marker and unfinished upload of the key, and look whether that worked."""
        with _as_store_errors(key):
            for name, version, _ in self._versions(key):
                if name == key:
                    self._client.delete_object(Bucket=self._bucket, Key=key, VersionId=version)
            self._client.delete_object(Bucket=self._bucket, Key=key)  # stores without versions list none
            for name, version, _ in self._versions(key):  # the line above leaves a marker where versions are kept
                if name == key:
                    self._client.delete_object(Bucket=self._bucket, Key=key, VersionId=version)
            self._abort(key, None)
            if self._stands(key) or any(name == key for name, _, _ in self._versions(key)):
                raise StoreError(f"{key} is still there after its deletion")

    def _remove(self, key: str, version: str) -> None:
        if version:
            self._client.delete_object(Bucket=self._bucket, Key=key, VersionId=version)
        else:
            self._client.delete_object(Bucket=self._bucket, Key=key)

    def _versions(self, prefix: str) -> Iterator[tuple[str, str, datetime]]:
        for page in self._client.get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=prefix):
            for one in page.get("Versions", []):
                yield one["Key"], one["VersionId"], one["LastModified"]
            for marker in page.get("DeleteMarkers", []):
                yield marker["Key"], marker["VersionId"], marker["LastModified"]

    def listing(self, first: str = "") -> Iterator[Stored]:
        """Every key that begins with `first` and of which a version or delete marker is left."""
        newest: dict[str, datetime] = {}
        with _as_store_errors("listing"):
            for name, _, written in self._versions(first):
                if name != MARK:
                    newest[name] = max(written, newest.get(name, written))
        return (Stored(name, written) for name, written in newest.items())

    def forget_unfinished(self, before: datetime) -> int:
        """Abort uploads in parts that began before this moment."""
        with _as_store_errors("unfinished uploads"):
            return self._abort("", before)

    def mark(self) -> bytes | None:
        """The object that says which store this is."""
        try:
            with _as_store_errors(MARK):
                return self._client.get_object(Bucket=self._bucket, Key=MARK)["Body"].read(LARGEST + 1)
        except MissingError:
            return None

    def set_mark(self, content: bytes) -> None:
        """Write that object, and read it back."""
        with _as_store_errors(MARK):
            self._client.put_object(Bucket=self._bucket, Key=MARK, Body=content, ChecksumSHA256=_checksum(content))
        if self.mark() != content:
            raise ChecksumError(f"{MARK} did not come back as it was written")

    def _abort(self, prefix: str, before: datetime | None) -> int:
        count = 0
        for page in self._client.get_paginator("list_multipart_uploads").paginate(Bucket=self._bucket, Prefix=prefix):
            for upload in page.get("Uploads", []):
                if (before is None and upload["Key"] == prefix) or (before and upload["Initiated"] < before):
                    self._client.abort_multipart_upload(
                        Bucket=self._bucket,
                        Key=upload["Key"],
                        UploadId=upload["UploadId"],
                    )
                    count += 1
        return count


@contextmanager
def _as_store_errors(key: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if _code(error) in _GONE:
            raise MissingError(key) from error
        raise StoreError(f"{key}: {error}") from error
    except BotoCoreError as error:
        raise StoreError(f"{key}: {error}") from error


def _code(error: ClientError) -> str:
    return error.response.get("Error", {}).get("Code", "")


def _checksum(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def _chain(first: bytes, second: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield second
    yield from rest


def _parts(source: Source) -> Iterator[bytes]:
    """The source in parts of 16 MiB, the last one smaller."""
    if hasattr(source, "read"):
        while part := cast("BinaryIO", source).read(PART):
            yield part
        return
    gathered = bytearray()
    for piece in source:
        gathered += piece
        while len(gathered) >= PART:
            yield bytes(gathered[:PART])
            del gathered[:PART]
    if gathered:
        yield bytes(gathered)
