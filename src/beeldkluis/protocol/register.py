"""The register: every rule of one municipality's protocol, with its place and its number.

One toml file per municipality and version (protocols/*.toml). Python says how a rule works, the file says
what the number is and where the protocol asks it.
"""

import json
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import TypeVar


class KeptBy(StrEnum):
    """Who keeps a rule."""

    SOFTWARE = "software"
    PEOPLE = "people"
    NOT_YET = "not yet"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: name, clause ids, place in the protocol's text, one sentence of our own (Dutch), who keeps it,
    what the program does to help where people keep it, and the numbers it sets (name -> whole number with its unit in
    the name: days, hours, seconds, minutes).
    """

    name: str
    clauses: tuple[str, ...]
    place: str
    sentence: str
    kept_by: KeptBy
    help: str
    interpretation: str
    numbers: Mapping[str, int]


class RegisterError(Exception):
    """The protocol file is incomplete or says something the program does not understand."""


@dataclass(frozen=True, slots=True)
class Protocol:
    """A municipality's protocol in force: its rules by name."""

    municipality: str
    version: str
    rules: Mapping[str, Rule]
    contact: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # how to reach the municipality: name -> lines
    legal: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # what the law wants to be named: name -> lines

    def number(self, rule: str, name: str) -> int:
        """The number `name` of `rule`; RegisterError when the file does not set it."""
        try:
            return self.rules[rule].numbers[name]
        except KeyError:
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


_TEXTS = {"clauses", "place", "sentence", "kept_by", "help", "interpretation"}


def _rule(name: str, table: Mapping[str, object]) -> Rule:
    clauses = table.get("clauses")
    numbers = {key: value for key, value in table.items() if key not in _TEXTS}
    if not isinstance(clauses, list) or not clauses:
        raise RegisterError(f"rule {name} names no clause")
    if wrong := [key for key, value in numbers.items() if type(value) is not int or value < 0]:
        raise RegisterError(f"rule {name}: {', '.join(wrong)} is no whole number of zero or more")
    try:
        kept_by = KeptBy(str(table["kept_by"]))
        place, sentence = str(table["place"]), str(table["sentence"])
    except (KeyError, ValueError) as error:
        raise RegisterError(f"rule {name} lacks or misspells {error}") from error
    text = {key: str(table.get(key, "")) for key in ("help", "interpretation")}
    if kept_by is KeptBy.PEOPLE and not text["help"]:
        raise RegisterError(f"rule {name} is kept by people: say in `help` what the program does for them, or nothing")
    known = {str(key): int(str(value)) for key, value in numbers.items()}
    return Rule(name, tuple(map(str, clauses)), place, sentence, kept_by, text["help"], text["interpretation"], known)


def load(path: Path) -> Protocol:
    """Read a protocol file. Raises RegisterError on anything that is missing or not understood."""
    return parse(path.read_text(encoding="utf-8"), path.name)


def parse(text: str, name: str) -> Protocol:
    """A register from the text of its file; `name` stands in what RegisterError says."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RegisterError(f"{name}: {error}") from error
    head = document.pop("protocol", None)
    if not isinstance(head, dict) or not {"municipality", "version"} <= head.keys():
        raise RegisterError(f"{name}: [protocol] with municipality and version is missing")
    contact = _lines(document.pop("contact", {}), "contact", CONTACT, name)
    legal = _lines(document.pop("legal", {}), "legal", LEGAL, name)
    rules: dict[str, Rule] = {}
    for subject, group in document.items():
        for short, table in group.items() if isinstance(group, dict) else ():
            if not isinstance(table, dict):
                raise RegisterError(f"{name}: {subject}.{short} is no rule")
            rules[f"{subject}.{short}"] = _rule(f"{subject}.{short}", table)
    return Protocol(str(head["municipality"]), str(head["version"]), rules, contact, legal)


CONTACT = ("postal", "email", "phone", "website", "objection", "public_records", "room", "dpo")
LEGAL = ("controller", "basis", "purposes", "regime", "selection_list", "category", "destruction")


def _lines(table: object, part: str, known: Sequence[str], name: str) -> dict[str, tuple[str, ...]]:
    """A table of texts, each a text or a list of lines. Nothing has to be there."""
    if not isinstance(table, dict) or not table.keys() <= set(known):
        raise RegisterError(f"{name}: [{part}] may say {', '.join(known)}")
    found = {}
    for key, value in table.items():
        lines = [value] if isinstance(value, str) else value
        if not isinstance(lines, list) or not all(isinstance(one, str) for one in lines):
            raise RegisterError(f"{name}: {part} {key} is no text and no list of lines")
        found[key] = tuple(one for one in lines if one.strip())
    if found.get("regime", ("avg",)) not in {("avg",), ("wpg",)}:
        raise RegisterError(f"{name}: regime is avg or wpg")
    return found


def write(protocol: Protocol) -> str:
    """The text of a register's file; `parse` reads the same protocol back."""
    lines = ["[protocol]", f"municipality = {_quoted(protocol.municipality)}", f"version = {_quoted(protocol.version)}"]
    for part, texts_of_part in (("contact", protocol.contact), ("legal", protocol.legal)):
        if texts_of_part:
            lines += ["", f"[{part}]"]
            lines += [f"{name} = [{', '.join(map(_quoted, one))}]" for name, one in texts_of_part.items()]
    for one in protocol.rules.values():
        subject, _, short = one.name.partition(".")
        lines += ["", f"[{subject}.{_quoted(short)}]", f"clauses = [{', '.join(map(_quoted, one.clauses))}]"]
        texts = {"place": one.place, "sentence": one.sentence, "kept_by": one.kept_by.value}
        texts |= {name: text for name, text in (("help", one.help), ("interpretation", one.interpretation)) if text}
        lines += [f"{name} = {_quoted(text)}" for name, text in texts.items()]
        lines += [f"{_quoted(name)} = {number}" for name, number in one.numbers.items()]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A basic string of TOML: JSON's escapes are among its own, and it wants one more."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


_Function = TypeVar("_Function", bound=Callable[..., object])
HOMES: dict[str, Callable[..., object]] = {}


def rule(*names: str) -> Callable[[_Function], _Function]:
    """Mark the one function that keeps these rules. A second home for a rule is an error at import."""

    def mark(function: _Function) -> _Function:
        for name in names:
            if name in HOMES:
                raise RegisterError(
                    f"rule {name} has two homes: {HOMES[name].__qualname__} and {function.__qualname__}"
                )
            HOMES[name] = function
        return function

    return mark
