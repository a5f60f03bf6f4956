"""The register: every rule of one municipality's protocol, with its place and its number.

One toml file per municipality and version (protocols/*.toml). Python says how a rule works, the file says
what the number is and where the protocol asks it.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from beeldkluis.protocol.homes import HOMES, RegisterError, rule
from beeldkluis.protocol.reading import (
    FaultError,
    contact,
    legal,
    names,
    options,
    refuse_never,
    with_line,
)

__all__ = ["HOMES", "KeptBy", "Protocol", "RegisterError", "Rule", "load", "parse", "rule", "write"]


class KeptBy(StrEnum):
    """Who keeps a rule."""

    SOFTWARE = "software"
    PEOPLE = "people"
    NOT_YET = "not yet"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: name, clause ids, place in the protocol's text, one sentence of our own (Dutch), who keeps it,
    what the program does to help where people keep it, and the numbers it sets (name -> whole number with its unit in
    the name: days, hours, seconds, minutes), and its named choices and lists (protocol.options).
    """

    name: str
    clauses: tuple[str, ...]
    place: str
    sentence: str
    kept_by: KeptBy
    help: str
    interpretation: str
    numbers: Mapping[str, int]
    choices: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Protocol:
    """A municipality's protocol in force: its rules by name."""

    municipality: str
    version: str
    rules: Mapping[str, Rule]
    contact: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # how to reach the municipality: name -> lines
    names: Mapping[str, str] = field(default_factory=dict)  # what it calls the roles (protocol.naming)
    legal: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # what the law wants to be named: name -> lines

    @property
    def regime(self) -> str:
        """Under which law the footage is held: "avg", unless the file says "wpg"."""
        return self.word_of_law("regime") or "avg"

    def word_of_law(self, name: str) -> str:
        """The word of [legal] under this name; empty when the file says none."""
        return next(iter(self.legal.get(name, ())), "")

    def choice(self, rule: str, name: str, otherwise: str) -> str:
        """The named choice `name` of `rule`, or `otherwise` when the file makes none."""
        return self.rules[rule].choices.get(name, otherwise) if rule in self.rules else otherwise

    def listed(self, rule: str, name: str, otherwise: tuple[str, ...]) -> tuple[str, ...]:
        """The list `name` of `rule`, or `otherwise` when the file has none."""
        return self.rules[rule].lists.get(name, otherwise) if rule in self.rules else otherwise

    def number(self, rule: str, name: str, otherwise: int | None = None) -> int:
        """The number `name` of `rule`; when the file does not set it, `otherwise`, or RegisterError when there is none."""
        try:
            return self.rules[rule].numbers[name]
        except KeyError:
            if otherwise is not None:
                return otherwise
            raise RegisterError(f"protocol {self.municipality} {self.version}: rule {rule} sets no {name}") from None

    def days(self, rule: str) -> timedelta:
        """The period of `rule` in exact days of 24 hours."""
        return timedelta(days=self.number(rule, "days"))

    def minutes(self, rule: str) -> timedelta:
        """The duration of `rule` in minutes."""
        return timedelta(minutes=self.number(rule, "minutes"))

    def seconds(self, rule: str) -> timedelta:
        """The duration of `rule` in seconds."""
        return timedelta(seconds=self.number(rule, "seconds"))


def _rule(name: str, table: Mapping[str, object], known: Rule | None) -> Rule:
    """One rule. What the program ships with it (`known`) need not be said again, except where the protocol asks it."""
    said: dict[str, object] = {} if known is None else _shipped(known)
    said |= table
    clauses = said.get("clauses")
    if not isinstance(clauses, list | tuple) or not clauses:
        raise FaultError(name, "clauses", "deze regel noemt geen bepaling van het protocol.")
    for key in ("place", "sentence", "kept_by"):
        if key not in said:
            raise FaultError(name, "", f"`{key}` ontbreekt.")
    if said["kept_by"] not in set(KeptBy):
        raise FaultError(name, "kept_by", f'"{said["kept_by"]}" kan hier niet. Kies uit: {", ".join(KeptBy)}.')
    kept_by, helps = KeptBy(str(said["kept_by"])), str(said.get("help", ""))
    if kept_by is KeptBy.PEOPLE and not helps:
        raise FaultError(
            name, "kept_by", "mensen houden deze regel: zeg in `help` wat het programma voor hen doet, of niets."
        )
    own, place = options(name, table), str(said["place"])
    texts = (str(said["sentence"]), kept_by, helps, str(said.get("interpretation", "")))
    return Rule(name, tuple(map(str, clauses)), place, *texts, own.numbers, own.choices, own.lists)


