"""Text that nobody can have meant to type: cleaned or refused at each door, and kept alike on SQLite and PostgreSQL."""

import base64
import importlib
import json
import os
import pkgutil
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import BaseForm
from django.test import Client
from hypothesis import example, given
from hypothesis import strategies as st
from tests.house.source import PACKAGE
from tests.vault.postgres import POSTGRES, postgres
from tests.web.everything import DOCK, SYSTEM, World, everything

import beeldkluis
from beeldkluis.cases.models import Case
from beeldkluis.intake.models import AxisContainer, Upload
from beeldkluis.journal.text import INVISIBLE, clean, is_whole, read_json
from beeldkluis.journal.typed import Form, ReadsCleanly, possible
from beeldkluis.people.models import Officer
from beeldkluis.protocol.roles import Role
from beeldkluis.viewing.models import Marker

__all__ = ["postgres"]  # a fixture
ROOT = Path(__file__).parents[2]
PASTED = "\u202aJan\u202c de\u00a0Boer\u200e\0\x1b"
ANY = st.text(st.characters(exclude_categories=()), max_size=40)


@pytest.fixture
def world(db: None, tmp_path: Path, settings: Any) -> World:
    return everything(tmp_path, settings)


@given(text=ANY, lines=st.booleans())
@example(text="a\r\nb\u2028c\u2029d\x85e\x0bf", lines=True)
@example(text="e\u200b\u0301", lines=False)
def test_what_is_left_can_be_kept_and_shown_and_is_cleaned_once(text: str, lines: bool) -> None:
    left = clean(text, lines=lines)
    assert is_whole(left.replace("\t", ""), lines=lines)
    assert not set(left) & set("\u00ad\u200b\u200e\u202e\u2066\ufeff\u2028\u2029\u00a0")
    assert left.encode().decode() == left
    assert unicodedata.is_normalized("NFC", left)
    assert clean(left, lines=lines) == left


def test_words_stay_as_they_are() -> None:
    for text in ("Fryslân, 't Hoge Noorden 1/2", "S\u0327 😀 Ελλάδα", "een\ttwee"):
        assert clean(text) == unicodedata.normalize("NFC", text)
    assert clean("a\r\nb\n\nc", lines=True) == "a\nb\n\nc"
    assert clean("Markt\u2028bij nr. 5") == "Markt bij nr. 5"
    assert clean("Hoofdstraat\u202f12") == "Hoofdstraat 12"
    assert INVISIBLE


