"""The rows and files of years for `make bench-scale`, written at once in the shapes that steps give them: 28 days of recordings
with sealed files and keys, three quarters of them told of; cases over a year with decisions, letters and holds; a journal that
verifies; what was mailed, found and settled.
"""

import itertools
import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from beeldkluis.cases.models import Case, CaseRecording, Decision, Letter
from beeldkluis.devices.models import Bodycam, CameraModel, IssuePeriod
from beeldkluis.findings.models import Finding
from beeldkluis.footage.models import Clip, Hold, Observation, Recording
from beeldkluis.governance.queries import in_force
from beeldkluis.journal import guard
from beeldkluis.journal.events import canonical, plain
from beeldkluis.journal.models import Head, Node
from beeldkluis.journal.queries import size
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people.models import Officer, Person
from beeldkluis.sealed.merkle import appended, leaf_hash
from beeldkluis.vault.key_files import key_name, page_of
from beeldkluis.vault.local_store import preamble
from beeldkluis.vault.models import SealedObject

PART, CAMERAS, OFFICERS = 2000, 40, 60
NOW = datetime.now(UTC).replace(microsecond=0)
WRITTEN = plain(NOW)
PAYLOAD = preamble(64) + bytes(200)  # as many bytes as `SealedObject.payload_size` says, after the preamble
PERIOD = timedelta(days=27, hours=22)  # nothing is due: `make_due` does that


def parts(of: Iterable[Any]) -> Iterator[list[Any]]:
    """A few thousand at a time, so that memory does not grow with the rows."""
    left = iter(of)
    while part := list(itertools.islice(left, PART)):
        yield part


