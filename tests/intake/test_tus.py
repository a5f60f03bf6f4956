"""The tus door with a real client (tuspy) on a real server: cut anywhere, sent twice, wrong, strange."""

import base64
import hashlib
import secrets
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import httpx
import pytest
from tests.dock.conftest import SERIALS, Vault, vault
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError

from beeldkluis.intake.grouping import first_choice
from beeldkluis.sealed import age
from beeldkluis.sealed.errors import SealError
from beeldkluis.sealed.manifest import Manifest
from beeldkluis.sealed.note import Signer
from beeldkluis.sealed.receipt import Receipt

__all__ = ["vault"]  # a fixture, for this file
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("vault")]
TUS = {"Tus-Resumable": "1.0.0"}


class Sender:
    """A dock of the test's own making: a token, a key, and what the vault said it seals for."""

    def __init__(self, vault: Vault) -> None:
        self.vault = vault
        self.begun: list[str] = []
        self.signer = Signer.generate(f"proef/{secrets.token_hex(4)}")
        asked = {"code": vault.codes.pop(), "name": self.signer.name, "public_key": self.signer.vkey}
        told = httpx.post(f"{vault.address}/dock/v1/enrol", json=asked).json()
        self.recipients = tuple(told["recipients"])
        self.vault_key = told["vault_key"]
        self.http = httpx.Client(
            base_url=vault.address, headers={"Authorization": f"Bearer {told['token']}"}, timeout=60
        )

    def seal(self, film: bytes) -> bytes:
        return age.seal_bytes(film, [age.Recipient.parse(one) for one in self.recipients])

    def begin(self, length: int) -> str:
        answer = self.http.post("/intake/v1/uploads", headers=TUS | {"Upload-Length": str(length)})
        assert answer.status_code == 201, answer.text
        self.begun.append(httpx.URL(answer.headers["Location"]).path)
        return self.begun[-1]

    def patch(self, upload: str, offset: int, content: bytes) -> httpx.Response:
        headers = TUS | {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
        return self.http.patch(upload, headers=headers, content=content)

    def offset(self, upload: str) -> int:
        return int(self.http.head(upload, headers=TUS).headers["Upload-Offset"])

    def manifest(self, place: str, film: bytes, sealed: bytes, **changed: Any) -> str:
        ended = datetime.now(UTC) - timedelta(hours=1)
        said = {
            "upload": UUID(place.rsplit("/", 1)[-1]), "serial": SERIALS[0], "slot": "1", "volume_id": "V", "name": "f.mp4",
            "content_type": "video/mp4", "source_sha256": hashlib.sha256(film).hexdigest(), "source_size": len(film),
            "sealed_sha256": hashlib.sha256(sealed).hexdigest(), "sealed_size": len(sealed),
            "started_at": ended - timedelta(minutes=5), "activated_at": ended - timedelta(minutes=3), "ended_at": ended,
            "duration_ms": 300_000, "has_sound": True, "pre_event_ms": 120_000, "clock_offset_ms": 0,
            "recipients": self.recipients, "quarantine_reason": "", "group": hashlib.sha256(film).hexdigest(), "position": 0,
        }  # fmt: skip
        return Manifest(**(said | changed)).sign(self.signer)  # type: ignore[arg-type] - the fields above

    def close(self, upload: str, note: str) -> httpx.Response:
        return self.http.post(f"{upload}/manifest", content=note.encode())

    def deliver(self, film: bytes, **changed: Any) -> httpx.Response:
        sealed = self.seal(film)
        upload = self.begin(len(sealed))
        assert self.patch(upload, 0, sealed).status_code == 204
        return self.close(upload, self.manifest(upload, film, sealed, **changed))


@pytest.fixture(scope="module")
def one_sender(vault: Vault) -> Iterator[Sender]:
    made = Sender(vault)
    with made.http:
        yield made


@pytest.fixture
def sender(one_sender: Sender) -> Iterator[Sender]:
    """The file's own dock. What a test leaves half is given up after it: a dock has only so many under way."""
    yield one_sender
    while one_sender.begun:
        one_sender.http.delete(one_sender.begun.pop(), headers=TUS)


def film(size: int = 200_000) -> bytes:
    return secrets.token_bytes(size)


def contents(vault: Vault, data: bytes) -> list[Any]:
    digest = hashlib.sha256(data).hexdigest()
    return [one for one in vault.ask("contents") if digest in str(one)]


def read_back(vault: Vault, upload: str) -> str:
    """The hash that the server's disk gave back, read from the database file itself."""
    asked = (UUID(upload.rsplit("/", 1)[-1]).hex,)
    with sqlite3.connect(f"file:{vault.folder}/beeldkluis.sqlite3?mode=ro", uri=True, timeout=10) as database:
        return str(database.execute("select read_back from intake_upload where id = ?", asked).fetchone()[0])


def test_tuspy_that_is_told_to_wait_goes_on_with_the_same_film_afterwards(sender: Sender, tmp_path: Path) -> None:
    data = film()
    sealed = sender.seal(data)
    (tmp_path / "film.age").write_bytes(sealed)
    begun = [sender.begin(100) for _ in range(32)]
    authorization = {"Authorization": sender.http.headers["Authorization"]}
    client = TusClient(f"{sender.vault.address}/intake/v1/uploads", headers=authorization)
    with (tmp_path / "film.age").open("rb") as source:
        uploader = client.uploader(file_stream=source, chunk_size=70_001)
        with pytest.raises(TusCommunicationError) as told:
            uploader.upload()
        assert told.value.status_code == 429
        for one in begun:
            sender.http.delete(one, headers=TUS)
        uploader.upload()
    upload = httpx.URL(uploader.url).path
    assert sender.close(upload, sender.manifest(upload, data, sealed)).status_code == 201


def test_tuspy_sends_a_sealed_film_in_pieces_and_gets_a_receipt_that_verifies(sender: Sender, tmp_path: Path) -> None:
    data = film()
    sealed = sender.seal(data)
    (tmp_path / "film.age").write_bytes(sealed)
    authorization = {"Authorization": sender.http.headers["Authorization"]}
    client = TusClient(f"{sender.vault.address}/intake/v1/uploads", headers=authorization)
    with (tmp_path / "film.age").open("rb") as source:
        uploader = client.uploader(file_stream=source, chunk_size=70_001, metadata={"serial": SERIALS[0]})
        uploader.upload_chunk()
        assert uploader.offset == 70_001
        again = client.uploader(file_stream=source, chunk_size=70_001, url=uploader.url)  # as after a broken line
        again.upload()
    upload = httpx.URL(uploader.url).path
    assert read_back(sender.vault, upload) == hashlib.sha256(sealed).hexdigest()
    answer = sender.close(upload, sender.manifest(upload, data, sealed))
    assert answer.status_code == 201
    receipt = Receipt.verify(answer.text, sender.vault_key)
    assert receipt.source_sha256 == hashlib.sha256(data).hexdigest()
    assert receipt.size == len(sealed)
    asked = {"serial": SERIALS[0], "source_sha256": receipt.source_sha256}
    assert sender.http.get("/intake/v1/receipts", params=asked).text == answer.text
    assert sender.http.get("/intake/v1/receipts", params=asked | {"serial": "anders"}).status_code == 404
    assert len(contents(sender.vault, data)) == 1


def cut(sender: Sender, upload: str, offset: int, whole: bytes, send: int) -> None:
    """Promise everything from `offset` on, send `send` bytes, and break the line."""
    address = httpx.URL(sender.vault.address)
    with socket.create_connection((address.host, address.port or 80)) as line:
        head = (
            f"PATCH {upload} HTTP/1.1\r\nHost: {address.host}\r\nAuthorization: {sender.http.headers['Authorization']}\r\n"
            f"Tus-Resumable: 1.0.0\r\nUpload-Offset: {offset}\r\nContent-Type: application/offset+octet-stream\r\n"
            f"Content-Length: {len(whole) - offset}\r\n\r\n"
        )
        line.sendall(head.encode() + whole[offset : offset + send])
        line.shutdown(socket.SHUT_WR)
        while line.recv(4096):
            pass


@pytest.mark.guarantee(23)
def test_a_line_that_breaks_at_any_byte_loses_nothing_that_arrived(sender: Sender) -> None:
    data = film(3_000_000)
    sealed = sender.seal(data)
    upload, at = sender.begin(len(sealed)), 0
    for send in (0, 1, 21, 65_536, 1_048_577, 300_000):
        cut(sender, upload, at, sealed, send)
        kept = sender.offset(upload)
        assert at <= kept <= at + send
        assert kept == at + send, "every byte that came over the line counts"
        at = kept
    assert sender.patch(upload, at, sealed[at:]).status_code == 204
    assert sender.close(upload, sender.manifest(upload, data, sealed)).status_code == 201


def test_the_same_film_sent_twice_or_at_once_is_one_recording_with_one_receipt(sender: Sender) -> None:
    data, answers = film(), []
    threads = [threading.Thread(target=lambda: answers.append(sender.deliver(data))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answers.append(sender.deliver(data))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert len(contents(sender.vault, data)) == 1


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"sealed_sha256": "0" * 64}, 460),
        ({"sealed_size": 5}, 409),
        ({"recipients": ("age1wrong",)}, 403),
        ({"upload": UUID(int=5)}, 409),
    ],
)
def test_what_is_not_what_it_says_is_refused_and_not_kept(sender: Sender, changed: dict[str, Any], status: int) -> None:
    data = film()
    answer = sender.deliver(data, **changed)
    assert answer.status_code == status
    assert answer.json()["detail"]
    assert contents(sender.vault, data) == []


