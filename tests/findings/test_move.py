"""Findings of an installation from before they had a package of their own are all there afterwards."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.vault.postgres import postgres

__all__ = ["postgres"]  # a fixture, for this file
pytestmark = pytest.mark.slow

UPGRADE = """
import django; django.setup()
from django.core.management import call_command
from django.db import connection
from beeldkluis.journal import guard
call_command("migrate", "devices", "0010", verbosity=0)
with guard.opened(), connection.cursor() as cursor:
    cursor.execute("insert into devices_cameramodel (make, name, pre_event_seconds, post_event_seconds, remarks)"
        " values ('P', 'P', 120, 0, '')")
    cursor.execute("insert into devices_bodycam (serial, label, kind_id, added_at, volume_id, slot, register_changes)"
        " values ('SIM-7', 'BC-7', (select id from devices_cameramodel), '2026-10-01', '', '', 1)")
    cursor.execute("insert into devices_finding (rule, text, bodycam_id, found_at, settled_at, settled_because)"
        " values ('camera.blocked', 'Bodycam BC-7 heeft een ander geheugen dan de vorige keer.',"
        " (select id from devices_bodycam), '2026-10-01', null, '')")
    cursor.execute("insert into devices_finding (rule, text, found_at, settled_at, settled_because)"
        " values ('access.presence', 'Vraag het na.', '2026-10-02', '2026-10-03', 'Nagevraagd.')")
    for day in (3, 4):
        cursor.execute("insert into devices_finding (rule, text, found_at, settled_at, settled_because) values"
            f" ('request.no-footage', 'Bij zaak Z-1 was besloten dat er geen beelden zijn.', '2026-10-0{day}', null, '')")
call_command("migrate", verbosity=0)
from beeldkluis.devices.models import Bodycam
from beeldkluis.findings.models import Finding
for one in Finding.objects.order_by("pk"):
    print(one.pk, one.bodycam == Bodycam.objects.get().pk, one.settled_because, one.key)
with guard.opened():
    print(Finding.objects.create(rule="t", text="Nieuw.", found_at=one.found_at).pk)
print("devices_finding" in connection.introspection.table_names())
"""


def _upgraded(folder: Path, database: str) -> list[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "beeldkluis.web.settings",
        "BEELDKLUIS_DATA": str(folder),
        "BEELDKLUIS_SECRET_KEY": "only-for-tests",
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "PYTHONWARNINGS": "ignore",
    } | ({"BEELDKLUIS_DATABASE": database} if database else {})
    done = subprocess.run(
        [sys.executable, "-c", UPGRADE], env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


KEPT = ["1 True  memory-changed:BC-7", "2 False Nagevraagd. ", "3 False  ", "4 False  Z-1", "5", "False"]


def test_every_finding_comes_along_with_its_key_and_no_two_open_ones_share_it_on_sqlite(tmp_path: Path) -> None:
    assert _upgraded(tmp_path, "") == KEPT


@pytest.mark.postgres
def test_every_finding_comes_along_on_postgresql(postgres: int, tmp_path: Path) -> None:
    assert _upgraded(tmp_path, f"postgres://tests@127.0.0.1:{postgres}/postgres") == KEPT
