"""Versions of the protocol: who may propose and publish one, when it begins to apply, what lapses (governance-1, -2)."""

from collections.abc import Mapping
from datetime import datetime

from beeldkluis.protocol.register import Protocol, rule
from beeldkluis.protocol.verdict import Verdict, refuse

DRAFT, PROPOSED, PUBLISHED, IN_FORCE = "draft", "proposed", "published", "in_force"


@rule("governance.version")
def may_propose(
    *, state: str, takes_effect_at: datetime, today: datetime, another_waits: bool, sections: int
) -> Verdict:
    """May this draft be put to a second person? It has a text and a day of effect that is not past (governance-1).

    `today` and `takes_effect_at` are first moments of a day in the municipality's own time.
    """
    if state != DRAFT:
        return refuse("governance.version", "Alleen een concept kan worden voorgesteld.")
    if another_waits:
        return refuse("governance.version", "Er wacht al een andere versie. Handel die eerst af.")
    if sections == 0:
        return refuse("governance.version", "Voeg eerst de tekst van het protocol toe.")
    if takes_effect_at < today:
        return refuse("governance.version", "De dag van ingang ligt in het verleden.")
    return Verdict(
        allowed=True, rule="governance.version", reason="De versie kan aan een tweede persoon worden voorgelegd."
    )


@rule("governance.new-version")
def may_publish(*, state: str, proposed_by: str, person: str, takes_effect_at: datetime, today: datetime) -> Verdict:
    """May this person publish what another one proposed? Two people look, because footage goes or stays by it (governance-2)."""
    if state != PROPOSED:
        return refuse("governance.new-version", "Deze versie is niet voorgesteld.")
    if person == proposed_by:
        return refuse(
            "governance.new-version", "Een tweede persoon stelt de versie vast: iemand anders dan wie haar voorstelde."
        )
    if takes_effect_at < today:
        return refuse(
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


def unreadable_register(fault: str) -> Verdict:
    """A register that cannot be read; `fault` says where."""
    return refuse("governance.version", f"Het register is niet te lezen: {fault}")


def unusable_base(fault: str) -> Verdict:
    """A protocol file that the program does not understand; `fault` says where."""
    return refuse("governance.version", f"Dit bestand kan niet worden gebruikt. {fault}")


def may_choose_base(*, set_by_server: bool) -> Verdict:
    """May somebody choose the file that holds until a version is published? Not when the server's settings name one."""
    reason = "De instellingen van de server zeggen al welk protocolbestand geldt (BEELDKLUIS_PROTOCOL)."
    return Verdict(allowed=not set_by_server, rule="governance.version", reason=reason if set_by_server else "Dit kan.")


def may_replace_base(*, has_version: bool) -> Verdict:
    """May the base file be another one? Not when a version applies already."""
    reason = "Hier geldt al een protocol. Een ander maakt u als nieuwe versie, op de pagina Protocol."
    return Verdict(allowed=not has_version, rule="governance.version", reason=reason if has_version else "Dit kan.")


def may_draft(*, number: str, municipality: str, own: str, fault: str, state: str) -> Verdict:
    """May this register be the draft with this number? `own` is the municipality that the program is set up for, `fault` what
    the register lacks (empty: nothing), `state` that of the version with this number (empty: there is none).
    """
    reason = ""
    if municipality != own:
        reason = f"Dit register is van {municipality}, niet van {own}."
    elif fault:
        reason = f"Het register is niet volledig: {fault}."
    elif state not in ("", DRAFT):
        reason = f"Versie {number} bestaat al. Een gewijzigd protocol krijgt een nieuw nummer."
    return Verdict(allowed=not reason, rule="governance.version", reason=reason or "Dit kan een concept zijn.")


def may_add_text(*, state: str, has_text: bool, sections: int) -> Verdict:
    """May the text be added to the version that was taken over? Once; people sign for what they could read."""
    reason = ""
    if state != IN_FORCE or has_text:
        reason = "De tekst van een versie die geldt, verandert niet. Maak een nieuwe versie."
    elif sections == 0:
        reason = "Er is geen tekst."
    return Verdict(allowed=not reason, rule="governance.version", reason=reason or "De tekst kan worden toegevoegd.")


def may_withdraw(*, state: str) -> Verdict:
    """May this version be withdrawn? What applies, or applied, stays in the list for ever."""
    fine = state in (DRAFT, PROPOSED, PUBLISHED)
    reason = "Deze versie geldt of is vervallen en wordt niet meer ingetrokken."
    return Verdict(allowed=fine, rule="governance.version", reason="Dit kan." if fine else reason)
