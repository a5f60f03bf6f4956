from datetime import UTC, datetime

import pytest
from django.template import Context, Template, TemplateSyntaxError
from hypothesis import given, settings
from hypothesis import strategies as st

from beeldkluis.web.templatetags import beeldkluis as tags


def made(source: str, **known: object) -> str:
    return Template("{% load beeldkluis %}" + source).render(Context(known))


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [(None, "onbekend"), (0, "0 s"), (999, "0 s"), (65_000, "1 min 05 s"), (252_000, "4 min 12 s"), (3_720_000, "1 u 02 min"),
     (-65_000, "-1 min 05 s")],
)  # fmt: skip
def test_a_length_of_time_is_written_as_people_say_it(milliseconds: int | None, text: str) -> None:
    assert tags.duration(milliseconds) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [(None, "onbekend"), (0, "0 bytes"), (1023, "1023 bytes"), (1024, "1,0 KiB"), (1536 * 1024**2, "1,5 GiB")],
)
def test_a_size_is_written_in_the_largest_unit(size: int | None, text: str) -> None:
    assert tags.bytesize(size) == text


@given(st.integers(1024, 2**49))
@settings(max_examples=50)
def test_every_size_is_between_one_and_a_thousand_and_twenty_four_of_its_unit(size: int) -> None:
    number, unit = tags.bytesize(size).split()
    assert 1 <= float(number.replace(",", ".")) <= 1024
    assert abs(float(number.replace(",", ".")) * 1024 ** (tags.UNITS.index(unit) + 1) - size) <= size * 0.06


def test_a_moment_is_shown_in_the_municipalitys_own_time_also_when_the_clock_goes_back() -> None:
    assert tags.moment(datetime(2026, 10, 25, 0, 30, tzinfo=UTC)) == "25-10-2026 02:30"
    assert tags.moment(datetime(2026, 10, 25, 1, 30, tzinfo=UTC)) == "25-10-2026 02:30"
    assert tags.day(datetime(2026, 10, 31, 23, 30, tzinfo=UTC)) == "01-11-2026"


@pytest.mark.parametrize(
    "source",
    ["{% card words %}{{ words }}{% endcard %}", '{% alert "info" words %}{{ words }}{% endalert %}',
     "{% facts %}{% fact words %}{{ words }}{% endfact %}{% endfacts %}", '{% badge "ok" words %}', "{% button words %}",
     "{% linkbutton words words %}", "{% datatable words %}{% enddatatable %}", "{% steps list %}"],
)  # fmt: skip
def test_what_somebody_typed_never_becomes_markup(source: str) -> None:
    words = "<script>\"'</script>"
    html = made(source, words=words, list=[{"title": words, "note": words, "state": "now"}])
    assert "<script>" not in html
    assert "\"'" not in html


def test_an_unknown_kind_of_alert_is_an_error_of_ours() -> None:
    with pytest.raises(TemplateSyntaxError):
        made('{% alert "rood" "x" %}{% endalert %}')


def test_steps_say_which_are_done_and_where_one_is_also_without_colours() -> None:
    html = made("{% steps list %}", list=[{"title": "Een", "state": "done"}, {"title": "Twee", "state": "now"}])
    assert "(klaar)" in html
    assert 'aria-current="step"' in html
