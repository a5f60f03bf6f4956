"""The Axis door when something goes wrong half-way: a destruction, a late piece, two at once, words that are not ours."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from swiftclient import Connection
from tests.intake.test_axis import NAME, TOLD, deliver, file, left_behind, people, server, status, swift

from beeldkluis.findings.models import Finding
from beeldkluis.footage.models import Clip, Recording
from beeldkluis.intake import axis_actions
from beeldkluis.intake.models import AxisContainer, AxisObject
from beeldkluis.journal import clock
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.models import Detail, Entry
from beeldkluis.vault import actions as vault
from beeldkluis.vault.errors import GoneError, HashMismatchError

__all__ = ["file", "people", "server", "swift"]  # fixtures, for this file
pytestmark = [pytest.mark.slow, pytest.mark.django_db]
TESTS = Actor.system("tests")
TRACK = "20261031_213630_B2_AXIS-1_gpstrail.json"


def complete(swift: Connection, name: str = NAME) -> None:
    swift.post_container(name, {"X-Container-Meta-Status": "Complete"})


def everything_in(folder: Path) -> list[str]:
    return sorted(str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file())


def put(name: str, content: bytes, read: Callable[[int], bytes] | None = None) -> None:
    """Past the wire: the action itself, with a body of the test's own making."""
    holder = AxisContainer.objects.get(name=NAME)
    axis_actions.put_object(
        holder, name, {}, read or io.BytesIO(content).read, len(content), claimed="", now=clock.now()
    )


@pytest.mark.parametrize("key", ["20261031_213630_B2.key", "20261031_213000_B2.key"])
def test_a_track_with_its_key_is_no_finding(swift: Connection, key: str) -> None:
    told = TOLD | {"X-Container-Meta-StartTimeISO": "2026-10-31T21:30:00Z"}  # the key's name has the recording's start
    deliver(swift, b"film" * 99, told=told)
    swift.put_object(NAME, TRACK, b"x" * 32, content_length=32)
    swift.put_object(NAME, key, b"{}", content_length=2)
    swift.put_object(NAME, "bookmark_20261031T213900Z_1", b"let op", content_length=6)
    complete(swift)
    assert Recording.objects.get().state == "kept"
    assert not Finding.objects.filter(rule="intake.automatic").exists()


def test_a_film_whose_key_is_only_that_of_the_track_is_set_apart(swift: Connection) -> None:
    swift.put_container(NAME, headers=TOLD)
    swift.put_object(NAME, "20261031_213630_A1.mp4", b"x" * 64, content_length=64)
    swift.put_object(NAME, TRACK, b"x" * 32, content_length=32)
    swift.put_object(NAME, "20261031_213630_B2.key", b"{}", content_length=2)
    complete(swift)
    assert Recording.objects.get().state == "quarantined"


@pytest.mark.parametrize("how", [vault.destroy, vault.begin_destruction])
def test_a_recording_that_is_destroyed_while_a_piece_arrives_leaves_nothing_of_it(
    swift: Connection, tmp_path: Path, how: Any
) -> None:
    deliver(swift, b"film" * 99)
    complete(swift)
    recording, body = Recording.objects.get(), io.BytesIO(b"late")
    before: list[str] = []

    def read(size: int) -> bytes:
        if not before:
            how(recording=recording.pk, rules=("tests",), due_at=recording.due_at, actor=TESTS, now=clock.now())
            before.extend(one for one in everything_in(tmp_path) if not one.startswith("staging"))
        return body.read(size)

    with pytest.raises(GoneError):
        put("1_2.mp4", b"late", read)
    assert everything_in(tmp_path) == before


def test_a_piece_that_comes_just_before_the_recording_closes_is_part_of_it(
    swift: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(swift, b"film" * 99)
    step = axis_actions.step

    def overtaken(name: str, *, actor: Actor) -> Any:
        if name == "intake.axis_complete" and not AxisObject.objects.filter(name__startswith="bookmark_").exists():
            put("bookmark_20261031T213900Z_1", b"let op")
        return step(name, actor=actor)

    monkeypatch.setattr(axis_actions, "step", overtaken)
    complete(swift)
    assert Clip.objects.filter(recording=Recording.objects.get()).count() == 3


@pytest.mark.parametrize(
    ("place", "fault"),
    [
        ("beeldkluis.vault.arrival.sync_folder", OSError(28, "full")),
        ("beeldkluis.vault.actions.admission.check_header", HashMismatchError("the disk gave back something else")),
    ],
)
def test_a_disk_that_fails_is_told_so_that_it_is_sent_again(
    swift: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, fault: Exception
) -> None:
    swift.put_container(NAME, headers=TOLD)

    def fails(*_: Any) -> None:
        raise fault

    with monkeypatch.context() as broken:
        broken.setattr(place, fails)
        assert status(lambda: swift.put_object(NAME, "1_2.mp4", b"film", content_length=4)) in (503, 507)
    assert not left_behind(tmp_path)
    assert status(lambda: swift.put_object(NAME, "1_2.mp4", b"film", content_length=4)) == 200


def test_what_another_system_says_stands_with_the_recording_alone(swift: Connection) -> None:
    rejected = "RejectedContent_20261101T080000Z_5f"
    deliver(swift, b"film", name=rejected, told=TOLD | {"X-Container-Meta-RejectedContentReason": "Jan%20Jansen"})
    axis_actions.register_abandoned(actor=TESTS, now=clock.now() + axis_actions.ABANDONED * 2)
    recording = Recording.objects.get()
    assert "Jan Jansen" in recording.quarantine_reason
    (text,) = Finding.objects.filter(recording=recording.pk, rule="camera.blocked").values_list("text", flat=True)
    assert text == f"Opname {recording} is apart gezet. De reden staat bij de opname."
    for kept in (*Entry.objects.values_list("data", flat=True), *Detail.objects.values_list("payload", flat=True)):
        assert b"Jan Jansen" not in bytes(kept)


@pytest.mark.rule("recording.one-event")
def test_a_container_s_name_that_is_used_again_for_another_week_is_another_recording(swift: Connection) -> None:
    """As a camera does whose clock began anew."""
    deliver(swift, b"film" * 99)
    swift.post_container(NAME, {"X-Container-Meta-Status": "Complete"})
    first = Recording.objects.get()
    week = {
        "X-Container-Meta-BWCSerialNumber": "AXIS-1",
        "X-Container-Meta-StartTimeISO": "2026-11-07T21:36:30Z",
        "X-Container-Meta-TriggerOnTimeISO": "2026-11-07T21:38:00Z",
        "X-Container-Meta-StopTimeISO": "2026-11-07T21:42:00Z",
    }
    deliver(swift, b"another" * 99, told=week)
    swift.post_container(NAME, {"X-Container-Meta-Status": "Complete"})
    second = Recording.objects.exclude(pk=first.pk).get()
    before = (first.started_at, first.ended_at, first.due_at, first.clips.count())
    first.refresh_from_db()
    assert (first.started_at, first.ended_at, first.due_at, first.clips.count()) == before
    assert second.ended_at == first.ended_at + timedelta(days=7)
    assert second.clips.count() == 2
    text = Finding.objects.get(rule="recording.one-event").text
    assert f"gebruikte de naam van opname {first} opnieuw" in text
    swift.post_container(NAME, {"X-Container-Meta-StopTimeISO": "2026-11-07T21:43:00Z"})
    assert Recording.objects.count() == 2, "a correction of its own times is no other event"
