"""The browser's reader of Axis content against what a camera makes, in Node."""

import hashlib
import io
import json
import random
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from beeldkluis.sealed import age, axis

SCRIPT = Path(__file__).with_name("axis_check.mjs")
KEY, IV, FILE_KEY = bytes(range(32)), bytes(range(16)), bytes(range(16, 32))

pytestmark = pytest.mark.slow


def ask(folder: Path, content: bytes, ranges: list[tuple[int, int]], **more: object) -> dict[str, object]:
    path = folder / "payload"
    path.write_bytes(b"".join(bytes(chunk) for chunk in age.Sealer(FILE_KEY).chunks(io.BytesIO(content))))
    question = {"payload": str(path), "fileKey": FILE_KEY.hex(), "key": KEY.hex(), "iv": IV.hex(), "ranges": ranges}
    done = subprocess.run(
        ["node", SCRIPT], input=json.dumps(question | more), capture_output=True, text=True, check=True, timeout=60
    )
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 65_535, 65_536, 1_000_003, 2_100_003])
def test_every_range_is_exactly_the_film(tmp_path: Path, size: int) -> None:
    places = random.Random(size)
    film = places.randbytes(size)
    content = b"".join(axis.encrypt([film], KEY, IV))
    ranges = [(0, size), (size, size)]
    for _ in range(20 if size > 1 else 0):
        start, stop = sorted(places.sample(range(size + 1), 2))
        ranges.append((start, stop))
    answer = ask(tmp_path, content, ranges)
    assert answer["refused"] is None
    assert answer["size"] == size
    assert answer["digests"] == [hashlib.sha256(film[start:stop]).hexdigest() for start, stop in ranges]


def test_another_key_and_what_is_no_content_are_refused(tmp_path: Path) -> None:
    content = b"".join(axis.encrypt([b"film" * 1000], KEY, IV))
    for wrong in (b"", content[:-1], content[: len(content) - 16]):
        assert ask(tmp_path, wrong, [(0, 1)])["refused"] is not None
    assert ask(tmp_path, content, [(0, 1)], key=bytes(32).hex())["refused"] is not None


def test_every_byte_of_the_padding_is_checked(tmp_path: Path) -> None:
    for tail, whole in ((b"\4\4\4\4", True), (b"\4\4\3\4", False), (b"\0\4\4\4", False), (b"\4\4\4\0", False)):
        encryptor = Cipher(algorithms.AES256(KEY), modes.CBC(IV)).encryptor()
        content = encryptor.update(b"twelve bytes" + tail) + encryptor.finalize()
        assert (ask(tmp_path, content, [])["refused"] is None) is whole, tail


def test_who_seeks_away_stops_the_request(tmp_path: Path) -> None:
    content = b"".join(axis.encrypt([b"film" * 100_000], KEY, IV))
    answer = ask(tmp_path, content, [], cancel=True)
    assert (answer["refused"], answer["stopped"], answer["done"]) == (None, True, True)
