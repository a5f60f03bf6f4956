"""The form of a finding."""

from django import forms

from beeldkluis.journal.typed import Form


class SettleForm(Form):
    """What was done about a finding."""

    because = forms.CharField(label="Wat hebt u gedaan?", widget=forms.Textarea, max_length=2000)
