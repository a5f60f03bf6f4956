"""Malformed uploads at the door for docks: offsets, lengths, manifests that were changed, cut, played again or are another's."""

import base64
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx

from attacks.judging import Tally, kind
from attacks.place import Place
from attacks.visitor import Visitor
from beeldkluis.sealed import age, statement
from beeldkluis.sealed.manifest import KIND, Manifest
from beeldkluis.sealed.note import Signer

OFFSET = "application/offset+octet-stream"
UPLOADS = "/intake/v1/uploads"
STRANGE = (
    None, True, -1, 2**63, 1e400, "", "\0", "a\nb", "é\ud800", "x" * 100_000, "../../../etc/passwd", "..\\..\\x", "/dev/zero",
    [], {}, [1], "2026-13-45T99:99:99Z", "9999-12-31T23:59:59.999999Z", "﷽" * 30, "<script>alert(1)</script>", "' or 1=1 --",
)  # fmt: skip


@dataclass
class Dock:
    """The demonstration's dock in bad hands: its token and its key."""

    place: Place
    visitor: Visitor
    signer: Signer
    recipients: tuple[str, ...]
    made: int = 0
    taken: dict[str, Manifest] = field(default_factory=dict)

    @classmethod
    def of(cls, place: Place) -> "Dock":
        """What lies on the dock's disk."""
        told, visitor = place.dock(), place.visitor()
        visitor.headers.update({"Authorization": f"Bearer {told['token']}", "Tus-Resumable": "1.0.0"})
        return cls(place, visitor, Signer.parse(told["signer"]), tuple(told["recipients"]))

    def sealed(self, body: bytes) -> bytes:
        """As a dock seals."""
        return age.seal_bytes(body, [age.Recipient.parse(one) for one in self.recipients])

    def begin(self, length: object, **headers: str) -> httpx.Response:
        """Say that an upload comes."""
        return self.visitor.post(UPLOADS, headers={"Upload-Length": str(length)} | headers)

    def begin_with(self, name: bytes, value: bytes) -> httpx.Response:
        """The same with one header as raw bytes."""
        told: dict[bytes, bytes] = {b"Upload-Length": b"100", b"Tus-Resumable": b"1.0.0"} | {name: value}
        return self.visitor.post(UPLOADS, headers=list(told.items()))

    def upload(self, sealed: bytes) -> str:
        """An upload with all its bytes; its address."""
        where = self.begin(len(sealed)).headers["location"].replace(self.place.address, "")
        self.visitor.patch(where, headers={"Upload-Offset": "0", "Content-Type": OFFSET}, content=sealed)
        return where

    def manifest(self, where: str, sealed: bytes, body: bytes, **changed: Any) -> Manifest:
        """What an honest dock would say of it, unless changed."""
        self.made += 1
        now = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=10)
        said: dict[str, Any] = {
            "upload": UUID(where.rsplit("/", 1)[1]), "serial": "DEMO-0011", "slot": "a", "volume_id": "v",
            "name": f"{self.made}.mp4", "content_type": "video/mp4", "source_sha256": hashlib.sha256(body).hexdigest(),
            "source_size": len(body), "sealed_sha256": hashlib.sha256(sealed).hexdigest(), "sealed_size": len(sealed),
            "started_at": now, "activated_at": now, "ended_at": now + timedelta(seconds=60), "duration_ms": 60_000,
            "has_sound": False, "pre_event_ms": 0, "clock_offset_ms": 0, "recipients": self.recipients,
            "quarantine_reason": "", "group": f"g{self.made}", "position": 0,
        }  # fmt: skip
        return Manifest(**(said | changed))

    def close(self, where: str, note: bytes) -> httpx.Response:
        """Hand the manifest over."""
        return self.visitor.post(f"{where}/manifest", content=note)

    def fresh(self, **changed: Any) -> tuple[str, Manifest]:
        """A whole honest upload that still waits for its manifest."""
        body = b"FILM OF AN ATTACK" + os.urandom(40)
        sealed = self.sealed(body)
        where = self.upload(sealed)
        return where, self.manifest(where, sealed, body, **changed)


