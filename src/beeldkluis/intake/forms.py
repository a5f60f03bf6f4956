from django import forms

from beeldkluis.intake.models import AxisSystem
from beeldkluis.journal.typed import Form


class AxisSystemForm(Form):
    """A body-worn system to let in."""

    name = forms.CharField(label="Naam van het camerasysteem", max_length=64)
    certificate = forms.CharField(
        label="Certificaat van deze server (PEM)",
        required=False,
        widget=forms.Textarea,
        max_length=16_000,
        help_text="Zonder certificaat verbindt het systeem zonder https; doe dat alleen om te proberen.",
    )

    def clean_name(self) -> str:
        """Each system has its own name."""
        name: str = self.cleaned_data["name"].strip()
        if AxisSystem.objects.filter(name=name).exists():
            raise forms.ValidationError("Er is al een camerasysteem met deze naam.")
        return name
