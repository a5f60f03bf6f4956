"""Two readings: the second gives nothing on that the first did not see."""

import hashlib
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beeldkluis.dock.reading import HASH, MARK, ChangedWhileReadError, Reading, SecondReading, read_first


def first(content: bytes, path: Path) -> Reading:
    path.write_bytes(content)
    with io.FileIO(path) as source:
        return read_first(source)


def again(content: bytes, path: Path, reading: Reading) -> tuple[bytes, bool]:
    """What a second reading gives on, in whole marks as sealing asks them, and whether it went to the end."""
    path.write_bytes(content)
    given_on, piece = b"", memoryview(bytearray(MARK))
    with io.FileIO(path) as source:
        second = SecondReading(source, reading)
        try:
            while count := second.readinto(piece):
                given_on += piece[:count].tobytes()
        except ChangedWhileReadError:
            return given_on, False
    return given_on, True


@pytest.mark.parametrize("size", [0, 1, MARK - 1, MARK, MARK + 1, 3 * MARK, 3 * MARK + 5])
def test_the_first_reading_knows_size_and_hash_and_a_mark_for_each_piece(size: int, tmp_path: Path) -> None:
    content = bytes(range(256)) * (size // 256 + 1)
    content = content[:size]
    reading = first(content, tmp_path / "film")
    assert (reading.size, reading.sha256) == (size, hashlib.sha256(content).hexdigest())
    for end in {*range(MARK, size, MARK), size}:
        assert reading.mark(end) == hashlib.sha256(content[:end]).digest()
    assert len(reading.marks) == HASH * max(1, -(-size // MARK))
    assert reading.mark(size + MARK) == b""
    assert again(content, tmp_path / "film", reading) == (content, True)


CHANGES = st.tuples(st.sampled_from(["flip", "cut", "add", "swap"]), st.integers(0, 3 * MARK - 1))


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(size=st.sampled_from([1, MARK, 2 * MARK, 2 * MARK + 7]), change=CHANGES)
def test_a_file_that_changed_gives_on_only_what_the_first_reading_saw(
    size: int, change: tuple[str, int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("reading") / "film"
    content = bytearray(bytes(range(251)) * (size // 251 + 1))[:size]
    reading = first(bytes(content), path)
    what, at = change[0], change[1] % size
    changed = bytearray(content)
    match what:
        case "flip":
            changed[at] ^= 1
        case "cut":
            del changed[at:]
        case "add":
            changed += b"x" * (at + 1)
        case "swap":
            changed[at] = (changed[at] + 1) % 256
            changed += b"x"
    given_on, whole = again(bytes(changed), path, reading)
    assert not whole
    assert bytes(content).startswith(given_on)
