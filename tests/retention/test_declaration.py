"""Destruction names its ground: certificate page, journal entry, and the declaration of a month (Archiefbesluit, article 8)."""

import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader
from pytest_django import Settings
from tests.retention.test_pages import on_the_day, signed_in  # noqa: F401 - the fixture is used by its name
from tests.retention.world import DUE, World

from beeldkluis.documents.words import ZONE, day_and_time
from beeldkluis.journal.models import Entry
from beeldkluis.people.models import Person
from beeldkluis.retention import tasks
from beeldkluis.retention.declaration_queries import before, declaration, month

SHIPPED = Path(__file__).parents[2] / "protocols" / "westerkwartier-1.toml"
GROUND = "De bewaartermijn van het protocol bodycams is voorbij"


@pytest.mark.rule("retention.archive")
def test_certificate_journal_and_declaration_name_ground_and_category(world: World, keeper: Person) -> None:
    recording = world.receive()
    tasks.round_(DUE)
    recording.refresh_from_db()
    page = signed_in(keeper).get(f"/opnames/{recording.pk}/vernietiging/").content.decode()
    assert GROUND in page
    assert "Selectielijst van de demonstratie, categorie 99.9" in page
    told = json.loads(bytes(Entry.objects.get(act="retention.recording_destroyed").data))
    assert "99.9" in json.dumps(told)
    assert GROUND in json.dumps(told, ensure_ascii=False)
    year, number = month(DUE)
    answer = signed_in(keeper).get(f"/vernietigen/verklaring/{year}/{number}/")
    text = " ".join(" ".join(one.extract_text() for one in PdfReader(io.BytesIO(answer.content)).pages).split())
    gone = day_and_time(recording.destroyed_at or DUE)
    for words in (
        "Aantal opnames: 1",
        str(recording),
        gone,
        day_and_time(recording.started_at),
        GROUND,
        "99.9",
        "versie 1",
    ):
        assert words in text, f"{words}: {text}"


@pytest.mark.rule("retention.archive")
def test_what_is_not_filled_in_is_said_and_not_made_up(world: World, settings: Settings, db: None) -> None:
    settings.PROTOCOL_FILE = SHIPPED
    world.receive()
    tasks.round_(DUE)
    found = declaration(*month(DUE), DUE)
    assert found is not None
    assert [one[2:] for one in found.grounds] == [("nog niet ingevuld in het protocolbestand",) * 2]


@pytest.mark.rule("retention.archive")
def test_a_month_has_what_went_in_it_where_the_municipality_is(world: World, db: None) -> None:
    recording = world.receive()
    tasks.round_(DUE)
    recording.refresh_from_db()
    assert recording.destroyed_at is not None
    year, number = month(recording.destroyed_at)
    later = DUE + timedelta(days=70)
    assert [one[0] for one in declaration(year, number, later).lines] == [str(recording)]  # type: ignore[union-attr] # is there
    assert declaration(year, number, later).so_far == ""  # type: ignore[union-attr] # is there
    assert declaration(*before(year, number), later).lines == ()  # type: ignore[union-attr] # is there
    first = recording.destroyed_at.astimezone(ZONE).replace(day=1, hour=0, minute=10)
    type(recording).objects.filter(pk=recording.pk).update(destroyed_at=first)
    assert declaration(year, number, later).lines  # type: ignore[union-attr] # is there


@pytest.mark.rule("retention.archive")
@pytest.mark.parametrize("address", ["2026/13", "2026/0", "1/1", "9999/12", "2199/1"])
def test_no_month_that_is_none_or_is_yet_to_come(address: str, world: World, keeper: Person) -> None:
    assert signed_in(keeper).get(f"/vernietigen/verklaring/{address}/").status_code == 404


def test_january_comes_after_december() -> None:
    assert (before(2027, 1), before(2027, 2)) == ((2026, 12), (2027, 1))
