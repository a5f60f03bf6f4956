"""`make bench-scale`: pages, jobs, the doctor and the destruction of what is due at 100,000 recordings, 5,000 cases and 300,000
entries on the embedded database, each beside its goal and beside an empty installation. ROWS=10000 takes fewer recordings, and
the rest in proportion. Stops after SECONDS (2,400) at the latest, and says what it did not come to. Ends with one JSON object:
{"goals": [...]}; what was not measured is not met. The exit code says nothing of the goals.

Seconds are of the clock; those of the processor stand beside them, for a machine that others use as well.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from types import FrameType
from typing import Any

ROWS = int(os.environ.get("ROWS", "100000"))
SECONDS = int(os.environ.get("SECONDS", "2400"))
DUE = ROWS // 20
TIMES = 20  # so often each page is asked for; the slowest but one counts (p95)
MINUTES = 17  # of jobs before they are measured: in a quarter of an hour all that lies on the disks was looked at once
AGAIN = 5  # seconds after which it is said again, should something have swallowed it
SEED = "--seed"
PAGE, JOBS, DOCTOR, START = "slowest page, p95", "jobs of a minute", "doctor", "start page, slowest role, p95"
GONE, GROWN = f"destroying {DUE:,} that are due", "memory grown meanwhile, MiB"
GOALS = {START: 0.150, PAGE: 0.150, JOBS: 5.0, DOCTOR: 2.0, GONE: 900.0, GROWN: 50.0}
# A press of PDF or password hashes, which is as slow without a single row.
NO_PAGE = ("accounts/", ".pdf", "axis/", "dock/", "intake/")


class OutOfTimeError(BaseException):
    """The time of this bench is over. No Exception: a page or a job would catch it and go on."""


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds of the clock and of the processor (or MiB, in both)."""

    wall: float
    processor: float


def took(act: Callable[[], object]) -> Took:
    """How long it took."""
    wall, processor = time.perf_counter(), time.process_time()
    act()
    return Took(time.perf_counter() - wall, time.process_time() - processor)


def begin(folder: Path) -> None:
    """Settings of an installation of its own in this folder."""
    os.environ.update(
        DJANGO_SETTINGS_MODULE="beeldkluis.web.settings",
        BEELDKLUIS_DATA=str(folder),
        BEELDKLUIS_SECRET_KEY="bench",
        BEELDKLUIS_ADDRESS="http://localhost:8000",
    )
    import django  # noqa: PLC0415 - only after the settings of this process are known
    from django.conf import settings  # noqa: PLC0415 - the same

    settings.ALLOWED_HOSTS = ["*"]
    settings.STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    (folder / "static").mkdir(exist_ok=True)
    django.setup()


def install() -> None:
    """The database, the keys, and one person of each role."""
    from django.core.management import call_command  # noqa: PLC0415 - needs Django set up

    from beeldkluis.journal import clock, guard  # noqa: PLC0415 - needs Django set up
    from beeldkluis.people.models import Person  # noqa: PLC0415 - needs Django set up
    from beeldkluis.web.installation import make_folders, make_vault_key  # noqa: PLC0415 - needs Django set up

    make_folders()
    call_command("migrate", verbosity=0)
    make_vault_key()
    with guard.opened():
        for role in ("team_manager", "deputy", "dpo", "administrator"):
            Person.objects.create(email=f"{role}@example.nl", name=role, role=role, added_at=clock.now())


def browser(person: Any) -> Any:
    """Somebody who showed a password and a second factor."""
    from allauth.account.internal.flows.login import record_authentication  # noqa: PLC0415 - needs Django set up
    from django.test import Client, RequestFactory  # noqa: PLC0415 - needs Django set up

    client = Client(raise_request_exception=False)
    client.force_login(person)
    request = RequestFactory().get("/")
    request.session = client.session
    record_authentication(request, person, "mfa", type="totp")
    request.session.save()
    return client


