"""Forms of single steps, each on a page of its own, and the form of the decision."""

from typing import Any

from django import forms

from beeldkluis.cases.forms import lines, moment_field, text_field
from beeldkluis.cases.models import Remedy
from beeldkluis.journal.typed import Form
from beeldkluis.protocol.cases import CaseKind
from beeldkluis.protocol.deciding import (
    CONSIDERATIONS,
    EXCEPTIONS,
    FORMS,
    Facts,
    Outcome,
    Words,
    differences,
    may_decide,
)
from beeldkluis.protocol.naming import own_words
from beeldkluis.protocol.requests import IDENTITY_DOCUMENTS

LABELS = {
    (CaseKind.ACCESS, Outcome.GRANTED): "Ja, de betrokkene mag de beelden zien",
    (CaseKind.ACCESS, Outcome.REFUSED): "Nee, een uitzondering staat in de weg",
    (CaseKind.INTEREST, Outcome.GRANTED): "Ja, er zijn zwaarwegende argumenten",
    (CaseKind.INTEREST, Outcome.REFUSED): "Nee, het verzoek wordt afgewezen",
}
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
    exception = forms.ChoiceField(
        label="Welke uitzondering staat in de weg?", choices=[("", "geen"), *EXCEPTIONS.items()], required=False
    )
    not_by_covering = text_field("Waarom helpt het niet om anderen onherkenbaar te maken?", 5000, widget=lines())

    def __init__(self, kind: CaseKind, facts: Facts, *words: Any, **named: Any) -> None:
        super().__init__(*words, **named)
        self.kind, self.facts = kind, facts
        choices = self._choices()
        self.fields["outcome"] = forms.ChoiceField(
            label="Krijgt de verzoeker inzage?", choices=choices, initial=choices[0][0], widget=forms.RadioSelect
        )
        for letter, question in CONSIDERATIONS.items() if kind is CaseKind.INTEREST else ():
            self.fields[f"consideration_{letter}"] = text_field(f"{letter}. {question}", 5000, widget=lines())
        for one in differences(kind):
            self.fields[f"choice_{one.interpretation}"] = forms.ChoiceField(
                label=f"{one.text} ({one.interpretation})",
                choices=one.options,
                initial=one.options[0][0],
                required=False,
                widget=forms.RadioSelect,
            )
        for name in ("exception", "not_by_covering") if kind is not CaseKind.ACCESS else ():
            del self.fields[name]

    def _choices(self) -> list[tuple[str, str]]:
        if self.facts.missing:
            return [(Outcome.SET_ASIDE.value, "Het verzoek wordt buiten behandeling gesteld")]
        if not self.facts.confirmed:
            return [(Outcome.NO_FOOTAGE.value, "Er zijn geen beelden van dat moment")]
        order = (
            (Outcome.GRANTED, Outcome.REFUSED) if self.kind is CaseKind.ACCESS else (Outcome.REFUSED, Outcome.GRANTED)
        )
        return [(one.value, LABELS[self.kind, one]) for one in order]

    @property
    def only_one(self) -> bool:
        """Is there one possible outcome, so that nothing has to be written?"""
        return bool(self.facts.missing) or not self.facts.confirmed

    def considerations(self) -> list[forms.BoundField]:
        """The five questions."""
        return [self[name] for name in self.fields if name.startswith("consideration_")]

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
                place = PLACES.get(verdict.rule)
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
                if name.startswith("choice_") and value
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


class RemedyForm(Form):
    """Something that came in against the decision, or about how it went."""

    received_at = moment_field("Wanneer is het ontvangen?", required=True)
    where = text_field("Bij wie, en onder welk nummer?", 200)


class SettlingForm(Form):
    """How it ended."""

    outcome = forms.ChoiceField(label="Wat is de uitkomst?", choices=Remedy.Outcome.choices, widget=forms.RadioSelect)
    at = moment_field("Op welke dag?", required=True)
    note = text_field("Toelichting", 2000, widget=lines(3))
