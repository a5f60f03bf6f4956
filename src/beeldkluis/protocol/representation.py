"""Who may ask for somebody else, and how the letters go (access-2, access-6; UAVG art. 5, Awb 2:1 and 2:14).

A child under sixteen is represented by a parent or guardian; from sixteen on a person asks alone, or gives somebody else a signed
authorisation. Somebody who died has no rights under the GDPR (recital 27): whoever remains asks as somebody with an interest.
None of this keeps a request from being registered and footage from being held: it is asked for and shown to who decides. Whoever
grants against what is known writes down why.
"""

from collections.abc import Mapping
from enum import StrEnum

from beeldkluis.protocol.register import rule
from beeldkluis.protocol.verdict import Verdict

ALONE_FROM = 16  # years: UAVG art. 5, the same in every municipality


class Authority(StrEnum):
    """As whom somebody asks for another."""

    PARENT = "parent"
    GUARDIAN = "guardian"
    AUTHORISED = "authorised"
    REPRESENTATIVE = "representative"
    KIN = "kin"


AUTHORITIES: Mapping[str, str] = {
    Authority.PARENT: "als ouder",
    Authority.GUARDIAN: "als voogd",
    Authority.AUTHORISED: "met een machtiging",
    Authority.REPRESENTATIVE: "als curator of mentor",
    Authority.KIN: "als nabestaande van iemand die is overleden",
}
PROOFS: Mapping[str, str] = {
    "family_record": "geboorteakte of uittreksel uit het gezagsregister",
    "mandate": "machtiging met handtekening",
    "court": "beschikking van de rechter",
    "lawyer": "verklaring van een advocaat",
}
WANTED: Mapping[str, str] = {
    Authority.PARENT: "Laat zien dat u het gezag hebt: met de geboorteakte, of met een uittreksel uit het gezagsregister.",
    Authority.GUARDIAN: "Laat zien dat u voogd bent: met een uittreksel uit het gezagsregister of een beschikking van"
    " de rechter.",
    Authority.AUTHORISED: "Stuur een machtiging met de handtekening van degene voor wie u het vraagt.",
    Authority.REPRESENTATIVE: "Laat de beschikking van de rechter zien waarin u curator of mentor bent geworden.",
}
_CHILD = frozenset({Authority.PARENT.value, Authority.GUARDIAN.value})
DECEASED = (
    "De AVG geeft geen recht op inzage in beelden van iemand die is overleden. Een nabestaande kan het wel vragen als"
    " iemand met een"
    " eigen belang."
)
_NAME = "request.for-another"


def _no(reason: str) -> Verdict:
    return Verdict(allowed=False, rule=_NAME, reason=reason)


@rule("request.for-another")
def may_ask(*, authority: str, age: int | None, proof: str) -> Verdict:
    """May this person ask for the footage of whoever was filmed? `authority`: as whom, empty for oneself; `age`: of who was
    filmed,
    in years; `proof`: which kind was seen, empty when none was.
    """
    if authority == Authority.KIN:
        return _no(DECEASED)
    if not authority:
        if age is not None and age < ALONE_FROM:
            return _no(f"Wie is gefilmd, is jonger dan {ALONE_FROM} jaar. Dan vraagt een ouder of voogd het.")
        return Verdict(allowed=True, rule=_NAME, reason="Wie is gefilmd, vraagt het zelf.")
    if authority in _CHILD and age is None:
        return _no("De leeftijd van het kind is niet bekend.")
    if authority in _CHILD and age is not None and age >= ALONE_FROM:
        return _no(f"Wie {ALONE_FROM} jaar of ouder is, vraagt het zelf, of geeft iemand een machtiging.")
    if proof not in PROOFS:
        return _no("Er is nog geen bewijs gezien dat de verzoeker dit voor een ander mag vragen.")
    return Verdict(allowed=True, rule=_NAME, reason="Het bewijs is gezien.")


def doubt_of(authority: str, age: int | None, proof: str) -> str:
    """Why this person may not ask for who was filmed, by what is known; empty when nothing is against it, or when something is
    only not known or not shown yet.
    """
    told = may_ask(authority=authority, age=age, proof=proof)
    grown = authority in _CHILD and age is not None and age >= ALONE_FROM
    against = grown or not authority or authority == Authority.KIN
    return told.reason if against and not told.allowed else ""


def to_ask(*, authority: str, age: int | None, proof: str) -> tuple[str, ...]:
    """What to ask the requester about it, in sentences."""
    if may_ask(authority=authority, age=age, proof=proof).allowed:
        return ()
    if authority == Authority.KIN:
        return (f"{DECEASED} Schrijf ons dan waarom u de beelden wilt zien.",)
    if not authority:
        return (
            f"Wie jonger is dan {ALONE_FROM} jaar, vraagt dit met een ouder of voogd. Laat een van hen ons schrijven.",
        )
    if authority in _CHILD and age is not None and age >= ALONE_FROM:
        return (
            f"Uw kind is {ALONE_FROM} jaar of ouder. Laat het zelf vragen, of stuur een machtiging met handtekening.",
        )
    how_old = ("Hoe oud is het kind?",) if authority in _CHILD and age is None else ()
    return how_old + ((WANTED[authority],) if proof not in PROOFS and authority in WANTED else ())
