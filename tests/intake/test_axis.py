"""The Axis door with a real Swift client, and content encrypted as the published interface says; opened again in the end."""

import base64
import gc
import hashlib
import io
import json
import secrets
import socket
import threading
import warnings
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from weakref import WeakSet

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connection, connections
from django.test import Client
from django.test.testcases import QuietWSGIRequestHandler
from pytest_django import Settings
from swiftclient import ClientException, Connection

from beeldkluis.devices.models import Bodycam, CameraModel
from beeldkluis.findings.models import Finding
from beeldkluis.footage.models import Clip, Recording
from beeldkluis.intake import axis_actions
from beeldkluis.intake.axis import CAPABILITIES, content_type, times
from beeldkluis.intake.models import AxisContainer, AxisObject, AxisSystem
from beeldkluis.journal import clock
from beeldkluis.journal.actions import step
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.models import Detail, Entry
from beeldkluis.people.actions import record_key_ceremony
from beeldkluis.people.models import Person
from beeldkluis.protocol.retention import Keep
from beeldkluis.protocol.roles import Role
from beeldkluis.retention.queries import decision
from beeldkluis.sealed import age, axis
from beeldkluis.vault import actions as vault
from beeldkluis.vault import queries
from beeldkluis.vault.errors import KeyStoreError
from beeldkluis.vault.events import LeftoverRemoved
from beeldkluis.viewing.queries import clips_for_browser

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
TEAM = age.Identity.generate()
RSA_PUBLIC, RSA_PRIVATE = axis.generate_rsa()
NAME = "b7c1_AXIS-1_20261031T213800Z"
TOLD = {
    "X-Container-Meta-BWCSerialNumber": "AXIS-1",
    "X-Container-Meta-StartTimeISO": "2026-10-31T21:36:30Z",
    "X-Container-Meta-TriggerOnTimeISO": "2026-10-31T21:38:00Z",
    "X-Container-Meta-StopTimeISO": "2026-10-31T21:42:00Z",
    "X-Container-Meta-TriggerOn": "knop%20op%20de%20camera",
}


class Server(ThreadedWSGIServer):
    """Ends its connections when it closes, and waits for their threads: they work on the test's own database."""

    daemon_threads, block_on_close = False, True
    clients: WeakSet[socket.socket]

    def process_request(self, request: Any, client_address: Any) -> None:
        self.clients.add(request)
        super().process_request(request, client_address)

    def server_close(self) -> None:
        for one in list(self.clients):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        super().server_close()


@pytest.fixture
def server(db: None) -> Iterator[str]:
    """A real HTTP server in a thread, on this test's own database connection, which is rolled back with the test."""
    connection.inc_thread_sharing()
    httpd = Server(("127.0.0.1", 0), QuietWSGIRequestHandler, connections_override={"default": connections["default"]})
    httpd.clients = WeakSet()
    httpd.set_app(WSGIHandler())
    thread = threading.Thread(target=httpd.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_address[1]}"
    httpd.shutdown()
    httpd.server_close()
    thread.join()
    connection.dec_thread_sharing()
    with warnings.catch_warnings():  # python-swiftclient leaves its sockets to the garbage collector
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture
def people(db: None, settings: Settings, tmp_path: Path) -> Iterator[dict[Role, Person]]:
    for name in ("store", "keys", "staging"):
        (tmp_path / name).mkdir(mode=0o700)
    settings.STORE, settings.STORE_FOLDER, settings.KEY_FOLDER = "local", tmp_path / "store", tmp_path / "keys"
    settings.KEY_STANDBY_FOLDER, settings.STAGING_FOLDER = "", tmp_path / "staging"
    now = clock.now()
    found = {
        role: Person.objects.create(email=f"{role.value}@example.nl", name=role.dutch, role=role.value, added_at=now)
        for role in (Role.TEAM_MANAGER, Role.ADMINISTRATOR)
    }
    record_key_ceremony(
        team_recipient=str(TEAM.recipient),
        recovery_recipient=str(age.Identity.generate().recipient),
        axis_public=RSA_PUBLIC,
        axis_sealed_private=age.seal_bytes(RSA_PRIVATE, [TEAM.recipient]),
        sealed_identity=age.seal_identity(TEAM, "een twee drie", 10),
        actor=found[Role.TEAM_MANAGER].as_actor,
        now=now,
    )
    Bodycam.objects.create(
        serial="AXIS-1",
        label="AX-1",
        kind=CameraModel.objects.create(make="Axis", name="W101", pre_event_seconds=90),
        added_at=now,
    )
    return found


