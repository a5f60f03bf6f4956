from django import forms


class WithdrawForm(forms.Form):
    """Why a message need not go any more."""

    because = forms.CharField(
        label="Waarom hoeft dit niet meer?", max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