def test_what_was_sealed_for_other_keys_does_not_wait_in_staging_for_the_sweep(sender: Sender) -> None:
    data = film()
    sealed = sender.seal(data)
    upload = sender.begin(len(sealed))
    sender.patch(upload, 0, sealed)
    staged = sender.vault.folder / "staging" / upload.rsplit("/", 1)[-1]
    assert staged.exists()
    wrong = sender.manifest(upload, data, sealed, recipients=("age1wrong",))
    assert sender.close(upload, wrong).status_code == 403
    assert not staged.exists()
    assert sender.close(upload, wrong).status_code == 403
    assert sender.deliver(data).status_code == 201


def test_a_manifest_by_another_key_or_changed_is_refused(sender: Sender) -> None:
    data = film()
    sealed = sender.seal(data)
    upload = sender.begin(len(sealed))
    sender.patch(upload, 0, sealed)
    right, stranger = sender.manifest(upload, data, sealed), sender.signer
    sender.signer = Signer.generate(stranger.name)
    try:
        for wrong in (sender.manifest(upload, data, sealed), right.replace("f.mp4", "g.mp4"), "", "x" * 9_000):
            assert sender.close(upload, wrong).status_code == 422
    finally:
        sender.signer = stranger
    assert sender.close(upload, right).status_code == 201


