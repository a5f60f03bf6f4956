"""Who must be in the room before there are pictures, and who may take another's place (access-5, access-6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from beeldkluis.protocol.cases import may_judge
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.naming import own_words
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.register import Protocol, rule
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Verdict


@rule("purpose.left-out")
def purposes_of(kind: CaseKind, protocol: Protocol | None = None) -> tuple[Purpose, ...]:
    """What footage may be opened for under a case of this kind, without what this municipality does not use it for; nothing
    for a kind that opens none.
    """
    left_out = protocol.listed("purpose.left-out", "purposes", ()) if protocol else ()
    return tuple(one for one in kind.facts.purposes if one not in left_out)


def may_ask_for(kind: CaseKind, protocol: Protocol) -> Verdict:
    """Does this municipality use footage for what this kind of case is for? Asking is refused where it could lead nowhere."""
    fine = not kind.facts.purposes or bool(purposes_of(kind, protocol))
    reason = f"In het protocol van {protocol.municipality} staat dit doel niet. Hiervoor worden geen beelden bekeken."
    return Verdict(allowed=fine, rule="purpose.left-out", reason="Dit kan." if fine else reason)


class Present(StrEnum):
    """Who can be in the room."""

    TEAM_MANAGER = "team_manager"
    OFFICER = "officer"
    STAND_IN = "stand_in"
    REQUESTER = "requester"
    COMPANION = "companion"
    WITNESS = "witness"

    @property
    def dutch(self) -> str:
        """Who that is, on screen and on paper."""
        return own_words(_PRESENT[self])


_PRESENT = {
    Present.TEAM_MANAGER: "teammanager",
    Present.OFFICER: "handhaver",
    Present.STAND_IN: "vervanger van de handhaver",
    Present.REQUESTER: "verzoeker of vertegenwoordiger",
    Present.COMPANION: "meegekomen met de verzoeker",
    Present.WITNESS: "tweede persoon bij de herstelsleutel",
}
_BOTH = frozenset({Present.TEAM_MANAGER, Present.OFFICER})
# Where a protocol does not say who must be there, everybody must (access-6).
REQUIRED: Mapping[Purpose, frozenset[Present]] = {
    Purpose.ASSESS_REQUEST: _BOTH,
    Purpose.REDACT: _BOTH,
    Purpose.VIEW_WITH_OFFICER: _BOTH,
    Purpose.VIEW_WITH_DATA_SUBJECT: _BOTH | {Present.REQUESTER},
    Purpose.REFLECT: _BOTH,
}


def required(purpose: Purpose, protocol: Protocol | None) -> frozenset[Present]:
    """Who must be there before a recording opens for this purpose, by the table of this protocol."""
    everybody = tuple(one.value for one in Present if one in REQUIRED[purpose])
    listed = protocol.listed("access.presence", purpose.value, everybody) if protocol else everybody
    return frozenset(map(Present, listed))


@dataclass(frozen=True, slots=True, kw_only=True)
class InTheRoom:
    """Who showed to be there and did not leave: officers by pseudonym, those whose place somebody takes by theirs (empty
    text: an officer who is not known), and whether the requester's identity was seen.
    """

    team_manager: bool = False
    officers: frozenset[str] = frozenset()
    replaced: frozenset[str] = frozenset()
    requester: bool = False


def lacking(*, purpose: Purpose, wearer: str, room: InTheRoom, protocol: Protocol | None = None) -> tuple[Present, ...]:
    """Who must still come before a recording of this wearer opens for this purpose."""
    replaced = purpose is not Purpose.REFLECT and wearer in room.replaced
    here = {
        Present.TEAM_MANAGER: room.team_manager,
        Present.OFFICER: replaced or (wearer != "" and wearer in room.officers),
        Present.REQUESTER: room.requester,
    }
    return tuple(one for one in Present if one in required(purpose, protocol) and not here[one])


@rule("access.presence")
def is_present(*, purpose: Purpose, wearer: str, room: InTheRoom, protocol: Protocol | None = None) -> Verdict:
    """Is everybody there whom this purpose asks for, for a recording of this wearer? The first who lacks is the answer."""
    lacks = lacking(purpose=purpose, wearer=wearer, room=room, protocol=protocol)
    if not lacks:
        return Verdict(allowed=True, rule="access.presence", reason="Iedereen die erbij moet zijn, is er.")
    return Verdict(allowed=False, rule="access.presence", reason=_why(lacks[0], purpose, wearer))


def _why(lacks: Present, purpose: Purpose, wearer: str) -> str:
    if lacks is Present.OFFICER and purpose is Purpose.REFLECT:
        return "De handhaver die de camera droeg, is er zelf bij. Een vervanger kan hier niet."
    if lacks is Present.OFFICER and not wearer:
        return "Het staat niet vast wie de camera droeg. Een plaatsvervanger neemt de plaats van de handhaver in."
    return {
        Present.TEAM_MANAGER: "De teammanager is er niet.",
        Present.OFFICER: "De teammanager kijkt samen met de handhaver. Die bevestigt met nummer en code.",
        Present.REQUESTER: "De verzoeker is er niet, of er is nog niet vastgelegd dat u het identiteitsbewijs zag.",
    }[lacks]


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """Somebody showed to be there at that moment. `serves`: is now in service as officer, or has an account that is open;
    `role`: in which somebody with an account acts now.
    """

    present: Present
    at: datetime
    serves: bool = True
    role: Role | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """One opening of film in a viewing: from when, when its page was last heard of, and when it closed, if it did."""

    opened_at: datetime
    lived_at: datetime
    closed_at: datetime | None = None

    def seen_until(self, protocol: Protocol, now: datetime) -> datetime:
        """Until when somebody was at this screen: its last heartbeat when it was left alone, else until it closed, or now."""
        end = self.closed_at or now
        return self.lived_at if end - self.lived_at > protocol.minutes("access.left-alone") else end

    def is_deserted(self, screens: Sequence["Screen"], protocol: Protocol, now: datetime) -> bool:
        """Was this screen left alone, and no other looked at within the same minutes? A reload leaves one behind, not people."""
        if (self.closed_at or now) - self.lived_at <= protocol.minutes("access.left-alone"):
            return False
        until = self.lived_at + protocol.minutes("access.left-alone")
        return not any(one.opened_at <= until and one.seen_until(protocol, now) > self.lived_at for one in screens)


_ACTS_AS = {Present.TEAM_MANAGER: Role.TEAM_MANAGER, Present.STAND_IN: Role.DEPUTY}


@rule("access.confirmation")
def still_counts(
    confirmation: Confirmation, *, screens: Sequence[Screen], protocol: Protocol, now: datetime
) -> Verdict:
    """Does somebody who showed to be there, and did not say to leave, still count? Not whose ground is gone, not after the
    screen was left alone, and not after a long time in which nothing was open. `screens`: what was opened in this viewing.

    Whoever began the viewing stays: that person is signed in, and shows the own key again at every opening.
    """
    name = "access.confirmation"
    seen = max((each.seen_until(protocol, now) for each in screens), default=confirmation.at)
    reason = ""
    if not confirmation.serves:
        reason = "Deze persoon is niet meer in dienst of heeft geen account meer."
    elif confirmation.present in _ACTS_AS and confirmation.role is not _ACTS_AS[confirmation.present]:
        reason = "Deze persoon heeft nu een andere rol."
    elif confirmation.present is Present.TEAM_MANAGER:
        pass
    elif any(each.lived_at >= confirmation.at and each.is_deserted(screens, protocol, now) for each in screens):
        reason = "Het scherm was alleen gelaten. Laat opnieuw weten wie er is."
    elif now - max(confirmation.at, seen) > protocol.minutes(name):
        reason = (
            f"Er was langer dan {protocol.number(name, 'minutes')} minuten niets open. Laat opnieuw weten wie er is."
        )
    return Verdict(allowed=not reason, rule=name, reason=reason or "Deze persoon is er.")


WRONG_CODES = 5  # for one officer within one viewing: more than a slip of the finger


def looks_like_guessing(wrong: int) -> bool:
    """Were so many wrong codes typed for one officer within one viewing that somebody must look into it?"""
    return wrong >= WRONG_CODES


@rule("access.second-factor")
def recently_proved(proved_at: datetime | None, *, protocol: Protocol, now: datetime) -> Verdict:
    """Did whoever begins a viewing show the second factor (passkey or code) shortly before?"""
    name = "access.second-factor"
    if proved_at is not None and proved_at <= now and now - proved_at <= protocol.minutes(name):
        return Verdict(allowed=True, rule=name, reason="De tweede stap is kort geleden gezet.")
    minutes = protocol.number(name, "minutes")
    reason = f"Uw tweede stap is langer dan {minutes} minuten geleden. Laat nog een keer zien dat u het bent."
    return Verdict(allowed=False, rule=name, reason=reason)


class Ground(StrEnum):
    """Why somebody takes an officer's place."""

    LEFT = "left"
    REFUSES = "refuses"
    ABSENT = "absent"
    UNKNOWN = "unknown"

    @property
    def dutch(self) -> str:
        """The ground on screen."""
        return own_words(_GROUNDS[self])


