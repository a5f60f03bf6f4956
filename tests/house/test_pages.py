"""Every address is asked for by a test, and every page keeps the strict content security policy."""

import re
from pathlib import Path

import pytest

from tests.house.asked import addresses, asking_tests, not_asked_for
from tests.house.source import PACKAGE, parse

PAGES = sorted(PACKAGE.rglob("templates/**/*.html"))
ADDRESSES = list(addresses())
NOT_ASKED_FOR = set(not_asked_for(ADDRESSES, asking_tests()))
CLOSING = [("zaken/<str:x>/sluiten/", "cases:close"), ("inzien/<uuid:y>/sluiten/", "viewing:close")]


@pytest.mark.parametrize(
    ("test", "missing"),
    [
        ("client.get('/zaken/1/sluiten/')", ["inzien/<uuid:y>/sluiten/"]),
        ("at = '/zaken/1/'\nclient.get(f'{at}sluiten/')", ["inzien/<uuid:y>/sluiten/"]),
        ("def at(case):\n    return f'/zaken/{case}/'\nclient.get(at(1) + 'sluiten/')", ["inzien/<uuid:y>/sluiten/"]),
        ("for at in ('/zaken/1/sluiten/', '/inzien/2/sluiten/'):\n    client.get(at)", []),
        ("client.post(reverse('viewing:close', args=[1]))", ["zaken/<str:x>/sluiten/"]),
        ("client.get(f'{at}sluiten/')", ["zaken/<str:x>/sluiten/", "inzien/<uuid:y>/sluiten/"]),
        ("client.get('/zaken/')", ["zaken/<str:x>/sluiten/", "inzien/<uuid:y>/sluiten/"]),
        ("assert '/zaken/1/sluiten/' in page", ["zaken/<str:x>/sluiten/", "inzien/<uuid:y>/sluiten/"]),
        ("page.startswith('/zaken/1/sluiten/')", ["zaken/<str:x>/sluiten/", "inzien/<uuid:y>/sluiten/"]),
        ("assert told == 'viewing:close'", ["zaken/<str:x>/sluiten/", "inzien/<uuid:y>/sluiten/"]),
    ],
)
def test_an_address_is_proven_only_by_its_own_path_or_name(test: str, missing: list[str]) -> None:
    assert not_asked_for(CLOSING, [parse("tests/cases/planted.py", test)]) == missing


@pytest.mark.parametrize(("address", "name"), ADDRESSES, ids=[address for address, _ in ADDRESSES])
def test_a_test_asks_for_the_address(address: str, name: str) -> None:
    assert address not in NOT_ASKED_FOR, f"no test asks for /{address} by its whole path, nor for {name} by its name"


def name_of(path: Path) -> str:
    return path.as_posix().rpartition("templates/")[2]


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_no_page_carries_script_or_style_inside_or_from_elsewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son\w+=\"|javascript:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text)
    assert "|safe" not in text or "help_text|safe" in text
