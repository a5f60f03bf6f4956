from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.test import Client, RequestFactory
from pytest_django import Settings
from tests.retention.world import DUE, World

from beeldkluis.journal import clock
from beeldkluis.journal.models import Entry
from beeldkluis.people.models import Person
from beeldkluis.retention import tasks
from beeldkluis.retention.models import Brake
from beeldkluis.web import settings as real

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """The program's own middleware, and the house's clock at three days after the term."""
    settings.MIDDLEWARE = real.MIDDLEWARE
    monkeypatch.setattr(clock, "now", lambda: DUE + timedelta(days=3))


def signed_in(person: Person) -> Client:
    """Somebody whose session was opened with a second factor."""
    client = Client()
    client.force_login(person)
    request = RequestFactory().get("/")
    request.session = client.session
    record_authentication(request, person, "mfa", type="totp")
    request.session.save()
    return client


def test_the_overview_says_what_goes_and_what_went(world: World, manager: Person) -> None:
    coming, gone = world.receive(ended=DUE - timedelta(days=23)), world.receive()
    tasks.round_(DUE)
    page = signed_in(manager).get("/vernietigen/")
    text = page.content.decode()
    assert page.status_code == 200
    assert text.index("Binnenkort aan de beurt") < text.index(str(coming)) < text.index("De afgelopen week vernietigd")
    assert text.index("De afgelopen week vernietigd") < text.index(str(gone))
    assert f"/opnames/{gone.pk}/vernietiging/" in text
    assert "weg hadden moeten zijn" not in text


def test_an_empty_overview_says_so(manager: Person) -> None:
    text = signed_in(manager).get("/vernietigen/").content.decode()
    assert "wordt binnenkort niets vernietigd" in text
    assert "is er niets vernietigd" in text


def test_a_recording_that_should_have_gone_is_shown_as_a_fault(world: World, manager: Person) -> None:
    world.receive()
    assert "weg hadden moeten zijn" in signed_in(manager).get("/vernietigen/").content.decode()


def stopped(world: World) -> Brake:
    recording = world.receive()
    return Brake.objects.create(recordings=[str(recording.pk)], because="Er staan er veel klaar.", pulled_at=DUE)


def test_two_people_confirm_on_the_page(world: World, manager: Person, inspector: Person) -> None:
    brake = stopped(world)
    address = f"/vernietigen/{brake.pk}/"
    first, second = signed_in(manager), signed_in(inspector)
    assert "Er staan er veel klaar." in first.get("/vernietigen/").content.decode()
    assert "Ik heb gekeken" in first.get(address).content.decode()
    assert first.post(address).status_code == 302
    text = first.get(address).content.decode()
    assert "U heeft bevestigd" in text
    assert "Ik heb gekeken" not in text
    assert second.post(address).status_code == 302
    brake.refresh_from_db()
    assert brake.released_at is not None
    assert "Twee mensen hebben bevestigd" in second.get(address).content.decode()


def test_the_same_person_confirming_twice_is_refused_in_words(world: World, manager: Person) -> None:
    brake = stopped(world)
    client = signed_in(manager)
    client.post(f"/vernietigen/{brake.pk}/")
    again = client.post(f"/vernietigen/{brake.pk}/")
    assert again.status_code == 403
    assert "Een ander moet dat ook doen" in again.content.decode()
    assert Entry.objects.filter(act="journal.step_refused").count() == 1


def test_the_administrator_neither_sees_nor_confirms_a_stopped_round(world: World, keeper: Person) -> None:
    brake = stopped(world)
    client = signed_in(keeper)
    assert client.get("/vernietigen/").status_code == 403
    assert client.get(f"/vernietigen/{brake.pk}/").status_code == 403
    assert client.post(f"/vernietigen/{brake.pk}/").status_code == 403
    assert not brake.confirmations.exists()


def test_the_certificate_names_rules_moments_hashes_and_entries(world: World, keeper: Person) -> None:
    recording = world.receive()
    tasks.round_(DUE)
    page = signed_in(keeper).get(f"/opnames/{recording.pk}/vernietiging/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "De sleutel van deze opname is vernietigd" in text
    assert "retention.period" in text
    number = Entry.objects.get(act="vault.shredded").number
    assert f"/logboek/{number}/" in text


def test_what_was_not_destroyed_has_no_certificate(world: World, manager: Person) -> None:
    recording = world.receive()
    assert signed_in(manager).get(f"/opnames/{recording.pk}/vernietiging/").status_code == 404
    assert signed_in(manager).get(f"/opnames/{uuid4()}/vernietiging/").status_code == 404


def test_without_log_in_there_is_nothing(world: World) -> None:
    brake = stopped(world)
    for address in ("/vernietigen/", f"/vernietigen/{brake.pk}/", f"/opnames/{uuid4()}/vernietiging/"):
        assert Client().get(address).status_code == 302
