"""Forms of the cases room. What a request must have is asked of protocol.requests; a form only reads what was typed."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from beeldkluis.cases import mail
from beeldkluis.cases.actions import MAX_DOCUMENT, Paper
from beeldkluis.cases.models import Case
from beeldkluis.journal.typed import Form
from beeldkluis.people.queries import officer_with_number
from beeldkluis.protocol.cases import CaseKind
from beeldkluis.protocol.requests import looks_like_records_request

CHANNELS = (
    ("letter", "per brief"), ("email", "per e-mail"), ("paper", "met het papieren formulier"),
    ("form", "via het formulier op de website"),
)  # fmt: skip
AUTHORITIES = (
    ("", "voor zichzelf"),
    ("parent", "als ouder"),
    ("guardian", "als voogd"),
    ("authorised", "met een machtiging"),
)
_PERSON = (
    "requester_name", "requester_organisation", "requester_address", "requester_place", "requester_phone",
    "requester_email",
)  # fmt: skip
_WHEN = ("moment_from", "moment_until", "place")
SHOWN: Mapping[CaseKind, tuple[str, ...]] = {
    CaseKind.ACCESS: (
        *_PERSON, "authority", "on_behalf_of", *_WHEN, "description", "demonstrable_interest", "about_team_manager",
    ),
    CaseKind.INTEREST: (*_PERSON, *_WHEN, "demonstrable_interest", "about_team_manager"),
    CaseKind.DEMAND: (*_PERSON, "formal_reference", "formal_article", "formal_offence", *_WHEN, "about_team_manager"),
    CaseKind.SELF_REFLECTION: ("officer_number", *_WHEN),
    CaseKind.PRESERVATION: ("requester_name", "formal_reference", *_WHEN),
    CaseKind.PUBLIC_RECORDS: (*_PERSON, *_WHEN, "about_team_manager"),
}  # fmt: skip


def moment_field(label: str, *, required: bool = False, help_text: str = "") -> forms.DateTimeField:
    """A day and a time."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, required=required, help_text=help_text, widget=widget)


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
    officer_number = text_field("Nummer van de handhaver die erom vraagt", 20)
    formal_reference = text_field("Kenmerk", 120, help_text="Van de vordering, of het nummer van de aangifte.")
    formal_article = text_field("Wetsartikel", 120)
    formal_offence = text_field("Strafbaar feit", 300)
    moment_from = moment_field(
        "Wanneer begon het?", help_text="Een schatting mag. Ook opnames kort ervoor blijven bewaard."
    )
    moment_until = moment_field("Wanneer was het voorbij?")
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
        kept = {"received_by_channel", *SHOWN[kind], *self.extra()}
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
            cleaned["moment_from"], cleaned["moment_until"] = start or end, end or start
        return cleaned

    def asked(self) -> dict[str, Any]:
        """What was given, as the steps want it."""
        typed = {name: value for name, value in self.cleaned_data.items() if name not in self.extra()}
        formal = {name: typed.pop(name) for name in list(typed) if name.startswith("formal_")}
        if formal:
            typed["formal_data"] = {name.removeprefix("formal_"): value for name, value in formal.items()}
        if "officer_number" in typed:
            typed["officer"] = officer_with_number(typed.pop("officer_number") or "?")
            typed["requester_name"] = str(typed["officer"] or "")
        return typed


class NewRequestForm(RequestForm):
    """A request that is registered. A saved e-mail fills in what was left empty."""

    kind = forms.CharField(widget=forms.HiddenInput)
    received_at = moment_field("Wanneer is het ontvangen?", help_text="Vanaf dan tellen de vier weken. Leeg: nu.")
    paper = forms.FileField(
        label="De brief of e-mail zelf", required=False,
        help_text="PDF, PNG, JPEG of .eml, hoogstens 10 MB. Een .eml vult naam, adres, datum en tekst vanzelf in.",
    )  # fmt: skip
    told = text_field("Of plak hier de tekst van het bericht", mail.LONGEST, widget=lines(6))
    not_records = forms.BooleanField(label="Het is geen Woo-verzoek, al noemt de tekst die wet", required=False)
    field_order = ("kind", "received_by_channel", "received_at", "paper", "told", "not_records")

    def extra(self) -> tuple[str, ...]:
        """What stands above the request itself."""
        return "kind", "received_at", "paper", "told", "not_records"

    def clean(self) -> dict[str, Any]:
        """Read the e-mail, ask for a name, and notice a request for public records."""
        cleaned = super().clean()
        self.papers = None
        if (upload := cleaned.get("paper")) is not None:
            self.papers = Paper(upload.name, upload.read(MAX_DOCUMENT + 1))
            if upload.name.lower().endswith(".eml"):
                self._fill(cleaned, self.papers.data)
        if "requester_name" in self.fields and not cleaned.get("requester_name"):
            self.add_error("requester_name", "Vul een naam in.")
        if "officer_number" in self.fields and not cleaned.get("officer_number"):
            self.add_error("officer_number", "Vul het nummer in.")
        records = self.case_kind is CaseKind.PUBLIC_RECORDS
        if not records and not cleaned.get("not_records") and looks_like_records_request(cleaned.get("told") or ""):
            self.add_error("told", "Dit lijkt een Woo-verzoek. Schrijf het zo in, of zet hieronder een vinkje.")
        return cleaned

    def _fill(self, cleaned: dict[str, Any], data: bytes) -> None:
        try:
            read = mail.read(data)
        except ValueError:
            self.add_error("paper", "Dit bestand is geen e-mail.")
            return
        given = {
            "requester_name": read.name,
            "requester_email": read.email,
            "received_at": read.sent_at,
            "told": read.text,
        }
        for name, value in given.items():
            if name in self.fields and not cleaned.get(name):
                cleaned[name] = value

    def asked(self) -> dict[str, Any]:
        """Everything for the step of registering."""
        more = {
            "received_at": self.cleaned_data["received_at"],
            "told": self.cleaned_data["told"],
            "paper": self.papers,
        }
        return super().asked() | more


def new_request(
    kind: CaseKind, typed: Mapping[str, Any] | None, files: MultiValueDict[str, Any] | None
) -> NewRequestForm:
    """An empty form for a kind, or what was typed into it."""
    return NewRequestForm(kind, typed, files, initial={"kind": kind.value})


def completion(case: Case, typed: Mapping[str, Any] | None) -> RequestForm:
    """The request as it is, to be completed."""
    known = {name: getattr(case, name) for name in RequestForm.base_fields if hasattr(case, name)}
    known |= {f"formal_{name}": value for name, value in case.formal_data.items()}
    known["officer_number"] = case.officer.number if case.officer else ""
    return RequestForm(CaseKind(case.kind), typed, initial=known)


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
