"""What every store must do. A test class per store inherits this one; the store says nothing about itself here."""

import hashlib
import io
import secrets
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest

from beeldkluis.vault.errors import ChecksumError, ConflictError, MissingError
from beeldkluis.vault.places import Mark, PlaceKind, parse
from beeldkluis.vault.store import Store

MEGABYTE = 1024 * 1024


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def new_key() -> str:
    return str(uuid.uuid4())


def joined(pieces: Iterator[bytes]) -> bytes:
    return b"".join(pieces)


class StoreSuite:
    """The store contract, sentence by sentence."""

    @pytest.fixture
    def store(self) -> Store:
        raise NotImplementedError

    @pytest.mark.parametrize("size", [1, 4096, 5 * MEGABYTE + 7])
    def test_what_is_put_comes_back_byte_for_byte(self, store: Store, size: int) -> None:
        key, data = new_key(), secrets.token_bytes(size)
        store.put(key, io.BytesIO(data), sha256(data))
        assert joined(store.read(key, 0, size)) == data
        assert store.size(key) == size

    def test_many_small_pieces_are_one_object(self, store: Store) -> None:
        key, pieces = new_key(), [secrets.token_bytes(70_001) for _ in range(9)]
        store.put(key, iter(pieces), sha256(b"".join(pieces)))
        assert joined(store.read(key, 0, 9 * 70_001)) == b"".join(pieces)

    def test_any_range_comes_back_in_bounded_pieces(self, store: Store) -> None:
        key, data = new_key(), secrets.token_bytes(2 * MEGABYTE + 3)
        store.put(key, io.BytesIO(data), sha256(data))
        for first, last in [
            (0, 1),
            (0, 0),
            (len(data), len(data)),
            (65_535, 65_537),
            (1, len(data)),
            (MEGABYTE, MEGABYTE + 9),
        ]:
            pieces = list(store.read(key, first, last))
            assert b"".join(pieces) == data[first:last]
            assert all(len(piece) <= MEGABYTE for piece in pieces)

    @pytest.mark.parametrize(("first", "last"), [(-1, 2), (3, 2), (0, 11), (11, 11)])
    def test_a_range_outside_the_object_is_refused_at_once(self, store: Store, first: int, last: int) -> None:
        key, data = new_key(), b"0123456789"
        store.put(key, io.BytesIO(data), sha256(data))
        with pytest.raises(ValueError, match="outside"):
            store.read(key, first, last)

    def test_other_bytes_than_promised_are_not_kept(self, store: Store) -> None:
        key = new_key()
        with pytest.raises(ChecksumError):
            store.put(key, io.BytesIO(b"these bytes"), sha256(b"those bytes"))
        with pytest.raises(MissingError):
            store.size(key)
        assert key not in {stored.key for stored in store.listing()}

    def test_the_same_bytes_may_be_put_again(self, store: Store) -> None:
        key, data = new_key(), b"once more"
        store.put(key, io.BytesIO(data), sha256(data))
        store.put(key, io.BytesIO(data), sha256(data))
        assert joined(store.read(key, 0, len(data))) == data

    def test_other_bytes_never_replace_what_is_there(self, store: Store) -> None:
        key = new_key()
        store.put(key, io.BytesIO(b"the first"), sha256(b"the first"))
        with pytest.raises(ConflictError):
            store.put(key, io.BytesIO(b"the second"), sha256(b"the second"))
        assert joined(store.read(key, 0, 9)) == b"the first"

    def test_of_several_that_put_at_once_exactly_one_content_stays(self, store: Store) -> None:
        key, start, outcomes = new_key(), Barrier(4), []

        def put(number: int) -> None:
            data = bytes([number]) * 100_000
            start.wait()
            try:
                store.put(key, io.BytesIO(data), sha256(data))
                outcomes.append(number)
            except ConflictError:
                pass

        threads = [Thread(target=put, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(outcomes) == 1
        assert joined(store.read(key, 0, 100_000)) == bytes(outcomes) * 100_000

    def test_a_source_that_breaks_off_leaves_nothing(self, store: Store) -> None:
        key = new_key()

        def broken() -> Iterator[bytes]:
            yield b"x" * (20 * MEGABYTE)
            raise OSError("the cable was pulled")

        with pytest.raises(OSError, match="cable"):
            store.put(key, broken(), sha256(b""))
        with pytest.raises(MissingError):
            store.size(key)
        assert store.forget_unfinished(datetime.now(UTC) + timedelta(hours=1)) == 0

    def test_what_is_deleted_is_gone_and_deleting_again_is_quiet(self, store: Store) -> None:
        key, data = new_key(), b"away with it"
        store.put(key, io.BytesIO(data), sha256(data))
        store.delete_all_versions(key)
        store.delete_all_versions(key)
        with pytest.raises(MissingError):
            store.read(key, 0, 1)
        assert key not in {stored.key for stored in store.listing()}

    def test_deleting_one_key_leaves_a_longer_key_with_the_same_beginning(self, store: Store) -> None:
        key = new_key()
        store.put(key, io.BytesIO(b"short"), sha256(b"short"))
        store.put(f"{key}-2", io.BytesIO(b"long"), sha256(b"long"))
        store.delete_all_versions(key)
        assert joined(store.read(f"{key}-2", 0, 4)) == b"long"

    def test_the_listing_names_every_key_and_when_it_was_written(self, store: Store) -> None:
        before = datetime.now(UTC) - timedelta(seconds=2)
        keys = {new_key(), new_key()}
        for key in keys:
            store.put(key, io.BytesIO(b"here"), sha256(b"here"))
        written = {stored.key: stored.written_at for stored in store.listing()}
        assert keys <= written.keys()
        assert all(before <= written[key] <= datetime.now(UTC) + timedelta(seconds=2) for key in keys)

    def test_its_mark_is_kept_replaced_and_never_taken_for_a_payload(self, store: Store) -> None:
        for mark in (Mark(uuid4(), PlaceKind.STORE, uuid4()), Mark(uuid4(), PlaceKind.STORE, uuid4())):
            before = {stored.key for stored in store.listing()}
            store.set_mark(mark.text())
            assert parse(store.mark()) == mark
            assert {stored.key for stored in store.listing()} == before

    def test_the_listing_of_a_part_names_what_begins_so(self, store: Store) -> None:
        key = new_key()
        others = [f"{first}{key[1:]}" for first in "0123456789abcdef"]
        for one in others:
            store.put(one, io.BytesIO(b"here"), sha256(b"here"))
        for first in ("0", "9", "f"):
            part = {stored.key for stored in store.listing(first)}
            assert f"{first}{key[1:]}" in part
            assert {one[0] for one in part} == {first}

    @pytest.mark.parametrize("key", ["", "abc", "../../etc/passwd", "a/b/c/d", "ABCDEF", "-abcd", "a" * 101, "abcd\n"])
    def test_a_name_that_is_no_key_is_refused(self, store: Store, key: str) -> None:
        with pytest.raises(ValueError, match="no key"):
            store.put(key, io.BytesIO(b"x"), sha256(b"x"))

    def test_what_is_missing_says_so(self, store: Store) -> None:
        with pytest.raises(MissingError):
            store.size(new_key())
        with pytest.raises(MissingError):
            store.read(new_key(), 0, 1)
