"""Pieces made ahead are the same pieces, and nothing goes on after the end."""

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beeldkluis.dock.ahead import DEPTH, ahead


def one_buffer(pieces: list[bytes]) -> Iterator[memoryview]:
    """As sealing does it: every piece in the same buffer."""
    buffer = bytearray(8)
    for piece in pieces:
        buffer[: len(piece)] = piece
        yield memoryview(buffer)[: len(piece)]


@given(st.lists(st.binary(max_size=8), max_size=12))
def test_the_pieces_are_the_same(pieces: list[bytes]) -> None:
    with closing(ahead(one_buffer(pieces), 8)) as found:
        assert [bytes(one) for one in found] == pieces


def test_what_goes_wrong_ahead_is_told_where_it_is_asked_for() -> None:
    def breaks() -> Iterator[memoryview]:
        yield memoryview(b"one")
        raise OSError("the camera is gone")

    with closing(ahead(breaks(), 8)) as found:
        assert bytes(next(found)) == b"one"
        with pytest.raises(OSError, match="gone"):
            next(found)


def test_a_piece_that_does_not_fit_is_an_error_and_not_cut() -> None:
    with closing(ahead(iter([memoryview(b"123456789")]), 8)) as found, pytest.raises(ValueError, match="largest"):
        next(found)


def test_nobody_works_on_after_the_end() -> None:
    made = 0

    def endless() -> Iterator[memoryview]:
        nonlocal made
        while True:
            made += 1
            yield memoryview(b"piece")

    with closing(ahead(endless(), 8)) as found:
        next(found)
    assert made <= DEPTH + 3
    assert "ahead" not in [one.name for one in threading.enumerate()]
