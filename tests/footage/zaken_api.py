"""A zaken server for tests: a real HTTP server that keeps zaken in memory and holds every request and every answer of its
own against the published description of the Zaken API 1.5.1.

The facts that this client meets stand here as a JSON Schema of our own. With BEELDKLUIS_ZAKEN_OPENAPI=<file> the published
openapi.yaml itself is used instead.
"""

import base64
import hashlib
import hmac
import json
import os
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from jsonschema import Draft7Validator, FormatChecker

SECRET = "geheim van de proef"
URI = {"type": "string", "format": "uri", "maxLength": 1000, "pattern": "^https?://"}
FACTS: dict[str, Any] = {
    "Zaak": {
        "type": "object",
        "required": ["bronorganisatie", "zaaktype", "verantwoordelijkeOrganisatie", "startdatum"],
        "properties": {
            "identificatie": {"type": "string", "maxLength": 40},
            "bronorganisatie": {"type": "string", "maxLength": 9},
            "verantwoordelijkeOrganisatie": {"type": "string", "maxLength": 9},
            "zaaktype": URI,
            "omschrijving": {"type": "string", "maxLength": 80},
            "startdatum": {"type": "string", "format": "date"},
        },
    },
    "ZaakEigenschap": {
        "type": "object",
        "required": ["zaak", "eigenschap", "waarde"],
        "properties": {"zaak": URI, "eigenschap": URI, "waarde": {"type": "string"}},
    },
    "Status": {
        "type": "object",
        "required": ["zaak", "statustype", "datumStatusGezet"],
        "properties": {
            "zaak": URI,
            "statustype": URI,
            "datumStatusGezet": {"type": "string", "format": "date-time"},
        },
    },
}
HEADERS = {"zaken": {"Accept-Crs": "EPSG:4326", "Content-Crs": "EPSG:4326"}}  # required there by the description


def _published() -> dict[str, Any] | None:
    path = os.environ.get("BEELDKLUIS_ZAKEN_OPENAPI")
    if not path:
        return None
    import yaml  # noqa: PLC0415 - only where the published file is at hand

    found: dict[str, Any] = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    return found


PUBLISHED = _published()


def problems(name: str, told: object) -> list[str]:
    """What the description says against a request body."""
    if PUBLISHED is None:
        schema: dict[str, Any] = FACTS[name]
    else:
        described = PUBLISHED["components"]["schemas"]
        own = described[name]
        asked = [one for one in own["required"] if not own["properties"][one].get("readOnly")]
        schema = {"components": PUBLISHED["components"], **own, "required": asked}
    checker = Draft7Validator(schema, format_checker=FormatChecker())
    return [error.message for error in checker.iter_errors(told)]


class Zaken:
    """What the other side holds, what it was asked, and how it misbehaves: a list of faults, one for each request to come."""

    def __init__(self) -> None:
        self.zaken: dict[str, dict[str, Any]] = {}
        self.properties: list[dict[str, Any]] = []
        self.statuses: list[dict[str, Any]] = []
        self.asked: list[tuple[str, str, str]] = []
        self.against: list[str] = []
        self.faults: list[Callable[[Answering], None] | None] = []
        self.base = ""


