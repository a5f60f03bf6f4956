"""Nothing is there for nobody: every rule is asked, every function reached, every page shown, every style worn."""

import ast
import re
from pathlib import Path

import pytest
from scripts.house import protocol

from beeldkluis.protocol.register import HOMES
from tests.house.reached import begins, graph, reached, texts, unused, unused_methods, used_by_programs
from tests.house.source import PACKAGE, ROOT, Module, modules, parse

# What no program calls, and why it stays. Only reasons that outlive a test.
KEPT = {
    "journal.queries:root": "the tree hash that tests and a person at a shell hold a checkpoint against",
    "protocol.safeguards:HARMLESS": "the other half of a table that the house tests read",
    "sealed.axis:encrypt": "an Axis camera's own half of its format: tests play the camera with it",
    "sealed.axis:new_content_key": "the same",
    "sealed.merkle:_joined": "consistency proofs",
    "sealed.merkle:check_consistency": "consistency proofs: the format is public (RFC 6962), and vectors hold it",
    "sealed.merkle:consistency": "consistency proofs",
    "vault.actions.destruction:destroy": "the four steps one after another: what a test that wants something gone begins with",
}
# The doors of `bag` for the package that hands over (docs/spec/bag.md, section 7); each goes as soon as that calls it.
KEPT |= dict.fromkeys(
    (
        "bag.tlog_proof:HEAD",
        "bag.tlog_proof:_text",
        "bag.tlog_proof:tlog_proof",
        "bag.words:Compared",
        "bag.words:WORDS",
        "bag.words:compare",
        "film.cutting:BIGGEST",
        "film.cutting:BROKEN",
        "film.cutting:CutError",
        "film.cutting:Part",
        "film.cutting:cut_part",
    ),
    "what whoever hands over calls",
)
# Pages of other packages in our words: the package names them.
OVERRIDES = ("account/", "mfa/", "django/")
RULE = "@rule('access.planted')\ndef may_plant() -> bool:\n    return True\n"


def homes_not_asked(of: tuple[Module, ...], homes: dict[str, str]) -> list[str]:
    """Rules whose home ("protocol.access:may") nothing reaches that people, docks or the clock start."""
    found = reached(graph(of), begins(of))
    return sorted(name for name, home in homes.items() if home not in found)


@pytest.fixture(scope="module")
def homes() -> dict[str, str]:
    protocol()
    ours = {name: one for name, one in HOMES.items() if one.__module__.startswith("beeldkluis.")}
    return {name: f"{one.__module__.removeprefix('beeldkluis.')}:{one.__qualname__}" for name, one in ours.items()}


def test_every_rule_is_asked_by_what_people_docks_or_the_clock_start(homes: dict[str, str]) -> None:
    assert len(homes) > 100
    assert homes_not_asked(modules(), homes) == []


def test_a_rule_that_nothing_asks_is_found() -> None:
    planted = parse("protocol/planted.py", RULE)
    homes = {"access.planted": "protocol.planted:may_plant"}
    assert homes_not_asked((*modules(), planted), homes) == ["access.planted"]
    called = "from beeldkluis.protocol.planted import may_plant\ndef page() -> bool:\n    return may_plant()\n"
    only_called = parse("cases/planted_queries.py", called)
    assert homes_not_asked((*modules(), planted, only_called), homes) == ["access.planted"], "by what nothing calls"
    shown = "from beeldkluis.cases import planted_queries as asked\nurlpatterns = [asked.page]\n"
    addresses = parse("cases/planted/urls.py", shown)
    assert homes_not_asked((*modules(), planted, only_called, addresses), homes) == []


def test_what_only_tests_use_is_gone_or_has_its_reason() -> None:
    assert set(unused(modules(), used_by_programs(modules()))) == KEPT.keys()
    assert unused_methods(modules(), texts(PACKAGE, ".html", ".typ", ".txt")) == []


