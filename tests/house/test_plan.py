"""The plan of the house, where import-linter and ruff do not look. Each check first finds a planted violation."""

import ast
import importlib
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path

import pytest
from scripts.house import cycles

from tests.house import source
from tests.house.layers import server_packages
from tests.house.source import ROOT, Module, modules, parse

READS_CLOCK = (
    "journal/clock.py", "web/demonstration.py", "web/ticking.py", "web/doctor.py",
    "web/sign_in.py", "web/sign_in_forms.py",  # called by the log-in package, which gives no moment
    # An entry carries the moment at which it was written; files are dated by the disk's own clock.
    "journal/actions.py", "vault/files.py",
)  # fmt: skip
PROGRAMS = ("dock/", "camera/", "sealed/")  # programs of their own; the server's clock is not theirs
REFUSED_FILES = {"utils", "helpers", "services", "common", "signals", "admin", "misc", "base"}


def written_outside_actions(of: Iterable[Module]) -> list[str]:
    """Writes to the database in a module of the server that is no actions module."""
    of = tuple(of)
    packages = server_packages(of)
    outside = [one for one in of if one.room in packages and not is_of_actions(one.name)]
    return [place for module in outside for place in source.writes(module)]


def is_of_actions(name: str) -> bool:
    """Does the module's own name say that it writes? Being named in the list of layers is not enough."""
    return "/actions/" in name or name.removesuffix(".py").rpartition("/")[2].rpartition("_")[2] == "actions"


def clock_read_elsewhere(of: Iterable[Module]) -> list[str]:
    """Places that read the clock and are no view, task or command, nor named."""
    asking = [
        one
        for one in of
        if one.name not in READS_CLOCK
        and not one.name.startswith(PROGRAMS)
        and not re.search(r"[/_](views|tasks)\.py$|/management/commands/", one.name)
    ]
    return [place for module in asking for place in source.reads_clock(module)]


PLANTED: list[tuple[Callable[[Module], list[str]], str]] = [
    (source.too_long, "def long() -> None:\n" + "    one = 1\n" * 41),
    (source.too_long, "x = 1\n" * 401),
    (source.writes, "def view(case: Case) -> None:\n    case.save(update_fields=['state'])\n"),
    (source.writes, "Case.objects.filter(pk=1).update(state='closed')\n"),
    (source.writes, "Case.objects.create(reference='x')\n"),
    (source.reads_clock, "from beeldkluis.journal import clock\nnow = clock.now()\n"),
    (source.reads_clock, "from datetime import datetime\nnow = datetime.now()\n"),
    (source.local_imports, "def late() -> None:\n    import json\n"),
    (source.broad_excepts, "try:\n    pass\nexcept Exception:\n    pass\n"),
    (source.broad_excepts, "try:\n    pass\nexcept:\n    pass\n"),
    (source.bare_exceptions_to_rules, "import json  # noqa\n"),
    (source.bare_exceptions_to_rules, "import json  # noqa: F401\n"),
    (source.bare_exceptions_to_rules, "x: int = 'a'  # type: ignore\n"),
    (source.without_annotations, "def loose(one) -> None: ...\n"),
    (source.without_annotations, "def loose(one: int): ...\n"),
    (source.unasked_views, "def page(request: HttpRequest) -> HttpResponse:\n    return _show(request)\n"),
    (source.unasked_views, "@require_GET\ndef page(_request: HttpRequest) -> HttpResponse: ...\n"),
    (source.aggregates_by_officer, "Recording.objects.values('officer').annotate(total=Count('pk'))\n"),
    (source.aggregates_by_officer, "Observation.objects.values('made_by').annotate(total=Count('pk'))\n"),
    (source.aggregates_by_officer, "Officer.objects.annotate(total=Count('observations'))\n"),
    (source.aggregates_by_officer, "totals = Counter(one.officer for one in recordings)\n"),
    (source.aggregates_by_officer, "rows = groupby(recordings, key=lambda one: one.officer_id)\n"),
    (source.aggregates_by_officer, "Recording.objects.filter(officer__number='1').values('pk').count()\n"),
]


@pytest.mark.parametrize(("check", "text"), PLANTED)
def test_each_check_finds_what_it_looks_for(check: Callable[[Module], list[str]], text: str) -> None:
    assert check(parse("cases/planted_views.py", text))


@pytest.mark.parametrize(
    "check",
    [
        source.too_long,
        source.local_imports,
        source.bare_exceptions_to_rules,
        source.without_annotations,
    ],
)
def test_no_file_breaks_the_measure(check: Callable[[Module], list[str]]) -> None:
    assert not [problem for module in modules() for problem in check(module)]


def test_the_program_is_no_larger_than_was_decided() -> None:
    assert source.too_large([parse("cases/planted.py", "x = 1\n" * 8_001)]) == ["cases: 8001 lines"]
    many = [parse(f"{name}/planted.py", "x = 1\n" * 8_000) for name in "abcdefghijk"]
    assert source.too_large(many) == ["together: 88000 lines"]
    assert not source.too_large(modules()), "take something away first, or decide on another measure (decision 0145)"


def test_who_catches_everything_says_so_aloud() -> None:
    for module in modules():
        lines = module.text.splitlines()
        for place in source.broad_excepts(module):
            number = int(place.rpartition(":")[2])
            reported = ".exception(" in lines[number]
            assert reported or "# noqa: BLE001 - " in lines[number - 1], place


def test_only_actions_write_to_the_database() -> None:
    assert not written_outside_actions(modules())


