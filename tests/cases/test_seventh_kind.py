"""A kind of case that somebody adds does what its hint says: the issue's own experiment, on a copy of the program."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.protocol import seventh


@pytest.mark.slow
@pytest.mark.rule("retention.hold-until-resolved", "request.kinds")
def test_a_kind_whose_hint_says_that_footage_is_kept_keeps_it(tmp_path: Path) -> None:
    source = seventh.program(tmp_path)
    run = subprocess.run(
        [sys.executable, seventh.ROOT / "tests" / "cases" / "seventh_life.py"],
        env=os.environ | {"PYTHONPATH": f"{source}:{seventh.ROOT}", "DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    assert json.loads(run.stdout.splitlines()[-1]) == ["Melding van een ongeval", ["retention.hold-until-resolved"]]
