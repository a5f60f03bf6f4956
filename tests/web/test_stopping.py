"""Attacker: anybody who reaches the server, and whoever has a dock's token. What they do stops nobody and fills no disk.

Nothing here depends on how fast the machine is: whoever is stopped waits until the patience of a minute is over.
"""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
from tests.dock.conftest import Vault, vault
from tests.intake.test_tus import TUS, Sender, film
from tests.web.test_proxies import ask, eventually

__all__ = ["vault"]  # a fixture, for this file
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("vault")]
MIB = 1024 * 1024
SLOW = 200  # connections at once
UPLOADED = int(os.environ.get("SOAK_MEBIBYTES", "24")) * MIB  # by the dock, meanwhile; `make soak` takes more
PIECE = 4 * MIB
HEADS = (
    b"GET /gezond/ HTTP/1.1\r\nHost: localhost\r\nX-half: ",
    b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nlogin=",
    b"POST /over-bodycams/verzoek/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\na=",
    b"GET /gezond/",
)


def connect(vault: Vault, own: str = "127.0.0.1") -> socket.socket:
    return socket.create_connection(("127.0.0.1", vault.port), timeout=60, source_address=(own, 0))


def answer(line: socket.socket) -> bytes:
    """Everything that is said until the end."""
    said = b""
    try:
        while piece := line.recv(65_536):
            said += piece
    except ConnectionResetError:  # it had enough of what we still sent
        pass
    return said


@contextmanager
def dripping(vault: Vault, starts: list[bytes], own: str) -> Iterator[None]:
    """So many connections that began to say something, and go on a byte at a time, or begin anew when they were put out."""
    stop = threading.Event()
    lines = [connect(vault, own) for _ in starts]
    for line, start in zip(lines, starts, strict=True):
        line.sendall(start)

    def drip() -> None:
        while not stop.wait(0.05):
            for number, line in enumerate(lines):
                try:
                    line.sendall(b"x")
                except OSError:
                    line.close()
                    lines[number] = connect(vault, own)
                    lines[number].sendall(starts[number])

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        for line in lines:
            line.close()


def workers(vault: Vault) -> list[Path]:
    """The server's processes."""
    assert vault.process is not None
    children = Path(f"/proc/{vault.process.pid}/task/{vault.process.pid}/children").read_text().split()
    return [Path(f"/proc/{one}") for one in children]


def open_files(vault: Vault, what: str) -> int:
    """How many files the server has open whose names hold this."""
    found = 0
    for process in workers(vault):
        for one in (process / "fd").iterdir():
            try:
                found += what in str(one.readlink())
            except OSError:
                continue
    return found


def upload(sender: Sender, size: int) -> int:
    """Deliver a film of `size` bytes in pieces, as a dock does; the last answer."""
    data = os.urandom(size)
    sealed = sender.seal(data)
    place = sender.begin(len(sealed))
    for at in range(0, len(sealed), PIECE):
        assert sender.patch(place, at, sealed[at : at + PIECE]).status_code == 204
    return sender.close(place, sender.manifest(place, data, sealed)).status_code


def play(vault: Vault, told: dict[str, str], going: Callable[[], bool]) -> int:
    """Look on, range after range, for as long as the other goes on, and once more after that; how many ranges."""
    headers = {"X-Opening-Token": told["token"], "Cookie": f"sessionid={told['cookie']}"}
    size, seen = int(told["size"]), 0
    with httpx.Client(base_url=vault.address, headers=headers, timeout=60) as client:
        while True:
            last_time = not going()
            first = seen * 7_919 % (size - 1)
            part = client.get(told["path"], headers={"Range": f"bytes={first}-{size - 1}"})
            assert (part.status_code, len(part.content)) == (206, size - first)
            seen += 1
            if last_time:
                return seen


@pytest.fixture
def sender(vault: Vault) -> Iterator[Sender]:
    made = Sender(vault)
    yield made
    made.http.close()


@pytest.fixture
def told(vault: Vault, sender: Sender) -> dict[str, str]:
    """A recording that somebody looks at."""
    assert sender.deliver(film()).status_code == 201
    opened: dict[str, str] = ask(vault, "opening")
    return opened


def both_go_on(vault: Vault, sender: Sender, told: dict[str, str]) -> None:
    """A dock uploads and a viewing plays, at the same time, to their ends."""
    with ThreadPoolExecutor(2) as pool:
        dock = pool.submit(upload, sender, UPLOADED)
        viewing = pool.submit(play, vault, told, lambda: not dock.done())
        assert dock.result(timeout=550) == 201
        assert viewing.result(timeout=550) >= 1


def test_two_hundred_slow_strangers_stop_neither_a_dock_nor_a_viewing(
    vault: Vault, sender: Sender, told: dict[str, str]
) -> None:
    """All from one address, which is that of the dock and the viewing as well."""
    before = open_files(vault, "socket:")
    with dripping(vault, [HEADS[one % len(HEADS)] for one in range(SLOW)], "127.0.0.1"):
        assert httpx.get(f"{vault.address}/gezond/", timeout=60).text == "goed\n"
        both_go_on(vault, sender, told)
    eventually(lambda: open_files(vault, "socket:") <= before + 2)  # those that this test still keeps
    assert httpx.get(f"{vault.address}/gezond/", timeout=60).text == "goed\n"


