"""Days, hours and titles as papers say them, in the municipality's own time; and what stands in whose calendar."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from icalendar import Calendar

from beeldkluis.documents import render, words
from beeldkluis.documents.calendar import Meeting, calendar
from beeldkluis.documents.letters import KINDS, lacking
from beeldkluis.documents.script import lost, printable
from tests.documents.test_documents import LIST, MADE, pages

SUMMER = datetime(2026, 7, 31, 22, 30, tzinfo=UTC)  # half past twelve at night on 1 August
WINTER = datetime(2026, 12, 31, 23, 5, tzinfo=UTC)  # the first minutes of 2027


def test_a_day_and_an_hour_are_those_of_the_municipality() -> None:
    assert words.day(SUMMER) == "1 augustus 2026"
    assert words.day(WINTER) == "1 januari 2027"
    assert words.day_and_time(SUMMER) == "1 augustus 2026 om 00.30 uur"
    assert [words.day(datetime(2026, month, 9, tzinfo=UTC)) for month in (1, 6, 12)] == [
        "9 januari 2026", "9 juni 2026", "9 december 2026",
    ]  # fmt: skip


def test_a_span_names_its_day_once_and_its_hours_in_order() -> None:
    noon = datetime(2026, 11, 3, 11, 0, tzinfo=UTC)
    later = noon.replace(hour=13, minute=45)
    assert words.span(noon, noon) == "3 november 2026, rond 12.00 uur"
    assert words.span(noon, later) == "3 november 2026, tussen 12.00 en 14.45 uur"
    assert words.span(noon, WINTER) == "tussen 3 november 2026 om 12.00 uur en 1 januari 2027 om 00.05 uur"


@pytest.mark.parametrize("cancelled", [False, True])
def test_a_meeting_lasts_as_long_as_was_said_and_is_on_or_off(*, cancelled: bool) -> None:
    meeting = Meeting(
        uid=UUID(int=7), sequence=2, at=SUMMER, minutes=45, place="Kamer 1", municipality="Westerkwartier",
        organiser="info@example.nl", attendee="j@example.nl", cancelled=cancelled,
    )  # fmt: skip
    read = Calendar.from_ical(calendar(meeting, made_at=MADE))
    (event,) = read.walk("VEVENT")
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (SUMMER, SUMMER.replace(hour=23, minute=15))
    assert event["STATUS"] == ("CANCELLED" if cancelled else "CONFIRMED")
    assert read["METHOD"] == ("CANCEL" if cancelled else "REQUEST")
    assert (event["SUMMARY"], event["LOCATION"]) == ("Afspraak gemeente Westerkwartier", "Kamer 1")


def test_each_letter_about_an_appointment_has_its_own_title() -> None:
    titles = {
        kind: KINDS[kind].title for kind in ("invitation", "moved", "cancelled", "proposal", "proposal_withdrawn")
    }
    assert titles == {
        "invitation": "Uitnodiging om de beelden te bekijken",
        "moved": "Uw afspraak is verzet",
        "cancelled": "Uw afspraak gaat niet door",
        "proposal": "Wanneer wilt u de beelden bekijken?",
        "proposal_withdrawn": "Ons voorstel om te komen kijken vervalt",
    }


@pytest.mark.parametrize("empty", [None, "", "  \n", (), []])
def test_a_word_of_white_space_is_no_word(empty: object) -> None:
    needed = {"at": "dinsdag", "place": "Kamer 1", "minutes": "45", "present": ("de teammanager",)}
    assert lacking("invitation", needed) == ()
    assert lacking("invitation", needed | {"place": empty}) == ("place",)


def test_what_cannot_be_printed_is_named_by_its_script_and_told_before() -> None:
    facts = {"recipient": ("محمد", "Hoofdstraat 1"), "words": {"about": "אבג und 山田"}, "missing": ["山田"]}
    assert printable("محمد") == "[Arabisch schrift]"
    assert printable("山田") == "[Chinees schrift]"
    assert printable("አበበ") == "[Ethiopisch schrift]"
    assert lost(facts) == ["محمد", "山田"], "Hebrew is in the type; what stands twice is told once"


def test_the_log_list_says_which_day_is_of_what() -> None:
    line = replace(LIST.lines[0], protocol_received="1-12-2026", instruction_received="2-12-2026", signed="3-12-2026")
    text = " ".join(pages(render.log_list(replace(LIST, lines=(line,)), made_at=MADE)))
    assert "1-12-2026 2-12-2026 3-12-2026" in text
