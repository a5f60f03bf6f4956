"""Attacker: whoever has the token of a dock or of a camera system. No token fills the disk or the tables; a dock that is told to
wait goes on afterwards.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from beeldkluis.devices.models import Dock
from beeldkluis.dock import offload as offloading
from beeldkluis.dock.client import Upload as Begun
from beeldkluis.dock.client import VaultBusyError
from beeldkluis.findings.models import Finding
from beeldkluis.intake import limit_actions
from beeldkluis.intake.limit_actions import NoSpaceError, TooManyError, begin, drop_empty_containers
from beeldkluis.intake.models import AxisContainer, AxisObject, AxisSystem, Upload
from beeldkluis.journal import clock
from beeldkluis.sealed.token import hash_token
from beeldkluis.vault import arrival

NOW = datetime(2026, 11, 2, 9, 0, 0, tzinfo=UTC)
GIB = 1024**3
TUS = {"Tus-Resumable": "1.0.0", "Authorization": "Bearer geheim"}


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    cache.clear()


@pytest.fixture
def dock(db: None, vault_folders: Path) -> Dock:
    return Dock.objects.create(name="Balie", public_key="x", token_hash=hash_token("geheim"), enrolled_at=NOW)


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """How much room there is."""

    def say(size: int) -> None:
        monkeypatch.setattr(limit_actions, "room", lambda: size)

    say(1000 * GIB)
    return say


def ask(client: Client, length: int) -> tuple[int, str]:
    answer = client.post("/intake/v1/uploads", headers=TUS | {"Upload-Length": str(length)})
    return answer.status_code, answer.headers.get("Retry-After", "")


def findings() -> list[str]:
    return list(Finding.objects.values_list("text", flat=True))


def test_477_uploads_in_a_row_leave_thirty_two_and_one_finding(
    client: Client, dock: Dock, free: Callable[[int], None], vault_folders: Path
) -> None:
    answers = [ask(client, 1_000_000) for _ in range(100)]
    assert answers == [(201, "")] * 32 + [(429, "60")] * 68
    assert Upload.objects.count() == 32 == len(list((vault_folders / "staging").iterdir()))
    assert findings() == ["Dockingstation Balie begint steeds nieuwe aanleveringen zonder ze af te maken. Kijk het na."]


def test_beginning_and_giving_up_again_and_again_is_counted_too(
    client: Client, dock: Dock, free: Callable[[int], None], settings: Settings
) -> None:
    settings.UPLOADS_A_MINUTE = 10
    for _ in range(10):
        upload = begin(dock, length=10, metadata={}, now=NOW)
        assert client.delete(f"/intake/v1/uploads/{upload.pk}", headers=TUS).status_code == 204
    assert ask(client, 10) == (429, "60")
    assert not Upload.objects.exists()
    with pytest.raises(TooManyError):
        begin(dock, length=10, metadata={}, now=NOW + timedelta(seconds=59))
    assert begin(dock, length=10, metadata={}, now=NOW + timedelta(seconds=60)).pk


def test_a_dock_that_crashed_often_loses_its_oldest_half_upload_and_not_its_turn(
    dock: Dock, free: Callable[[int], None], vault_folders: Path
) -> None:
    first = [begin(dock, length=10, metadata={}, now=NOW + timedelta(seconds=one)) for one in range(32)]
    later = NOW + timedelta(minutes=11)
    again = begin(dock, length=10, metadata={}, now=later)
    left = set(Upload.objects.values_list("pk", flat=True))
    assert left == {one.pk for one in first[1:]} | {again.pk}
    assert {one.name for one in (vault_folders / "staging").iterdir()} == {str(one) for one in left}


def test_one_dock_takes_no_more_than_its_part_of_the_room_and_the_others_go_on(
    dock: Dock, free: Callable[[int], None]
) -> None:
    free(100 * GIB)
    other = Dock.objects.create(name="Werf", public_key="x", token_hash=hash_token("ander"), enrolled_at=NOW)
    assert begin(dock, length=60 * GIB, metadata={}, now=NOW)
    with pytest.raises(NoSpaceError):
        begin(dock, length=16 * GIB, metadata={}, now=NOW)
    assert begin(other, length=16 * GIB, metadata={}, now=NOW)
    assert findings() == [
        "Dockingstation Balie kondigt meer aan dan waar voor één dockingstation ruimte is. Kijk het na."
    ]


def test_what_was_announced_is_kept_free_until_it_is_left_alone(
    client: Client, dock: Dock, free: Callable[[int], None]
) -> None:
    free(40 * GIB)
    other = Dock.objects.create(name="Werf", public_key="x", token_hash=hash_token("ander"), enrolled_at=NOW)
    begin(other, length=30 * GIB, metadata={}, now=NOW - timedelta(minutes=9))
    assert ask(client, 11 * GIB) == (507, "")
    assert ask(client, 11 * GIB) == (507, "")
    assert len(findings()) == 1
    assert "schijf voor opnames is vol" in findings()[0]
    Upload.objects.update(touched_at=NOW - timedelta(minutes=11))
    assert ask(client, 11 * GIB) == (201, "")


def test_the_reserve_stays_whatever_comes(
    client: Client, dock: Dock, free: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """More arrives at once than there is room for: what came is kept, and the database can still write."""
    upload = begin(dock, length=4 * arrival.LOOK_EVERY, metadata={}, now=NOW)
    looks = iter([None, None])

    def look(_descriptor: int) -> None:
        if next(looks, "full") == "full":
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(arrival, "_keep_reserve", look)
    headers = TUS | {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    answer = client.generic(
        "PATCH", f"/intake/v1/uploads/{upload.pk}", bytes(4 * arrival.LOOK_EVERY), headers=headers,
        content_type="application/offset+octet-stream",
    )  # fmt: skip
    assert answer.status_code == 507
    upload.refresh_from_db()
    assert upload.offset == 2 * arrival.LOOK_EVERY
    assert "schijf voor opnames is vol" in findings()[0]


def test_a_disk_up_to_its_reserve_takes_nothing_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = arrival.Arrival(tmp_path / "one")
    place.make()
    monkeypatch.setattr(arrival, "RESERVE", 10**18)
    with pytest.raises(OSError, match="No space left"):
        place.add(bytes, 0, 10, lambda _end: None)
    assert place.path.stat().st_size == 0


@pytest.fixture
def system(db: None, vault_folders: Path) -> AxisSystem:
    return AxisSystem.objects.create(
        name="Kantoor", user="axis-1", key_hash="x", token_hash=hash_token("geheim"),
        token_expires_at=NOW + timedelta(days=1), made_at=NOW,
    )  # fmt: skip


def tell(client: Client, name: str, method: str = "PUT") -> int:
    return client.generic(method, f"/axis/v1/axis-1/{name}", headers={"X-Auth-Token": "geheim"}).status_code


def test_a_camera_system_begins_so_many_recordings_and_is_asked_to_wait(
    client: Client, system: AxisSystem, settings: Settings
) -> None:
    settings.AXIS_CONTAINERS_UNFINISHED = 3
    names = [f"user_AXIS-{one}_20261101T120000Z" for one in range(5)]
    assert [tell(client, name) for name in names] == [201, 201, 201, 503, 503]
    assert tell(client, names[0], "POST") == 204  # what was begun goes on
    assert findings() == ["Camerasysteem Kantoor begint steeds nieuwe opnames zonder ze af te maken. Kijk het na."]
    settings.AXIS_WRITES_A_MINUTE = 7
    assert [tell(client, names[0]) for _ in range(3)] == [202, 503, 503]


def test_a_recording_that_never_began_goes_after_a_week_and_a_list_stays(system: AxisSystem) -> None:
    def container(name: str, days: int) -> AxisContainer:
        touched = NOW - timedelta(days=days)
        return AxisContainer.objects.create(id=uuid4(), system=system, name=name, touched_at=touched)

    container("oud", 8)
    container("nieuw", 6)
    AxisObject.objects.create(container=container("Users", 99), name="u", made_at=NOW)
    assert drop_empty_containers(now=NOW) == 1
    assert set(AxisContainer.objects.values_list("name", flat=True)) == {"nieuw", "Users"}


def test_an_axis_object_that_cannot_be_is_no_full_disk(client: Client, system: AxisSystem) -> None:
    name = "user_AXIS-1_20261101T120000Z"
    assert tell(client, name) == 201
    answer = client.generic(
        "PUT", f"/axis/v1/axis-1/{name}/1.mp4", headers={"X-Auth-Token": "geheim"}, CONTENT_LENGTH=str(10**15)
    )
    assert answer.status_code == 413
    assert not findings()


class Busy:
    """A vault that says so many times that this dock asks too much."""

    def __init__(self, times: int) -> None:
        self.times, self.asked = times, 0

    def begin(self, _length: int, _told: object) -> Begun:
        self.asked += 1
        if self.asked <= self.times:
            raise VaultBusyError("Wacht even.", 7)
        return Begun(uuid4(), "http://localhost/u")


@pytest.mark.parametrize(("times", "goes_on"), [(1, True), (3, True), (4, False)])
def test_a_dock_waits_as_long_as_it_is_told_and_then_goes_on(
    monkeypatch: pytest.MonkeyPatch, times: int, goes_on: bool
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(offloading.time, "sleep", slept.append)
    vault = Busy(times)
    work = type(
        "Work", (), {"vault": vault, "identity": type("I", (), {"serial": "S"}), "file": type("F", (), {"label": "f"})}
    )
    if goes_on:
        assert offloading._begin(work, 10).id  # type: ignore[arg-type] - as much of the work as is asked for
    else:
        with pytest.raises(VaultBusyError):
            offloading._begin(work, 10)  # type: ignore[arg-type] - likewise
    assert slept == [7] * min(times, 3)


def test_an_answer_says_how_long_in_words_that_a_dock_shows(client: Client, dock: Dock, settings: Settings) -> None:
    settings.UPLOADS_A_MINUTE = 0
    answer = client.post("/intake/v1/uploads", headers=TUS | {"Upload-Length": "10"})
    assert json.loads(answer.content)["detail"] == (
        "Dit dockingstation begon te veel aanleveringen. De camera blijft vol; probeer het over een minuut opnieuw."
    )
    assert answer["Tus-Resumable"] == "1.0.0"
