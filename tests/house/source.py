"""The program's own source, parsed once, and the checks that the house tests make of it."""

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "beeldkluis"
LONGEST_FILE, LONGEST_FUNCTION, LONGEST_VIEW = 400, 40, 20
LARGEST_PACKAGE, MOST_CODE = 8_000, 80_000  # lines; why so many stands in decision 0145


@dataclass(frozen=True)
class Module:
    """One file: its path within the package ("cases/views.py"), its text and its tree."""

    name: str
    text: str
    tree: ast.Module

    @property
    def room(self) -> str:
        return self.name.partition("/")[0]

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        for node in nodes(self):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node

    def at(self, node: ast.expr | ast.stmt | ast.ExceptHandler) -> str:
        return f"{self.name}:{node.lineno}"


@cache
def nodes(module: Module) -> tuple[ast.AST, ...]:
    """Every node of the tree, walked once."""
    return tuple(ast.walk(module.tree))


def parse(name: str, text: str) -> Module:
    return Module(name, text, ast.parse(text))


@cache
def modules() -> tuple[Module, ...]:
    paths = sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)
    return tuple(parse(path.relative_to(PACKAGE).as_posix(), path.read_text(encoding="utf-8")) for path in paths)


@cache
def test_modules() -> tuple[Module, ...]:
    paths = sorted((ROOT / "tests").rglob("*.py"))
    return tuple(parse(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")) for path in paths)


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from `def` to the end."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def package_sizes(of: Iterable[Module]) -> Counter[str]:
    """Lines of each package."""
    sizes: Counter[str] = Counter()
    for module in of:
        sizes[module.room] += module.text.count("\n")
    return sizes


def too_large(of: Iterable[Module]) -> list[str]:
    """Packages beyond their measure, and all of them together."""
    sizes = package_sizes(of)
    found = [f"{name}: {lines} lines" for name, lines in sizes.items() if lines > LARGEST_PACKAGE]
    return found + ([f"together: {sizes.total()} lines"] if sizes.total() > MOST_CODE else [])


def too_long(module: Module) -> list[str]:
    """Files and functions beyond their measure; a view is shorter than other functions."""
    found = []
    lines = module.text.count("\n")
    if lines > LONGEST_FILE:
        found.append(f"{module.name}: {lines} lines")
    view = module.name.endswith("views.py")
    for function in module.functions():
        limit = LONGEST_VIEW if view and not function.name.startswith("_") else LONGEST_FUNCTION
        if length(function) > limit:
            found.append(f"{module.at(function)} {function.name}: {length(function)} lines, at most {limit}")
    return found


WRITES = {
    "create", "acreate", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "update", "delete",
}  # fmt: skip


def _through_manager(node: ast.expr) -> bool:
    """Does the chain before this call go through a model's manager (`Model.objects…`) or a related one?"""
    while isinstance(node, ast.Call | ast.Attribute):
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_base_manager"):
            return True
        node = node.func if isinstance(node, ast.Call) else node.value
    return False


def verdicts_made(module: Module) -> list[str]:
    """Places that make a verdict, or its refusal, themselves: rules answer in protocol."""
    refusers = [name for name in imported(module) if name == "beeldkluis.protocol.verdict.refuse"]
    return refusers + [
        module.at(node)
        for node in nodes(module)
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "Verdict"
    ]


def writes(module: Module) -> list[str]:
    """Calls that write to the database."""
    found = []
    for node in nodes(module):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        through = node.func.attr in WRITES and _through_manager(node.func.value)
        saves = node.func.attr == "save" and {one.arg for one in node.keywords} <= {"update_fields", "force_insert"}
        if through or saves:
            found.append(f"{module.at(node)} .{node.func.attr}()")
    return found


CLOCKS = {
    ("datetime", "now"),
    ("datetime", "today"),
    ("date", "today"),
    ("clock", "now"),
    ("timezone", "now"),
    ("time", "time"),
}


def reads_clock(module: Module) -> list[str]:
    """Places that ask what time it is."""
    return [
        module.at(node)
        for node in nodes(module)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and (node.func.value.id, node.func.attr) in CLOCKS
    ]


def local_imports(module: Module) -> list[str]:
    """Imports inside a function."""
    return [
        module.at(node)
        for function in module.functions()
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


def imported(module: Module) -> list[str]:
    """Full names of what the module imports."""
    found = []
    for node in nodes(module):
        if isinstance(node, ast.Import):
            found += [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found += [f"{node.module}.{one.name}" for one in node.names]
    return found


def broad_excepts(module: Module) -> list[str]:
    """Handlers that catch everything and do not raise it again."""
    names = {"Exception", "BaseException"}
    return [
        module.at(node)
        for node in nodes(module)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in names))
        and not (isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None)
    ]


UNCHECKED = re.compile(r"# noqa: [A-Z]+\d+(, [A-Z]+\d+)* - \S")
TYPE_IGNORED = re.compile(r"# type: ignore\[[a-z-]+(, ?[a-z-]+)*\]\s*(# noqa.* )?[#-] \S")


def bare_exceptions_to_rules(module: Module) -> list[str]:
    """`noqa` and `type: ignore` without a code or without a reason in the same line."""
    found = []
    for number, line in enumerate(module.text.splitlines(), 1):
        if re.search(r"#\s*noqa", line) and not UNCHECKED.search(line):
            found.append(f"{module.name}:{number}")
        if "# type: ignore" in line and not TYPE_IGNORED.search(line):
            found.append(f"{module.name}:{number}")
    return found


def without_annotations(module: Module) -> list[str]:
    """Functions with an argument or answer of unknown type."""
    found = []
    for function in module.functions():
        arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        bare = [one.arg for one in arguments if one.annotation is None and one.arg not in ("self", "cls")]
        if bare or (function.returns is None and function.name != "__init__"):
            found.append(f"{module.at(function)} {function.name}")
    return found


@cache
def identifiers(module: Module) -> set[str]:
    """Every name that the module makes: classes, functions, arguments, variables, attributes."""
    names: set[str] = set()
    for node in nodes(module):
        match node:
            case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                names.add(node.name)
            case ast.arg():
                names.add(node.arg)
            case ast.Name(ctx=ast.Store()):
                names.add(node.id)
            case ast.Attribute(ctx=ast.Store()):
                names.add(node.attr)
    return names


def words(identifier: str) -> list[str]:
    """The words of an identifier, in small letters: "HTTPServer_url" -> http, server, url."""
    return [one.lower() for one in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", identifier)]


ASKS = re.compile(r"\bAct\.|\bfor_docks\b|\bdock_by_token\(|\bopening_for\(")


def unasked_views(module: Module) -> list[str]:
    """Views that neither ask what somebody may do, themselves or through a function beside them, nor are open to all
    on purpose (`login_not_required`, which a reader sees at once)."""
    own = {function.name: function for function in module.functions()}

    def asks(name: str, seen: frozenset[str]) -> bool:
        text = ast.unparse(own[name])
        called = {one.id for one in ast.walk(own[name]) if isinstance(one, ast.Name) and one.id in own} - seen
        return bool(ASKS.search(text)) or any(asks(one, seen | called) for one in called)

    return [
        f"{module.at(view)} {name}"
        for name, view in own.items()
        if not name.startswith("_")
        and any(one.arg in ("request", "_request") for one in view.args.args[:1])
        and "login_not_required" not in ast.unparse(ast.Module([*map(ast.Expr, view.decorator_list)], []))
        and not asks(name, frozenset({name}))
    ]


def aggregates_by_officer(module: Module) -> list[str]:
    """Queries and loops that count or sum by officer."""
    found = [module.at(node) for node in nodes(module) if isinstance(node, ast.Call) and _tallies_officers(node)]
    for node in nodes(module):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        texts = [one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        texts += [one.arg for one in ast.walk(node) if isinstance(one, ast.keyword) and one.arg]
        called = {
            one.func.attr for one in ast.walk(node) if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute)
        }
        about = any(
            re.search(r"(^|_)officer(s|_|$)|issue_periods|made_by|reported_by|observations", text) for text in texts
        )
        grouped = called & {"annotate", "aggregate", "count"}
        if about and grouped:
            found.append(module.at(node))
    return found


TALLIES = {"Counter", "groupby", "defaultdict"}


def _tallies_officers(call: ast.Call) -> bool:
    """`Counter(one.officer for one in …)` and what else makes a figure of each officer without asking the database."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    about = {one.attr for one in ast.walk(call) if isinstance(one, ast.Attribute)}
    return name in TALLIES and bool(about & {"officer", "officer_id", "made_by", "reported_by"})


def marks(name: str) -> dict[str, set[str]]:
    """For each argument of `@pytest.mark.<name>(...)`, the tests that carry it."""
    found: dict[str, set[str]] = {}
    for module in test_modules():
        for function in module.functions():
            for one in function.decorator_list:
                if isinstance(one, ast.Call) and ast.unparse(one.func) == f"pytest.mark.{name}":
                    for argument in one.args:
                        if isinstance(argument, ast.Constant):
                            found.setdefault(str(argument.value), set()).add(f"{module.name}::{function.name}")
    return found


def locks_before_a_step(module: Module) -> list[str]:
    """Functions that lock a row while no step, and no `serialised`, has locked the journal's head before."""
    found: list[str] = []

    def look(node: ast.AST, function: str, inside: bool) -> None:
        if isinstance(node, ast.FunctionDef):
            function, inside = node.name, False
        if isinstance(node, ast.With):
            opened = {ast.unparse(item.context_expr).partition("(")[0] for item in node.items}
            inside = inside or bool(opened & {"step", "serialised"})
        if isinstance(node, ast.Attribute) and node.attr == "select_for_update" and not inside:
            found.append(f"{module.name} {function}")
        for child in ast.iter_child_nodes(node):
            look(child, function, inside)

    look(module.tree, "", False)
    return found
