"""How the programs start: what they import is looked at once, and the web server's workers share it."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.web.program import around

pytestmark = pytest.mark.slow

SHARED = """
import gc, threading
from beeldkluis.web import web_server, wsgi
from django.db import connections
from django.urls import get_resolver
print(web_server.preload_app, get_resolver()._populated)
print(threading.active_count(), [one.alias for one in connections.all(initialized_only=True) if one.connection])
print(gc.isenabled(), gc.get_freeze_count() > len(gc.get_objects()))
"""
COMMAND = """
import atexit, gc, sys
from beeldkluis.web.command import main
atexit.register(lambda: print(gc.isenabled(), gc.get_freeze_count() > 10_000, len(gc.get_objects()) < 10_000))
sys.argv = ["beeldkluis", "check"]
main()
"""


def python(data: Path, program: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", program], env=around(data), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_what_the_workers_of_the_web_server_share_has_every_page_and_no_thread_and_no_connection(
    tmp_path: Path,
) -> None:
    assert python(tmp_path, SHARED) == ["True True", "1 []", "True True"]


def test_a_command_collects_garbage_but_does_not_walk_through_the_program_again_not_even_at_its_end(
    tmp_path: Path,
) -> None:
    assert python(tmp_path, COMMAND)[-1] == "True True True"
