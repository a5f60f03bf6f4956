"""What the law wants a municipality to name: who is responsible, on which ground, under which law, where to object.

Sources: GDPR articles 13 and 14 (controller, data protection officer, ground, purposes, term, rights), Awb 3:45 and 6:4 (where
to object), Archiefwet 1995 article 5 (the selection list). The words are the municipality's own data.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.presence import purposes_of
from beeldkluis.protocol.register import Protocol, rule
from beeldkluis.protocol.verdict import Verdict

Lines = Mapping[str, Sequence[str]]


class Regime(StrEnum):
    """Which law a case is judged by (I-61)."""

    AVG = "avg"
    WPG = "wpg"

    @property
    def dutch(self) -> str:
        """The law, on screen and in letters."""
        return _LAWS[self]


_LAWS = {
    Regime.AVG: "Algemene verordening gegevensbescherming (AVG)",
    Regime.WPG: "Wet politiegegevens (Wpg)",
}


def regime_of(protocol: Protocol) -> Regime:
    """The law that holds for footage of this municipality unless a case says otherwise; the AVG when the file is silent."""
    return Regime(next(iter(protocol.legal.get("regime", ())), Regime.AVG.value))


PURPOSES = (
    "bewijs bij agressie tegen een handhaver of bij een klacht over een handhaver",
    "het eigen handelen evalueren, als de handhaver daar zelf om vraagt",
)


def purposes_named(protocol: Protocol) -> tuple[str, ...]:
    """What footage is for, as the municipality's file says it; in the program's words where it is silent, and then without what
    the protocol leaves out.
    """
    reflects = bool(purposes_of(CaseKind.SELF_REFLECTION, protocol))
    return protocol.legal.get("purposes", ()) or (PURPOSES if reflects else PURPOSES[:1])


@rule("request.objection-address")
def may_decide_here(objection: Sequence[str]) -> Verdict:
    """May a decision be taken here at all? Only when its letter can say where to send an objection (Awb 3:45)."""
    reason = "In de brief staat waar bezwaar heen kan."
    if not objection:
        reason = (
            "Het adres voor bezwaar is niet ingevuld. Zonder dat adres kan geen besluit worden vastgelegd. "
            "Vul het in bij Gegevens van de gemeente."
        )
    return Verdict(allowed=bool(objection), rule="request.objection-address", reason=reason)


@rule("public.controller")
def lacking(protocol: Protocol, contact: Lines) -> tuple[str, ...]:
    """What letters and the public page cannot tell yet, each as a sentence that says where it is filled in."""
    told = {
        **{f"contact.{name}": lines for name, lines in contact.items()},
        **{f"legal.{name}": lines for name, lines in protocol.legal.items()},
    }
    return tuple(sentence for name, sentence in _NEEDED.items() if not told.get(name))


_PAGE = "Vul dat in bij Gegevens van de gemeente."
_FILE = "Dat staat in het protocolbestand, onder [legal]."
_NEEDED = {
    "contact.objection": f"Het adres voor bezwaar ontbreekt. Er kan geen besluit op een verzoek worden vastgelegd. {_PAGE}",
    "contact.dpo": f"Op de openbare pagina staat niet hoe de functionaris gegevensbescherming te bereiken is. {_PAGE}",
    "contact.postal": f"Het postadres van de gemeente ontbreekt. {_PAGE}",
    "legal.controller": f"Er staat niet wie verwerkingsverantwoordelijke is. {_FILE}",
    "legal.basis": f"Er staat niet op welke grondslag beelden worden gemaakt. {_FILE}",
    "legal.purposes": f"Er staat niet waarvoor beelden dienen. {_FILE}",
    "legal.selection_list": f"Er staat niet welke selectielijst voor het vernietigen geldt. {_FILE}",
    "legal.category": f"Er staat niet onder welke categorie van de selectielijst beelden vallen. {_FILE}",
    "legal.destruction": f"Er staat niet op welke grond beelden worden vernietigd. {_FILE}",
}
