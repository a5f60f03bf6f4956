"""The order inside packages, where verdicts are made, and that no list of packages forgets one. Violations are planted first."""

import tomllib
from collections.abc import Callable, Iterable

import pytest

from tests.house import layers, source
from tests.house.asked import not_asked_for
from tests.house.reached import unused
from tests.house.source import ROOT, Module, modules, parse
from tests.house.test_plan import clock_read_elsewhere, written_outside_actions

# To be moved to protocol; a module that makes none any more leaves this list, and none is added.
MAKES_VERDICTS: set[str] = set()
# What a contract leaves out on purpose.
LEFT_OUT = {
    "The dock's programs are imported by no server room": {"web"},  # it starts the demonstration's dock and camera
}


def verdicts_outside(of: Iterable[Module]) -> list[str]:
    """Modules outside protocol that make a verdict themselves."""
    return sorted({one.name for one in of if one.room != "protocol" and source.verdicts_made(one)})


def _contracts() -> dict[str, list[str]]:
    """Each contract that names packages one by one: its name and the packages."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        found = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    listed = {one["name"]: one.get("source_modules") or one.get("containers", []) for one in found}
    return {name: [one.removeprefix("beeldkluis.") for one in packages] for name, packages in listed.items()}


def forgotten(contracts: dict[str, list[str]], of: Iterable[Module]) -> list[str]:
    """Packages that a contract should name and does not, or names and are gone."""
    of = tuple(of)
    server, everything = set(layers.server_packages(of)), {one.room for one in of if "/" in one.name}
    wanted = {
        "The dock's programs are imported by no server room": server,
        "Only the sealed room speaks of ciphers": everything - {"sealed"},
        "Inside a room: urls > views|tasks > forms > actions > due > queries > events > models": server,
    }
    differs = {
        name: (packages - LEFT_OUT.get(name, set())) ^ set(contracts.get(name, [])) for name, packages in wanted.items()
    }
    return [f"{name}: {', '.join(sorted(packages))}" for name, packages in differs.items() if packages]


def _without_governance(of: Iterable[Module]) -> list[str]:
    contracts = {name: [one for one in listed if one != "governance"] for name, listed in _contracts().items()}
    return forgotten(contracts, of)


def _unproven(of: Iterable[Module]) -> list[str]:
    return not_asked_for([("versies/<str:number>/sluiten/", "governance:close")], of)


CALLED = "from beeldkluis.journal import clock\nNOW = clock.now()\n"
WRITES = "def page(request):\n    Version.objects.filter(pk=1).update(state='x')\n"
# The file, what stands in it, and the check that must find it beside everything that is there.
PLANTED: list[tuple[str, str, Callable[[Iterable[Module]], list[str]]]] = [
    ("cases/late_queries.py", "from beeldkluis.cases.late_actions import end\n", layers.upward),
    ("people/late_events.py", "from beeldkluis.people import late_forms\n", layers.upward),
    ("retention/late_views.py", "from beeldkluis.retention import late_tasks\n", layers.upward),
    ("vault/read_back.py", "from beeldkluis.vault.actions import headers\n", layers.upward),
    ("governance/late_words.py", "from beeldkluis.governance.actions import adopt\n", layers.upward),
    ("governance/gizmo.py", "", layers.without_layer),
    ("outbox/late_things.py", "", layers.without_layer),
    ("governance/late_views.py", WRITES, written_outside_actions),
    ("outbox/late_tasks.py", WRITES, written_outside_actions),
    ("web/demonstration.py", WRITES, written_outside_actions),
    ("people/reactions.py", WRITES, written_outside_actions),
    ("protocol/late.py", CALLED, clock_read_elsewhere),
    ("cases/reviews.py", CALLED, clock_read_elsewhere),
    ("people/late_actions.py", "Verdict(allowed=False, rule='access.roles', reason='Nee.')\n", verdicts_outside),
    ("kiosk/late_actions.py", "verdict.Verdict(allowed=True, rule='access.roles', reason='Ja.')\n", verdicts_outside),
    ("outbox/late_actions.py", "from beeldkluis.protocol.verdict import refuse\n", verdicts_outside),
    ("tests/governance/test_late.py", "client.get('/zaken/1/sluiten/')\n", _unproven),
    ("planted/apps.py", "", lambda of: forgotten(_contracts(), of)),
    ("governance/apps.py", "", _without_governance),
    ("protocol/late.py", "@rule('access.late')\ndef may_be_late():\n    return True\n", unused),
    ("cases/late_queries.py", "def latest():\n    return 1\n", unused),
]
BESIDE = {  # what a planted module imports
    "cases/late_actions.py": "", "people/late_forms.py": "", "retention/late_tasks.py": "",
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "check"), PLANTED, ids=[f"{name}-{n}" for n, (name, _, _) in enumerate(PLANTED)]
)
def test_a_planted_violation_is_found(name: str, text: str, check: Callable[[Iterable[Module]], list[str]]) -> None:
    there = [one for one in modules() if one.name != name] + [parse(*one) for one in BESIDE.items()]
    before = set(check(there))
    found = set(check([*there, parse(name, text)]))
    assert found - before or (check in (_unproven, _without_governance) and found)


def test_every_module_of_the_server_has_a_layer() -> None:
    assert not layers.without_layer(modules()), "name it by its layer, or in tests/house/layers.py"
    assert not layers.named_in_vain(modules()), "gone: take it off the list in tests/house/layers.py"


def test_no_module_uses_what_stands_above_it_in_its_package() -> None:
    assert not layers.upward(modules())


def test_the_packages_of_the_server_are_those_that_django_knows() -> None:
    with_apps = sorted(path.parent.name for path in source.PACKAGE.glob("*/apps.py"))
    assert list(layers.server_packages(modules())) == with_apps
    assert {"governance", "outbox", "journal", "web"} <= set(with_apps)


def test_no_contract_forgets_a_package() -> None:
    assert not forgotten(_contracts(), modules())


def test_verdicts_are_made_in_protocol() -> None:
    assert set(verdicts_outside(modules())) == MAKES_VERDICTS, "ask a rule in protocol; leave the list when it is done"
