from typing import Any

from django import forms
from django.db.models.functions import Length

from beeldkluis.devices.forms import moment_field
from beeldkluis.devices.incident_actions import Report
from beeldkluis.devices.models import Bodycam, SecurityIncident
from beeldkluis.journal.typed import Form

LONGEST = 4000


def _words(label: str, *, rows: int = 4, required: bool = True, help_text: str = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=LONGEST, required=required, widget=widget, help_text=help_text)


class ReportForm(Form):
    """Which camera, what happened, and when. At the dock's screen without the choice of a camera."""

    bodycam = forms.ModelChoiceField(label="Camera", queryset=Bodycam.objects.order_by(Length("label"), "label"))
    kind = forms.ChoiceField(
        label="Wat is er met de camera?", choices=SecurityIncident.Kind.choices, widget=forms.RadioSelect
    )
    last_seen_at = moment_field("Wanneer was de camera voor het laatst in uw handen?")
    aware_at = moment_field("Sinds wanneer weet iemand van de gemeente dit?")
    told = _words("Wat is er gebeurd? Een paar woorden.", rows=3)

    def __init__(self, *words: Any, with_camera: bool = True, **named: Any) -> None:
        super().__init__(*words, **named)
        self.fields["last_seen_at"].required = False
        if not with_camera:
            del self.fields["bodycam"]

    def report(self) -> Report:
        """What was told."""
        typed = self.cleaned_data
        return Report(
            kind=typed["kind"], told=typed["told"], last_seen_at=typed["last_seen_at"], aware_at=typed["aware_at"]
        )


class DescribeForm(Form):
    """The four points of GDPR art. 33(3)."""

    nature = _words("Wat is er gebeurd, en om wie en hoeveel mensen gaat het?")
    contact = _words("Bij wie kan men terecht?", rows=2)
    consequences = _words("Wat zijn de waarschijnlijke gevolgen?")
    measures = _words("Welke maatregelen zijn genomen of komen er?")


class DecideForm(Form):
    """Yes or no, and why."""

    answer = forms.TypedChoiceField(
        label="Besluit",
        choices=[("ja", "Ja"), ("nee", "Nee")],
        coerce=lambda typed: typed == "ja",
        widget=forms.RadioSelect,
    )
    because = _words("Waarom wel of niet?", rows=3)


class NotifiedForm(Form):
    """When the supervisory authority was notified."""

    at = moment_field("Gemeld op")
    late_because = _words("Alleen bij een melding na 72 uur: waarom later?", rows=2, required=False)


class InformedForm(Form):
    """When the persons were informed."""

    at = moment_field("Ingelicht op")


class LessonsForm(Form):
    """What is learnt."""

    lessons = _words("Wat leert de gemeente hiervan?")


class FoundForm(Form):
    """The camera is back."""

    at = moment_field("Terug sinds")
    how = _words("Hoe kwam de camera terug?", rows=3)
    unblock = forms.BooleanField(
        label="Blokkade opheffen. Het is dezelfde camera, en er is niet mee geknoeid.", required=False
    )