def seed(rows: int) -> None:
    """So many recordings, a twentieth as many cases and three times as many entries. Nothing waits for the disk."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous = OFF")
    with guard.opened():
        periods = issued()
        for part in parts(range(1, rows + 1)):
            recordings([recording(number, rows, periods[number % CAMERAS]) for number in part])
        known = list(Recording.objects.order_by("number").values_list("pk", flat=True))
        for part in parts(range(1, rows // 20 + 1)):
            cases(part, known)
        Finding.objects.bulk_create(found(number) for number in range(rows // 50))
        for part in parts(range(rows // 5)):
            Outgoing.objects.bulk_create(map(mailed, part))
        entries(rows * 3, known)


def issued() -> list[IssuePeriod]:
    """Cameras, officers, and who has which."""
    kind = CameraModel.objects.create(make="Proef", name="P1", pre_event_seconds=120)
    cameras = Bodycam.objects.bulk_create(
        Bodycam(serial=f"S-{one}", label=f"BC-{one:04d}", kind=kind, added_at=NOW) for one in range(CAMERAS)
    )
    officers = Officer.objects.bulk_create(
        Officer(number=str(1000 + one), name=f"Boa {one}", employment="own", since=NOW) for one in range(OFFICERS)
    )
    since = NOW - timedelta(days=400)
    return IssuePeriod.objects.bulk_create(
        IssuePeriod(bodycam=one, officer=two, issued_at=since, entered_at=since)
        for one, two in zip(cameras, officers, strict=False)
    )


def recording(number: int, rows: int, period: IssuePeriod) -> Recording:
    """Spread evenly over the days that they are kept. A few are new: nobody tried whether they open."""
    start = NOW - PERIOD * (number / rows) - timedelta(minutes=10)
    return Recording(
        number=number, serial=period.bodycam.serial, bodycam=period.bodycam, officer=period.officer, period=period,
        started_at=start, activated_at=start, source="dock", ended_at=start + timedelta(minutes=4), clock_offset_ms=0,
        received_at=start + timedelta(minutes=9), due_at=start + timedelta(days=28, minutes=4),
        due_under=in_force().version, openable=None if number < 100 else True, observation_reminded_at=NOW,
    )  # fmt: skip


@transaction.atomic
def recordings(made: list[Recording]) -> None:
    """With their files: each a sealed object with its payload and its key on the disk."""
    Recording.objects.bulk_create(made)
    told = {"payload_size": 200, "inner_kind": "plain", "taken_in_at": NOW, "wrapped_header": b"x" * 200}
    objects = SealedObject.objects.bulk_create(
        SealedObject(recording=one.pk, wrapped_header_sha256="0" * 64, sealed_sha256="0" * 64, **told) for one in made
    )
    film = {"position": 0, "name": "0.mp4", "content_type": "video/mp4", "source_size": 100}
    Clip.objects.bulk_create(
        Clip(recording=one, object=two.pk, source_sha256=two.pk.hex * 2, **film)
        for one, two in zip(made, objects, strict=True)
    )
    words = {"kind": "unsafety", "enforcement_number": "W-1", "warning": "given", "one_to_one": True}
    words |= {"place": "public_space", "off_when_over": True, "made_by": "bench", "made_at": NOW}
    Observation.objects.bulk_create(Observation(recording=one, **words) for one in made if one.number % 4)
    for one in objects:
        on_disk(one)


def on_disk(one: SealedObject) -> None:
    """What the vault keeps of it, without waiting for the disk each time."""
    folder = Path(settings.STORE_FOLDER) / str(one.pk)[:2]
    folder.mkdir(mode=0o700, exist_ok=True)
    key = Path(settings.KEY_FOLDER) / key_name(one.recording, 1)
    for path, data in ((folder / str(one.pk), PAYLOAD), (key, page_of(b"k" * 32, one.recording, 1))):
        path.write_bytes(data)
        path.chmod(0o600)


@transaction.atomic
def cases(numbers: list[int], known: list[uuid.UUID]) -> None:
    """With what was found for them, a hold each, and of the decided ones the decision and its letter."""
    by = Person.objects.get(role="team_manager")
    made = Case.objects.bulk_create(map(case, numbers))
    pairs = [(one, known[(number * 17) % len(known)]) for number, one in zip(numbers, made, strict=True)]
    CaseRecording.objects.bulk_create(CaseRecording(case=one, recording=two, matched_at=NOW) for one, two in pairs)
    hold = {"rule": "retention.hold-on-request", "placed_at": NOW, "review_at": NOW + timedelta(days=90)}
    Hold.objects.bulk_create(Hold(recording_id=two, case=one.reference, **hold) for one, two in pairs)
    decided = [one for one in made if one.state == "refused"]
    when = NOW - timedelta(days=20)
    Decision.objects.bulk_create(
        Decision(case=one, outcome="refused", decided_at=when, decided_by=by) for one in decided
    )
    paper = {"kind": "refused", "protocol": "1", "made_at": when, "pdf": b"%PDF" * 5000}
    Letter.objects.bulk_create(
        Letter(case=one, how="post" if at % 20 else "", posted_at=when if at % 20 else None, **paper)
        for at, one in enumerate(decided)
    )


def case(number: int) -> Case:
    """Of a year: two of five are open, one of five is decided; each with its moment before what is kept now."""
    moment = NOW - timedelta(days=40 + number % 300)
    state = ("received", "forwarded", "refused", "closed", "closed")[number % 5]
    return Case(
        reference=f"{NOW.year}-{number:04d}", kind="access", state=state, received_at=NOW, received_by_channel="email",
        decide_by=NOW + timedelta(days=8 + number % 20), requester_name=str(uuid.uuid4()), requester_address="Hier 1",
        requester_place="Hier", demonstrable_interest="Ik was erbij.", description="Een rode jas. " * 20,
        moment_from=moment, moment_until=moment + timedelta(minutes=10), place="De Gast",
        closed_at=NOW if state == "closed" else None,
    )  # fmt: skip


def found(number: int) -> Finding:
    """A finding; one of forty waits for somebody."""
    settled = {} if number % 40 == 0 else {"settled_at": NOW, "settled_because": "Gezien."}
    return Finding(rule="bench", text=f"Bevinding {number}.", found_at=NOW, **settled)


def mailed(number: int) -> Outgoing:
    """A mail that left."""
    return Outgoing(channel="mail", about=f"Bericht {number}", body={}, queued_at=NOW, next_try_at=NOW, sent_at=NOW)


@transaction.atomic
def entries(number: int, about: list[uuid.UUID]) -> None:
    """So many entries with their tree, as steps would have written them."""
    first, nodes = size(), {(one.level, one.index): bytes(one.hash) for one in Node.objects.all()}
    for part in parts(range(first, first + number)):
        rows = [entry(one, about[one % len(about)]) for one in part]
        made = [(*spot, hashed) for one in rows for spot, hashed in above(one[0], one[-1], nodes)]
        nodes = {
            spot: one for spot, one in nodes.items() if spot[1] >= (part[-1] >> spot[0]) - 1
        }  # what is still built on
        with connection.cursor() as cursor:
            cursor.executemany(
                'INSERT INTO journal_entry (number, time, act, recording, "case", trace, data, leaf_hash) '
                "VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
                rows,
            )
            cursor.executemany('INSERT INTO journal_node (level, "index", hash) VALUES (%s, %s, %s)', made)
    Head.objects.update(size=first + number)


def above(number: int, leaf: bytes, nodes: dict[tuple[int, int], bytes]) -> Iterator[tuple[tuple[int, int], bytes]]:
    """The parts of the tree that are whole with this entry."""
    for level, index, hashed in appended(number, leaf, lambda level, index: nodes[level, index]):
        nodes[level, index] = hashed
        yield (level, index), hashed


def entry(number: int, recording: uuid.UUID) -> tuple[Any, ...]:
    """One entry as the columns have it, whose leaf says what stands beside it."""
    act, trace = "vault.leftover_removed", "0" * 32
    told = {"act": act, "actor": {"kind": "system", "id": "bench", "role": None}, "case": "", "details": None,
            "facts": {"kind": "bench", "name": "x" * 60}, "n": number, "recording": str(recording), "time": WRITTEN,
            "trace": trace, "v": 1}  # fmt: skip
    leaf = canonical(told)
    return number, f"{NOW:%Y-%m-%d %H:%M:%S}", act, recording.hex, "", trace, leaf, leaf_hash(leaf)


def make_due(number: int) -> None:
    """The oldest recordings that nothing holds are due since a minute, as if the municipality had been away."""
    lasting = Hold.objects.values("recording")
    oldest = list(Recording.objects.exclude(pk__in=lasting).order_by("due_at").values_list("pk", flat=True)[:number])
    end = NOW - timedelta(days=28, minutes=1)
    times = {"started_at": end, "activated_at": end, "ended_at": end, "received_at": end + timedelta(minutes=5)}
    with guard.opened():
        for part in parts(oldest):
            Recording.objects.filter(pk__in=part).update(**times, due_at=end + timedelta(days=28))
