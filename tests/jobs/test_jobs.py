"""A job with a lent key, shown with a kind that only the tests know: nothing of it needs viewing."""

import base64
import json
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from tests.conftest import START
from tests.jobs import counting
from tests.jobs.conftest import ACTOR, PLAIN, Counting
from tests.lines import lines

from beeldkluis.jobs import actions, kinds, queries, tasks, worker
from beeldkluis.jobs.errors import JobError, OverError
from beeldkluis.jobs.models import Heartbeat, Job, Worker
from beeldkluis.journal.models import Entry
from beeldkluis.people.actions import add_person
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Refused
from beeldkluis.sealed.age import Identity, seal_bytes
from beeldkluis.vault import actions as vault
from beeldkluis.vault.models import Lease

State = Job.State


def no_key_left() -> bool:
    return not Lease.objects.filter(sealed_file_key__isnull=False).exists()


def parts_in_journal() -> list[int]:
    found = Entry.objects.filter(act="jobs.part_kept").order_by("number")
    return [json.loads(bytes(one.data))["facts"]["part"] for one in found]


def test_a_job_is_asked_done_once_and_its_key_is_gone(jobs: Counting) -> None:
    mine, other = jobs.worker(), jobs.worker()
    asked = jobs.ask(mine)
    assert jobs.ask(other).pk == asked.pk, "asking again while it waits changes nothing"
    assert Lease.objects.count() == 1
    assert jobs.work(other) == 0, "lent to another"
    assert jobs.work(mine) == 1
    asked.refresh_from_db()
    assert (asked.state, asked.lease, asked.reason, asked.parts_done) == (State.DONE, None, "", counting.PARTS)
    assert (asked.started_at, asked.ended_at) == (jobs.now, jobs.now)
    assert f"made-{len(PLAIN)}" in counting.notes_of(asked)
    assert parts_in_journal() == [1, 2, 3, 4]
    assert no_key_left()
    assert jobs.work(mine) == 0
    again = jobs.ask(mine)
    assert (again.pk != asked.pk, again.parts_done) == (True, 0), "what was done is done anew when somebody asks"


def test_it_is_asked_by_whom_the_kind_says_of_a_worker_that_runs(jobs: Counting) -> None:
    idle = Identity.generate()
    with pytest.raises(Refused, match=r"Er is geen teller\."):
        jobs.ask(idle)
    actions.beat(idle, now=jobs.now - timedelta(minutes=2))
    with pytest.raises(Refused, match=r"Er is geen teller\."):
        jobs.ask(idle)
    administrator = add_person(
        email="b@example.nl", name="B", role=Role.ADMINISTRATOR, password=None, actor=ACTOR, now=START
    )
    with pytest.raises(Refused, match=r"Dit kan alleen de teammanager\."):
        jobs.ask(jobs.worker(), actor=administrator.as_actor)
    assert not Job.objects.exists()
    assert not Lease.objects.exists()


def test_how_far_it_is_and_how_long_it_takes_is_told(jobs: Counting) -> None:
    mine, seen = jobs.worker(), []

    def look(part: int) -> None:
        jobs.now += timedelta(seconds=10)
        far = queries.progress_of(Job.objects.get().pk)
        seen.append((far.progress, far.seconds_left) if far else None)

    counting.between.append(look)
    asked = jobs.ask(mine)
    jobs.work(mine)
    assert seen == [None, (0.25, None), (0.5, 20), (0.75, 10)]
    assert queries.progress_of(asked.pk) is None, "nobody is at it any more"
    assert Heartbeat.objects.get().progress == 1.0
    assert Worker.objects.get().seen_at == jobs.now


def test_a_running_job_is_cancelled_within_a_heartbeat_and_begins_anew_when_asked(jobs: Counting) -> None:
    mine = jobs.worker()
    asked = jobs.ask(mine)

    def nobody_wants_it(part: int) -> None:
        jobs.now += timedelta(seconds=6)
        if part == 3:
            assert actions.cancel(Job.objects.get(), actor=ACTOR, now=jobs.now)

    counting.between.append(nobody_wants_it)
    assert jobs.work(mine) == 1
    asked.refresh_from_db()
    assert (asked.state, asked.reason, asked.parts_done) == (State.CANCELLED, "Op verzoek gestopt.", 2)
    notes = counting.notes_of(asked)
    assert ("went-on-2" in notes, "went-on-3" in notes) == (True, False), "the heartbeat finds it"
    assert "discarded" in counting.notes_of(asked)
    assert counting.parts_of(asked) == [], "nobody goes on with it"
    assert no_key_left()
    assert not actions.cancel(asked, actor=ACTOR, now=jobs.now), "it is over"
    counting.between.clear()
    assert jobs.ask(mine).parts_done == 0