@pytest.fixture
def file(client: Client, people: dict[Role, Person]) -> dict[str, Any]:
    client.force_login(people[Role.ADMINISTRATOR])
    assert client.get("/docks/axis/").status_code == 200
    answer = client.post("/docks/axis/", {"name": "Kantoor", "certificate": ""})
    told: dict[str, Any] = json.loads(answer.content)
    assert "attachment" in answer["Content-Disposition"]
    return told


@pytest.fixture
def swift(server: str, file: dict[str, Any]) -> Connection:
    return Connection(
        authurl=f"{server}/axis/auth/v1.0", user=file["BlobAPIUserName"], key=file["BlobAPIKey"], retries=0
    )


def encrypted(film: bytes) -> tuple[bytes, bytes]:
    """What a camera uploads: the encrypted film and its key object."""
    key, iv = axis.new_content_key()
    told = {
        "EncryptedKey": base64.b64encode(axis.wrap_key(key, RSA_PUBLIC)).decode(),
        "ContentEncryptionIV": base64.b64encode(iv).decode(),
        "PublicKeyId": age.fingerprint(RSA_PUBLIC)[:32],
    }
    return b"".join(axis.encrypt([film], key, iv)), json.dumps(told).encode()


def released(object_id: Any) -> bytes:
    with step("tests.release", actor=Actor.system("tests")) as record:
        record(LeftoverRemoved(kind="test", name="released"))
        return vault.release_header(object_id)


def unsealed(clip: Clip) -> bytes:
    file_key = age.open_header(released(clip.object), [TEAM])
    size = queries.payload_size(clip.object)
    reader = age.PayloadReader(lambda at, n: b"".join(queries.payload(clip.object, at, at + n)), size, file_key)
    return b"".join(reader.read(0, reader.size))


def deliver(swift: Connection, film: bytes, *, name: str = NAME, told: dict[str, str] = TOLD) -> tuple[bytes, bytes]:
    content, key = encrypted(film)
    swift.put_container(name, headers=told | {"X-Container-Meta-Status": "Transferring"})
    etag = swift.put_object(
        name, "20261031_213630_A1.mp4", io.BytesIO(content), content_length=len(content),
        headers={"X-Object-Meta-StartTimeISO": "2026-10-31T21:36:30Z"},
    )  # fmt: skip
    assert etag == hashlib.md5(content, usedforsecurity=False).hexdigest()
    swift.put_object(name, "20261031_213630_A1.key", key, content_length=len(key))
    return content, key


def test_a_recording_is_delivered_sealed_registered_and_opened_again(swift: Connection, file: dict[str, Any]) -> None:
    assert file["WantEncryption"] is True
    assert base64.b64decode(file["PublicKey"]).decode() == RSA_PUBLIC
    headers, body = swift.get_object("System", "Capabilities.json")
    assert body == CAPABILITIES
    assert headers["etag"] == hashlib.md5(body, usedforsecurity=False).hexdigest()
    for holder, item in (("System", "bws-1"), ("Users", "b7c1"), ("Devices", "AXIS-1")):
        swift.put_container(holder)
        swift.put_object(holder, item, b"", content_length=0, headers={"X-Object-Meta-Name": "Proef%20Een"})
        swift.post_object(holder, item, {"X-Object-Meta-Name": "Proef%20Twee"})
        assert swift.head_object(holder, item)["x-object-meta-name"] == "Proef Twee"
    film = secrets.token_bytes(300_001)
    content, key = deliver(swift, film)
    track = json.dumps({"CoordinateEntries": []}).encode()
    swift.put_object(NAME, "bookmark_20261031T213900Z_1", b"let op", content_length=6)
    swift.put_object(NAME, "20261031_213630_A1_AXIS-1_gpstrail.json", track, content_length=len(track))
    assert not Recording.objects.exists()
    swift.post_container(NAME, {"X-Container-Meta-Status": "Complete"})
    recording = Recording.objects.get()
    assert (recording.state, recording.quarantine_reason) == ("kept", "")
    assert not Finding.objects.filter(rule="intake.automatic").exists()
    assert (recording.source, recording.serial, recording.pre_event_ms, recording.duration_ms) == (
        "axis",
        "AXIS-1",
        90_000,
        330_000,
    )
    assert "recording.pre-event" in recording.flags
    kinds = {clip.name: clip for clip in recording.clips.all()}
    assert len(kinds) == 4
    sealed_film, sealed_key = kinds["20261031_213630_A1.mp4"], kinds["20261031_213630_A1.key"]
    assert unsealed(sealed_film) == content
    assert unsealed(sealed_key) == key
    told = json.loads(unsealed(sealed_key))
    content_key = axis.unwrap_key(base64.b64decode(told["EncryptedKey"]), RSA_PRIVATE)
    found = axis.Film(
        lambda at, n: content[at : at + n], len(content), content_key, base64.b64decode(told["ContentEncryptionIV"])
    )
    assert found.read(0, found.size) == film
    headers_of = {clip.object: released(clip.object) for clip in recording.clips.all()}
    (for_browser,) = clips_for_browser(recording.pk, headers_of)
    assert for_browser["inner_kind"] == "axis-cbc"
    assert "key" in for_browser["axis"]  # type: ignore[operator] - a dict
    entries = Entry.objects.count()
    swift.post_container(NAME, {"X-Container-Meta-Status": "Complete"})
    assert Recording.objects.count() == 1
    assert Entry.objects.count() == entries


