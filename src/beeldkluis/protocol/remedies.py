"""Objection, appeal, complaint and notice of default: what may be registered, and which outcome (access-7)."""

from datetime import datetime

from beeldkluis.protocol.verdict import Verdict, refuse

NAME = "request.objection"


def may_complain(*, closed: bool, decided: bool) -> Verdict:
    """May a complaint be registered? A closed case on which nothing was ever decided is not opened again by it."""
    if closed and not decided:
        reason = "In deze zaak is nooit een besluit genomen. Schrijf een bezwaar in, of een nieuw verzoek."
        return refuse(NAME, reason)
    return Verdict(allowed=True, rule=NAME, reason="De klacht kan worden ingeschreven.")


def may_settle(
    *, default: bool, settled: bool, known_outcome: bool, received_at: datetime, at: datetime, now: datetime
) -> Verdict:
    """May this outcome be written down, of this moment? Once, of a moment after the receipt that is no more to come. A notice of
    default (`default`) has no outcome.
    """
    if default:
        return refuse(NAME, "Een ingebrekestelling heeft geen uitkomst. Het besluit zelf is het antwoord.")
    if settled:
        return refuse(NAME, "Hiervan staat de uitkomst er al.")
    if not known_outcome or not received_at <= at <= now:
        return refuse(NAME, "Kies een uitkomst, en een datum na de ontvangst.")
    return Verdict(allowed=True, rule=NAME, reason="De uitkomst kan worden vastgelegd.")
