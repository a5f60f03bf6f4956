"""The table of steps that could harm names every step of the program, and says what the source says of it."""

import ast
import re
from collections.abc import Iterator

import pytest
from scripts.house import ROOT, safeguards

from beeldkluis.protocol.access import Act
from beeldkluis.protocol.safeguards import HARMLESS, SAFEGUARDS, Audience, Brake
from tests.house.source import Module, modules, nodes, parse

OPENERS = {"step": "", "case_step": "cases.", "note": ""}
DYNAMIC = {  # names that are put together: where, and what they can be
    "cases/actions.py case_step": (),  # this is the helper itself
    "cases/remedy_actions.py register": ("cases.object", "cases.appeal", "cases.complain", "cases.default"),
    "devices/incident_actions.py _change": (
        "devices.describe", "devices.decide", "devices.note_notified", "devices.note_informed", "devices.add_lessons",
    ),
    "journal/actions.py step": (),
    "web/actions.py note": (),
}  # fmt: skip
TELLS = re.compile(
    r"\btell|notices|queue_mail|make_letter|raise_finding|_words\b|ask_change|note_used"
)  # the last two tell
HEARD_BY = {Audience.DPO, Audience.SUBJECT, Audience.EVERYBODY, Audience.REQUESTER}


def opened(module: Module) -> Iterator[tuple[str, str]]:
    """Each step that this module opens: the function, and the step's name (empty when it is put together)."""
    for function in module.functions():
        for node in ast.walk(function):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in OPENERS:
                first = node.args[0]
                fixed = isinstance(first, ast.Constant) and isinstance(first.value, str)
                yield function.name, f"{OPENERS[name]}{first.value}" if fixed else ""  # type: ignore[attr-defined]


def steps() -> dict[str, list[tuple[Module, str]]]:
    """Every step of the program: where it is opened."""
    found: dict[str, list[tuple[Module, str]]] = {}
    for module in modules():
        for function, name in opened(module):
            place = f"{module.name} {function}"
            for one in (name,) if name else DYNAMIC.get(place, (f"{place} puts a name together",)):
                found.setdefault(one, []).append((module, function))
    return found


STEPS = steps()


def around(module: Module, function: str) -> str:
    """The text of a function, of what it calls in its file, and of what calls it there."""
    own = {one.name: one for one in nodes(module) if isinstance(one, ast.FunctionDef)}
    calls = {
        name: {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and one.id in own}
        for name, node in own.items()
    }
    found = {function}
    for _ in own:
        down = {called for name in found for called in calls[name]}
        up = {name for name, called in calls.items() if called & found}
        found |= down | up
    return "\n".join(ast.unparse(own[name]) for name in found)


def test_every_step_of_the_program_stands_in_one_of_the_two_tables() -> None:
    assert sorted(STEPS) == sorted({*SAFEGUARDS, *HARMLESS})
    assert not SAFEGUARDS.keys() & HARMLESS


def test_a_step_that_could_harm_has_a_brake_and_is_heard_of() -> None:
    for name, one in SAFEGUARDS.items():
        assert one.harms, name
        assert one.brakes, name
        assert one.told, name
        assert one.why, name


@pytest.mark.parametrize("name", [name for name, one in SAFEGUARDS.items() if isinstance(one.by, Act)])
def test_a_step_asks_for_the_act_that_its_row_says(name: str) -> None:
    act = SAFEGUARDS[name].by
    assert isinstance(act, Act)
    assert any(f"Act.{act.name}" in around(*place) for place in STEPS[name])


@pytest.mark.parametrize("name", [name for name, one in SAFEGUARDS.items() if HEARD_BY & set(one.told)])
def test_a_step_that_is_to_tell_somebody_does(name: str) -> None:
    assert any(TELLS.search(around(*place)) for place in STEPS[name])


def test_a_step_that_is_planted_is_found() -> None:
    planted = parse("cases/x.py", "def f():\n    with step('cases.burn', actor=a) as record:\n        record(E())\n")
    assert list(opened(planted)) == [("f", "cases.burn")]
    together = parse("cases/y.py", "def g(name):\n    with step(f'cases.{name}', actor=a):\n        pass\n")
    assert list(opened(together)) == [("g", "")]
    assert Brake.SECOND_PERSON in SAFEGUARDS["people.begin_handover"].brakes


def test_the_page_is_what_the_table_says() -> None:
    assert (ROOT / "docs" / "safeguards.md").read_text(encoding="utf-8") == safeguards()
