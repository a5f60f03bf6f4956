"""What is typed around a viewing: its beginning, who is there, its report."""

from typing import Any

from django import forms

from beeldkluis.people.forms import is_number
from beeldkluis.protocol.codes import DIGITS
from beeldkluis.protocol.presence import Ground, Purpose
from beeldkluis.protocol.requests import IDENTITY_DOCUMENTS

NUMERIC = {"inputmode": "numeric", "autocomplete": "off", "maxlength": DIGITS}


class BeginForm(forms.Form):
    """What for, and where."""

    def __init__(self, purposes: tuple[Purpose, ...], *words: Any, **named: Any) -> None:
        super().__init__(*words, **named)
        choices = [(one.value, one.dutch) for one in purposes]
        self.fields["purpose"] = forms.ChoiceField(
            label="Waarvoor kijkt u?",
            choices=choices,
            widget=forms.RadioSelect,
            initial=choices[0][0] if choices else None,
        )
        self.fields["place"] = forms.CharField(
            label="Waar kijkt u?", max_length=300, help_text="De naam van de ruimte."
        )


class OfficerForm(forms.Form):
    """An officer says: I am here."""

    number = forms.CharField(
        label="Nummer van de handhaver",
        max_length=20,
        validators=[is_number],
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    code = forms.CharField(
        label="Code van de handhaver",
        max_length=DIGITS,
        help_text="Dezelfde zes cijfers als bij het dockingstation. De handhaver typt ze zelf.",
        widget=forms.PasswordInput(attrs=NUMERIC),
    )


class HereForm(OfficerForm):
    """The same on a device of one's own."""

    viewing = forms.CharField(
        label="Nummer van de inzage", max_length=6, help_text="Zes cijfers. Ze staan op het scherm van de teammanager.",
        widget=forms.TextInput(attrs=NUMERIC),
    )  # fmt: skip
    field_order = ("viewing", "number", "code")


class ViewingNumberForm(forms.Form):
    """Which viewing, for somebody who is signed in."""

    viewing = HereForm.base_fields["viewing"]


class RequesterForm(forms.Form):
    """Whose identity was seen."""

    name = forms.CharField(label="Naam", max_length=200)
    document = forms.ChoiceField(
        label="Welk document hebt u gezien?", choices=list(IDENTITY_DOCUMENTS.items()), widget=forms.RadioSelect
    )


class CompanionForm(forms.Form):
    """Who came along."""

    name = forms.CharField(label="Wie kwam er mee?", max_length=200)


class StandInForm(forms.Form):
    """Whose place, and why."""

    ground = forms.ChoiceField(
        label="Wat is er aan de hand?", choices=[(one.value, one.dutch) for one in Ground], widget=forms.RadioSelect
    )
    because = forms.CharField(label="Toelichting", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, officers: list[tuple[str, str]], *words: Any, **named: Any) -> None:
        super().__init__(*words, **named)
        self.fields["officer"] = forms.ChoiceField(
            label="Wiens plaats neemt u in?", choices=officers, required=False, widget=forms.RadioSelect
        )
        self.order_fields(["officer", "ground", "because"])


class ReportForm(forms.Form):
    """What is to be said afterwards."""

    remarks = forms.CharField(
        label="Opmerkingen", max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Bijvoorbeeld wat iemand vroeg of zei. Beschrijf geen beelden van anderen.",
    )  # fmt: skip
    copy_handed = forms.ChoiceField(
        label="Is er een kopie meegegeven?",
        choices=[("no", "Nee"), ("yes", "Ja")],
        widget=forms.RadioSelect,
        initial="no",
    )
