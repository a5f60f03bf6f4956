"""A public name has one home: every import names the module that defines it, and the lowest packages define it once."""

import ast
from collections import defaultdict
from collections.abc import Iterable

from tests.house.source import Module, modules, nodes, parse

# Modules from which names are imported that another one defines, with those names (none: any) and the reason.
FACES = {
    "journal/actions.py": (("require",), "a step and the verdict that it needs are asked together"),
    "protocol/register.py": (("RegisterError", "rule"), "what every rule needs beside the register that it reads"),
    "sealed/age.py": ((), "the face of the format: outside sealed/ nobody needs to know its parts"),
    "vault/actions/__init__.py": ((), "the face of the vault: which of its modules takes a step is its own affair"),
}
BOTTOM = ("journal", "protocol")  # their names are imported bare by every package above them
TWICE = {
    "Ground": "why a recording is set apart, why somebody stands in, why something was destroyed: no module needs two",
    "Known": "what is remembered of an entry; what was known of a camera: both inside their own subject",
    "differences": "between two protocols; between protocol and law, for a kind of case",
    "due_at": "of a recording's destruction; of a review",
    "lacking": "what a report, a municipality's contact or a room still lacks: always read with its subject",
    "path": "where the file of the module lies: always called by the module's name",
    "strange": "what does not fit of a camera; in a protocol file",
    "told": "always called by the module's name",
}


def _file(dotted: str, named: dict[str, Module]) -> str:
    path = dotted.removeprefix("beeldkluis.").replace(".", "/")
    return next((one for one in (f"{path}.py", f"{path}/__init__.py") if one in named), "")


def second_hand(of: Iterable[Module]) -> set[tuple[str, str]]:
    """Names that are imported from a module that has them by import itself: that module and the name."""
    named = {module.name: module for module in of}
    found = set()
    for node in (node for module in named.values() for node in nodes(module)):
        if isinstance(node, ast.ImportFrom) and (home := _file(node.module or "", named)):
            found |= {(home, one.name) for one in node.names if one.name in _had_by_import(named[home])}
    return found


def _had_by_import(module: Module) -> set[str]:
    return {
        one.asname or one.name for node in module.tree.body if isinstance(node, ast.ImportFrom) for one in node.names
    }


def defined_twice(of: Iterable[Module]) -> dict[str, list[str]]:
    """Public classes and functions of the lowest packages that more than one module defines. A question `may_...` is asked of the
    subject that its module is about.
    """
    homes = defaultdict(list)
    for module in of:
        public = module.room in BOTTOM and not module.name.endswith("views.py")  # nobody imports a page
        for node in module.tree.body if public else ():
            if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith(("_", "may_")):
                homes[node.name].append(module.name)
    return {name: found for name, found in homes.items() if len(found) > 1}


def test_a_name_that_is_imported_at_second_hand_is_found() -> None:
    first = parse("protocol/kinds.py", "class CaseKind: ...\n")
    second = parse("protocol/cases.py", "from beeldkluis.protocol.kinds import CaseKind\n")
    third = parse("cases/queries.py", "from beeldkluis.protocol.cases import CaseKind\n")
    package = parse("vault/actions/__init__.py", "from beeldkluis.vault.actions.sweeping import sweep\n")
    user = parse("web/ticking.py", "from beeldkluis.vault.actions import sweep as sweep_up\n")
    assert not second_hand([first, second])
    assert second_hand([first, second, third]) == {("protocol/cases.py", "CaseKind")}
    assert second_hand([package, user]) == {("vault/actions/__init__.py", "sweep")}


def test_a_name_with_two_definitions_is_found() -> None:
    moments = parse("journal/moments.py", "class Doubt: ...\ndef refuse() -> None: ...\ndef _own() -> None: ...\n")
    finding = parse("protocol/finding.py", "class Doubt: ...\ndef _own() -> None: ...\ndef may_settle() -> None: ...\n")
    verdict = parse("protocol/verdict.py", "def refuse() -> None: ...\ndef may_settle() -> None: ...\n")
    above = parse("web/doctor.py", "class Doubt: ...\n")
    assert defined_twice([moments, finding, verdict, above]) == {
        "Doubt": ["journal/moments.py", "protocol/finding.py"],
        "refuse": ["journal/moments.py", "protocol/verdict.py"],
    }


def test_every_name_is_imported_from_the_module_that_defines_it() -> None:
    found = second_hand(modules())
    assert not {(home, name) for home, name in found if home not in FACES or name not in (FACES[home][0] or {name})}
    assert {home for home, _name in found} == set(FACES)


def test_the_lowest_packages_define_a_name_once() -> None:
    found = defined_twice(modules())
    assert set(found) == set(TWICE), found
