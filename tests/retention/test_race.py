import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.vault.postgres import address

from beeldkluis.footage.models import Recording


def race(program: str, tmp_path: Path, port: int) -> dict[str, Any]:
    """Run one of the programs beside this file on an empty database; what it found."""
    root, here = Path(__file__).parents[2], tmp_path / "here"
    here.mkdir()
    run = subprocess.run(
        [sys.executable, Path(__file__).with_name(program), here],
        env={
            **os.environ,
            "PYTHONPATH": f"{root / 'src'}:{root}",
            "DJANGO_SETTINGS_MODULE": "beeldkluis.web.settings",
            "BEELDKLUIS_SECRET_KEY": "tests",
            "BEELDKLUIS_DATA": str(here),
            "BEELDKLUIS_DATABASE": address(port),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    found: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return found


@pytest.mark.postgres
@pytest.mark.slow
def test_a_hold_placed_while_a_round_runs_either_keeps_the_recording_or_is_refused(
    tmp_path: Path, postgres: int
) -> None:
    answer = race("race_round.py", tmp_path, postgres)
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
    answer = race("race_locks.py", tmp_path, postgres)
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
