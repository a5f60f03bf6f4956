from typing import Any

from django import forms

from beeldkluis.journal.typed import Form
from beeldkluis.people.forms import is_number
from beeldkluis.protocol.codes import DIGITS, may_choose


def _code(label: str, help_text: str = "") -> forms.CharField:
    attributes = {"inputmode": "numeric", "autocomplete": "off", "maxlength": DIGITS}
    widget = forms.PasswordInput(attrs=attributes)
    return forms.CharField(label=label, max_length=DIGITS, help_text=help_text, widget=widget)


class NumberAndCodeForm(Form):
    """Who stands before the screen."""

    number = forms.CharField(
        label="Uw nummer",
        max_length=20,
        validators=[is_number],
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    code = _code("Uw code", "Zes cijfers. Nog geen code, of vergeten? Vraag de beheerder.")


class NewCodeForm(Form):
    """An officer chooses a code."""

    old = _code("De code die u nu hebt")
    new = _code("Nieuwe code", "Zes cijfers. Geen rijtje, geen herhaling en niet uw eigen nummer.")
    again = _code("Nieuwe code nog een keer")

    def __init__(self, *words: Any, number: str, **named: Any) -> None:
        super().__init__(*words, **named)
        self.number = number

    def clean(self) -> dict[str, Any]:
        """The same rule that the step asks, said at the field."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        verdict = may_choose(cleaned["new"], number=self.number, is_old=cleaned["new"] == cleaned["old"])
        if not verdict.allowed:
            self.add_error("new", verdict.reason)
        elif cleaned["new"] != cleaned["again"]:
            self.add_error("again", "De twee nieuwe codes zijn niet gelijk.")
        return cleaned
