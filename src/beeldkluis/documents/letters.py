"""The letters of a case: their titles, and the words without which there is no letter.

Sources: what the protocol asks of the answer (access-3, access-7), GDPR articles 12 and 15; Awb 3:45, 4:5,
4:15, 6:5 to 6:8 and 10:10.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class MissingWordsError(ValueError):
    """A letter lacks words that it cannot be without."""

    def __init__(self, kind: str, missing: tuple[str, ...]) -> None:
        super().__init__(f"letter {kind} lacks {', '.join(missing)}")
        self.missing = missing


@dataclass(frozen=True, slots=True)
class LetterKind:
    """A kind of letter: its title, the words that it needs, and those that it may have."""

    title: str
    needs: tuple[str, ...]
    may: tuple[str, ...] = ()


_REMEDIES = ("about", "kind", "objection_address")
# in whose name and by whom (Awb 10:10), whether something is held, and which law holds: avg, wpg or woo
_OF_A_DECISION = ("signed_by", "held", "law")
KINDS: Mapping[str, LetterKind] = {
    "acknowledgement": LetterKind(
        "Wij hebben uw verzoek ontvangen",
        ("received_on", "last_day"),
        ("about", "dpo", "held", "no_moment", "questions", "by_email", "by_post", "law", "decider"),
    ),
    "completion": LetterKind("Wij hebben nog iets van u nodig", ("missing", "until"), ("general", "dpo")),
    "extension": LetterKind("Wij hebben meer tijd nodig", ("old_day", "new_day", "because"), ("article", "law")),
    "granted": LetterKind(
        "U mag de beelden bekijken",
        (*_REMEDIES, "form"),
        (
            "because",
            "considerations",
            "purposes",
            "officer_there",
            "kept_days",
            "give_by",
            "give_until",
            "give_late",
            *_OF_A_DECISION,
        ),
    ),
    "refused": LetterKind(
        "U mag de beelden niet bekijken",
        (*_REMEDIES, "grounds"),
        ("considerations", "exception", "not_by_covering", *_OF_A_DECISION),
    ),
    "no_footage": LetterKind(
        "Er zijn geen beelden",
        (*_REMEDIES, "searched"),
        ("destroyed", "destroyed_late", "received_on", "put_aside", *_OF_A_DECISION),
    ),
    "set_aside": LetterKind(
        "Wij behandelen uw verzoek niet verder",
        ("asked_on", "until", "missing", "objection_address"),
        ("kind", "about", *_OF_A_DECISION),
    ),
    "woo_disclosed": LetterKind(
        "Besluit op uw Woo-verzoek", (*_REMEDIES, "grounds", "opened"), ("closed", *_OF_A_DECISION)
    ),
    "woo_refused": LetterKind("Besluit op uw Woo-verzoek", (*_REMEDIES, "grounds", "closed"), _OF_A_DECISION),
    "views": LetterKind("Wij vragen uw zienswijze", ("about", "until")),
    "views_asked": LetterKind("De termijn voor ons besluit staat stil", ("about", "asked_on", "until")),
    "views_over": LetterKind("De termijn voor ons besluit loopt weer", ("last_day",)),
    "law": LetterKind("Voor uw verzoek geldt een andere wet", ("law", "because", "last_day", "regime")),
    "invitation": LetterKind(
        "Uitnodiging om de beelden te bekijken", ("at", "place", "minutes", "present"), ("companion", "note")
    ),
    "proposal": LetterKind("Wanneer wilt u de beelden bekijken?", ("moments", "place", "minutes"), ("companion",)),
    "proposal_withdrawn": LetterKind("Ons voorstel om te komen kijken vervalt", ("moments",), ("because", "ended")),
    "moved": LetterKind(
        "Uw afspraak is verzet", ("old_at", "at", "place", "minutes", "present"), ("companion", "because", "note")
    ),
    "cancelled": LetterKind("Uw afspraak gaat niet door", ("at",), ("because", "ended")),
    "seen_by": LetterKind("Wie heeft de beelden bekeken?", ("about", "kept_since"), ("viewings", "officer_there")),
    "officer_notice": LetterKind("Beelden van uw camera worden bekeken", ("about", "purpose"), ("at", "place")),
    "officer_moved": LetterKind("De afspraak over beelden van uw camera is verzet", ("old_at", "at", "place")),
    "officer_cancelled": LetterKind("De afspraak over beelden van uw camera gaat niet door", ("at",)),
    "withdrawn": LetterKind("Uw verzoek is ingetrokken", ("about", "withdrawn_on", "days"), ("dpo",)),
    "closing": LetterKind("Uw verzoek is gesloten", ("outcome", "erased")),
    "elsewhere": LetterKind("Uw verzoek hoort ergens anders", ("where",)),
}
_OF_A_REFUSED_DATA_SUBJECT = ("exception", "not_by_covering")


def lacking(kind: str, words: Mapping[str, Any]) -> tuple[str, ...]:
    """Which needed words are absent or empty. A filmed person's refusal names the exception, and why covering does not help."""
    needs = KINDS[kind].needs
    if kind == "refused" and words.get("kind") == "access":
        needs += _OF_A_REFUSED_DATA_SUBJECT
    return tuple(name for name in needs if _is_empty(words.get(name)))


def _is_empty(value: Any) -> bool:
    if isinstance(value, str):
        return not value.strip()
    return value is None or (isinstance(value, (list, tuple)) and not value)
