"""A whole installation by its own two commands: set up, serve, look, stop."""

import re
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from tests.web.program import around, command, install, needs_built, serving

pytestmark = pytest.mark.slow


@needs_built
def test_from_an_empty_folder_to_a_page_that_asks_who_you_are(tmp_path: Path) -> None:
    data = tmp_path / "data"
    refused = command(data, "serve")
    assert refused.returncode == 1
    assert "nog niet ingericht" in refused.stderr
    done = command(data, "setup")
    assert done.returncode == 0, done.stderr
    code = re.search(r"\n\n {2}(\S{20,})\n", done.stdout)
    assert code is not None
    assert {one.stat().st_mode & 0o077 for one in (data, data / "secrets", data / "keys", data / "store")} == {0}
    assert {one.stat().st_mode & 0o777 for one in (data / "secrets").iterdir()} == {0o600}
    secret = (data / "secrets" / "django-secret").read_text()
    assert command(data, "setup", "--quiet").returncode == 0
    assert (data / "secrets" / "django-secret").read_text() == secret
    with serving(data) as (server, address):
        assert httpx.get(f"{address}/").headers["location"].startswith("/accounts/login/")
        page = httpx.get(f"{address}/accounts/login/")
        assert "Inloggen" in page.text
        sheet = re.search(r'href="(/static/built/beeldkluis\.\w+\.css)"', page.text)
        assert sheet is not None
        assert httpx.get(address + sheet[1]).status_code == 200
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=40) == 0
    doctor = command(data, "doctor")
    assert doctor.returncode == 1
    assert "Er is niemand met de rol teammanager." in doctor.stdout
    assert "SQLite" not in doctor.stdout
    with sqlite3.connect(data / "beeldkluis.sqlite3") as database:
        assert code[1] not in "".join(database.iterdump()), "only the code's hash is kept"


@needs_built
def test_a_demonstration_does_not_start_beside_a_real_installation(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert install(data, "--quiet").returncode == 0
    demonstration = subprocess.run(
        [sys.executable, "-m", "beeldkluis.web", "setup"],
        env=around(data) | {"BEELDKLUIS_DEMONSTRATION": "1"}, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert demonstration.returncode == 1
    assert "echte installatie" in demonstration.stderr