def test_two_hundred_slow_docks_stop_neither_people_nor_another_dock(
    vault: Vault, sender: Sender, told: dict[str, str]
) -> None:
    """With a real token: uploads that were begun, of which a byte comes now and then; the rest is turned away."""
    thief = Sender(vault)
    token = thief.http.headers["Authorization"]
    places = [thief.begin(10 * MIB) for _ in range(30)]
    head = (
        f"HTTP/1.1\r\nHost: localhost\r\nAuthorization: {token}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"
        f"Content-Type: application/offset+octet-stream\r\nContent-Length: {10 * MIB}\r\n\r\nx"
    )
    starts = [f"PATCH {places[number % len(places)]} {head}".encode() for number in range(SLOW)]
    with dripping(vault, starts, "127.0.0.2"):
        assert httpx.get(f"{vault.address}/gezond/", timeout=60).text == "goed\n"
        both_go_on(vault, sender, told)
    for place in places:
        thief.http.delete(place, headers=TUS)
    thief.http.close()


@pytest.mark.parametrize("number", [32, 64, 200])
@pytest.mark.parametrize("start", HEADS[:2], ids=["head", "body"])
def test_whoever_says_half_a_thing_many_times_makes_nobody_wait(vault: Vault, start: bytes, number: int) -> None:
    with ExitStack() as lines:
        for _ in range(number):
            lines.enter_context(connect(vault)).sendall(start)
        for _ in range(3):
            assert httpx.get(f"{vault.address}/gezond/", timeout=60).text == "goed\n"


@pytest.mark.parametrize("path", ["/over-bodycams/verzoek/", "/accounts/login/", "/erbij/"])
def test_a_form_of_three_hundred_megabytes_is_refused_unread_and_lies_nowhere(vault: Vault, path: str) -> None:
    head = b'--XX\r\nContent-Disposition: form-data; name="f"; filename="x.bin"\r\n\r\n'
    before = open_files(vault, "(deleted)")
    with connect(vault) as line:
        line.sendall(
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=XX\r\n"
            f"Content-Length: {300 * MIB}\r\n\r\n".encode()
            + head
        )
        said = answer(line)
    assert said.startswith(b"HTTP/1.1 413 ")
    assert "Dit is te groot" in said.decode()
    assert open_files(vault, "(deleted)") == before  # a file without a name


def test_who_goes_on_sending_after_a_refusal_is_not_read(vault: Vault) -> None:
    with connect(vault) as line:
        line.sendall(f"POST /erbij/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: {300 * MIB}\r\n\r\n".encode())
        sent = 0
        with pytest.raises(OSError):  # noqa: PT011 - reset or broken, as the system happens to say it
            while sent < 300 * MIB:
                sent += line.send(bytes(MIB))
    assert sent < 60 * MIB  # what the system holds between the two of us


@pytest.mark.parametrize(
    ("length", "status"), [(str(10**15), 413), (str(65 * 1024**3), 413), ("-1", 400), ("veel", 400), ("9" * 400, 413)]
)
def test_a_length_that_cannot_be_is_no_full_disk(vault: Vault, sender: Sender, length: str, status: int) -> None:
    place = sender.begin(100)
    with connect(vault) as line:
        line.sendall(
            f"PATCH {place} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {sender.http.headers['Authorization']}\r\n"
            f"Tus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Length: {length}\r\n\r\n".encode()
        )
        said = answer(line).decode()
    assert said.startswith(f"HTTP/1.1 {status} ")
    assert "application/problem+json" in said
    assert {413: "Dit is meer dan de server aanneemt.", 400: "Deze vraag klopt niet."}[status] in said
    told = sender.http.post("/intake/v1/uploads", headers=TUS | {"Upload-Length": length})
    assert told.status_code in (400, 413)
    assert not [one for one in ask(vault, "findings") if "schijf" in one]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX-a: " + b"a" * 40_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X-a: a\r\n" * 70 + b"\r\n", 431),
        (b"GET /" + b"a" * 5_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
        (b"onzin\r\n\r\n", 400),
        (b"\r\n\r\n", 400),
        (b"POST /intake/v1/wiped HTTP/1.1\r\nHost: localhost\r\nContent-Length: 70000\r\n\r\n", 413),
    ],
)
def test_what_no_browser_says_is_answered_and_the_line_ends(vault: Vault, said: bytes, status: int) -> None:
    with connect(vault) as line:
        line.sendall(said)
        assert answer(line).startswith(f"HTTP/1.1 {status} ".encode())
    assert httpx.get(f"{vault.address}/gezond/", timeout=60).text == "goed\n"


def test_a_body_in_pieces_two_requests_in_one_breath_and_a_question_before_sending(vault: Vault) -> None:
    """What the loop collects is what the program gets: nothing is lost or read twice between two requests on one line."""
    two = b"GET /gezond/ HTTP/1.1\r\nHost: localhost\r\n\r\nGET /gezond/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    with connect(vault) as line:
        line.sendall(two)
        assert answer(line).count(b"goed\n") == 2
    body = b'{"code": "geen", "name": "Proef", "public_key": "x"}'
    head = f"POST /dock/v1/enrol HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    with connect(vault) as line:
        line.sendall(head.encode() + b"Expect: 100-continue\r\n\r\n")
        assert line.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        line.sendall(body[:10])
        line.sendall(body[10:] + two)
        said = answer(line)
    assert said.startswith(b"HTTP/1.1 403 ")
    assert said.count(b"goed\n") == 2


def test_a_stopping_server_lets_a_request_finish_and_waits_for_no_half_one(tmp_path: Path, vault: Vault) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        other = Vault(vault.folder, probe.getsockname()[1])
    other.start()
    assert other.process is not None
    half, idle = connect(other), httpx.Client(base_url=other.address, timeout=60)
    assert idle.get("/gezond/").status_code == 200
    half.sendall(HEADS[0])
    begun = time.monotonic()
    other.process.terminate()
    assert other.process.wait(timeout=60) == 0
    assert time.monotonic() - begun < 25  # gunicorn's own patience with what does not end
    half.close()
    idle.close()
