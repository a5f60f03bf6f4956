"""The form with the municipality's own addresses: where objections go, and how the data protection officer is reached."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from beeldkluis.journal.typed import Form

LONGEST = 500  # letters, of all lines of one address together


def address_field(label: str, help_text: str, *, rows: int = 4) -> forms.CharField:
    """A few lines of an address."""
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=LONGEST, widget=area)


OBJECTION = address_field(
    "Waar gaat een bezwaar heen?",
    "Naam en adres, elk op een eigen regel. Dit staat in elk besluit. Zonder dit adres kan geen besluit worden vastgelegd.",
)
DPO = address_field(
    "Hoe is de functionaris gegevensbescherming te bereiken?",
    "Bijvoorbeeld een e-mailadres en een telefoonnummer. Dit staat op de openbare pagina.",
    rows=3,
)
ADDRESSES = ("objection", "dpo", "postal", "phone", "email", "website", "public_records")


class AddressesForm(Form):
    """What stands in letters and on the public page. Each line is a line of the address."""

    objection = OBJECTION
    dpo = DPO
    postal = address_field("Postadres van de gemeente", "Dit staat boven elke brief.")
    phone = address_field("Telefoonnummer", "", rows=1)
    email = address_field("E-mailadres", "", rows=1)
    website = address_field("Website", "", rows=1)
    public_records = address_field("Woo-contactpersoon", "Voor verzoeken om andere informatie dan beelden.", rows=3)

    def clean_email(self) -> str:
        """An address that mail can go to: calendars and the page for security reports use it."""
        typed: str = self.cleaned_data["email"].strip()
        try:
            for line in typed.splitlines():
                validate_email(line.strip())
        except ValidationError as error:
            raise forms.ValidationError("Dit is geen e-mailadres.") from error
        return typed

    def lines(self) -> Mapping[str, Sequence[str]]:
        """Every address as lines."""
        return {name: str(self.cleaned_data[name]).splitlines() for name in ADDRESSES}


def known_addresses(typed: Any, known: Mapping[str, Sequence[str]]) -> AddressesForm:
    """The form with what is known, or what was typed into it."""
    return AddressesForm(typed, initial={name: "\n".join(known.get(name, ())) for name in ADDRESSES})
