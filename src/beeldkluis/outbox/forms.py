from django import forms

from beeldkluis.journal.typed import Form


class WithdrawForm(Form):
    """Why a message need not go any more."""

    because = forms.CharField(
        label="Waarom hoeft dit niet meer?", max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
