"""The review screen in a real browser over a made scene: the page, its script and its style are the real ones, what was found is
really analysed and sealed, and drafts are read by the real codec. The server beside it keeps one draft and one copy in memory.
"""

import json
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame
from django.template.loader import render_to_string
from playwright.sync_api import Browser
from tests.masking.scenes import Detector, Scene, analysed, thumbnail, walk
from tests.stories.browser import Visitor
from tests.viewing.screen import BUILT, ROOT, opening

from beeldkluis.masking.analysis import Analysis, Speech
from beeldkluis.masking.codec import analysis_bytes, read_draft
from beeldkluis.masking.draft import Draft, Mode
from beeldkluis.protocol.redaction import RedactionState
from beeldkluis.sealed.derived import derived_file_key
from beeldkluis.sealed.stream import Sealer

KEY = bytes(range(16))
FOUND = UUID("00000000-0000-0000-0000-000000000001")
SECONDS = 8
RATE = 48_000
CSP = "default-src 'self'; style-src 'self'; script-src 'self'; img-src 'self'; media-src 'self'"
STREET = Scene(
    SECONDS * 25,
    {
        "walks by": walk((0, 40, 170, 110), (199, 280, 165, 105)),
        "stands": walk((0, 160, 160, 90), (199, 165, 160, 90)),
        "comes later": walk((60, 300, 170, 100), (170, 60, 168, 95)),
    },
)
S = RedactionState


