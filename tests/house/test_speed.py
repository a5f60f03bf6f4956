"""No test fails because the machine is busy, and the longest go to the workers first."""

import ast
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

from scripts.durations import durations
from scripts.quick import ALWAYS, NEVER, folders, touched

from tests.order import group_of, longest_first

TESTS = Path(__file__).parents[1]


def settings_of_hypothesis() -> Iterator[tuple[str, ast.keyword]]:
    """Every keyword of every `settings(...)` in the tests, with its place."""
    for path in sorted(TESTS.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "hypothesis" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"settings", "hypothesis_settings"}:
                yield from ((f"{path.relative_to(TESTS)}:{node.lineno}", one) for one in node.keywords)


def test_no_property_has_a_deadline_or_a_health_check_that_a_busy_machine_fails() -> None:
    found = list(settings_of_hypothesis())
    assert len(found) > 20, "the tests have properties"
    wrong = [
        f"{place}: {one.arg}={ast.unparse(one.value)}"
        for place, one in found
        if (one.arg == "deadline" and ast.unparse(one.value) != "None")
        or (one.arg == "suppress_health_check" and ast.unparse(one.value) != "list(HealthCheck)")
    ]
    assert wrong == [], "the profiles of tests/conftest.py say it for all"


def test_the_longest_files_go_first_and_what_shares_a_server_stays_together() -> None:
    seconds = {"web/a.py": 5.0, "web/b.py": 40.0, "cases/c.py": 100.0, "stories/d.py": 70.0, "web/e.py": 45.0}
    groups = {
        "web/a.py": group_of("web/a.py", "server", seconds, story=False),
        "web/b.py": group_of("web/b.py", None, seconds, story=False),
        "cases/c.py": group_of("cases/c.py", None, seconds, story=False),
        "stories/d.py": group_of("stories/d.py", None, seconds, story=True),
        "web/e.py": group_of("web/e.py", "server", seconds, story=False),
        "web/new.py": group_of("web/new.py", None, seconds, story=False),
    }
    assert groups["cases/c.py"] is None, "the tests of a long file go one by one"
    assert groups["stories/d.py"] == "stories/d.py", "those of a story share a demonstration"
    assert longest_first([(file, group or file) for file, group in groups.items()], seconds) == [
        "cases/c.py", "stories/d.py", "server", "web/b.py", "web/new.py",
    ]  # fmt: skip


def test_durations_are_read_from_a_report_file_by_file() -> None:
    report = """<testsuites><testsuite>
        <testcase classname="tests.web.test_pages" name="one" time="1.25"/>
        <testcase classname="tests.web.test_pages.TestSomething" name="two" time="2.5"/>
        <testcase classname="tests.vault.test_places" name="one" time="0.04"/>
        <testcase classname="" name="tests.gone" time="9"/>
    </testsuite></testsuites>"""
    assert durations(ET.fromstring(report)) == {"vault/test_places.py": 0.0, "web/test_pages.py": 3.8}  # noqa: S314


def test_quick_runs_rules_and_formats_and_what_the_change_touches() -> None:
    there = [one.name for one in TESTS.iterdir() if one.is_dir()]
    assert {*ALWAYS, *NEVER} <= {*there}, "a folder has another name now"
    changed = [
        "src/beeldkluis/cases/actions.py", "src/beeldkluis/web/views.py", "tests/vault/conftest.py", "src/beeldkluis/gone/a.py",
        "frontend/player/keys.js", "tests/conftest.py", "README.md", "src/beeldkluis/__init__.py",
    ]  # fmt: skip
    assert folders(touched(changed), there) == sorted({*ALWAYS, "cases", "vault", "frontend"})
    assert folders(touched([]), there) == sorted(ALWAYS)
