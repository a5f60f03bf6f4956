"""Stops the vault with SIGKILL at every single point where it touches a disk or commits, and looks what is left.

Run by tests/processes.py: `tests.vault.kill_rounds FOLDER SCENARIO`. Every round works on a fresh copy of one prepared
installation, in a forked process that dies just before, half-way, or just after its n-th write, synchronisation, link, removal
or commit; n goes up until the step gets through. A second process then finds what a restarted server would find.
"""

import json
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connections
from django.db.backends.sqlite3.base import DatabaseWrapper
from tests.people import handing
from tests.template import make_tables
from tests.vault.sealing import seal

from beeldkluis.journal import guard
from beeldkluis.journal.actions import step
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.models import Entry, Head
from beeldkluis.people.actions import add_person
from beeldkluis.people.handover_check_actions import clear_rest
from beeldkluis.people.models import Handover, Person, SealedIdentity, TeamKey
from beeldkluis.people.queries import current_recipients, running_handover
from beeldkluis.protocol.roles import Role
from beeldkluis.sealed.age import Identity, PayloadReader, SealError, open_header, seal_anew, seal_bytes
from beeldkluis.vault import actions, queries, tombstones
from beeldkluis.vault.errors import GoneError
from beeldkluis.vault.events import LeftoverRemoved
from beeldkluis.vault.key_files import GONE
from beeldkluis.vault.key_store import key_store_in_use
from beeldkluis.vault.models import Destruction, SealedObject
from beeldkluis.vault.places import MARK

RECORDING, NEIGHBOUR = UUID(int=0xA1), UUID(int=0xB2)
OBJECTS, OTHER = (UUID(int=0x11 << 96), UUID(int=0x12 << 96)), UUID(int=0x21 << 96)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PLAIN = b"moving pictures" * 10_000
FOLDER = Path(sys.argv[1])
ACTOR = Actor.system("tests")
OLD, NEW, RECOVERY = Identity.generate(), Identity.generate(), Identity.generate()


# --- how a process dies -------------------------------------------------------------------------------------------


