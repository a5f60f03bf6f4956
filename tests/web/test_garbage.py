"""No address answers 500, whoever asks and whatever is sent; and what is kept of it is the same on both databases."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.web.everything import CALLERS, Address, World, addresses, everything, undone
from tests.web.test_reading import names_of_fields

from beeldkluis.protocol.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
STRANGE = (
    "\0", "a\0b\x01\x1b\x85c", "\u202eab\u200b\u2028\ufeff\u00ad", "\ud800", "x" * 4_000, "9" * 40, "-1", "1e999", "NaN",
    "１２３", "0001-01-01", "0001-01-01T00:00", "9999-12-31T23:59", "2026-02-30", "2026-10-25T02:30", "2026-03-29T02:30",
    "00000000-0000-0000-0000-000000000000", "{}", "[]", "null", "../../etc/passwd", "é́", "😀", "'\"<>&%s{0}",
)  # fmt: skip
DEEP = "[" * 20_000
BODIES = (
    "", "{", "[]", "null", "1", '"x"', DEEP, "\0", '{"a":' * 500 + "1" + "}" * 500,
    '{"spans": [1], "outcome": 3, "emergency": []}',
    json.dumps(dict.fromkeys(("note", "clip", "what", "sealed_identity", "headers", "team_recipient", "code", "name"), "\x00�")),
    '{"spans": [{"clip": 1, "start_ms": 1e400, "end_ms": null}], "at_ms": 9999999999999999999999, "clip": []}',
    '{"serial": "\\u0000", "slots": [null], "clips": [{}], "left": -1, "files": 99999999999999999999999, "receiver": "NaN"}',
)  # fmt: skip
WORDS = ("zaak", "opname", "pagina", "van", "tot", "versie", "kind", "n", "next", "serial")
SHUT = (401, 403, 404, 405)  # then somebody else may get further
OFTEN = ("x", "how", "number", "code", "proven", "kind")
TYPES = ("multipart/form-data", "application/x-www-form-urlencoded; charset=nonsense")
WORDS = ("zaak", "opname", "pagina", "van", "tot", "versie", "kind", "n", "next", "serial")
SHUT = (401, 403, 404, 405)  # then somebody else may get further
OFTEN = ("x", "how", "number", "code", "proven", "kind")
TYPES = (
    "multipart/form-data; boundary=x", "multipart/form-data", "text/plain; charset=utf-16", "x",
    "application/x-www-form-urlencoded; charset=nonsense",
)  # fmt: skip
SEARCHES = tuple(
    "?" + "&".join(f"{name}={value}" for name in WORDS)
    for value in ("%00a%ff%0d%0a", "9" * 40, "0001-01-01")
)  # fmt: skip


@pytest.fixture
def world(tmp_path: Path, settings: Any) -> World:
    return everything(tmp_path, settings)


def encoded(value: str) -> str:
    """As a browser cannot, and a program can, send half of a letter."""
    return value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def form(names: list[str], turn: int) -> dict[str, str]:
    """Every field with something strange, another one each turn."""
    return {name: encoded(STRANGE[(turn + place) % len(STRANGE)]) for place, name in enumerate(names)}


def tries(browser: Client, address: Address, page: HttpResponse, turn: int) -> Iterator[tuple[str, HttpResponse]]:
    """Everything that is sent to one address, each once. `page` is what GET gave; `turn` shifts what goes into which field."""
    path = address.path.partition("?")[0]
    is_page = "html" in page.get("Content-Type", "") and page.status_code == 200
    names = [one for one in names_of_fields(page.content.decode()) if one != "csrfmiddlewaretoken"] if is_page else []
    if page.status_code != 405:
        for search in SEARCHES:
            yield search, browser.get(path + search)
    for many in range(0, len(STRANGE), 6):
        typed = form(names or list(OFTEN), turn + many) | ({"kind": "access"} if "kind" in names else {})
        yield f"form {turn + many}", browser.post(path, typed)
    for place, body in enumerate(BODIES if not is_page else BODIES[:2]):
        yield f"JSON {place}", browser.post(path, body, content_type="application/json")
    for kind in TYPES:
        yield kind, browser.generic("POST", path, b"\xff\xfe\0--x\r\n", content_type=kind)
    for method in ("PUT", "NONSENSE"):
        yield method, browser.generic(method, path, b"\0\xff")


def broken(world: World, caller: Role | str, taken: set[str]) -> Iterator[str]:
    """Addresses that this caller can reach and that nobody before could; each answer of 500 or more, by address."""
    browser = world.browser(caller)
    for address in addresses(world):
        if address.name in taken:
            continue
        with undone(browser):
            page = browser.get(address.path)
            if page.status_code >= 500:
                yield f"{caller} GET {address.path}: {page.status_code}"
            if page.status_code in (401, 403, 404) or (page.status_code == 302 and "/login/" in page["Location"]):
                continue
        with undone(browser):
            for what, answer in tries(browser, address, page, len(taken)):
                if answer.status_code not in SHUT:
                    taken.add(address.name)
                if answer.status_code >= 500:
                    yield f"{caller} {what} {address.path}: {answer.status_code}"


def test_no_address_answers_500_to_whatever_is_sent(world: World) -> None:
    """A stranger and an insider in each role, with garbage for every search, form, body, method and type."""
    taken: set[str] = set()
    found = [one for caller in CALLERS for one in broken(world, caller, taken)]
    assert found == [], "\n".join(found)
    assert len(taken) > 150, "the walk met too few addresses to say anything"