def test_nothing_of_it_lies_open_on_the_server(swift: Connection, tmp_path: Path) -> None:
    content, key = deliver(swift, secrets.token_bytes(100_000))
    everything = b"".join(one.read_bytes() for one in tmp_path.rglob("*") if one.is_file())
    assert content[1000:1064] not in everything
    assert key[20:60] not in everything


def test_sent_twice_is_kept_once_and_late_parts_still_belong(swift: Connection) -> None:
    content, key = deliver(swift, b"film" * 5000)
    swift.put_object(NAME, "20261031_213630_A1.mp4", content, content_length=len(content))
    swift.post_container(NAME, {"X-Container-Meta-Status": "Complete"})
    assert Clip.objects.count() == 2
    swift.put_object(NAME, "20261031_214000_A1.key", key, content_length=len(key))
    assert Clip.objects.count() == 3


def test_rejected_content_and_what_is_never_completed_is_kept_apart(swift: Connection) -> None:
    rejected = "RejectedContent_20261101T080000Z_5f"
    deliver(swift, b"film" * 99, name=rejected, told=TOLD | {"X-Container-Meta-RejectedContentReason": "geen%20duur"})
    deliver(swift, b"meer" * 99)
    later = clock.now() + axis_actions.ABANDONED * 2
    assert axis_actions.register_abandoned(actor=Actor.system("tests"), now=later) == 2
    assert axis_actions.register_abandoned(actor=Actor.system("tests"), now=later) == 0
    reasons = sorted(Recording.objects.values_list("quarantine_reason", flat=True))
    assert reasons == [
        "Het camerasysteem heeft deze opname niet afgemaakt.",
        "Het camerasysteem leverde dit aan als eerder geweigerd materiaal: geen duur.",
    ]
    assert set(Recording.objects.values_list("state", flat=True)) == {"quarantined"}


def test_film_without_its_key_or_of_an_unknown_camera_is_set_apart_and_reported(swift: Connection) -> None:
    swift.put_container("u_ONBEKEND_20261031T213800Z", headers={})
    swift.put_object("u_ONBEKEND_20261031T213800Z", "1_2.mp4", b"x" * 64, content_length=64)
    swift.post_container("u_ONBEKEND_20261031T213800Z", {"X-Container-Meta-Status": "Complete"})
    swift.put_container(NAME, headers=TOLD)
    swift.put_object(NAME, "1_2.mp4", b"x" * 64, content_length=64)
    swift.post_container(NAME, {"X-Container-Meta-Status": "Complete"})
    assert Recording.objects.filter(state="quarantined").count() == 2
    assert Finding.objects.filter(rule="camera.blocked").count() == 2


def status(ask: Any) -> int:
    try:
        ask()
    except ClientException as error:
        return int(error.http_status)
    return 200


