"""A moment that somebody types: a day and a time as the clock on the wall shows it, also in the nights when that clock changes.

In the night when summer time ends, the times from 2 to 3 o'clock come twice, and in the night when it begins they never
come. Both are
the busiest hours of a night out. So nobody is sent away with such a time: it is asked which of the two it was, and an hour that
never was becomes the moment at which the clock was changed, the nearest that there was.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format

from beeldkluis.journal.typed import possible

LATELY = timedelta(weeks=6)  # how long after such a night a form asks of its own accord
MEANT = {"1": "de eerste keer (zomertijd)", "2": "de tweede keer (wintertijd)"}
CHOICES = {"": "dat weet ik niet"} | MEANT
AFTER = "_twice"  # the name of the field, with this behind it, holds which of the two was meant


class Ambiguous(StrEnum):
    """What is taken of a time that came twice while nobody said which: the first, the second, or nothing before it is said."""

    FIRST = "first"
    SECOND = "second"
    ASK = "ask"


class Typed(str):
    """What was typed, with which of two equal times was meant: "1", "2", or nothing."""

    __slots__ = ("which",)
    which: str


def came_twice(wall: datetime) -> bool:
    """Did the clock on the wall show this time twice? `wall` has no zone."""
    first, second = _offsets(wall)
    return first > second


def _offsets(wall: datetime) -> tuple[timedelta, timedelta]:
    zone, none = timezone.get_current_timezone(), timedelta(0)
    first, second = (wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    return first.utcoffset() or none, second.utcoffset() or none


def both(wall: datetime) -> tuple[datetime, datetime]:
    """The earliest and the latest moment, in UTC, at which the clock on the wall showed this time; when it never did, twice the
    moment at which it was changed.
    """
    first, second = (wall.replace(tzinfo=UTC) - offset for offset in _offsets(wall))
    if first <= second:
        return first, second
    while first - second > timedelta(seconds=1):  # the change lies between the two: with the old time, and with the new
        middle = second + (first - second) / 2
        second, first = (second, middle) if _offset_at(middle) == _offset_at(first) else (middle, first)
    return first.replace(microsecond=0), first.replace(microsecond=0)


def _offset_at(moment: datetime) -> timedelta | None:
    return moment.astimezone(timezone.get_current_timezone()).utcoffset()


def last_night_twice(now: datetime) -> date | None:
    """The day on which the clock was put back, when that was not long ago."""
    for days in range(LATELY.days):
        day = now - timedelta(days=days)
        before, after = _offset_at(day - timedelta(days=1)), _offset_at(day)
        if before is not None and after is not None and after < before:
            return timezone.localtime(day).date()
    return None


class MomentInput(forms.DateTimeInput):
    """A day and a time; and where it matters, which of two equal times."""

    template_name = "web/parts/moment.html"
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")
        self.night: date | None = None  # a night that is asked about although nothing was typed yet
        self.in_doubt = False  # what stands in the field was taken for want of an answer

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """What was typed, with which of two it was."""
        value = super().value_from_datadict(data, files, name)
        if not isinstance(value, str):
            return value
        typed = Typed(value)
        which = data.get(f"{name}{AFTER}") or ""
        typed.which = which if which in MEANT else ""
        return typed

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """With the question, where it matters."""
        wall = _wall(value)
        twice = wall is not None and came_twice(wall)
        context = super().get_context(name, value, attrs)
        if twice or self.night is not None:
            context["twice"] = {
                "name": f"{name}{AFTER}",
                "question": _question(wall) if twice and wall is not None else _about(self.night),
                "choices": [(key, label, key == self._said(value, wall)) for key, label in CHOICES.items()],
            }
        return context

    def _said(self, value: Any, wall: datetime | None) -> str:
        if isinstance(value, Typed):
            return value.which
        if self.in_doubt or wall is None or not came_twice(wall):
            return ""
        return "2" if wall.fold else "1"


def _wall(value: Any) -> datetime | None:
    """The time on the wall that a field holds: typed, or from before."""
    if isinstance(value, str):
        try:
            value = parse_datetime(value.strip())
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return timezone.make_naive(value) if timezone.is_aware(value) else value


def _question(wall: datetime) -> str:
    day = date_format(wall, "j F Y")
    return f"In de nacht van {day} ging de klok een uur terug: {wall:%H.%M} uur kwam twee keer. Was het de eerste of tweede keer?"


def _about(night: date | None) -> str:
    if night is None:
        return ""
    before = night - timedelta(days=1)
    return (
        f"Was het in de nacht van {date_format(before, 'j F')} op {date_format(night, 'j F Y')}, tussen 2 en 3 uur?"
        f" Toen ging de klok"
        " een uur terug. Was het de eerste of tweede keer?"
    )


class MomentField(forms.DateTimeField):
    """A moment, in UTC. `earliest` and `latest` are what it can have been, and `in_doubt` whether it was said which; they
    hold after
    the form was cleaned.
    """

    widget: type[MomentInput] = MomentInput

    def __init__(self, *, ambiguous: Ambiguous = Ambiguous.ASK, **named: Any) -> None:
        super().__init__(**named)
        self.ambiguous = ambiguous
        self.earliest: datetime | None = None
        self.latest: datetime | None = None
        self.in_doubt = False

    def to_python(self, value: Any) -> datetime | None:
        """The moment that was typed. ValidationError for what is none, and for one of two while it must be said which."""
        self.earliest, self.latest, self.in_doubt = None, None, False
        if value in self.empty_values:
            return None
        read = self._read(value)
        possible(read)
        if timezone.is_aware(read):
            self.earliest = self.latest = read.astimezone(UTC)
            return self.earliest
        self.earliest, self.latest = both(read)
        if self.earliest == self.latest:
            return self.earliest
        return self._one_of_two(read, value.which if isinstance(value, Typed) else "")

    def _one_of_two(self, wall: datetime, which: str) -> datetime | None:
        if which:
            self.earliest = self.latest = self.earliest if which == "1" else self.latest
            return self.earliest
        if self.ambiguous is Ambiguous.ASK:
            raise forms.ValidationError(_question(wall), code="twice")
        self.in_doubt = True
        return self.earliest if self.ambiguous is Ambiguous.FIRST else self.latest

    def _read(self, value: Any) -> datetime:
        if isinstance(value, datetime):
            return value
        if isinstance(value, date):
            return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a time on the wall has no zone
        try:
            read = parse_datetime(str(value).strip())
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error
        if read is not None:
            return read
        found = super(forms.DateTimeField, self).to_python(str(value))
        if not isinstance(found, datetime):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return found


def moments(form: forms.BaseForm) -> dict[str, MomentField]:
    """The moments that a form asks for, by name."""
    return {name: field for name, field in form.fields.items() if isinstance(field, MomentField)}


def ask_of_its_own(form: forms.BaseForm, now: datetime) -> None:
    """Let a form ask which of two it was before anything is typed, in the weeks after the clock was put back."""
    night = last_night_twice(now)
    for field in moments(form).values():
        if isinstance(field.widget, MomentInput):
            field.widget.night = night


def in_doubt(form: forms.BaseForm) -> list[str]:
    """Of which moments nobody said whether it was the first or the second; of a form that was cleaned."""
    return [name for name, field in moments(form).items() if field.in_doubt]