def test_a_job_that_waits_is_cancelled_and_never_begun(jobs: Counting) -> None:
    mine = jobs.worker()
    asked = jobs.ask(mine)
    assert actions.cancel(asked, actor=ACTOR, now=jobs.now)
    assert jobs.work(mine) == 0
    assert counting.notes_of(asked) == ["discarded"]


def test_a_failed_job_goes_on_after_the_parts_that_were_kept(jobs: Counting) -> None:
    mine = jobs.worker()
    asked = jobs.ask(mine)

    def fails(part: int) -> None:
        if part == 3:
            raise JobError("Kapot." + "x" * 1000)

    counting.between.append(fails)
    jobs.work(mine)
    asked.refresh_from_db()
    assert (asked.state, asked.parts_done, asked.reason[:6], len(asked.reason)) == (State.FAILED, 2, "Kapot.", 300)
    counting.between.clear()
    assert counting.parts_of(asked) == [1, 2, 3], "what was kept stays, and what was under way does no harm"
    jobs.now -= timedelta(days=1)  # the clock was ahead: what counts is which attempt was the last
    actions.beat(mine, now=jobs.now)
    again = jobs.ask(mine)
    assert (again.attempt, again.parts_done) == (2, 2)
    jobs.work(mine)
    again.refresh_from_db()
    assert again.state == State.DONE
    notes = counting.notes_of(again)
    assert [notes.count(f"counted-{part}") for part in (1, 2, 3, 4)] == [1, 1, 2, 1]
    assert parts_in_journal() == [1, 2, 3, 4]


def test_who_was_overtaken_writes_nothing_more(jobs: Counting) -> None:
    """The first worker stood still so long that its job was given up and asked anew; then it wakes."""
    first = jobs.worker()
    asked = jobs.ask(first)

    def overtaken(part: int) -> None:
        counting.between.clear()
        jobs.now += timedelta(minutes=11)
        assert actions.expire(actor=ACTOR, now=jobs.now) == 1
        jobs.ask(jobs.worker())

    counting.between.append(overtaken)
    assert jobs.work(first) == 1
    asked.refresh_from_db()
    assert (asked.state, asked.reason, asked.parts_done) == (State.FAILED, "De teller is gestopt.", 0)
    assert Job.objects.exclude(pk=asked.pk).get().state == State.WAITING
    assert parts_in_journal() == []
    with pytest.raises(OverError):
        actions.keep_part(asked, 1, lambda: None, actor=ACTOR)
    with pytest.raises(OverError):
        actions.finish(counting.COUNTING, asked, 7, actor=ACTOR, now=jobs.now)
    assert not actions.fail(asked, "te laat", actor=ACTOR, now=jobs.now)


def test_what_an_attempt_before_kept_goes_when_somebody_cancels(jobs: Counting) -> None:
    mine = jobs.worker()
    jobs.ask(mine)

    def fails(part: int) -> None:
        if part == 3:
            raise JobError("Kapot.")

    counting.between.append(fails)
    jobs.work(mine)
    counting.between.clear()
    again = jobs.ask(mine)
    assert (again.parts_done, counting.parts_of(again)) == (2, [1, 2, 3])
    assert actions.cancel(again, actor=ACTOR, now=jobs.now)
    assert counting.parts_of(again) == []
    assert jobs.ask(mine).parts_done == 0


def test_whoever_may_not_ask_may_not_cancel(jobs: Counting) -> None:
    asked = jobs.ask(jobs.worker())
    other = add_person(email="b@example.nl", name="B", role=Role.ADMINISTRATOR, password=None, actor=ACTOR, now=START)
    with pytest.raises(Refused, match=r"Dit kan alleen de teammanager\."):
        actions.cancel(asked, actor=other.as_actor, now=jobs.now)
    asked.refresh_from_db()
    assert (asked.state, asked.lease is not None) == (State.WAITING, True)
    assert actions.cancel(asked, actor=jobs.manager.as_actor, now=jobs.now)


