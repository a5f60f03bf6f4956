"""What people read of jobs: why one ended, what the journal says of it, and that a program nobody knows is told of."""

from datetime import timedelta

import pytest
from tests.jobs.conftest import ACTOR, Counting
from tests.lines import lines

from beeldkluis.jobs import actions, queries
from beeldkluis.jobs.impostor_actions import IMPOSTOR, report_impostors
from beeldkluis.jobs.models import Worker
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people.models import Person
from beeldkluis.protocol.verdict import Refused
from beeldkluis.sealed.age import Identity
from beeldkluis.vault import actions as vault


def test_the_journal_says_what_was_begun_and_which_parts_are_ready(jobs: Counting) -> None:
    mine = jobs.worker()
    jobs.ask(mine)
    jobs.work(mine)
    assert lines("jobs.claimed") == ["Werker begonnen aan tests-counting"]
    assert lines("jobs.part_kept") == [f"Deel {part} van tests-counting is klaar" for part in (1, 2, 3, 4)]


def test_a_worker_is_asked_nothing_new_after_a_minute(jobs: Counting) -> None:
    mine = jobs.worker()
    jobs.now += timedelta(seconds=61)
    with pytest.raises(Refused, match=r"Er is geen teller\."):
        jobs.ask(mine)
    jobs.now -= timedelta(seconds=2)
    assert jobs.ask(mine).pk


def test_a_worker_is_lost_after_ten_minutes_and_that_is_the_reason(jobs: Counting) -> None:
    asked = jobs.ask(jobs.worker())
    assert actions.expire(actor=ACTOR, now=jobs.now + timedelta(minutes=9)) == 0
    assert actions.expire(actor=ACTOR, now=jobs.now + timedelta(minutes=11)) == 1
    asked.refresh_from_db()
    assert asked.reason == "De teller is gestopt."


def test_a_key_that_waited_too_long_has_another_reason(jobs: Counting) -> None:
    mine = jobs.worker()
    asked = jobs.ask(mine)
    late = jobs.now + timedelta(hours=7)
    vault.sweep(actor=ACTOR, now=late)
    actions.beat(mine, now=late)
    assert actions.expire(actor=ACTOR, now=late) == 1
    asked.refresh_from_db()
    assert asked.reason == "Te laat."


def test_a_program_that_nobody_knows_goes_and_is_told_of(jobs: Counting, dpo: Person) -> None:
    true, stopped = jobs.worker(), Identity.generate()
    actions.beat(stopped, now=jobs.now - timedelta(hours=3))
    forged, put_back = str(Identity.generate().recipient), str(stopped.recipient)
    Worker.objects.create(recipient=forged, begun_at=jobs.now, seen_at=jobs.now - timedelta(seconds=9), said="ik")
    Worker.objects.filter(recipient=put_back).update(seen_at=jobs.now)
    assert report_impostors(actor=ACTOR, now=jobs.now) == 2
    assert [one.recipient for one in Worker.objects.all()] == [str(true.recipient)]
    assert lines("viewing.impostor_found") == [
        f"Onbekend programma bij de werkers gevonden en weggehaald: {recipient}" for recipient in (put_back, forged)
    ]
    mail = Outgoing.objects.get()
    assert (mail.body["to"], mail.about) == (dpo.email, "Onbekend programma bij de werkers")
    assert " ".join(mail.body["text"].split()).startswith(f"{IMPOSTOR} U krijgt dit bericht omdat u toeziet.")
    assert queries.impostors() == []