def test_something_that_is_no_sealed_object_is_refused(sender: Sender) -> None:
    data = film()
    upload = sender.begin(len(data))
    sender.patch(upload, 0, data)
    assert sender.close(upload, sender.manifest(upload, data, data)).status_code == 460


def test_an_unknown_camera_is_set_apart_and_kept(sender: Sender) -> None:
    data = film()
    answer = sender.deliver(data, serial="ONBEKEND-1")
    assert answer.status_code == 201
    assert len(contents(sender.vault, data)) == 1


@pytest.mark.parametrize(
    ("ask", "status"),
    [
        (lambda s, u: s.http.post("/intake/v1/uploads", headers={"Upload-Length": "5"}), 412),
        (lambda s, u: s.http.post("/intake/v1/uploads", headers=TUS), 400),
        (lambda s, u: s.http.post("/intake/v1/uploads", headers=TUS | {"Upload-Length": "-1"}), 400),
        (lambda s, u: s.http.post("/intake/v1/uploads", headers=TUS | {"Upload-Length": str(10**14)}), 413),
        (lambda s, u: s.http.post("/intake/v1/uploads", headers=TUS | {"Upload-Length": str(60 * 1024**3 * 1)}), None),
        (lambda s, u: s.patch(u, 3, b"abc"), 409),
        (lambda s, u: s.patch(u, 0, bytes(101)), 413),
        (lambda s, u: s.http.patch(u, headers=TUS | {"Upload-Offset": "0"}, content=b"x"), 415),
        (lambda s, u: s.http.patch(u, headers=TUS | {"Upload-Offset": "0"}, content=iter([b"x"])), 411),
        (lambda s, u: s.http.head(u.replace(u[-4:], "0000"), headers=TUS), 404),
        (lambda s, u: httpx.head(f"{s.vault.address}{u}", headers=TUS), 401),
        (lambda s, u: httpx.get(f"{s.vault.address}/intake/v1/receipts", headers={"Authorization": "Bearer x"}), 401),
        (lambda s, u: s.http.post("/intake/v1/wiped", json={"serial": "x", "clips": ["geen"], "left": 0}), 400),
        (lambda s, u: s.http.options("/intake/v1/uploads"), 204),
    ],
)
def test_strange_requests_get_a_clear_answer(
    sender: Sender, ask: Callable[[Sender, str], httpx.Response], status: int | None
) -> None:
    answer = ask(sender, sender.begin(100))
    assert answer.status_code == status or (status is None and answer.status_code in (201, 507))


