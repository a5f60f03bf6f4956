"""`make quick`: the folders of tests to run before a commit: rules and formats, and every package that this change touches."""

import subprocess
import sys
from collections.abc import Collection, Iterable
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[1]
ALWAYS = ("protocol", "sealed", "journal", "camera", "documents")  # what every package stands on, and formats that last
NEVER = {"house", "simulation", "stories", "web"}  # make check, make simulate and make test


def touched(files: Iterable[str]) -> set[str]:
    """The packages of these files, given by their path in the repository; a test belongs to the package that it tests."""
    found = set()
    for file in files:
        match PurePosixPath(file).parts:
            case ("src", "beeldkluis", package, _, *_) | ("tests", package, _, *_):
                found.add(package)
            case ("frontend", *_):
                found.add("frontend")
    return found


def folders(packages: Iterable[str], there: Collection[str]) -> list[str]:
    """Which folders below tests/ to run, of those that are there."""
    return sorted({*ALWAYS, *packages} & set(there) - NEVER)


def changed() -> list[str]:
    """The files that differ from the last commit, or that it changed when none does. None where git knows nothing."""
    now = _git("status", "--porcelain", "--untracked-files=all", "--no-renames")
    return now or _git("diff", "--name-status", "--no-renames", "HEAD~1")


def _git(*words: str) -> list[str]:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603, S607 - git
    return [line.split(maxsplit=1)[1].strip('"') for line in done.stdout.splitlines() if line]


if __name__ == "__main__":
    chosen = sys.argv[1:] or touched(changed())
    there = [one.name for one in (ROOT / "tests").iterdir() if one.is_dir()]
    print(" ".join(f"tests/{one}" for one in folders(chosen, there)))
