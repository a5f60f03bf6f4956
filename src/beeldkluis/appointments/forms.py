"""What is typed for appointments and rooms."""

from datetime import datetime
from typing import Any

from django import forms

from beeldkluis.appointments.models import Room
from beeldkluis.cases.forms import lines, moment_field, text_field
from beeldkluis.documents.words import day_and_time
from beeldkluis.journal.typed import Form

MOST_MOMENTS = 3


def _room_field() -> "forms.ModelChoiceField[Room]":
    return forms.ModelChoiceField(queryset=Room.objects.none(), label="In welke ruimte?", empty_label=None)


def _fill(form: forms.Form) -> None:
    field = form.fields["room"]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - made above
    field.queryset = Room.objects.filter(retired_at__isnull=True).order_by("name")


class AppointmentForm(Form):
    """One moment makes the appointment; several are a proposal."""

    room = _room_field()
    at_1 = moment_field("Wanneer?", required=True)
    at_2 = moment_field("Tweede moment", help_text="Vult u meer momenten in, dan kiest de verzoeker.")
    at_3 = moment_field("Derde moment")
    minutes = forms.IntegerField(label="Hoeveel minuten?", min_value=10, max_value=240, initial=45)
    companion = forms.BooleanField(label="De verzoeker mag iemand meenemen", required=False)

    def __init__(self, *words: Any, **named: Any) -> None:
        super().__init__(*words, **named)
        _fill(self)

    def moments(self) -> list[datetime]:
        """The moments that were filled in, in order of time."""
        typed = [self.cleaned_data.get(f"at_{number}") for number in range(1, MOST_MOMENTS + 1)]
        return sorted(one for one in typed if one)


class ChoosingForm(Form):
    """Which of the moments the requester chose."""

    def __init__(self, moments: list[datetime], *words: Any, **named: Any) -> None:
        super().__init__(*words, **named)
        choices = [(one.isoformat(), day_and_time(one)) for one in moments]
        self.fields["at"] = forms.ChoiceField(
            label="Welk moment koos de verzoeker?", choices=choices, widget=forms.RadioSelect
        )


class MovingForm(Form):
    """Another moment or place."""

    room = _room_field()
    at = moment_field("Wanneer?", required=True)
    because = text_field("Waarom? Dit komt in de brief.", 1000, widget=lines(3))

    def __init__(self, *words: Any, **named: Any) -> None:
        super().__init__(*words, **named)
        _fill(self)


class CancellingForm(Form):
    """Why it does not go on."""

    because = text_field("Waarom? Dit komt in de brief.", 1000, widget=lines(3))


class RoomForm(Form):
    """A room that is set up for viewing."""

    name = text_field("Naam van de ruimte", 80, required=True)
    address = text_field("Adres", 200, required=True)
    note = text_field(
        "Bijzonderheden", 1000, widget=lines(3), help_text="Waar melden, toegankelijkheid, wat er is ingericht."
    )
