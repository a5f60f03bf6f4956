"""A second file system, where the machine has one."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

MEMORY = Path("/dev/shm")  # noqa: S108 - wanted because it is another file system than the tests' own folder


@contextmanager
def another_disk(folder: Path) -> Iterator[Path]:
    """A folder on another file system than `folder`; skips the test when there is none."""
    if not MEMORY.is_dir() or MEMORY.stat().st_dev == folder.stat().st_dev:
        pytest.skip("this machine has no second file system to try")
    with tempfile.TemporaryDirectory(dir=MEMORY) as other:
        yield Path(other)
