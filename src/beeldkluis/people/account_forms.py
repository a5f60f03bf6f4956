"""Forms about accounts that wait."""

from django import forms

from beeldkluis.journal.typed import Form


class ObjectionForm(Form):
    """Why it is stopped."""

    because = forms.CharField(
        label="Waarom houdt u dit tegen?", max_length=1000, widget=forms.Textarea(attrs={"rows": 2}), required=False
    )

    def reason(self) -> str:
        """As typed; otherwise that nothing was."""
        return str(self.cleaned_data["because"]).strip() or "Geen reden opgegeven."