def addresses() -> Iterator[str]:
    """Every address that names nothing, and some of a case, a recording and an entry."""
    from django.urls import URLResolver, get_resolver  # noqa: PLC0415 - needs Django set up

    from beeldkluis.cases.models import Case, Letter  # noqa: PLC0415 - needs Django set up
    from beeldkluis.footage.models import Recording  # noqa: PLC0415 - needs Django set up

    def below(patterns: Any, before: str) -> Iterator[str]:
        for one in patterns:
            here = before + str(one.pattern)
            yield from below(one.url_patterns, here) if isinstance(one, URLResolver) else [here]

    forms = [one for one in below(get_resolver().url_patterns, "") if "<" not in one]
    yield from sorted(f"/{one}" for one in set(forms) if not any(word in one for word in NO_PAGE))
    for case in Case.objects.order_by("reference")[:1]:
        yield f"/verzoeken/{case.reference}/"
    for letter in Letter.objects.select_related("case")[:1]:
        yield f"/verzoeken/{letter.case.reference}/brieven/{letter.pk}/"
    for recording in Recording.objects.order_by("number")[:1]:
        yield f"/opnames/{recording.pk}/"
        yield f"/logboek/?recording={recording.pk}"
    yield from ("/opnames/?pagina=100", "/verzoeken/?pagina=50", "/logboek/5/")


def pages() -> dict[str, Took]:
    """Each page for whoever is given it: the slowest but one of so many times."""
    from beeldkluis.people.models import Person  # noqa: PLC0415 - needs Django set up

    found = {}
    for person in Person.objects.order_by("pk"):
        client = browser(person)
        for address in addresses():
            if client.get(address).status_code == 200:
                times = [took(lambda: client.get(address)) for _ in range(TIMES)]  # noqa: B023 - called at once
                walls, own = sorted(one.wall for one in times), sorted(one.processor for one in times)
                found[f"{person.role} {address}"] = Took(walls[-2], own[-2])
    return found


def measure() -> Iterator[tuple[str, Took]]:
    """Pages, the minute and the doctor."""
    from beeldkluis.journal import clock  # noqa: PLC0415 - needs Django set up
    from beeldkluis.web import doctor  # noqa: PLC0415 - needs Django set up
    from beeldkluis.web.ticking import HERE  # noqa: PLC0415 - needs Django set up

    for _minute in range(MINUTES):
        for job in HERE.values():
            job(clock.now())
    jobs = {name: took(lambda: job(clock.now())) for name, job in HERE.items()}  # noqa: B023 - called at once
    tell(jobs, "job")
    yield JOBS, Took(sum(one.wall for one in jobs.values()), sum(one.processor for one in jobs.values()))
    yield DOCTOR, took(doctor.findings)
    found = pages()
    tell(found, "page")
    yield PAGE, max(found.values(), key=lambda one: one.wall)
    yield START, max((one for name, one in found.items() if name.endswith(" /")), key=lambda one: one.wall)


def tell(found: dict[str, Took], what: str) -> None:
    """The slowest of these."""
    for name, one in sorted(found.items(), key=lambda two: -two[1].wall)[:8]:
        print(f"  {what} {name:<50} {one.wall:8.3f} s, processor {one.processor:8.3f} s", flush=True)


