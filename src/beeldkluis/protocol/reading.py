"""How each part of a protocol file is read and held against what the program knows; what is wrong is said for whoever wrote it.

Every error names the table, the key, what stands there and what may. `with_line` finds the line.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from beeldkluis.protocol.homes import RegisterError
from beeldkluis.protocol.naming import LONGEST, NAMES, PLURALS, STANDARD
from beeldkluis.protocol.never import Never, reason_of, refusal, rules_of_never
from beeldkluis.protocol.options import CHOICES, LEGAL, LEGAL_LINES, LISTS, NAMED, allowed_of

CONTACT = ("postal", "email", "phone", "website", "objection", "public_records", "room", "dpo", "requests")
TEXTS = {"clauses", "place", "sentence", "kept_by", "help", "interpretation"}


class FaultError(RegisterError):
    """What is wrong in a file, in `table` at `key` (empty: the table itself)."""

    def __init__(self, table: str, key: str, what: str) -> None:
        super().__init__(f"[{table}] {key}: {what}" if key else f"[{table}]: {what}")
        self.table, self.key = table, key


def with_line(fault: RegisterError, text: str, name: str) -> RegisterError:
    """The same, with the file and the line (from 1) where it stands, when that can be found."""
    if not isinstance(fault, FaultError):
        return RegisterError(f"{name}: {fault}")
    inside, at, line = fault.table == "", 0, 0
    before_any = True
    for number, one in enumerate(text.splitlines(), start=1):
        if head := re.match(r"\s*\[+\s*([^]]+?)\s*\]+", one):
            named, before_any = head[1].replace('"', "").replace("'", ""), False
            inside = named == fault.table
            line = number if inside or (not line and named == f"{fault.table}.{fault.key}") else line
        said = re.match(r"\s*[\"']?([\w-]+)[\"']?\s*=", one)
        if said and ((inside and said[1] == fault.key) or (before_any and said[1] == fault.table)):
            at = at or number
    where = f"{name}, regel {at or line}" if at or line else name
    return RegisterError(f"{where}: {fault}")


def _words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _either(words: tuple[str, ...]) -> str:
    return ", ".join(f'"{one}"' for one in words)


def contact(table: object) -> dict[str, tuple[str, ...]]:
    """How to reach the municipality: each a text or a list of lines. Nothing has to be there."""
    if not isinstance(table, dict) or not table.keys() <= set(CONTACT):
        raise FaultError("contact", "", f"hier mag staan: {', '.join(CONTACT)}.")
    return {key: _lines("contact", key, value) for key, value in table.items()}


def _lines(table: str, key: str, value: object) -> tuple[str, ...]:
    lines = [value] if isinstance(value, str) else value
    if not isinstance(lines, list) or not _words(lines):
        raise FaultError(table, key, "dit is geen tekst en geen lijst van regels.")
    return tuple(one for one in lines if one.strip())


def legal(table: object) -> dict[str, tuple[str, ...]]:
    """What the law wants to be named: regime and ground, each a word (as a text or as a list of one line), and texts such as who
    is responsible.
    """
    may = ", ".join((*LEGAL, *LEGAL_LINES))
    if not isinstance(table, dict):
        raise FaultError("legal", "", f"hier mag staan: {may}.")
    found: dict[str, tuple[str, ...]] = {}
    for key, value in table.items():
        if key in LEGAL_LINES:
            found[key] = _lines("legal", key, value)
            continue
        if key not in LEGAL:
            raise FaultError("legal", key, f"dit kent het programma niet. Hier mag staan: {may}.")
        word = value[0] if isinstance(value, list) and len(value) == 1 else value
        if word not in LEGAL[key]:
            raise FaultError("legal", key, f'"{word}" kan hier niet. Kies uit: {_either(LEGAL[key])}.')
        found[key] = (str(word),)
    return found


def names(table: object) -> dict[str, str]:
    """What the municipality calls the roles: short texts that fit after "de"."""
    if not isinstance(table, dict):
        raise FaultError("names", "", f"hier mag staan: {', '.join(NAMES)}.")
    for key, value in table.items():
        if key not in NAMES:
            raise FaultError("names", key, f"deze naam kent het programma niet. Hier mag staan: {', '.join(NAMES)}.")
        if not isinstance(value, str) or not value.strip() or len(value) > LONGEST or not value.isprintable():
            raise FaultError("names", key, f"dit is geen naam van 1 tot {LONGEST} letters op één regel.")
        if marks := sorted(set(value) & set('<>&"#$\\@*_`[]{}')):
            raise FaultError("names", key, f"een naam heeft letters, en geen tekens zoals {marks[0]}")
        if (strange := STANDARD.get(key, value)) != value and value.lower() in STANDARD.values():
            raise FaultError("names", key, f'"{value}" is in dit programma een andere rol dan de {strange}.')
    for one, many in PLURALS.items():
        if (one in table) is not (many in table):
            here, lacks = (one, many) if one in table else (many, one)
            raise FaultError("names", here, f"noem dan ook `{lacks}`: enkelvoud en meervoud horen bij elkaar.")
    roles = [value.lower() for key, value in table.items() if key in STANDARD]
    if twice := sorted({one for one in roles if roles.count(one) > 1}):
        raise FaultError("names", "", f'twee rollen heten "{twice[0]}". Geef elke rol een eigen naam.')
    return {key: " ".join(value.split()) for key, value in table.items()}


@dataclass(frozen=True, slots=True)
class Options:
    """What one rule's table says beside its texts: whole numbers, named choices and lists."""

    numbers: dict[str, int]
    choices: dict[str, str]
    lists: dict[str, tuple[str, ...]]


