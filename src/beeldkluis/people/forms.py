from django import forms
from django.core.validators import RegexValidator

from beeldkluis.people.models import Officer

# It stands in addresses, so no slash, no space.
is_number = RegexValidator(r"^[A-Za-z0-9][A-Za-z0-9._-]*$", "Gebruik alleen letters, cijfers, punt en streepje.")


class OfficerForm(forms.Form):
    """A new officer: number, name, employment, and from when."""

    number = forms.CharField(label="Nummer", max_length=20, validators=[is_number])
    name = forms.CharField(label="Naam", max_length=120)
    employment = forms.ChoiceField(
        label="In dienst of ingeleend", choices=Officer.Employment.choices, widget=forms.RadioSelect
    )
    since = forms.DateTimeField(
        label="Werkt hier sinds",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
