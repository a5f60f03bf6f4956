"""The browser's reader of Axis content against what a camera makes, in Node."""

import hashlib
import json
import random
import subprocess
from pathlib import Path

import pytest

from beeldkluis.sealed import axis

SCRIPT = Path(__file__).with_name("axis_check.mjs")
KEY, IV = bytes(range(32)), bytes(range(16))

pytestmark = pytest.mark.slow


def ask(folder: Path, content: bytes, ranges: list[tuple[int, int]], key: bytes = KEY) -> dict[str, object]:
    path = folder / "content"
    path.write_bytes(content)
    question = {"content": str(path), "key": key.hex(), "iv": IV.hex(), "ranges": ranges}
    done = subprocess.run(["node", SCRIPT], input=json.dumps(question), capture_output=True, text=True, check=True)
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 65_535, 65_536, 2_100_003])
def test_every_range_is_exactly_the_film(tmp_path: Path, size: int) -> None:
    places = random.Random(size)
    film = places.randbytes(size)
    content = b"".join(axis.encrypt([film], KEY, IV))
    ranges = [(0, size)] if size else []
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
    assert ask(tmp_path, content, [(0, 1)], key=bytes(32))["refused"] is not None
