"""Numbers that are texts stand in the order in which people count, also past the next digit."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from tests.web.conftest import sign_in

from beeldkluis.devices.models import Bodycam, CameraModel, Dock, SecurityIncident
from beeldkluis.kiosk.models import SlotReport
from beeldkluis.kiosk.queries import slots_of
from beeldkluis.people import queries as people
from beeldkluis.people.models import Officer, Person

SINCE = datetime(2026, 10, 1, 8, 0, tzinfo=UTC)
MIXED = ("10", "9", "1000", "999", "10000", "9999")
COUNTED = ["9", "10", "999", "1000", "9999", "10000"]


@pytest.fixture
def officers(db: None) -> None:
    Officer.objects.bulk_create(Officer(number=one, name=f"Boa {one}", employment="own", since=SINCE) for one in MIXED)


def test_officers_stand_by_number_those_who_serve_first(officers: None) -> None:
    assert [one.number for one in people.serving()] == COUNTED
    Officer.objects.filter(number__in=("9", "1000")).update(until=SINCE + timedelta(days=1))
    assert [one.number for one in people.officers()] == ["10", "999", "9999", "10000", "9", "1000"]


def test_cameras_stand_by_label_on_the_page(team_manager: Person, client: Client) -> None:
    kind = CameraModel.objects.create(make="Proef", name="P1", pre_event_seconds=120)
    Bodycam.objects.bulk_create(
        Bodycam(serial=one, label=f"BC-{one}", kind=kind, added_at=SINCE) for one in ("10", "9", "100", "99")
    )
    sign_in(client, team_manager)
    page = client.get("/bodycams/").content.decode()
    places = [page.index(f">BC-{one}<") for one in ("9", "10", "99", "100")]
    assert places == sorted(places)


def test_slots_stand_by_number(db: None) -> None:
    dock = Dock.objects.create(name="Zuidhorn", public_key="k", token_hash="h", enrolled_at=SINCE)
    SlotReport.objects.bulk_create(
        SlotReport(dock=dock, slot=one, state="empty", told_at=SINCE) for one in ("10", "2", "1", "12")
    )
    assert [one.slot for one in slots_of(dock)] == ["1", "2", "10", "12"]


def test_open_incidents_stand_before_closed_ones_and_a_text_number_is_none(
    team_manager: Person, client: Client
) -> None:
    for number, closed in ((9, SINCE), (10, None), (11, SINCE + timedelta(days=1)), (12, None)):
        SecurityIncident.objects.create(
            number=number,
            kind="loss",
            reported_by="x",
            reported_at=SINCE,
            aware_at=SINCE,
            told="Kwijt.",
            closed_at=closed,
        )
    sign_in(client, team_manager)
    page = client.get("/incidenten/").content.decode()
    places = [page.index(f"I-{one:06d}") for one in (10, 12, 9, 11)]
    assert max(places[:2]) < min(places[2:])
