"""Sealing and opening with a second thread give the same bytes, and the same errors, as one chunk after another would."""

import io
import os
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from beeldkluis.sealed import age
from beeldkluis.sealed.errors import SealError
from beeldkluis.sealed.header import hkdf
from beeldkluis.sealed.shared_work import SharedWork

CHUNK, BATCH, SEALED, FIRST = 65_536, 16 * 65_536, 65_552, 16
KEY, NONCE = bytes(range(16)), bytes(range(16, 32))
FILM = random.Random(5).randbytes(4 * BATCH + 2 * CHUNK + 77)
EDGES = [0, 1, CHUNK, BATCH - 1, BATCH, BATCH + 1, 2 * BATCH, 2 * BATCH + CHUNK, 3 * BATCH - 1, len(FILM)]
SIZES = st.one_of(st.sampled_from(EDGES), st.integers(0, len(FILM)))


def one_after_another(film: bytes) -> bytes:
    """The payload as age.md says it, without buffers and threads."""
    cipher = ChaCha20Poly1305(hkdf(KEY, NONCE, b"payload"))
    starts = range(0, max(len(film), 1), CHUNK)
    return NONCE + b"".join(
        cipher.encrypt((at // CHUNK).to_bytes(11, "big") + bytes([at == starts[-1]]), film[at : at + CHUNK], None)
        for at in starts
    )


MANY = settings(max_examples=40, deadline=None, phases=[Phase.generate])  # numbers are small enough to read as they are
WHOLE = one_after_another(FILM)


class Camera(io.RawIOBase):
    """Film that comes in reads of any length, and from byte `fails_at` on not at all."""

    def __init__(self, film: bytes, lengths: list[int], fails_at: int, error: BaseException) -> None:
        self._film, self._at, self._lengths = memoryview(film), 0, lengths
        self._fails_at, self._error, self.readers = fails_at, error, set[int]()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] - as the sealer asks
        self.readers.add(threading.get_ident())
        if self._at >= self._fails_at:
            raise self._error
        most = min(self._lengths[self._at % len(self._lengths)], len(buffer), self._fails_at - self._at)
        piece = self._film[self._at : self._at + most]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


def pieces(source: io.RawIOBase) -> Iterator[bytes]:
    return (bytes(piece) for piece in age.Sealer(KEY, NONCE).chunks(source))  # type: ignore[arg-type]


def reader(sealed: bytes) -> age.PayloadReader:
    return age.PayloadReader(lambda at, length: sealed[at : at + length], len(sealed), KEY)


@MANY
@given(SIZES, st.lists(st.integers(1, 3 * CHUNK).map(lambda most: most + 1000), min_size=1, max_size=5))
def test_any_size_in_any_reads_is_sealed_as_one_chunk_after_another(size: int, lengths: list[int]) -> None:
    camera, expected = Camera(FILM[:size], lengths, size + 1, OSError()), one_after_another(FILM[:size])
    assert b"".join(pieces(camera)) == expected
    assert camera.readers == {threading.get_ident()}, "a camera or a request is read in the thread of who asked"
    parts = (FILM[at : min(at + lengths[0], size)] for at in range(0, size, lengths[0]))
    assert b"".join(bytes(piece) for piece in age.Sealer(KEY, NONCE).chunks(parts)) == expected
    assert b"".join(reader(expected).read(0, size)) == FILM[:size]


@MANY
@given(SIZES, st.sampled_from([OSError("the camera is gone"), KeyboardInterrupt()]))
def test_what_reading_raises_at_any_byte_is_raised_to_who_asked(fails_at: int, error: BaseException) -> None:
    given_out, before = b"", threading.active_count()
    with pytest.raises(type(error)) as raised:
        for piece in pieces(Camera(FILM + b"more", [100_000], fails_at, error)):
            given_out += piece
    assert raised.value is error
    assert WHOLE.startswith(given_out)
    # everything that was whole is given out, but for the batch of which more was asked whether it is the last
    assert len(given_out) == FIRST + max(0, fails_at // BATCH - 1) * 16 * SEALED
    assert threading.active_count() == before


def test_a_film_that_is_cut_while_it_is_read_is_sealed_as_far_as_it_was_read(tmp_path: Path) -> None:
    film = tmp_path / "film"
    film.write_bytes(FILM)
    with film.open("rb", buffering=0) as source:
        sealing = pieces(source)
        sealed = next(sealing) + next(sealing)
        os.truncate(film, 2 * BATCH + 5)
        sealed += b"".join(sealing)
    assert sealed == one_after_another(FILM[: 2 * BATCH + 5])


def test_a_film_that_grows_while_it_is_read_is_sealed_to_its_new_end(tmp_path: Path) -> None:
    film = tmp_path / "film"
    film.write_bytes(FILM[: 2 * BATCH + 5])
    with film.open("rb", buffering=0) as source:
        sealing = pieces(source)
        sealed = next(sealing) + next(sealing)
        film.write_bytes(FILM)
        sealed += b"".join(sealing)
    assert sealed == WHOLE


def test_a_payload_that_is_cut_while_it_is_opened_is_refused_and_nothing_false_was_given_out(tmp_path: Path) -> None:
    payload, given_out, before = tmp_path / "payload", b"", threading.active_count()
    payload.write_bytes(WHOLE)
    with payload.open("rb", buffering=0) as source:
        opening = age.PayloadReader(lambda at, length: os.pread(source.fileno(), length, at), len(WHOLE), KEY).read(
            0, len(FILM)
        )
        given_out += next(opening)
        os.truncate(payload, FIRST + 40 * SEALED)
        with pytest.raises(SealError, match="ends early"):
            for piece in opening:
                given_out += piece
    assert given_out
    assert FILM.startswith(given_out)
    assert threading.active_count() == before


@MANY
@given(st.integers(FIRST, len(WHOLE) - SEALED), st.integers(0, 255), st.integers(1, 255))
def test_film_is_given_out_to_the_first_chunk_that_is_not_authentic(at: int, later: int, change: int) -> None:
    sealed = bytearray(WHOLE)
    for place in {at, min(at + later * 1000, len(WHOLE) - SEALED)}:
        sealed[place] ^= change
    given_out, wrong = b"", (at - FIRST) // SEALED
    with pytest.raises(SealError, match=f"chunk {wrong} "):
        for piece in reader(bytes(sealed)).read(0, len(FILM)):
            given_out += piece
    assert given_out == FILM[: wrong * CHUNK]


@MANY
@given(SIZES, SIZES)
def test_any_range_of_a_long_film_is_exactly_that_film(one: int, other: int) -> None:
    start, stop = sorted((one, other))
    assert b"".join(reader(WHOLE).read(start, stop)) == FILM[start:stop]


def test_who_stops_half_way_leaves_no_thread_behind() -> None:
    before = threading.active_count()
    sealing = age.Sealer(KEY, NONCE).chunks(io.BytesIO(FILM))
    opening = reader(WHOLE).pieces(0, len(FILM))
    for going in (sealing, opening):
        for _ in range(3):
            next(going)
    assert threading.active_count() == before + 2
    sealing.close()  # type: ignore[attr-defined] - a generator
    opening.close()  # type: ignore[attr-defined] - a generator
    assert threading.active_count() == before


def test_two_threads_do_each_part_once_and_a_thread_without_time_is_not_waited_for() -> None:
    done: list[tuple[int, int]] = []
    both = threading.Barrier(2, timeout=30)

    def part(number: int) -> None:
        if number < 2:
            both.wait()  # passes only when two threads are at work
        done.append((number, threading.get_ident()))

    with ThreadPoolExecutor(1) as threads:
        SharedWork(threads, part, 50).finish()
        assert sorted(number for number, _ in done) == list(range(50))
        assert len({thread for _, thread in done}) == 2
        done.clear()
        busy = threading.Event()
        blocker = threads.submit(busy.wait, 30)
        SharedWork(threads, lambda number: done.append((number, threading.get_ident())), 9).finish()
        assert not blocker.done()
        busy.set()
    assert done == [(number, threading.get_ident()) for number in range(9)]


def test_what_either_thread_raises_is_raised_to_who_asked() -> None:
    here = threading.get_ident()
    for elsewhere in (True, False):
        both = threading.Barrier(2, timeout=30)

        def part(_number: int, elsewhere: bool = elsewhere, both: threading.Barrier = both) -> None:
            both.wait()
            if (threading.get_ident() != here) == elsewhere:
                raise MemoryError

        with ThreadPoolExecutor(1) as threads, pytest.raises(MemoryError):
            SharedWork(threads, part, 2).finish()


MEMORY = """
import os, resource, sys, tempfile
from beeldkluis.sealed import age
with tempfile.TemporaryFile(buffering=0) as out:
    for piece in age.Sealer(bytes(16)).chunks(bytes(65536) for _ in range(1024)):
        out.write(piece)
    size, film = out.tell(), 0
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for piece in age.PayloadReader(lambda at, length: os.pread(out.fileno(), length, at), size, bytes(16)).pieces(0, size):
        film += len(piece)
assert film == 1024 * 65536
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.slow
def test_opening_a_long_film_takes_no_more_memory_than_a_short_one() -> None:
    done = subprocess.run([sys.executable, "-c", MEMORY], capture_output=True, text=True, check=True, env=os.environ)
    assert int(done.stdout) < 16_384, "kilobytes"
