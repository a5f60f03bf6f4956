from datetime import date
from typing import Any

from django import forms

from beeldkluis.journal.typed import Form
from beeldkluis.people.acknowledgement_actions import Receipt
from beeldkluis.people.models import Acknowledgement

MAX_SCAN = 5 * 1024 * 1024  # bytes


def _day(label: str) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class SignForm(Form):
    """Somebody signs for himself: both were received, today unless said otherwise."""

    protocol_received_on = _day("Protocol ontvangen op")
    instruction_received_on = _day("Werkinstructie ontvangen op")
    understood = forms.BooleanField(
        label="Ik heb het protocol en de werkinstructie gelezen en teken daarvoor.",
        error_messages={"required": "Vink dit aan om te tekenen."},
    )

    def receipt(self, how: str) -> Receipt:
        """What was signed for."""
        typed = self.cleaned_data
        return Receipt(
            protocol_received_on=typed["protocol_received_on"],
            instruction_received_on=typed["instruction_received_on"],
            how=how,
        )


def signing_today(today: date) -> dict[str, Any]:
    """What the form shows at first."""
    return {"protocol_received_on": today, "instruction_received_on": today}


class PaperForm(Form):
    """A signature on paper, with a scan."""

    protocol_received_on = _day("Protocol ontvangen op")
    instruction_received_on = _day("Werkinstructie ontvangen op")
    scan = forms.FileField(label="Scan van de handtekening", help_text="PDF, PNG of JPEG, hoogstens 5 MB.")

    def receipt(self) -> Receipt:
        """What was signed for."""
        typed = self.cleaned_data
        return Receipt(
            protocol_received_on=typed["protocol_received_on"],
            instruction_received_on=typed["instruction_received_on"],
            how=Acknowledgement.How.PAPER,
            scan=typed["scan"].read(MAX_SCAN + 1),
        )


class LinkCodeForm(Form):
    """The code that belongs to a personal link."""

    code = forms.CharField(
        label="Code",
        max_length=12,
        help_text="Zes cijfers. U kreeg de code op een andere manier dan de link.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class ReviewForm(Form):
    """Somebody looked at the list of rights."""

    kind = forms.ChoiceField(
        label="Welke controle is dit?", choices=[("quarter", "Kwartaal"), ("year", "Jaar")], widget=forms.RadioSelect
    )
    seen = forms.BooleanField(
        label="Ik heb elke regel bekeken. Wat niet klopte, is hersteld of staat hieronder.",
        error_messages={"required": "Bekijk eerst de lijst."},
    )
    remarks = forms.CharField(
        label="Opmerkingen", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
