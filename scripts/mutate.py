"""`make mutate`: plants faults one by one in copies of the tree and says which ones the named tests do not find.

The faults are data: tests/mutants/<package>.toml, one table each with `file`, `old` (stands exactly once in the file), `new` and
`tests`: arguments of pytest, or a whole command that begins with "node". PACKAGES="vault journal" takes some, JOBS=2 at once.
Prints a line for each fault, a table, and one JSON object last. The exit code is not zero when a fault is stale or could not
be tried; it says nothing of the goals.
"""

import itertools
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MUTANTS = ROOT / "tests" / "mutants"
AT_MOST = 0.05  # of the planted faults may survive
PYTEST = (
    sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", "-p", "no:cacheprovider", "-p", "no:randomly",
    "--hypothesis-profile", "quick",
)  # fmt: skip
NOT_COPIED = shutil.ignore_patterns(
    ".git", ".venv", "node_modules", "data", "build", ".mypy_cache", ".ruff_cache", ".hypothesis", ".import_linter_cache"
)  # fmt: skip
LINKED = (".venv", "frontend/node_modules")  # read by the tests, written by none
KEPT = Path("build", "empty-databases")  # the tests' template: making it takes many seconds
RED = (None, 1, 2)  # too slow; pytest: a test failed, a test does not import; node: a test failed
PLANTED_AT = 1_500_000_000  # byte code is known by its source's time: each planted file gets one of its own


class Outcome(StrEnum):
    """What became of one fault."""

    KILLED = "killed"
    SURVIVED = "SURVIVED"
    STALE = "stale"  # its text does not stand exactly once in its file
    NOT_TRIED = "not tried"  # its tests fail, or do not run, without any fault


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault as its file has it. `number` counts from 1 within the package."""

    package: str
    number: int
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    @property
    def name(self) -> str:
        """Which one, and what stands there now."""
        lines = [one.strip() for one in self.new.splitlines() if one.strip() and one not in self.old.splitlines()]
        file = self.file.removeprefix("src/beeldkluis/")
        return f"{self.package} {self.number}: {file}: {(lines or ['(left out)'])[0][:80]}"


def read_faults(packages: Sequence[str] = ()) -> list[Fault]:
    """The faults of these packages, of all when none is named. KeyError for one that lacks something."""
    found = []
    for path in sorted(MUTANTS.glob("*.toml")):
        if not packages or path.stem in packages:
            for number, one in enumerate(tomllib.loads(path.read_text(encoding="utf-8"))["fault"], 1):
                found.append(Fault(path.stem, number, one["file"], one["old"], one["new"], tuple(one["tests"])))
    return found


def is_stale(fault: Fault, root: Path = ROOT) -> bool:
    """Does its text stand there no longer, or more than once, or does it name a test file that is not there?"""
    path = root / fault.file
    if not path.is_file() or path.read_text(encoding="utf-8").count(fault.old) != 1 or fault.old == fault.new:
        return True
    named = [one.partition("::")[0] for one in fault.tests if one.startswith(("tests/", "frontend/"))]
    return not named or not all((root / one).exists() for one in named)


def run_tests(tree: Path, tests: Sequence[str], limit: float | None = None) -> tuple[int | None, float]:
    """Run these tests in a copy of the tree. The exit code, None when it took longer than `limit`; and the seconds."""
    command = list(tests) if tests[0] == "node" else [*PYTEST, *tests]
    given = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    given["PYTHONPATH"] = os.pathsep.join((str(tree / "src"), str(tree)))
    began, nowhere = time.monotonic(), subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=tree, env=given, start_new_session=True, stdout=nowhere, stderr=nowhere)  # noqa: S603 - the commands are ours
    code: int | None = None
    try:
        code = process.wait(limit)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return code, time.monotonic() - began


class Trees:
    """So many copies of the working tree as it is, uncommitted changes included, each lent to one run at a time."""

    def __init__(self, folder: Path, jobs: int) -> None:
        self._free: queue.Queue[Path] = queue.Queue()
        self._times = itertools.count(PLANTED_AT)
        for number in range(jobs):
            tree = folder / str(number)
            shutil.copytree(ROOT, tree, ignore=NOT_COPIED, symlinks=True)
            for name in LINKED:
                if (ROOT / name).exists():
                    (tree / name).symlink_to(ROOT / name)
            if (ROOT / KEPT).exists():
                shutil.copytree(ROOT / KEPT, tree / KEPT)
            self._free.put(tree)

    @contextmanager
    def lent(self, fault: Fault | None = None) -> Iterator[Path]:
        """One copy, within with this fault in it."""
        tree = self._free.get()
        path = tree / (fault.file if fault else "Makefile")
        before, text = path.stat(), path.read_text(encoding="utf-8")
        try:
            if fault:
                path.write_text(text.replace(fault.old, fault.new), encoding="utf-8")
                os.utime(path, (next(self._times),) * 2)
            yield tree
        finally:
            path.write_text(text, encoding="utf-8")
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
            self._free.put(tree)


def run_unplanted(trees: Trees, faults: Sequence[Fault]) -> float | None:
    """Seconds for all tests that these faults name, each once; None when any is red."""
    python = tuple(dict.fromkeys(one for fault in faults if fault.tests[0] != "node" for one in fault.tests))
    commands = [*([python] if python else []), *dict.fromkeys(one.tests for one in faults if one.tests[0] == "node")]
    with trees.lent() as tree:
        runs = [run_tests(tree, tests) for tests in commands]
    return sum(seconds for _code, seconds in runs) if all(code == 0 for code, _seconds in runs) else None


def try_fault(trees: Trees, fault: Fault, unplanted: Future[float | None]) -> Outcome:
    """Plant it once its package's tests were seen green. A run that takes far longer than those did counts as killed."""
    outcome, took, seconds = Outcome.NOT_TRIED, 0.0, unplanted.result()
    if seconds is not None:
        with trees.lent(fault) as tree:
            code, took = run_tests(tree, fault.tests, limit=60 + 2 * seconds)
        outcome = Outcome.KILLED if code in RED else Outcome.NOT_TRIED if code else Outcome.SURVIVED
    print(f"{outcome:<10}{took:5.0f} s  {fault.name}", flush=True)
    return outcome


