import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.vault.postgres import address, postgres

__all__ = ["postgres"]  # a fixture


@pytest.mark.postgres
@pytest.mark.slow
def test_of_ten_at_once_one_dock_gets_in_and_one_officer_gets_the_bodycam(tmp_path: Path, postgres: int) -> None:
    root = Path(__file__).parents[2]
    run = subprocess.run(
        [sys.executable, root / "tests" / "devices" / "race_at_once.py"],
        env={
            **os.environ,
            "PYTHONPATH": f"{root / 'src'}:{root}",
            "DJANGO_SETTINGS_MODULE": "beeldkluis.web.settings",
            "BEELDKLUIS_SECRET_KEY": "tests",
            "BEELDKLUIS_DATA": str(tmp_path),
            "BEELDKLUIS_DATABASE": address(postgres),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    assert json.loads(run.stdout.splitlines()[-1]) == {"let_in": 1, "issued": 1, "docks": 1, "periods": 1}
