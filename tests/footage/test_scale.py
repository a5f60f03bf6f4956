"""How many questions a page or a job asks of the database does not grow with the rows: counted at 10 and at 1,000."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from beeldkluis.cases.models import Case, Decision
from beeldkluis.footage import observation_queries, tasks
from beeldkluis.footage.models import Hold, Observation, Recording
from beeldkluis.footage.tasks import remind_of_observations
from beeldkluis.journal import clock
from beeldkluis.journal.actor import Actor
from beeldkluis.people.models import Person
from beeldkluis.retention.queries import overdue, to_destroy
from beeldkluis.vault.actions import sweep
from beeldkluis.vault.models import SealedObject
from tests.cases.test_scale import a_case, a_recording

ACTOR = Actor.system("tests")


def fill(first: int, last: int, by: Person) -> None:
    """Recordings that go soon, that are due, and that are overdue and held; cases in every state."""
    now = clock.now()
    begun = [now - timedelta(days=(22, 28, 30)[one % 3]) for one in range(first, last)]
    found = Recording.objects.bulk_create(
        a_recording(number, start, received_at=start, due_at=start + timedelta(days=28))
        for number, start in enumerate(begun, first)
    )
    Hold.objects.bulk_create(
        Hold(recording=one, rule="retention.hold-on-request", case=str(one), placed_at=now, review_at=now)
        for one in found
        if one.number % 3 == 2
    )
    SealedObject.objects.bulk_create(
        SealedObject(recording=one.pk, payload_size=1, inner_kind="plain", taken_in_at=now) for one in found
    )
    states = ["received", "forwarded", "refused", "closed", "awaiting"]
    cases = Case.objects.bulk_create(a_case(one, state=states[one % 5]) for one in range(first, last))
    Decision.objects.bulk_create(
        Decision(case=one, outcome="refused", decided_at=now - timedelta(days=90), decided_by=by)
        for one in cases
        if one.state == "refused"
    )


def asked(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as made:
        act()
    return len(made)


@pytest.mark.parametrize("address", ["/", "/vernietigen/", "/opnames/waarnemingen/", "/verzoeken/", "/opnames/"])
@pytest.mark.usefixtures("vault_folders")
def test_a_page_asks_no_more_at_a_thousand_rows_than_at_ten(client: Client, team_manager: Person, address: str) -> None:
    client.force_login(team_manager)
    fill(1, 11, team_manager)
    client.get(address)
    few = asked(lambda: client.get(address))
    fill(11, 1001, team_manager)
    answer = client.get(address)
    assert answer.status_code == 200
    assert asked(lambda: client.get(address)) <= few + 1, "a link to the next page may ask for one thing"
    assert len(answer.content) < 150_000


@pytest.mark.slow
@pytest.mark.usefixtures("vault_folders")
def test_what_is_due_is_asked_of_all_at_once(team_manager: Person) -> None:
    now = clock.now()
    for act in (to_destroy, overdue):
        Hold.objects.all().delete()
        Recording.objects.all().delete()
        Decision.objects.all().delete()
        Case.objects.all().delete()
        fill(1, 11, team_manager)
        few = asked(lambda: act(now))  # noqa: B023 - called at once
        fill(11, 1001, team_manager)
        assert asked(lambda: act(now)) == few  # noqa: B023 - called at once


def test_a_minute_reminds_of_a_bounded_number_of_observations_and_the_next_of_the_rest(
    team_manager: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(1, 8, team_manager)
    monkeypatch.setattr(tasks, "AT_ONCE", 5)
    now = clock.now()
    assert [remind_of_observations(now) for _ in range(3)] == [5, 2, 0]
    nothing = asked(lambda: remind_of_observations(now))
    fill(8, 500, team_manager)
    Recording.objects.update(observation_reminded_at=now)
    assert asked(lambda: remind_of_observations(now)) == nothing


def test_the_sweep_asks_nothing_of_each_payload(vault_folders: Path, db: None) -> None:
    counts = []
    for _ in range(2):
        made = SealedObject.objects.bulk_create(
            SealedObject(recording=uuid4(), payload_size=1, inner_kind="plain", taken_in_at=clock.now())
            for _ in range(20)
        )
        for one in made:
            folder = vault_folders / "store" / str(one.pk)[:2]
            folder.mkdir(exist_ok=True)
            (folder / str(one.pk)).write_bytes(b"sealed")
        counts.append(asked(lambda: sweep(actor=ACTOR, now=clock.now())))
    assert counts[0] == counts[1]
    assert len(list((vault_folders / "store").glob("??/*"))) == 40


TOLD = {"warning": "given", "one_to_one": True, "place": "public_space", "off_when_over": True, "made_by": "tests"}


@pytest.mark.django_db
def test_what_wants_an_observation_is_counted_as_it_is_listed() -> None:
    now = clock.now()
    found = Recording.objects.bulk_create(
        a_recording(number, now - timedelta(days=number % 7), received_at=now - timedelta(days=number % 7))
        for number in range(1, 61)
    )
    numbers = {1: ("unsafety", "W-1"), 2: ("unsafety", ""), 3: ("other", "")}
    Observation.objects.bulk_create(
        Observation(recording=one, kind=kind, enforcement_number=number, made_at=now, replaced_at=replaced, **TOLD)
        for one in found
        if one.number % 4
        for kind, number in (numbers[one.number % 4],)
        for replaced in ((None, now) if one.number % 5 else (now,))
    )
    Recording.objects.filter(number__lte=15).update(state=Recording.State.QUARANTINED)
    Recording.objects.filter(number__gte=50).update(state=Recording.State.DESTROYED)
    for days in range(9):
        until = now - timedelta(days=days)
        listed = [one for one in observation_queries.wanting() if one.received_at <= until]
        assert observation_queries.late_count(until) == len(listed), days
    assert observation_queries.late_count(now) > 20
    assert observation_queries.wanting_page(1).paginator.count == len(observation_queries.wanting())


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="asks SQLite how it would search")
def test_counting_late_observations_looks_for_no_observation_of_each_recording() -> None:
    with CaptureQueriesContext(connection) as made:
        observation_queries.late_count(clock.now())
    for one in made.captured_queries:
        if "NOT EXISTS" in one["sql"]:
            assert '"received_at" > ' in one["sql"], "only of what was received in the last days"
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN QUERY PLAN " + one["sql"])
            plan = [row[3] for row in cursor.fetchall()]
        assert not [step for step in plan if step.startswith("SCAN") and "INDEX" not in step], (one["sql"], plan)