def test_every_answer_has_its_meaning(swift: Connection, server: str, file: dict[str, Any]) -> None:
    wrong = Connection(authurl=f"{server}/axis/auth/v1.0", user=file["BlobAPIUserName"], key="wrong", retries=0)
    assert status(wrong.get_auth) == 401
    place, token = swift.get_auth()
    assert place == f"{server}/axis/v1/{file['BlobAPIUserName']}"
    stranger = Connection(preauthurl=place, preauthtoken="wrong", retries=0)
    assert status(lambda: stranger.put_container("Users")) == 401
    elsewhere = Connection(
        preauthurl=place.replace(file["BlobAPIUserName"], "axis-other"), preauthtoken=token, retries=0
    )
    assert status(lambda: elsewhere.put_container("Users")) == 403
    assert status(lambda: swift.put_container("geen-opname")) == 400
    assert status(lambda: swift.put_object(NAME, "1_2.mp4", b"x", content_length=1)) == 404
    assert status(lambda: swift.get_object("System", "bestaat-niet.json")) == 404
    swift.put_container(NAME, headers=TOLD)
    assert status(lambda: swift.post_object(NAME, "1_2.mp4", {})) == 404
    assert status(lambda: swift.put_object(NAME, "1_2.mp4", b"x", content_length=1, etag="0" * 32)) == 422
    AxisSystem.objects.update(retired_at=clock.now())
    assert status(lambda: swift.put_container("Users")) == 401