class Answering(BaseHTTPRequestHandler):
    """One request."""

    state: Zaken
    protocol_version = "HTTP/1.1"

    def log_message(self, *_words: object) -> None:
        """Quiet."""

    def say(self, status: int, told: object, kind: str = "application/json") -> None:
        body = told if isinstance(told, bytes) else json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self._answer(None)

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def _answer(self, body: bytes | None) -> None:
        state, address = self.state, urlsplit(self.path)
        state.asked.append((self.command, self.path, (body or b"").decode()))
        fault = state.faults.pop(0) if state.faults else None
        if not self._may():
            self.say(403, {"code": "not_authenticated"})
        elif fault is not None:
            fault(self)
        else:
            parts = address.path.removeprefix("/zaken/api/v1/").split("/")
            self._check_headers(parts[0])
            told = json.loads(body) if body is not None else None
            self._do(parts, parse_qs(address.query), told)

    def _may(self) -> bool:
        """The JWT as the description's JWT-Claims scheme has it: HS256, iss and client_id, made just now."""
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        try:
            header, claims, signed = token.split(".")
            wanted = hmac.new(SECRET.encode(), f"{header}.{claims}".encode(), hashlib.sha256).digest()
            told = json.loads(base64.urlsafe_b64decode(claims + "=="))
            right = hmac.compare_digest(base64.urlsafe_b64decode(signed + "=="), wanted)
        except ValueError:
            return False
        return scheme == "Bearer" and right and told["iss"] == told["client_id"] == "beeldkluis" and "user_id" in told

    def _check_headers(self, resource: str) -> None:
        for name, value in HEADERS.get(resource, {}).items():
            if self.headers.get(name) != value:
                self.state.against.append(f"{name} ontbreekt bij {self.command} {self.path}")

    def _do(self, parts: list[str], query: dict[str, list[str]], told: Any) -> None:
        kind = {1: {"zaken": "Zaak", "statussen": "Status"}.get(parts[0], "")}.get(len(parts), "ZaakEigenschap")
        if told is not None and (wrong := problems(kind, told)):
            self.state.against += wrong
            self.say(400, {"code": "invalid"})
        elif kind == "Zaak":
            self._zaken(query, told)
        elif kind == "Status":
            self._statuses(query, told)
        else:
            self._properties(parts[1], told)

    def _zaken(self, query: dict[str, list[str]], told: Any) -> None:
        state = self.state
        if told is None:
            found = [one for one in state.zaken.values() if [one["identificatie"]] == query.get("identificatie")]
            self.say(200, {"count": len(found), "next": None, "previous": None, "results": found})
        elif any(one["identificatie"] == told["identificatie"] for one in state.zaken.values()):
            self.say(400, {"code": "invalid", "invalidParams": [{"code": "identificatie-niet-uniek"}]})
        else:
            number = str(uuid.uuid4())
            state.zaken[number] = told | {"uuid": number, "url": f"{state.base}/zaken/{number}"}
            self.say(201, state.zaken[number])

    def _properties(self, number: str, told: Any) -> None:
        zaak = f"{self.state.base}/zaken/{number}"
        if told is not None:
            self.state.properties.append(told)
            self.say(201, told)
        else:
            self.say(200, [one for one in self.state.properties if one["zaak"] == zaak])

    def _statuses(self, query: dict[str, list[str]], told: Any) -> None:
        if told is not None:
            self.state.statuses.append(told)
            self.say(201, told)
        else:
            found = [one for one in self.state.statuses if [one["zaak"]] == query.get("zaak")]
            self.say(200, {"count": len(found), "next": None, "previous": None, "results": found})


@contextmanager
def serving(state: Zaken) -> Iterator[Zaken]:
    """The server, on a port of its own."""
    handler = type("Bound", (Answering,), {"state": state})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    state.base = f"http://127.0.0.1:{server.server_port}/zaken/api/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def refuse(status: int, code: str = "") -> Callable[[Answering], None]:
    """An answer that is no yes."""
    return lambda one: one.say(status, {"code": code, "detail": f"geheim {SECRET}"})


def gibberish(one: Answering) -> None:
    one.say(200, b"<html>", "text/html")


def endless(one: Answering) -> None:
    one.say(200, b"[" + b" " * 2_000_000 + b"]")


def elsewhere(one: Answering) -> None:
    one.send_response(302)
    one.send_header("Location", "http://127.0.0.1:9/")
    one.send_header("Content-Length", "0")
    one.end_headers()


def hang_up(one: Answering) -> None:
    one.close_connection = True
    one.connection.close()


def done_but_hang_up(one: Answering) -> None:
    """The other side did it, and the line broke before it could say so."""
    body = one.state.asked[-1][2]
    told = json.loads(body)
    number = str(uuid.uuid4())
    one.state.zaken[number] = told | {"uuid": number, "url": f"{one.state.base}/zaken/{number}"}
    hang_up(one)


def slow(one: Answering) -> None:
    time.sleep(0.6)
    hang_up(one)
