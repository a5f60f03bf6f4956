"""The dock's requests over HTTP, as docs/spec/dock.md describes them."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from beeldkluis.devices.actions import block_bodycam, make_enrolment_code, retire_dock
from beeldkluis.devices.models import Bodycam, Dock
from beeldkluis.journal.models import Entry
from beeldkluis.journal.signer import signer
from beeldkluis.people.models import Person
from beeldkluis.protocol.register import Protocol
from beeldkluis.sealed import age
from beeldkluis.sealed.errors import SealError
from beeldkluis.sealed.note import Signer
from beeldkluis.sealed.statement import verify
from tests.conftest import START
from tests.devices.conftest import Ask

ENROL, CONFIGURATION, DOCKED = "/dock/v1/enrol", "/dock/v1/configuration", "/dock/v1/docked"
SEEN = {
    "serial": "SIM-0007",
    "slot": "usb-1",
    "volume_id": "4a1c",
    "camera_time": "2026-10-01T09:59:58.500+02:00",
    "dock_time": "2026-10-01T08:00:00Z",
    "files": 3,
    "free_bytes": 12_000_000_000,
}
KIND = "beeldkluis.nl/configuration/v1"


def is_problem(answer: HttpResponse, status: int) -> str:
    """The sentence of a problem+json answer with this status."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body = json.loads(answer.content)
    assert body["status"] == status
    assert {"type", "title", "detail"} <= body.keys()
    return str(body["detail"])


@pytest.fixture
def enrol(client: Client, vault_folders: Path, at_start: datetime) -> Any:
    return lambda body: client.post(ENROL, body, content_type="application/json")


def test_a_dock_comes_in_and_learns_what_to_pin(enrol: Any, code: str, dock_key: Signer, keys: tuple[str, str]) -> None:
    answer = enrol({"code": f" {code.upper()} ", "name": " Zuidhorn ", "public_key": dock_key.vkey})
    assert answer.status_code == 201
    told = answer.json()
    dock = Dock.objects.get()
    assert told == {
        "dock": str(dock.pk),
        "token": told["token"],
        "vault_key": signer().vkey,
        "recipients": list(keys),
        "fingerprints": [age.fingerprint(one) for one in keys],
    }
    assert (dock.name, dock.public_key) == ("Zuidhorn", dock_key.vkey)


def test_before_there_are_keys_no_dock_comes_in_and_the_code_stays(enrol: Any, code: str, dock_key: Signer) -> None:
    body = {"code": code, "name": "Zuidhorn", "public_key": dock_key.vkey}
    assert "Maak ze eerst" in is_problem(enrol(body), 409)
    assert not Dock.objects.exists()


def test_a_wrong_code_is_a_no_with_its_rule(enrol: Any, dock_key: Signer, keys: tuple[str, str]) -> None:
    answer = enrol({"code": "onbekend", "name": "Leek", "public_key": dock_key.vkey})
    assert "onbekend" in is_problem(answer, 403)
    assert answer.json()["rule"] == "intake.automatic"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b'{"code":1,"name":"a","public_key":"b"}',
        b'{"code":"a","name":"  ","public_key":"b"}',
        b'{"code":"a","name":"' + b"n" * 61 + b'","public_key":"b"}',
        b'{"code":"a","name":"n\\u0000","public_key":"b"}',
        b'{"code":"\\ud800","name":"n","public_key":"b"}',
        b"[" * 60_000,
        b'{"code":"a","name":"n","public_key":"b","more":"' + b"x" * 70_000 + b'"}',
    ],
)
def test_an_application_of_another_shape_is_refused(enrol: Any, body: bytes, keys: tuple[str, str]) -> None:
    is_problem(enrol(body), 400)


def test_the_configuration_is_signed_by_the_vault(ask: Ask, keys: tuple[str, str], protocol: Protocol) -> None:
    answer = ask("GET", CONFIGURATION)
    note = answer.content.decode()
    assert answer["Content-Type"].startswith("text/plain")
    assert verify(KIND, note, signer().vkey) == {
        "time": "2026-10-01T08:00:00.000Z",
        "recipients": list(keys),
        "pre_event_seconds": 120,
        "protocol": f"{protocol.municipality} {protocol.version}",
    }
    with pytest.raises(SealError):
        verify(KIND, note.replace('"pre_event_seconds":120', '"pre_event_seconds":30'), signer().vkey)
    with pytest.raises(SealError):
        verify(KIND, note, Signer.generate(signer().verifier.name).vkey)


