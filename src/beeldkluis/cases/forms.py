"""Forms of the cases room. What a request must have is asked of protocol.cases; a form only reads what was typed."""

from collections.abc import Mapping
from typing import Any

from django import forms

from beeldkluis.cases.models import Case
from beeldkluis.protocol.cases import CONSIDERATIONS, CaseKind, may_grant

CHANNELS = (("letter", "per brief"), ("email", "per e-mail"), ("form", "via het formulier op de website"))


def _moment(label: str, *, required: bool = False, help_text: str = "") -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, required=required, help_text=help_text, widget=widget)


def _lines() -> forms.Textarea:
    return forms.Textarea(attrs={"rows": 4})


def _text(label: str, longest: int, *, required: bool = False, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, required=required, **more)


class RequestForm(forms.Form):
    """What a requester gives. Only the name is needed to register; the rest can be asked for afterwards."""

    received_by_channel = forms.ChoiceField(label="Hoe kwam het verzoek binnen?", choices=CHANNELS)
    requester_name = _text("Naam", 200, required=True)
    requester_address = _text("Adres", 300)
    requester_place = _text("Postcode en woonplaats", 120)
    requester_organisation = _text("Organisatie", 200)
    requester_phone = _text("Telefoonnummer", 40)
    requester_email = forms.EmailField(label="E-mailadres", required=False)
    demonstrable_interest = _text("Waarom wil de verzoeker de beelden zien?", 5000, widget=_lines())
    moment_from = _moment("Wanneer begon het?", help_text="Een schatting mag. Ook opnames kort ervoor blijven bewaard.")
    moment_until = _moment("Wanneer was het voorbij?")
    place = _text("Waar was het?", 300)

    def clean(self) -> dict[str, Any]:
        """An end before its beginning is a slip of the pen; one moment alone is both."""
        cleaned = super().clean() or {}
        start, end = cleaned.get("moment_from"), cleaned.get("moment_until")
        if start and end and end < start:
            self.add_error("moment_until", "Het einde ligt voor het begin.")
        cleaned["moment_from"], cleaned["moment_until"] = start or end, end or start
        return cleaned


class NewRequestForm(RequestForm):
    """A request that is registered: its kind and its receipt come first."""

    kind = forms.ChoiceField(
        label="Wat voor verzoek is het?",
        choices=[(kind.value, kind.dutch) for kind in CaseKind],
        widget=forms.RadioSelect,
        initial=CaseKind.ACCESS.value,
    )
    received_at = _moment("Wanneer is het ontvangen?", required=True, help_text="Vanaf dan tellen de vier weken.")
    field_order = ("kind", "received_at")


def completion(case: Case, typed: Mapping[str, Any] | None) -> RequestForm:
    """The request as it is, to be completed."""
    return RequestForm(typed, initial={name: getattr(case, name) for name in RequestForm.base_fields})


class DecisionForm(forms.Form):
    """The decision: no, unless. The answers a to e are only asked for when it is yes."""

    granted = forms.TypedChoiceField(
        label="Krijgt de verzoeker inzage?",
        choices=(("no", "Nee, het verzoek wordt afgewezen"), ("yes", "Ja, er zijn zwaarwegende argumenten")),
        coerce=lambda typed: typed == "yes",
        widget=forms.RadioSelect,
        initial="no",
    )
    grounds = _text(
        "Motivering",
        10_000,
        required=True,
        widget=_lines(),
        help_text="Deze tekst komt in de brief. Noem het belang van de verzoeker en de privacy van anderen.",
        error_messages={"required": "Vul een motivering in."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for letter, question in CONSIDERATIONS.items():
            self.fields[f"consideration_{letter}"] = _text(f"{letter}. {question}", 5000, widget=_lines())

    def clean(self) -> dict[str, Any]:
        """Say what a grant still lacks beside the text that was typed, before the rule refuses it."""
        cleaned = super().clean() or {}
        if cleaned.get("granted") and cleaned.get("grounds"):
            verdict = may_grant(grounds=cleaned["grounds"], considerations=self.considerations())
            for letter, answer in self.considerations().items():
                if not verdict.allowed and not answer:
                    self.add_error(f"consideration_{letter}", "Beantwoord deze vraag.")
        return cleaned

    def considerations(self) -> dict[str, str]:
        """The answers by letter, as typed."""
        return {letter: self.cleaned_data.get(f"consideration_{letter}", "") for letter in CONSIDERATIONS}


class ObjectionForm(forms.Form):
    """An objection that came in."""

    received_at = _moment("Wanneer is het bezwaar ontvangen?", required=True)


class ClosingForm(forms.Form):
    """Why nothing asks to keep the footage any more."""

    because = _text("Waarom is deze zaak klaar?", 2000, widget=_lines())


class NumberForm(forms.Form):
    """A recording by its number on screen."""

    number = forms.RegexField(
        label="Nummer van een andere opname",
        regex=r"^(?:[Rr]-)?\d{1,9}$",
        help_text="Zoals R-000123 in de lijst van opnames.",
        error_messages={"invalid": "Een nummer ziet eruit als R-000123."},
    )

    def typed(self) -> int:
        """The number itself."""
        return int(self.cleaned_data["number"].upper().removeprefix("R-"))
