"""Whatever answers in the vault's place, the dock knows only: away, refused, gone."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from uuid import uuid4

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from beeldkluis.dock.client import (
    NoRoomError,
    Upload,
    UploadGoneError,
    Vault,
    VaultAwayError,
    VaultBusyError,
    VaultRefusesError,
    is_safe,
)


class Stranger(ThreadingHTTPServer):
    """Answers everything with the same."""

    status, content, headers = 200, b"", dict[str, str]()
    asked: ClassVar[list[bytes]] = []  # the bodies of all requests

    class Handler(BaseHTTPRequestHandler):
        server: "Stranger"

        def answer(self) -> None:
            self.server.asked.append(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
            self.send_response(self.server.status)
            for name, value in self.server.headers.items():
                self.send_header(name, value)
            bare = self.command == "HEAD" or self.server.status in (204, 304)
            self.send_header("Content-Length", "0" if bare else str(len(self.server.content)))
            self.end_headers()
            if not bare:
                self.wfile.write(self.server.content)

        do_GET = do_POST = do_HEAD = do_PATCH = do_DELETE = answer  # noqa: N815 - http.server's own names

        def log_message(self, *_: object) -> None:
            pass


@contextmanager
def stranger_listening() -> Iterator[tuple[Stranger, Vault]]:
    with Stranger(("127.0.0.1", 0), Stranger.Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            with Vault(f"http://127.0.0.1:{server.server_port}", "token") as vault:
                yield server, vault
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def stranger() -> Iterator[tuple[Stranger, Vault]]:
    with stranger_listening() as both:
        yield both


def asks(vault: Vault) -> list[Callable[[], object]]:
    upload = Upload(uuid4(), f"{vault.server}/intake/v1/uploads/{uuid4()}")
    return [
        lambda: vault.enrol("code", "naam", "sleutel"),
        lambda: vault.configuration("log+00000000+AQ=="),
        lambda: vault.docked({"serial": "S"}),
        lambda: vault.receipt("S", "0" * 64),
        lambda: vault.begin(3, {"name": "ë"}),
        lambda: vault.offset(upload),
        lambda: vault.send(upload, 0, 3, [b"abc"]),
        lambda: vault.end(upload),
        lambda: vault.close(upload, "note"),
        lambda: vault.wiped("S", ("c",), 0),
    ]


CONTENTS = st.sampled_from([b"", b"<html>", b"{", b"[]", b'{"detail": 3}', b'{"detail": "Nee."}', b"\xff\xfe", b"null"])
HEADERS = st.sampled_from(
    [{}, {"Location": "::/x"}, {"Location": "/a/b/"}, {"Upload-Offset": "-1"}, {"Upload-Offset": "x"}]
)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(status=st.integers(200, 599).filter(lambda one: one != 304), content=CONTENTS, headers=HEADERS)
@example(status=201, content=b"{}", headers={"Location": "http://elders.example/intake/v1/uploads/x"})
@example(status=201, content=b"", headers={"Location": "::/x"})
def test_any_answer_ends_in_one_of_the_dock_s_own_words(
    stranger: tuple[Stranger, Vault], status: int, content: bytes, headers: dict[str, str]
) -> None:
    server, vault = stranger
    server.status, server.content, server.headers = status, content, headers
    for ask in asks(vault):
        try:
            ask()
        except (VaultAwayError, VaultRefusesError, UploadGoneError):
            continue


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, VaultRefusesError), (403, VaultRefusesError), (413, VaultRefusesError), (422, VaultRefusesError),
        (423, VaultAwayError), (500, VaultAwayError), (502, VaultAwayError), (503, VaultAwayError), (507, NoRoomError),
        (404, UploadGoneError), (410, UploadGoneError), (302, VaultAwayError), (429, VaultBusyError),
    ],
)  # fmt: skip
def test_each_answer_to_an_upload_has_its_meaning(
    stranger: tuple[Stranger, Vault], status: int, error: type[Exception]
) -> None:
    server, vault = stranger
    server.status, server.content, server.headers = status, b'{"detail": "Omdat."}', {}
    with pytest.raises(error) as raised:
        vault.send(Upload(uuid4(), f"{vault.server}/u"), 0, 3, [b"abc"])
    if isinstance(raised.value, VaultRefusesError):
        assert str(raised.value) == "Omdat."
        assert raised.value.dock is (status in (401, 403))


def test_nobody_listening_is_a_vault_that_is_away() -> None:
    with Vault("http://127.0.0.1:9") as vault:
        for ask in asks(vault)[:7]:
            with pytest.raises(VaultAwayError):
                ask()
        vault.end(Upload(uuid4(), "http://127.0.0.1:9/u"))


@pytest.mark.parametrize(
    ("server", "safe"),
    [
        ("https://kluis.example", True), ("http://localhost:8000", True), ("http://127.0.0.1", True),
        ("http://[::1]:8000", True), ("http://kluis.example", False), ("http://10.0.0.3", False),
        ("ftp://localhost", False), ("kluis.example", False), ("http://localhost.example", False),
    ],
)  # fmt: skip
def test_the_token_goes_over_tls_or_stays_on_this_machine(server: str, *, safe: bool) -> None:
    assert is_safe(server) is safe


def test_a_wipe_of_many_films_is_told_in_parts_that_the_vault_takes(stranger: tuple[Stranger, Vault]) -> None:
    server, vault = stranger
    server.status, server.content, server.headers = 204, b"", {}
    server.asked.clear()
    clips = tuple(str(uuid4()) for _ in range(10_000))
    vault.wiped("S", clips, 0)
    assert [one for body in server.asked for one in json.loads(body)["clips"]] == list(clips)
    assert max(len(body) for body in server.asked) <= 65_536
