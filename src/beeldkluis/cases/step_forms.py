"""Forms of single steps, each on a page of its own, and the form of the decision."""

from datetime import datetime
from typing import Any

from django import forms

from beeldkluis.cases.forms import lines, moment_field, text_field
from beeldkluis.cases.law_forms import part_fields
from beeldkluis.cases.models import Case, Remedy
from beeldkluis.journal.typed import Form
from beeldkluis.protocol.deciding import (
    CONSIDERATIONS,
    FORMS,
    Facts,
    Outcome,
    Words,
    answers,
    differences,
    may_decide,
)
from beeldkluis.protocol.giving import CHOSEN as GIVEN
from beeldkluis.protocol.kinds import CaseKind, Default
from beeldkluis.protocol.laws import grounds
from beeldkluis.protocol.naming import own_words
from beeldkluis.protocol.representation import PROOFS
from beeldkluis.protocol.requests import IDENTITY_DOCUMENTS

PLACES = {  # where an error of a rule belongs
    "request.no-unless": "grounds",
    "request.yes-unless": "exception",
}


def form_choices() -> list[tuple[str, str]]:
    """How footage can be seen, in the words of this municipality."""
    return [(name, own_words(text)) for name, text in FORMS.items()]


class DecisionForm(Form):
    """The decision. What can be chosen follows from what was found; the default differs by kind: no for others, yes for a
    filmed person.
    """

    grounds = text_field(
        "Motivering",
        10_000,
        widget=lines(),
        help_text="Deze tekst komt in de brief. Noem het belang van de verzoeker en de privacy van anderen.",
    )
    form = forms.ChoiceField(
        label="Hoe ziet de verzoeker de beelden?",
        choices=form_choices,
        initial="viewing",
        required=False,
        widget=forms.RadioSelect,
    )
    exception = forms.ChoiceField(label="Welke uitzondering staat in de weg?", required=False)
    not_by_covering = text_field("Waarom helpt het niet om anderen onherkenbaar te maken?", 5000, widget=lines())

    def __init__(self, kind: CaseKind, facts: Facts, *words: Any, **named: Any) -> None:
        super().__init__(*words, **named)
        self.kind, self.facts = kind, facts
        self.fields["form"].initial = facts.wish or "viewing"
        choices = self._choices()
        self.fields["outcome"] = forms.ChoiceField(
            label="Krijgt de verzoeker inzage?", choices=choices, initial=choices[0][0], widget=forms.RadioSelect
        )
        default = kind.facts.default
        if default is Default.BY_PART:
            self.fields.update(part_fields())
        for letter, question in CONSIDERATIONS.items() if default is Default.NO else ():
            self.fields[f"consideration_{letter}"] = text_field(f"{letter}. {question}", 5000, widget=lines())
        for one in differences(kind, facts.regime):
            self.fields[f"choice_{one.interpretation}"] = forms.ChoiceField(
                label=f"{one.text} ({one.interpretation})",
                choices=one.options,
                initial=one.options[0][0],
                required=False,
                widget=forms.RadioSelect,
            )
        for name in ("exception", "not_by_covering") if default is not Default.YES else ():
            del self.fields[name]
        if default is Default.BY_PART:
            del self.fields["form"]
        if default is Default.YES:
            codes = [("", "geen"), *grounds(kind, facts.regime).items()]
            self.fields["exception"] = forms.ChoiceField(
                label="Welke uitzondering staat in de weg?", choices=codes, required=False
            )

    def _choices(self) -> list[tuple[str, str]]:
        if self.facts.missing:
            return [(Outcome.SET_ASIDE.value, "Het verzoek wordt buiten behandeling gesteld")]
        if not self.facts.confirmed:
            return [(Outcome.NO_FOOTAGE.value, "Er zijn geen beelden van dat moment")]
        return [(outcome.value, text) for outcome, text in answers(self.kind)]

    @property
    def only_one(self) -> bool:
        """Is there one possible outcome, so that nothing has to be written?"""
        return bool(self.facts.missing) or not self.facts.confirmed

    def considerations(self) -> list[forms.BoundField]:
        """The five questions."""
        return [self[name] for name in self.fields if name.startswith("consideration_")]

    def parts(self) -> list[forms.BoundField]:
        """The parts of a request for public records."""
        return [self[name] for name in self.fields if name.startswith("part-")]

    def differing(self) -> list[forms.BoundField]:
        """Where protocol and law differ."""
        return [self[name] for name in self.fields if name.startswith("choice_")]

    def clean(self) -> dict[str, Any]:
        """Say what still lacks beside the text that was typed, before the rule refuses it."""
        cleaned = super().clean() or {}
        if cleaned.get("outcome"):
            words = self.words()
            verdict = may_decide(self.kind, words, self.facts)
            if not verdict.allowed and verdict.rule == "request.considerations":
                for letter in CONSIDERATIONS:
                    if not words.considerations.get(letter, "").strip():
                        self.add_error(f"consideration_{letter}", "Beantwoord deze vraag.")
            elif not verdict.allowed:
                place = "grounds" if words.outcome is Outcome.GRANTED else PLACES.get(verdict.rule)
                if place == "exception" and words.exception:
                    place = "not_by_covering"
                self.add_error(place if place in self.fields else None, verdict.reason)
        return cleaned

    def words(self) -> Words:
        """What was written, as the rules want it."""
        typed = self.cleaned_data
        return Words(
            outcome=Outcome(typed["outcome"]),
            grounds=typed.get("grounds", ""),
            considerations={one: typed.get(f"consideration_{one}", "") for one in CONSIDERATIONS},
            exception=typed.get("exception", ""),
            not_by_covering=typed.get("not_by_covering", ""),
            form=typed.get("form") or "viewing",
            choices={
                name.removeprefix("choice_"): value
                for name, value in typed.items()
                if name.startswith(("choice_", "part-")) and value
            },
        )


