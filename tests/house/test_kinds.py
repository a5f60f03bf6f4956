"""What differs between kinds of case is a fact of the kind (protocol.kinds); nowhere else is it asked which kind a case is."""

import ast

import pytest

from beeldkluis.protocol.kinds import CaseKind
from tests.house.source import Module, modules, nodes, parse

NAMES = frozenset(CaseKind.__members__)
VALUES = frozenset(kind.value for kind in CaseKind)
# Where a kind is named outside protocol/ all the same, with the reason.
ALLOWED = {
    "documents/letters.py": "letters that are kept say which kind they were of, and are read again without a case",
}


def kinds_named(module: Module) -> list[str]:
    """Where one kind is named: `CaseKind.ACCESS` (whatever it was imported as), or its word compared or made into a kind."""
    return [module.at(node) for node in nodes(module) if isinstance(node, ast.expr) and _names_a_kind(node)]


def _names_a_kind(node: ast.expr) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in NAMES
    if isinstance(node, ast.Subscript):
        return _is_class(node.value) and _is_word(node.slice, NAMES)
    if isinstance(node, ast.Call):
        return _is_class(node.func) and any(_is_word(one, VALUES) for one in node.args)
    sides = [node.left, *node.comparators] if isinstance(node, ast.Compare) else []
    return any(_is_kind(one) for one in sides) and any(_is_word(one, VALUES) for one in sides)


def _is_class(node: ast.expr) -> bool:
    return getattr(node, "id", getattr(node, "attr", "")) == "CaseKind"


def _is_kind(node: ast.expr) -> bool:
    """Something called `kind`: a name, an attribute, or what a mapping has under that name."""
    keys = [one.value for one in getattr(node, "args", []) if isinstance(one, ast.Constant)]
    return "kind" in {getattr(node, "id", ""), getattr(node, "attr", ""), *keys}


def _is_word(node: ast.expr, words: frozenset[str]) -> bool:
    if isinstance(node, ast.Tuple | ast.Set | ast.List):
        return any(_is_word(one, words) for one in node.elts)
    return isinstance(node, ast.Constant) and node.value in words


@pytest.mark.parametrize(
    "text",
    [
        "if kind is CaseKind.ACCESS: ...",
        "if case.kind == Kind.PUBLIC_RECORDS: ...",
        "LABELS = {cases.CaseKind.DEMAND: 'x'}",
        "if case.kind == 'access': ...",
        "if kind in ('demand', 'preservation'): ...",
        "if words.get('kind') == 'access': ...",
        "one = CaseKind('interest')",
        "one = CaseKind['INTEREST']",
    ],
)
def test_a_kind_that_is_named_is_found(text: str) -> None:
    assert kinds_named(parse("cases/planted.py", text))


def test_outside_the_protocol_no_kind_of_case_is_named() -> None:
    found = {module.name for module in modules() if module.room != "protocol" and kinds_named(module)}
    assert found == set(ALLOWED), found ^ set(ALLOWED)
