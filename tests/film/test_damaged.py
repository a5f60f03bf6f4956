"""The same fifty films for the process that makes viewing copies: each becomes a copy or a reason, and nobody stays behind."""

import io
import os
import random
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from tests.film.damaged import COUNT, SEED, damaged
from tests.film.drawing import draw

from beeldkluis.camera.simulator import draw_film
from beeldkluis.film.confined import DAMAGED, Patience
from beeldkluis.film.copying import BROKEN, SLOW, TOO_BIG, Copy, CopyError, make_copy
from beeldkluis.film.talk import REASONS

pytestmark = pytest.mark.slow
PARTS = 5


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, bytes]]:
    whole = tmp_path_factory.mktemp("whole") / "film.mp4"
    draw_film(whole, 1, width=64, height=36)
    return damaged(whole.read_bytes())


def copied(content: bytes, patience: Patience) -> Copy | str:
    """A copy, or why there is none."""
    try:
        return make_copy(lambda start, stop: content[start:stop], len(content), io.BytesIO(), patience)
    except CopyError as error:
        return error.reason


others: set[int] = set()  # programs that other tests of this worker keep running


@pytest.fixture(autouse=True)
def _know_the_others() -> None:
    others.clear()
    others.update(children())


def children() -> list[int]:
    listed = Path(f"/proc/{os.getpid()}/task/{threading.get_native_id()}/children").read_text().split()
    return [int(one) for one in listed if int(one) not in others]


@pytest.mark.parametrize("part", range(PARTS))
def test_a_damaged_film_becomes_a_copy_or_a_reason(films: list[tuple[str, bytes]], part: int) -> None:
    assert len(films) == COUNT
    for what, content in films[part::PARTS]:
        made = copied(content, Patience(60, 120))
        if isinstance(made, str):
            assert made in REASONS or made == TOO_BIG, what
        else:
            assert b"".join(made.pieces())[4:8] == b"ftyp", what
        assert children() == [], what


def kill_once(after: Callable[[], float]) -> Callable[[int, int], None]:
    """Kill the process that decodes, from another thread, some time after it was first heard of."""
    begun: list[threading.Timer] = []

    def kill(process: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)

    def look_up(_made: int, _done: int) -> None:
        if not begun:
            begun.append(threading.Timer(after(), kill, children()))
            begun[0].start()

    return look_up


def test_a_decoder_that_is_killed_ends_that_copy_with_a_reason(films: list[tuple[str, bytes]], tmp_path: Path) -> None:
    """At once, while it loads, and while it works; on a film that is whole and on damaged ones."""
    chance = random.Random(SEED)
    whole = draw(tmp_path / "film", 30)
    for content in [whole, whole, *(content for _what, content in films[::10])]:
        made = copied(content, Patience(60, 120, kill_once(lambda: chance.choice([0, 0.2, 0.5]))))
        assert isinstance(made, Copy) or made in (BROKEN, *REASONS, DAMAGED, SLOW)
        assert children() == []
    assert copied(whole, Patience(60, 120, kill_once(lambda: 0))) == BROKEN