def a_stranger(jobs: Counting) -> Job:
    """A row that some other program left, or that somebody wrote in the database; the newest."""
    later = jobs.now + timedelta(seconds=1)
    return Job.objects.create(kind="nobody-knows", object=uuid4(), recording=jobs.recording, asked_at=later)


def test_a_job_that_nobody_knows_ends_and_keeps_no_other_from_ending(jobs: Counting) -> None:
    strange, asked = a_stranger(jobs), jobs.ask(jobs.worker())
    Worker.objects.create(recipient="age1forged", begun_at=jobs.now, seen_at=jobs.now, said="ik")
    tasks.watch_workers(jobs.now + timedelta(minutes=11))
    for one in (strange, asked):
        one.refresh_from_db()
    assert (strange.state, strange.reason) == (State.FAILED, "Deze server kent dit soort werk niet.")
    assert (asked.state, asked.reason) == (State.FAILED, "De teller is gestopt.")
    assert lines("jobs.unknown_ended") == ["Werk gestopt dat deze server niet kent: nobody-knows"]
    assert not Worker.objects.filter(recipient="age1forged").exists()


def test_a_worker_passes_over_a_job_that_nobody_knows(jobs: Counting) -> None:
    mine = jobs.worker()
    asked = jobs.ask(mine)
    Job.objects.filter(pk=asked.pk).update(kind="nobody-knows")
    assert jobs.work(mine) == 0
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == (State.FAILED, "Deze server kent dit soort werk niet.")
    assert no_key_left()
    assert jobs.work(jobs.worker()) == 0


def test_a_kind_that_cannot_end_its_job_keeps_no_other_from_ending(
    jobs: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = jobs.ask(jobs.worker())
    strange = a_stranger(jobs)
    monkeypatch.setattr(counting, "ending", [ZeroDivisionError])
    with pytest.raises(ZeroDivisionError):
        actions.expire(actor=ACTOR, now=jobs.now + timedelta(minutes=11))
    for one in (strange, asked):
        one.refresh_from_db()
    assert (strange.state, asked.state) == (State.FAILED, State.WAITING), (
        "it is told each minute until somebody mends it"
    )


def test_two_of_a_kind_for_one_object_cannot_stand_in_the_database(jobs: Counting) -> None:
    asked = jobs.ask(jobs.worker())
    twin = {"kind": asked.kind, "object": asked.object, "recording": asked.recording, "asked_at": jobs.now}
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(**twin)
    Job.objects.create(**(twin | {"kind": "another"}))


def test_parts_are_kept_in_order(jobs: Counting) -> None:
    asked = jobs.ask(jobs.worker())
    with pytest.raises(ValueError, match="part 2 after 0"):
        actions.keep_part(asked, 2, lambda: None, actor=ACTOR)


def away() -> None:
    raise OperationalError("away")


def test_a_database_that_is_away_throws_nothing_away(jobs: Counting) -> None:
    mine = jobs.worker()
    asked = jobs.ask(mine)
    counting.between.append(lambda part: away() if part == 2 else None)
    with pytest.raises(OperationalError):
        jobs.work(mine)
    asked.refresh_from_db()
    assert (asked.state, asked.parts_done) == (State.RUNNING, 1)
    counting.between.clear()
    assert jobs.work(mine) == 1, "the same worker tries again"
    asked.refresh_from_db()
    assert asked.state == State.DONE
    assert parts_in_journal() == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda jobs, key: b"no key", "Geen sleutel."),
        (lambda jobs, key: json.dumps({"recording": str(jobs.object), "clip": str(jobs.object), "file_key": key}).encode(),
         "Veranderd."),
        (lambda jobs, key: json.dumps({"recording": str(jobs.recording), "clip": str(jobs.recording), "file_key": key}).encode(),
         "Veranderd."),
    ],
)  # fmt: skip
def test_a_key_is_lent_for_one_object_alone(
    jobs: Counting, spoil: Callable[[Counting, str], bytes], reason: str
) -> None:
    mine = jobs.worker()
    content = spoil(jobs, base64.b64encode(jobs.key()).decode())
    asked = jobs.ask(mine, sealed=seal_bytes(content, [mine.recipient]))
    assert jobs.work(mine) == 1
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == (State.FAILED, reason)
    assert no_key_left()


