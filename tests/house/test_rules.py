"""Every clause has a rule, every rule a keeper, every rule kept by software one home and a test."""

import ast

import pytest
from scripts.house import CLAUSES, ROOT, case_tables, protocol, trace

from beeldkluis.protocol.register import HOMES, KeptBy, Protocol
from tests.house.source import Module, imported, marks, modules, nodes, parse

OWN = (
    "web.",
    "installation.",
    "storage.places",
)  # names for what is no rule of the protocol: sessions, set-up, the server itself


@pytest.fixture(scope="module")
def register() -> Protocol:
    return protocol()


def test_all_38_clauses_stand_in_the_register_and_no_other(register: Protocol) -> None:
    named = {clause for rule in register.rules.values() for clause in rule.clauses}
    assert named == set(CLAUSES)
    assert len(CLAUSES) == 38


def test_a_rule_kept_by_software_has_a_function_and_no_other_rule_has_one(register: Protocol) -> None:
    kept = {name for name, rule in register.rules.items() if rule.kept_by is KeptBy.SOFTWARE}
    assert {name for name in HOMES if HOMES[name].__module__.startswith("beeldkluis.")} == kept


def test_a_rule_kept_by_software_has_a_test(register: Protocol) -> None:
    shown = marks("rule")
    assert not [n for n, rule in register.rules.items() if rule.kept_by is KeptBy.SOFTWARE and n not in shown]


def test_a_test_names_only_rules_of_the_register(register: Protocol) -> None:
    assert not {name: tests for name, tests in marks("rule").items() if name not in register.rules}


def test_the_program_gives_only_reasons_from_the_register(register: Protocol) -> None:
    named = [(module, one) for module in modules() for one in _rules_named(module)]
    assert len(named) > 150
    assert not [
        f"{module.name} {name}" for module, name in named if name not in register.rules and not name.startswith(OWN)
    ]


REFUSE = "beeldkluis.protocol.verdict.refuse"


def _rules_named(module: Module) -> list[str]:
    """Every rule that the module gives as the reason of an answer, written out or as a constant of its own."""
    constants = {
        target.id: one.value.value
        for one in module.tree.body
        if isinstance(one, ast.Assign) and isinstance(one.value, ast.Constant)
        for target in one.targets
        if isinstance(target, ast.Name)
    }
    given: list[ast.expr] = [one.value for one in nodes(module) if isinstance(one, ast.keyword) and one.arg == "rule"]
    calls = [one for one in nodes(module) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.args]
    answers = {"_answer", "refuse"} if REFUSE in imported(module) else {"_answer"}  # their first argument is the rule
    given += [one.args[0] for one in calls if ast.unparse(one.func) in answers]
    written = [one.value for one in given if isinstance(one, ast.Constant)]
    written += [constants[one.id] for one in given if isinstance(one, ast.Name) and one.id in constants]
    return [str(one) for one in written]


def test_a_reason_that_is_no_rule_is_found() -> None:
    text = (
        "from beeldkluis.protocol.verdict import refuse\nRULE = 'access.one'\nraise Refused(refuse('access.two', ''))\n"
    )
    text += "Verdict(rule=RULE)\n_answer('access.three', '')\n"
    assert sorted(_rules_named(parse("cases/planted.py", text))) == ["access.one", "access.three", "access.two"]


def test_the_program_asks_only_numbers_that_the_register_sets(register: Protocol) -> None:
    missing = []
    for module in modules():
        for node in nodes(module):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
                continue
            first = node.args[0]
            named = isinstance(first, ast.Constant) and isinstance(first.value, str) and "." in first.value
            if named and node.func.attr in ("days", "minutes", "seconds"):
                assert isinstance(first, ast.Constant)
                rule = register.rules.get(str(first.value))
                if rule is None or node.func.attr not in rule.numbers:
                    missing.append(f"{module.at(node)} {first.value} {node.func.attr}")
    assert not missing


def test_every_interpretation_is_explained_once(register: Protocol) -> None:
    text = (ROOT / "docs" / "interpretations.md").read_text(encoding="utf-8")
    headings = [line.split()[1] for line in text.splitlines() if line.startswith("## ")]
    assert sorted(headings) == sorted({rule.interpretation for rule in register.rules.values()} - {""})
    for name, rule in register.rules.items():
        if rule.interpretation:
            section = text.partition(f"## {rule.interpretation} ")[2].partition("\n## ")[0]
            assert f"`{name}`" in section


def test_what_people_keep_says_how_the_program_helps(register: Protocol) -> None:
    assert all(rule.help for rule in register.rules.values() if rule.kept_by is KeptBy.PEOPLE)


def test_the_trace_of_rules_is_current() -> None:
    written = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    assert written == trace(), "run scripts/house.py --rules"


def test_the_diagrams_of_cases_are_current() -> None:
    written = (ROOT / "docs" / "cases.md").read_text(encoding="utf-8")
    assert written == case_tables(), "run scripts/house.py --cases"
