"""The request form that everybody can fill in. It works without script."""

from datetime import datetime, timedelta
from typing import Any

from django import forms

from beeldkluis.cases.forms import age_field, check_authority, fill_span, lines, moment_field, text_field
from beeldkluis.journal.moments import Ambiguous, ask_of_its_own, in_doubt
from beeldkluis.journal.typed import Form
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.representation import AUTHORITIES

KINDS = tuple((kind.value, kind.facts.public) for kind in CaseKind if kind.facts.public)
LONGEST_SPAN = timedelta(hours=24)  # a wider one would hold the footage of everybody that day


class PublicRequestForm(Form):
    """What somebody asks. Only the name is needed to receive it; what is missing is asked for by letter."""

    kind = forms.ChoiceField(
        label="Om wie gaat het?",
        choices=KINDS,
        widget=forms.RadioSelect,
        initial=KINDS[0][0],
    )
    requester_name = text_field("Uw naam", 200, required=True)
    requester_organisation = text_field("Organisatie", 200)
    requester_address = text_field("Straat en huisnummer", 300)
    requester_place = text_field("Postcode en woonplaats", 120)
    requester_phone = text_field("Telefoonnummer", 40)
    requester_email = forms.EmailField(
        label="E-mailadres",
        required=False,
        help_text="Geef een adres, een telefoonnummer of een e-mailadres. Eén is genoeg.",
    )
    by_email = forms.BooleanField(
        label="Stuur de brieven per e-mail", required=False,
        help_text="Zonder vinkje komen ze per post. U kunt dit altijd veranderen.",
    )  # fmt: skip
    authority = forms.ChoiceField(
        label="Voor wie vraagt u het?", choices=(("", "voor mijzelf"), *AUTHORITIES.items()), required=False,
        help_text="Is wie is gefilmd jonger dan 16 jaar? Dan vraagt een ouder of voogd het. Vanaf 16 jaar vraagt"
        " iemand het zelf.",
    )  # fmt: skip
    on_behalf_of = text_field("Naam van die ander, als u het voor een ander vraagt", 200)
    on_behalf_of_age = age_field("Hoe oud is die ander? Alleen bij een kind, in jaren.")
    wish = forms.ChoiceField(
        label="Wilt u kijken of een kopie?", required=False, widget=forms.RadioSelect, initial="",
        choices=(
            ("", "Dat weet ik nog niet"),
            ("viewing", "Ik wil de beelden bij de gemeente bekijken"),
            ("copy", "Ik wil een kopie, waarop anderen onherkenbaar zijn"),
        ),
    )  # fmt: skip
    moment_from = moment_field(
        "Vanaf wanneer?",
        help_text="Een schatting mag. Zonder tijd kunnen wij de beelden niet vinden.",
        ambiguous=Ambiguous.FIRST,
    )
    moment_until = moment_field("Tot wanneer?", ambiguous=Ambiguous.SECOND)
    place = text_field("Waar was het?", 300)
    description = text_field("Hoe bent u te herkennen?", 1000, widget=lines(2))
    demonstrable_interest = text_field(
        "Waarom wilt u de beelden zien?", 5000, widget=lines(),
        help_text="Bent u zelf gefilmd? Dan hoeft u dit niet te zeggen.",
    )  # fmt: skip
    website = text_field("Vul hier niets in", 200)  # what people do not see, programs fill in
    once = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *words: Any, now: datetime, **named: Any) -> None:
        super().__init__(*words, **named)
        self.now = now
        ask_of_its_own(self, now)

    def clean(self) -> dict[str, Any]:
        """A way to be reached, a moment that was, and a span of a day at most."""
        cleaned = super().clean() or {}
        address = cleaned.get("requester_address") and cleaned.get("requester_place")
        if not (address or cleaned.get("requester_phone") or cleaned.get("requester_email")):
            self.add_error("requester_email", "Geef één manier om u te bereiken.")
        if cleaned.get("by_email") and not cleaned.get("requester_email") and "requester_email" not in self.errors:
            self.add_error("requester_email", "Vul het e-mailadres in waar de brieven heen mogen.")
        fill_span(self, cleaned)
        asked = CaseKind(cleaned["kind"]).facts if cleaned.get("kind") else None
        check_authority(self, cleaned, filmed=asked is not None and asked.by_right)
        start, end = cleaned.get("moment_from"), cleaned.get("moment_until")
        if start and end:
            if end < start:
                self.add_error("moment_until", "Het einde ligt voor het begin.")
            elif end - start > LONGEST_SPAN:
                self.add_error("moment_until", "Kies hoogstens een dag. Was het vaker? Doe dan meer verzoeken.")
            elif start > self.now:
                self.add_error("moment_from", "Dit moment moet nog komen.")
        asks = asked.file_may_ask if asked is not None else None
        needs_interest = asks is not None and "demonstrable_interest" in asks.must
        if needs_interest and not (cleaned.get("demonstrable_interest") or "").strip():
            self.add_error("demonstrable_interest", "Zeg waarom u de beelden wilt zien.")
        return cleaned

    def asked(self) -> dict[str, Any]:
        """What was asked, for the step of registering."""
        typed = {name: value for name, value in self.cleaned_data.items() if name not in {"website", "once"}}
        return typed | {"in_doubt": in_doubt(self)}
