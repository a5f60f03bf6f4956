"""No name or number of one municipality stands in the program: all of it is in a protocol file."""

import re
import tomllib
from pathlib import Path

import pytest

from beeldkluis.protocol import options
from beeldkluis.protocol.naming import NAMES as ROLES
from beeldkluis.protocol.naming import STANDARD
from beeldkluis.protocol.reading import CONTACT
from beeldkluis.protocol.register import load
from tests.house.source import PACKAGE, ROOT

PROTOCOLS = ROOT / "protocols"
with (PROTOCOLS / "shipped.toml").open("rb") as _file:
    SHIPPED = tomllib.load(_file)
DEFAULTS = load(PROTOCOLS / SHIPPED["defaults"])
KINDS = (".py", ".html", ".typ", ".js", ".txt")
PARTS = [*PACKAGE.rglob("*"), *(ROOT / "frontend" / "src").rglob("*")]
SOURCES = sorted(path for path in PARTS if path.suffix in KINDS and "built" not in path.parts)
# The names of municipalities, the department and the places of one of them.
NAMES = [*(load(PROTOCOLS / name, DEFAULTS).municipality for name in SHIPPED["files"]), "Juridische", "Zuidhorn"]
OWN = re.compile(rf"\b({'|'.join(NAMES)})\b", re.IGNORECASE)
NUMBER = re.compile(  # a length of time as a sentence or a comment would say it
    r"(?<![\w.,:-])(28|120|10|14|21|42|60)\s+(dagen|seconden|days of|weken bewaard)"
)


@pytest.mark.parametrize("room", sorted({path.relative_to(ROOT).parts[2] for path in SOURCES}))
def test_no_name_of_a_municipality_stands_in_the_program(room: str) -> None:
    mine = [path for path in SOURCES if path.relative_to(ROOT).parts[2] == room]
    assert mine
    assert not [path.name for path in mine if OWN.search(path.read_text(encoding="utf-8"))]


def test_no_page_and_no_letter_writes_a_term_itself() -> None:
    written = [path for path in SOURCES if path.suffix in (".html", ".typ")]
    assert len(written) > 80
    assert not [(path.name, found[0]) for path in written if (found := NUMBER.search(path.read_text(encoding="utf-8")))]


def test_a_planted_name_or_number_is_found() -> None:
    assert OWN.search('TITLE = "teammanager Veiligheid en Juridische zaken"')
    assert OWN.search("gemeente westerkwartier")
    assert NUMBER.search("<p>Precies 28 dagen na het einde</p>")


def test_the_standard_words_are_no_municipality_s_own() -> None:
    assert not [word for word in STANDARD.values() if OWN.search(word)]


# Programs that run without a protocol file: they cannot know what a municipality calls a role.
WITHOUT_A_FILE = ("dock", "camera", "film", "masking", "sealed")
ROLE = re.compile(rf"\b({'|'.join(STANDARD.values())})\b", re.IGNORECASE)


@pytest.mark.parametrize("package", WITHOUT_A_FILE)
def test_a_program_without_a_file_names_no_role(package: str) -> None:
    mine = [path for path in SOURCES if path.is_relative_to(PACKAGE / package)]
    assert mine
    assert not [(path.name, found[0]) for path in mine if (found := ROLE.search(path.read_text(encoding="utf-8")))]


def test_every_file_that_is_shipped_is_complete_with_the_defaults() -> None:
    assert {one.name for one in Path(PROTOCOLS).glob("*.toml")} >= set(SHIPPED["files"])
    for name in SHIPPED["files"]:
        assert load(PROTOCOLS / name, DEFAULTS).rules.keys() <= DEFAULTS.rules.keys()


def test_the_page_for_who_writes_a_file_names_every_key_and_its_default() -> None:
    text = (ROOT / "docs" / "another-municipality.md").read_text(encoding="utf-8")
    words = [*CONTACT, *ROLES, *options.LEGAL, *(one for known in options.LEGAL.values() for one in known)]
    words += [word for known in options.LISTS.values() for word in known.may]
    words += [key for rule, key in (*options.LISTS, *options.CHOICES)]
    assert not [word for word in words if f"`{word}`" not in text and f'`"{word}"`' not in text]
    rows = re.findall(r"^\| `([a-z.-]+)` \| `(\w+)` \| (\d+)", text, re.MULTILINE)
    assert len(rows) > 7
    for rule, key, number in rows:
        assert DEFAULTS.number(rule, key) == int(number), rule
    assert all(f"`{name}`" in text for name in SHIPPED["files"])
