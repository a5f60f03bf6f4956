"""What differs between makes of camera is a fact in the list (`camera/makes.py`); nowhere else is it asked which make it is."""

import ast
import importlib
import pkgutil

import pytest

from beeldkluis import camera
from beeldkluis.camera.makes import MAKES
from beeldkluis.camera.port import Make
from tests.house.source import ROOT, Module, modules, nodes, parse

MODULES = {
    one.name: importlib.import_module(f"beeldkluis.camera.{one.name}") for one in pkgutil.iter_modules(camera.__path__)
}
MAKE_MODULES = {
    name: module.MAKE for name, module in MODULES.items() if isinstance(getattr(module, "MAKE", None), Make)
}
WORDS = MAKE_MODULES.keys() - {"folder"}  # which is an everyday word too
# Where the word of a make is compared all the same, with the reason.
ALLOWED = {
    "intake/grouping.py": "a serial number that says axis must not give the recording of an Axis container",
    "viewing/queries.py": "how content is encrypted inside, and whether its key came along: a format, kept in the vault",
}


def compared(module: Module) -> list[str]:
    """Where something is compared with the word of a make, or with one that begins with it."""
    return [
        module.at(node)
        for node in nodes(module)
        if isinstance(node, ast.Compare) and any(_is_make(one) for one in ast.walk(node))
    ]


def _is_make(node: ast.AST) -> bool:
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return False
    return node.value.lower().replace("-", " ").split(" ")[0] in WORDS


@pytest.mark.parametrize("text", ["source == 'axis'", "one.source in ('axis', 'dock')", "kind != 'axis-w120'"])
def test_a_make_that_is_named_is_found(text: str) -> None:
    assert compared(parse("footage/planted.py", text))


def test_outside_the_list_nobody_asks_which_make_it_is() -> None:
    found = {module.name for module in modules() if module.room != "camera" and compared(module)}
    assert found == set(ALLOWED), found ^ set(ALLOWED)


def test_every_make_has_its_line_in_the_list() -> None:
    assert sorted(make.name for make in MAKE_MODULES.values()) == sorted(make.name for make in MAKES)


@pytest.mark.parametrize("make", MAKES, ids=lambda make: make.name)
def test_the_pages_say_of_every_make_what_the_list_says(make: Make) -> None:
    rows = (ROOT / "docs/operations.md").read_text(encoding="utf-8").splitlines()
    (row,) = [one for one in rows if one.startswith(f"| {make.name} |")]
    _name, arrives, its_clock, encrypted = (cell.strip() for cell in row.strip("|").split("|"))
    assert arrives.startswith("its own system delivers" if make.docked is None else "a dock reads and wipes it")
    assert its_clock.startswith("measured" if make.clock_measured else "not measured")
    assert encrypted == ("yes" if make.encrypts else "no")
    assert make.spec in arrives
    assert (ROOT / make.spec).is_file()