def test_what_nothing_uses_is_found() -> None:
    text = "ROWS = 5\nclass Slip:\n    def torn(self) -> int:\n        return ROWS\ndef late() -> int:\n    return late()\n"
    planted = (*modules(), parse("cases/planted_queries.py", text))
    assert set(unused(planted)) - set(unused(modules())) == {
        "cases.planted_queries:ROWS",
        "cases.planted_queries:Slip",
        "cases.planted_queries:late",
    }
    assert unused_methods(planted, []) != unused_methods(modules(), [])


def _templates() -> dict[str, str]:
    """Every template by the name it is asked by."""
    paths = [path for path in sorted(PACKAGE.rglob("templates/**/*")) if path.is_file()]
    return {path.as_posix().rpartition("templates/")[2]: path.read_text(encoding="utf-8") for path in paths}


def _code() -> str:
    return "\n".join(module.text for module in modules())


def not_shown(templates: dict[str, str], code: str) -> list[str]:
    """Templates that neither code nor another template names; a letter is named by its kind."""
    found = []
    for name in templates:
        if name.startswith(OVERRIDES):
            continue
        others = "\n".join(text for other, text in templates.items() if other != name)
        stem = Path(name).stem
        named = name in code + others or (name.endswith(".typ") and re.search(rf"[\"'/]{stem}[\"'.]", code + others))
        if not named:
            found.append(name)
    return found


def test_every_template_is_shown() -> None:
    assert not_shown(_templates(), _code()) == []
    assert not_shown({"cases/planted.html": ""}, _code()) == ["cases/planted.html"]
    assert not_shown({"letters/planted.typ": ""}, _code()) == ["letters/planted.typ"]


def _tags() -> list[str]:
    """Every tag and filter that we make."""
    return [
        function.name
        for module in modules()
        if "/templatetags/" in module.name
        for function in module.functions()
        if any(ast.unparse(one).startswith("register.") for one in function.decorator_list)
    ]


def test_every_template_tag_is_used() -> None:
    said = "\n".join(_templates().values())
    assert len(_tags()) > 5
    assert [name for name in _tags() if not re.search(rf"(%|\|)\s*{name}\b", said)] == []


def classes_of(css: str) -> set[str]:
    """Every class that a style sheet names in a selector."""
    selectors = re.sub(r"\{[^{}]*\}", "{}", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL))
    return set(re.findall(r"\.(-?[a-zA-Z_][\w-]*)", selectors))


def not_worn(classes: set[str], said: str) -> list[str]:
    """Classes that no page, code or script names, also not by a beginning that a page completes ("badge-{{ … }}")."""
    begun = set(re.findall(r"([\w-]+-)(?:\{|\$\{|[\"'`] ?\+)", said))
    named = set(re.findall(r"[\w-]+", said))
    return sorted(one for one in classes - named if not one.startswith(tuple(begun)))


def test_every_style_is_worn_and_every_static_file_is_asked_for() -> None:
    css = "\n".join(texts(ROOT / "frontend" / "styles", ".css"))
    scripts = "\n".join(texts(ROOT / "frontend" / "src", ".js"))
    said = "\n".join([*_templates().values(), _code(), scripts])
    assert not_worn(classes_of(css), said) == []
    assert not_worn(
        classes_of(".planted > p { margin: 0.5em }\n.badge-ok, .badger-x {}"), 'class="badge-{{ one }}"'
    ) == [
        "badger-x",
        "planted",
    ]
    static = [path.name for path in (PACKAGE / "web" / "static" / "web").rglob("*") if path.is_file()]
    assert static
    assert [name for name in static if name not in said + css] == []


def test_scripts_are_asked_for() -> None:
    source = ROOT / "frontend" / "src"
    scripts = {path.name: path.read_text(encoding="utf-8") for path in sorted(source.rglob("*.js"))}
    said = "\n".join([*_templates().values(), _code()])
    asked = {name for name in scripts if name in said}
    named = {match for text in scripts.values() for match in re.findall(r"([\w-]+\.js)[\"'`]", text)}
    assert scripts.keys() - asked - named == set()


def test_the_graph_knows_what_it_reads() -> None:
    whole = graph(modules())
    assert "protocol.presence:is_present" in whole["protocol.access:may_open"]
    assert "vault.actions.headers:release_header" in reached(whole, ["viewing.check_actions:_give"]), (
        "through a package"
    )