def test_an_upload_that_is_given_up_is_gone(sender: Sender) -> None:
    upload = sender.begin(100)
    sender.patch(upload, 0, bytes(50))
    assert sender.http.delete(upload, headers=TUS).status_code == 204
    assert sender.http.head(upload, headers=TUS).status_code == 404
    assert sender.close(upload, "x").status_code == 404


def test_a_wipe_is_journaled_and_one_without_a_receipt_is_a_finding(sender: Sender) -> None:
    receipt = Receipt.verify(sender.deliver(film()).text, sender.vault_key)
    told = {"serial": SERIALS[0], "clips": [str(receipt.object)], "left": 0}
    assert sender.http.post("/intake/v1/wiped", json=told).status_code == 204
    assert sender.http.post("/intake/v1/wiped", json=told | {"clips": [str(UUID(int=9))]}).status_code == 204


def test_a_receipt_that_was_changed_does_not_verify(sender: Sender) -> None:
    note = sender.deliver(film()).text
    for wrong in (
        note.replace('"index":', '"index":1'),
        note.replace("destroyed", "destroyee"),
        base64.b64encode(b"x").decode(),
    ):
        with pytest.raises(SealError):
            Receipt.verify(wrong, sender.vault_key)


def rows(vault: Vault, data: bytes) -> dict[str, Any]:
    """The recording that this film belongs to, as the database has it, and the findings about it."""
    asked = (hashlib.sha256(data).hexdigest(),)
    with sqlite3.connect(f"file:{vault.folder}/beeldkluis.sqlite3?mode=ro", uri=True, timeout=10) as database:
        database.row_factory = sqlite3.Row
        found = database.execute(
            "select r.* from footage_recording r join footage_clip c on c.recording_id = r.id where c.source_sha256 = ?",
            asked,
        ).fetchone()
        said = database.execute("select text from findings_finding where recording = ?", (found["id"],)).fetchall()
    return dict(found) | {"findings": [one["text"] for one in said]}


YEAR_2090 = datetime(2090, 1, 1, tzinfo=UTC)


