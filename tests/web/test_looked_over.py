"""What lies on the disks is looked at a part each minute: nothing is missed in a round, what is mended is gone at once."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.retention.world import World

from beeldkluis.journal import clock, guard
from beeldkluis.sealed import age
from beeldkluis.vault import queries
from beeldkluis.vault.models import Destruction, SealedObject
from beeldkluis.web import doctor, looked_over
from beeldkluis.web.ticking import unfinished

MINUTES = 16  # one for each part


@pytest.fixture
def world(db: None, vault_folders: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    made = World(vault_folders, age.Identity.generate())
    monkeypatch.setattr(queries, "AT_ONCE", 3)
    return made


def told() -> str:
    return " ".join(doctor.findings())


def lose(world: World, recording: UUID) -> None:
    """Take the key away without a trace, as a disk that breaks does."""
    for key in world.folder.glob(f"keys/{recording}.*"):
        key.unlink()


def minutes(number: int, since: datetime) -> None:
    for minute in range(number):
        unfinished(since + timedelta(minutes=minute))


def test_little_is_one_part_and_much_is_sixteen(world: World) -> None:
    for _ in range(3):
        world.receive()
    assert queries.parts() == ("",)
    world.receive()
    assert len(queries.parts()) == MINUTES


def test_a_lost_key_and_a_file_that_others_can_read_are_found_before_and_after_the_round(world: World) -> None:
    kept = [world.receive() for _ in range(8)]
    now = clock.now()
    key = next(world.folder.glob(f"keys/{kept[0].pk}.*"))
    page = key.read_bytes()
    payload = next(path for path in world.folder.glob("store/??/*") if path.is_file())
    key.unlink()
    payload.chmod(0o644)
    for _when in ("nobody looked yet", "looked at by the minute"):
        assert "Van 1 opnames ontbreekt de sleutel" in told()
        assert f"{payload} is ook voor anderen op deze machine open" in told()
        minutes(MINUTES, now)
    key.write_bytes(page)
    key.chmod(0o600)
    payload.chmod(0o600)
    assert "ontbreekt de sleutel" not in told()
    assert str(payload) not in told()
    lose(world, kept[1].pk)
    minutes(MINUTES, now + timedelta(hours=1))
    assert "Van 1 opnames ontbreekt de sleutel" in told()


def test_more_faults_than_are_remembered_by_name_are_counted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looked_over, "MOST", 1)
    for _ in range(40):
        lose(world, world.receive().pk)
    minutes(MINUTES, clock.now())
    assert "Van 40 opnames ontbreekt de sleutel" in told()


def test_after_a_round_of_minutes_no_leftover_is_left(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        world.receive()
    for _ in range(20):
        world.prepare(world.receive().pk)  # sealed, and never admitted
    there = len([path for path in world.folder.glob("store/??/*") if path.is_file()])
    monkeypatch.setattr(
        "beeldkluis.vault.actions.sweeping.written_before", lambda _since: clock.now() + timedelta(days=1)
    )
    minutes(MINUTES, clock.now())
    left = len([path for path in world.folder.glob("store/??/*") if path.is_file()])
    assert (there, left) == (45, 25)


def test_after_an_older_database_what_was_destroyed_since_is_told_at_once(world: World) -> None:
    kept = [world.receive() for _ in range(5)]
    with connection.cursor() as cursor, guard.opened():
        rows = list(SealedObject.objects.filter(recording=kept[0].pk).values())
        world.destroy(kept[0].pk)
        minutes(MINUTES, clock.now() - timedelta(minutes=MINUTES))
        assert "volgens de sleutelmap" not in told()
        older(cursor, rows, kept[0].pk)
    assert "1 opnames zijn volgens de sleutelmap al vernietigd, maar volgens de database niet" in told()


def older(cursor: Any, rows: list[dict[str, Any]], recording: UUID) -> None:
    """The database as it was before the recording was destroyed, and with it the journal."""
    Destruction.objects.filter(recording=recording).delete()
    SealedObject.objects.filter(recording=recording).delete()
    SealedObject.objects.bulk_create([SealedObject(**one) for one in rows])
    for name in ("journal_entry_no_update", "journal_entry_no_delete"):
        cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
    cursor.execute("UPDATE journal_entry SET leaf_hash = randomblob(32)")


@pytest.mark.parametrize("minutes_later", [-525_600, 90])
def test_what_was_looked_at_by_a_wrong_clock_or_long_ago_is_looked_at_again(world: World, minutes_later: int) -> None:
    kept = [world.receive() for _ in range(5)]
    then = clock.now() - timedelta(minutes=minutes_later)
    for _minute in range(MINUTES):
        looked_over.look_at_next(then)
    lose(world, kept[0].pk)
    assert "Van 1 opnames ontbreekt de sleutel" in told()
    now = clock.now()
    seen = {looked_over.look_at_next(now + timedelta(minutes=minute)) for minute in range(MINUTES)}
    assert seen == set(queries.parts()), "a clock that was ahead keeps no part from its turn"


def test_what_lies_beside_the_tombstones_is_looked_at_too(world: World) -> None:
    for _ in range(5):
        world.receive()
    world.destroy(world.receive().pk)
    copy = world.folder / "keys" / "gone" / "oud"
    copy.mkdir()
    copy.chmod(0o755)
    assert f"{copy} is ook voor anderen op deze machine open" in told()


def test_the_doctor_asks_for_what_was_found_and_opens_no_key(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        world.receive()
    minutes(MINUTES, clock.now() - timedelta(minutes=MINUTES))

    def opened(*_arguments: Any) -> bool:
        raise AssertionError("a key was looked at")

    for asked in ("exists", "list", "buried"):
        monkeypatch.setattr(f"beeldkluis.vault.key_store.KeyStore.{asked}", opened)
    with CaptureQueriesContext(connection) as few:
        doctor.findings()
    for _ in range(5):
        world.receive()
    with CaptureQueriesContext(connection) as many:
        doctor.findings()
    assert abs(len(few) - len(many)) <= 4, "as deep as the journal's tree"


def test_a_key_that_came_back_is_told_from_what_the_minute_found(world: World) -> None:
    kept = [world.receive() for _ in range(5)]
    key = next(world.folder.glob(f"keys/{kept[0].pk}.*"))
    SealedObject.objects.filter(recording=kept[0].pk).update(state=SealedObject.State.DESTROYED)
    with guard.opened():
        Destruction.objects.create(
            recording=kept[0].pk, rules=[], due_at=clock.now(), begun_at=clock.now(), shredded_at=clock.now()
        )
    for minute in range(MINUTES):
        looked_over.look_at_next(clock.now() + timedelta(minutes=minute))
    assert "Van 1 vernietigde opnames is de sleutel weer aanwezig" in told()
    key.unlink()
    assert "is de sleutel weer aanwezig" not in told()
