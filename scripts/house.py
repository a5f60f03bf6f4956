"""`make house`: the measures of the house. `--rules` writes docs/rules.md anew: rule, clauses, home and tests."""

import argparse
import importlib
import os
import pkgutil
import statistics
import sys
import tomllib
from collections import Counter, defaultdict
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

import django  # noqa: E402 - the paths must be set first
from tests.house import source  # noqa: E402 - the paths must be set first

import beeldkluis.protocol  # noqa: E402 - the paths must be set first
from beeldkluis.protocol.access import RIGHTS, Act  # noqa: E402 - after the path
from beeldkluis.protocol.cases import DECIDED, CaseState, Step, rows  # noqa: E402 - after the path
from beeldkluis.protocol.kinds import CaseKind, Default  # noqa: E402 - after the path
from beeldkluis.protocol.register import HOMES, KeptBy, Protocol, load  # noqa: E402 - the paths must be set first
from beeldkluis.protocol.roles import Role  # noqa: E402 - after the path
from beeldkluis.protocol.safeguards import SAFEGUARDS  # noqa: E402 - after the path

CLAUSES = tuple(
    f"{chapter}-{number}"
    for chapter, count in (("privacy", 9), ("purpose", 3), ("governance", 3), ("work", 16), ("access", 7))
    for number in range(1, count + 1)
)
KEPT = {KeptBy.SOFTWARE: "kept by software", KeptBy.PEOPLE: "kept by people", KeptBy.NOT_YET: "not built yet"}