def content_of(said: Manifest) -> dict[str, Any]:
    """A manifest as the JSON inside its note."""
    text = said.sign(Signer.generate("x"))
    found: dict[str, Any] = statement_content(text)
    return found


def statement_content(note: str) -> dict[str, Any]:
    """The JSON inside a signed note."""
    start, end = note.index("{"), note.rindex("}")
    told: dict[str, Any] = json.loads(note[start : end + 1])
    return told


Bad = tuple[str, Callable[[Dock], httpx.Response]]


def beginnings() -> Iterator[Bad]:
    """Uploads that begin wrong."""
    lengths: tuple[object, ...] = (
        "", "0", "-1", "+5", "1.5", "1e9", "0x10", "٣", " 5 5", "1" * 15, "1" * 16, "9" * 400, "NaN", "a", "5,5",
        2**36 + 1, 2**63, "\t7",
    )  # fmt: skip
    for one in lengths:
        yield (
            f"length {one!r:.20}",
            lambda dock, one=one: dock.visitor.post(UPLOADS, headers=[(b"Upload-Length", str(one).encode())]),
        )
    for one in (
        "name", "name !!!", "name " + "A" * 9, ",,,", "name " + base64.b64encode(b"\xff\xfe").decode(), " ", "a b c d",
        "name " + base64.b64encode(b"../../x").decode(), "name " + base64.b64encode(bytes(9)).decode(), "=" * 4000,
    ):  # fmt: skip
        yield f"metadata {one!r:.20}", lambda dock, one=one: dock.begin(100, **{"Upload-Metadata": one})
    for one in ("0.2.2", "", "2.0.0", "1.0.0, 1.0.0", "x" * 2000):
        yield f"version {one!r:.12}", lambda dock, one=one: dock.begin(100, **{"Tus-Resumable": one})
    for one in ("", "Bearer", "Bearer x", "Basic eDp4", "Bearer " + "a" * 43, "bearer null", "Bearer \xe9"):
        yield (
            f"token {one!r:.20}",
            lambda dock, one=one: dock.visitor.post(
                UPLOADS, headers=[(b"Authorization", one.encode("latin-1")), (b"Upload-Length", b"100")]
            ),
        )


def pieces() -> Iterator[Bad]:
    """Bytes that come wrong: offset, length, kind, order."""

    def patch(
        offset: object, body: bytes = b"x" * 50, kind: str = OFFSET, **more: str
    ) -> Callable[[Dock], httpx.Response]:
        def go(dock: Dock) -> httpx.Response:
            where = dock.begin(100).headers["location"].replace(dock.place.address, "")
            return dock.visitor.patch(
                where, headers={"Upload-Offset": str(offset), "Content-Type": kind} | more, content=body
            )

        return go

    for one in (
        "",
        "-1",
        "1",
        "49",
        "51",
        "99",
        "100",
        "101",
        "1e1",
        "0x0",
        "00",
        "9" * 15,
        "9" * 30,
        "a",
        "0,0",
        "0.0",
    ):
        yield f"offset {one!r:.20}", patch(one)
    for one in (
        "",
        "text/plain",
        "application/octet-stream",
        "multipart/form-data; boundary=x",
        "application/json",
        OFFSET + "x",
    ):
        yield f"kind {one!r}", patch(0, kind=one)
    for size in (0, 101, 5000):
        yield f"{size} bytes for 100", patch(0, b"x" * size)
    for method in ("GET", "PUT", "POST", "OPTIONS", "TRACE", "PROPFIND"):
        yield f"method {method}", lambda dock, method=method: dock.visitor.request(method, f"{UPLOADS}/{uuid4()}")
    for one in ("x", str(uuid4()), "../../x", "%2e%2e%2f%2e%2e", "0" * 32, "%00", "a" * 3000):
        yield f"upload {one!r:.20}", lambda dock, one=one: dock.visitor.head(f"{UPLOADS}/{one}")
        yield f"manifest of {one!r:.20}", lambda dock, one=one: dock.close(f"{UPLOADS}/{one}", b"x")

    def after_end(dock: Dock) -> httpx.Response:
        where, _ = dock.fresh()
        dock.visitor.delete(where)
        return dock.visitor.patch(where, headers={"Upload-Offset": "0", "Content-Type": OFFSET}, content=b"x")

    def early(dock: Dock) -> httpx.Response:
        where = dock.begin(100).headers["location"].replace(dock.place.address, "")
        return dock.close(where, dock.manifest(where, b"x" * 100, b"x").sign(dock.signer).encode())

    yield "bytes after the end", after_end
    yield "a manifest before the bytes", early


