from django import forms
from django.db.models.functions import Length

from beeldkluis.journal.moments import MomentField
from beeldkluis.journal.typed import Form
from beeldkluis.people.forms import is_number
from beeldkluis.people.models import Officer


def moment_field(label: str) -> MomentField:
    """A moment that somebody types or picks."""
    return MomentField(label=label)


def _yes_no(label: str) -> forms.TypedChoiceField:
    """Yes, no, or nobody knows (None)."""
    return forms.TypedChoiceField(
        label=label,
        choices=[("", "Onbekend"), ("ja", "Ja"), ("nee", "Nee")],
        coerce=lambda typed: typed == "ja",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )


class BodycamForm(Form):
    """A new bodycam, and what its model can keep before activation."""

    label = forms.CharField(label="Nummer op de behuizing", max_length=20, validators=[is_number])
    serial = forms.CharField(label="Serienummer", max_length=64)
    make = forms.CharField(label="Merk", max_length=60)
    model = forms.CharField(label="Model", max_length=60)
    pre_event_seconds = forms.IntegerField(
        label="Seconden die het model vóór het inschakelen bewaart",
        min_value=0,
        max_value=600,
        help_text="Kijk in de handleiding van de camera. Minder dan het protocol vraagt krijgt bij elke opname een vlag.",
    )
    pre_event_sound = _yes_no("Zit er geluid in die seconden?")
    seals_footage = _yes_no("Versleutelt de camera zelf wat erop staat?")
    post_event_seconds = forms.IntegerField(
        label="Seconden die het model na het uitschakelen doorgaat",
        min_value=0,
        max_value=600,
        initial=0,
        required=False,
    )

    def clean_post_event_seconds(self) -> int:
        """Nothing typed means that it stops at once."""
        return self.cleaned_data["post_event_seconds"] or 0


class IssueForm(Form):
    """To whom, and from when."""

    officer = forms.ModelChoiceField(
        label="Handhaver", queryset=Officer.objects.filter(until__isnull=True).order_by(Length("number"), "number")
    )
    at = moment_field("Uitgegeven op")
    because = forms.CharField(
        label="Alleen als de handhaver nog niet heeft getekend voor het protocol: waarom toch?",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class HandInForm(Form):
    """When it came back."""

    at = moment_field("Ingenomen op")


class DockForm(Form):
    """The name of a new dock."""

    name = forms.CharField(
        label="Naam van het dockingstation", max_length=60, help_text="Bijvoorbeeld de ruimte waar het staat."
    )