def protocol() -> Protocol:
    """The register, with every rule's home known."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    for module in pkgutil.iter_modules(beeldkluis.protocol.__path__):
        importlib.import_module(f"beeldkluis.protocol.{module.name}")
    importlib.import_module("beeldkluis.journal.actions")  # the one rule that lives where the transaction is
    return load(ROOT / "protocols" / "westerkwartier-1.toml")


def trace() -> str:
    """docs/rules.md: every rule with its clauses, number, who keeps it, its function and whether tests show it."""
    register, marks = protocol(), source.marks("rule")
    lines = [
        f"# Rules of the protocol of {register.municipality}, version {register.version}",
        "",
        "Made by `scripts/house.py --rules` from the protocol file, the code and the tests; a test keeps it current.",
        "",
        "| rule | clauses | what it asks | numbers | kept by | tests |",
        "|---|---|---|---|---|---|",
    ]
    for name, rule in register.rules.items():
        numbers = ", ".join(f"{value} {unit}" for unit, value in rule.numbers.items())
        home = HOMES.get(name)
        place = f"`{home.__module__.removeprefix('beeldkluis.')}.{home.__qualname__}`" if home else rule.help
        kept = KEPT[rule.kept_by] + (f": {place}" if place else "")
        chosen = f" ({rule.interpretation})" if rule.interpretation else ""
        tests = "yes" if name in marks else "–"
        lines.append(
            f"| `{name}` | {', '.join(rule.clauses)} | {rule.sentence}{chosen} | {numbers} | {kept} | {tests} |"
        )
    return "\n".join([*lines, "", "## Clauses", "", *_clauses(register)]) + "\n"


def _clauses(register: Protocol) -> list[str]:
    lines = ["| clause | rules |", "|---|---|"]
    for clause in CLAUSES:
        rules = [f"`{name}`" for name, rule in register.rules.items() if clause in rule.clauses]
        lines.append(f"| {clause} | {', '.join(rules)} |")
    return lines


def case_tables() -> str:
    """docs/cases.md: for each kind of case its diagram and its steps, drawn from the table in protocol.cases."""
    lines = [
        "# Kinds of cases and their steps",
        "",
        "Made by `scripts/house.py --cases` from the facts in `protocol/kinds.py` and the table in `protocol/cases.py`; a test",
        "keeps it current. A step that keeps the state stands under the diagram. What is not here cannot be done.",
    ]
    for kind in CaseKind:
        found = [row for step in Step for row in rows(kind, step)]
        lines += ["", f"## {kind.dutch}", "", *_facts(kind), "", "```mermaid", "stateDiagram-v2"]
        for row in found:
            after = "as decided" if row.back else row.after.value if row.after else ""
            for state in [one for one in CaseState if one in row.before and after and one.value != after]:
                start = "[*]" if state is CaseState.NEW else state.value
                for end in [one.value for one in CaseState if one in DECIDED] if row.back else [after]:
                    lines.append(f"    {start} --> {end}: {row.step.dutch}")
        lines += [
            "    closed --> [*]",
            "```",
            "",
            "| step | whose | judges | from | to | rule |",
            "|---|---|---|---|---|---|",
        ]
        for row in found:
            before = ", ".join(one.dutch.lower() for one in CaseState if one in row.before)
            whose = ", ".join(one.dutch for one in Role if one in row.roles)
            after = "zoals besloten" if row.back else row.after.dutch.lower() if row.after else "blijft"
            judges = "ja" if row.judges else ""
            lines.append(f"| {row.step.dutch} | {whose} | {judges} | {before} | {after} | `{row.rule}` |")
    return "\n".join(lines) + "\n"


def _facts(kind: CaseKind) -> list[str]:
    facts = kind.facts
    terms = [f"`{one}`" for one in dict.fromkeys((facts.term.rule, facts.term.police))]
    return [
        f"- {facts.hint}",
        f"- Bewaart: {f'`{facts.hold}`' if facts.hold else 'niets'}",
        f"- Opent: {'; '.join(one.dutch.lower() for one in facts.purposes) or 'niets'}",
        f"- Termijn: {', onder de Wpg '.join(terms)}{', kan langer' if facts.term.extends else ''}",
        f"- Antwoord: {_ANSWERS[facts.default]}",
    ]


_ANSWERS = {
    Default.YES: "ja, tenzij een uitzondering in de weg staat",
    Default.NO: "nee, tenzij er zwaarwegende argumenten zijn",
    Default.BY_PART: "per onderdeel openbaar of een grond",
    None: "hier wordt niets besloten",
}


def _measures() -> list[tuple[str, str]]:
    register, marks = protocol(), source.marks("rule")
    rules = Counter(rule.kept_by for rule in register.rules.values())
    covered = {clause for rule in register.rules.values() for clause in rule.clauses}
    shown = sum(bool(marks.get(name)) for name, rule in register.rules.items() if rule.kept_by is KeptBy.SOFTWARE)
    files = {module.name: module.text.count("\n") for module in source.modules()}
    lengths = {module.at(one): source.length(one) for module in source.modules() for one in module.functions()}
    tested = sum(module.text.count("\n") for module in source.test_modules())
    longest_file, longest = max(files, key=files.__getitem__), max(lengths, key=lengths.__getitem__)
    sizes, code, median = source.package_sizes(source.modules()), sum(files.values()), statistics.median(files.values())
    largest = max(sizes, key=sizes.__getitem__)
    with (ROOT / "pyproject.toml").open("rb") as file:
        packages = tomllib.load(file)["project"]["dependencies"]
    return [
        ("rules", ", ".join(f"{rules[kind]} {words}" for kind, words in KEPT.items())),
        ("rules with a test", f"{shown} of {rules[KeptBy.SOFTWARE]} kept by software"),
        ("clauses", f"{len(covered & set(CLAUSES))} of {len(CLAUSES)}"),
        ("code", f"{code} of at most {source.MOST_CODE} lines in {len(files)} files, median {median:.0f}"),
        ("largest package", f"{largest}: {sizes[largest]} of at most {source.LARGEST_PACKAGE} lines"),
        ("tests", f"{tested} lines, {tested / code:.2f} per line of code"),
        ("longest file", f"{files[longest_file]} lines, {longest_file}; {_over(files, source.LONGEST_FILE)}"),
        ("functions", f"{len(lengths)}, median {statistics.median(lengths.values()):.0f} lines"),
        ("longest function", f"{lengths[longest]} lines, {longest}; {_over(lengths, source.LONGEST_FUNCTION)}"),
        ("import cycles", ", ".join(f"{a} <-> {b}" for a, b in cycles()) or "none between rooms"),
        ("imports in functions", str(sum(len(source.local_imports(module)) for module in source.modules()))),
        ("broad excepts", str(sum(len(source.broad_excepts(module)) for module in source.modules()))),
        ("runtime packages", f"{len(packages)} of at most 15"),
        ("interpretations", str(sum(bool(rule.interpretation) for rule in register.rules.values()))),
        ("test time", _test_time()),
    ]


def _over(sizes: dict[str, int], limit: int) -> str:
    return f"{sum(size > limit for size in sizes.values())} over {limit}"


def cycles() -> list[tuple[str, str]]:
    """Pairs of rooms that import each other."""
    uses: dict[str, set[str]] = defaultdict(set)
    for module in source.modules():
        for name in source.imported(module):
            parts = name.split(".")
            if parts[0] == "beeldkluis" and len(parts) > 1 and parts[1] != module.room:
                uses[module.room].add(parts[1])
    return sorted((a, b) for a, used in list(uses.items()) for b in used if a < b and a in uses[b])


def _test_time() -> str:
    report = ROOT / "build" / "tests.xml"
    if not report.exists():
        return "unknown: `make test` writes it down"
    suite = ET.parse(report).getroot().find("testsuite")  # noqa: S314 - our own file
    if suite is None:
        return "unknown: build/tests.xml holds no suite"
    return f"{float(suite.get('time', 0)):.0f} s for {suite.get('tests')} tests, {suite.get('failures')} failed"


def safeguards() -> str:
    """docs/safeguards.md: the table of protocol.safeguards, for whoever reads without the code."""
    lines = [
        "# Steps that could harm, and what holds them",
        "",
        "Made by `scripts/house.py --safeguards` from `protocol/safeguards.py`; a test holds it against the source. Steps that",
        "are not here add, keep, tell or close. What each role can do, alone and with others, stands in `threat-model.md`.",
        "",
        "| step | could | by | held by | heard of by | why that is enough |",
        "|---|---|---|---|---|---|",
    ]
    for name, one in SAFEGUARDS.items():
        by = one.by if not isinstance(one.by, Act) else f"`{one.by.value}`: {_holders(one.by)}"
        cells = (f"`{name}`", ", ".join(one.harms), by, "; ".join(one.brakes), "; ".join(one.told), one.why)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _holders(act: Act) -> str:
    return ", ".join(role.value.replace("_", " ") for role, acts in RIGHTS.items() if act in acts)


def main() -> int:
    """Print the measures, or write the trace."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rules", action="store_true", help="write docs/rules.md")
    parser.add_argument("--cases", action="store_true", help="write docs/cases.md")
    parser.add_argument("--safeguards", action="store_true", help="write docs/safeguards.md")
    asked = parser.parse_args()
    if asked.cases:
        (ROOT / "docs" / "cases.md").write_text(case_tables(), encoding="utf-8")
        return 0
    if asked.safeguards:
        (ROOT / "docs" / "safeguards.md").write_text(safeguards(), encoding="utf-8")
        return 0
    if asked.rules:
        (ROOT / "docs" / "rules.md").write_text(trace(), encoding="utf-8")
        return 0
    for name, value in _measures():
        print(f"{name:<22}{value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
