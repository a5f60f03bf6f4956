"""The form of a demand: what it says, and what was checked. It may be saved with blanks; what is blank stops handing over."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django import forms

from beeldkluis.cases.forms import lines, moment_field, text_field
from beeldkluis.disclosure.models import Demand
from beeldkluis.disclosure.queries import FIELDS, demanded, recordings
from beeldkluis.journal.typed import Form
from beeldkluis.protocol.demand import FORMS, Article, Authoriser, Receiver, rests_on
from beeldkluis.protocol.legal import Regime

UNSAID = ("", "nog niet bekend")
YES_NO = (UNSAID, ("yes", "ja"), ("no", "nee"))
_SECRET = {"yes": True, "no": False}


def _choice(label: str, choices: list[tuple[str, str]], help_text: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[UNSAID, *choices], required=False, help_text=help_text)


def _day(label: str) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}))


def _tick(label: str, help_text: str = "") -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, help_text=help_text)


class DemandForm(Form):
    """What is known of a demand. `version`: from which it was made, so that nobody overwrites another's; `shown`: the numbers of
    the recordings beside it, so that nobody ticks for one that came later.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    shown = forms.RegexField(
        r"\A[0-9]{1,9}(?: [0-9]{1,9})*\Z", widget=forms.HiddenInput, required=False, max_length=10_000
    )
    receiver = _choice("Wie vordert?", [(one.value, one.dutch) for one in Receiver])
    name = text_field("Naam van wie vordert", 200)
    rank = text_field("Rang of functie", 80)
    number = text_field("Dienstnummer", 40)
    unit = text_field("Eenheid of afdeling", 200)
    reference = text_field("Kenmerk van de vordering", 120)
    prosecutor_number = text_field("Parketnummer of nummer van het proces-verbaal", 80)
    article = _choice("Wetsartikel", [(one.value, one.dutch) for one in Article])
    other_article = text_field("Welk ander artikel?", 120, help_text="Alleen als het een ander artikel is.")
    authoriser = _choice("Wie gaf toestemming?", [(one.value, one.dutch) for one in Authoriser])
    authorised_by = text_field("Naam van wie toestemming gaf", 200)
    authorised_on = _day("Datum van de toestemming")
    form = _choice("Hoe is er gevorderd?", list(FORMS.items()))
    demanded_at = moment_field("Wanneer is er gevorderd?")
    confirmed_at = moment_field(
        "Wanneer kwam de vordering op schrift?", help_text="Alleen als er eerst mondeling is gevorderd."
    )
    offence = text_field("Strafbaar feit", 300)
    period_from = moment_field("Vanaf wanneer worden beelden gevorderd?")
    period_until = moment_field("Tot wanneer?")
    place = text_field("Plaats", 300)
    persons = text_field("Om welke personen gaat het?", 1000, widget=lines(3), help_text="Zoals de vordering het zegt.")
    deliver_by = moment_field("Wanneer moeten de beelden er zijn?")
    secret = forms.ChoiceField(label="Is geheimhouding gevraagd?", choices=YES_NO, required=False)
    regime = _choice("Welke wet geldt voor deze beelden?", [(one.value, one.dutch) for one in Regime])
    signature_seen = _tick("Ik heb de handtekening gezien")
    called_back = _tick("Ik heb teruggebeld en gevraagd of de vordering echt is")
    called_number = text_field(
        "Op welk nummer?", 40, help_text="Een nummer dat u al kende of zelf opzocht, niet het nummer uit de vordering."
    )
    scope_fits = _tick("De opnames vallen binnen wat wordt gevorderd")

    groups = (
        ("Wie vordert", ("receiver", "name", "rank", "number", "unit", "reference", "prosecutor_number")),
        (
            "Waarop het rust",
            ("article", "other_article", "authoriser", "authorised_by", "authorised_on", "form", "demanded_at", "confirmed_at"),
        ),
        ("Wat er wordt gevorderd", ("offence", "period_from", "period_until", "place", "persons", "deliver_by")),
        ("Wie ervan mag weten, en welke wet geldt", ("secret", "regime")),
        ("Wat u hebt nagekeken", ("signature_seen", "called_back", "called_number", "scope_fits")),
    )  # fmt: skip

    def sections(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """Headings with the fields under each, in the order of a demand."""
        for heading, names in self.groups:
            yield heading, [self[name] for name in names]

    def clean_secret(self) -> bool | None:
        """Yes, no, or nobody said."""
        return _SECRET.get(self.cleaned_data["secret"])

    def clean(self) -> dict[str, Any]:
        """What contradicts itself is a slip of the pen; what is blank may be."""
        cleaned = super().clean() or {}
        begin, end = cleaned.get("period_from"), cleaned.get("period_until")
        if begin and end and end <= begin:
            self.add_error("period_until", "Het einde ligt niet na het begin.")
        article, authoriser = cleaned.get("article"), cleaned.get("authoriser")
        if article and authoriser and not (rests := rests_on(article, authoriser)).allowed:
            self.add_error("authoriser", rests.reason)
        demanded, confirmed = cleaned.get("demanded_at"), cleaned.get("confirmed_at")
        if demanded and confirmed and confirmed < demanded:
            self.add_error("confirmed_at", "De bevestiging kan niet voor de vordering zijn gekomen.")
        return cleaned

    def recordings(self) -> frozenset[int]:
        """The numbers of the recordings that stood on the page."""
        return frozenset(int(one) for one in self.cleaned_data["shown"].split())

    def told(self) -> dict[str, Any]:
        """What was said, by the names of the rules."""
        return {name: self.cleaned_data[name] for name in FIELDS}


def initial(demand: Demand) -> dict[str, Any]:
    """What is known, as the form shows it."""
    secret = {True: "yes", False: "no", None: ""}[demand.secret]
    shown = " ".join(str(number) for number in sorted(recordings(demand.case)))
    return asdict(demanded(demand)) | {"version": demand.version, "secret": secret, "shown": shown}
