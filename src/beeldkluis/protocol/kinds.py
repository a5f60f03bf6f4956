"""The kinds of case, and everything that differs between them (access-1 to access-7, purpose-1, purpose-2, privacy-7).

One object per kind, in one table. Sets of kinds, the table of steps, forms, pages, letters, holds, terms and purposes follow
from it. No fact has a default and the table is checked when it is read: a kind of which something is not said does not import.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from beeldkluis.protocol.purposes import Purpose

# The rules that a kind can name for its term (protocol.laws) and for its hold (protocol.holding).
OWN_PERIOD = "request.decision-period"
POLICE = "request.police-data"
RECORDS = "request.public-records"
ON_REQUEST = "retention.hold-on-request"
UNTIL_RESOLVED = "retention.hold-until-resolved"
UNASKED = "preservation.end"


class CaseKind(StrEnum):
    """The kinds; the law treats them differently."""

    ACCESS = "access"
    INTEREST = "interest"
    DEMAND = "demand"
    SELF_REFLECTION = "self_reflection"
    PRESERVATION = "preservation"
    PUBLIC_RECORDS = "public_records"

    @property
    def facts(self) -> "KindFacts":
        """Everything that is so of this kind."""
        return FACTS[self]

    @property
    def weighing(self) -> "Weighing":
        """How a request of this kind is decided. LookupError where nothing is decided."""
        if self.facts.weighing is None:
            raise LookupError(f"nothing is decided on {self}")
        return self.facts.weighing

    @property
    def dutch(self) -> str:
        """The kind on screen."""
        return self.facts.title

    @property
    def hint(self) -> str:
        """What comes under it, for whoever registers."""
        return self.facts.hint


class Default(StrEnum):
    """Which answer a request gets unless something stands in the way (access-3, access-4)."""

    YES = "yes"  # asked by right, by or for who was filmed: yes, unless an exception of the law (GDPR 15, Wpg 25)
    NO = "no"  # no, unless there are weighty arguments, and five considerations in writing
    BY_PART = "by_part"  # each part is made public, or has its ground (Woo 5.1)


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the protocol asks something that the law does not allow, or the other way round: what the screen says, and the
    two choices, the advised one first.
    """

    interpretation: str
    text: str
    options: tuple[tuple[str, str], tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """How a request of a kind is decided.

    law: the law that letters name, whatever law holds for the footage; empty: that one.
    yes, no: the two answers on screen.
    granted: what the page of a case says once the answer is yes.
    granted_letter, refused_letter: which letters tell it (documents.letters).
    differences: what must be chosen where protocol and law differ.
    penalty: whether the municipality owes a penalty when it decides too late (Awb 4:17; Woo 8.2).
    """

    default: Default
    law: str
    yes: str
    no: str
    granted: str
    granted_letter: str
    refused_letter: str
    differences: tuple[Difference, ...]
    penalty: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """How long a decision may take: the rule that sets it, the one that does under the Wpg, and whether it can be longer."""

    rule: str
    police: str
    extends: bool


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of words in a protocol file: what may stand in it, and what must, because the law or the never-list asks for it.
    ValueError for what must stand there and may not.
    """

    may: tuple[str, ...]
    must: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """What must stand there may stand there."""
        if strange := set(self.must) - set(self.may):
            raise ValueError(f"must stand in a list in which it may not stand: {', '.join(sorted(strange))}")


@dataclass(frozen=True, slots=True, kw_only=True)
class KindFacts:
    """Everything that differs between kinds of case.

    title, hint: the kind on screen, and what comes under it; heading: above its page and in the list.
    public: how the website's form calls it; empty when nobody asks for it there.
    asked: somebody asks, and the data protection officer passes it on; otherwise it is registered and judged at once.
    required: facts that a request must name where a protocol does not say which (access-2).
    file_may_ask: which facts a protocol file may ask, and which it must; None: a file says nothing of it.
    shown: fields of the form, in any order.
    hold: the rule that holds footage from receipt (protocol.holding); None: the case prolongs nothing.
    resolved: what whoever closes it writes down.
    unasked: the rule that ends it by itself when what it waits for does not come; None: a person closes it.
    purposes: what footage may be opened for (purpose-1, purpose-2).
    only_own: only recordings of the officer who asks belong to it (purpose-2).
    term: how long a decision may take.
    years: the number of rule personal.case that says how long a closed case keeps what it knows of people.
    weighing: how it is decided; None: nothing is decided here.
    """

    title: str
    hint: str
    heading: str
    public: str
    asked: bool
    required: tuple[str, ...]
    file_may_ask: ListOf | None
    shown: tuple[str, ...]
    hold: str | None
    resolved: str
    unasked: str | None
    purposes: tuple[Purpose, ...]
    only_own: bool
    term: Term
    years: str
    weighing: Weighing | None

    def __post_init__(self) -> None:
        """What the screen promises must be so, and no fact may contradict another. ValueError names the kind."""
        if "bewaard" in self.hint and self.hold is None:
            raise ValueError(f"{self.title}: the hint says that footage is kept, and no rule holds it")
        if self.weighing is not None and self.hold is None:
            raise ValueError(f"{self.title}: a decision can be objected to, and no rule holds the footage until then")

    @property
    def default(self) -> Default | None:
        """Which answer it gets unless something stands in the way; None when nothing is decided here."""
        return self.weighing.default if self.weighing else None

    @property
    def by_right(self) -> bool:
        """Does who was filmed ask, by right? Then nothing of what else is asked is a condition."""
        return self.default is Default.YES


_REACH = "requester_reach"
_MOMENT = ("moment_from", "moment_until")
_PLACED = (*_MOMENT, "place")
_NAME_AND_ADDRESS = ("requester_name", "requester_address", "requester_place", "requester_phone")
_MAY_ASK = (
    "requester_name", _REACH, "requester_address", "requester_place", "requester_phone", "requester_organisation",
    "demonstrable_interest", *_PLACED,
)  # fmt: skip
_PERSON = (
    "requester_name", "requester_organisation", "requester_address", "requester_place", "requester_phone",
    "requester_email",
)  # fmt: skip
_INCIDENT = "dat het incident is opgelost"
_TO_SEE = (Purpose.ASSESS_REQUEST, Purpose.REDACT, Purpose.VIEW_WITH_OFFICER, Purpose.VIEW_WITH_DATA_SUBJECT)
_GRANTED_TO_SEE = (
    "De beelden blijven tot het incident is opgelost. Nodig de verzoeker uit. Sluit de zaak als alles klaar is."
)

_ACCESS = KindFacts(
    title="Inzageverzoek van een betrokkene",
    hint="Iemand die zelf is gefilmd, of een ouder of gemachtigde van die persoon.",
    heading="Inzageverzoek",
    public="Ik ben zelf gefilmd, of ik vraag het voor iemand die gefilmd is",
    asked=True,
    required=("requester_name", _REACH, *_PLACED),
    file_may_ask=ListOf(
        may=_MAY_ASK,
        must=("requester_name", _REACH, *_MOMENT),
    ),
    shown=(
        *_PERSON, "authority", "on_behalf_of", "on_behalf_of_age", "wish", *_PLACED, "description",
        "demonstrable_interest", "about_team_manager",
    ),
    hold=ON_REQUEST,
    resolved=_INCIDENT,
    unasked=None,
    purposes=_TO_SEE,
    only_own=False,
    term=Term(rule=OWN_PERIOD, police=POLICE, extends=True),
    years="access_years",
    weighing=Weighing(
        default=Default.YES,
        law="",
        yes="Ja, de betrokkene mag de beelden zien",
        no="Nee, een uitzondering staat in de weg",
        granted=_GRANTED_TO_SEE,
        granted_letter="granted",
        refused_letter="refused",
        differences=(
            Difference(
                "I-26",
                "Het protocol vraagt van iedereen een belang. De wet laat een betrokkene vragen zonder reden.",
                (
                    ("law", "Ik weeg het belang niet mee"),
                    ("protocol", "Ik weeg het belang wel mee. Volgens artikel 15 AVG mag dat niet"),
                ),
            ),
            Difference(
                "I-27",
                "Het protocol geeft alleen inzage in een kamer. De wet geeft een betrokkene ook recht op een kopie.",
                (
                    ("law", "Ik kijk of de betrokkene een kopie wil"),
                    (
                        "protocol",
                        "Ik geef alleen inzage. Vraagt de betrokkene een kopie, dan mag dat volgens artikel 15 AVG niet",
                    ),
                ),
            ),
        ),
        penalty=True,
    ),
)  # fmt: skip

_INTEREST = KindFacts(
    title="Verzoek van een ander met een belang",
    hint="Een organisatie, een verzekeraar, een journalist, iemand met een klacht over een ander.",
    heading="Verzoek van een ander",
    public="Ik vraag het voor een organisatie, of om een andere reden",
    asked=True,
    required=(*_NAME_AND_ADDRESS, "demonstrable_interest", *_PLACED),
    file_may_ask=ListOf(
        may=_MAY_ASK,
        must=("requester_name", "demonstrable_interest", *_MOMENT),
    ),
    shown=(
        *_PERSON, "authority", "on_behalf_of", "wish", *_PLACED, "demonstrable_interest", "about_team_manager",
    ),
    hold=ON_REQUEST,
    resolved=_INCIDENT,
    unasked=None,
    purposes=_TO_SEE,
    only_own=False,
    term=Term(rule=OWN_PERIOD, police=OWN_PERIOD, extends=False),
    years="interest_years",
    weighing=Weighing(
        default=Default.NO,
        law="",
        yes="Ja, er zijn zwaarwegende argumenten",
        no="Nee, het verzoek wordt afgewezen",
        granted=_GRANTED_TO_SEE,
        granted_letter="granted",
        refused_letter="refused",
        differences=(),
        penalty=True,
    ),
)  # fmt: skip

_DEMAND = KindFacts(
    title="Vordering van politie of OM",
    hint="Politie of officier van justitie eist beelden. De opnames blijven bewaard.",
    heading="Vordering",
    public="",
    asked=True,
    required=("requester_name", "requester_organisation", "formal_reference", "formal_article", *_PLACED),
    file_may_ask=ListOf(
        may=(*_MAY_ASK, "formal_reference", "formal_article"),
        must=("requester_name", "requester_organisation", "formal_reference", "formal_article", *_MOMENT),
    ),
    shown=(*_PERSON, "formal_reference", "formal_article", "formal_offence", *_PLACED, "about_team_manager"),
    hold=UNTIL_RESOLVED,
    resolved=_INCIDENT,
    unasked=None,
    purposes=(),
    only_own=False,
    term=Term(rule=OWN_PERIOD, police=OWN_PERIOD, extends=False),
    years="demand_years",
    weighing=None,
)

_SELF_REFLECTION = KindFacts(
    title="Eigen handelen evalueren",
    hint="Een handhaver wil het eigen handelen terugzien. Dat verlengt de bewaartermijn niet.",
    heading="Zelfreflectie",
    public="",
    asked=True,
    required=("officer", *_MOMENT),
    file_may_ask=None,
    shown=("officer_number", *_PLACED),
    hold=None,
    resolved="wat ermee is gedaan",
    unasked=None,
    purposes=(Purpose.REFLECT,),
    only_own=True,
    term=Term(rule=OWN_PERIOD, police=OWN_PERIOD, extends=False),
    years="self_reflection_years",
    weighing=None,
)

_PRESERVATION = KindFacts(
    title="Bewaren na aangifte",
    hint="Handhaver of gemeente deed aangifte. De opnames blijven bewaard; er gaat niets open.",
    heading="Bewaring",
    public="",
    asked=False,
    required=("requester_name", "formal_reference", *_MOMENT),
    file_may_ask=None,
    shown=("requester_name", "formal_reference", *_PLACED),
    hold=UNTIL_RESOLVED,
    resolved=_INCIDENT,
    unasked=UNASKED,
    purposes=(),
    only_own=False,
    term=Term(rule=OWN_PERIOD, police=OWN_PERIOD, extends=False),
    years="preservation_years",
    weighing=None,
)

_PUBLIC_RECORDS = KindFacts(
    title="Woo-verzoek",
    hint="Iemand beroept zich op de Wet open overheid. De opnames blijven bewaard tot het besluit er is.",
    heading="Woo-verzoek",
    public="",
    asked=True,
    required=("requester_name", _REACH, *_MOMENT),
    file_may_ask=None,
    shown=(*_PERSON, *_PLACED, "about_team_manager"),
    hold=ON_REQUEST,
    resolved=_INCIDENT,
    unasked=None,
    purposes=(),
    only_own=False,
    term=Term(rule=RECORDS, police=RECORDS, extends=True),
    years="public_records_years",
    weighing=Weighing(
        default=Default.BY_PART,
        law="woo",
        yes="Ja, er wordt iets openbaar",
        no="Nee, er wordt niets openbaar",
        granted="Verstrek wat openbaar wordt. De beelden blijven bewaard tot u de zaak sluit.",
        granted_letter="woo_disclosed",
        refused_letter="woo_refused",
        differences=(
            Difference(
                "I-60",
                "Openbaar maken is geen doel van het protocol. De Woo verplicht ertoe, tenzij een grond dat belet.",
                (("protocol", "Beelden en geluid worden niet openbaar"), ("law", "Ik laat de Woo voorgaan")),
            ),
        ),
        penalty=False,
    ),
)

FACTS: Mapping[CaseKind, KindFacts] = {
    CaseKind.ACCESS: _ACCESS,
    CaseKind.INTEREST: _INTEREST,
    CaseKind.DEMAND: _DEMAND,
    CaseKind.SELF_REFLECTION: _SELF_REFLECTION,
    CaseKind.PRESERVATION: _PRESERVATION,
    CaseKind.PUBLIC_RECORDS: _PUBLIC_RECORDS,
}
if _LACKING := [kind.name for kind in CaseKind if kind not in FACTS]:
    raise LookupError(f"kinds of case without their facts: {', '.join(_LACKING)}")
