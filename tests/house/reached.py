"""What is reached from where, by names alone: a graph of every function, class and constant at the top of a module.

A name that a module imports or makes stands for one node ("cases.queries:open_cases"); whatever mentions it uses it. What a
framework finds by itself (addresses, commands, models, settings) is where reaching begins.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.house.source import ROOT, Module, nodes, parse

FOUND = re.compile(  # by Django, the task queue, gunicorn or Python itself
    r"(^|/)(urls|own_urls|apps|models|settings|wsgi|__main__|web_server)\.py$|/templatetags/|/management/commands/"
)
PROGRAMS = ("attacks", "benches", "scripts", "simulation")  # beside the package, each started by a person
STARTED = ("web.command:main", "dock.command:main")  # [project.scripts]
Graph = Mapping[str, frozenset[str]]


def dotted(module: Module) -> str:
    """The module's name within the package, as it is imported: "cases/queries.py" -> "cases.queries"."""
    return module.name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _tops(module: Module) -> Iterator[tuple[str, ast.stmt]]:
    """What stands at the top of a module: the name that it makes (empty: none) and the statement."""
    for one in module.tree.body:
        match one:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield one.name, one
            case ast.Assign() | ast.AnnAssign():
                targets = one.targets if isinstance(one, ast.Assign) else [one.target]
                names = [each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)]
                yield from ((name, one) for name in names or [""])
            case _:
                yield "", one


def _imports(module: Module) -> dict[str, str]:
    """For each name that an import makes: the module, or module and name, that it stands for within the package."""
    made = {}
    for node in nodes(module):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "beeldkluis":
            inside = (node.module or "").removeprefix("beeldkluis").lstrip(".")
            made |= {one.asname or one.name: f"{inside}:{one.name}" for one in node.names}
    return made


@dataclass(frozen=True)
class Known:
    """Every node there is, and for each module what its imports stand for: others may ask the name there."""

    nodes: frozenset[str]
    passed_on: Mapping[str, Mapping[str, str]]


def known(of: Iterable[Module]) -> Known:
    """What the modules make and pass on."""
    of = tuple(of)
    made = frozenset(f"{dotted(module)}:{name}" for module in of for name in ("", *(name for name, _ in _tops(module))))
    return Known(made, {dotted(module): _imports(module) for module in of})


class _Names:
    """What the names of one module stand for."""

    def __init__(self, module: Module, known: "Known") -> None:
        self.own = dotted(module)
        self.imported = _imports(module)
        self.known = known

    def node(self, module: str, name: str) -> str:
        """The node of a name in a module, through modules that pass it on; of a module itself when the name is one. Empty when
        neither is ours.
        """
        if f"{module}:{name}" in self.known.nodes:
            return f"{module}:{name}"
        if name in self.known.passed_on.get(module, {}):
            return self.node(*self.known.passed_on[module][name].split(":"))
        inner = f"{module}.{name}".lstrip(".")
        return f"{inner}:" if f"{inner}:" in self.known.nodes else ""

    def of(self, name: str) -> str:
        """What a plain name stands for here."""
        if name in self.imported:
            return self.node(*self.imported[name].split(":"))
        return self.node(self.own, name)

    def used(self, tree: ast.AST) -> set[str]:
        """Every node that this piece of the module mentions."""
        found = set()
        for one in ast.walk(tree):
            match one:
                case ast.Name():
                    found.add(self.of(one.id))
                case ast.Attribute(value=ast.Name(id=name)) if self.of(name).endswith(":"):
                    found.add(self.node(self.of(name).rstrip(":"), one.attr))
                case ast.Constant(value=str(text)) if text.startswith("beeldkluis."):
                    module, _, last = text.removeprefix("beeldkluis.").rpartition(".")
                    named = self.node(module, last)
                    found |= {each for each in self.known.nodes if named.endswith(":") and each.startswith(named)}
                    found.add(named)
        return {one for one in found if one and not one.endswith(":")}


@cache
def programs() -> tuple[Module, ...]:
    """What stands beside the package and uses it."""
    paths = [path for name in PROGRAMS for path in sorted((ROOT / name).rglob("*.py"))]
    return tuple(parse(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")) for path in paths)


@cache
def graph(of: tuple[Module, ...]) -> Graph:
    """Each node and the nodes that it uses. What stands loose at the top of a module belongs to the node without a name."""
    there = known(of)
    made: dict[str, set[str]] = {one: set() for one in there.nodes}
    for module in of:
        names = _Names(module, there)
        for name, statement in _tops(module):
            made[f"{names.own}:{name}"] |= names.used(statement)
    return {one: frozenset(used - {one}) for one, used in made.items()}


def reached(of: Graph, begin: Iterable[str]) -> set[str]:
    """Everything that is used, directly or not, from where it begins."""
    found, waiting = set[str](), [one for one in begin if one in of]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += of[one]
    return found


def begins(of: Iterable[Module]) -> set[str]:
    """What is found without being mentioned: by a framework, at the top of a module, or by whoever starts a program."""
    found = set(STARTED)
    for module in of:
        for name, statement in _tops(module):
            if not name or FOUND.search(module.name) or _is_registered(statement):
                found.add(f"{dotted(module)}:{name}")
    return found


def _is_registered(statement: ast.stmt) -> bool:
    """Does a decorator hand the function to a framework: a task, a signal, a check?"""
    decorators = statement.decorator_list if isinstance(statement, ast.FunctionDef | ast.ClassDef) else []
    names = {ast.unparse(one).partition("(")[0] for one in decorators}
    return bool(names & {"task", "receiver", "register", "checks.register"})


def used_by_programs(of: Iterable[Module]) -> set[str]:
    """What programs beside the package use of it."""
    there = known(of)
    return {node for one in programs() for node in _Names(one, there).used(one.tree)}


def unused(of: Iterable[Module], also: Iterable[str] = ()) -> list[str]:
    """Functions, classes and constants that nothing reaches."""
    of = tuple(of)
    whole = graph(of)
    found = whole.keys() - reached(whole, begins(of) | set(also))
    return sorted(one for one in found if not one.endswith((":", ":__all__")))


BY_NAME = {"process_view", "process_exception", "allow_relation", "allow_migrate"}  # Django finds these of any class


def unused_methods(of: Iterable[Module], texts: Iterable[str]) -> list[str]:
    """Methods of classes of our own, without a foreign parent that may call them, whose name nothing mentions."""
    of = tuple(of)
    mentioned = set(re.findall(r"\w+", "\n".join(texts)))
    for module in (*of, *programs()):
        mentioned |= {one.attr for one in nodes(module) if isinstance(one, ast.Attribute)}
        mentioned |= {one.id for one in nodes(module) if isinstance(one, ast.Name)}
        mentioned |= {str(one.value) for one in nodes(module) if isinstance(one, ast.Constant)}
    return [
        f"{dotted(module)}:{owner.name}.{one.name}"
        for module in of
        for owner in nodes(module)
        if isinstance(owner, ast.ClassDef) and not owner.bases
        for one in owner.body
        if isinstance(one, ast.FunctionDef) and not one.name.startswith("__") and one.name not in BY_NAME | mentioned
    ]


def texts(under: Path, *endings: str) -> list[str]:
    """The text of every file under a folder with one of these endings, what was built left out."""
    return [
        path.read_text(encoding="utf-8")
        for path in sorted(under.rglob("*"))
        if path.suffix in endings and not {"built", "node_modules"} & set(path.parts)
    ]
