"""A day and a time as somebody types it, also in the two nights a year in which the clock on the wall is changed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st
from tests.web.test_strange_text import forms_of_the_house

import beeldkluis
from beeldkluis.devices.forms import HandInForm
from beeldkluis.journal.moments import Ambiguous, MomentField, ask_of_its_own, both, in_doubt, last_night_twice
from beeldkluis.journal.typed import Form

FIRST, SECOND = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
CHANGED = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


class Asking(Form):
    start = MomentField(label="Van", ambiguous=Ambiguous.FIRST)
    end = MomentField(label="Tot", ambiguous=Ambiguous.SECOND)


def asked(start: str, end: str, **which: str) -> Asking:
    form = Asking({"start": start, "end": end} | which)
    assert form.is_valid(), form.errors
    return form


def test_an_hour_that_came_twice_is_taken_at_its_widest_until_it_is_said_which() -> None:
    form = asked("2026-10-25T02:30", "2026-10-25T02:30")
    assert (form.cleaned_data["start"], form.cleaned_data["end"]) == (FIRST, SECOND)
    assert in_doubt(form) == ["start", "end"]
    page = form.as_p()
    assert page.count("Was het de eerste of tweede keer?") == 2
    assert "In de nacht van 25 oktober 2026 ging de klok een uur terug: 02.30 uur kwam twee keer." in page


@pytest.mark.parametrize(("which", "meant"), [("1", FIRST), ("2", SECOND)])
def test_what_was_said_holds(which: str, meant: datetime) -> None:
    form = asked("2026-10-25T02:30", "2026-10-25T03:00", start_twice=which)
    assert form.cleaned_data["start"] == meant
    assert in_doubt(form) == []
    assert f'<option value="{which}" selected>' in form.as_p()
    assert asked("2026-10-25T02:30", "2026-10-25T03:00", start_twice="7").cleaned_data["start"] == FIRST


@pytest.mark.parametrize("typed", ["2026-03-29T02:00", "2026-03-29T02:30", "2026-03-29 02:59:59"])
def test_an_hour_that_never_was_is_the_moment_of_the_change(typed: str) -> None:
    form = asked(typed, "2026-03-29T03:10")
    assert form.cleaned_data["start"] == CHANGED
    assert in_doubt(form) == []


def test_where_nothing_may_be_guessed_it_is_asked_with_what_was_typed_still_there() -> None:
    form = HandInForm({"at": "2026-10-25T02:30"})
    assert form.errors["at"][0].endswith("Was het de eerste of tweede keer?")
    assert 'value="2026-10-25T02:30"' in form.as_p()
    assert "de tweede keer (wintertijd)" in form.as_p()
    answered = HandInForm({"at": "2026-10-25T02:30", "at_twice": "2"})
    assert answered.is_valid()
    assert answered.cleaned_data["at"] == SECOND


def test_what_was_kept_before_comes_back_as_the_one_that_it_was() -> None:
    for moment, which in ((FIRST, "1"), (SECOND, "2")):
        page = Asking(initial={"start": moment}).as_p()
        assert 'value="2026-10-25T02:30"' in page
        assert f'<option value="{which}" selected>' in page
    assert "tweede keer" not in Asking(initial={"start": FIRST - timedelta(days=1)}).as_p()


@pytest.mark.parametrize(
    ("now", "asks"), [(datetime(2026, 10, 25, 9, tzinfo=UTC), True), (datetime(2026, 11, 27, 9, tzinfo=UTC), True),
                      (datetime(2026, 12, 20, 9, tzinfo=UTC), False), (datetime(2026, 4, 1, 9, tzinfo=UTC), False)],
)  # fmt: skip
def test_in_the_weeks_after_such_a_night_a_form_asks_without_script(now: datetime, asks: bool) -> None:
    form = Asking()
    ask_of_its_own(form, now)
    assert ("nacht van 24 oktober op 25 oktober 2026" in form.as_p()) is asks
    assert (last_night_twice(now) is not None) is asks


@pytest.mark.parametrize(
    ("typed", "words"), [("morgen", "geldig"), ("2026-13-40T02:30", "geldig"), ("0001-01-01T02:30", "Dit jaar")]
)
def test_what_is_no_moment_comes_back(typed: str, words: str) -> None:
    form = Asking({"start": typed, "end": ""})
    assert words in form.errors["start"][0]
    assert typed in form.as_p()


def test_a_moment_with_its_zone_needs_no_answer() -> None:
    assert asked("2026-10-25T02:30+01:00", "2026-10-25T02:45Z").cleaned_data["start"] == SECOND


@given(st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2040, 1, 1)))  # noqa: DTZ001 - on the wall
def test_every_time_on_the_wall_is_some_moment(wall: datetime) -> None:
    first, last = both(wall.replace(microsecond=0))
    assert timedelta(0) <= last - first <= timedelta(hours=1)


def fields() -> Iterator[tuple[str, forms.Field]]:
    for form in forms_of_the_house():
        yield from ((f"{form.__qualname__}.{name}", field) for name, field in getattr(form, "base_fields", {}).items())


def test_every_form_of_the_house_asks_for_moments_by_this_field() -> None:
    """Any other field answers an hour that came twice with words of Django's own."""
    kinds = (forms.DateTimeField, forms.SplitDateTimeField, forms.TimeField)
    assert [name for name, field in fields() if isinstance(field, kinds) and not isinstance(field, MomentField)] == []
    assert sum(isinstance(field, MomentField) for _name, field in fields()) > 10
    source = Path(beeldkluis.__file__).parent
    made = {
        path.name for path in source.rglob("*.py") if "forms.DateTimeField(" in path.read_text().replace("class Mo", "")
    }
    assert made <= {"moments.py"}, made
