"""Marks while looking: they stand with the case, only while the recording is open, and the footage stays as it is."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from tests.viewing.conftest import NOW, Scene

from beeldkluis.journal import clock
from beeldkluis.journal.models import Entry
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.viewing import queries
from beeldkluis.viewing.models import Marker


@pytest.fixture(autouse=True)
def at_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def post(client: Client, address: str, content: object) -> Any:
    return client.post(address, json.dumps(content), content_type="application/json")


def test_a_mark_is_kept_with_the_case_and_told_at_the_next_opening(
    client: Client, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.confirm()
    client.force_login(scene.manager)
    opened = f"/inzien/{scene.look(Purpose.ASSESS_REQUEST, 'officer').pk}/opname/{scene.recording.pk}/openen/"
    told = post(client, opened, {}).json()
    clip = told["clips"][0]["object"]
    mark = f"/inzien/{told['id']}/markering/"
    assert told["mark"] == mark
    made = post(client, mark, {"clip": clip, "at_ms": 6100, "note": "Hier begint het."}).json()
    assert made["at_ms"] == 6100
    assert b"Hier begint het" not in b"".join(bytes(one.data) for one in Entry.objects.all())
    for wrong in ({"clip": clip}, {"clip": "x", "at_ms": 1}, {"clip": clip, "at_ms": -1}, []):
        assert post(client, mark, wrong).status_code == 400
    assert post(client, mark, {"clip": str(uuid4()), "at_ms": 1}).status_code == 403
    assert [one.note for one in queries.markers(scene.case, scene.recording.pk)] == ["Hier begint het."]
    assert post(client, opened, {}).json()["markers"] == [made]
    away = f"/inzien/{told['id']}/markering/{made['id']}/weg/"
    assert post(client, away, {}).status_code == 200
    assert queries.markers(scene.case, scene.recording.pk) == []
    assert Marker.objects.count() == 1, "what was noted once stays findable"
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=6))
    assert post(client, mark, {"clip": clip, "at_ms": 1}).status_code == 404, "left alone"
