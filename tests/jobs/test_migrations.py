"""Copies that waited and workers that ran before there were jobs are still there, forwards and back."""

from pathlib import Path

import pytest
from tests.carrying_over import carried_over
from tests.vault.postgres import postgres

__all__ = ["postgres"]  # a fixture
PROGRAM = "tests.jobs.carry_over"


FORWARD = {
    "copies": [["asked", "", 30, "2026-0001"], ["made", "", 31, "2026-0001"], ["failed", "Stuk.", 32, "2026-0001"]],
    "jobs": [["viewing-copy", 20, 10, "waiting", 99]],
    "of": 20,
    "workers": [["age1x", "signed"]],
}
BACK = {"leases": [99, None, None], "workers": [["age1x", "signed"]]}


@pytest.mark.slow
def test_copies_that_wait_become_jobs(tmp_path: Path) -> None:
    assert carried_over(PROGRAM, tmp_path) == [FORWARD, BACK, FORWARD]


@pytest.mark.postgres
@pytest.mark.slow
def test_on_postgresql_too(tmp_path: Path, postgres: int) -> None:
    assert carried_over(PROGRAM, tmp_path, postgres) == [FORWARD, BACK, FORWARD]
