"""The browser's reader of sealed payloads against the server's writer, in Node."""

import hashlib
import io
import json
import random
import subprocess
from pathlib import Path

import pytest

from beeldkluis.sealed import age

SCRIPT = Path(__file__).with_name("payload_check.mjs")
CHUNK = 65_536
KEY = bytes(range(16))


def ask(folder: Path, sealed: bytes, ranges: list[tuple[int, int]]) -> dict[str, object]:
    path = folder / "payload"
    path.write_bytes(sealed)
    question = {"payload": str(path), "fileKey": KEY.hex(), "ranges": ranges}
    done = subprocess.run(["node", SCRIPT], input=json.dumps(question), capture_output=True, text=True, check=True)
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def seal(film: bytes) -> bytes:
    return b"".join(bytes(chunk) for chunk in age.Sealer(KEY).chunks(io.BytesIO(film)))


@pytest.mark.slow
@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 5 * CHUNK, 5 * CHUNK + 17])
def test_every_range_is_exactly_the_film(tmp_path: Path, size: int) -> None:
    film = random.Random(size).randbytes(size)
    places = random.Random(size)
    ranges = [(0, size)] if size else []
    ranges += [tuple(sorted(places.sample(range(size + 1), 2))) for _ in range(20 if size > 1 else 0)]  # type: ignore[misc] - two of them
    answer = ask(tmp_path, seal(film), ranges)
    assert answer["size"] == size
    assert answer["digests"] == [hashlib.sha256(film[start:stop]).hexdigest() for start, stop in ranges]


@pytest.mark.slow
def test_what_was_changed_cut_or_lengthened_is_refused(tmp_path: Path) -> None:
    film = random.Random(1).randbytes(3 * CHUNK + 5)
    whole = seal(film)
    chunk = CHUNK + 16
    wrong = {
        "cut at a byte": whole[:-1],
        "cut at a chunk": whole[: 16 + 3 * chunk],
        "lengthened": whole + b"\0",
        "a bit changed": whole[:100] + bytes([whole[100] ^ 1]) + whole[101:],
        "chunks swapped": whole[:16]
        + whole[16 + chunk : 16 + 2 * chunk]
        + whole[16 : 16 + chunk]
        + whole[16 + 2 * chunk :],
        "a chunk taken out": whole[:16] + whole[16 + chunk :],
    }
    for what, sealed in wrong.items():
        assert ask(tmp_path, sealed, [(0, len(film))])["refused"] is not None, what


@pytest.mark.slow
def test_a_seek_fetches_little(tmp_path: Path) -> None:
    film = random.Random(2).randbytes(200 * CHUNK)
    answer = ask(tmp_path, seal(film), [(100 * CHUNK + 5, 100 * CHUNK + 10)])
    assert int(str(answer["fetched"])) < 5 * (CHUNK + 16)
