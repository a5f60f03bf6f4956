"""The start page shows what each package says is due, in one order."""

from datetime import timedelta
from importlib import import_module
from pkgutil import iter_modules
from typing import get_type_hints

import pytest
from tests.conftest import SETUP, START

import beeldkluis
from beeldkluis.devices.incident_actions import report_journal
from beeldkluis.findings.actions import EACH_TIME, raise_finding
from beeldkluis.people.models import Person
from beeldkluis.web import due


def offered() -> set[object]:
    """Every function of a package's `due` that others may call, and gives items."""
    names = [f"beeldkluis.{one.name}" for one in iter_modules(beeldkluis.__path__) if one.ispkg]
    found = [f"{name}.{one.name}" for name in names for one in iter_modules(import_module(name).__path__)]
    modules = [import_module(one) for one in found if one.endswith((".due", ".own_due")) and one != due.__name__]
    functions = [one for module in modules for name, one in vars(module).items() if not name.startswith("_")]
    return {one for one in functions if callable(one) and "Iterator" in str(get_type_hints(one).get("return"))}


def test_every_item_that_a_package_offers_is_shown_once() -> None:
    assert len(offered()) > 20
    assert set(due.ITEMS) == offered()
    assert len(due.ITEMS) == len(set(due.ITEMS))


def test_findings_are_counted_and_the_newest_is_read(team_manager: Person, administrator: Person, dpo: Person) -> None:
    for number, text in enumerate(("Kijk naar de camera.", "Kijk naar de klok.")):
        raise_finding(
            rule="camera.blocked", key=EACH_TIME, text=text, recording=None, bodycam=None, actor=SETUP,
            now=START + timedelta(minutes=number),
        )  # fmt: skip
        title = ("Kijk één bevinding na", "Kijk 2 bevindingen na")[number]
        for person in (team_manager, administrator, dpo):
            (item,) = [one for one in due.for_person(person, START) if "bevinding" in one.title]
            assert (item.title, item.note, item.address, item.urgent) == (title, text, "/bevindingen/", True)


def test_a_journal_that_does_not_hold_comes_before_everything_else(team_manager: Person, dpo: Person) -> None:
    raise_finding(
        rule="camera.blocked", key=EACH_TIME, text="Kijk.", recording=None, bodycam=None, actor=SETUP, now=START
    )
    assert report_journal(["Regel 3 is veranderd."], actor=SETUP, now=START)
    for person in (team_manager, dpo):
        titles = [one.title for one in due.for_person(person, START)]
        assert titles[0] == "Het logboek klopt niet"
        assert "Kijk 2 bevindingen na" in titles[1:]  # the journal is one itself


def test_what_is_late_comes_first_and_else_the_order_is_that_of_the_list(
    team_manager: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def item(title: str, *, urgent: bool) -> object:
        return lambda _person, _now: iter([due.Due(title, "", "/", urgent=urgent)])

    items = (
        item("een", urgent=False),
        item("twee", urgent=True),
        item("drie", urgent=False),
        item("vier", urgent=True),
    )
    monkeypatch.setattr(due, "ITEMS", items)
    assert [one.title for one in due.for_person(team_manager, START)] == ["twee", "vier", "een", "drie"]
