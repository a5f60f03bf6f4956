"""Programs on one installation, of which Python, Django and our own modules are imported once: each is a process of its own.

Starting takes a second and a half of CPU, and a story asks for a dozen commands. A program gets what it would have otherwise: its
own memory, its words, its exit code, and no connection that another one made. What is imported is what a start imports.
"""

import atexit
import json
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.processes import SETTINGS, starting

MOST = 2  # that wait at the same time: each keeps some ninety megabytes
_waiting: dict[str, "Warm"] = {}


class Warm:
    """One process that has everything imported, and waits for what to run on its installation."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(
            starting("tests.warm_program"),
            env={**environment, **SETTINGS},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run one program to its end, as `subprocess.run` would do with `python -m WORDS`."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with tempfile.TemporaryDirectory() as folder:
            said = [Path(folder) / name for name in ("out", "err")]
            print(json.dumps([*map(str, said), *words]), file=self.process.stdin, flush=True)
            answer = self.process.stdout.readline()
            assert answer, "the process that waits for programs has ended"
            out, err = (file.read_text(encoding="utf-8") for file in said)
        return subprocess.CompletedProcess(words, int(answer), out, err)

    def end(self) -> None:
        """Say that nothing more comes."""
        self.process.communicate()


def run(environment: Mapping[str, str], *words: str) -> "subprocess.CompletedProcess[str]":
    """`python -m WORDS` in this environment, such as `beeldkluis.web doctor`. What else it has than settings of the
    installation is as it was at the first program.
    """
    key = json.dumps(sorted(one for one in environment.items() if one[0].startswith("BEELDKLUIS_")))
    if key not in _waiting:
        while len(_waiting) >= MOST:
            _waiting.pop(next(iter(_waiting))).end()
        _waiting[key] = Warm(environment)
    return _waiting[key].run(*words)


@atexit.register
def end_all() -> None:
    """No program outlives the tests that asked it."""
    while _waiting:
        _waiting.popitem()[1].end()
