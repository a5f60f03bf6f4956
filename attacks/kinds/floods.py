"""Stopping the service from one address: half-sent headers, slow bodies, bodies without end, forms that fill the disk."""

import shutil
import socket
import threading
import time
from contextlib import suppress

import httpx

from attacks.judging import Tally, kind
from attacks.place import Place

SOCKETS = 200
PATIENCE = 8.0  # seconds in which somebody else must get an answer
MEBIBYTE = 1 << 20


def _open(place: Place, start: bytes, count: int) -> list[socket.socket]:
    """So many connections that send this and then nothing."""
    made = []
    for _ in range(count):
        with suppress(OSError):
            one = socket.create_connection(("127.0.0.1", place.port), timeout=5)
            one.sendall(start)
            made.append(one)
    return made


def _probe(place: Place) -> float | None:
    """How long somebody else waits for an answer, seconds; None for no answer in time."""
    begun = time.monotonic()
    try:
        good = httpx.get(f"{place.address}/gezond/", timeout=PATIENCE).text == "goed\n"
    except httpx.HTTPError:
        return None
    return time.monotonic() - begun if good else None


@kind(
    "slow senders",
    role="a stranger on the network",
    tries="holds 200 connections with half a header, and with a body that never comes; somebody else wants a page",
    seconds=180,
)
def slow(place: Place, tally: Tally) -> None:
    """Asked three times while they hang, and once after."""
    host = f"Host: localhost:{place.port}\r\n".encode()
    body = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nlogin="
    starts = {
        "half a header": b"GET /gezond/ HTTP/1.1\r\n" + host + b"X-a: ",
        "half a line": b"GET /gez",
        "nothing": b"",
        "a slow body at sign-in": b"POST /accounts/login/ HTTP/1.1\r\n" + host + body,
        "a slow body at the public form": b"POST /over-bodycams/verzoek/ HTTP/1.1\r\n" + host + body,
        "a slow body at the docks' door": b"POST /dock/v1/enrol HTTP/1.1\r\n" + host + body,
    }
    for name, start in starts.items():
        hanging = _open(place, start, SOCKETS)
        try:
            waits = [_probe(place) for _ in range(2)]
            tally.judge(None not in waits, f"{len(hanging)} connections with {name}: no answer in {PATIENCE:.0f} s")
        finally:
            for one in hanging:
                one.close()
        time.sleep(0.5)
    until = time.monotonic() + 30
    while not place.alive(3) and time.monotonic() < until:
        time.sleep(0.5)
    tally.judge(place.alive(5), "it does not recover afterwards")


@kind(
    "large forms",
    role="a stranger on the network",
    tries="sends 64 MiB to each form that everybody can reach, and says that 10^15 bytes will come",
    seconds=180,
)
def large_forms(place: Place, tally: Tally) -> None:
    """It must be refused before it is read: seen at how much goes out, and at the disk."""
    for path in (
        "/over-bodycams/verzoek/",
        "/accounts/login/",
        "/erbij/",
        "/instellen/",
        "/tekenen/x/",
        "/intake/v1/uploads",
    ):
        visitor = place.visitor()
        token = visitor.token()
        taken, answer = _pour(place, path, token)
        refused = answer[9:12] in {b"400", b"403", b"404", b"405", b"411", b"413", b"401"} or not answer
        tally.judge(taken <= 24 and refused, f"{path}: {taken} MiB were taken, and the answer was {answer[:15]!r}")
    free = shutil.disk_usage(place.data).free
    for path in ("/over-bodycams/verzoek/", "/intake/v1/uploads", "/axis/v1/x/y", "/dock/v1/enrol"):
        head = f"POST {path} HTTP/1.1\r\nHost: localhost:{place.port}\r\nContent-Length: {10**15}\r\n\r\n".encode()
        for one in _open(place, head + b"x" * 1000, 4):
            one.close()
    lost = free - shutil.disk_usage(place.data).free
    tally.judge(lost < 200 * MEBIBYTE, f"the disk lost {lost // MEBIBYTE} MiB")
    tally.judge(place.alive(20), "it does not answer any more")


def _pour(place: Place, path: str, token: str, mebibytes: int = 64) -> tuple[int, bytes]:
    """Send a form with one large file: how many MiB went, and the answer's first bytes."""
    edge = "edge"
    head = (
        f'--{edge}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n--{edge}\r\n'
        'Content-Disposition: form-data; name="f"; filename="x.bin"\r\n\r\n'
    ).encode()
    tail = f"\r\n--{edge}--\r\n".encode()
    length = len(head) + mebibytes * MEBIBYTE + len(tail)
    lines = (
        f"POST {path} HTTP/1.1\r\nHost: localhost:{place.port}\r\nCookie: csrftoken={token}\r\nOrigin: {place.address}\r\n"
        f"Content-Type: multipart/form-data; boundary={edge}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    ).encode()
    went, answer = 0, b""
    with socket.create_connection(("127.0.0.1", place.port), timeout=20) as one, suppress(OSError):
        heard: list[bytes] = []
        ear = threading.Thread(target=_hear, args=(one, heard), daemon=True)
        one.sendall(lines + head)
        ear.start()
        for _ in range(mebibytes):
            if heard:
                break
            one.sendall(b"x" * MEBIBYTE)
            went += 1
        one.sendall(tail)
        ear.join(20)
        answer = b"".join(heard)
    return went, answer


def _hear(one: socket.socket, heard: list[bytes]) -> None:
    with suppress(OSError):
        heard.append(one.recv(200))
