"""Versions of the protocol: who may propose and publish one, when it begins to apply, what lapses (governance-1, -2)."""

from collections.abc import Mapping
from datetime import datetime

from beeldkluis.protocol.register import Protocol, rule
from beeldkluis.protocol.verdict import Verdict

DRAFT, PROPOSED, PUBLISHED = "draft", "proposed", "published"


def _no(name: str, reason: str) -> Verdict:
    return Verdict(allowed=False, rule=name, reason=reason)


@rule("governance.version")
def may_propose(
    *, state: str, takes_effect_at: datetime, today: datetime, another_waits: bool, sections: int
) -> Verdict:
    """May this draft be put to a second person? It has a text and a day of effect that is not past (governance-1).

    `today` and `takes_effect_at` are first moments of a day in the municipality's own time.
    """
    if state != DRAFT:
        return _no("governance.version", "Alleen een concept kan worden voorgesteld.")
    if another_waits:
        return _no("governance.version", "Er wacht al een andere versie. Handel die eerst af.")
    if sections == 0:
        return _no("governance.version", "Voeg eerst de tekst van het protocol toe.")
    if takes_effect_at < today:
        return _no("governance.version", "De dag van ingang ligt in het verleden.")
    return Verdict(
        allowed=True, rule="governance.version", reason="De versie kan aan een tweede persoon worden voorgelegd."
    )


@rule("governance.new-version")
def may_publish(*, state: str, proposed_by: str, person: str, takes_effect_at: datetime, today: datetime) -> Verdict:
    """May this person publish what another one proposed? Two people look, because footage goes or stays by it (governance-2)."""
    if state != PROPOSED:
        return _no("governance.new-version", "Deze versie is niet voorgesteld.")
    if person == proposed_by:
        return _no(
            "governance.new-version", "Een tweede persoon stelt de versie vast: iemand anders dan wie haar voorstelde."
        )
    if takes_effect_at < today:
        return _no(
            "governance.new-version", "De dag van ingang is voorbij. Trek de versie in en stel haar opnieuw voor."
        )
    return Verdict(allowed=True, rule="governance.new-version", reason="Een tweede persoon heeft gekeken.")


def takes_over(*, state: str, takes_effect_at: datetime | None, now: datetime) -> bool:
    """Has the day come on which this version applies and the previous one lapses?"""
    return state == PUBLISHED and takes_effect_at is not None and takes_effect_at <= now


def changes(old: Protocol, new: Protocol) -> tuple[tuple[str, str, int | None, int | None], ...]:
    """Which numbers differ: rule, name of the number, old and new (empty: not set)."""
    found = []
    for name in sorted({*old.rules, *new.rules}):
        before, after = _numbers(old, name), _numbers(new, name)
        found += [
            (name, unit, before.get(unit), after.get(unit))
            for unit in sorted({*before, *after})
            if before.get(unit) != after.get(unit)
        ]
    return tuple(found)


def _numbers(protocol: Protocol, name: str) -> Mapping[str, int]:
    return protocol.rules[name].numbers if name in protocol.rules else {}