def test_a_job_that_takes_longer_than_it_may_ends(jobs: Counting) -> None:
    mine = jobs.worker()
    asked = jobs.ask(mine)

    def dawdles(part: int) -> None:
        jobs.now += timedelta(minutes=90)

    counting.between.append(dawdles)
    jobs.work(mine)
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == (State.FAILED, "Te langzaam.")


def lease_says() -> dict[str, Any]:
    entry = Entry.objects.filter(act="vault.lease_ended").latest("number")
    return dict(json.loads(bytes(entry.data))["facts"])


def test_a_result_after_the_time_of_its_key_counts_and_takes_the_key_along(jobs: Counting) -> None:
    mine = jobs.worker()
    asked = jobs.ask(mine)

    def dawdles() -> None:
        jobs.now += timedelta(hours=3)

    counting.after.append(dawdles)
    jobs.work(mine)
    asked.refresh_from_db()
    assert (asked.state, asked.lease) == (State.DONE, None)
    assert lease_says()["expired"] is True
    assert no_key_left()
    assert actions.expire(actor=ACTOR, now=jobs.now) == 0


def test_a_result_after_its_key_was_taken_back_counts_for_nothing(jobs: Counting) -> None:
    """The sweep is earlier in a tick than the look at lost jobs: between the two the job still runs."""
    mine = jobs.worker()
    asked = jobs.ask(mine)

    def swept() -> None:
        jobs.now += timedelta(hours=3)
        assert vault.sweep(actor=ACTOR, now=jobs.now).leases == 1

    counting.after.append(swept)
    jobs.work(mine)
    asked.refresh_from_db()
    assert (asked.state, queries.has_key(asked)) == (State.RUNNING, False)
    assert f"made-{len(PLAIN)}" not in counting.notes_of(asked)
    assert no_key_left()
    with pytest.raises(OverError):
        actions.keep_part(asked, 5, lambda: None, actor=ACTOR)
    tasks.watch_workers(jobs.now)
    asked.refresh_from_db()
    assert (asked.state, asked.lease, asked.reason) == (State.FAILED, None, "Te laat.")


def test_the_lent_key_stands_nowhere_unsealed(jobs: Counting, capfd: pytest.CaptureFixture[str]) -> None:
    mine = jobs.worker()
    jobs.ask(mine)
    key, dumped = jobs.key(), []
    counting.between.append(lambda _part: dumped.append(everything()))
    jobs.work(mine)
    dumped.append(everything())
    told = "".join(capfd.readouterr())
    forms = {base64.b64encode(key).decode(), key.hex(), repr(key)}
    assert len(dumped) == counting.PARTS + 1
    assert "seen_at" in dumped[0], "the heartbeat's note is among what was looked at"
    assert not [one for one in forms for text in (*dumped, told) if one in text]
    assert str(key) not in repr(Lease.objects.get())


def everything() -> str:
    """All rows of all tables, bytes in hexadecimal and as they are."""
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - our own tables
            found += [f"{one.hex()} {one!r}" if isinstance(one, bytes) else str(one) for row in cursor for one in row]
    return "\n".join(found)


def test_a_worker_serves_until_it_is_told_to_stop_and_gives_back(
    jobs: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "EVERY", 0.0)
    mine, stop, warned = Identity.generate(), threading.Event(), []
    rounds: list[Any] = []

    def one_round(identity: Identity, **_named: object) -> int:
        rounds.append(identity)
        if len(rounds) == 1:
            away()
        jobs.ask(identity)
        stop.set()
        return 0

    monkeypatch.setattr(worker, "work", one_round)
    worker.serve(mine, actor=ACTOR, time=lambda: jobs.now, stop=stop, warn=warned.append)
    assert warned == ["De database antwoordt niet: away"]
    assert (Job.objects.get().state, Job.objects.get().reason) == (State.FAILED, "De teller is gestopt.")
    assert not Worker.objects.exists()
    assert no_key_left()


def test_every_kind_that_is_named_exists_and_no_two_are_called_the_same(settings: Any) -> None:
    names = [one.name for one in kinds.kinds()]
    assert names == ["viewing-copy", "redaction-analysis", "redaction-rendering"]
    settings.JOB_KINDS = [*settings.JOB_KINDS, counting.PLACE]
    assert kinds.kind_of("tests-counting") is counting.COUNTING
    with pytest.raises(LookupError):
        kinds.kind_of("redaction")
