from django import forms

from beeldkluis.journal.typed import Form


class FilterForm(Form):
    """Which entries to list."""

    opname = forms.UUIDField(label="Kenmerk van de opname", required=False)
    zaak = forms.CharField(label="Zaak", required=False, max_length=32)
