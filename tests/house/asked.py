"""Which addresses the tests ask for: every whole path, or name of a route, that a test hands to a call.

The text of a path is put together from the test's own constants, variables and small functions; what only a run can know stands
as one piece that fits where the address varies. The last piece of a path alone ("sluiten/") proves nothing: several pages end so.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache

from django.urls import URLPattern, URLResolver, get_resolver

from tests.house.source import Module, nodes, test_modules

OTHERS_OWN = ("accounts/",)  # pages of the log-in package, shown by tests/web through its own names
ANY = "\0"  # what only a run can know
MOST, LONGEST = 64, 200
# These look at a text and ask for nothing.
NO_REQUEST = {
    "startswith", "endswith", "replace", "split", "partition", "rpartition", "match", "search", "fullmatch", "findall", "resolve",
    "append", "add", "Address", "dict",
}  # fmt: skip
Said = dict[str, list[ast.expr]]


def addresses(
    patterns: list[URLPattern | URLResolver] | None = None, before: str = "", space: str = ""
) -> Iterator[tuple[str, str]]:
    """Every address of our own: its form and its name."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        here = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from addresses(one.url_patterns, here, one.namespace or space)
        elif not here.startswith(OTHERS_OWN):
            yield here, f"{space}:{one.name}"


def form(address: str) -> re.Pattern[str]:
    """What a whole path of this address looks like."""
    pieces = [
        re.escape(one) if not one.startswith("<") else ".+" if one.startswith("<path") else "[^/]+"
        for one in re.split(r"(<[^>]+>)", address)
    ]
    return re.compile(rf"(https?://[^/]*)?/{''.join(pieces)}(\?.*)?")


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """Each name of an assignment with what it gets."""
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, got in zip(target.elts, value.elts, strict=False):
            yield from _pairs(one, got)


def _looped(target: ast.expr, over: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """Each name of a loop with what it may be, as far as the loop goes over something that is written there."""
    elements = over.elts if isinstance(over, ast.Tuple | ast.List | ast.Set) else []
    elements = [one for one in over.keys if one is not None] if isinstance(over, ast.Dict) else elements
    for one in elements:
        yield from _pairs(target, one)


def _said(module: Module) -> Said:
    """For each name of a test module: what it was given, or what the function of that name gives back."""
    found: Said = {}
    for node in nodes(module):
        pairs: list[tuple[str, ast.expr]] = []
        match node:
            case ast.Assign():
                pairs = [pair for target in node.targets for pair in _pairs(target, node.value)]
            case ast.For() | ast.comprehension():
                pairs = list(_looped(node.target, node.iter))
            case ast.FunctionDef():
                pairs = [(node.name, one.value) for one in ast.walk(node) if isinstance(one, ast.Return) and one.value]
        for name, value in pairs:
            found.setdefault(name, []).append(value)
    return found


def texts(node: ast.expr, said: Said, depth: int = 0) -> list[str]:
    """Every text that this may be, as far as the module says."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=pieces):
            found = [""]
            for piece in pieces:
                more = texts(piece.value if isinstance(piece, ast.FormattedValue) else piece, said, depth + 1)
                found = [one + other for one in found for other in more][:MOST]
            return found
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            ends = texts(right, said, depth + 1)
            return [one + other for one in texts(left, said, depth + 1) for other in ends][:MOST]
        case ast.Name(id=name) | ast.Call(func=ast.Name(id=name)) if depth < 6 and name in said:
            return [text for one in said[name] for text in texts(one, said, depth + 1)][:MOST] or [ANY]
    return [ANY]


def handed(module: Module) -> Iterator[tuple[str, str]]:
    """Every text that a call in this module is handed, and the call's name."""
    said = _said(module)
    for node in nodes(module):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in NO_REQUEST:
            continue
        for argument in [*node.args, *(one.value for one in node.keywords)]:
            whole = ast.walk(argument) if name == "parametrize" else [argument, *getattr(argument, "elts", [])]
            for one in whole:
                if isinstance(one, ast.expr):
                    yield from ((name, text) for text in texts(one, said) if len(text) < LONGEST)


def not_asked_for(wanted: Iterable[tuple[str, str]], tests: Iterable[Module]) -> list[str]:
    """Addresses of which no test hands the whole path to a call, nor asks for the route by its name."""
    found = {pair for module in tests for pair in handed(module)}
    paths, names = {text for _, text in found if "/" in text}, {text for name, text in found if name == "reverse"}
    return [one for one, name in wanted if name not in names and not any(map(form(one).fullmatch, paths))]


@cache
def asking_tests() -> tuple[Module, ...]:
    """The tests that run pages; the house tests only read."""
    return tuple(one for one in test_modules() if not one.name.startswith("tests/house/"))
