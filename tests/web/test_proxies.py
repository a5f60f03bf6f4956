"""The files in deploy/ with the real programs, nginx and Caddy, in front of a real server: what people and docks get, and what
strangers do not.
"""

import re
import secrets
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.dock.conftest import SERIALS
from tests.intake.test_tus import TUS, Sender, film
from tests.processes import SETTINGS, starting
from tests.web.behind import PROGRAMS, Behind, Proxy, certify, free_port, proxied
from tests.web.program import needs_built

pytestmark = [needs_built, pytest.mark.slow, pytest.mark.xdist_group("proxies")]
ON_THE_WAY = 128 * 1024  # bytes that a proxy may still have in hand when the line breaks
FORM = "/over-bodycams/verzoek/"


def ask(vault: Behind, what: str) -> Any:
    done = subprocess.run(
        starting("tests.web.opened", what),
        env=vault.environment | SETTINGS,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return httpx.Response(200, text=done.stdout).json()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Behind, Proxy, Path]]:
    """One server, for both proxies in turn."""
    folder = tmp_path_factory.mktemp("behind")
    certify(folder)
    proxy = Proxy(free_port(), free_port(), folder / "fullchain.pem")
    vault = Behind(folder / "data", free_port(), outside=proxy.port)
    vault.set_up(",".join(SERIALS))
    vault.start()
    yield vault, proxy, folder
    vault.kill()


@pytest.fixture(scope="module", params=sorted(PROGRAMS))
def proxy(request: pytest.FixtureRequest, place: tuple[Behind, Proxy, Path]) -> Iterator[Proxy]:
    program = {"nginx": "/usr/sbin/nginx"}.get(request.param, request.param)
    if shutil.which(program) is None and shutil.which(request.param) is None:
        pytest.skip(f"{request.param} is not here; scripts/tools.sh installs it")
    vault, made, folder = place
    own = folder / request.param
    own.mkdir()
    for name in ("key.pem", "fullchain.pem"):
        shutil.copy(folder / name, own)
    with proxied(request.param, own, made, vault.port):
        yield made


@pytest.fixture
def people(proxy: Proxy) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=proxy.address, verify=proxy.trust(), timeout=60) as client:
        yield client


@pytest.fixture
def sender(place: tuple[Behind, Proxy, Path], proxy: Proxy) -> Iterator[Sender]:
    """A dock that was let in, and speaks through the proxy."""
    made = Sender(place[0])
    headers = made.http.headers
    made.http.close()
    with httpx.Client(base_url=proxy.address, headers=headers, verify=proxy.trust(), timeout=60) as made.http:
        yield made


def test_browsers_remember_https_and_docks_are_sent_to_https(people: httpx.Client, sender: Sender) -> None:
    page = people.get("/over-bodycams/")
    assert page.status_code == 200
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
    begun = sender.http.post("/intake/v1/uploads", headers=TUS | {"Upload-Length": "100"})
    assert begun.headers["Location"].startswith("https://localhost")


def test_an_upload_that_is_cut_keeps_its_bytes_and_goes_on(
    place: tuple[Behind, Proxy, Path], proxy: Proxy, sender: Sender
) -> None:
    data = secrets.token_bytes(4 * 1024 * 1024)
    sealed = sender.seal(data)
    upload, half = sender.begin(len(sealed)), len(sealed) // 2
    head = (
        f"PATCH {upload} HTTP/1.1\r\nHost: localhost:{proxy.port}\r\nAuthorization: {sender.http.headers['Authorization']}\r\n"
        f"Tus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\n"
        f"Content-Length: {len(sealed)}\r\n\r\n"
    )
    staged = place[0].folder / "staging" / upload.rpartition("/")[2]
    with proxy.line() as line:
        line.sendall(head.encode() + sealed[:half])
        eventually(lambda: staged.stat().st_size >= half - ON_THE_WAY)  # only what is on the way is lost with the line
    eventually(lambda: sender.offset(upload) >= half - ON_THE_WAY)
    offset = sender.offset(upload)
    assert offset <= half
    assert sender.patch(upload, offset, sealed[offset:]).status_code == 204
    assert sender.close(upload, sender.manifest(upload, data, sealed)).status_code == 201


