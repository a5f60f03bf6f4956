from django import forms

from beeldkluis.people.models import Officer


class OfficerForm(forms.Form):
    """A new officer: number, name, employment, and from when."""

    number = forms.CharField(label="Nummer", max_length=20)
    name = forms.CharField(label="Naam", max_length=120)
    employment = forms.ChoiceField(
        label="In dienst of ingeleend", choices=Officer.Employment.choices, widget=forms.RadioSelect
    )
    since = forms.DateTimeField(
        label="Werkt hier sinds",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
