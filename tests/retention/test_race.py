from pathlib import Path
from typing import Any

import pytest
from tests.processes import answer_of
from tests.vault.postgres import address

from beeldkluis.footage.models import Recording


def race(program: str, tmp_path: Path, port: int) -> dict[str, Any]:
    """Run one of the programs beside this file on an empty database; what it found."""
    here = tmp_path / "here"
    here.mkdir()
    found: dict[str, Any] = answer_of(program, here, BEELDKLUIS_DATA=str(here), BEELDKLUIS_DATABASE=address(port))
    return found


@pytest.mark.postgres
@pytest.mark.slow
def test_a_hold_placed_while_a_round_runs_either_keeps_the_recording_or_is_refused(
    tmp_path: Path, postgres: int
) -> None:
    answer = race("tests.retention.race_round", tmp_path, postgres)
    assert answer["problems"] == []
    for held, opens, state in answer["outcome"]:
        assert held is opens
        assert (state == Recording.State.DESTROYED) is not opens
    assert answer["entries"] == [1]
    held = sum(1 for one in answer["outcome"] if one[0])
    assert 0 < held < len(answer["outcome"]), "the two never met"


@pytest.mark.postgres
@pytest.mark.slow
def test_whatever_happens_to_one_recording_at_the_same_moment_nothing_waits_for_each_other_in_a_ring(
    tmp_path: Path, postgres: int
) -> None:
    answer = race("tests.retention.race_locks", tmp_path, postgres)
    assert answer["problems"] == []
    assert answer["whole"]
    assert all(answer["met"]), "something was always refused"
    for one in answer["outcome"]:
        assert one["held"] is one["opens"] is not one["destroyed"], one
        assert one["certified"] is one["begun"] is one["destroyed"], one
        assert one["headers"] == (2 if one["held"] else 0), one
        assert one["keys"] == (1 if one["held"] else 0), one
        assert one["given_after"] == [], one
        if one["destroyed"]:
            assert (one["entries"], one["withdrawn"]) == ([1, 1, 1, 1], 0), one
        else:
            assert one["entries"] == [one["withdrawn"], 0, 0, 0], one
    held = sum(1 for one in answer["outcome"] if one["held"])
    assert 0 < held < len(answer["outcome"]), "the two never met"
