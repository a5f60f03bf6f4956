"""The browser's modules that need no browser, in Node's own test runner: `make front` runs the same."""

import subprocess
from pathlib import Path

import pytest

FILES = sorted(Path(__file__).parent.glob("*.test.mjs"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name.partition(".")[0])
def test_in_node(path: Path) -> None:
    done = subprocess.run(["node", path], capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


def test_a_test_that_fails_in_node_fails_here(tmp_path: Path) -> None:
    planted = tmp_path / "planted.test.mjs"
    planted.write_text('import { test } from "node:test";\ntest("no", () => { throw new Error("seen"); });\n')
    with pytest.raises(AssertionError, match="seen"):
        test_in_node(planted)
