"""Who gets, loses or renews an account that matters: never by one person alone, never unseen (work-10, work-14)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from beeldkluis.protocol.register import Protocol, rule
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Verdict

GUARDED = frozenset({Role.TEAM_MANAGER, Role.DEPUTY, Role.DPO})  # who may come at footage, or watches who does


class Change(StrEnum):
    """What is asked for somebody's account."""

    ADD = "add"
    RENEW = "renew"  # a new password; second factors stay
    RESET = "reset"  # a new password, and a new second factor in place of what was lost
    RESTORE = "restore"  # the same, asked on the server itself when nobody can sign in any more
    CLOSE = "close"
    DEPUTISE = "deputise"  # acting as team manager in an emergency


LINKED = frozenset({Change.ADD, Change.RENEW, Change.RESET, Change.RESTORE})  # somebody comes in by a link
FORGETS_FACTORS = frozenset({Change.RESET, Change.RESTORE})


@dataclass(frozen=True, slots=True)
class Waited:
    """How long a change waits: by the clock, and by how long the machine ran. Who sets the clock moves the first only."""

    by_clock: timedelta
    running: timedelta

    @property
    def surely(self) -> timedelta:
        """What both agree on."""
        return min(self.by_clock, self.running)


def _answer(name: str, reason: str) -> Verdict:
    return Verdict(allowed=not reason, rule=name, reason=reason or "Dit kan.")


def is_guarded(change: Change, role: Role) -> bool:
    """Does this change need a second person or time? `role`: of whom it is about."""
    return role in GUARDED or change is Change.DEPUTISE


def waiting_time(change: Change, *, keys: bool, protocol: Protocol) -> timedelta:
    """How long a guarded change waits without a second person. Before there are keys (`keys`) there is no footage to protect, so
    a restoration waits no longer than any other change.
    """
    name = "access.restore" if change is Change.RESTORE and keys else "access.account-change"
    return timedelta(hours=protocol.number(name, "hours"))


@rule("access.account-change", "access.restore")
def may_carry_out(
    *, change: Change, role: Role, confirmed: bool, sheet: bool, keys: bool, waited: Waited, protocol: Protocol
) -> Verdict:
    """May it be done now? A second person or the waiting time; both where a second factor goes; for acting as team manager in an
    emergency only a second person. The recovery sheet from the safe (`sheet`) stands for both.
    """
    long_enough = waited.surely >= waiting_time(change, keys=keys, protocol=protocol)
    name = "access.restore" if change is Change.RESTORE else "access.account-change"
    reason = ""
    if not is_guarded(change, role) or sheet:
        return _answer(name, reason)
    if change is Change.DEPUTISE:
        return _answer("access.emergency", "" if confirmed else "Dit wacht op een tweede persoon.")
    if change is Change.RESET:
        if not confirmed:
            reason = "Dit wacht op een tweede persoon."
        elif not long_enough:
            reason = "Een tweede persoon bevestigde. De wachttijd loopt nog."
    elif change is Change.RESTORE:
        reason = "" if long_enough else "De wachttijd loopt nog."
    elif not (confirmed or long_enough):
        reason = "Dit wacht op een tweede persoon, of tot de wachttijd om is."
    return _answer(name, reason)


@dataclass(frozen=True, slots=True)
class Second:
    """Somebody who would confirm: the role by right (not one that is acted in), and since when that access is known."""

    role: Role
    is_subject: bool
    asked: bool
    known_since: datetime | None  # none: from the first set-up


