"""What differs between kinds of case is a fact of the kind (protocol.kinds); nowhere else is it asked which kind a case is."""

import ast
import re
from collections.abc import Iterable

import pytest

from beeldkluis.protocol.kinds import CaseKind
from tests.house.source import PACKAGE, Module, modules, nodes, parse

NAMES = frozenset(CaseKind.__members__)
WORDS = NAMES | frozenset(kind.value for kind in CaseKind)
QUOTED = re.compile(f"""["']({"|".join(sorted(kind.value for kind in CaseKind))})["']""")
_ADDRESS = "no kind: the address for requests for public records, which a protocol file calls by that word"
# Which kind, or which word of one, stands where outside protocol/ all the same, with the reason.
ALLOWED = {
    ("cases/letters.py", "public_records"): _ADDRESS,
    (
        "documents/letters.py",
        "access",
    ): "letters that are kept say which kind they were of, and are read without a case",
    **{
        (f"disclosure/{name}.py", "demand"): "what is known of a demand, beside its case"
        for name in ("models", "pages", "urls")
    },
    ("documents/templates/letters/granted.typ", "access"): "the template of such a letter",
    ("people/municipality_actions.py", "public_records"): _ADDRESS,
    ("web/contact_forms.py", "public_records"): _ADDRESS,
    ("web/demonstration.py", "access"): "the demonstration plays one citizen, who asks for what was filmed of them",
}


def kinds_named(module: Module) -> set[str]:
    """Which kinds are named: `CaseKind.ACCESS` (whatever it was imported as), or its word or name as a text, whatever is done
    with it.
    """
    return {word.lower() for node in nodes(module) if (word := _word(node)) in WORDS}


def _word(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr if node.attr in NAMES else ""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def outside_protocol(of: Iterable[Module]) -> set[tuple[str, str]]:
    """Each module that names a kind, with the kind."""
    return {(module.name, kind) for module in of if module.room != "protocol" for kind in kinds_named(module)}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("if kind is CaseKind.ACCESS: ...", "access"),
        ("if case.kind == Kind.PUBLIC_RECORDS: ...", "public_records"),
        ("LABELS = {cases.CaseKind.DEMAND: 'x'}", "demand"),
        ("if case.kind == 'access': ...", "access"),
        ("if kind in ('demand', 'x'): ...", "demand"),
        ("if words.get('kind') == 'access': ...", "access"),
        ("one = CaseKind('interest')", "interest"),
        ("one = CaseKind['INTEREST']", "interest"),
        ("one = getattr(kinds.CaseKind, 'INTEREST')", "interest"),
        ("LABELS = {'demand': 'Vordering'}", "demand"),
        ("LABELS = dict([('demand', 'Vordering')])", "demand"),
        ("KEPT = {'preservation', 'x'}", "preservation"),
        ("KEPT = ('preservation', 'x')", "preservation"),
        ("cases.receive(kind='access')", "access"),
        ("Case.objects.filter(kind='access')", "access"),
        ("Case.objects.filter(kind__in=['self_reflection'])", "self_reflection"),
        ("match case.kind:\n    case 'interest': ...", "interest"),
        ("match case.kind:\n    case 'x' | CaseKind.INTEREST: ...", "interest"),
        ("if kind.value == 'access': ...", "access"),
        ("if kind.value.startswith('access'): ...", "access"),
        ("def ask(kind: str = 'access') -> None: ...", "access"),
    ],
)
def test_a_kind_that_is_named_is_found(text: str, kind: str) -> None:
    assert outside_protocol([parse("cases/planted.py", text)]) == {("cases/planted.py", kind)}
    assert not outside_protocol([parse("protocol/planted.py", text)])


def test_a_word_within_a_sentence_is_no_kind() -> None:
    assert not outside_protocol(
        [parse("cases/planted.py", '"""A demand for access."""\naccess = interest("on demand")\n')]
    )


def test_outside_the_protocol_no_kind_of_case_is_named() -> None:
    found = outside_protocol(modules())
    for path in (one for one in PACKAGE.rglob("*") if one.suffix in {".html", ".js", ".txt", ".typ"}):
        if "built" not in path.parts:
            words = QUOTED.findall(path.read_text(encoding="utf-8"))
            found |= {(path.relative_to(PACKAGE).as_posix(), word) for word in words}
    assert found == set(ALLOWED), found ^ set(ALLOWED)