def eventually(true: Callable[[], bool]) -> None:
    """It becomes so within a minute."""
    until = time.monotonic() + 60
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_film_is_passed_on_as_it_comes(place: tuple[Behind, Proxy, Path], people: httpx.Client, sender: Sender) -> None:
    assert sender.deliver(film()).status_code == 201
    told = ask(place[0], "opening")
    headers = {"X-Opening-Token": told["token"], "Cookie": f"sessionid={told['cookie']}"}
    whole = people.get(told["path"], headers=headers | {"Range": f"bytes=0-{told['size'] - 1}"})
    assert (whole.status_code, len(whole.content)) == (206, told["size"])
    first, last = told["size"] // 3, told["size"] // 2
    with people.stream("GET", told["path"], headers=headers | {"Range": f"bytes={first}-{last - 1}"}) as part:
        assert part.headers["Content-Range"] == f"bytes {first}-{last - 1}/{told['size']}"
        assert b"".join(part.iter_raw()) == whole.content[first:last]


def asked(client: httpx.Client, number: int, address: str, **headers: str) -> int:
    """Fill in the public form; the answer's status."""
    page = client.get(FORM, headers=headers)
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page.text)
    assert token
    moment = f"{datetime.now(UTC) - timedelta(days=3):%Y-%m-%dT%H:%M}"
    fields = {
        "csrfmiddlewaretoken": token[1], "kind": "access", "requester_name": "J. de Vries", "place": "De Gast",
        "requester_email": "j@example.nl", "moment_from": moment, "once": f"{address}-{number}",
    }  # fmt: skip
    return client.post(FORM, data=fields, headers={"Referer": f"{client.base_url}{FORM}"} | headers).status_code


def test_who_asks_is_known_by_the_line_and_not_by_what_is_said_of_it(
    place: tuple[Behind, Proxy, Path], proxy: Proxy, request: pytest.FixtureRequest
) -> None:
    """Attacker: a stranger who writes another X-Forwarded-For each time."""
    kind = request.node.callspec.params["proxy"]
    own = {"caddy": "127.0.0.21", "nginx": "127.0.0.31"}[kind]
    other = {"caddy": "127.0.0.22", "nginx": "127.0.0.32"}[kind]
    with caller(proxy, own) as client:
        said = [{"X-Forwarded-For": f"10.9.8.{number}", "X-Real-IP": f"10.1.1.{number}"} for number in range(6)]
        seen = [asked(client, number, own, **headers) for number, headers in enumerate(said)]
    assert seen == [302] * 5 + [429]
    with caller(proxy, other) as client:
        assert asked(client, 0, other) == 302


def caller(proxy: Proxy, address: str) -> httpx.Client:
    """Somebody with an address of their own."""
    transport = httpx.HTTPTransport(local_address=address, verify=proxy.trust())
    return httpx.Client(base_url=proxy.address, transport=transport, timeout=60)


def test_who_says_half_a_thing_is_cut_off_and_stops_nobody(proxy: Proxy, people: httpx.Client) -> None:
    lines = [proxy.line() for _ in range(60)]
    for line in lines:
        line.sendall(b"GET /gezond/ HTTP/1.1\r\nHost: localhost\r\nX-half: ")
    assert people.get("/gezond/").text == "goed\n"
    for line in lines:
        line.settimeout(30)
        try:
            while line.recv(1000):  # an answer, or nothing, and then the end: the proxy did not wait for the rest
                pass
        except OSError:
            pass
        line.close()


@pytest.mark.parametrize("path", [FORM, "/accounts/login/", "/erbij/"])
def test_what_is_too_large_is_refused_unread(proxy: Proxy, path: str) -> None:
    with proxy.line() as line:
        line.settimeout(30)
        line.sendall(
            f"POST {path} HTTP/1.1\r\nHost: localhost:{proxy.port}\r\nContent-Length: 314572800\r\n\r\n".encode()
        )
        line.sendall(b"x" * 1000)
        assert b" 413 " in line.recv(1000).split(b"\r\n")[0]


def test_what_is_said_of_the_line_counts_for_nothing_without_a_proxy(tmp_path: Path) -> None:
    """Attacker: anybody who reaches the server and writes what a proxy would."""
    vault = Behind(tmp_path / "data", free_port(), outside=1, proxies=0)
    vault.set_up(SERIALS[0])
    vault.start()
    try:
        said = {"X-Forwarded-Proto": "https", "X-Forwarded-Ssl": "on", "X-Forwarded-Protocol": "ssl"}
        page = httpx.get(f"http://127.0.0.1:{vault.port}/over-bodycams/", headers=said)
        assert page.status_code == 200
        assert "Strict-Transport-Security" not in page.headers
    finally:
        vault.kill()