def may_confirm(
    *, change: Change, role: Role, is_open: bool, second: Second, protocol: Protocol, now: datetime
) -> Verdict:
    """May this person be the second one? The data protection officer or the team manager, about somebody else, with an access
    that is older than the waiting time: who came in by this door does not hold it open for the next. Nobody but another data
    protection officer sends away one.
    """
    fresh = second.known_since is not None and now - second.known_since < waiting_time(
        Change.RENEW, keys=True, protocol=protocol
    )
    reason = ""
    if not is_open:
        reason = "Dit wacht niet meer op een tweede persoon."
    elif second.role not in (Role.DPO, Role.TEAM_MANAGER):
        reason = "De tweede persoon is de functionaris gegevensbescherming of de teammanager zelf."
    elif second.is_subject:
        reason = "Dit gaat over u. Een ander bevestigt het."
    elif second.asked:
        reason = "U vroeg dit zelf. Een ander bevestigt het."
    elif change is Change.RESTORE:
        reason = "Dit is op de server gevraagd. Het werkt na de wachttijd, of met de herstelsleutel."
    elif change is Change.CLOSE and role is Role.DPO and second.role is not Role.DPO:
        reason = (
            "Over wie toezicht houdt, beslist de teammanager niet mee. Een andere functionaris bevestigt, of het wacht."
        )
    elif fresh:
        reason = "Uw eigen toegang is nog te nieuw om een ander toe te laten."
    return _answer("access.account-change", reason)


def may_object(*, role: Role, is_subject: bool, stoppable: bool) -> Verdict:
    """May this person stop it? Whoever it is about, and everybody who watches or asks for such changes; until it was used."""
    reason = ""
    if not is_subject and role not in (Role.DPO, Role.TEAM_MANAGER, Role.ADMINISTRATOR):
        reason = "Tegenhouden kan wie het aangaat, of de functionaris, de teammanager of de beheerder."
    elif not stoppable:
        reason = "Dit is al tegengehouden, verlopen of gebruikt."
    return _answer("access.account-change", reason)


def may_ask(*, change: Change, role: Role, active: bool, added_once: bool, others: int, because: str) -> Verdict:
    """May this be asked at all? `added_once`: the account was in use; `others`: people in use with this role beside this one."""
    reason = ""
    if change is Change.ADD and (active or added_once):
        reason = "Dit account is er al."
    elif change is Change.RESTORE and not added_once:
        reason = "Dit account was nooit in gebruik."
    elif change not in (Change.ADD, Change.RESTORE) and not active:
        reason = "Dit account is niet in gebruik."
    elif change is Change.CLOSE and role is Role.DPO and others == 0:
        reason = "Er moet altijd iemand toezien. Voeg eerst een andere functionaris gegevensbescherming toe."
    elif change is not Change.ADD and is_guarded(change, role) and not because.strip():
        reason = "Schrijf op waarom."
    return _answer("access.account-change", reason)


@rule("access.notice")
def may_hold_back(*, must_leave: bool) -> Verdict:
    """May a message be withdrawn? Not what somebody must know who watches, or whom it is about."""
    reason = "Dit bericht is voor wie toeziet of voor wie het aangaat. Niemand kan het intrekken." if must_leave else ""
    return _answer("access.notice", reason)


def may_add_person(*, role: Role, address_taken: bool, has_manager: bool) -> Verdict:
    """May somebody with this address and role get an account? One account for an address, one team manager (`has_manager`)."""
    reason = ""
    if address_taken:
        reason = "Er is al iemand met dit e-mailadres."
    elif role is Role.TEAM_MANAGER and has_manager:
        reason = "Er is al een teammanager. Voeg een plaatsvervanger toe; de teammanager draagt de rol over."
    return _answer("access.roles", reason)


def may_see_change(*, is_subject: bool) -> Verdict:
    """May somebody see a change of an account because it is about that person? Others are asked for their acts."""
    reason = "Dit gaat over u." if is_subject else "Dit gaat over iemand anders."
    return Verdict(allowed=is_subject, rule="access.account-change", reason=reason)


def may_show_sheet(*, waits: bool) -> Verdict:
    """May the recovery sheet be shown for this change? Only while it waits."""
    return _answer("access.account-change", "" if waits else "Dit wacht niet meer.")


def may_use_link(*, works: bool, why_not: str) -> Verdict:
    """May the link of this change be used? Once it was done, and not after it was stopped or used; `why_not` is its story."""
    return _answer("access.account-change", "" if works else why_not)