def try_all(faults: Sequence[Fault], jobs: int) -> dict[Fault, Outcome]:
    """Every fault's outcome. The working tree is only read."""
    outcomes = {one: Outcome.STALE for one in faults if is_stale(one)}
    for one in outcomes:
        print(f"{Outcome.STALE:<18}{one.name}", flush=True)
    running: dict[Fault, Future[Outcome]] = {}
    with tempfile.TemporaryDirectory(prefix="mutate-") as folder, ThreadPoolExecutor(jobs) as pool:
        trees = Trees(Path(folder), jobs)
        for package in dict.fromkeys(one.package for one in faults):
            live = [one for one in faults if one.package == package and one not in outcomes]
            unplanted = pool.submit(run_unplanted, trees, live)
            running |= {one: pool.submit(try_fault, trees, one, unplanted) for one in live}
        return outcomes | {one: future.result() for one, future in running.items()}


def goals_of(outcomes: dict[Fault, Outcome]) -> list[dict[str, object]]:
    """What is wanted, and what came of it."""
    total = Counter(outcomes.values())
    tried, broken = total[Outcome.KILLED] + total[Outcome.SURVIVED], total[Outcome.STALE] + total[Outcome.NOT_TRIED]
    part = round(total[Outcome.SURVIVED] / tried, 3) if tried else 1.0
    name = f"part of {tried} planted faults that survives"
    lives = {"name": name, "value": part, "goal": AT_MOST, "met": part <= AT_MOST}
    return [lives, {"name": "faults stale or not tried", "value": broken, "goal": 0, "met": broken == 0}]


def main(arguments: Sequence[str] = ()) -> int:
    """Try them and say what survives. What is chosen comes from the environment: with any argument it only says how."""
    if arguments:
        print(__doc__)
        return 0 if set(arguments) <= {"-h", "--help"} else 2
    faults = read_faults(os.environ.get("PACKAGES", "").split())
    outcomes = try_all(faults, int(os.environ.get("JOBS") or "2"))
    print(f"\n{'package':<14}" + "".join(f"{one:>11}" for one in Outcome))
    for package in dict.fromkeys(one.package for one in faults):
        counted = Counter(outcomes[one] for one in faults if one.package == package)
        print(f"{package:<14}" + "".join(f"{counted[one]:>11}" for one in Outcome))
    goals = goals_of(outcomes)
    print(json.dumps({"goals": goals}), flush=True)
    return 0 if faults and goals[1]["met"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