_GROUNDS = {
    Ground.LEFT: "De handhaver werkt hier niet meer",
    Ground.REFUSES: "De handhaver wil niet",
    Ground.ABSENT: "De handhaver kan lange tijd niet",
    Ground.UNKNOWN: "Het is niet bekend wie de camera droeg",
}


@rule("access.stand-in")
def may_stand_in(
    *,
    role: Role | None,
    same: bool,
    ground: Ground,
    because: str,
    left: bool,
    known: bool,
    purpose: Purpose,
    about_team_manager: bool,
    titular: bool,
) -> Verdict:
    """May this person take the place of an officer who does not come? A deputy, who is somebody else than who opens, for a
    ground and with a reason. `left`: the officer is out of service; `known`: the recording names its officer. `titular`: the
    team manager by role, who rests now: nobody looks along in a case about oneself.
    """
    reason = ""
    if purpose is Purpose.REFLECT:
        reason = "Het eigen handelen terugzien kan alleen met de handhaver zelf."
    elif role is not Role.DEPUTY or same:
        reason = "Alleen de plaatsvervangend teammanager neemt de plaats van de handhaver in, en nooit wie zelf opent."
    elif not (judge := may_judge(about_team_manager=about_team_manager, titular=titular)).allowed:
        reason = judge.reason
    elif ground is Ground.LEFT and not left:
        reason = "Deze handhaver is volgens de lijst nog in dienst."
    elif known is (ground is Ground.UNKNOWN):
        reason = "Deze reden past niet bij de opname."
    elif not because.strip():
        reason = "Schrijf op waarom de handhaver er niet bij is."
    return Verdict(allowed=not reason, rule="access.stand-in", reason=reason or "Dit kan.")


