"""Programs of the tests: a process on an installation of its own, with a server's settings.

`python -m tests.processes tests.cases.erased_life WORDS` sets Django up and then runs that module, so a program is a module like
any other: its imports stand at its top.
"""

import gc
import json
import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import django
from django.db import connections

ROOT = Path(__file__).parents[1]
SETTINGS = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "DJANGO_SETTINGS_MODULE": "beeldkluis.web.settings"}


def starting(program: str, *words: str | Path) -> list[str | Path]:
    """The words that start a program, such as tests.cases.erased_life, where the environment has SETTINGS."""
    return [sys.executable, "-m", "tests.processes", program, *words]


def answer_of(program: str, *words: str | Path, **environment: str) -> Any:
    """What a program prints on its last line, which is JSON. `environment`: what it has beside that of the tests and SETTINGS."""
    done = subprocess.run(
        starting(program, *words),
        env=os.environ | SETTINGS | {"BEELDKLUIS_SECRET_KEY": "tests"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    gc.disable()
    django.setup()
    del sys.argv[0]
    try:
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    finally:
        connections.close_all()  # as a command does: SQLite writes the last pages into its file then
        gc.freeze()  # as beeldkluis.web.command does
