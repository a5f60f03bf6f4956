"""Every address is asked for by a test, and every page keeps the strict content security policy."""

import re
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.house.source import PACKAGE
from tests.house.source import test_modules as modules_of_tests

PAGES = sorted(PACKAGE.rglob("templates/**/*.html"))
OTHERS_OWN = ("accounts/",)  # pages of the log-in package, shown by tests/web through its own names


def _addresses(patterns: list[URLPattern | URLResolver], before: str, space: str) -> list[tuple[str, str]]:
    found = []
    for one in patterns:
        here = before + str(one.pattern)
        if isinstance(one, URLResolver):
            found += _addresses(one.url_patterns, here, one.namespace or space)
        else:
            found.append((here, f"{space}:{one.name}"))
    return found


ADDRESSES = [
    (address, name) for address, name in _addresses(get_resolver().url_patterns, "", "")
    if not address.startswith(OTHERS_OWN)
]  # fmt: skip
TESTS = "\n".join(module.text for module in modules_of_tests() if not module.name.startswith("tests/house/"))


def is_asked_for(address: str, name: str, tests: str) -> bool:
    """Does a test name the address, or the piece of it after (else before) what varies?"""
    pieces = re.split(r"<[^>]+>", address)
    tail = pieces[-1].lstrip("/") or pieces[0]
    return f'"{name}"' in tests or f"{tail}" in tests


def test_an_address_that_no_test_asks_for_is_found() -> None:
    assert is_asked_for("zaken/<str:x>/sluiten/", "cases:close", 'client.get(f"{at}sluiten/")')
    assert is_asked_for("zaken/<str:x>/", "cases:case", 'client.get("/zaken/1/")')
    assert is_asked_for("zaken/", "cases:list", 'reverse("cases:list")')
    assert not is_asked_for("zaken/<str:x>/sluiten/", "cases:close", 'client.get("/zaken/")')


@pytest.mark.parametrize(("address", "name"), ADDRESSES, ids=[address for address, _ in ADDRESSES])
def test_a_test_asks_for_the_address(address: str, name: str) -> None:
    found = is_asked_for(address, name, TESTS)
    assert found


def name_of(path: Path) -> str:
    return path.as_posix().rpartition("templates/")[2]


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_no_page_carries_script_or_style_inside_or_from_elsewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son\w+=\"|javascript:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text)
    assert "|safe" not in text or "help_text|safe" in text