@pytest.mark.rule("recording.not-after-receipt")
def test_a_dock_cannot_lengthen_what_another_dock_delivered(vault: Vault, sender: Sender) -> None:
    """It knows serial number and group, and says that the recording went on until 2090, or began last year."""
    data, group = film(), secrets.token_hex(8)
    assert sender.deliver(data, group=group).status_code == 201
    before = rows(vault, data)
    liar = Sender(vault)
    with liar.http:
        for changed in ({"ended_at": YEAR_2090}, {"started_at": datetime(2025, 1, 1, tzinfo=UTC)}, {}):
            more = film()
            assert liar.deliver(more, group=group, position=1, **changed).status_code == 201, "nothing is lost"
            apart = rows(vault, more)
            assert apart["id"] != before["id"]
            assert apart["due_at"] <= f"{datetime.now(UTC) + timedelta(days=28):%Y-%m-%d %H:%M:%S.%f}"
            assert any("kwam van een ander dockingstation" in text for text in apart["findings"])
    after = rows(vault, data)
    same = ("started_at", "activated_at", "ended_at", "due_at", "officer_id", "flags", "quarantine_reason", "state")
    assert {name: after[name] for name in same} == {name: before[name] for name in same}


@pytest.mark.rule("recording.not-after-receipt")
def test_a_dock_can_only_add_what_fits_to_what_it_delivered_itself(vault: Vault, sender: Sender) -> None:
    data, group = film(), secrets.token_hex(8)
    ended = datetime.now(UTC) - timedelta(hours=1)
    assert sender.deliver(data, group=group).status_code == 201
    second, third = film(), film()
    times = {"started_at": ended, "activated_at": ended, "ended_at": ended + timedelta(minutes=5)}
    assert sender.deliver(second, group=group, position=1, **times).status_code == 201
    assert rows(vault, second)["id"] == rows(vault, data)["id"], "an ordinary second part"
    assert sender.deliver(third, group=group, position=2, ended_at=YEAR_2090).status_code == 201
    far = rows(vault, third)
    assert far["id"] != rows(vault, data)["id"]
    assert far["due_at"] <= f"{datetime.now(UTC) + timedelta(days=28):%Y-%m-%d %H:%M:%S.%f}"
    assert "recording.not-after-receipt" in far["flags"]


def test_no_serial_number_is_taken_for_another_camera_or_another_door() -> None:
    assert first_choice("a/b", "c") != first_choice("a", "b/c")
    assert first_choice("a%2Fb", "c") != first_choice("a/b", "c")
    axis = uuid5(NAMESPACE_URL, "beeldkluis:axis/axis-0123/u_AXIS-1_20261031T213800Z")
    assert first_choice("axis", "axis-0123/u_AXIS-1_20261031T213800Z") != axis
    assert first_choice("SIM-7", "g") == uuid5(NAMESPACE_URL, "beeldkluis:SIM-7/g"), "as before"


def test_no_receipt_over_a_journal_that_was_rewritten_and_the_film_comes_in_when_it_is_whole_again(
    sender: Sender,
) -> None:
    """Somebody with database rights changes the tree below what was signed: nothing is signed, so no dock wipes a camera."""
    assert sender.deliver(film()).status_code == 201
    subprocess.run(
        [sys.executable, "-m", "beeldkluis.web", "journal", "checkpoint"],
        env=sender.vault.environment, check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    data = film()
    with sqlite3.connect(sender.vault.folder / "beeldkluis.sqlite3", timeout=20) as database:
        trigger = database.execute("select sql from sqlite_master where name = 'journal_node_no_update'").fetchone()[0]
        top, true = database.execute("select id, hash from journal_node order by level desc limit 1").fetchone()
        database.execute("drop trigger journal_node_no_update")
        database.execute("update journal_node set hash = ? where id = ?", (bytes(32), top))
        database.commit()
        answer = sender.deliver(data)
        database.execute("update journal_node set hash = ? where id = ?", (true, top))
        database.execute(trigger)
        database.commit()
    assert answer.status_code == 503
    assert "De camera blijft vol" in answer.json()["detail"]
    digest = hashlib.sha256(data).hexdigest()
    assert digest not in {source for _serial, source in sender.vault.received()}
    assert contents(sender.vault, data) == []
    assert sender.deliver(data).status_code == 201
