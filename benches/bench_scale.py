"""`make bench-scale`: pages and jobs at 100,000 recordings, 5,000 cases and 300,000 entries on the embedded database, each beside
its goal and beside an empty installation. ROWS=10000 takes fewer recordings (and fewer cases in proportion). Ends with one JSON
object: {"goals": [...]}. A goal that is not met is printed as such; the exit code says nothing of the goals.
"""

import json
import os
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROWS = int(os.environ.get("ROWS", "100000"))
CASES = ROWS // 20
ENTRIES = ROWS * 3
DUE = ROWS // 20  # what is due at once, for the round
ASKED = f"asking what is due, {DUE:,} of them"
TIMES = 7  # each page is asked for so often; the slowest counts
NOW = datetime.now(UTC)
PAGES = {
    "list of cases": ("team_manager", "/verzoeken/"),
    "list of recordings": ("team_manager", "/opnames/"),
    "what goes soon": ("team_manager", "/vernietigen/"),
    "missing observations": ("team_manager", "/opnames/waarnemingen/"),
    "start page, team manager": ("team_manager", "/"),
    "start page, data protection officer": ("dpo", "/"),
    "journal": ("dpo", "/logboek/"),
}


def begin(folder: Path) -> None:
    """An installation of its own in this folder."""
    os.environ.update(
        DJANGO_SETTINGS_MODULE="beeldkluis.web.settings",
        BEELDKLUIS_DATA=str(folder),
        BEELDKLUIS_SECRET_KEY="bench",
        BEELDKLUIS_ADDRESS="http://localhost:8000",
    )
    import django  # noqa: PLC0415 - only after the settings of this process are known
    from django.conf import settings  # noqa: PLC0415 - the same

    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if not one.endswith("SecondFactorMiddleware")]
    settings.ALLOWED_HOSTS = ["*"]
    settings.STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - needs Django set up

    from beeldkluis.journal.signer import make_signing_key  # noqa: PLC0415 - needs Django set up

    for name in ("STORE_FOLDER", "KEY_FOLDER", "STAGING_FOLDER"):
        Path(getattr(settings, name)).mkdir(parents=True, exist_ok=True, mode=0o700)
    call_command("migrate", verbosity=0)
    make_signing_key()


def people() -> dict[str, Any]:
    """One person of each role that reads these pages."""
    from beeldkluis.journal import guard  # noqa: PLC0415 - needs Django set up
    from beeldkluis.people.models import Person  # noqa: PLC0415 - needs Django set up

    with guard.opened():
        return {
            role: Person.objects.create(email=f"{role}@example.nl", name=role, role=role, added_at=NOW)
            for role in ("team_manager", "dpo", "administrator")
        }


def seed() -> None:
    """The rows of years, written at once: 28 days of recordings, three quarters of them told of; cases over a year."""
    from django.db import transaction  # noqa: PLC0415 - needs Django set up

    from beeldkluis.cases.models import Case  # noqa: PLC0415 - needs Django set up
    from beeldkluis.footage.models import Clip, Hold, Observation, Recording  # noqa: PLC0415 - needs Django set up
    from beeldkluis.journal import guard  # noqa: PLC0415 - needs Django set up
    from beeldkluis.vault.models import SealedObject  # noqa: PLC0415 - needs Django set up

    recordings, cases = [recording(number) for number in range(1, ROWS + 1)], [case(one) for one in range(1, CASES + 1)]
    with guard.opened(), transaction.atomic():
        Recording.objects.bulk_create(recordings, 2000)
        objects = [
            SealedObject(recording=one.pk, payload_size=1, inner_kind="plain", taken_in_at=NOW) for one in recordings
        ]
        SealedObject.objects.bulk_create(objects, 2000)
        Clip.objects.bulk_create([clip(one, sealed) for one, sealed in zip(recordings, objects, strict=True)], 2000)
        Case.objects.bulk_create(cases, 2000)
        told = [observation(one) for one in recordings if one.number % 4]
        Observation.objects.bulk_create(told, 2000)
        held = [hold(recordings[(at * 17) % ROWS], one) for at, one in enumerate(cases)]
        Hold.objects.bulk_create(held, 2000)
    entries(recordings)


def entries(recordings: list[Any]) -> None:
    """A journal of that length with its tree, as steps would have written it."""
    from django.db import transaction  # noqa: PLC0415 - needs Django set up

    from beeldkluis.journal import guard  # noqa: PLC0415 - needs Django set up
    from beeldkluis.journal.events import canonical  # noqa: PLC0415 - needs Django set up
    from beeldkluis.journal.models import Entry, Head, Node  # noqa: PLC0415 - needs Django set up
    from beeldkluis.sealed.merkle import appended, leaf_hash  # noqa: PLC0415 - needs Django set up

    nodes = {(one.level, one.index): bytes(one.hash) for one in Node.objects.all()}
    first, rows, fresh = Entry.objects.count(), [], []
    for number in range(first, first + ENTRIES):
        act, about = "vault.leftover_removed", recordings[number % ROWS].pk
        leaf = canonical(
            {"act": act, "n": number, "recording": str(about), "facts": {"kind": "bench", "name": "x" * 60}}
        )
        hashed = leaf_hash(leaf)
        rows.append(
            Entry(number=number, time=NOW, act=act, recording=about, trace="bench", data=leaf, leaf_hash=hashed)
        )
        for level, index, root in appended(number, hashed, lambda level, index: nodes[level, index]):
            nodes[level, index] = root
            fresh.append(Node(level=level, index=index, hash=root))
    with guard.opened(), transaction.atomic():
        Entry.objects.bulk_create(rows, 2000)
        Node.objects.bulk_create(fresh, 2000)
        Head.objects.update(size=first + ENTRIES)


