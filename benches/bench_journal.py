"""`make bench-journal`: acts a second with and without the journal on SQLite and PostgreSQL, by one writer and by eight, and how
long an outsider takes to verify 100,000 entries. Ends with one JSON object. Both databases wait for the disk at each act.

On PostgreSQL it also says what no journal that locks its head for each act can pass: the same act under the lock without an
entry, waiting for the disk and not (docs/decisions/0151).
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SECONDS = float(os.environ.get("SECONDS", "4"))  # for each measure
WRITERS = (1, 8)
ENTRIES = int(os.environ.get("ENTRIES", "100000"))
SETTINGS = "beeldkluis.web.settings"
GIVEN_UP = " (given up for one lock on the head: decision 0151)"  # with several writers on PostgreSQL
UNFLUSHED = {"PGOPTIONS": "-c synchronous_commit=off"}
ASK = "--measure"


def per_second(act: Callable[[int], None]) -> float:
    """How often `act` is done in a second."""
    begun, count = time.perf_counter(), 0
    while time.perf_counter() - begun < SECONDS:
        act(count)
        count += 1
    return count / (time.perf_counter() - begun)


def measure(writers: int) -> dict[str, float]:
    """In a process of its own with the settings of one database: a finding written with and without its entry, by so many at
    once.
    """
    import django  # noqa: PLC0415 - only after the settings of this process are known

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - needs Django set up
    from django.db import transaction  # noqa: PLC0415 - needs Django set up

    from beeldkluis.findings.actions import EACH_TIME, raise_finding  # noqa: PLC0415 - needs Django set up
    from beeldkluis.findings.models import Finding  # noqa: PLC0415 - needs Django set up
    from beeldkluis.journal import guard  # noqa: PLC0415 - needs Django set up
    from beeldkluis.journal.actions import serialised  # noqa: PLC0415 - needs Django set up
    from beeldkluis.journal.actor import Actor  # noqa: PLC0415 - needs Django set up

    call_command("migrate", verbosity=0)
    actor, now = Actor.system("bench"), datetime.now(UTC)

    def with_entry(number: int) -> None:
        raise_finding(
            rule="bench", key=EACH_TIME, text=f"bevinding {number}", recording=None, bodycam=None, actor=actor, now=now
        )

    def without(number: int) -> None:
        with guard.opened(), transaction.atomic():  # which the program itself never lets happen
            Finding.objects.create(rule="bench", text=f"bevinding {number}", found_at=now)

    def only_locked(number: int) -> None:
        with guard.opened(), serialised():
            Finding.objects.create(rule="bench", text=f"bevinding {number}", found_at=now)

    (told, busy), (bare, bare_busy) = by_all(with_entry, writers), by_all(without, writers)
    (locked, _) = by_all(only_locked, writers)
    return {"with": told, "without": bare, "locked": locked, "with, processor": busy, "without, processor": bare_busy}


def by_all(act: Callable[[int], None], writers: int) -> tuple[float, float]:
    """How often `act` is done in a second by so many threads together, each with a connection of its own; and in a second of
    the processor, which says what an act costs where the disk is slow or others use the machine.
    """
    clock, processor = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(writers) as pool:
        rate = sum(pool.map(lambda _: per_second(act), range(writers)))
    done = rate * (time.perf_counter() - clock)
    return rate, done / (time.process_time() - processor)


def in_process(writers: int, **environment: str) -> dict[str, float]:
    """`measure` in a process of its own."""
    kept = os.environ | {"DJANGO_SETTINGS_MODULE": SETTINGS} | environment
    done = subprocess.run(
        [sys.executable, __file__, ASK, str(writers)], env=kept, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def verify(folder: Path) -> float:
    """Seconds to verify an exported journal of 100,000 entries as an outsider does, in a process of its own."""
    sys.path.insert(0, str(ROOT))
    from beeldkluis.sealed import merkle, note, tlog  # noqa: PLC0415 - the measuring process does not need it

    signer, nodes, leaves = note.Signer.generate("bench"), {}, []
    for number in range(ENTRIES):
        leaf = json.dumps({"act": "bench", "facts": {"text": "x" * 200}, "n": number}, sort_keys=True).encode()
        leaves.append(leaf)
        for level, index, one in merkle.appended(
            number, merkle.leaf_hash(leaf), lambda level, index: nodes[level, index]
        ):
            nodes[level, index] = one

    def put(path: str, data: bytes) -> None:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)

    for start in range(0, ENTRIES, 256):
        part = leaves[start : start + 256]
        put(tlog.tile_path("entries", start // 256, len(part)), tlog.bundle(part))
    level, width = 0, ENTRIES
    while width:
        for index in range(-(-width // 256)):
            hashes = [nodes[level * 8, index * 256 + at] for at in range(min(256, width - index * 256))]
            put(tlog.tile_path(level, index, len(hashes)), b"".join(hashes))
        level, width = level + 1, width // 256
    top = merkle.root(ENTRIES, lambda level, index: nodes[level, index])
    (folder / "checkpoint").write_text(signer.sign(tlog.checkpoint_text("bench", ENTRIES, top)))
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "beeldkluis.journal.verify", folder, signer.vkey], check=True, stdout=subprocess.DEVNULL
    )
    return time.perf_counter() - begun


def postgresql(folder: Path, writers: int) -> tuple[dict[str, float], dict[str, float]]:
    """The same on a PostgreSQL server of its own, started here; and once more without waiting for the disk."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)  # the kept cluster is one of these settings
    sys.path.insert(0, str(ROOT))
    from tests.vault.postgres import address, running  # noqa: PLC0415 - only where PostgreSQL is measured

    with running(durable=True) as port:
        kept = {"BEELDKLUIS_DATABASE": address(port), "BEELDKLUIS_DATA": str(folder), "BEELDKLUIS_SECRET_KEY": "bench"}
        return in_process(writers, **kept), in_process(writers, **kept, **UNFLUSHED)


