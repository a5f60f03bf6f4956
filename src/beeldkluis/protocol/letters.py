"""Letters: whose they are to send, and which of them are a decision (access-7)."""

from collections.abc import Mapping

from beeldkluis.protocol.deciding import Outcome
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.register import rule
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Verdict, refuse

_DPO, _TEAM_MANAGER = frozenset({Role.DPO}), frozenset({Role.TEAM_MANAGER})
SENDERS: Mapping[str, frozenset[Role]] = {
    "acknowledgement": _DPO,
    "completion": _DPO,
    "elsewhere": _DPO,
    "withdrawn": _DPO,
    "extension": _TEAM_MANAGER,
    "granted": _TEAM_MANAGER,
    "refused": _TEAM_MANAGER,
    "no_footage": _TEAM_MANAGER,
    "set_aside": _TEAM_MANAGER,
    "woo_disclosed": _TEAM_MANAGER,
    "woo_refused": _TEAM_MANAGER,
    "views": _TEAM_MANAGER,
    "views_asked": _TEAM_MANAGER,
    "views_over": _TEAM_MANAGER,
    "law": _DPO | _TEAM_MANAGER,
    "invitation": _TEAM_MANAGER,
    "proposal": _TEAM_MANAGER,
    "proposal_withdrawn": _TEAM_MANAGER,
    "moved": _TEAM_MANAGER,
    "cancelled": _TEAM_MANAGER,
    "seen_by": _DPO | _TEAM_MANAGER,
    "officer_notice": _TEAM_MANAGER,
    "officer_moved": _TEAM_MANAGER,
    "officer_cancelled": _TEAM_MANAGER,
    "closing": _DPO | _TEAM_MANAGER,
}
DECISIONS = frozenset(
    {"granted", "refused", "no_footage", "set_aside", "woo_disclosed", "woo_refused"}
)  # the term to object runs from the day they left
TO_STAFF = frozenset({"officer_notice", "officer_moved", "officer_cancelled"})
TO_OTHERS = TO_STAFF | {"views"}  # not to the requester: whose agreement does not count for them


@rule("request.by-email")
def may_email(*, kind: str, agreed: bool) -> Verdict:
    """May this letter go by e-mail? To a requester only when that person agreed to it (Awb 2:14); to the own staff always, and to
    a third party when its address was typed, which is asked only of who agreed.
    """
    fine = agreed or kind in TO_OTHERS
    no = "De verzoeker heeft niet gezegd dat brieven per e-mail mogen. Verstuur de brief per post."
    return Verdict(allowed=fine, rule="request.by-email", reason="De brief mag per e-mail." if fine else no)


def letter_kind(kind: CaseKind, outcome: Outcome) -> str:
    """Which letter tells this decision. LookupError where nothing is decided."""
    weighing = kind.weighing
    told = {Outcome.GRANTED: weighing.granted_letter, Outcome.REFUSED: weighing.refused_letter}
    return told.get(outcome, outcome.value)


def may_agree(*, agreed: bool, address: str) -> Verdict:
    """May it be noted how the requester wants letters? By e-mail only with an address."""
    name = "request.by-email"
    if agreed and not address:
        return refuse(name, "Vul het e-mailadres in.")
    return Verdict(allowed=True, rule=name, reason="Vastgelegd.")


def may_mail(*, kind: str, agreed: bool, address: str, server: bool) -> Verdict:
    """May this letter leave by e-mail now? To somebody who agreed, with an address. `server`: a mail server is set."""
    name, agreement = "request.letter", may_email(kind=kind, agreed=agreed)
    if not agreement.allowed:
        return agreement
    if not address:
        return refuse(name, "Er is geen e-mailadres. Verstuur de brief per post.")
    if not server:
        return refuse(name, "Er is geen mailserver ingesteld. Verstuur de brief per post.")
    return Verdict(allowed=True, rule=name, reason="De brief kan weg.")


@rule("request.letter")
def may_send(*, kind: str, role: Role | None, sent: bool) -> Verdict:
    """May this letter be sent by this role? Once, and by whoever takes the step that it tells of."""
    reason = ""
    if role not in SENDERS[kind]:
        whose = " of de ".join(one.dutch for one in Role if one in SENDERS[kind])
        reason = f"Deze brief verstuurt de {whose}."
    elif sent:
        reason = "Deze brief is al verstuurd."
    return Verdict(allowed=not reason, rule="request.letter", reason=reason or "De brief kan weg.")
