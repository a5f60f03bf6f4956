"""The viewing screen in a real browser over films of the test's own: the page, its script and its style are the real ones, and
the server beside it says what the test wants, or nothing.
"""

import json
import re
import subprocess
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from django.template.loader import render_to_string
from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "src/beeldkluis/web/static/built"
STARTED = "2026-11-24T10:00:0{}+00:00"


@dataclass
class Server:
    """What the page was given and what it told. `status` is how the next tellings are answered; 0 is no answer at all."""

    films: dict[str, bytes]
    told: dict[str, Any]
    script: bytes
    status: int = 200
    open: bool = True
    spans: dict[str, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    tellings: int = 0
    closed: list[str] = field(default_factory=list)
    film_status: int = 200

    def seen(self, clip: str) -> list[tuple[int, int]]:
        """What was told of a clip, each place once."""
        found: list[tuple[int, int]] = []
        for first, last in sorted(self.spans[clip]):
            if found and first <= found[-1][1]:
                found[-1] = (found[-1][0], max(found[-1][1], last))
            else:
                found.append((first, last))
        return found


def page_of(script: str, *, redacts: bool = False) -> str:
    """The screen as the viewing page shows it, around another script."""
    room = SimpleNamespace(pk=uuid4())
    case = SimpleNamespace(reference="2026-0001")
    words = {"viewing": room, "line": "Proef", "purpose": "Kijken", "case": case, "redacts": redacts}
    screen = render_to_string("viewing/screen.html", words)
    return (
        '<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>Proef</title>'
        '<link rel="stylesheet" href="/built/beeldkluis.css"></head><body class="voorbeeld-theme">'
        '<input type="hidden" name="csrfmiddlewaretoken" value="x"><main><h1>Proef</h1>'
        f'{screen}</main><script type="module" src="{script}"></script></body></html>'
    )


def bundled(folder: Path, name: str = "screen.js") -> bytes:
    """The player as the browser gets it."""
    made = folder / name
    command = [ROOT / "frontend/node_modules/.bin/esbuild", Path(__file__).with_name(name), "--bundle"]
    subprocess.run([*command, "--format=esm", f"--outfile={made}", "--log-level=error"], check=True)
    return made.read_bytes()


def handler(server: Server) -> type[BaseHTTPRequestHandler]:
    """Answers as `server` says."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_words: object) -> None:
            return

        def do_GET(self) -> None:
            name = self.path.partition("?")[0]
            if name.startswith("/film/"):
                self._film(server.films[name.removeprefix("/film/")])
            elif name == "/":
                self._say(200, page_of("/screen.js", redacts="review" in server.told).encode(), "text/html")
            elif name == "/told.json":
                self._say(200, json.dumps(server.told).encode(), "application/json")
            elif name == "/onherkenbaar/":
                self._say(200, json.dumps(server.told["review"]["standing"]).encode(), "application/json")
            elif name == "/screen.js":
                self._say(200, server.script, "text/javascript")
            elif name == "/built/beeldkluis.css":
                self._say(200, (BUILT / "beeldkluis.css").read_bytes(), "text/css")
            elif name.startswith("/inzien/"):
                self._say(200, b"<!doctype html><title>De inzage</title>", "text/html")
            else:
                self._say(404, b"", "text/plain")

        def _film(self, film: bytes) -> None:
            if server.film_status != 200:
                self._say(server.film_status, b"no", "text/plain")
                return
            wanted = re.match(r"bytes=(\d+)-(\d*)", self.headers.get("Range", "bytes=0-"))
            assert wanted is not None
            first, last = int(wanted[1]), int(wanted[2] or len(film) - 1)
            self.send_response(206)
            self.send_header("Content-Type", "video/mp4")
            self.send_header("Accept-Ranges", "bytes")
            self.send_header("Content-Range", f"bytes {first}-{last}/{len(film)}")
            self.send_header("Content-Length", str(last + 1 - first))
            self.end_headers()
            self.wfile.write(film[first : last + 1])

        def do_POST(self) -> None:
            content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.tellings += 1
            if server.status == 0:
                self.close_connection = True
                self.connection.close()
                return
            if server.status == 200:
                if self.path.endswith("/sluiten/"):
                    server.closed.append(self.path)
                for one in content.get("spans", []):
                    server.spans[one["clip"]].append((one["start_ms"], one["end_ms"]))
            self._say(server.status, json.dumps({"open": server.open, "next": "/"}).encode(), "application/json")

        def do_PUT(self) -> None:
            content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            kept = server.told["review"]["kept"]
            kept |= {"version": kept["version"] + 1, "changed_in": kept["version"] + 1, "draft": content["draft"]}
            self._say(200, json.dumps(kept).encode(), "application/json")

        def _say(self, status: int, content: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(content)

    return Handler


def opening(
    number: int, clips: Sequence[Mapping[str, Any]], *, begins: int = 0, activation_ms: int = 0
) -> dict[str, Any]:
    """What the server tells of one recording that was opened; it began `begins` seconds after the first."""
    here = f"/opening/{number}"
    return {
        "recording": f"R-00000{number}", "started_at": STARTED.format(begins), "lasts_ms": 3_600_000, "clock_known": True,
        "activation_ms": activation_ms, "markers": [], "played": f"{here}/gespeeld/", "close": f"{here}/sluiten/",
        "mark": f"{here}/markering/", "clips": list(clips),
    }  # fmt: skip


def clip(name: str, duration_ms: int | None = None) -> dict[str, Any]:
    """One film of a recording."""
    return {"object": name, "path": f"/film/{name}", "duration_ms": duration_ms, "about_ms": 1000, "is_copy": False}


@contextmanager
def screen(
    browser: Browser,
    script: bytes,
    films: Mapping[str, bytes],
    openings: Sequence[Mapping[str, Any]],
    *,
    alone_seconds: int = 300,
    review: Mapping[str, Any] | None = None,
) -> Iterator[tuple[Page, Server]]:
    """The screen over these films, opened and standing still at its first picture. `review`: what was found in the first of them,
    its draft and how far its copy is, for the review screen (script review.js).
    """
    told: dict[str, Any] = {"openings": list(openings), "alone_seconds": alone_seconds}
    server = Server(dict(films), told | ({"review": dict(review)} if review else {}), script)
    listening = ThreadingHTTPServer(("127.0.0.1", 0), handler(server))
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="nl-NL")
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    try:
        page.goto(f"http://localhost:{listening.server_port}/")
        page.wait_for_function("() => window.player?.films.every((film) => film.video.readyState >= 2)")
        yield page, server
        assert errors == []
    finally:
        context.close()
        listening.shutdown()
        listening.server_close()
