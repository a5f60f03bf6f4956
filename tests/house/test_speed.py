"""No test fails because the machine is busy."""

import ast
from collections.abc import Iterator
from pathlib import Path

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
