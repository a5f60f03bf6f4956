"""The decision: two kinds of request with opposite defaults, and the words that each outcome needs (access-3, access-4).

A filmed person sees the own footage unless rights of others or an exception stand in the way (GDPR art. 15). Anybody else
does not, unless there are weighty arguments. Where the protocol asks something else than the law, the screen says so with
the interpretation's number, and what the team manager chose is recorded.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from beeldkluis.protocol.cases import CaseState, Step
from beeldkluis.protocol.kinds import RECORDS, CaseKind, Default, Difference
from beeldkluis.protocol.laws import GROUNDS, OPEN, PARTS, WOO_GROUNDS, grounds
from beeldkluis.protocol.legal import Regime
from beeldkluis.protocol.register import rule
from beeldkluis.protocol.verdict import Verdict, refuse


class Outcome(StrEnum):
    """How a request can be decided."""

    GRANTED = "granted"
    REFUSED = "refused"
    NO_FOOTAGE = "no_footage"
    SET_ASIDE = "set_aside"

    @property
    def step(self) -> Step:
        """The step of the table that takes this decision."""
        return _OUTCOMES[self]

    @property
    def state(self) -> CaseState:
        """Where it leads."""
        return CaseState(self.value)


_OUTCOMES = {
    Outcome.GRANTED: Step.GRANT,
    Outcome.REFUSED: Step.REFUSE,
    Outcome.NO_FOOTAGE: Step.FIND_NOTHING,
    Outcome.SET_ASIDE: Step.SET_ASIDE,
}
CONSIDERATIONS = {
    "a": "Past het doel van de inzage bij het doel van de opname?",
    "b": "Wat voor gegevens staan op de beelden?",
    "c": "Wat zijn de gevolgen voor wie op de beelden staat?",
    "d": "Hoe zijn de beelden verkregen?",
    "e": "Welke waarborgen zijn er voor wie op de beelden staat?",
}
EXCEPTIONS = GROUNDS  # by code, whichever law they are of
FORMS = {"viewing": "Bekijken met teammanager en handhaver", "copy": "Een kopie waarop anderen onherkenbaar zijn"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the team manager wrote. `form` is how a granted request is met; `choices` says for each interpretation where
    protocol and law differ what was chosen.
    """

    outcome: Outcome
    grounds: str = ""
    considerations: Mapping[str, str] = field(default_factory=dict)
    exception: str = ""
    not_by_covering: str = ""
    form: str = "viewing"
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is so: recordings that belong to the case and are still there, recordings of which that was not said yet, whether
    required facts lack, whether completion was asked in vain, and which law holds. `wish`: what the requester asks for (FORMS),
    empty when that was not said; `doubt`: why this person may not ask for who was filmed, empty when there is no doubt.
    """

    confirmed: int
    unsorted: int
    missing: tuple[str, ...] = ()
    asked_in_vain: bool = False
    regime: Regime = Regime.AVG
    wish: str = ""
    doubt: str = ""


def may_decide(kind: CaseKind, words: Words, facts: Facts) -> Verdict:
    """May it be decided like this, with these words? The first thing that lacks is the answer."""
    name = "request.decided-by-team-manager"
    if facts.unsorted:
        reason = f"Zeg eerst van elke gevonden opname of die bij het verzoek hoort. Nog open: {facts.unsorted}."
        return refuse(name, reason)
    if words.outcome is Outcome.SET_ASIDE:
        return _may_set_aside(facts)
    if facts.missing:
        return refuse("request.required-fields", "Het verzoek is niet compleet. Stel het buiten behandeling, of wacht.")
    if words.outcome is Outcome.NO_FOOTAGE:
        return _may_find_nothing(facts)
    if not facts.confirmed:
        return refuse(name, "Er hoort geen opname bij dit verzoek. Kies: er zijn geen beelden.")
    for one in differences(kind, facts.regime):
        if words.choices.get(one.interpretation) not in dict(one.options):
            return refuse("request.yes-unless", f"Protocol en wet verschillen ({one.interpretation}). Zeg wat u kiest.")
    if kind.facts.default is Default.BY_PART:
        return may_answer_records(words)
    if words.outcome is Outcome.GRANTED:
        return _must_say_why(kind, words, facts) or may_grant(kind, words)
    return may_refuse(kind, words, facts.regime)


def _must_say_why(kind: CaseKind, words: Words, facts: Facts) -> Verdict | None:
    """A filmed person is granted otherwise than was asked, or to somebody of whom it was not shown that they may ask: only in
    writing. None when there is nothing to say.
    """
    if not kind.facts.by_right or words.grounds.strip():
        return None
    if facts.doubt:
        return refuse("request.for-another", f"{facts.doubt} Schrijf in de motivering waarom u het toch toewijst.")
    if facts.regime is Regime.AVG and facts.wish == "copy" and words.form == "viewing":
        reason = "De verzoeker vraagt een kopie, en heeft daar recht op (artikel 15, lid 3, AVG)."
        return refuse("request.yes-unless", f"{reason} Schrijf in de motivering waarom het bij bekijken blijft.")
    return None


@rule("request.no-footage")
def _may_find_nothing(facts: Facts) -> Verdict:
    name = "request.no-footage"
    if facts.confirmed:
        return refuse(name, "Er hoort een opname bij dit verzoek. Wijs het toe of af.")
    return Verdict(allowed=True, rule=name, reason="Er zijn geen beelden van dat moment.")


def _may_set_aside(facts: Facts) -> Verdict:
    name = "request.completion"
    if not facts.missing or not facts.asked_in_vain:
        reason = "Buiten behandeling stellen kan pas als om aanvulling is gevraagd en de termijn daarvoor voorbij is."
        return refuse(name, reason)
    return Verdict(allowed=True, rule=name, reason="De aanvulling is niet gekomen.")


@rule("request.no-unless", "request.considerations")
def may_grant(kind: CaseKind, words: Words) -> Verdict:
    """Somebody else's request needs weighty arguments and each of the five considerations in writing; without them the answer
    is no. A filmed person needs neither.
    """
    name = "request.no-unless"
    if words.form not in FORMS:
        return refuse(name, "Kies hoe de verzoeker de beelden ziet.")
    if kind.facts.by_right:
        return Verdict(allowed=True, rule="request.yes-unless", reason="Een betrokkene ziet de eigen beelden.")
    if not words.grounds.strip():
        return refuse(name, "Schrijf op welke zwaarwegende argumenten er zijn.")
    open_ones = [letter for letter in CONSIDERATIONS if not words.considerations.get(letter, "").strip()]
    if open_ones:
        return refuse("request.considerations", f"Beantwoord eerst {', '.join(open_ones)} van de afwegingen.")
    return Verdict(allowed=True, rule=name, reason="De argumenten en de vijf afwegingen staan op schrift.")


@rule("request.yes-unless")
def may_refuse(kind: CaseKind, words: Words, regime: Regime = Regime.AVG) -> Verdict:
    """A refusal needs its grounds in writing: the requester may object to them. A filmed person is refused only under an
    exception that is named, of the law that holds, and with why making others unrecognisable does not solve it.
    """
    if not words.grounds.strip():
        return refuse("request.no-unless", "Vul een motivering in.")
    if kind.facts.default is Default.NO:
        return Verdict(allowed=True, rule="request.no-unless", reason="De afwijzing is gemotiveerd.")
    name = "request.yes-unless"
    if words.exception not in grounds(kind, regime):
        return refuse(
            name, "Een betrokkene mag de eigen beelden zien. Kies welke uitzondering daaraan in de weg staat."
        )
    if not words.not_by_covering.strip():
        return refuse(name, "Schrijf op waarom het niet helpt om anderen onherkenbaar te maken.")
    return Verdict(allowed=True, rule=name, reason="De afwijzing is gemotiveerd.")


def may_answer_records(words: Words) -> Verdict:
    """A request for public records is weighed part by part: each is made public or has its ground of Woo 5.1, with grounds in
    writing. Images and sound are made public only by a choice beyond the protocol's purposes (I-60).
    """
    chosen = {part: words.choices.get(f"part-{part}", "") for part in PARTS}
    reason = ""
    if not words.grounds.strip():
        reason = "Vul een motivering in: weeg het belang van openbaarheid af tegen het belang dat u beschermt."
    elif lacking := [PARTS[part] for part, code in chosen.items() if code != OPEN and code not in WOO_GROUNDS]:
        reason = f"Kies voor elk onderdeel: openbaar, of een grond. Nog open: {', '.join(lacking)}."
    elif OPEN in (chosen["image"], chosen["sound"]) and words.choices.get("I-60") != "law":
        reason = (
            "Het protocol kent openbaar maken niet als doel (I-60). Kies daar dat u de Woo laat voorgaan, of een grond."
        )
    elif (OPEN in chosen.values()) != (words.outcome is Outcome.GRANTED):
        reason = "De uitkomst past niet bij wat u per onderdeel koos: wat openbaar wordt, is (deels) toegewezen."
    return Verdict(allowed=not reason, rule=RECORDS, reason=reason or "Elk onderdeel is gewogen en gemotiveerd.")


def differences(kind: CaseKind, regime: Regime = Regime.AVG) -> tuple[Difference, ...]:
    """What must be said and chosen for this kind; nothing where nothing is decided. The Wpg gives a right to see, not to a
    copy.
    """
    found = kind.facts.weighing.differences if kind.facts.weighing else ()
    return tuple(one for one in found if regime is Regime.AVG or one.interpretation != "I-27")


def answers(kind: CaseKind) -> tuple[tuple[Outcome, str], ...]:
    """The two answers on screen, the one that holds by default first. LookupError where nothing is decided."""
    weighing = kind.weighing
    told = ((Outcome.GRANTED, weighing.yes), (Outcome.REFUSED, weighing.no))
    return told if weighing.default is Default.YES else told[::-1]


def may_reopen(*, found: int) -> Verdict:
    """May a case without footage be decided anew? When recordings were found for it since."""
    name = "request.no-footage"
    if not found:
        return refuse(name, "Er is nog steeds geen opname bij dit verzoek.")
    return Verdict(allowed=True, rule=name, reason="Er is een opname bij dit verzoek.")
