"""What the doctor and the public pages say: who lacks, how much is free, until when something counts."""

import shutil
from collections import namedtuple
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import signing
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings
from tests.conftest import START
from tests.web.conftest import add

from beeldkluis.cases.models import Case
from beeldkluis.journal import clock
from beeldkluis.journal.signer import make_signing_key
from beeldkluis.people.models import Person
from beeldkluis.protocol.roles import Role
from beeldkluis.web import doctor

NOW = START + timedelta(days=30)
Usage = namedtuple("Usage", "total used free")  # noqa: PYI024 - as shutil gives it


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    cache.clear()


def test_each_role_that_nobody_has_is_named(db: None) -> None:
    for role in (Role.TEAM_MANAGER, Role.DPO, Role.ADMINISTRATOR):
        words = [f"Er is niemand met de rol {one.dutch}." for one in doctor.NEEDED]
        assert f"Er is niemand met de rol {role.dutch}." in words
        assert f"Er is niemand met de rol {role.dutch}." in list(doctor.people_and_keys())
        add(role)
        assert f"Er is niemand met de rol {role.dutch}." not in list(doctor.people_and_keys())
    Person.objects.filter(role=Role.DPO.value).update(is_active=False)
    assert f"Er is niemand met de rol {Role.DPO.dutch}." in list(doctor.people_and_keys())


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_that_a_group_or_anybody_can_read_is_named(settings: Settings, mode: int) -> None:
    make_signing_key()
    assert list(doctor.secrets()) == []
    Path(settings.SIGNING_KEY_FILE).chmod(mode)
    (said,) = doctor.secrets()
    assert said == f"{settings.SIGNING_KEY_FILE} is ook voor anderen leesbaar; zet de rechten op 0600."


def test_what_is_free_is_told_in_gibibytes(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DATA_FOLDER = settings.STORE_FOLDER = settings.STAGING_FOLDER = tmp_path
    free: list[int] = [int(9.5 * 1024**3)]
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Usage(0, 0, free[0]))
    (said,) = doctor.disks()
    assert said == f"Op de schijf van {tmp_path} is nog 9.5 GiB vrij. Docks laten camera's vol als het niet past."
    free[0] = 10 * 1024**3
    assert list(doctor.disks()) == []


def told(until: str) -> dict[str, str]:
    return {
        "kind": "access", "requester_name": "J. de Vries", "requester_email": "j@example.nl", "place": "De Gast",
        "moment_from": "2026-10-28T20:00", "moment_until": until, "once": until,
    }  # fmt: skip


def test_a_request_covers_a_day_and_no_minute_more(client: Client, db: None) -> None:
    page = client.post("/over-bodycams/verzoek/", told("2026-10-29T20:01")).content.decode()
    assert "Kies hoogstens een dag. Was het vaker? Doe dan meer verzoeken." in page
    assert not Case.objects.exists()
    assert client.post("/over-bodycams/verzoek/", told("2026-10-29T20:00")).status_code == 302
    assert Case.objects.count() == 1


def test_the_page_after_a_request_is_there_for_a_day(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    address = client.post("/over-bodycams/verzoek/", told("2026-10-28T21:00"))["Location"]
    real = signing.time.time()
    for hours, status in ((23, 200), (25, 404)):
        monkeypatch.setattr(signing.time, "time", lambda hours=hours: real + hours * 3600)
        assert client.get(address).status_code == status


def test_where_to_report_a_weakness_counts_for_half_a_year(
    client: Client, db: None, settings: Settings, tmp_path: Path
) -> None:
    own = tmp_path / "own.toml"
    own.write_text(Path(settings.PROTOCOL_FILE).read_text().replace("email = []", 'email = ["info@example.nl"]'))
    settings.PROTOCOL_FILE = str(own)
    lines: dict[str, Any] = dict(
        one.split(": ", 1) for one in client.get("/.well-known/security.txt").content.decode().splitlines()
    )
    expires = datetime.fromisoformat(lines["Expires"])
    assert timedelta(days=90) < expires - NOW < timedelta(days=366)  # RFC 9116: less than a year
