"""What the page tells of what it showed: kept once, in time or a little late, and held beside what the server gave out."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from tests.viewing.conftest import NOW, Scene

from beeldkluis.cases import actions as cases
from beeldkluis.findings.models import Finding
from beeldkluis.footage.models import Clip, Recording
from beeldkluis.intake import film_queries
from beeldkluis.intake.axis import KEY_TYPE
from beeldkluis.journal import clock
from beeldkluis.journal.models import Entry
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.roles import Role
from beeldkluis.vault import queries as vault
from beeldkluis.viewing import actions, check_actions
from beeldkluis.viewing.models import Opening, PlayedSpan, ViewingCopy

Clock = Callable[[timedelta], None]


@pytest.fixture(autouse=True)
def at(monkeypatch: pytest.MonkeyPatch) -> Clock:
    moment = NOW

    def later(by: timedelta) -> None:
        nonlocal moment
        moment += by

    def now() -> datetime:
        return moment

    monkeypatch.setattr(clock, "now", now)
    return later


def post(client: Client, address: str, content: object) -> Any:
    return client.post(address, json.dumps(content), content_type="application/json")


@pytest.fixture
def opened(client: Client, scene: Scene) -> dict[str, Any]:
    scene.confirm()
    client.force_login(scene.manager)
    looking = scene.look(Purpose.ASSESS_REQUEST, "officer")
    told: dict[str, Any] = post(client, f"/inzien/{looking.pk}/opname/{scene.recording.pk}/openen/", {}).json()
    return told


def span(told: dict[str, Any], start: int, end: int) -> dict[str, Any]:
    return {"clip": told["clips"][0]["object"], "start_ms": start, "end_ms": end}


def kept() -> list[tuple[int, int]]:
    return [(one.start_ms, one.end_ms) for one in PlayedSpan.objects.order_by("pk")]


@pytest.mark.rule("access.played")
def test_each_place_is_kept_once_for_a_telling(client: Client, opened: dict[str, Any]) -> None:
    many = [span(opened, at * 40, at * 40 + 41) for at in range(200)]
    assert post(client, opened["played"], {"spans": many}).json() == {"open": True}
    assert kept() == [(0, 199 * 40 + 41)]
    assert Entry.objects.filter(act="viewing.seconds_played").count() == 1


@pytest.mark.rule("access.played")
def test_what_was_seen_before_it_closed_is_still_kept_for_an_hour(
    client: Client, opened: dict[str, Any], at: Clock, scene: Scene
) -> None:
    close = f"/inzien/{opened['id']}/sluiten/"
    assert opened["close"] == close
    assert post(client, close, {"spans": [span(opened, 0, 1000)]}).json()["next"].startswith("/inzien/")
    closings = Entry.objects.filter(act="viewing.opening_closed")
    assert json.loads(bytes(closings.get().data))["facts"]["seconds"] == 1, "closing counts what came with it"
    assert post(client, opened["played"], {"spans": [span(opened, 1000, 2000)]}).json() == {"open": False}
    assert post(client, opened["close"], {}).status_code == 200, "closing again is no error"
    assert closings.count() == 1
    at(timedelta(minutes=59))
    assert post(client, opened["played"], {"spans": [span(opened, 2000, 3000)]}).json() == {"open": False}
    at(timedelta(minutes=2))
    assert post(client, opened["played"], {"spans": [span(opened, 9000, 9500)]}).status_code == 404
    assert kept() == [(0, 1000), (1000, 2000), (2000, 3000)]
    other = Client()
    other.force_login(scene.people[Role.DPO])
    assert post(other, opened["played"], {"spans": []}).status_code == 404, "only by whoever opened it"


@pytest.mark.rule("access.presence", "access.case-required")
def test_the_next_telling_closes_what_lost_its_ground(client: Client, opened: dict[str, Any], scene: Scene) -> None:
    cases.reject_match(scene.case, scene.recording.pk, actor=scene.manager.as_actor, now=NOW)
    assert post(client, opened["played"], {"spans": [span(opened, 0, 1000)]}).json() == {"open": False}
    assert Opening.objects.get().closed_at == NOW
    assert kept() == [(0, 1000)]


@pytest.mark.rule("storage.sealed")
def test_a_seal_that_is_not_right_becomes_a_finding_once(client: Client, opened: dict[str, Any], scene: Scene) -> None:
    clip = opened["clips"][0]["object"]
    broken = f"/inzien/{opened['id']}/zegel/"
    assert opened["broken"] == broken
    for _ in range(2):
        assert post(client, broken, {"clip": clip, "what": "seal"}).status_code == 200
    found = Finding.objects.get(rule="storage.sealed")
    assert str(scene.recording) in found.text
    assert Entry.objects.filter(act="viewing.seal_broken", recording=scene.recording.pk).count() == 2
    assert post(client, opened["broken"], {"clip": clip, "what": "key"}).status_code == 200
    scene.recording.refresh_from_db()
    assert scene.recording.openable is False
    assert post(client, opened["broken"], {"clip": str(uuid4()), "what": "seal"}).status_code == 403
    for wrong in ({"clip": clip}, {"clip": clip, "what": "x"}, {"clip": 7, "what": "key"}, []):
        assert post(client, opened["broken"], wrong).status_code == 400


DEEP = '{"spans": ' + "[" * 100_000 + "]" * 100_000 + "}"
SPAN = '{"spans": [{"clip": "CLIP", "start_ms": START, "end_ms": END}]}'


@pytest.mark.parametrize(
    "body",
    [
        DEEP,
        SPAN.replace("START", "0").replace("END", "Infinity"),
        SPAN.replace("START", "-1").replace("END", "5"),
        SPAN.replace("START", "0").replace("END", "9" * 30),
        SPAN.replace("START", "0.5").replace("END", "1.5"),
        SPAN.replace("START", "true").replace("END", "9"),
        '{"spans": [{"clip": 7, "start_ms": 0, "end_ms": 1}]}',
        '{"spans": ["x"]}',
        '{"spans": {"a": 1}}',
        json.dumps({"spans": [{}] * 1001}),
    ],
)
def test_nonsense_is_said_to_be_nonsense(client: Client, opened: dict[str, Any], body: str) -> None:
    body = body.replace("CLIP", opened["clips"][0]["object"])
    for address in ("played", "close"):
        answer = client.post(opened[address], body, content_type="application/json")
        assert answer.status_code == 400
    assert Opening.objects.get().closed_at is None


def test_a_note_keeps_what_a_database_keeps(client: Client, opened: dict[str, Any]) -> None:
    clip = opened["clips"][0]["object"]
    made = post(client, opened["mark"], {"clip": clip, "at_ms": 1, "note": "a\0b\ud800c" + "x" * 600}).json()
    assert made["note"] == "abc" + "x" * 497
    before = Entry.objects.count()
    assert post(client, f"{opened['mark']}777/weg/", {}).status_code == 200
    assert Entry.objects.count() == before, "nothing was taken away"


@pytest.mark.parametrize("asked", ["bytes=" + "9" * 5000 + "-", "bytes=-5", "bytes=5-1", "bytes=²-", "x=0-1"])
def test_an_odd_range_is_said_to_be_none(client: Client, opened: dict[str, Any], asked: str) -> None:
    address = f"/inzien/verzegeld/{opened['id']}/{opened['clips'][0]['source']}"
    answer = client.get(address, headers={"Range": asked, "X-Opening-Token": opened["token"]})
    assert answer.status_code == 416


def test_of_a_check_only_recordings_count(client: Client, scene: Scene) -> None:
    client.force_login(scene.manager)
    outcome = {str(uuid4()): True, str(scene.recording.pk): True}
    assert post(client, "/inzien/controle/uitkomst/", {"outcome": outcome}).status_code == 200
    scene.recording.refresh_from_db()
    assert scene.recording.openable is None, "nobody vouches for a seal that was never tried"
    check_actions.give_headers(scene.manager, proved_at=NOW, now=NOW)
    assert post(client, "/inzien/controle/uitkomst/", {"outcome": outcome}).status_code == 200
    assert post(client, "/inzien/controle/uitkomst/", {"outcome": [[1, True]]}).status_code == 400
    scene.recording.refresh_from_db()
    assert scene.recording.openable is True


def film(recording: Recording, position: int, size: int, duration_ms: int | None, kind: str = "video/mp4") -> UUID:
    made = Clip.objects.create(
        recording=recording, object=uuid4(), position=position, name=f"{position}", content_type=kind,
        source_sha256="0" * 64, source_size=size, duration_ms=duration_ms,
    )  # fmt: skip
    return made.object


@pytest.mark.rule("access.played")
def test_film_whose_length_nobody_told_counts_by_its_part_of_the_recording(scene: Scene) -> None:
    recording = scene.recording
    recording.clips.all().delete()
    recording.ended_at = recording.started_at + timedelta(seconds=100)
    recording.activated_at = recording.started_at
    recording.save()
    known, small, large = (
        film(recording, at, size, told) for at, size, told in ((0, 9, 40_000), (1, 10, None), (2, 20, None))
    )
    film(recording, 3, 1000, None, KEY_TYPE)
    assert film_queries.lengths(recording.pk) == {known: 40_000, small: 20_000, large: 40_000}


@pytest.mark.rule("access.played")
def test_an_axis_film_is_held_beside_what_went_out_too(scene: Scene) -> None:
    scene.confirm()
    Clip.objects.filter(recording=scene.recording.pk).update(duration_ms=None)
    opening = actions.open_recording(
        scene.look(Purpose.ASSESS_REQUEST, "officer"), scene.recording.pk, person=scene.manager, now=NOW
    ).opening
    clip = scene.recording.clips.get().object
    actions.report_played(opening, [(clip, 0, 170_000)], actor=scene.manager.as_actor, now=NOW)
    actions.close(opening, actor=scene.manager.as_actor, now=NOW)
    assert Finding.objects.filter(rule="access.played").count() == 1


@pytest.mark.rule("access.played")
def test_a_copy_that_was_made_meanwhile_did_not_play_here(scene: Scene) -> None:
    scene.confirm()
    Clip.objects.filter(recording=scene.recording.pk).update(duration_ms=180_000)
    opening = actions.open_recording(
        scene.look(Purpose.ASSESS_REQUEST, "officer"), scene.recording.pk, person=scene.manager, now=NOW
    ).opening
    clip = scene.recording.clips.get().object
    copy = scene.world.receive().clips.get().object  # any sealed object that is there
    ViewingCopy.objects.create(
        recording=scene.recording.pk, clip=clip, object=copy, state="made", case=scene.case.reference, asked_at=NOW
    )
    actions.note_fetched(opening, clip, 0, vault.payload_size(clip), now=NOW)
    actions.report_played(opening, [(clip, 0, 170_000)], actor=scene.manager.as_actor, now=NOW)
    actions.close(opening, actor=scene.manager.as_actor, now=NOW)
    assert not Finding.objects.filter(rule="access.played").exists()
