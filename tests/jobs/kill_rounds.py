"""Stops a worker with SIGKILL at every point where it touches the disk or commits; prints how many points there were.

Run by tests/processes.py: `tests.jobs.kill_rounds FOLDER SCENARIO`. Every worker is a process of its own that makes its key
itself; who asks is another process, and so is whoever looks what is left. The processes wait for each other by files.
"""

import base64
import json
import os
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connections
from django.db.backends.sqlite3.base import DatabaseWrapper
from tests.jobs import counting
from tests.jobs.asking import lend
from tests.template import make_tables
from tests.vault.installation import Installation

from beeldkluis.jobs import actions, worker
from beeldkluis.jobs.models import Job
from beeldkluis.journal.actions import step
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.models import Entry, Head
from beeldkluis.journal.signer import make_signing_key
from beeldkluis.sealed.age import Identity, open_header
from beeldkluis.vault.events import LeftoverRemoved
from beeldkluis.vault.models import Lease

FOLDER = Path(sys.argv[1])
ACTOR = Actor.system("tests")
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=11)
PLAIN = b"moving pictures" * 10_000
RECORDINGS = (UUID(int=0xA1), UUID(int=0xA2))
TEAM, RECOVERY = Identity.generate(), Identity.generate()
PATIENCE = 120.0  # seconds that processes wait for each other
settings.JOB_KINDS = [counting.PLACE]


class Killer:
    """Counts the points where state changes, and dies at the chosen one."""

    def __init__(self, at: int) -> None:
        self.at, self.count = at, 0

    def point(self) -> None:
        self.count += 1
        if self.count == self.at:
            os.kill(os.getpid(), signal.SIGKILL)

    def arm(self) -> None:
        for owner, name in ((os, "fsync"), (DatabaseWrapper, "_commit")):
            setattr(owner, name, self._around(getattr(owner, name)))

    def _around(self, real: Callable[..., object]) -> Callable[..., object]:
        def patched(*args: object) -> object:
            self.point()
            answer = real(*args)
            self.point()
            return answer

        return patched


