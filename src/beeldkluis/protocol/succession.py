"""The team manager's role in other hands for a time: a deputy, an emergency, the recovery sheet (work-10, work-14)."""

from datetime import datetime, timedelta

from beeldkluis.protocol.register import Protocol, rule
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Verdict


def _answer(name: str, reason: str) -> Verdict:
    return Verdict(allowed=not reason, rule=name, reason=reason or "Dit kan.")


@rule("access.deputy", "access.emergency")
def may_deputise(
    *,
    role: Role,
    active: bool,
    running: bool,
    emergency: bool,
    because: str,
    until: datetime,
    protocol: Protocol,
    now: datetime,
    fresh: bool = False,
) -> Verdict:
    """May this person act as team manager until then? One at a time, for a reason, and not for longer than the protocol file
    says; in an emergency for hours only, and not by somebody whose access is newer than the waiting time of accounts (`fresh`).
    """
    name = "access.emergency" if emergency else "access.deputy"
    longest = timedelta(hours=protocol.number(name, "hours")) if emergency else protocol.days(name)
    reason = ""
    if role is not Role.DEPUTY or not active:
        reason = "Alleen iemand met de rol plaatsvervangend teammanager kan waarnemen."
    elif emergency and fresh:
        reason = (
            "Dit account of deze toegang is te nieuw. In een noodgeval neemt iemand waar die al langer toegang heeft."
        )
    elif running:
        reason = "Er is al een plaatsvervanger aan het waarnemen."
    elif not because.strip():
        reason = "Schrijf op waarom."
    elif until <= now:
        reason = "Het einde moet nog komen."
    elif until - now > longest:
        length = f"{longest // timedelta(hours=1)} uur" if emergency else f"{longest.days} dagen"
        reason = f"Waarnemen duurt hoogstens {length}. Daarna kan het opnieuw, met een reden."
    return _answer(name, reason)


def may_open_in_emergency(*, witness: str, because: str) -> Verdict:
    """The recovery key opens footage only with a second person who is named, and a reason."""
    reason = ""
    if not witness.strip():
        reason = "Bij een noodopening is een tweede persoon aanwezig. Vul in wie."
    elif not because.strip():
        reason = "Schrijf op waarom de herstelsleutel nodig is."
    return _answer("access.emergency", reason)


@rule("access.recovery-sheet")
def answers_for_sheet(*, key: bool, right: bool) -> Verdict:
    """Was the recovery sheet shown: is there a recovery key, and was its question answered rightly, in time, by who was asked?"""
    reason = ""
    if not key:
        reason = "Er is nog geen herstelsleutel."
    elif not right:
        reason = "Dit is niet de herstelsleutel van deze installatie, of het duurde te lang. Er is niets veranderd."
    return _answer("access.recovery-sheet", reason)


def may_use_sheet(*, shown: bool) -> Verdict:
    """Was the sheet shown just now for this one step, and not used yet?"""
    reason = "" if shown else "Toon eerst de herstelsleutel. Dat geldt een kwartier, voor één stap."
    return _answer("access.recovery-sheet", reason)


def has_end(until: datetime | None) -> Verdict:
    """Does acting as team manager in an emergency have an end?"""
    return _answer("access.deputy", "Zeg tot wanneer." if until is None else "")


def may_stand_for(*, has_manager: bool) -> Verdict:
    """Is there a team manager to act for?"""
    return _answer("access.deputy", "" if has_manager else "Er is geen teammanager om voor waar te nemen.")


def may_have_copy(*, has_key: bool, role: Role, active: bool) -> Verdict:
    """May this person have a sealed copy of the team's key (`has_key`: there is one)? A deputy by role, with an account."""
    fine = has_key and role is Role.DEPUTY and active
    reason = "Een kopie is voor iemand met een account en de rol plaatsvervangend teammanager."
    return _answer("access.deputy", "" if fine else reason)