def test_a_full_disk_is_said_and_nothing_is_lost(swift: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    swift.put_container(NAME, headers=TOLD)
    with monkeypatch.context() as full:
        full.setattr("beeldkluis.vault.arrival.RESERVE", 10**15)
        assert status(lambda: swift.put_object(NAME, "1_2.mp4", b"x", content_length=1)) == 507
        assert status(lambda: swift.put_object(NAME, "1_3.mp4", b"x", content_length=1)) == 507
    assert "schijf voor opnames is vol" in Finding.objects.get().text
    assert status(lambda: swift.put_object(NAME, "1_2.mp4", b"x", content_length=1)) == 200


def left_behind(folder: Path) -> list[str]:
    return [one.name for one in (folder / "staging").iterdir()]


def test_a_wrong_check_sum_keeps_nothing_and_the_right_one_then_comes_in(swift: Connection, tmp_path: Path) -> None:
    swift.put_container(NAME, headers=TOLD)
    assert status(lambda: swift.put_object(NAME, "1_2.mp4", b"damaged", content_length=7, etag="0" * 32)) == 422
    assert not AxisObject.objects.exists()
    assert not Entry.objects.filter(act="intake.clip_accepted").exists()
    assert not left_behind(tmp_path)
    right = hashlib.md5(b"whole", usedforsecurity=False).hexdigest()
    assert status(lambda: swift.put_object(NAME, "1_2.mp4", b"whole", content_length=5, etag=right)) == 200
    assert AxisObject.objects.count() == 1


@pytest.mark.parametrize(
    "place", ["beeldkluis.vault.actions.admission.key_store_in_use", "beeldkluis.intake.axis_actions.vault.admit"]
)
def test_when_it_cannot_be_kept_nothing_stays_in_staging(
    swift: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    swift.put_container(NAME, headers=TOLD)

    def away(*_: Any, **__: Any) -> None:
        raise KeyStoreError("the disk with the keys is away")

    with monkeypatch.context() as broken:
        broken.setattr(place, away)
        assert status(lambda: swift.put_object(NAME, "1_2.mp4", b"film", content_length=4)) == 503
    assert not left_behind(tmp_path)
    assert not AxisObject.objects.exists()
    assert status(lambda: swift.put_object(NAME, "1_2.mp4", b"film", content_length=4)) == 200


def test_an_object_that_comes_twice_at_once_is_entered_once(swift: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    swift.put_container(NAME, headers=TOLD)
    enter = axis_actions._enter

    def overtaken(*words: Any) -> None:
        with monkeypatch.context() as undone:
            undone.setattr(axis_actions, "_enter", enter)
            assert status(lambda: swift.put_object(NAME, "1_2.mp4", b"film", content_length=4)) == 200
        enter(*words)

    monkeypatch.setattr(axis_actions, "_enter", overtaken)
    holder, told = AxisContainer.objects.get(name=NAME), dict[str, str]()
    body = io.BytesIO(b"film")
    made, _md5 = axis_actions.put_object(holder, "1_2.mp4", told, body.read, 4, claimed="", now=clock.now())
    assert AxisObject.objects.get() == made
    assert Entry.objects.filter(act="intake.clip_accepted").count() == 1


def test_a_track_without_its_key_is_told_and_keeps_nobody_from_the_film(swift: Connection) -> None:
    deliver(swift, b"film" * 99)
    swift.put_object(NAME, "20261031_213630_B2_AXIS-1_gpstrail.json", b"x" * 32, content_length=32)
    swift.post_container(NAME, {"X-Container-Meta-Status": "Complete"})
    assert Recording.objects.get().state == "kept"
    told = Finding.objects.get(rule="intake.automatic")
    assert "plaatsgegevens" in told.text
    swift.put_object(NAME, "20261031_213630_B2.key", b"{}", content_length=2)
    told.refresh_from_db()
    assert told.settled_because == "De sleutel is er nu."


def test_a_piece_of_a_destroyed_recording_leaves_no_key_behind(swift: Connection, tmp_path: Path) -> None:
    deliver(swift, b"film" * 99)
    swift.post_container(NAME, {"X-Container-Meta-Status": "Complete"})
    recording = Recording.objects.get()
    vault.destroy(
        recording=recording.pk,
        rules=("retention.period",),
        due_at=recording.due_at,
        actor=Actor.system("tests"),
        now=clock.now(),
    )
    keys = sorted(one.name for one in (tmp_path / "keys").rglob("*") if one.is_file())
    assert status(lambda: swift.put_object(NAME, "1_2.mp4", b"late", content_length=4)) == 403
    assert sorted(one.name for one in (tmp_path / "keys").rglob("*") if one.is_file()) == keys
    assert not left_behind(tmp_path)


def test_who_a_user_is_stands_in_erasable_details_alone(swift: Connection) -> None:
    swift.put_container("Users")
    swift.put_object("Users", "b7c1-of-somebody", b"", content_length=0)
    assert b"b7c1-of-somebody" not in b"".join(bytes(one.data) for one in Entry.objects.all())
    assert b"b7c1-of-somebody" in b"".join(bytes(one.payload) for one in Detail.objects.all())


def test_before_the_key_ceremony_no_system_is_let_in(client: Client, db: None) -> None:
    person = Person.objects.create(email="a@example.nl", name="A", role=Role.ADMINISTRATOR.value, added_at=clock.now())
    client.force_login(person)
    assert client.post("/docks/axis/", {"name": "Kantoor"}).status_code == 403
    assert not AxisSystem.objects.exists()
    assert not AxisContainer.objects.exists()


def test_names_and_times_are_read_as_published() -> None:
    assert content_type("20261031_213630_A1.mkv") == "video/x-matroska"
    now = datetime(2026, 11, 2, tzinfo=UTC)
    found = times(NAME, {"starttime": "1793482590", "stoptime": "1793482900"}, now)
    assert found is not None
    assert found.started_at <= found.activated_at <= found.ended_at
    assert times("RejectedContent_UnknownTime_1", {}, now) is None
    assert times(NAME, {"starttime": "onzin"}, now) is not None


@pytest.mark.rule("recording.clock")
@pytest.mark.parametrize("said", ["0", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "-1", "1e30"])
def test_a_camera_that_lost_its_clock_does_not_have_its_film_destroyed_as_of_1970(said: str) -> None:
    now = datetime(2026, 11, 2, tzinfo=UTC)
    kind = "iso" if "T" in said else ""
    told = {f"{name}{kind}": said for name in ("starttime", "triggerontime", "triggerofftime", "stoptime")}
    assert times("RejectedContent_1", told, now) is None
    found = times(NAME, told, now)
    assert found is not None
    assert found.started_at == found.activated_at == datetime(2026, 10, 31, 21, 38, tzinfo=UTC)
    assert found.ended_at == now
    assert times("u_s_20261399T999999Z", told, now) is None


@pytest.mark.rule("retention.clock-unknown", "recording.clock")
@pytest.mark.parametrize("said", ["2021-01-01", "2023-01-01"])
def test_a_camera_whose_clock_was_reset_does_not_have_its_film_destroyed_as_docked_late(
    swift: Connection, said: str
) -> None:
    """Nobody measures the clocks behind this door."""
    names = {"StartTimeISO": "00:00", "TriggerOnTimeISO": "00:02", "StopTimeISO": "00:05"}
    told = {f"X-Container-Meta-{name}": f"{said}T{at}:00Z" for name, at in names.items()}
    name = f"b7c1_AXIS-1_{said.replace('-', '')}T000000Z"
    deliver(swift, b"film" * 99, name=name, told=TOLD | told)
    swift.post_container(name, {"X-Container-Meta-Status": "Complete"})
    made = Recording.objects.get()
    assert made.due_at == made.received_at + timedelta(days=28)
    assert "recording.clock" in made.flags
    minutes = timedelta(minutes=11)
    assert isinstance(decision(made, made.received_at + minutes), Keep)


@pytest.mark.rule("recording.not-after-receipt", "retention.period")
def test_a_camera_system_whose_clock_is_in_2090_keeps_nothing_until_2090(swift: Connection) -> None:
    """Also when it says so afterwards, with one more piece."""
    deliver(swift, b"film" * 99, told=TOLD | {"X-Container-Meta-StopTimeISO": "2090-01-01T00:00:00Z"})
    swift.post_container(NAME, {"X-Container-Meta-Status": "Complete"})
    made = Recording.objects.get()
    assert made.ended_at == made.received_at
    assert made.due_at == made.received_at + timedelta(days=28)
    assert "recording.not-after-receipt" in made.flags
    told = json.loads(bytes(Entry.objects.get(act="footage.times_bounded").data))["facts"]
    assert told["told_ended_at"].startswith("2090-01-01")
    swift.post_container(NAME, {"X-Container-Meta-StopTimeISO": "2091-01-01T00:00:00Z"})
    swift.put_object(NAME, "20261031_214000_A1.key", b"{}", content_length=2)
    made.refresh_from_db()
    assert made.clips.count() == 3
    assert made.due_at == made.received_at + timedelta(days=28)
    assert Finding.objects.filter(rule="recording.not-after-receipt").count() == 1


def test_a_late_piece_without_times_neither_lengthens_nor_puts_in_doubt(swift: Connection) -> None:
    deliver(swift, b"film" * 99)
    swift.post_container(NAME, {"X-Container-Meta-Status": "Complete"})
    before = Recording.objects.get()
    swift.put_object(NAME, "20261031_214000_A1.key", b"{}", content_length=2)
    after = Recording.objects.get()
    assert after.clips.count() == 3
    assert (after.due_at, after.ended_at, after.flags) == (before.due_at, before.ended_at, before.flags)


def test_a_system_that_never_says_complete_keeps_nothing_without_a_term(swift: Connection) -> None:
    deliver(swift, b"film" * 99)
    later = clock.now() + axis_actions.LONGEST + timedelta(minutes=1)
    AxisContainer.objects.update(touched_at=later)  # it goes on talking
    assert axis_actions.register_abandoned(actor=Actor.system("tests"), now=later) == 1
    assert Recording.objects.get().due_at is not None


def test_a_line_break_in_what_a_system_says_breaks_no_answer(swift: Connection) -> None:
    swift.put_container(NAME, headers={"X-Container-Meta-Note": "een%0d%0atwee"})
    assert swift.head_container(NAME)["x-container-meta-note"] == "een twee"


def test_a_system_that_is_put_out_of_use_delivers_nothing_more(
    swift: Connection, client: Client, people: dict[Role, Person]
) -> None:
    swift.put_container(NAME, headers=TOLD)
    address = f"/docks/axis/{AxisSystem.objects.get().pk}/buiten-gebruik/"
    client.force_login(people[Role.TEAM_MANAGER])
    assert client.post(address).status_code == 403
    client.force_login(people[Role.ADMINISTRATOR])
    assert client.get(address).status_code == 405
    assert client.post("/docks/axis/999/buiten-gebruik/").status_code == 404
    for _ in range(2):
        assert client.post(address).status_code == 302
    assert Entry.objects.filter(act="intake.axis_system_retired").count() == 1
    assert "Buiten gebruik" in client.get("/docks/axis/").content.decode()
    assert status(lambda: swift.put_container(NAME, headers=TOLD)) == 401
    assert status(swift.get_auth) == 401
