"""Cameras that stay away, show up in two places or with another memory; what a model can keep."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from beeldkluis.devices import queries
from beeldkluis.devices.actions import CameraSeen, add_bodycam, block_bodycam, note_docked
from beeldkluis.devices.models import Bodycam, CameraModel, Dock, IssuePeriod
from beeldkluis.findings.models import Finding
from beeldkluis.journal import clock
from beeldkluis.people.models import Person
from beeldkluis.protocol.camera import Sighting, stays_away, strange
from beeldkluis.protocol.register import Protocol
from tests.conftest import SETUP, START
from tests.devices.test_pages import CAMERA


@pytest.mark.rule("camera.docked")
@pytest.mark.parametrize(("docked", "issued", "away"), [(0, 0, True), (1, 0, False), (None, 0, True), (0, 1, False)])
def test_a_camera_stays_away_after_fourteen_days(
    protocol: Protocol, docked: int | None, issued: int, away: bool
) -> None:
    last = None if docked is None else START + timedelta(days=docked)
    found = stays_away(
        last_docked_at=last,
        issued_at=START + timedelta(days=issued),
        protocol=protocol,
        now=START + timedelta(days=14),
    )
    assert found == away


def a_dock(name: str) -> Dock:
    return Dock.objects.create(name=name, public_key=name, token_hash=name, enrolled_at=START)


def seen(serial: str = "SIM-0007", volume: str = "V1", slot: str = "1") -> CameraSeen:
    return CameraSeen(serial=serial, slot=slot, volume_id=volume, clock_offset_ms=0, files=0, free_bytes=0)


def texts() -> list[str]:
    return list(Finding.objects.order_by("pk").values_list("text", flat=True))


def test_a_camera_in_two_docks_within_a_minute_is_two_cameras(bodycam: Bodycam) -> None:
    zuidhorn, leek = a_dock("Zuidhorn"), a_dock("Leek")
    note_docked(zuidhorn, seen(), now=START)
    note_docked(leek, seen(), now=START + timedelta(seconds=59))
    assert "twee plaatsen" in texts()[0]
    note_docked(zuidhorn, seen(slot="2"), now=START + timedelta(minutes=30))
    assert len(texts()) == 1, "another dock half an hour later is nothing strange"


def test_a_memory_that_was_in_another_camera_is_named(bodycam: Bodycam) -> None:
    add_bodycam(
        serial="SIM-0011", label="BC-0011", make="Proef", model="P1", pre_event_seconds=120, actor=SETUP, now=START
    )
    dock = a_dock("Zuidhorn")
    note_docked(dock, seen(), now=START)
    note_docked(dock, seen("SIM-0011"), now=START + timedelta(hours=1))
    assert texts() == ["Het geheugen in bodycam BC-0011 zat eerder in bodycam BC-0007."]


def test_nothing_strange_says_nothing() -> None:
    moment: datetime = START
    fine = Sighting(
        label="A", volume_before="", volume_now="V", other_label_of_volume="", dock_before="", dock_now="1",
        seen_before=None, now=moment,
    )  # fmt: skip
    assert strange(fine) is None


def test_what_stays_away_is_shown_until_it_is_docked_or_blocked(
    client: Client, issued: IssuePeriod, team_manager: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = START + timedelta(days=20)
    monkeypatch.setattr(clock, "now", lambda: late)
    client.force_login(team_manager)
    assert "Bodycam BC-0007 stond lang niet" in client.get("/").content.decode()
    assert "Blijft weg" in client.get("/bodycams/").content.decode()
    note_docked(a_dock("Zuidhorn"), seen(), now=late)
    assert queries.staying_away(late) == []
    assert len(queries.staying_away(late + timedelta(days=14))) == 1
    block_bodycam(issued.bodycam, actor=SETUP, now=late)
    assert queries.staying_away(late + timedelta(days=14)) == []


def test_what_a_model_can_keep_is_kept_once_for_all_its_cameras(
    client: Client, team_manager: Person, bodycam: Bodycam
) -> None:
    client.force_login(team_manager)
    told = CAMERA | {"model": "P1", "pre_event_sound": "nee", "seals_footage": "ja", "post_event_seconds": ""}
    assert client.post("/bodycams/nieuw/", told).status_code == 302
    kind = CameraModel.objects.get()
    assert (kind.pre_event_seconds, kind.pre_event_sound, kind.seals_footage) == (90, False, True)
    page = client.get("/bodycams/BC-0007/").content.decode()
    assert "90 seconden" in page
    assert "zonder geluid" in client.get("/bodycams/").content.decode()
