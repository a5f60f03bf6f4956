"""Handing the team manager's keys over: who begins, who agrees, how long anybody can object, when it counts (work-10, -14).

One person alone never changes for whom footage is sealed, and until everything was tried with the new key nothing changes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from beeldkluis.protocol.register import Protocol, rule
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Verdict, refuse

HOLDERS = (Role.TEAM_MANAGER, Role.DEPUTY, Role.DPO)  # who is told of every handover


def _answer(name: str, reason: str) -> Verdict:
    return Verdict(allowed=not reason, rule=name, reason=reason or "Dit kan.")


@dataclass(frozen=True, slots=True)
class HandoverPerson:
    """A person in a handover: the own role, the role in which the person acts now, and whether the account is active."""

    role: Role
    acting: Role
    active: bool

    @property
    def is_manager(self) -> bool:
        """The team manager by role, not a deputy who acts and not one who rests."""
        return self.active and self.role is Role.TEAM_MANAGER and self.acting is Role.TEAM_MANAGER

    @property
    def is_deputy(self) -> bool:
        """A deputy by role, acting or not."""
        return self.active and self.role is Role.DEPUTY


@rule("access.handover")
def may_announce(
    *, giver: HandoverPerson, receiver: HandoverPerson, same: bool, sheet: bool, running: bool, keys: bool, because: str
) -> Verdict:
    """May this person announce a handover to that one? The team manager; or a deputy who shows the recovery sheet, when there is
    no team manager who can. Never because somebody acts. To a deputy, or to oneself. With the sheet only with a reason.
    """
    reason = ""
    if not keys:
        reason = "Er zijn nog geen sleutels. Maak die eerst."
    elif running:
        reason = "Er loopt al een overdracht. Maak die eerst af, of stop die."
    elif not giver.is_manager and not (giver.is_deputy and sheet):
        reason = (
            "Alleen de teammanager zelf draagt de sleutels over, niet wie waarneemt. Is de teammanager er niet meer, dan "
            "kan een plaatsvervanger het met de herstelsleutel uit de kluis."
        )
    elif not same and not receiver.is_deputy:
        reason = "De rol gaat naar iemand met een account en de rol plaatsvervangend teammanager."
    elif sheet and not because.strip():
        reason = "Schrijf op waarom de herstelsleutel nodig is."
    return _answer("access.handover", reason)


@rule("access.handover-second")
def may_agree(*, second: HandoverPerson, giver: bool, receiver: bool, waiting: bool) -> Verdict:
    """May this person be the second one who agrees? The data protection officer, or a deputy who neither gives nor receives. Both
    by their own role. `waiting`: was it announced, and did nobody agree or stop it yet?
    """
    reason = ""
    if not waiting:
        reason = "Er wacht geen overdracht op uw akkoord."
    elif giver or receiver:
        reason = "Wie zelf overdraagt of ontvangt, kan niet de tweede persoon zijn."
    elif not second.is_deputy and not (second.active and second.role is Role.DPO):
        reason = "De tweede persoon is de functionaris gegevensbescherming of een andere plaatsvervanger."
    return _answer("access.handover-second", reason)


def waits(*, sheet: bool, protocol: Protocol) -> timedelta:
    """How long everybody who was told can object, after the second person agreed; shorter with the recovery sheet."""
    return timedelta(hours=protocol.number("access.handover", "hours_with_sheet" if sheet else "hours"))


COUNTED = 0.9  # part of its minutes that the program itself must have been there: each minute's round may take a while


def is_over(*, agreed_at: datetime | None, minutes: int, sheet: bool, protocol: Protocol, now: datetime) -> bool:
    """Is the wait over, by the clock and by the minutes that the program counted? A clock that jumps brings only the one."""
    if agreed_at is None:
        return False
    wait = waits(sheet=sheet, protocol=protocol)
    return now - agreed_at >= wait and minutes >= int(wait / timedelta(minutes=1) * COUNTED)


def is_stale(*, agreed_at: datetime | None, protocol: Protocol, now: datetime) -> bool:
    """Was it agreed to so long ago that nobody who was told has it in mind any more?"""
    return agreed_at is not None and now - agreed_at > protocol.days("access.handover")


def may_begin(
    *, announced: bool, agreed: bool, over: bool, stale: bool, giver: bool, own: bool, same_receiver: bool
) -> Verdict:
    """May the new keys be made now? By who announced it and still has the role for it (`own`), for whom it was announced, after
    the second person and the wait.
    """
    reason = ""
    if not announced:
        reason = "Kondig de overdracht eerst aan. Een tweede persoon moet akkoord gaan, en daarna is er een wachttijd."
    elif not giver or not own:
        reason = "Alleen wie de overdracht heeft aangekondigd en zelf de rol heeft, kan beginnen; wie waarneemt niet."
    elif not agreed:
        reason = "Een tweede persoon is nog niet akkoord gegaan."
    elif not over:
        reason = "De wachttijd is nog niet voorbij."
    elif stale:
        reason = "Het akkoord is te oud. Stop deze overdracht en kondig haar opnieuw aan."
    elif not same_receiver:
        reason = "De overdracht is voor iemand anders aangekondigd."
    return _answer("access.handover", reason)


def may_stop(*, who: HandoverPerson, giver: bool, receiver: bool, second: bool, running: bool) -> Verdict:
    """May this person stop a handover that was announced or is under way? Everybody in it, the team manager, and the data
    protection officer: stopping loses nothing.
    """
    reason = ""
    if not running:
        reason = "Er loopt geen overdracht."
    elif not (
        giver or receiver or second or who.is_manager or (who.active and who.role in (Role.DPO, Role.TEAM_MANAGER))
    ):
        reason = "Stoppen kan wie overdraagt, ontvangt of akkoord gaf, de teammanager of de functionaris gegevensbescherming."
    return _answer("access.handover", reason)


@rule("access.handover-brake")
def may_go_on(*, unchecked: int, checked: int, protocol: Protocol) -> Verdict:
    """May more recordings be sealed anew? The first so many only when somebody with the new key tried those before."""
    first = protocol.number("access.handover-brake", "recordings")
    reason = ""
    if checked < first and unchecked >= first:
        reason = (
            f"Er zijn {unchecked} opnames opnieuw verzegeld. Laat de ontvanger die eerst controleren met de nieuwe "
            "sleutel. Daarna gaat u verder."
        )
    return _answer("access.handover-brake", reason)


def may_close(*, pending: int, giver: bool) -> Verdict:
    """Has the giver sealed everything anew?"""
    reason = f"Nog {pending} opnames zijn niet opnieuw verzegeld." if pending else ""
    return _answer("access.handover", reason if giver else "Alleen wie overdraagt, maakt dit af.")


def may_check(*, receiver: bool, running: bool) -> Verdict:
    """May this person try what was sealed anew? The receiver, who has the new key."""
    fine = receiver and running
    return _answer("access.handover-settled", "" if fine else "Alleen wie de sleutels krijgt, controleert ze.")


@rule("access.handover-settled")
def may_settle(
    *, receiver: bool, pending: int, unchecked: int, unreadable: int, axis: bool, protocol: Protocol
) -> Verdict:
    """May the new key be put in force and the old one go? When every recording was sealed anew and shown to open with the new
    key, the key for Axis cameras too, and no more than a few did not open with the old key either.
    """
    few = protocol.number("access.handover-settled", "unreadable")
    reason = ""
    if not receiver:
        reason = "Alleen wie de sleutels krijgt, rondt de overdracht af."
    elif pending:
        reason = f"Nog {pending} opnames zijn niet opnieuw verzegeld."
    elif unchecked:
        reason = f"Nog {unchecked} opnames zijn niet gecontroleerd met de nieuwe sleutel."
    elif not axis:
        reason = "De sleutel voor Axis-camera's is niet gecontroleerd met de nieuwe sleutel."
    elif unreadable > few:
        reason = (
            f"{unreadable} opnames gaan niet open met de oude sleutel; dat mogen er {few} zijn. Stop deze overdracht en doe "
            "haar opnieuw met de herstelsleutel."
        )
    return _answer("access.handover-settled", reason)


def may_make_keys(*, has_keys: bool) -> Verdict:
    """May the first keys be made? Once; whoever comes after hands them over."""
    return _answer("storage.sealed", "Er zijn al sleutels. Maak geen nieuwe." if has_keys else "")


def broken_keys() -> Verdict:
    """Keys of the first ceremony that are none, are the same, or are not sealed."""
    return refuse("storage.sealed", "De sleutels zijn niet goed aangekomen. Begin opnieuw; er is niets vastgelegd.")


def broken_new_keys() -> Verdict:
    """Keys of a handover that are none, are old ones, or are not sealed anew."""
    reason = "De nieuwe sleutels zijn niet goed aangekomen. Begin opnieuw; er is niets veranderd."
    return refuse("access.handover", reason)


def broken_headers() -> Verdict:
    """Headers that are not those of this recording, sealed anew."""
    return refuse("access.handover", "De nieuwe zegels zijn niet goed aangekomen. Er is niets veranderd.")
