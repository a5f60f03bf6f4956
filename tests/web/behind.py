"""Real proxies with the files of deploy/, in front of a real server, on ports of this machine alone."""

import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.dock.conftest import Vault
from tests.template import place

from beeldkluis.sealed.age import Identity

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@dataclass
class Behind(Vault):
    """A server that stands behind a proxy of ours, or says so."""

    outside: int = 0
    proxies: int = 1

    @property
    def environment(self) -> dict[str, str]:
        own = {"BEELDKLUIS_ADDRESS": f"https://localhost:{self.outside}", "BEELDKLUIS_PROXIES": str(self.proxies)}
        return super().environment | own

    def set_up(self, serials: str) -> None:
        """As an administrator would, and with cameras, docks' codes and keys."""
        place(self.folder / "beeldkluis.sqlite3")
        words = [sys.executable, "-m", "beeldkluis.web", "setup"]
        done = subprocess.run(words, env=self.environment, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        self.folder.with_name("identity.txt").write_text(str(Identity.generate()))
        self.codes = self.ask("seed", serials, "10")


@dataclass
class Proxy:
    """Where it listens, and what to trust."""

    port: int
    plain: int
    certificate: Path

    @property
    def address(self) -> str:
        return f"https://localhost:{self.port}"

    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.certificate))

    def line(self) -> ssl.SSLSocket:
        """A line of one's own, for saying half a thing."""
        return self.trust().wrap_socket(socket.create_connection(("localhost", self.port)), server_hostname="localhost")


def certify(folder: Path) -> None:
    words = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    words += ["-addext", "subjectAltName=DNS:localhost", "-keyout", "key.pem", "-out", "fullchain.pem"]
    subprocess.run(words, cwd=folder, check=True, capture_output=True, timeout=60)


def nginx(folder: Path, proxy: Proxy, server: int) -> list[str]:
    """Our file with other ports and a shorter patience, inside the least that nginx asks around it."""
    text = (DEPLOY / "nginx.conf").read_text()
    for before, after in (
        ("    listen [::]:80;\n", ""),
        ("    listen [::]:443 ssl http2;\n", ""),
        ("listen 80;", f"listen 127.0.0.1:{proxy.plain};"),
        ("listen 443 ssl", f"listen 127.0.0.1:{proxy.port} ssl"),
        ("server 127.0.0.1:8000;", f"server 127.0.0.1:{server};"),
        ("/etc/ssl/beeldkluis/", f"{folder}/"),
        ("bodycams.example.nl", "localhost"),
        ("client_header_timeout 10s;", "client_header_timeout 1s;"),
    ):
        assert before in text, before
        text = text.replace(before, after)
    (folder / "site.conf").write_text(text)
    places = "".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = (
        f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log; events {{}} "
        f"http {{ access_log off; {places} include {folder}/site.conf; }}"
    )
    (folder / "main.conf").write_text(main)
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    return [program, "-e", f"{folder}/error.log", "-c", f"{folder}/main.conf"]


def caddy(folder: Path, proxy: Proxy, server: int) -> list[str]:
    """Our file with other ports, a certificate of the test's own and a shorter patience."""
    text = (DEPLOY / "Caddyfile").read_text()
    own = ("admin off", "auto_https disable_redirects", "default_bind 127.0.0.1")
    alone = "".join(f"\t{one}\n" for one in (*own, f"http_port {proxy.plain}"))
    for before, after in (
        ("{\n\tservers {", "{\n" + alone + "\tservers {"),
        (
            "\nbodycams.example.nl {\n",
            f"\nhttps://localhost:{proxy.port} {{\n\ttls {folder}/fullchain.pem {folder}/key.pem\n",
        ),
        ("127.0.0.1:8000", f"127.0.0.1:{server}"),
        ("read_header 10s", "read_header 1s"),
    ):
        assert before in text, before
        text = text.replace(before, after)
    (folder / "Caddyfile").write_text(text)
    return ["caddy", "run", "--config", f"{folder}/Caddyfile", "--adapter", "caddyfile"]


PROGRAMS: dict[str, Callable[[Path, Proxy, int], list[str]]] = {"nginx": nginx, "caddy": caddy}


@contextmanager
def proxied(kind: str, folder: Path, proxy: Proxy, server: int) -> Iterator[Proxy]:
    """The program, running until the end of the block."""
    words = PROGRAMS[kind](folder, proxy, server)
    home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with (folder / "said.log").open("w") as said:
        process = subprocess.Popen(words, env=os.environ | home, stdout=said, stderr=said)
    try:
        until = time.monotonic() + 30
        while not _listens(proxy.port):
            assert process.poll() is None, (folder / "said.log").read_text()
            assert time.monotonic() < until
            time.sleep(0.05)
        yield proxy
    finally:
        process.terminate()
        process.wait(timeout=20)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
