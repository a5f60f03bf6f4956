"""The hundred-thousandth row: numbers that go on, pages of a bounded length, and a look each minute that misses nothing."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from beeldkluis.cases import matching_queries, queries
from beeldkluis.cases.matching_actions import match_open_cases
from beeldkluis.cases.models import Case, CaseLooked, CaseRecording, RecordingLooked, Suspension
from beeldkluis.cases.tasks import let_go, remind_of_cases
from beeldkluis.footage.models import Recording
from beeldkluis.footage.queries import live_holds
from beeldkluis.governance.queries import in_force
from beeldkluis.journal.actor import Actor
from beeldkluis.people.models import Officer, Person
from beeldkluis.protocol.cases import CaseState
from tests.cases.conftest import INCIDENT, LETTER, NOW
from tests.vault.postgres import address, postgres

__all__ = ["postgres"]  # a fixture, for this file
ACTOR = Actor.system("tests")
MakeCase = Callable[..., Case]
MakeRecording = Callable[..., Recording]


def a_case(number: int, **changed: object) -> Case:
    """A row as it stands in a register of years, without its history."""
    known = {one.name for one in Case._meta.get_fields()}
    told = {name: value for name, value in LETTER.items() if name in known}
    row = {"reference": f"2026-{number:04d}", "state": "received", "received_at": NOW, "decide_by": NOW, **changed}
    return Case(**(told | row))


def a_recording(number: int, start: datetime = INCIDENT, **changed: object) -> Recording:
    end = start + timedelta(minutes=5)
    row = {"number": number, "serial": f"S-{number}", "activated_at": start, "ended_at": end, "clock_offset_ms": 0}
    row |= {"started_at": start, "source": "dock", "received_at": NOW, "due_at": NOW + timedelta(days=28)}
    return Recording(**(row | changed))


def asked(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as made:
        act()
    return len(made)


def test_the_ten_thousandth_case_of_a_year_does_not_keep_the_next_from_being_registered(received: MakeCase) -> None:
    Case.objects.bulk_create([a_case(9_998)])
    assert [received().reference for _ in range(4)] == ["2026-9999", "2026-10000", "2026-10001", "2026-10002"]
    assert queries.next_reference(2027) == "2027-0001"


def test_the_list_of_cases_has_pages_and_shows_every_case_once(client: Client, dpo: Person) -> None:
    Case.objects.bulk_create(a_case(number, state="closed" if number <= 5 else "received") for number in range(1, 108))
    client.force_login(dpo)
    pages = [client.get("/verzoeken/", {"pagina": str(number)}).content.decode() for number in (1, 2, 3)]
    told = [[word for word in ("Vorige", "Bladzijde 1 van 3", "Volgende") if word in page] for page in pages]
    assert told == [["Bladzijde 1 van 3", "Volgende"], ["Vorige", "Volgende"], ["Vorige"]]
    for number in range(1, 108):
        assert sum(f"/verzoeken/2026-{number:04d}/" in page for page in pages) == 1
    assert "/verzoeken/2026-0001/" in pages[2], "what is closed comes last"
    for wrong in ("9" * 5000, "-1", "x", ""):
        assert "Bladzijde" in client.get("/verzoeken/", {"pagina": wrong}).content.decode()


def test_the_start_page_names_the_first_cases_and_counts_the_rest(client: Client, team_manager: Person) -> None:
    client.force_login(team_manager)
    Case.objects.bulk_create(
        a_case(number, state="forwarded", decide_by=NOW + timedelta(days=number)) for number in range(1, 51)
    )
    assert "verzoeken wachten op u" not in client.get("/").content.decode()
    Case.objects.bulk_create([a_case(51, state="forwarded", decide_by=NOW + timedelta(days=51))])
    assert "Nog één verzoek wacht op u" in client.get("/").content.decode()
    Case.objects.bulk_create(
        a_case(number, state="forwarded", decide_by=NOW + timedelta(days=number)) for number in range(52, 121)
    )
    Case.objects.bulk_create(a_case(number) for number in range(121, 200))  # not for the team manager
    page = client.get("/").content.decode()
    assert "Nog 70 verzoeken wachten op u" in page
    assert sum(f"Besluit over verzoek 2026-{number:04d}" in page for number in range(1, 121)) == 50
    assert "Besluit over verzoek 2026-0050" in page


def test_the_list_asks_no_more_of_the_database_at_a_thousand_cases_than_at_ten(client: Client, dpo: Person) -> None:
    client.force_login(dpo)
    made = Case.objects.bulk_create(a_case(number, state="awaiting") for number in range(1, 11))
    Suspension.objects.bulk_create(Suspension(case=one, asked_at=NOW, until=NOW) for one in made)
    client.get("/verzoeken/")
    few = asked(lambda: client.get("/verzoeken/"))
    made = Case.objects.bulk_create(a_case(number, state="awaiting") for number in range(11, 1001))
    Suspension.objects.bulk_create(Suspension(case=one, asked_at=NOW, until=NOW) for one in made)
    assert asked(lambda: client.get("/verzoeken/")) <= few + 1, "the links between pages ask how many there are"


@pytest.mark.slow
def test_the_minute_asks_no_more_at_a_thousand_cases_and_recordings_than_at_ten(
    team_manager: Person, dpo: Person
) -> None:
    def minute() -> None:
        match_open_cases(actor=ACTOR, now=NOW)
        let_go(NOW)
        remind_of_cases(NOW - timedelta(days=20))

    def fill(first: int, last: int) -> None:
        states = ["received", "refused", "withdrawn", "closed"]
        kept = Case.objects.bulk_create(a_case(one, state=states[one % 4]) for one in range(first, last))
        found = Recording.objects.bulk_create(a_recording(one) for one in range(first, last))
        CaseRecording.objects.bulk_create(
            CaseRecording(case=case, recording=one.pk, matched_at=NOW) for case in kept for one in found[:3]
        )

    fill(1, 11)
    far = INCIDENT + timedelta(days=9)
    Recording.objects.update(started_at=far, activated_at=far, ended_at=far)
    minute()
    few = asked(minute)
    fill(11, 1001)
    Recording.objects.update(started_at=far, activated_at=far, ended_at=far)
    minute()
    assert asked(minute) == few


def oracle() -> set[tuple[object, object]]:
    """What every open case must know, asked of each of them: how it was done when there were few."""
    return {
        (case.pk, one.pk)
        for case in Case.objects.filter(state__in=queries.OPEN_STATES)
        for one in queries.unmatched(case)
    }


NEAR = st.integers(-2_000, 2_000).map(lambda minutes: INCIDENT + timedelta(minutes=minutes))
RECORDINGS = st.tuples(NEAR, st.integers(0, 180), st.sampled_from([None, 0, 500]), st.sampled_from([None, 0, 1]))
KINDS = ["access", "demand", "preservation", "self_reflection", "public_records"]
CASES = st.tuples(
    NEAR,
    st.integers(0, 600),
    st.sampled_from(KINDS),
    st.sampled_from(["received", "forwarded", "no_footage", "closed", "withdrawn"]),
    st.sampled_from([None, 0, 1]),
    st.booleans(),
)


@pytest.mark.slow
@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_comes_in_changes_or_opens_again_nothing_that_was_found_case_by_case_is_missed(
    db: None, data: st.DataObject
) -> None:
    for model in (CaseLooked, RecordingLooked):
        model.objects.all().delete()
    Recording.objects.update(state="destroyed")  # of the example before
    Case.objects.update(state="closed")
    earlier = set(Case.objects.values_list("pk", flat=True))  # what is drawn goes by this example's rows alone
    officers = [
        Officer.objects.get_or_create(number=one, defaults={"name": one, "employment": "own", "since": NOW})[0]
        for one in ("1", "2")
    ]

    def wearer(place: int | None) -> Officer | None:
        return None if place is None else officers[place]

    for _round in range(3):
        number = Recording.objects.count()
        for start, minutes, offset, worn in data.draw(st.lists(RECORDINGS, max_size=4)):
            number += 1
            Recording.objects.bulk_create(
                [
                    a_recording(
                        number,
                        start,
                        ended_at=start + timedelta(minutes=minutes),
                        clock_offset_ms=offset,
                        officer=wearer(worn),
                    )
                ]
            )
        for start, minutes, kind, state, asks, silent in data.draw(st.lists(CASES, max_size=4)):
            moment = {"moment_from": None, "moment_until": None}
            if not silent:
                moment = {"moment_from": start, "moment_until": start + timedelta(minutes=minutes)}
            row = {"kind": kind, "state": state, "officer": wearer(asks), "reference": uuid4().hex[:20]}
            Case.objects.bulk_create([a_case(0, **(row | moment))])
        for case in Case.objects.exclude(pk__in=earlier).order_by("received_at", "pk").reverse()[:2]:
            change = data.draw(st.sampled_from(["nothing", "closed", "received", "moment"]))
            if change == "moment":
                moved = data.draw(NEAR)
                Case.objects.filter(pk=case.pk).update(moment_from=moved, moment_until=moved)
            elif change != "nothing":
                Case.objects.filter(pk=case.pk).update(state=change)
        for recording in Recording.objects.exclude(state="destroyed")[:2]:
            Recording.objects.filter(pk=recording.pk).update(officer=wearer(data.draw(st.sampled_from([None, 0, 1]))))
        wanted, before = oracle(), set(CaseRecording.objects.values_list("case", "recording"))
        match_open_cases(actor=ACTOR, now=NOW)
        assert oracle() == set()
        assert set(CaseRecording.objects.values_list("case", "recording")) - before == wanted


def test_a_case_that_was_closed_and_opened_again_hears_of_what_came_in_between(
    received: MakeCase, add_recording: MakeRecording
) -> None:
    case = received()
    match_open_cases(actor=ACTOR, now=NOW)
    Case.objects.filter(pk=case.pk).update(state=CaseState.CLOSED.value)
    between = add_recording()
    match_open_cases(actor=ACTOR, now=NOW)
    assert live_holds(between.pk) == []
    Case.objects.filter(pk=case.pk).update(state=CaseState.RECEIVED.value)
    assert match_open_cases(actor=ACTOR, now=NOW) == 1
    assert [one.case for one in live_holds(between.pk)] == [case.reference]


def test_a_look_that_is_stopped_half_way_is_done_again(
    received: MakeCase, add_recording: MakeRecording, monkeypatch: pytest.MonkeyPatch
) -> None:
    received()
    late = add_recording()

    def stopped(*_arguments: object, **_named: object) -> int:
        raise OSError("power cut")

    with monkeypatch.context() as patched, pytest.raises(OSError, match="power cut"):
        patched.setattr("beeldkluis.cases.matching_actions.match", stopped)
        match_open_cases(actor=ACTOR, now=NOW)
    assert match_open_cases(actor=ACTOR, now=NOW) == 1
    assert live_holds(late.pk)


def test_another_search_window_looks_through_everything_again(db: None) -> None:
    Recording.objects.bulk_create([a_recording(1)])
    match_open_cases(actor=ACTOR, now=NOW)
    window = matching_queries.window(in_force())
    assert matching_queries.not_looked_at(window, after=0) == []
    assert len(matching_queries.not_looked_at("another", after=0)) == 1


ON_POSTGRES = """
import django; django.setup()
from datetime import timedelta
from tests.template import make_tables
make_tables()
from tests.cases import test_scale as t
from beeldkluis.journal import guard
with guard.opened():
    t.Case.objects.bulk_create([t.a_case(1), t.a_case(2, state="closed")])
    t.Recording.objects.bulk_create([
        t.a_recording(1), t.a_recording(2, t.INCIDENT + timedelta(days=3)),
        t.a_recording(3, t.INCIDENT + timedelta(hours=20), clock_offset_ms=None),
    ])
print(t.match_open_cases(actor=t.ACTOR, now=t.NOW), t.match_open_cases(actor=t.ACTOR, now=t.NOW))
with guard.opened():
    t.Recording.objects.filter(number=2).update(started_at=t.INCIDENT, activated_at=t.INCIDENT, ended_at=t.INCIDENT)
window = t.matching_queries.window(t.in_force())
print(t.match_open_cases(actor=t.ACTOR, now=t.NOW), t.matching_queries.not_looked_at(window, after=0))
"""


@pytest.mark.slow
@pytest.mark.postgres
def test_on_postgresql_the_look_finds_the_same(postgres: int, tmp_path: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "beeldkluis.web.settings",
        "BEELDKLUIS_DATABASE": address(postgres),
        "BEELDKLUIS_DATA": str(tmp_path),
        "BEELDKLUIS_SECRET_KEY": "only-for-tests",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    done = subprocess.run(
        [sys.executable, "-c", ON_POSTGRES], env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[:2] == ["2 0", "1 []"]
