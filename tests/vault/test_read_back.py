"""What arrives is read back from its disk while the rest still comes."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beeldkluis.vault.read_back import ReadBack


@given(st.lists(st.binary(min_size=1, max_size=700_000), min_size=1, max_size=4))
def test_the_hash_is_of_everything_that_was_reached(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes]
) -> None:
    path = tmp_path_factory.mktemp("arriving") / "file"
    with path.open("wb", buffering=0) as file, ReadBack(path) as back:
        end = 0
        for piece in pieces:
            file.write(piece)
            end += len(piece)
            back.reached(end)
        file.write(b"not durable yet")
    assert back.sha256 == hashlib.sha256(b"".join(pieces)).hexdigest()


def test_nothing_reached_no_file_or_less_than_was_said_is_no_hash(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"film")
    for path, end in ((tmp_path / "file", 0), (tmp_path / "weg", 4), (tmp_path / "file", 5)):
        with ReadBack(path) as back:
            if end:
                back.reached(end)
        assert back.sha256 == ""


def test_when_the_work_itself_goes_wrong_the_thread_ends_too(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"film")
    try:
        with ReadBack(tmp_path / "file") as back:
            back.reached(4)
            raise OSError("disk full")
    except OSError:
        assert back.sha256 == hashlib.sha256(b"film").hexdigest()
