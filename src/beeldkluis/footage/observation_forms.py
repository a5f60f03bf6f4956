from typing import Any

from django import forms

from beeldkluis.footage.models import Observation
from beeldkluis.journal.typed import Form
from beeldkluis.protocol.observation import ObservationFacts, is_told

YES_NO = [("ja", "Ja"), ("nee", "Nee")]


def _choice(label: str, choices: Any, **named: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, **named)


def _words(label: str, help_text: str = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, required=False, max_length=1000, widget=widget, help_text=help_text)


class ObservationForm(Form):
    """What the officer says of one recording."""

    kind = _choice("Waarom ging de camera aan?", Observation.Kind.choices)
    warning = _choice("Is er vooraf gewaarschuwd?", Observation.SpokenWarning.choices)
    warning_because = _words("Zo niet, waarom niet?")
    one_to_one = _choice("Is er één persoon in het bijzonder gefilmd?", YES_NO)
    place = _choice("Waar was het?", Observation.Place.choices)
    place_because = _words("Ergens anders: wat voor plaats?")
    off_when_over = _choice("Ging de camera uit toen het voorbij was?", YES_NO)
    enforcement_number = forms.CharField(
        label="Nummer in het handhavingssysteem",
        required=False,
        max_length=60,
        help_text="Verplicht bij agressie of onveiligheid; mag later.",
    )
    facts = _words("Korte feiten", "Wat gebeurde er, neutraal en zonder namen. Namen horen in het handhavingssysteem.")

    def clean(self) -> dict[str, Any]:
        """What lacks is said at the form, by the same rule that the step asks."""
        cleaned = super().clean() or {}
        if not self.errors and not (verdict := is_told(self.told())).allowed:
            field = "place_because" if "plaats" in verdict.reason else "warning_because"
            self.add_error(field, verdict.reason)
        return cleaned

    def told(self) -> ObservationFacts:
        """What was told."""
        typed = self.cleaned_data
        return ObservationFacts(
            kind=typed["kind"],
            enforcement_number=typed["enforcement_number"].strip(),
            warning=typed["warning"],
            warning_because=typed["warning_because"].strip(),
            one_to_one=typed["one_to_one"] == "ja",
            place=typed["place"],
            place_because=typed["place_because"].strip(),
            off_when_over=typed["off_when_over"] == "ja",
            facts=typed["facts"].strip(),
        )


def as_typed(observation: Observation) -> dict[str, str]:
    """An observation as the form shows it, to be corrected."""
    names = ("kind", "warning", "warning_because", "place", "place_because", "enforcement_number", "facts")
    typed = {name: str(getattr(observation, name)) for name in names}
    answers = {name: "ja" if getattr(observation, name) else "nee" for name in ("one_to_one", "off_when_over")}
    return typed | answers