def film_of(scene: Scene, path: Path) -> bytes:
    """The scene as a film with a tone."""
    with av.open(str(path), "w", format="mp4") as out:
        pictures = out.add_stream("libx264", rate=25, options={"preset": "ultrafast", "g": "25", "bf": "0"})
        pictures.width, pictures.height, pictures.pix_fmt = 320, 180, "yuv420p"
        sound = out.add_stream("aac", rate=RATE)
        sound.layout = "mono"
        for frame in range(scene.frames):
            picture = VideoFrame.from_ndarray(thumbnail(scene, frame), format="gray").reformat(format="yuv420p")
            picture.pts, picture.time_base = frame, Fraction(1, 25)
            out.mux(pictures.encode(picture))
            wave = np.sin(np.arange(RATE // 25) * 0.05).astype(np.float32)[np.newaxis] * 0.2
            tone = AudioFrame.from_ndarray(wave, format="fltp", layout="mono")
            tone.rate, tone.pts, tone.time_base = RATE, frame * (RATE // 25), Fraction(1, RATE)
            out.mux(sound.encode(tone))
        out.mux(pictures.encode(None))
        out.mux(sound.encode(None))
    return path.read_bytes()


def found_in(scene: Scene) -> Analysis:
    """What the program makes of it, with two stretches of speech."""
    found = analysed(scene, Detector(scene, misses=0.02, jitter=0.01, false=0.0, halves=0.0))
    levels = bytes(40 + (at * 37) % 160 for at in range(SECONDS * 10))
    speech = (Speech(1_000, 2_500), Speech(4_000, 6_200))
    return replace(found, duration_ms=SECONDS * 1000, speech=speech, levels=levels, level_ms=100)


@dataclass
class Desk:
    """What the server beside the page keeps. `away`: no answer at all."""

    film: bytes
    sealed: bytes
    script: bytes
    state: RedactionState = S.ANALYSED
    draft: str = ""
    version: int = 0
    changed_in: int = 0
    changed_by: str = ""
    made: int | None = None  # the version of which the copy is
    leaves: bool = False
    checked_by: str = ""
    missing: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    played: list[dict[str, Any]] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    away: bool = False

    @cached_property
    def clip(self) -> str:
        return str(uuid4())

    @property
    def home(self) -> str:
        return f"/inzien/1/onherkenbaar/{self.clip}/"

    def kept(self) -> dict[str, Any]:
        """What stands there now."""
        return {
            "version": self.version, "changed_in": self.changed_in, "state": self.state.value, "changed_by": self.changed_by,
            "changed_at": "28-11-2026 10:31", "draft": self.draft,
        }  # fmt: skip

    def save(self, draft: str, by: str) -> None:
        """As somebody does it: a copy of before is none of this."""
        old, new = (read_draft(one.encode()) if one else Draft(Mode.INVERTED) for one in (self.draft, draft))
        self.version, self.draft, self.changed_by = self.version + 1, draft, by
        if replace(old, checked=()) != replace(new, checked=()):
            self.changed_in, self.state = self.version, S.DRAFTED

    def standing(self) -> dict[str, Any]:
        """How far it is."""
        told: dict[str, Any] = {
            "state": self.state.value, "said": f"{self.state.dutch}.", "asks": "Maak de kopie", "version": self.version,
            "changed_in": self.changed_in, "worker": "", "no_part": "", "played": f"{self.home}gespeeld/", "page": "/",
            "log": "/", "draft": "/draft/", "missing": self.missing, "steps": self.steps, "leaves": self.leaves,
            "second": self.leaves, "checked_by": self.checked_by, "looked": {"played": [], "heard": []},
            "analysis": {"object": str(FOUND), "sealed_size": len(self.sealed)},
        }  # fmt: skip
        if self.made == self.changed_in and self.made is not None:
            told["rendering"] = self._copy()
        return told

    def _copy(self) -> dict[str, Any]:
        return {"source": "copy", "sealed_size": 1, "content_type": "video/mp4", "version": self.made, "header": ""}

    def answer(self, method: str, path: str, content: Any) -> tuple[int, Any]:
        """What the page hears."""
        if path == "/draft/" and method == "PUT":
            if content["version"] != self.version:
                return 409, self.kept() | {"said": "Iemand anders was eerder."}
            self.save(content["draft"], "Demo Teammanager")
        if path == "/draft/":
            return 200, self.kept()
        if path.endswith("/onherkenbaar/" + self.clip + "/gespeeld/"):
            self.played += content["spans"]
            return 200, {"kept": True, "missing": self.missing}
        if path.endswith("/stap/"):
            self.taken.append(content["step"])
        if path.endswith("/kopie/"):
            return 200, self._copy()
        return (200, self.standing()) if path.startswith(self.home) else (200, {"open": True, "next": "/"})


def page_of() -> str:
    """The screen as the viewing page shows it to who makes others unrecognisable."""
    room, case = SimpleNamespace(pk=uuid4()), SimpleNamespace(reference="2026-0007")
    words = {"viewing": room, "line": "Proef", "purpose": "Anderen onherkenbaar maken", "case": case, "redacts": True}
    return (
        '<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>Proef</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="stylesheet" href="/built/beeldkluis.css"></head><body class="voorbeeld-theme">'
        '<input type="hidden" name="csrfmiddlewaretoken" value="x"><main class="inside page-body">'
        f"<h1>Maak anderen onherkenbaar</h1>{render_to_string('viewing/screen.html', words)}</main>"
        '<script type="module" src="/screen.js"></script></body></html>'
    )


def bundled(folder: Path) -> bytes:
    """The screen as the browser gets it."""
    made = folder / "review_screen.js"
    command = [ROOT / "frontend/node_modules/.bin/esbuild", Path(__file__).with_name("review_screen.js"), "--bundle"]
    subprocess.run([*command, "--format=esm", f"--outfile={made}", "--log-level=error"], check=True)
    return made.read_bytes()


def sealed(found: Analysis) -> bytes:
    """As the vault keeps it."""
    return b"".join(bytes(one) for one in Sealer(derived_file_key(KEY, FOUND)).chunks([analysis_bytes(found)]))


def told(desk: Desk) -> dict[str, Any]:
    """What the server tells of the recording that is open."""
    clip = {
        "object": desk.clip, "path": "/film/original", "duration_ms": SECONDS * 1000, "about_ms": 0, "is_copy": False
    }  # fmt: skip
    one = opening(1, [clip]) | {"id": "1", "token": "t", "recording_id": str(uuid4())}
    return {"openings": [one], "fileKey": list(KEY)}


def handler(desk: Desk, page: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_words: object) -> None:
            return

        def do_GET(self) -> None:
            files = {
                "/": (page.encode(), "text/html"),
                "/told.json": (json.dumps(told(desk)).encode(), "application/json"),
                "/screen.js": (desk.script, "text/javascript"),
                "/built/beeldkluis.css": ((BUILT / "beeldkluis.css").read_bytes(), "text/css"),
            }
            if self.path.startswith("/film/"):
                self._part(desk.film, "video/mp4")
            elif self.path.startswith("/inzien/verzegeld/"):
                self._part(desk.sealed, "application/octet-stream")
            elif self.path in files:
                self._say(200, *files[self.path])
            else:
                self._ask(None)

        def do_POST(self) -> None:
            self._ask(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def do_PUT(self) -> None:
            self.do_POST()

        def _ask(self, content: object) -> None:
            if desk.away:
                self.close_connection = True
                self.connection.close()
                return
            status, answer = desk.answer(self.command, self.path, content)
            self._say(status, json.dumps(answer).encode(), "application/json")

        def _part(self, whole: bytes, kind: str) -> None:
            wanted = re.match(r"bytes=(\d+)-(\d*)", self.headers.get("Range", "bytes=0-"))
            assert wanted is not None
            first, last = int(wanted[1]), min(len(whole) - 1, int(wanted[2] or len(whole) - 1))
            self._say(206, whole[first : last + 1], kind, f"bytes {first}-{last}/{len(whole)}")

        def _say(self, status: int, content: bytes, kind: str, part: str = "") -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Cache-Control", "no-store")
            self.send_header("Content-Security-Policy", CSP)
            if part:
                self.send_header("Content-Range", part)
            self.end_headers()
            self.wfile.write(content)

    return Handler


@contextmanager
def review(browser: Browser, desk: Desk) -> Iterator[Visitor]:
    """The screen, opened."""
    listening = ThreadingHTTPServer(("127.0.0.1", 0), handler(desk, page_of()))
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    one = Visitor(browser, f"http://localhost:{listening.server_port}", "teammanager")
    try:
        one.go("/")
        one.page.locator("#people > li").first.wait_for()
        yield one
        assert one.complaints == []
    finally:
        one.context.close()
        listening.shutdown()
        listening.server_close()