def test_a_camera_that_stands_in_a_dock_is_noted_with_its_clock(ask: Ask, bodycam: Bodycam) -> None:
    told = ask("POST", DOCKED, SEEN).json()
    assert told == {"known": True, "blocked": False, "label": "BC-0007", "time": "2026-10-01T08:00:00.000Z"}
    facts = json.loads(bytes(Entry.objects.get(act="devices.camera_docked").data))["facts"]
    assert (facts["clock_offset_ms"], facts["files"], facts["free_bytes"]) == (1500, 3, 12_000_000_000)


def test_a_camera_without_a_clock_has_no_offset(ask: Ask, bodycam: Bodycam) -> None:
    ask("POST", DOCKED, SEEN | {"camera_time": None})
    assert json.loads(bytes(Entry.objects.get(act="devices.camera_docked").data))["facts"]["clock_offset_ms"] is None


def test_unknown_and_blocked_cameras_are_named_so(ask: Ask, bodycam: Bodycam, administrator: Person) -> None:
    block_bodycam(bodycam, actor=administrator.as_actor, now=START)
    assert ask("POST", DOCKED, SEEN).json()["blocked"] is True
    stranger = ask("POST", DOCKED, SEEN | {"serial": "X"}).json()
    assert (stranger["known"], stranger["blocked"], stranger["label"]) == (False, False, "")


@pytest.mark.parametrize(
    "wrong",
    [
        {"serial": ""},
        {"serial": "x" * 65},
        {"slot": "x" * 121},
        {"slot": "a\nb"},
        {"files": True},
        {"files": -1},
        {"files": 1.5},
        {"free_bytes": 2**63},
        {"dock_time": "gisteren"},
        {"dock_time": "2026-10-01T08:00:00"},
        {"camera_time": 12},
        {"camera_time": "0001-01-01T00:00:00+14:00"},
    ],
)
def test_a_message_of_another_shape_is_refused_and_changes_nothing(
    ask: Ask, bodycam: Bodycam, wrong: dict[str, object]
) -> None:
    before = Entry.objects.count()
    is_problem(ask("POST", DOCKED, SEEN | wrong), 400)
    assert Entry.objects.count() == before


@pytest.mark.parametrize("path", [CONFIGURATION, DOCKED])
def test_without_the_token_of_a_dock_in_use_nothing_is_told(
    ask: Ask, client: Client, path: str, let_in: tuple[Dock, str], administrator: Person
) -> None:
    method = "GET" if path == CONFIGURATION else "POST"
    for answer in (client.generic(method, path), ask(method, path, token="x"), ask(method, path, token="")):
        is_problem(answer, 401)
        assert answer["WWW-Authenticate"] == "Bearer"
    retire_dock(let_in[0], actor=administrator.as_actor, now=START + timedelta(days=1))
    is_problem(ask(method, path), 401)


@pytest.mark.parametrize(("method", "path"), [("GET", ENROL), ("POST", CONFIGURATION), ("GET", DOCKED)])
def test_another_method_is_not_allowed(ask: Ask, method: str, path: str) -> None:
    assert ask(method, path).status_code == 405


def test_a_session_is_no_token(client: Client, administrator: Person) -> None:
    client.force_login(administrator)
    is_problem(client.get(CONFIGURATION), 401)


@pytest.mark.parametrize("scheme", ["Basic", "Token", ""])
def test_a_token_under_another_scheme_is_no_token(
    client: Client, let_in: tuple[Dock, str], vault_folders: Path, scheme: str
) -> None:
    is_problem(client.get(CONFIGURATION, headers={"Authorization": f"{scheme} {let_in[1]}"}), 401)


def test_the_longest_and_the_largest_still_fit(
    ask: Ask, enrol: Any, administrator: Person, keys: tuple[str, str]
) -> None:
    edge = {"serial": "s" * 64, "slot": "s" * 120, "volume_id": "v" * 120, "files": 0, "free_bytes": 2**63 - 1}
    assert ask("POST", DOCKED, SEEN | edge).status_code == 200
    code = make_enrolment_code(name="Leek", actor=administrator.as_actor, now=START)
    key = Signer.generate("k" * (200 - len(Signer.generate("k").vkey) + 1)).vkey
    assert len(key) == 200
    assert enrol({"code": code, "name": "n" * 60, "public_key": key}).status_code == 201


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(changed=st.dictionaries(st.sampled_from(sorted(SEEN)), VALUES, max_size=3))
def test_no_message_whatever_it_says_breaks_the_door(changed: dict[str, object], ask: Ask, bodycam: Bodycam) -> None:
    assert ask("POST", DOCKED, json.dumps(SEEN | changed)).status_code in (200, 400)