def destroy() -> Iterator[tuple[str, Took]]:
    """What is due goes, a round after the other, after two people confirmed what the brake stopped."""
    from scale_rows import make_due  # noqa: PLC0415 - needs Django set up

    from beeldkluis.journal import clock  # noqa: PLC0415 - needs Django set up
    from beeldkluis.retention import actions, queries  # noqa: PLC0415 - needs Django set up
    from beeldkluis.retention.tasks import round_  # noqa: PLC0415 - needs Django set up

    make_due(DUE)
    spent, gone, least, most = Took(0, 0), 0, memory(), 0.0
    while gone < DUE:
        done: list[Any] = []
        one = took(lambda: done.append(round_(clock.now())))  # noqa: B023 - called at once
        spent = Took(spent.wall + one.wall, spent.processor + one.processor)
        gone, most = gone + len(done[0].destroyed), max(most, memory())
        print(f"  {gone} destroyed, {spent.wall:.1f} s, processor {spent.processor:.1f} s, {most:.0f} MiB", flush=True)
        brakes = [one for one in queries.waiting_brakes() if gone == 0]
        for brake, person in product(brakes, confirming()):
            actions.confirm_brake(brake.pk, person=person, actor=person.as_actor, now=clock.now())
        if not done[0].destroyed and not brakes:
            print(f"  nothing more goes: {done[0]}"[:500])
            return
    yield GONE, spent
    yield GROWN, Took(most - least, most - least)


def confirming() -> list[Any]:
    """The two people who let a stopped round go on."""
    from beeldkluis.people.models import Person  # noqa: PLC0415 - needs Django set up
    from beeldkluis.protocol.access import Act, may  # noqa: PLC0415 - needs Django set up
    from beeldkluis.protocol.roles import Role  # noqa: PLC0415 - needs Django set up

    return [one for one in Person.objects.order_by("pk") if may(Role(one.role), Act.CONFIRM_DESTRUCTION).allowed][:2]


def memory() -> float:
    """MiB that this process has now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def seed(folder: Path) -> None:
    """In a process of its own, so that the memory of this one is that of the program."""
    begun = time.perf_counter()
    print(f"seeding {ROWS} recordings, {ROWS // 20} cases, {ROWS * 3} entries", flush=True)
    subprocess.run([sys.executable, __file__, SEED, str(folder)], check=True)
    print(f"seeded in {time.perf_counter() - begun:.0f} s", flush=True)


def stop(_number: int, _frame: FrameType | None) -> None:
    """The time is over."""
    raise OutOfTimeError


def report(full: dict[str, Took], empty: dict[str, Took]) -> None:
    """Each goal, and the JSON object."""
    told = []
    for name, goal in GOALS.items():
        if (one := full.get(name)) is None:
            print(f"{name:<40} not measured: the time was over  NOT MET")
            told.append({"name": name, "seconds": None, "goal": goal, "met": False, "why": "not measured in time"})
            continue
        before = empty.get(name)
        times = round(one.processor / before.processor, 1) if before and before.processor else None
        beside = f"  {times} × empty" if times else ""
        met = one.wall < goal
        print(
            f"{name:<40} {one.wall:8.3f}  processor {one.processor:8.3f}  goal {goal:7.3f}  {'met' if met else 'NOT MET'}{beside}"
        )
        line = {"name": name, "seconds": round(one.wall, 4), "processor": round(one.processor, 4), "goal": goal}
        told.append(line | {"met": met, "times_empty": times})
    print(json.dumps({"goals": told, "recordings": ROWS, "cases": ROWS // 20, "entries": ROWS * 3}))


def main() -> int:
    """Measure an empty installation and a full one, and print both beside the goals."""
    if SEED in sys.argv:
        begin(Path(sys.argv[-1]))
        from scale_rows import seed as rows  # noqa: PLC0415 - needs Django set up

        rows(ROWS)
        return 0
    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, SECONDS, AGAIN)
    empty: dict[str, Took] = {}
    full: dict[str, Took] = {}
    with tempfile.TemporaryDirectory(prefix="bench-scale-") as name:
        try:
            begin(Path(name))
            install()
            empty.update(measure())
            seed(Path(name))
            for part in (measure(), destroy()):
                for what, one in part:
                    full[what] = one  # noqa: PERF403 - what was measured stays when the time is over
        except OutOfTimeError:
            signal.setitimer(signal.ITIMER_REAL, 0)
            print(f"stopped after {SECONDS} s", flush=True)
        signal.setitimer(signal.ITIMER_REAL, 0)
        report(full, empty)
    return 0


if __name__ == "__main__":
    sys.exit(main())
