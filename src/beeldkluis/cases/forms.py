"""Forms of the cases room. What a request must have is asked of protocol.requests; a form only reads what was typed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms

from beeldkluis.cases.models import Case
from beeldkluis.journal.moments import Ambiguous, MomentField, MomentInput, ask_of_its_own, in_doubt, moments
from beeldkluis.journal.typed import Form
from beeldkluis.people.queries import officer_with_number
from beeldkluis.protocol.deciding import FORMS
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.representation import AUTHORITIES as AS_WHOM
from beeldkluis.protocol.representation import DECEASED, Authority

CHANNELS = (
    ("letter", "per brief"), ("email", "per e-mail"), ("paper", "met het papieren formulier"),
    ("form", "via het formulier op de website"),
)  # fmt: skip
AUTHORITIES = (("", "voor zichzelf"), *AS_WHOM.items())
WISHES = (("", "nog niet gezegd"), *FORMS.items())
OLDEST = 120  # years
_WHEN = ("moment_from", "moment_until", "place")


def moment_field(
    label: str, *, required: bool = False, help_text: str = "", ambiguous: Ambiguous = Ambiguous.ASK
) -> MomentField:
    """A day and a time."""
    return MomentField(label=label, required=required, help_text=help_text, ambiguous=ambiguous)


def age_field(label: str) -> forms.IntegerField:
    """Whole years."""
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=OLDEST)


def fill_span(form: forms.BaseForm, cleaned: dict[str, Any]) -> None:
    """One moment alone is both beginning and end; of one that came twice, from the first time to the second."""
    fields = moments(form)
    start, end = cleaned.get("moment_from"), cleaned.get("moment_until")
    cleaned["moment_from"] = start or (fields["moment_until"].earliest if end else None)
    cleaned["moment_until"] = end or (fields["moment_from"].latest if start else None)


def check_authority(form: forms.BaseForm, cleaned: dict[str, Any], *, filmed: bool) -> None:
    """Who died has no right of access: whoever remains asks as somebody with an interest. `filmed`: it is asked as a right."""
    if filmed and cleaned.get("authority") == Authority.KIN:
        form.add_error("authority", DECEASED)


def lines(rows: int = 4) -> forms.Textarea:
    """A few lines of text."""
    return forms.Textarea(attrs={"rows": rows})


def text_field(label: str, longest: int, *, required: bool = False, **more: Any) -> forms.CharField:
    """Text of at most so many letters."""
    return forms.CharField(label=label, max_length=longest, required=required, **more)


class RequestForm(Form):
    """What a requester gives. Nothing but the name is needed to register; the rest can be asked for afterwards."""

    received_by_channel = forms.ChoiceField(label="Hoe kwam het binnen?", choices=CHANNELS)
    requester_name = text_field("Naam", 200)
    requester_organisation = text_field("Organisatie", 200)
    requester_address = text_field("Adres", 300)
    requester_place = text_field("Postcode en woonplaats", 120)
    requester_phone = text_field("Telefoonnummer", 40)
    requester_email = forms.EmailField(label="E-mailadres", required=False)
    authority = forms.ChoiceField(label="Voor wie vraagt de verzoeker?", choices=AUTHORITIES, required=False)
    on_behalf_of = text_field("Namens wie? Alleen als het voor een ander is.", 200)
    on_behalf_of_age = age_field("Hoe oud is wie is gefilmd? Alleen bij een kind, in jaren.")
    wish = forms.ChoiceField(label="Wil de verzoeker kijken of een kopie?", choices=WISHES, required=False)
    officer_number = text_field("Nummer van de handhaver die erom vraagt", 20)
    formal_reference = text_field("Kenmerk", 120, help_text="Van de vordering, of het nummer van de aangifte.")
    formal_article = text_field("Wetsartikel", 120)
    formal_offence = text_field("Strafbaar feit", 300)
    moment_from = moment_field(
        "Wanneer begon het?",
        help_text="Een schatting mag. Ook opnames kort ervoor blijven bewaard.",
        ambiguous=Ambiguous.FIRST,
    )
    moment_until = moment_field("Wanneer was het voorbij?", ambiguous=Ambiguous.SECOND)
    place = text_field("Waar was het?", 300)
    description = text_field("Hoe is de verzoeker te herkennen?", 1000, widget=lines(2))
    demonstrable_interest = text_field(
        "Waarom wil de verzoeker de beelden zien?", 5000, widget=lines(),
        help_text="Wie zelf is gefilmd, hoeft dit niet te zeggen (I-09).",
    )  # fmt: skip
    about_team_manager = forms.BooleanField(
        label="Het gaat over de teammanager zelf. Dan behandelt de plaatsvervanger het.", required=False
    )

    def __init__(self, kind: CaseKind, *words: Any, **named: Any) -> None:
        super().__init__(*words, **named)
        self.case_kind = kind
        kept = {"received_by_channel", *kind.facts.shown, *self.extra()}
        for name in [one for one in self.fields if one not in kept]:
            del self.fields[name]

    def extra(self) -> tuple[str, ...]:
        """Names of further fields of a form made from this one."""
        return ()

    def clean_officer_number(self) -> str:
        """Of somebody who is known."""
        number: str = self.cleaned_data["officer_number"].strip()
        if number and officer_with_number(number) is None:
            raise forms.ValidationError("Er is geen handhaver met dit nummer.")
        return number

    def clean(self) -> dict[str, Any]:
        """An end before its beginning is a slip of the pen; one moment alone is both."""
        cleaned = super().clean() or {}
        start, end = cleaned.get("moment_from"), cleaned.get("moment_until")
        if start and end and end < start:
            self.add_error("moment_until", "Het einde ligt voor het begin.")
        if "moment_from" in self.fields:
            fill_span(self, cleaned)
        check_authority(self, cleaned, filmed=self.case_kind.facts.by_right)
        return cleaned

    def asked(self) -> dict[str, Any]:
        """What was given, as the steps want it."""
        typed = {name: value for name, value in self.cleaned_data.items() if name not in self.extra()}
        if "moment_from" in self.fields:
            typed["in_doubt"] = [name for name in in_doubt(self) if name in _WHEN]
        formal = {name: typed.pop(name) for name in list(typed) if name.startswith("formal_")}
        if formal:
            typed["formal_data"] = {name.removeprefix("formal_"): value for name, value in formal.items()}
        if "officer_number" in typed:
            typed["officer"] = officer_with_number(typed.pop("officer_number") or "?")
            typed["requester_name"] = str(typed["officer"] or "")
        return typed


def completion(case: Case, typed: Mapping[str, Any] | None, *, now: datetime) -> RequestForm:
    """The request as it is, to be completed."""
    known = {name: getattr(case, name) for name in RequestForm.base_fields if hasattr(case, name)}
    known |= {f"formal_{name}": value for name, value in case.formal_data.items()}
    known["officer_number"] = case.officer.number if case.officer else ""
    form = RequestForm(CaseKind(case.kind), typed, initial=known)
    ask_of_its_own(form, now)
    for name, field in moments(form).items():
        if isinstance(field.widget, MomentInput):
            field.widget.in_doubt = name in case.in_doubt
    return form


class NumberForm(Form):
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