@pytest.mark.parametrize("body", [b"[" * 100_000, b"{", b"\xff", b"\0", b'"\\ud8'])
def test_json_that_cannot_be_read_is_refused_in_one_way(body: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_json(body)


def test_json_is_read_as_it_was_meant() -> None:
    assert read_json(b'{"a\\u0000": ["x\\ud800\\u202ey", 1, null]}') == {"a": ["xy", 1, None]}


def forms_of_the_house() -> list[type[BaseForm]]:
    for module in pkgutil.walk_packages(beeldkluis.__path__, "beeldkluis."):
        if module.name.endswith("forms"):
            importlib.import_module(module.name)
    found, waiting = [], [BaseForm]
    while waiting:
        for one in waiting.pop().__subclasses__():
            waiting.append(one)
            found += [one] if one.__module__.startswith("beeldkluis.") else []
    return found


def test_every_form_of_the_house_reads_cleanly() -> None:
    """A form that somebody adds and that takes text as it comes is found here."""
    found = forms_of_the_house()
    assert len(found) > 40
    assert [one.__qualname__ for one in found if not issubclass(one, ReadsCleanly)] == []


def test_bodies_are_read_by_the_two_readers_that_know_what_a_database_keeps() -> None:
    readers = {
        "journal/text.py",
        "devices/dock_views.py",
        "jobs/lent_key.py",
    }  # the last reads what only a worker can open
    found = {
        path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py")
        if "json.loads(request.body" in path.read_text() or "json.loads(body" in path.read_text()
    }  # fmt: skip
    assert found <= readers, found - readers


def test_a_day_ages_away_is_sent_back_with_words() -> None:
    from_ages = {"number": "9", "name": "x", "employment": "own", "since": "0001-01-01T00:00"}
    officer = importlib.import_module("beeldkluis.people.forms").OfficerForm
    assert officer(from_ages).errors["since"] == ["Dit jaar kan niet kloppen. Kijk de datum na."]
    assert officer(from_ages | {"since": "9999-12-31T23:59"}).errors["since"]
    assert officer(from_ages | {"since": "1985-04-01T08:00"}).is_valid()
    assert callable(possible)
    assert issubclass(officer, Form)


def test_what_comes_in_by_each_door_is_kept_as_it_was_meant(world: World) -> None:
    """Run on both databases: the same expectations hold on each."""
    manager, dpo = world.browser(Role.TEAM_MANAGER), world.browser(Role.DPO)
    asked = {"kind": "access", "received_by_channel": "letter", "requester_name": PASTED, "place": "Markt\u2028bij nr. 5",
             "requester_address": "Hoofdstraat\u202f12\r\nhoog", "description": "rood\r\njasje\0"}  # fmt: skip
    assert dpo.post("/verzoeken/nieuw/?kind=access", asked).status_code == 302
    made = Case.objects.order_by("-reference")[0]
    assert (made.requester_name, made.place, made.requester_address) == (
        "Jan de Boer",
        "Markt bij nr. 5",
        "Hoofdstraat 12 hoog",
    )
    assert made.description == "rood\njasje"

    mail = f"From: {PASTED} <jan@example.nl>\r\nSubject: =?utf-8?q?a=E2=80=AEb=00?=\r\n\r\na\0b\r\n"
    paper = SimpleUploadedFile("a\u202e.eml", mail.encode())
    assert (
        dpo.post("/verzoeken/nieuw/", {"kind": "access", "received_by_channel": "email", "paper": paper}).status_code
        == 302
    )
    made = Case.objects.order_by("-reference")[0]
    assert (made.requester_name, made.told) == ("Jan de Boer", "ab\n\nab")

    assert world.opened is not None
    (clip,) = world.opened.headers
    note = {"clip": str(clip), "at_ms": 1, "note": PASTED}
    sent = manager.post(
        f"/inzien/{world.opened.opening.pk}/markering/", json.dumps(note), content_type="application/json"
    )
    assert sent.status_code == 200
    assert Marker.objects.order_by("-pk")[0].note == "Jan de Boer"

    told = {
        "Tus-Resumable": "1.0.0",
        "Upload-Length": "5",
        "Upload-Metadata": f"na\u00adme {base64.b64encode(b'a%cb' % 0).decode()}",
    }
    place = world.browser(DOCK).post("/intake/v1/uploads", headers=told)["Location"]
    assert Upload.objects.get(pk=UUID(place.rpartition("/")[2])).metadata["name"] == "ab"

    told |= {"Upload-Metadata": "name \xe9"}
    assert world.browser(DOCK).post("/intake/v1/uploads", headers=told).status_code == 400

    system = world.browser(SYSTEM)
    address = f"/axis/v1/{world.named['account'][0]}/Users"
    assert system.post(address, headers={"X-Container-Meta-Owner": "a%00b%E2%80%AEc%0Ad"}).status_code == 204
    assert AxisContainer.objects.get(name="Users").metadata["owner"] == "abc d"

    seen = {
        "serial": "S\0",
        "slot": "1",
        "volume_id": "v",
        "dock_time": "2026-10-05T10:00:00Z",
        "files": 0,
        "free_bytes": 0,
    }
    assert (
        world.browser(DOCK).post("/dock/v1/docked", json.dumps(seen), content_type="application/json").status_code
        == 400
    )


@pytest.mark.parametrize("word", ["%00", "2026%00", "%ED%A0%80", "%E2%80%AE", "%0a"])
def test_a_search_an_address_and_a_cookie_with_nul_are_no_fault(world: World, word: str) -> None:
    """A stranger, and an insider, with what a database would stumble over outside any form."""
    manager = world.browser(Role.TEAM_MANAGER)
    for path in (
        f"/logboek/?zaak={word}&opname={word}&pagina={word}",
        f"/loglijst/?versie={word}",
        f"/opnames/?van={word}&pagina={word}",
    ):
        assert manager.get(path).status_code in (200, 404), path
    for path in (
        f"/verzoeken/{word}/",
        f"/bodycams/{word}/",
        f"/handhavers/{word}/adres/",
        f"/protocol/{word}/",
        f"/kiosk/{word}/",
    ):
        assert manager.get(path).status_code in (403, 404), path
    for name in ("sessionid", "csrftoken", "beeldkluis_screen", "beeldkluis_visit", "messages"):
        browser = Client(headers={"cookie": f'{name}="a\\000b"'})
        assert browser.get("/").status_code == 302
        assert browser.get("/kiosk/mijn/").status_code in (302, 403)


def test_a_password_is_hashed_as_it_was_typed(world: World) -> None:
    """What was chosen with a strange letter before must go on to fit."""
    person = world.people[Role.DPO]
    person.set_password("paarden\u200blopen e\u0301\u00a0kanaal")
    person.save()
    typed = {"login": f"\u200b{person.email}\ufeff", "password": "paarden\u200blopen e\u0301\u00a0kanaal"}
    assert Client().post("/accounts/login/", typed)["Location"] == "/accounts/2fa/authenticate/"
    assert Officer.objects.exists()


def test_what_is_no_sealed_key_is_sent_back(world: World) -> None:
    """The team manager's browser with letters in what must be base64: not understood, and no fault."""
    manager, deputy = world.browser(Role.TEAM_MANAGER), world.people[Role.DEPUTY]
    for sealed in ("é", "\ufffd", "a", "***"):
        body = json.dumps({"sealed_identity": sealed})
        assert manager.post(f"/sleutels/kopie/{deputy.pk}/", body, content_type="application/json").status_code == 400


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.parametrize("which", ["each_door or no_fault", "answers_500"], ids=["doors", "garbage"])
def test_the_same_holds_on_postgresql(postgres: int, which: str) -> None:
    """The doors and the garbage once more, over a real PostgreSQL, which refuses NUL where SQLite keeps it."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "BEELDKLUIS"))}
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "tests/web/test_strange_text.py",
         "tests/web/test_garbage.py", "-k", which, "-m", "not postgres"],
        cwd=ROOT, env=env | {"BEELDKLUIS_TEST_DATABASE": f"postgres://tests@127.0.0.1:{postgres}/tests"},
        capture_output=True, text=True, check=False, timeout=550,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-5000:]
    assert " passed" in run.stdout
    assert POSTGRES.exists()