def may_report(*, role: Role | None, reported: bool, about_team_manager: bool, titular: bool) -> Verdict:
    """May this person end this viewing and write its report? Whoever acts as team manager, whoever began it: people fall ill
    and deputations end. Once: what was signed does not change afterwards.
    """
    reason = ""
    if role is not Role.TEAM_MANAGER:
        reason = "Alleen wie nu teammanager is, beëindigt een inzage en maakt het verslag."
    elif reported:
        reason = "Van deze inzage is al een verslag. Dat verandert niet meer, want het kan al ondertekend zijn."
    elif not (judge := may_judge(about_team_manager=about_team_manager, titular=titular)).allowed:
        return judge
    return Verdict(allowed=not reason, rule="access.presence", reason=reason or "Het verslag kan worden gemaakt.")


def may_tell_who_looked(*, kind: CaseKind) -> Verdict:
    """May the letter about who looked be made under this case? It answers who was filmed (GDPR article 15), not a third party
    and not an officer, who may ask for footage but not for who else saw it.
    """
    fine = kind.facts.by_right
    reason = (
        "Alleen wie zelf is gefilmd, kan vragen wie de beelden zag." if not fine else "De betrokkene kan dit vragen."
    )
    return Verdict(allowed=fine, rule="access.who-looked", reason=reason)


# The longest year. A moment after it is a slip of the hand (2062 for 2026), not a choice that a municipality makes: no request
# stays open for so long.
FURTHEST = timedelta(days=366)


@rule("access.appointment")
def may_appoint(
    *,
    moments: tuple[datetime, ...],
    lasts: timedelta,
    room_in_use: bool,
    others: tuple[tuple[datetime, datetime], ...],
    now: datetime,
) -> Verdict:
    """May these moments be offered? In a room that is set up for it, each still to come and within a year, no two at once, and
    none while another appointment stands or is offered: whoever decides is at every one of them. `others`: when those begin
    and end.
    """
    reason = ""
    if not room_in_use:
        reason = "Kies een ruimte die voor inzage is ingericht."
    elif not moments:
        reason = "Kies een of meer verschillende momenten."
    elif min(moments) <= now:
        reason = "Kies een moment dat nog komt."
    elif max(moments) - now > FURTHEST:  # before anything is added to a moment: the calendar ends with the year 9999
        reason = "Kies een moment binnen een jaar. Klopt het jaartal?"
    elif any(two < one + lasts for one, two in pairwise(sorted(one.astimezone(UTC) for one in moments))):
        reason = "Kies een of meer verschillende momenten."
    elif any(begin < one + lasts and one < end for one in moments for begin, end in others):
        reason = "Dan is er al een andere afspraak om te kijken, of een voorstel daarvoor. Kies een ander moment."
    return Verdict(allowed=not reason, rule="access.appointment", reason=reason or "De afspraak kan.")