def recording(number: int) -> Any:
    """Spread evenly over the 28 days that they are kept, the last hour left out so that nothing is due."""
    from beeldkluis.footage.models import Recording  # noqa: PLC0415 - needs Django set up
    from beeldkluis.governance.queries import in_force  # noqa: PLC0415 - needs Django set up

    start = NOW - timedelta(days=27, hours=22) * (number / ROWS) - timedelta(minutes=10)
    return Recording(
        number=number, serial=f"S-{number % 40}", started_at=start, activated_at=start, source="dock",
        ended_at=start + timedelta(minutes=4), clock_offset_ms=0, received_at=start + timedelta(minutes=9),
        due_at=start + timedelta(days=28, minutes=4), due_under=_version(in_force), openable=True,
        observation_reminded_at=NOW,
    )  # fmt: skip


def _version(in_force: Callable[[], Any], known: list[str] = []) -> str:  # noqa: B006 - read once for all rows
    if not known:
        known.append(in_force().version)
    return known[0]


def clip(one: Any, sealed: Any) -> Any:
    """The one file of a recording."""
    from beeldkluis.footage.models import Clip  # noqa: PLC0415 - needs Django set up

    return Clip(recording=one, object=sealed.pk, position=0, name="0.mp4", content_type="video/mp4", source_size=1)


def observation(one: Any) -> Any:
    """What the officer told of it."""
    from beeldkluis.footage.models import Observation  # noqa: PLC0415 - needs Django set up

    return Observation(
        recording=one, kind="unsafety", enforcement_number="W-1", warning="given", one_to_one=True,
        place="public_space", off_when_over=True, made_by="bench", made_at=NOW,
    )  # fmt: skip


def case(number: int) -> Any:
    """Of a year: two of five are open, each with its moment before what is kept now."""
    from beeldkluis.cases.models import Case  # noqa: PLC0415 - needs Django set up

    moment = NOW - timedelta(days=40 + number % 300)
    state = ("received", "forwarded", "closed", "closed", "closed")[number % 5]
    return Case(
        reference=f"{NOW.year}-{number:04d}", kind="access", state=state, received_at=NOW, received_by_channel="email",
        decide_by=NOW + timedelta(days=8 + number % 20), requester_name=str(uuid.uuid4()), requester_address="Hier 1",
        requester_place="Hier", demonstrable_interest="Ik was erbij.", description="Een rode jas. " * 20,
        moment_from=moment, moment_until=moment + timedelta(minutes=10), place="De Gast",
    )  # fmt: skip


def hold(one: Any, of: Any) -> Any:
    """A reason to keep a recording."""
    from beeldkluis.footage.models import Hold  # noqa: PLC0415 - needs Django set up

    rule, later = "retention.hold-on-request", NOW + timedelta(days=90)
    return Hold(recording=one, rule=rule, case=of.reference, placed_at=NOW, review_at=later)


def took(act: Callable[[], object]) -> float:
    """Seconds."""
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def measure(persons: dict[str, Any]) -> dict[str, float]:
    """Seconds of each page (p95), each job of the minute, and the doctor."""
    from django.test import Client  # noqa: PLC0415 - needs Django set up

    from beeldkluis.web import doctor  # noqa: PLC0415 - needs Django set up
    from beeldkluis.web.ticking import JOBS  # noqa: PLC0415 - needs Django set up

    found = {}
    for name, (role, address) in PAGES.items():
        client = Client()
        client.force_login(persons[role], backend="django.contrib.auth.backends.ModelBackend")
        answered = client.get(address, follow=True)
        if answered.status_code != 200:
            raise SystemExit(f"{address}: {answered.status_code}")
        found[name] = max(took(lambda: client.get(address)) for _ in range(TIMES))  # noqa: B023 - called at once
    for job in JOBS.values():
        job(NOW)  # the first look after an update is longer, once
    jobs = {name: took(lambda: job(NOW)) for name, job in JOBS.items()}  # noqa: B023 - called at once
    for name, seconds in sorted(jobs.items(), key=lambda one: -one[1])[:6]:
        print(f"  job {name:<16} {seconds:8.3f} s", flush=True)
    return found | {"jobs of a minute": sum(jobs.values()), "doctor": took(doctor.findings)}


def look_for_due() -> dict[str, float]:
    """What asking for everything that is due costs, as each round does."""
    from beeldkluis.retention.queries import to_destroy  # noqa: PLC0415 - needs Django set up

    later = NOW + timedelta(days=28) * (DUE / ROWS)
    return {ASKED: took(lambda: to_destroy(later))}


GOALS = dict.fromkeys(PAGES, 0.150) | {"jobs of a minute": 5.0, "doctor": 2.0, ASKED: 5.0}


def main() -> int:
    """Measure an empty installation and a full one, and print both beside the goals."""
    with tempfile.TemporaryDirectory(prefix="bench-scale-") as name:
        begin(Path(name))
        persons = people()
        empty = measure(persons) | look_for_due()
        print(f"seeding {ROWS} recordings, {CASES} cases, {ENTRIES} entries", flush=True)
        print(f"seeded in {took(seed):.0f} s", flush=True)
        full = measure(persons) | look_for_due()
    told = []
    for name, goal in GOALS.items():
        ratio = full[name] / empty[name] if empty[name] else 0.0
        met = full[name] < goal
        print(
            f"{name:<36} {full[name]:8.3f} s  goal {goal:6.3f} s  {'met' if met else 'NOT MET'}  {ratio:6.1f} × empty"
        )
        told.append(
            {"name": name, "seconds": round(full[name], 4), "goal": goal, "met": met, "times_empty": round(ratio, 1)}
        )
    print(json.dumps({"goals": told, "recordings": ROWS, "cases": CASES, "entries": ENTRIES}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
