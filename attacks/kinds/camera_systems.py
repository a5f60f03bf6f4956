"""Malformed deliveries at the door for camera systems: tokens, containers, objects, sums, order."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

from attacks.judging import Tally, kind
from attacks.kinds.docks import kept, open_on_disk
from attacks.place import Place
from attacks.visitor import Visitor

OTHER = hashlib.md5(b"other", usedforsecurity=False).hexdigest()  # as the interface asks: a sum, no secret
MARKER = b"OPEN FILM FROM A CAMERA SYSTEM "
NAMES = (
    "../../etc/passwd", "..", ".", "%2e%2e%2f", "a/b/../../c", "System/../x", "x" * 300,
    "\x01\x02", "é" * 80, "﷽" * 20, "con", "~root",
    "officer_X_20261399T999999Z", "officer__20261127T080000Z", "_",
    "officer_B8A44F000001_20261127T080000Z ", "$(id)", "' or 1=1 --",
)  # fmt: skip


@dataclass
class System:
    """A camera system that was let in, in bad hands."""

    place: Place
    visitor: Visitor
    token: str
    base: str
    made: int = 0

    @classmethod
    def of(cls, place: Place) -> "System":
        """With the connection file that the administrator gave it."""
        (administrator,) = place.sessions("administrator")
        told = administrator.submit("/docks/axis/", {"name": "Aanval", "certificate": ""}).json()
        visitor = place.visitor()
        keys = {"X-Auth-User": told["BlobAPIUserName"], "X-Auth-Key": told["BlobAPIKey"]}
        token = visitor.get("/axis/auth/v1.0", headers=keys).headers["x-auth-token"]
        visitor.headers["X-Auth-Token"] = token
        return cls(place, visitor, token, f"/axis/v1/{told['BlobAPIUserName']}")

    def container(self, **said: str) -> str:
        """A new recording under way; its address."""
        self.made += 1
        where = f"{self.base}/officer_B8A44F{self.made:06d}_20261127T08{self.made % 60:02d}00Z"
        self.visitor.put(where, headers={"X-Container-Meta-Status": "Recording"} | said)
        return where

    def complete(self, where: str, status: str = "Complete") -> httpx.Response:
        """Say that it is whole."""
        return self.visitor.post(where, headers={"X-Container-Meta-Status": status})

    def film(self) -> bytes:
        """Content that must not lie open anywhere."""
        return MARKER + os.urandom(200)


Try = tuple[str, httpx.Response]


def tokens(system: System) -> Iterator[Try]:
    """Who is nobody, or somebody else."""
    where = system.container()
    for one in (
        "",
        "x",
        system.token[:-1],
        system.token.swapcase(),
        system.token + "x",
        "null",
        "a" * 5000,
        system.place.dock()["token"],
    ):
        stranger = system.place.visitor()
        stranger.headers["X-Auth-Token"] = one
        yield f"token {one[:9]!r}", stranger.put(f"{where}/20261127_080000_AAAA.mkv", content=system.film())
        yield f"container with token {one[:9]!r}", stranger.put(where)
    for account in ("x", "..", "AUTH_x", "system", "%00"):
        yield f"account {account!r}", system.visitor.put(f"/axis/v1/{account}/System", content=b"")
    for user, key in (("", ""), ("x", "x"), ("\xe9", "y"), ("a" * 3000, "b"), ("' or 1=1 --", "' or 1=1 --")):
        headers = [(b"X-Auth-User", user.encode("latin-1")), (b"X-Auth-Key", key.encode("latin-1"))]
        yield f"sign in as {user[:9]!r}", system.place.visitor().get("/axis/auth/v1.0", headers=headers)


def names(system: System) -> Iterator[Try]:
    """Containers and objects with names that lead elsewhere, or that nothing can hold."""
    where = system.container()
    for name in NAMES:
        path = quote(name, safe="")
        yield (
            f"container {name!r:.20}",
            system.visitor.put(f"{system.base}/{path}", headers={"X-Container-Meta-Status": "Recording"}),
        )
        yield f"object {name!r:.20}", system.visitor.put(f"{where}/{path}", content=system.film())
        yield (
            f"fact {name!r:.20}",
            system.visitor.put(f"{system.base}/Users/{path}", headers={"X-Object-Meta-Name": "x"}),
        )
    yield "complete, with odd objects", system.complete(where)


def told(system: System) -> Iterator[Try]:
    """Statuses, times and metadata that mean nothing."""
    values = ("", "complete", "COMPLETE", "Complete, Complete", "x" * 3000, "%00", "%0a%0d", "9" * 400, "-1", "NaN", "1e400",
              "Infinity", "2090-01-01T00:00:00Z", "0000-00-00", "%F0%9F%98%80", "%ff%fe")  # fmt: skip
    for name in ("Status", "StartTime", "StopTime", "TriggerOnTime", "BWCSerialNumber", "UserID"):
        for value in values:
            where = system.container(**{f"X-Container-Meta-{name}": value})
            yield f"{name} = {value[:12]!r}", system.visitor.post(where, headers={f"X-Container-Meta-{name}": value})
    for value in values:
        yield f"whole with status {value[:12]!r}", system.complete(system.container(), value)


def objects(system: System) -> Iterator[Try]:
    """Sums, lengths, keys and order that are wrong."""
    for etag in (
        "0" * 32,
        "x",
        "",
        '"' + "f" * 32 + '"',
        "é".encode().hex() * 20,
        OTHER,
    ):
        where, film = system.container(), system.film()
        yield (
            f"sum {etag[:9]!r}",
            system.visitor.put(f"{where}/20261127_080000_AAAA.mkv", content=film, headers={"Etag": etag}),
        )
        yield f"whole after sum {etag[:9]!r}", system.complete(where)
    for name, body in {
        "no key": b"",
        "a key that is no JSON": b"{",
        "a key of NUL": b"\0" * 99,
        "a deep key": b"[" * 90_000,
    }.items():
        where = system.container()
        system.visitor.put(f"{where}/20261127_080000_AAAA.mkv", content=system.film())
        yield name, system.visitor.put(f"{where}/20261127_080000_AAAA.key", content=body)
        yield f"whole with {name}", system.complete(where)
    where = f"{system.base}/officer_B8A44FFFFFFF_20261127T080000Z"
    yield (
        "an object before its container",
        system.visitor.put(f"{where}/20261127_080000_AAAA.mkv", content=system.film()),
    )
    yield "whole before anything", system.complete(where)
    yield "whole and empty", system.complete(system.container())
    where = system.container()
    system.visitor.put(f"{where}/20261127_080000_AAAA.mkv", content=system.film())
    yield "whole", system.complete(where)
    yield "whole again", system.complete(where)
    yield "under way again", system.complete(where, "Recording")
    yield (
        "another film after it was whole",
        system.visitor.put(f"{where}/20261127_080500_BBBB.mkv", content=system.film()),
    )
    yield "the same name, other film", system.visitor.put(f"{where}/20261127_080000_AAAA.mkv", content=system.film())
    yield (
        "a piece without end",
        system.visitor.put(f"{system.container()}/20261127_080000_AAAA.mkv", content=iter([b"x"] * 3)),
    )
    for method in ("DELETE", "PATCH", "COPY", "MOVE", "TRACE", "PROPFIND"):
        yield f"{method} of a whole one", system.visitor.request(method, f"{where}/20261127_080000_AAAA.mkv")
        yield f"{method} of its container", system.visitor.request(method, where)


@kind(
    "deliveries of a camera system",
    role="somebody with the connection file of a camera system",
    tries="delivers with bad tokens, names, statuses, times, sums and keys, in the wrong order, and once more",
    seconds=600,
)
def deliveries(place: Place, tally: Tally) -> None:
    """No answer of 500; what was there stays; nothing lies open; what is in the register has its film sealed in the store."""
    system, before = System.of(place), kept(place)
    for part in (tokens, names, told, objects):
        attempts = part(system)
        while True:
            try:
                name, answer = next(attempts)
            except StopIteration:
                break
            except (httpx.LocalProtocolError, httpx.InvalidURL, UnicodeEncodeError):
                break  # no client can send this, nor what comes after it here
            given = any(
                MARKER in one for one in (answer.content, *(value.encode() for value in answer.headers.values()))
            )
            stranger = name.startswith(("token", "container with", "account", "sign in")) and answer.status_code < 400
            tally.judge(answer.status_code != 500 and not given and not stranger, f"{name}: {answer.status_code}")
    _whole(place, tally, before)


def _whole(place: Place, tally: Tally, before: dict[str, tuple[Any, ...]]) -> None:
    after = kept(place)
    tally.judge(before.items() <= after.items(), "a clip that was there is gone or changed")
    tally.judge(not open_on_disk(place, MARKER), f"film lies open: {open_on_disk(place, MARKER)[:3]}")
    program = place.program("beeldkluis", "tick")
    tally.judge("Traceback" not in program, program[-200:])
    # A name is words in the register, whatever it says; on the disk nothing may be called so.
    strange = [one for one in place.data.parent.rglob("*") if one.name in ("passwd", "~root", "con", "c")]
    tally.judge(not strange, f"a file is named {strange[:2]}")
    empty = place.rows("select 1 from footage_recording where id not in (select recording_id from footage_clip)")
    tally.judge(not empty, "a recording without film is in the register")