def start(folder: Path, work: Callable[[], None]) -> int:
    """Run `work` in a process of its own on the installation in `folder`; its number."""
    child = os.fork()
    if child:
        return child
    try:
        output = os.open(folder / "output", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.dup2(output, 1)
        os.dup2(output, 2)
        settings.STORE_FOLDER, settings.KEY_FOLDER = folder / "store", folder / "keys"
        settings.KEY_STANDBY_FOLDER, settings.STAGING_FOLDER = "", folder / "staging"
        connections["default"].settings_dict["NAME"] = folder / "db.sqlite3"
        work()
        connections.close_all()
    except BaseException:  # noqa: BLE001 - a forked process may not return into its parent's stack
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def ended(child: int) -> int:
    return os.waitpid(child, 0)[1]


def do(folder: Path, work: Callable[[], None]) -> None:
    assert ended(start(folder, work)) == 0, (folder / "output").read_text()[-3000:]


def wait_for(path: Path) -> str:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with suppress(FileNotFoundError):
            if text := path.read_text():
                return text
        time.sleep(0.005)
    raise TimeoutError(path.name)


def fill(folder: Path) -> None:
    make_tables()
    made = Installation(folder, TEAM, RECOVERY)
    objects = {str(one): str(made.take_in(one, PLAIN)) for one in RECORDINGS}
    (folder / "objects").write_text(json.dumps(objects))


def works(folder: Path, name: str, now: datetime, killer: Killer | None = None) -> None:
    """A worker: makes its key, registers, waits until it was asked, and does what it was asked."""
    identity = Identity.generate()
    actions.beat(identity, now=now)
    (folder / f"worker-{name}").write_text(str(identity.recipient))
    wait_for(folder / f"asked-{name}")
    if killer is not None:
        killer.arm()
    assert worker.work(identity, actor=ACTOR, time=lambda: now) == 1


def asks(folder: Path, name: str, recording: UUID, now: datetime) -> None:
    recipient = wait_for(folder / f"worker-{name}")
    clip = UUID(json.loads((folder / "objects").read_text())[str(recording)])
    header = Installation(folder, TEAM, RECOVERY).release(clip)
    sealed = lend(recording, clip, open_header(header, [TEAM]), recipient)
    with step("tests.ask", actor=ACTOR) as record:
        actions.ask(
            counting.COUNTING.name, object_id=clip, recording=recording, worker=recipient, sealed_file_key=sealed,
            actor=ACTOR, now=now,
        )  # fmt: skip
        record(LeftoverRemoved(kind="test", name="asked"))
    (folder / f"asked-{name}").write_text("yes")


def expires(folder: Path) -> None:
    (job,) = Job.objects.all()
    is_open = job.state != Job.State.DONE
    assert actions.expire(actor=ACTOR, now=NOW) == 0, "its worker was heard of a moment ago"
    assert actions.expire(actor=ACTOR, now=LATER) == is_open
    job.refresh_from_db()
    assert job.state == (Job.State.FAILED if is_open else Job.State.DONE)
    assert job.reason == (counting.WORDS.stopped if is_open else "")
    assert not Lease.objects.filter(sealed_file_key__isnull=False).exists()
    (folder / "before").write_text(json.dumps([is_open, job.parts_done]))


def looks(folder: Path) -> None:
    """The work is done once; no part that was kept is done again; the lent key is nowhere."""
    is_open, kept = json.loads((folder / "before").read_text())
    done = Job.objects.get(state=Job.State.DONE)
    assert Job.objects.count() == 1 + is_open
    assert done.parts_done == counting.PARTS
    notes = counting.notes_of(done)
    assert f"made-{len(PLAIN)}" in notes
    assert "twice" not in notes
    assert all(notes.count(f"counted-{part}") == 1 for part in range(1, kept + 1)), (kept, notes)
    parts = [
        json.loads(bytes(one.data))["facts"]["part"]
        for one in Entry.objects.filter(act="jobs.part_kept").order_by("number")
    ]
    assert parts == list(range(1, counting.PARTS + 1))
    assert Entry.objects.filter(act="jobs.claimed").count() in (1, 1 + is_open)
    assert not Lease.objects.filter(sealed_file_key__isnull=False).exists()
    assert Head.objects.get(pk=1).size == Entry.objects.count()
    key = open_header(Installation(folder, TEAM, RECOVERY).release(done.object), [TEAM])
    connections.close_all()
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not [one for one in (key, base64.b64encode(key), key.hex().encode()) if one in content], path.name


def one_round(folder: Path, killer: Killer | None) -> int:
    """A worker that dies at its point, and another that goes on; the first one's wait status."""
    first = start(folder, partial(works, folder, "1", NOW, killer))
    do(folder, partial(asks, folder, "1", RECORDINGS[0], NOW))
    status = ended(first)
    do(folder, partial(expires, folder))
    if json.loads((folder / "before").read_text())[0]:
        second = start(folder, partial(works, folder, "2", LATER))
        do(folder, partial(asks, folder, "2", RECORDINGS[0], LATER))
        assert ended(second) == 0, (folder / "output").read_text()[-3000:]
    do(folder, partial(looks, folder))
    return status


def killed(template: Path) -> int:
    count = 0
    while True:
        folder = shutil.copytree(template, FOLDER / "round")
        status = one_round(folder, Killer(count + 1))
        output = (folder / "output").read_text()
        shutil.rmtree(folder)
        if status == 0:
            return count
        assert os.WIFSIGNALED(status), output[-3000:]
        count += 1


def together(template: Path) -> int:
    """Two workers at once: each is only done when the other began."""
    folder = shutil.copytree(template, FOLDER / "round")

    def meet(name: str, other: str, part: int) -> None:
        if part == 1:
            (folder / f"begun-{name}").write_text("yes")
            wait_for(folder / f"begun-{other}")

    def meets(name: str, other: str) -> None:
        counting.between.append(partial(meet, name, other))
        works(folder, name, NOW)

    children = [start(folder, partial(meets, *names)) for names in (("1", "2"), ("2", "1"))]
    for name, recording in zip("12", RECORDINGS, strict=True):
        do(folder, partial(asks, folder, name, recording, NOW))
    assert [ended(one) for one in children] == [0, 0], (folder / "output").read_text()[-3000:]

    def look() -> None:
        assert list(Job.objects.values_list("state", flat=True)) == [Job.State.DONE] * 2

    do(folder, look)
    return 2


def main() -> None:
    make_signing_key()
    template = FOLDER / "template"
    for name in ("store", "keys", "staging"):
        (template / name).mkdir(parents=True)
    do(template, partial(fill, template))
    scenario = {"killed": killed, "together": together}[sys.argv[2]]
    sys.stdout.write(json.dumps({"points": scenario(template)}) + "\n")


if __name__ == "__main__":
    main()