def options(name: str, table: Mapping[str, object]) -> Options:
    """The numbers, choices and lists of a rule, each held against what the program knows of it."""
    found = Options({}, {}, {})
    for key, value in table.items():
        if key in TEXTS:
            continue
        if (name, key) in NAMED:
            found.numbers[key] = _named(name, key, value)
        elif (name, key) in CHOICES:
            found.choices[key] = _choice(name, key, value)
        elif (name, key) in LISTS:
            found.lists[key] = _list(name, key, value)
        elif isinstance(value, str | list):
            raise FaultError(name, key, f"dit kan hier niet staan. {allowed_of(name)}")
        elif type(value) is not int or value < 0:
            raise FaultError(name, key, "dit is geen heel getal van nul of meer.")
        else:
            found.numbers[key] = value
    return found


def _choice(name: str, key: str, value: object) -> str:
    if value not in (known := CHOICES[name, key]):
        raise FaultError(name, key, f'"{value}" is geen keuze. Kies uit: {_either(known)}.')
    return str(value)


def _named(name: str, key: str, value: object) -> int:
    """A choice that the program counts with: its number, which a file may say as well."""
    known = NAMED[name, key]
    if isinstance(value, str) and value in known:
        return known.index(value) + 1
    if type(value) is int and 0 < value <= len(known):
        return value
    raise FaultError(name, key, f'"{value}" is geen keuze. Kies uit: {_either(known)}.')


def _list(name: str, key: str, value: object) -> tuple[str, ...]:
    known = LISTS[name, key]
    if not isinstance(value, list) or not _words(value):
        raise FaultError(name, key, f"dit is geen lijst van woorden. Kies uit: {_either(known.may)}.")
    if strange := [one for one in value if one not in known.may]:
        raise FaultError(name, key, f'"{strange[0]}" kan hier niet. Kies uit: {_either(known.may)}.')
    if lacking := [one for one in known.must if one not in value]:
        raise FaultError(name, key, f'"{lacking[0]}" kan niet weg. Altijd nodig: {_either(known.must)}.')
    return tuple(one for one in known.may if one in value)


def refuse_never(document: Mapping[str, Any]) -> None:
    """FaultError when a file asks for something that this system never does, under whatever key, or loosens what says so."""
    wishes = {one.value: one for one in Never}
    for table, key, word in _said(document, ""):
        if (wish := wishes.get(word.strip().lower().replace("-", "_").replace(" ", "_"))) is not None:
            raise FaultError(
                table or key, key if table else "", f"{refusal(wish).reason} Geen protocol kan dit aanzetten."
            )
    for name in rules_of_never():
        subject, _, short = name.partition(".")
        group = document.get(subject)
        own = group.get(short, {}) if isinstance(group, dict) else {}
        if not isinstance(own, dict):
            continue
        if more := sorted(own.keys() - TEXTS):
            raise FaultError(name, more[0], f"{reason_of(name)} Geen protocol kan dit veranderen.")
        if own.get("kept_by", "software") != "software":
            raise FaultError(
                name, "kept_by", f"{reason_of(name)} Dit houdt het programma, en geen protocol kan dat uitzetten."
            )


def _said(value: Any, table: str) -> Iterator[tuple[str, str, str]]:
    """Every key, and every word in a list or choice, with the table and the key where it stands."""
    for key, inner in value.items():
        yield table, key, key
        if isinstance(inner, dict):
            yield from _said(inner, f"{table}.{key}" if table else key)
        elif key not in TEXTS:
            yield from (
                (table, key, one) for one in (inner if isinstance(inner, list) else [inner]) if isinstance(one, str)
            )
