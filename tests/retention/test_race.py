import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.vault.postgres import POSTGRES

from beeldkluis.footage.models import Recording


@pytest.mark.postgres
@pytest.mark.slow
def test_a_hold_placed_while_a_round_runs_either_keeps_the_recording_or_is_refused(
    tmp_path: Path, postgres: int
) -> None:
    root, here = Path(__file__).parents[2], tmp_path / "here"
    here.mkdir()
    where = ["-h", "127.0.0.1", "-p", str(postgres), "-U", "tests"]
    subprocess.run([POSTGRES / "createdb", *where, "beeldkluis"], check=True)
    run = subprocess.run(
        [sys.executable, root / "tests" / "retention" / "race_round.py", here],
        env={
            **os.environ,
            "PYTHONPATH": f"{root / 'src'}:{root}",
            "DJANGO_SETTINGS_MODULE": "beeldkluis.web.settings",
            "BEELDKLUIS_SECRET_KEY": "tests",
            "BEELDKLUIS_DATA": str(here),
            "BEELDKLUIS_DATABASE": f"postgres://tests@127.0.0.1:{postgres}/beeldkluis",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    answer = json.loads(run.stdout.splitlines()[-1])
    assert answer["problems"] == []
    for held, opens, state in answer["outcome"]:
        assert held is opens
        assert (state == Recording.State.DESTROYED) is not opens
    assert answer["entries"] == [1]
    held = sum(1 for one in answer["outcome"] if one[0])
    assert 0 < held < len(answer["outcome"]), "the two never met"
