import base64
import binascii
from typing import TypedDict

from django import forms
from django.core.exceptions import BadRequest
from django.core.validators import RegexValidator

from beeldkluis.journal.moments import MomentField
from beeldkluis.journal.text import read_json
from beeldkluis.journal.typed import Form
from beeldkluis.people.models import Officer

MAX_CEREMONY = 65_536  # bytes of JSON

# It stands in addresses, so no slash, no space.
is_number = RegexValidator(r"^[A-Za-z0-9][A-Za-z0-9._-]*$", "Gebruik alleen letters, cijfers, punt en streepje.")


class OfficerForm(Form):
    """A new officer: number, name, employment, and from when."""

    number = forms.CharField(label="Nummer", max_length=20, validators=[is_number])
    name = forms.CharField(label="Naam", max_length=120)
    employment = forms.ChoiceField(
        label="In dienst of ingeleend", choices=Officer.Employment.choices, widget=forms.RadioSelect
    )
    since = MomentField(label="Werkt hier sinds")


class AddressForm(Form):
    """Where mail to an officer goes."""

    email = forms.EmailField(
        label="E-mailadres van de handhaver zelf",
        required=False,
        help_text="Vraag het de handhaver zelf. Leeg: er gaat geen mail. Een handhaver heeft geen account nodig.",
    )


class Ceremony(TypedDict):
    """What the browser hands over after the key ceremony: public halves, and secret ones sealed by itself."""

    team_recipient: str
    recovery_recipient: str
    axis_public: str
    axis_sealed_private: bytes
    sealed_identity: bytes


def read_ceremony(body: bytes) -> Ceremony:
    """The keys in a JSON body, sealed halves as base64 in it. BadRequest when it is anything else."""
    if len(body) > MAX_CEREMONY:
        raise BadRequest("Het verzoek is te groot.")
    try:
        sent = read_json(body)
        if not isinstance(sent, dict):
            raise TypeError("no object")
        return Ceremony(
            team_recipient=str(sent["team_recipient"]),
            recovery_recipient=str(sent["recovery_recipient"]),
            axis_public=str(sent["axis_public"]),
            axis_sealed_private=base64.b64decode(sent["axis_sealed_private"], validate=True),
            sealed_identity=base64.b64decode(sent["sealed_identity"], validate=True),
        )
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise BadRequest("De sleutels zijn niet goed aangekomen.") from error
