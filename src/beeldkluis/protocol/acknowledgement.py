"""The log list (loglijst): who must sign for which version, and what an issue to somebody who has not asks (governance-3)."""

from datetime import date, datetime

from beeldkluis.protocol.register import Protocol, rule
from beeldkluis.protocol.verdict import Verdict

SIGNABLE = frozenset({"in_force", "published"})


@rule("governance.acknowledgement")
def may_sign(
    *, state: str, has_text: bool, protocol_received: date, instruction_received: date, today: date
) -> Verdict:
    """May somebody sign for this version now? It applies or is about to, it can be read, and was received by today."""
    reason = ""
    if state not in SIGNABLE:
        reason = "Voor deze versie wordt niet getekend: zij geldt niet en gaat niet in."
    elif not has_text:
        reason = "De tekst van deze versie is nog niet toegevoegd. Zonder tekst kan niemand tekenen."
    elif max(protocol_received, instruction_received) > today:
        reason = "De dag van ontvangst moet nog komen."
    return Verdict(allowed=not reason, rule="governance.acknowledgement", reason=reason or "Ontvangen en te lezen.")


@rule("camera.signed")
def may_receive(*, signed: bool, because: str) -> Verdict:
    """May a camera be issued to this officer? Who has not signed for the protocol gets one only with a reason on record."""
    allowed = signed or bool(because.strip())
    reason = (
        "Deze handhaver heeft niet getekend voor het protocol dat geldt. Schrijf op waarom u de camera toch uitgeeft."
    )
    if allowed:
        reason = "De handhaver heeft getekend." if signed else "Uitgegeven met een reden."
    return Verdict(allowed=allowed, rule="camera.signed", reason=reason)


def reminder_round(*, since: datetime, protocol: Protocol, now: datetime) -> int:
    """Which reminder to sign is due, counted from 1; 0 as long as the first is not. They come every so many days."""
    return max(0, (now - since) // protocol.days("governance.acknowledgement"))


def may_keep_scan(*, known_kind: bool, small_enough: bool) -> Verdict:
    """May this scan of a signed page be kept? By its own first bytes, never by what its sender says."""
    fine = known_kind and small_enough
    reason = "Dit kan." if fine else "Een scan is een PDF, PNG of JPEG van hoogstens 5 MB."
    return Verdict(allowed=fine, rule="governance.acknowledgement", reason=reason)


def may_use_signing_link(*, usable: bool) -> Verdict:
    """May somebody sign with this personal link? Once, within its days."""
    reason = "Dit kan." if usable else "Deze link is al gebruikt of verlopen. Vraag de teammanager om een nieuwe."
    return Verdict(allowed=usable, rule="governance.acknowledgement", reason=reason)
