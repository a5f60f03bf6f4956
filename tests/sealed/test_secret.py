"""Short secrets open with their own master alone."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beeldkluis.sealed.errors import SealError
from beeldkluis.sealed.secret import open_secret, seal_secret


@given(st.text(), st.text())
def test_what_was_sealed_opens_with_the_same_master_and_never_looks_the_same(master: str, text: str) -> None:
    sealed = seal_secret(master, text)
    assert open_secret(master, sealed) == text
    assert seal_secret(master, text) != sealed
    with pytest.raises(SealError):
        open_secret(f"{master}.", sealed)


@given(st.integers(0, 27), st.integers(0, 7))
def test_one_changed_bit_is_refused(place: int, bit: int) -> None:
    whole = bytearray(base64.b64decode(seal_secret("m", "")))
    whole[place] ^= 1 << bit
    with pytest.raises(SealError):
        open_secret("m", base64.b64encode(whole).decode())


@pytest.mark.parametrize("wrong", ["", "%%%", "AAAA", "é"])
def test_what_is_no_sealed_secret_is_refused(wrong: str) -> None:
    with pytest.raises(SealError):
        open_secret("m", wrong)
