"""The confined process with a small kind of work of its own: what it can reach, what it may say, and how it is stopped."""

import json
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import pytest

from beeldkluis.film.confined import DAMAGED, ConfinedError, Kind, Patience, confined
from beeldkluis.film.talk import NOT_SAFE
from beeldkluis.sealed.errors import SealError

SMALL = Kind(
    program=(str(Path(__file__).with_name("small_work.py")), "plain"),
    outputs=2,
    largest=4096,
    broken="Halverwege gestopt.",
    slow="Te langzaam.",
    too_big="Te groot.",
    reasons=("Dit mag gezegd worden.", "Het lukte niet.", NOT_SAFE),
)
MINUTE = Patience(60, 60)  # seconds
WORDS = b"what the model says"


@pytest.fixture
def words(tmp_path: Path) -> Path:
    path = tmp_path / "words"
    path.write_bytes(WORDS)
    return path


def work(
    words: Path, kind: Kind = SMALL, patience: Patience = MINUTE, **asked: str
) -> tuple[dict[int, bytes], dict[str, object]]:
    """The outputs of the process and its report."""
    film, outputs = json.dumps({"path": "", **asked}).encode(), {0: b"", 1: b""}
    with confined(
        kind, lambda start, stop: film[start:stop], len(film), patience, may_read={"words": words}
    ) as process:
        for piece in process.written():
            assert piece.place == len(outputs[piece.output])
            outputs[piece.output] += piece.data
    return outputs, process.report()


def reason_of(words: Path, kind: Kind = SMALL, patience: Patience = MINUTE, **asked: str) -> str:
    with pytest.raises(ConfinedError) as ended:
        work(words, kind, patience, **asked)
    return ended.value.reason


def test_each_output_gets_its_own_bytes_and_the_files_that_it_may_read_are_open(words: Path) -> None:
    outputs, report = work(words, do="work")
    assert outputs == {0: json.dumps({"path": "", "do": "work"}).encode()[::-1], 1: WORDS}
    assert report == {"could": None, "files": ["words"]}


def test_it_reaches_nothing_else_and_changes_not_even_what_it_may_read(words: Path, tmp_path: Path) -> None:
    proof = tmp_path / "proof"
    proof.write_bytes(b"secret")
    _outputs, report = work(words, do="escape", path=str(proof))
    assert report["could"] == []
    assert sorted(tmp_path.iterdir()) == [proof, words]
    assert (proof.read_bytes(), words.read_bytes()) == (b"secret", WORDS)


def test_a_file_that_it_may_read_and_that_is_not_there_starts_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        work(tmp_path / "nothing", do="work")


def test_it_gives_only_reasons_that_are_known_on_both_sides(words: Path) -> None:
    assert reason_of(words, do="fail", reason="Dit mag gezegd worden.") == "Dit mag gezegd worden."
    assert reason_of(words, do="fail", reason="<script>") == "Het lukte niet."
    assert reason_of(words, replace(SMALL, reasons=()), do="fail", reason="Dit mag gezegd worden.") == SMALL.broken


def test_its_outputs_are_as_many_and_as_large_as_its_kind_says(words: Path) -> None:
    assert reason_of(words, do="third output") == "Halverwege gestopt."
    assert reason_of(words, replace(SMALL, largest=len(WORDS) - 1), do="work") == "Te groot."


def test_its_memory_is_what_its_work_says(words: Path) -> None:
    assert reason_of(words, do="take memory") == "Het lukte niet."


def test_a_report_that_is_no_object_is_not_believed(words: Path) -> None:
    assert reason_of(words, do="report a list") == "Halverwege gestopt."


def test_it_reads_no_film_when_a_thread_runs_that_would_keep_what_it_gives_up(words: Path) -> None:
    threaded = replace(SMALL, program=(SMALL.program[0], "with-thread"))
    assert reason_of(words, threaded, do="work") == NOT_SAFE


def test_it_is_killed_when_it_says_nothing_and_when_it_takes_too_long(words: Path) -> None:
    began = time.monotonic()
    assert reason_of(words, patience=Patience(3, 60), do="sleep") == "Te langzaam."
    assert reason_of(words, patience=Patience(60, 3), do="sleep") == "Te langzaam."
    assert time.monotonic() - began < 50


def test_who_looks_up_hears_how_many_bytes_there_are_of_all_outputs_together(words: Path) -> None:
    looked: list[int] = []
    outputs, _report = work(words, patience=Patience(60, 60, lambda made, _done: looked.append(made)), do="work")
    assert looked[-1] == len(outputs[0]) + len(outputs[1])


def test_a_seal_that_does_not_hold_ends_it_with_that_reason(words: Path) -> None:
    def read(_start: int, _stop: int) -> bytes:
        raise SealError("chunk 0 of the payload is not authentic")

    with (
        pytest.raises(ConfinedError) as damaged,
        confined(SMALL, read, 100, Patience(60, 60), may_read={"words": words}) as process,
    ):
        list(process.written())
    assert damaged.value.reason == DAMAGED


def test_nothing_of_it_runs_when_the_block_is_left(words: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def note(*command: object, **named: object) -> "subprocess.Popen[bytes]":
        started.append(real(*command, **named))  # type: ignore[call-overload] - as it was called
        return started[-1]

    monkeypatch.setattr("beeldkluis.film.confined.subprocess.Popen", note)
    with confined(SMALL, lambda _start, _stop: b"", 100, Patience(60, 60), may_read={"words": words}):
        assert started[0].poll() is None
    assert started[0].returncode == -9