class NothingForm(Form):
    """A step that asks for nothing but a yes."""


class BecauseForm(Form):
    """Why."""

    because = text_field("Waarom?", 2000, required=True, widget=lines(3))


class ClosingForm(Form):
    """Why nothing asks to keep the footage any more."""

    because = text_field("Waarom is deze zaak klaar?", 2000, widget=lines())


class IdentityForm(Form):
    """Which kind of document was seen."""

    document = forms.ChoiceField(
        label="Welk document hebt u gezien?", choices=list(IDENTITY_DOCUMENTS.items()), widget=forms.RadioSelect
    )
    proof = forms.ChoiceField(
        label="Alleen als iemand het voor een ander vraagt: welk bewijs daarvan hebt u gezien?",
        choices=[("", "nog geen"), *PROOFS.items()],
        required=False,
        widget=forms.RadioSelect,
    )


class ByEmailForm(Form):
    """What the requester said of letters by e-mail."""

    agreed = forms.TypedChoiceField(
        label="Wat heeft de verzoeker gezegd?",
        choices=[("ja", "Brieven mogen per e-mail"), ("nee", "Brieven gaan per post")],
        coerce=lambda typed: typed == "ja",
        widget=forms.RadioSelect,
    )
    email = forms.EmailField(label="Naar welk e-mailadres?", required=False)

    def clean(self) -> dict[str, Any]:
        """By e-mail goes to an address."""
        cleaned = super().clean() or {}
        if cleaned.get("agreed") and not cleaned.get("email") and "email" not in self.errors:
            self.add_error("email", "Vul het e-mailadres in.")
        return cleaned


def known(case: Case) -> dict[str, Any]:
    """What stands in the form of a step beforehand."""
    return {"agreed": "ja" if case.by_email else "nee", "email": case.requester_email}


class RemedyForm(Form):
    """Something that came in against the decision, or about how it went."""

    received_at = moment_field("Wanneer is het ontvangen?", required=True)
    where = text_field("Bij wie, en onder welk nummer?", 200)

    def clean_received_at(self) -> datetime:
        """Not a day that is still to come; the form was made `now`, which stands in it beforehand."""
        received: datetime = self.cleaned_data["received_at"]
        if received > (self.initial.get("received_at") or received):
            raise forms.ValidationError("De datum van ontvangst ligt in de toekomst.")
        return received


class GivingForm(Form):
    """How access was given, or why it is not owed any more."""

    how = forms.ChoiceField(
        label="Hoe is het gegaan?", choices=[(one.value, one.dutch) for one in GIVEN], widget=forms.RadioSelect
    )
    note = text_field(
        "Toelichting", 2000, widget=lines(3), help_text="Kwam de verzoeker niet, of wil die niet meer: hoe weet u dat?"
    )


class SettlingForm(Form):
    """How it ended."""

    outcome = forms.ChoiceField(label="Wat is de uitkomst?", choices=Remedy.Outcome.choices, widget=forms.RadioSelect)
    at = moment_field("Op welke dag?", required=True)
    note = text_field("Toelichting", 2000, widget=lines(3))

    def clean_at(self) -> datetime:
        """Between the receipt (`since`) and now, which stand in the form beforehand; a minute is as fine as one can type."""
        at: datetime = self.cleaned_data["at"]
        since: datetime = self.initial.get("since") or at
        if at > (self.initial.get("at") or at):
            raise forms.ValidationError("Deze dag moet nog komen.")
        if at < since.replace(second=0, microsecond=0):
            raise forms.ValidationError("Deze dag ligt voor de ontvangst.")
        return max(at, since)


class ApartForm(Form):
    """Does a recording play? A reason with the answer. One that is not set apart can only be set apart."""

    plays = forms.ChoiceField(label="Wat wilt u doen?", widget=forms.RadioSelect)
    because = text_field(
        "Waarom?",
        1000,
        required=True,
        widget=lines(),
        help_text="Schrijf op wat u zag. De functionaris gegevensbescherming krijgt deze reden te lezen.",
    )

    def __init__(self, *words: Any, is_apart: bool, **named: Any) -> None:
        super().__init__(*words, **named)
        back = [("yes", "Terugnemen: de opname telt weer gewoon mee")]
        apart = [("no", "Speelt niet af: de opname blijft apart" if is_apart else "Speelt niet af: apart zetten")]
        field = self.fields["plays"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = [*back, *apart] if is_apart else apart
        field.initial = None if is_apart else "no"