class Killer:
    """Counts the points where state changes, and dies at the chosen one."""

    def __init__(self, at: int) -> None:
        self.at, self.count = at, 0

    def point(self) -> None:
        self.count += 1
        if self.count == self.at:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, owner: object, name: str) -> None:
        real = getattr(owner, name)

        def patched(*args: object, **kwargs: object) -> object:
            self.point()
            if name == "write" and len(args[1]) > 1:
                real(args[0], args[1][: len(args[1]) // 2])
                self.point()
                return len(args[1]) // 2
            answer = real(*args, **kwargs)
            self.point()
            return answer

        setattr(owner, name, patched)

    def arm(self) -> None:
        for name in ("write", "fsync", "link", "unlink", "utime", "mkdir", "replace"):
            self.around(os, name)
        self.around(DatabaseWrapper, "_commit")


def in_child(folder: Path, work: Callable[[], None], killer: Killer | None = None) -> int:
    """Run `work` in a forked process on the installation in `folder`; the process's wait status."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    try:
        use(folder)
        if killer:
            killer.arm()
        work()
        connections.close_all()
    except BaseException:  # noqa: BLE001 - a forked process may not return into its parent's stack
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def use(folder: Path) -> None:
    settings.STORE_FOLDER, settings.KEY_FOLDER = folder / "store", folder / "keys"
    settings.KEY_STANDBY_FOLDER, settings.STAGING_FOLDER = str(folder / "standby"), folder / "staging"
    connections["default"].settings_dict["NAME"] = folder / "db.sqlite3"


# --- what is done -------------------------------------------------------------------------------------------------


def take_in(recording: UUID, object_id: UUID) -> None:
    staged = Path(settings.STAGING_FOLDER) / str(object_id)
    sha256 = (FOLDER / "sha256").read_text()
    if not staged.exists():  # the dock sends it again
        staged.write_bytes((FOLDER / "staged.age").read_bytes())
    prepared = actions.prepare(recording=recording, object_id=object_id, staged=staged, sealed_sha256=sha256)
    with step("tests.take_in", actor=ACTOR) as record:
        actions.admit(prepared, inner_kind="plain", now=NOW)
        record(LeftoverRemoved(recording=recording, kind="test", name="taken in"))
    actions.discard_staged(staged)


def destroy() -> None:
    actions.destroy(recording=RECORDING, rules=("retention.period",), due_at=NOW, actor=ACTOR, now=NOW)


def replace() -> None:
    headers = {one: seal_anew(release(one), RECOVERY, NEW.recipient) for one in OBJECTS}
    actions.set_beside(recording=RECORDING, headers=headers, actor=ACTOR)
    actions.put_in_force(actor=ACTOR)
    actions.destroy_old_keys([RECORDING], actor=ACTOR)


def drop() -> None:
    headers = {one: seal_anew(release(one), RECOVERY, NEW.recipient) for one in OBJECTS}
    actions.set_beside(recording=RECORDING, headers=headers, actor=ACTOR)
    actions.drop_beside(actor=ACTOR)
    actions.destroy_old_keys([RECORDING], actor=ACTOR)


def hand_over() -> None:
    """Everything of a handover but its last step."""
    people = {
        role: add_person(email=f"{role.value}@x.nl", name=role.value, role=role, password=None, actor=ACTOR, now=NOW)
        for role in (Role.TEAM_MANAGER, Role.DEPUTY, Role.DPO)
    }
    keys = handing.Keys()
    keys.old, keys.recovery, keys.new = OLD, RECOVERY, NEW
    keys.axis_sealed = seal_bytes(keys.axis_private, [OLD.recipient, RECOVERY.recipient])
    with guard.opened():
        keys.put_in_force(people[Role.TEAM_MANAGER])
    made = handing.begun(people[Role.TEAM_MANAGER], people[Role.DEPUTY], people[Role.DPO], keys)
    handing.seal_all(made, keys, OLD)
    assert all(handing.try_all(made, keys))
    assert handing.try_axis(made, keys)


def settle() -> None:
    running = running_handover()
    if running is not None:
        handing.settle(running)
    while clear_rest(actor=ACTOR, now=NOW):
        pass


# --- what must hold afterwards ------------------------------------------------------------------------------------


def release(object_id: UUID) -> bytes:
    with step("tests.release", actor=ACTOR) as record:
        record(LeftoverRemoved(kind="test", name="released"))
        return actions.release_header(object_id)


def opens(object_id: UUID, *identities: Identity) -> bool:
    try:
        file_key = open_header(release(object_id), identities or (OLD, NEW))
    except (GoneError, SealError):
        return False
    size = queries.payload_size(object_id)
    reader = PayloadReader(
        lambda offset, length: b"".join(queries.payload(object_id, offset, offset + length)),
        size,
        file_key,
    )
    return b"".join(reader.read(0, reader.size)) == PLAIN


def make_old(folder: Path) -> None:
    long_ago = (datetime.now(UTC) - timedelta(days=2)).timestamp()
    for path in folder.rglob("*"):
        if path.is_file() and "db.sqlite3" not in path.name:
            os.utime(path, (long_ago, long_ago))


def files(folder: Path) -> list[str]:
    """Without the marks, and without the tombstones in their own folder."""
    return [path.name for path in folder.rglob("*") if path.is_file() and path.name != MARK and GONE not in path.parts]


def whole_journal() -> None:
    assert Head.objects.get(pk=1).size == Entry.objects.count()


def after_take_in(folder: Path) -> None:
    whole_journal()
    if SealedObject.objects.filter(pk=OBJECTS[0]).exists():
        assert opens(OBJECTS[0]), "admitted, yet it does not open"
    take_in(RECORDING, OBJECTS[0])
    assert files(folder / "staging") == []
    assert opens(OBJECTS[0]), "taken in again, yet it does not open"


def after_take_in_and_a_day(folder: Path) -> None:
    admitted = SealedObject.objects.filter(pk=OBJECTS[0]).exists()
    make_old(folder)
    swept = actions.sweep(actor=ACTOR, now=NOW)
    assert swept.problems == []
    assert opens(OBJECTS[0]) is admitted
    if not admitted:
        assert files(folder / "store") == [str(OTHER)]
        assert files(folder / "staging") == []
        assert files(folder / "keys") == files(folder / "standby") == [f"{NEIGHBOUR}.1"]
    whole_journal()


def after_destroy(folder: Path) -> None:
    whole_journal()
    destruction = Destruction.objects.filter(recording=RECORDING).first()
    if queries.key_state(RECORDING) is not queries.KeyState.WHOLE:
        assert destruction is not None, "the key went before its reason was on record"
    if destruction is None or not destruction.shredded_at:
        assert opens(OBJECTS[0]) is (queries.key_state(RECORDING) is queries.KeyState.WHOLE)
    else:
        assert not opens(OBJECTS[0])
    swept = actions.sweep(actor=ACTOR, now=NOW)
    assert swept.problems == swept.keyless == swept.returned == []
    destruction = Destruction.objects.filter(recording=RECORDING).first()
    if queries.key_state(RECORDING) is not queries.KeyState.WHOLE:
        assert destruction is not None
        assert destruction.certified_at, "the sweep left a half"
    destroy()
    assert_destroyed(folder)


def assert_destroyed(folder: Path) -> None:
    assert not any(opens(one) for one in OBJECTS)
    assert opens(OTHER), "the neighbour was harmed"
    for act in ("vault.destruction_begun", "vault.shredded", "vault.destruction_certified"):
        assert Entry.objects.filter(act=act, recording=RECORDING).count() == 1, act
    assert not SealedObject.objects.filter(recording=RECORDING, wrapped_header__isnull=False).exists()
    row = Destruction.objects.get(recording=RECORDING)
    for place in ("keys", "standby"):
        stone = tombstones.parse((folder / place / GONE / str(RECORDING)[:2] / str(RECORDING)).read_bytes(), RECORDING)
        assert stone is not None, f"nothing proves it in {place}"
        assert (stone.at, stone.entry, stone.held_key) == (row.key_destroyed_at, row.begun_entry, True)
    assert row.key_places == ["keys", "standby"]
    assert files(folder / "store") == [str(OTHER)]
    secret = (folder / "secret").read_bytes()
    (folder / "secret").unlink()
    assert [path for path in folder.rglob("*") if path.is_file() and secret in path.read_bytes()] == []
    whole_journal()


def after_replace(folder: Path) -> None:
    whole_journal()
    assert all(opens(one) for one in OBJECTS)
    generation = SealedObject.objects.get(pk=OBJECTS[0]).key_generation
    make_old(folder)
    assert actions.sweep(actor=ACTOR, now=NOW).problems == []
    assert all(opens(one) for one in OBJECTS)
    beside = SealedObject.objects.get(pk=OBJECTS[0]).next_generation
    assert generations() == {generation} | ({beside} if beside else set())
    replace()
    assert all(opens(one, RECOVERY, NEW) for one in OBJECTS)
    assert not any(opens(one, OLD) for one in OBJECTS), "the old key opens what was put in force"
    assert generations() == {SealedObject.objects.get(pk=OBJECTS[0]).key_generation}


def generations() -> set[int]:
    return {key.generation for key in key_store_in_use().list() if key.recording == RECORDING}


def after_drop(folder: Path) -> None:
    whole_journal()
    assert all(opens(one, OLD) for one in OBJECTS)
    make_old(folder)
    assert actions.sweep(actor=ACTOR, now=NOW).problems == []
    assert all(opens(one, OLD) for one in OBJECTS), "what was dropped took what is in force along"
    drop()
    assert all(opens(one, OLD) for one in OBJECTS)
    assert generations() == {1}


def after_settle(_folder: Path) -> None:
    whole_journal()
    done = Handover.objects.get().finished_at is not None
    now, before = (NEW, OLD) if done else (OLD, NEW)
    assert current_recipients() == (str(now.recipient), str(RECOVERY.recipient))
    assert all(opens(one, now) and opens(one, RECOVERY) and not opens(one, before) for one in (*OBJECTS, OTHER))
    assert TeamKey.objects.filter(kind="team", retired_at=None).count() == 1
    copy = SealedIdentity.objects.exclude(sealed=b"").get()
    assert copy.key.public == str(now.recipient)
    manager = Person.objects.get(role=Role.TEAM_MANAGER.value)
    assert manager == copy.person
    settle()
    assert all(opens(one, NEW) and opens(one, RECOVERY) and not opens(one, OLD) for one in (*OBJECTS, OTHER))
    assert generations() == {2}


SCENARIOS: dict[str, tuple[Callable[[], None], list[Callable[[Path], None]]]] = {
    "take_in": (lambda: take_in(RECORDING, OBJECTS[0]), [after_take_in, after_take_in_and_a_day]),
    "destroy": (destroy, [after_destroy]),
    "replace": (replace, [after_replace]),
    "drop": (drop, [after_drop]),
    "settle": (settle, [after_settle]),
}


# --- the rounds ---------------------------------------------------------------------------------------------------


def prepare_template(template: Path, scenario: str) -> None:
    for name in ("store", "keys", "standby", "staging"):
        (template / name).mkdir(parents=True)
    (FOLDER / "sha256").write_text(seal(PLAIN, [OLD.recipient, RECOVERY.recipient], FOLDER / "staged.age"))
    shutil.copy(FOLDER / "staged.age", template / "staging" / str(OBJECTS[0]))

    def fill() -> None:
        make_tables()
        take_in(NEIGHBOUR, OTHER)
        if scenario != "take_in":
            for one in OBJECTS:
                take_in(RECORDING, one)
            if scenario == "settle":
                hand_over()
            (template / "secret").write_bytes(key_store_in_use().get(RECORDING))

    assert in_child(template, fill) == 0


def main() -> int:
    scenario = sys.argv[2]
    work, looks = SCENARIOS[scenario]
    template = FOLDER / "template"
    prepare_template(template, scenario)
    killed = 0
    while True:
        folder = FOLDER / "round"
        shutil.copytree(template, folder)
        status = in_child(folder, work, Killer(killed + 1))
        for number, look in enumerate(looks):
            copy = shutil.copytree(folder, FOLDER / f"look-{number}")
            assert in_child(copy, lambda: look(copy)) == 0, f"{look.__name__} after {killed + 1} points"  # noqa: B023 - runs now
            shutil.rmtree(copy)
        shutil.rmtree(folder)
        if status == 0:
            break
        assert os.WIFSIGNALED(status), "the step failed by itself"
        killed += 1
    sys.stdout.write(json.dumps({"scenario": scenario, "killed": killed}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
