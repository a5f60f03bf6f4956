"""The faults that `make mutate` plants stand where they say. Planting them is not part of the suite."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from scripts.mutate import MUTANTS, RED, is_stale, read_faults, run_tests

PACKAGES = sorted(path.stem for path in MUTANTS.glob("*.toml"))


@pytest.mark.parametrize("package", PACKAGES)
def test_no_fault_is_stale(package: str) -> None:
    assert not [fault.name for fault in read_faults([package]) if is_stale(fault)]


def test_a_fault_whose_text_moved_or_stands_twice_is_stale() -> None:
    here = read_faults()[0]
    assert is_stale(replace(here, old="no file of ours says this"))
    assert is_stale(replace(here, old="\n"))
    assert is_stale(replace(here, new=here.old))
    assert is_stale(replace(here, file="src/beeldkluis/nowhere.py"))
    assert is_stale(replace(here, tests=("tests/nowhere.py",)))


@pytest.mark.parametrize(("argument", "code"), [("--help", 0), ("-h", 0), ("masking", 2)])
def test_with_an_argument_it_says_how_it_is_used_and_plants_nothing(argument: str, code: int) -> None:
    command = [sys.executable, str(MUTANTS.parents[1] / "scripts" / "mutate.py"), argument]
    said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert said.returncode == code
    assert said.stdout.startswith("`make mutate`: plants faults one by one")
    assert "JOBS=2" in said.stdout
    assert '"goals"' not in said.stdout


def test_a_red_test_is_told_from_tests_that_do_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE")
    profile = "from hypothesis import settings\nsettings.register_profile('quick')\n"
    (tmp_path / "conftest.py").write_text(profile)
    (tmp_path / "red.py").write_text("def test_it() -> None:\n    assert False\n")
    (tmp_path / "green.py").write_text("def test_it() -> None:\n    pass\n")
    (tmp_path / "slow.py").write_text("import time\ndef test_it() -> None:\n    time.sleep(300)\n")
    ends = [run_tests(tmp_path, [name])[0] for name in ("red.py", "green.py", "nowhere.py")]
    assert [code in RED for code in ends] == [True, False, False]
    assert ends[1] == 0
    assert run_tests(tmp_path, ["slow.py"], limit=0.5)[0] is None