def fields() -> Iterator[Bad]:
    """Every field of the manifest with every strange value, truly signed by the dock; and left out, and beside others."""
    names = tuple(Manifest.__dataclass_fields__)
    for name in names:
        for one in STRANGE:
            yield f"{name} = {one!r:.20}", lambda dock, name=name, one=one: _signed(dock, {name: one})
        yield f"without {name}", lambda dock, name=name: _signed(dock, {name: ...})
    yield "a field more", lambda dock: _signed(dock, {"extra": 1})


def _signed(dock: Dock, changed: dict[str, Any]) -> httpx.Response:
    where, said = dock.fresh()
    told = {name: value for name, value in (content_of(said) | changed).items() if value is not ... and name != "kind"}
    try:
        note = statement.sign(KIND, told, dock.signer)
    except (ValueError, TypeError):  # our own writer refuses to write it: by hand then
        note = said.sign(dock.signer).replace("{", json.dumps(changed, default=str)[:-1] + ",", 1)
    return dock.close(where, note.encode("utf-8", "surrogatepass"))


def notes() -> Iterator[Bad]:
    """Notes that were changed after signing, cut, of somebody else, of another upload, or come again."""

    def changed(change: Callable[[bytes, int], bytes], at: int) -> Callable[[Dock], httpx.Response]:
        def go(dock: Dock) -> httpx.Response:
            where, said = dock.fresh()
            note = said.sign(dock.signer).encode()
            return dock.close(where, change(note, len(note) * at // 20))

        return go

    for at in range(20):
        yield f"cut at {at}/20", changed(lambda note, here: note[:here], at)
        yield (
            f"a byte changed at {at}/20",
            changed(lambda note, here: note[:here] + bytes([note[here] ^ 1]) + note[here + 1 :], at),
        )
        yield f"a byte more at {at}/20", changed(lambda note, here: note[:here] + b"x" + note[here:], at)

    def other_signer(dock: Dock) -> httpx.Response:
        where, said = dock.fresh()
        return dock.close(where, said.sign(Signer.generate(dock.signer.name)).encode())

    def other_upload(dock: Dock) -> httpx.Response:
        (where, _), (_, theirs) = dock.fresh(), dock.fresh()
        return dock.close(where, theirs.sign(dock.signer).encode())

    yield "signed by somebody else under the same name", other_signer
    yield "the manifest of another upload", other_upload
    for name, body in {
        "nothing": b"",
        "NUL": b"\0" * 99,
        "much": b"x" * 300_000,
        "deep": b"[" * 60_000,
        "no UTF-8": b"\xff" * 99,
    }.items():
        yield f"a note of {name}", lambda dock, body=body: dock.close(dock.fresh()[0], body)
    for name in ("sealed_sha256", "sealed_size"):
        wrong: Any = "0" * 64 if name == "sealed_sha256" else 7
        yield f"another {name}", lambda dock, name=name, wrong=wrong: _honestly_signed(dock, {name: wrong})
    yield (
        "sealed for nobody of the house",
        lambda dock: _honestly_signed(dock, {"recipients": (str(age.Identity.generate().recipient),)}),
    )
    yield "bytes that are no sealed object", _no_object
    yield "the end cut off", lambda dock: _no_object(dock, cut=True)


def _honestly_signed(dock: Dock, changed: dict[str, Any]) -> httpx.Response:
    where, said = dock.fresh(**changed)
    return dock.close(where, said.sign(dock.signer).encode())


def _no_object(dock: Dock, *, cut: bool = False) -> httpx.Response:
    body = b"FILM OF AN ATTACK" + os.urandom(20)
    sealed = dock.sealed(body)[:-20] if cut else os.urandom(400)
    where = dock.upload(sealed)
    return dock.close(where, dock.manifest(where, sealed, body).sign(dock.signer).encode())


def kept(place: Place) -> dict[str, tuple[Any, ...]]:
    """What is in the register: each clip with what is said of it."""
    rows = place.rows(
        "select c.object, c.source_sha256, c.source_size, s.sealed_sha256, c.name, c.recording_id"
        " from footage_clip c left join vault_sealedobject s on s.id = c.object"
    )
    return {str(UUID(row[0])): row[1:] for row in rows}


@kind(
    "uploads of a dock",
    role="somebody with a stolen dock: its token and its signing key",
    tries="uploads with bad offsets, lengths and metadata; manifests changed, cut, again, of others, with strange values",
    seconds=900,
)
def dock_uploads(place: Place, tally: Tally) -> None:
    """Whatever is answered: nothing that is not what its manifest says is in the register, and nothing is lost from it."""
    dock, before = Dock.of(place), kept(place)
    for kind_of in (beginnings, pieces, fields, notes):
        for name, go in kind_of():
            _one(place, tally, dock, name, go)
    _again(place, tally, dock)
    after = kept(place)
    tally.judge(before.items() <= after.items(), "a clip that was there is gone or changed")
    empty = "select 1 from footage_recording where id not in (select recording_id from footage_clip)"
    tally.judge(not place.rows(empty), "a recording without film is in the register")
    where, said = dock.fresh()
    tally.judge(
        dock.close(where, said.sign(dock.signer).encode()).status_code == 201,
        "an honest upload does not come in any more",
    )
    tally.judge(not open_on_disk(place, b"FILM OF AN ATTACK"), "film lies open on the disk")


def _one(place: Place, tally: Tally, dock: Dock, name: str, go: Callable[[Dock], httpx.Response]) -> None:
    before = kept(place)
    try:
        answer = go(dock)
    except (httpx.LocalProtocolError, httpx.InvalidURL, UnicodeEncodeError):
        return  # no client can send this
    new = kept(place).items() - before.items()
    fault = answer.status_code == 500 or (new and answer.status_code != 201) or len(new) > 1
    tally.judge(not fault, f"{name}: {answer.status_code}, {len(new)} new clips")
    for _object, (source, size, sealed, *_rest) in new:
        good = len(str(source)) == len(str(sealed)) == 64 and isinstance(size, int) and size >= 0
        tally.judge(good, f"{name}: came in with {source!r:.20}, {size!r:.20}")


def _again(place: Place, tally: Tally, dock: Dock) -> None:
    where, said = dock.fresh()
    note = said.sign(dock.signer).encode()
    first, again = dock.close(where, note), dock.close(where, note)
    tally.judge(first.status_code == again.status_code == 201, f"the same manifest again: {again.status_code}")
    count = [one for one in kept(place).values() if one[0] == said.source_sha256]
    tally.judge(len(count) == 1, f"the same manifest again made {len(count)} clips")
    other, theirs = dock.fresh(source_sha256=said.source_sha256, name="anders.mp4")
    answer = dock.close(other, theirs.sign(dock.signer).encode())
    count = [one for one in kept(place).values() if one[0] == said.source_sha256]
    tally.judge(
        answer.status_code < 500 and len(count) == 1,
        f"other bytes under a known hash: {answer.status_code}, {len(count)} clips",
    )


def open_on_disk(place: Place, marker: bytes) -> list[str]:
    """The files of the installation that hold these words as they are."""
    files = [one for one in place.data.rglob("*") if one.is_file()]
    return [str(one.relative_to(place.data)) for one in files if marker in one.read_bytes()]
