"""What is typed around a viewing: its beginning, who is there, its report."""

from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from beeldkluis.journal.typed import Form
from beeldkluis.people.forms import is_number
from beeldkluis.protocol.codes import DIGITS
from beeldkluis.protocol.presence import Ground
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.requests import IDENTITY_DOCUMENTS

Typed = MultiValueDict[str, Any] | None
NUMERIC = {"inputmode": "numeric", "autocomplete": "off", "maxlength": DIGITS}


def _kept(data: Typed) -> Typed:
    """What was typed without halves of letters (lone surrogates): no database keeps them and no page can show them again."""
    if data is None:
        return None
    told = {name: [str(one).encode("utf-8", "ignore").decode() for one in data.getlist(name)] for name in data}
    return MultiValueDict(told)


class RoomForm(Form):
    """A form that can be shown again with whatever came in."""

    def __init__(self, data: Typed = None, **named: Any) -> None:
        super().__init__(_kept(data), **named)


class BeginForm(RoomForm):
    """What for, and where."""

    def __init__(self, purposes: tuple[Purpose, ...], data: Typed = None, **named: Any) -> None:
        super().__init__(data, **named)
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


class OfficerForm(RoomForm):
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


class ViewingNumberForm(RoomForm):
    """Which viewing, for somebody who is signed in."""

    viewing = HereForm.base_fields["viewing"]


class RequesterForm(RoomForm):
    """Whose identity was seen."""

    name = forms.CharField(label="Naam", max_length=200)
    document = forms.ChoiceField(
        label="Welk document hebt u gezien?", choices=list(IDENTITY_DOCUMENTS.items()), widget=forms.RadioSelect
    )


class CompanionForm(RoomForm):
    """Who came along."""

    name = forms.CharField(label="Wie kwam er mee?", max_length=200)


class StandInForm(RoomForm):
    """Whose place, and why."""

    ground = forms.ChoiceField(
        label="Wat is er aan de hand?", choices=[(one.value, one.dutch) for one in Ground], widget=forms.RadioSelect
    )
    because = forms.CharField(label="Toelichting", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, officers: list[tuple[str, str]], data: Typed = None, **named: Any) -> None:
        super().__init__(data, **named)
        self.officers = dict(officers)
        self.fields["officer"] = forms.ChoiceField(
            label="Wiens plaats neemt u in?", choices=officers, required=False, widget=forms.RadioSelect
        )
        self.order_fields(["officer", "ground", "because"])

    def clean_officer(self) -> str:
        """One of those who are still to come: nothing chosen means the unknown wearer, where there is one."""
        chosen = str(self.cleaned_data["officer"])
        if chosen not in self.officers:
            raise forms.ValidationError("Kies wiens plaats u inneemt.")
        return chosen


class ReportForm(RoomForm):
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