def told_of(database: str, writers: int, speed: dict[str, float]) -> list[dict[str, object]]:
    """Print the measures of one database by so many writers; the goals they belong to."""
    share = speed["with"] / speed["without"]
    at = f"{database}, {writers} {'writer' if writers == 1 else 'writers'}"
    print(
        f"{at}: {speed['with']:.0f} acts a second with the journal, {speed['without']:.0f} without ({share:.2f}); "
        f"a second of the processor: {speed['with, processor']:.0f} and {speed['without, processor']:.0f}"
    )
    given_up = GIVEN_UP if database == "PostgreSQL" and writers > 1 else ""
    goals = [goal(f"{at}: acts with the journal against without", share, f">= 0.4{given_up}", share >= 0.4)]
    if database == "SQLite":
        goals.append(goal(f"{at}: acts a second", speed["with"], ">= 400", speed["with"] >= 400))
    return goals


def told_of_lock(writers: int, speed: dict[str, float], unflushed: dict[str, float]) -> None:
    """Print what the lock on the head alone costs on PostgreSQL, and what not waiting for the disk would give."""
    whole = speed["without"]
    print(
        f"PostgreSQL, {writers} at once, as a share of acts without the journal: under its lock without an entry "
        f"{speed['locked'] / whole:.2f}, and without waiting for the disk {unflushed['locked'] / whole:.2f}; with the journal "
        f"and without waiting for the disk {unflushed['with'] / whole:.2f}"
    )


def goal(name: str, value: float, word: str, met: bool) -> dict[str, object]:
    """One goal as the last line has it."""
    return {"name": name, "value": round(value, 2), "goal": word, "met": met}


def main() -> int:
    """Print the measures; the exit code says nothing of the goals."""
    if ASK in sys.argv:
        print(json.dumps(measure(int(sys.argv[-1]))))
        return 0
    goals: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory(prefix="bench-journal-") as name:
        folder = Path(name)
        (folder / "tiles").mkdir()
        took = verify(folder / "tiles")
        for writers in WRITERS:
            data = folder / f"sqlite-{writers}"
            data.mkdir()
            sqlite = in_process(writers, BEELDKLUIS_DATA=str(data), BEELDKLUIS_SECRET_KEY="bench")
            speed, unflushed = postgresql(folder, writers)
            goals += [*told_of("SQLite", writers, sqlite), *told_of("PostgreSQL", writers, speed)]
            told_of_lock(writers, speed, unflushed)
    print(f"verify {ENTRIES} entries: {took:.1f} s")
    goals.append(goal(f"verify {ENTRIES:,} entries offline, seconds", took, "< 10", took < 10))
    print(json.dumps({"goals": goals}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
