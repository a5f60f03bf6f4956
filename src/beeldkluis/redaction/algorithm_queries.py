"""What the public algorithm register asks of the program that finds people: from the model cards and what was measured."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string

from beeldkluis import masking
from beeldkluis.protocol.naming import own_words
from beeldkluis.protocol.presence import required
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.register import Protocol
from beeldkluis.redaction import own_detector_queries

HERE = Path(masking.__file__).parent
CARDS, MEASURED = HERE / "cards", HERE / "measured.toml"
_FACT = re.compile(r"^- \*\*(?P<name>[^*]+)\*\*: (?P<text>.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Card:
    """One model: its name, and what its card says, in the card's order and words."""

    title: str
    facts: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured: words about how, and tables with a row of texts for each variant; nothing when nobody measured yet."""

    about: Sequence[tuple[str, str]] = ()
    tables: Sequence[tuple[str, Sequence[str], Sequence[Sequence[str]]]] = ()


def cards(folder: Path = CARDS) -> Sequence[Card]:
    """The cards of the models that come with the program, by file name."""
    return [_card(one.read_text(encoding="utf-8")) for one in sorted(folder.glob("*.md"))]


def _own() -> Sequence[Card]:
    """The detector that the municipality added."""
    own = own_detector_queries.card()
    return [Card(*own)] if own is not None else []


def _card(text: str) -> Card:
    title = text.partition("\n")[0].removeprefix("# ").strip()
    return Card(title, [(one["name"], one["text"]) for one in _FACT.finditer(text)])


def figures(file: Path = MEASURED) -> Figures:
    """What `make measure-redaction` wrote. A ValueError for a file that is no TOML."""
    if not file.exists():
        return Figures()
    told = tomllib.loads(file.read_text(encoding="utf-8"))
    about = [(name, _written(value)) for name, value in told.items() if not isinstance(value, list | dict)]
    return Figures(about, [_table(name, rows) for name, rows in told.items() if isinstance(rows, list) and rows])


def _table(name: str, rows: Sequence[Mapping[str, Any]]) -> tuple[str, Sequence[str], Sequence[Sequence[str]]]:
    columns = list(dict.fromkeys(key for row in rows for key in row))
    return name, columns, [[_written(row.get(key, "")) for key in columns] for row in rows]


def _written(value: object) -> str:
    """A number as Dutch writes it."""
    return str(value).replace(".", ",") if isinstance(value, float) else str(value)


def entry(protocol: Protocol, *, folder: Path = CARDS, measured: Path = MEASURED) -> str:
    """The entry for the algorithm register, as text with headings, in the words of this municipality."""
    present = [one.dutch for one in sorted(required(Purpose.REDACT, protocol))]
    told = {
        "municipality": protocol.municipality,
        "version": protocol.version,
        "controller": protocol.legal.get("controller", ()),
        "basis": protocol.legal.get("basis", ()),
        "contact": (*protocol.contact.get("dpo", ()), *protocol.contact.get("website", ())),
        "present": present,
        "every": protocol.choice("redaction.second-look", "copies", "leaving") == "every",
        "cards": [*_own(), *cards(folder)],
        "figures": figures(measured),
    }
    return own_words(render_to_string("redaction/algorithm.md", told))