def test_rules_never_read_the_clock_and_few_others_do() -> None:
    assert not clock_read_elsewhere(modules())


ASKED_ELSEWHERE = {
    "read_json": "no page: it reads what a dock sent",
    "container": "no page: a camera system with its token",
    "stored": "no page: a camera system with its token",
    "service_worker": "a script without a fact in it",
    "close": "whoever opened it, also when the role is gone by then: what was seen is still told",
    "broken": "whoever opened it",
    "confirm": "its action asks who may be the second person",
    "confirm_with_sheet": "its action asks for the role",
    "stop": "its action asks who may object",
    "notices": "everybody's own",
    "see": "its action asks whose it is",
    "start": "shows only what the rules let this person do",
}


def test_every_page_asks_whether_this_person_may() -> None:
    views = [module for module in modules() if "views" in module.name]
    unasked = {place.split()[1]: place for module in views for place in source.unasked_views(module)}
    assert unasked.keys() == ASKED_ELSEWHERE.keys(), unasked


LOCKED_BY_THE_CALLER = {
    "appointments/actions.py _locked": "within the steps of its room",
    "journal/row_actions.py _lock_head": "this is the lock that comes first",
    "cases/actions.py resume_clock": "within the steps of its room",
    "cases/actions.py reject_match": "within case_step, which is a step",
    "cases/remedy_actions.py settle": "within case_step, which is a step",
    "web/actions.py _spend": "within the steps of its room",
    "web/actions.py _holder": "within the steps of its room",
    "devices/incident_actions.py _unblock": "within the steps of its room",
    "people/account_actions.py _locked": "within the steps of its module, and within serialised",
    "people/deputation_actions.py _begin": "within the steps of its module",
    "people/recovery_actions.py use_recovery_sheet": "within the caller's step that the sheet was shown for",
    "people/acknowledgement_actions.py _sign": "within the steps of its room",
    "viewing/copy_actions.py keep_copy": "within the step in which its job is done",
    "viewing/copy_actions.py end_copy": "within the step in which its job ends",
    "redaction/actions.py _require_work": "within the steps of its module, and within serialised",
    "redaction/actions.py _locked": "within the steps of its module, and within serialised",
    "redaction/keeping_actions.py _as_asked": "within the step in which its job is done",
    "redaction/keeping_actions.py _ended": "within the step in which its job ends",
    "vault/actions/headers.py _kept": "refuses outside the caller's step",
    "vault/actions/admission.py admit": "refuses outside the caller's step",
}


def test_no_row_is_locked_before_the_head_of_the_journal() -> None:
    """Two transactions that lock the same two rows in opposite order wait for each other for ever."""
    found = {place for module in modules() for place in source.locks_before_a_step(module)}
    assert found == LOCKED_BY_THE_CALLER.keys()


def test_no_room_for_things_without_a_subject() -> None:
    assert not [module.name for module in modules() if Path(module.name).stem in REFUSED_FILES]


def test_no_signals_no_admin_and_somebody_always_acts() -> None:
    for module in modules():
        # Signing in is the log-in library's act; its signal is the only way to hear of it.
        # A new database connection is only heard of by its signal too; the journal's guard must watch each of them.
        heard = ("django.contrib.auth.signals.", "django.db.backends.signals.connection_created")
        names = [name for name in source.imported(module) if not name.startswith(heard)]
        assert not [name for name in names if "django.contrib.admin" in name or "signals" in name.split(".")]
        assert "user=None" not in module.text.replace(" ", ""), module.name
        assert "actor=None" not in module.text.replace(" ", ""), module.name


@pytest.mark.parametrize("word", ["TO" + "DO", "FIX" + "ME", "X" * 3, "NotImplemented" + "Error"])
def test_nothing_is_left_for_later(word: str) -> None:
    assert not [module.name for module in modules() if word in module.text]


def test_no_two_rooms_use_each_other() -> None:
    assert cycles() == []


def test_at_most_fifteen_packages_each_with_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lines = text.partition("dependencies = [")[2].partition("\n]")[0].strip().splitlines()
    assert len(lines) <= 15
    assert all("# " in line for line in lines)


def test_evidence_is_never_deleted_along() -> None:
    assert not [module.name for module in modules() if module.name.endswith("models.py") and "CASCADE" in module.text]


@pytest.mark.slow
def test_the_rooms_import_only_downwards() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def _has(module: str, name: str) -> bool:
    package = importlib.import_module(module)
    return hasattr(package, name) or (hasattr(package, "__path__") and find_spec(f"{module}.{name}") is not None)


def _lacking(text: str) -> list[str]:
    asked = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom) and node.module]
    names = [(node.module or "", one.name) for node in asked for one in node.names if one.name != "*"]
    return [f"{module}.{name}" for module, name in names if module.startswith("beeldkluis") and not _has(module, name)]


def test_programs_beside_the_package_ask_only_for_what_it_has() -> None:
    """A benchmark runs seldom, and two branches meet: what one imports may be gone before somebody sees it."""
    assert _lacking("from beeldkluis.vault.key_store import KeyStore, _nothing") == [
        "beeldkluis.vault.key_store._nothing"
    ]
    assert _lacking("from beeldkluis.vault import key_store, no_store") == ["beeldkluis.vault.no_store"]
    paths = [
        path for one in ("attacks", "benches", "scripts", "simulation", "tests") for path in (ROOT / one).rglob("*.py")
    ]
    assert not [(path.name, lacking) for path in paths for lacking in _lacking(path.read_text())]
