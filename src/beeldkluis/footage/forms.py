from django import forms

from beeldkluis.footage.models import Recording
from beeldkluis.journal.typed import Form


class FilterForm(Form):
    """Which recordings to list: by day and by state. Never by officer: the list is for finding, not for following people."""

    van = forms.DateField(
        label="Vanaf", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    tot = forms.DateField(
        label="Tot en met", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    status = forms.ChoiceField(label="Status", required=False, choices=[("", "Alle"), *Recording.State.choices])
