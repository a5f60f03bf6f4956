"""A file key that follows from a film's: of one object alone, and nothing of the film's key is in it."""

import hashlib
import hmac
from uuid import UUID

import pytest

from beeldkluis.sealed.derived import derived_file_key
from beeldkluis.sealed.errors import SealError

KEY, ONE, OTHER = bytes(range(16)), UUID(int=1), UUID(int=2)


def by_hand(secret: bytes, info: bytes) -> bytes:
    """RFC 5869 with an empty salt, of one block."""
    known = hmac.digest(bytes(32), secret, hashlib.sha256)
    return hmac.digest(known, info + b"\x01", hashlib.sha256)[:16]


def test_it_is_the_key_that_the_page_of_formats_says() -> None:
    assert derived_file_key(KEY, ONE) == by_hand(KEY, b"beeldkluis.nl/analysis/1" + ONE.bytes)
    assert derived_file_key(KEY, ONE).hex() == "8aeba4c66eee08bc9f386ed65725c7ee"


def test_no_two_objects_and_no_two_films_share_one() -> None:
    keys = {derived_file_key(key, one) for key in (KEY, bytes(16)) for one in (ONE, OTHER)} | {KEY}
    assert len(keys) == 5


def test_a_key_of_another_length_is_refused() -> None:
    for length in (0, 15, 32):
        with pytest.raises(SealError):
            derived_file_key(bytes(length), ONE)
