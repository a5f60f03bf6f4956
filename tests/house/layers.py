"""The order inside a package of the server: which layer a module belongs to by its name, and what it may use of its own package.

From the top: urls, views or tasks, forms, actions, due, queries, events, models. A module may use its own layer and
those below it.
Views and tasks stand beside each other and do not use each other.
"""

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from tests.house.source import Module, imported

ORDER = ("models", "events", "queries", "due", "actions", "forms", "views", "urls")
SUFFIXES = {
    "models": "models", "events": "events", "queries": "queries", "actions": "actions", "forms": "forms", "views": "views",
    "tasks": "views", "urls": "urls", "due": "due",
    "errors": "models", "letters": "queries", "words": "queries", "notices": "actions", "apps": "urls",
}  # fmt: skip
FOLDERS = {
    "actions": "actions",
    "commands": "views",
    "management": "views",
    "templatetags": "queries",
    "enforcement": "queries",
}
# What has no suffix that tells its layer. Reading and composing is "queries", whatever it is called.
NAMED = {
    "models": (
        "journal/actor", "journal/clock", "journal/guard", "journal/moments", "journal/paging", "journal/problems",
        "journal/scrub", "journal/relaxed_durability", "journal/text", "journal/triggers", "journal/typed", "governance/text",
        "vault/arrival", "vault/files", "vault/key_files", "vault/parts", "vault/places", "vault/read_back", "vault/store",
        "vault/tombstones",
        "web/doors", "web/leading", "web/limits", "web/paced", "web/passwords", "web/sessions", "web/settings",
        "web/technical_log", "web/wire",
    ),
    "queries": (
        "cases/about", "cases/erased", "cases/kept", "cases/letter_pages", "cases/mail", "cases/offers", "cases/pages",
        "cases/papers", "cases/questions", "governance/registers", "intake/axis", "intake/axis_sealing",
        "intake/grouping", "intake/tus", "jobs/kinds", "jobs/lent_key", "jobs/reasons",
        "jobs/work", "journal/anchor", "journal/emptied", "journal/leaves",
        "journal/remembered", "journal/rights", "journal/shield", "journal/signer", "journal/verify", "kiosk/owed", "kiosk/tiles",
        "outbox/mail", "people/signed_in", "redaction/pages", "redaction/reasons", "disclosure/pages",
        "vault/checks", "vault/key_store", "vault/local_store", "vault/s3_store",
        "vault/staging", "viewing/copy_reasons", "viewing/gate", "viewing/pages", "viewing/redaction_pages", "viewing/reports",
        "web/belongings", "web/installation", "web/key_places", "web/looked_over", "web/papers",
        "web/role_names", "web/strangers", "web/tied", "web/waiting",
    ),
    "actions": (
        "jobs/worker", "redaction/making", "viewing/copy_making",
        "web/demonstration", "web/doctor", "web/journal_watch", "web/links", "web/looked_at", "web/readiness", "web/sign_in",
    ),
    "views": (
        "journal/examination", "journal/export", "journal/nightly", "web/__main__", "web/command", "web/context",
        "web/due", "web/own_due", "web/middleware", "web/serving", "web/ticking", "web/web_server", "web/web_worker", "web/wsgi",
    ),
}  # fmt: skip
_BY_NAME = {f"{name}.py": layer for layer, names in NAMED.items() for name in names}


def server_packages(of: Iterable[Module]) -> tuple[str, ...]:
    """The packages that are a part of the server: those that Django knows."""
    return tuple(sorted({module.room for module in of if module.name == f"{module.room}/apps.py"}))


def layer_of(name: str) -> str:
    """The layer of a module ("cases/late_queries.py" -> "queries"); empty when nothing tells."""
    if name in _BY_NAME:
        return _BY_NAME[name]
    path = PurePosixPath(name)
    for folder in path.parts[1:-1]:
        if folder in FOLDERS:
            return FOLDERS[folder]
    return SUFFIXES.get(path.stem.rpartition("_")[2], "")


def is_placed(module: Module) -> bool:
    """A package's first file and its history stand in no layer."""
    return not module.name.endswith("/__init__.py") and "/migrations/" not in module.name


def without_layer(of: Iterable[Module]) -> list[str]:
    """Modules of the server of which nothing tells the layer."""
    of = tuple(of)
    packages = server_packages(of)
    return [one.name for one in of if one.room in packages and is_placed(one) and not layer_of(one.name)]


def named_in_vain(of: Iterable[Module]) -> list[str]:
    """Modules that the list names and that are gone."""
    return sorted(_BY_NAME.keys() - {module.name for module in of})


def _files(of: Iterable[Module]) -> Mapping[str, str]:
    """For each module as it is imported: its file."""
    return {f"beeldkluis.{one.name.removesuffix('.py').replace('/', '.')}": one.name for one in of}


def _used(module: Module, files: Mapping[str, str]) -> set[str]:
    """The files of its own package that a module imports, or imports something of."""
    names = {one for name in imported(module) for one in (name, name.rpartition(".")[0])}
    return {files[one] for one in names if one in files and files[one].partition("/")[0] == module.room}


def upward(of: Iterable[Module]) -> list[str]:
    """What a module imports of its own package that stands above it, or beside it across views and tasks."""
    of = tuple(of)
    files, packages, found = _files(of), server_packages(of), []
    for module in (one for one in of if one.room in packages and is_placed(one)):
        own = layer_of(module.name)
        for used in sorted(_used(module, files)):
            other = layer_of(used)
            if not (own and other):
                continue
            across = own == other == "views" and ("tasks" in module.name) != ("tasks" in used)
            if ORDER.index(other) > ORDER.index(own) or across:
                found.append(f"{module.name} ({own}) uses {used} ({other})")
    return found