def _shipped(known: Rule) -> dict[str, object]:
    texts = {"sentence": known.sentence, "kept_by": known.kept_by.value, "help": known.help}
    return {"clauses": known.clauses, "interpretation": known.interpretation, **texts}


def load(path: Path, shipped: Protocol | None = None) -> Protocol:
    """Read a protocol file. Raises RegisterError on anything that is missing or not understood."""
    return parse(path.read_text(encoding="utf-8"), path.name, shipped)


def parse(text: str, name: str, shipped: Protocol | None = None) -> Protocol:
    """A register from the text of its file; `name` stands in what RegisterError says. Of a rule that the program ships too
    (`shipped`), only the place and what differs must be there. Rules that the file does not name are not added.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RegisterError(f"{name}: {error}") from error
    try:
        return _protocol(document, shipped)
    except RegisterError as error:
        raise with_line(error, text, name) from error


def _protocol(document: dict[str, object], shipped: Protocol | None) -> Protocol:
    refuse_never(document)
    head = document.pop("protocol", None)
    if not isinstance(head, dict) or not {"municipality", "version"} <= head.keys():
        raise RegisterError("[protocol] met `municipality` en `version` ontbreekt.")
    reach = contact(document.pop("contact", {}))
    called, under = names(document.pop("names", {})), legal(document.pop("legal", {}))
    known = shipped.rules if shipped is not None else {}
    rules: dict[str, Rule] = {}
    for subject, group in document.items():
        if not isinstance(group, dict):
            raise FaultError(subject, "", "dit hoort bij geen enkele regel.")
        for short, table in group.items():
            whole = f"{subject}.{short}"
            if not isinstance(table, dict):
                raise FaultError(subject, short, "dit is geen regel.")
            rules[whole] = _rule(whole, table, known.get(whole))
    return Protocol(str(head["municipality"]), str(head["version"]), rules, reach, called, under)


def write(protocol: Protocol) -> str:
    """The text of a register's file; `parse` reads the same protocol back."""
    lines = ["[protocol]", f"municipality = {_quoted(protocol.municipality)}", f"version = {_quoted(protocol.version)}"]
    for table, said in (("contact", protocol.contact), ("legal", protocol.legal)):
        if said:
            lines += ["", f"[{table}]"]
            lines += [f"{name} = [{', '.join(map(_quoted, one))}]" for name, one in said.items()]
    if protocol.names:
        lines += ["", "[names]", *(f"{name} = {_quoted(one)}" for name, one in protocol.names.items())]
    for one in protocol.rules.values():
        subject, _, short = one.name.partition(".")
        lines += ["", f"[{subject}.{_quoted(short)}]", f"clauses = [{', '.join(map(_quoted, one.clauses))}]"]
        texts = {"place": one.place, "sentence": one.sentence, "kept_by": one.kept_by.value}
        texts |= {name: text for name, text in (("help", one.help), ("interpretation", one.interpretation)) if text}
        lines += [f"{name} = {_quoted(text)}" for name, text in texts.items()]
        lines += [f"{_quoted(name)} = {number}" for name, number in one.numbers.items()]
        lines += [f"{_quoted(name)} = {_quoted(word)}" for name, word in one.choices.items()]
        lines += [f"{_quoted(name)} = [{', '.join(map(_quoted, words))}]" for name, words in one.lists.items()]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A basic string of TOML: JSON's escapes are among its own, and it wants one more."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
