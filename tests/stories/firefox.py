"""Debian's Firefox, driven over the door that it has itself (Marionette, JSON over a socket on this machine)."""

import base64
import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the name of an element's id in the WebDriver standard
PREFERENCES = {
    "marionette.port": 0,
    "media.autoplay.default": 0,
    "app.update.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "intl.accept_languages": "nl",
}


def installed() -> str:
    """Where Firefox is; empty when this machine has none."""
    return shutil.which("firefox-esr") or ""


class Firefox:
    """One window. Every command waits for its answer."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._stream = self._socket.makefile("rb")
        self._number = 0
        self._hear()
        self.command("WebDriver:NewSession", {"capabilities": {"alwaysMatch": {"timeouts": {"script": 60_000}}}})

    def _hear(self) -> Any:
        length = b""
        while (digit := self._stream.read(1)) not in (b":", b""):
            length += digit
        return json.loads(self._stream.read(int(length)))

    def command(self, name: str, words: dict[str, Any]) -> Any:
        """One command of the WebDriver standard; AssertionError with Firefox's own words when it did not work."""
        self._number += 1
        told = json.dumps([0, self._number, name, words]).encode()
        self._socket.sendall(str(len(told)).encode() + b":" + told)
        _kind, _number, error, answer = self._hear()
        assert not error, f"{name}: {error['error']}: {error['message']}"
        return answer.get("value") if isinstance(answer, dict) and set(answer) == {"value"} else answer

    def leave(self) -> None:
        self._stream.close()
        self._socket.close()

    def go(self, address: str) -> None:
        self.command("WebDriver:Navigate", {"url": address})

    def run(self, expression: str) -> Any:
        """The value of an expression on the page; a promise is waited for."""
        script = (
            "const done = arguments[0]; Promise.resolve().then(() => ("
            + expression
            + ")).then(done, e => done(String(e)))"
        )
        return self.command("WebDriver:ExecuteAsyncScript", {"script": script, "args": [], "newSandbox": False})

    def until(self, holds: str, seconds: float = 30) -> None:
        """Wait until an expression is true."""
        end = time.monotonic() + seconds
        while not self.run(holds):
            assert time.monotonic() < end, holds
            time.sleep(0.1)

    def _find(self, wanted: str, how: str = "css selector") -> str:
        return str(self.command("WebDriver:FindElement", {"using": how, "value": wanted})[ELEMENT])

    def click(self, wanted: str) -> None:
        self.command("WebDriver:ElementClick", {"id": self._find(wanted)})

    def press(self, name: str) -> None:
        """Click the button or link with this text."""
        path = f'//*[self::button or self::a][normalize-space()="{name}"]'
        self.command("WebDriver:ElementClick", {"id": self._find(path, "xpath")})

    def fill(self, wanted: str, text: str) -> None:
        self.command("WebDriver:ElementSendKeys", {"id": self._find(wanted), "text": text})

    def picture(self, path: Path) -> None:
        data = self.command("WebDriver:TakeScreenshot", {"full": True})
        path.write_bytes(base64.b64decode(data))


@contextmanager
def firefox(profile: Path) -> Iterator[Firefox]:
    """Start it without a window, in a profile of its own."""
    profile.mkdir()
    lines = [f'user_pref("{name}", {json.dumps(value)});' for name, value in PREFERENCES.items()]
    (profile / "user.js").write_text("\n".join(lines))
    process = subprocess.Popen(
        [installed(), "--headless", "--marionette", "--no-remote", "--profile", profile],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"HOME": str(profile), "PATH": "/usr/bin:/bin", "MOZ_HEADLESS": "1", "LC_ALL": "C.UTF-8"},
    )
    browser = None
    try:
        browser = Firefox(_port(profile))
        yield browser
    finally:
        if browser is not None:
            browser.leave()
        process.kill()
        process.wait()


def _port(profile: Path) -> int:
    """Firefox chooses a free port and writes it down."""
    written, end = profile / "MarionetteActivePort", time.monotonic() + 60
    while time.monotonic() < end:
        if written.exists() and (text := written.read_text().strip()):
            return int(text)
        time.sleep(0.2)
    raise AssertionError("Firefox did not open its door within a minute")
