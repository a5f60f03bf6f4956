"""Who may do what, and the gate before footage (privacy-3, work-14, access-1, access-6)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from beeldkluis.protocol.cases import CaseState, may_judge
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.presence import InTheRoom, is_present, purposes_of
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.redaction import may_show
from beeldkluis.protocol.register import Protocol, rule
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Verdict, refuse


class Act(StrEnum):
    """Everything a role may or may not do, by name."""

    READ_RECORDINGS = "read_recordings"
    READ_JOURNAL = "read_journal"
    READ_JOURNAL_DETAILS = "read_journal_details"
    READ_SHIELDED = "read_shielded"
    READ_CASES = "read_cases"
    REGISTER_CASE = "register_case"
    FORWARD_CASE = "forward_case"
    WRITE_DEMAND = "write_demand"
    LINK_RECORDING = "link_recording"
    DECIDE_CASE = "decide_case"
    OPEN_RECORDING = "open_recording"
    REPORT_OPENABLE = "report_openable"
    HOLD_KEY_CEREMONY = "hold_key_ceremony"
    READ_OFFICERS = "read_officers"
    MANAGE_OFFICERS = "manage_officers"
    GIVE_CODE = "give_code"
    SET_ADDRESS = "set_address"
    MANAGE_BODYCAMS = "manage_bodycams"
    ISSUE_BODYCAM = "issue_bodycam"
    CONFIRM_WEARER = "confirm_wearer"
    ENROL_DOCK = "enrol_dock"
    SETTLE_FINDING = "settle_finding"
    CONFIRM_DESTRUCTION = "confirm_destruction"
    MANAGE_PEOPLE = "manage_people"
    SEE_INSTALLATION = "see_installation"
    READ_PROTOCOL_VERSIONS = "read_protocol_versions"
    PREPARE_PROTOCOL = "prepare_protocol"
    PUBLISH_PROTOCOL = "publish_protocol"
    READ_ACKNOWLEDGEMENTS = "read_acknowledgements"
    MANAGE_ACKNOWLEDGEMENTS = "manage_acknowledgements"
    OBSERVE_RECORDING = "observe_recording"
    REPORT_LOSS = "report_loss"
    HANDLE_INCIDENT = "handle_incident"
    REVIEW_RIGHTS = "review_rights"
    HAND_OVER = "hand_over"
    SEE_HANDOVER = "see_handover"
    APPOINT_DEPUTY = "appoint_deputy"
    APPOINT_DEPUTY_IN_EMERGENCY = "appoint_deputy_in_emergency"
    END_DEPUTATION = "end_deputation"
    SEE_OUTGOING = "see_outgoing"
    MANAGE_SCREENS = "manage_screens"
    MANAGE_ROOMS = "manage_rooms"
    STAND_IN = "stand_in"
    READ_VIEWINGS = "read_viewings"
    SHOW_RECOVERY_SHEET = "show_recovery_sheet"
    CONFIRM_ACCOUNT = "confirm_account"
    JUDGE_SET_APART = "judge_set_apart"
    SET_CONTACT = "set_contact"


_TEAM_MANAGER = frozenset(
    {
        Act.READ_RECORDINGS,
        Act.READ_JOURNAL,
        Act.READ_JOURNAL_DETAILS,
        Act.READ_CASES,
        Act.LINK_RECORDING,
        Act.DECIDE_CASE,
        Act.WRITE_DEMAND,
        Act.OPEN_RECORDING,
        Act.REPORT_OPENABLE,
        Act.HOLD_KEY_CEREMONY,
        Act.READ_OFFICERS,
        Act.MANAGE_OFFICERS,
        Act.MANAGE_BODYCAMS,
        Act.ISSUE_BODYCAM,
        Act.SETTLE_FINDING,
        Act.CONFIRM_DESTRUCTION,
        Act.READ_PROTOCOL_VERSIONS,
        Act.PREPARE_PROTOCOL,
        Act.PUBLISH_PROTOCOL,
        Act.READ_ACKNOWLEDGEMENTS,
        Act.MANAGE_ACKNOWLEDGEMENTS,
        Act.OBSERVE_RECORDING,
        Act.REPORT_LOSS,
        Act.HANDLE_INCIDENT,
        Act.REVIEW_RIGHTS,
        Act.HAND_OVER,
        Act.SEE_HANDOVER,
        Act.APPOINT_DEPUTY,
        Act.END_DEPUTATION,
        Act.SEE_OUTGOING,
        Act.MANAGE_ROOMS,
        Act.READ_VIEWINGS,
        Act.SHOW_RECOVERY_SHEET,
        Act.CONFIRM_ACCOUNT,
        Act.JUDGE_SET_APART,
        Act.SET_CONTACT,
    }
)
_DEPUTY = frozenset(
    {
        Act.READ_PROTOCOL_VERSIONS,
        Act.REPORT_LOSS,
        Act.END_DEPUTATION,
        Act.STAND_IN,
        Act.SHOW_RECOVERY_SHEET,
        Act.HAND_OVER,
        Act.SEE_HANDOVER,
    }
)
_DPO = frozenset(
    {
        Act.READ_JOURNAL,
        Act.READ_JOURNAL_DETAILS,
        Act.READ_SHIELDED,
        Act.READ_CASES,
        Act.REGISTER_CASE,
        Act.FORWARD_CASE,
        Act.WRITE_DEMAND,
        Act.CONFIRM_WEARER,
        Act.SETTLE_FINDING,
        Act.CONFIRM_DESTRUCTION,
        Act.READ_PROTOCOL_VERSIONS,
        Act.PUBLISH_PROTOCOL,
        Act.READ_ACKNOWLEDGEMENTS,
        Act.REPORT_LOSS,
        Act.HANDLE_INCIDENT,
        Act.REVIEW_RIGHTS,
        Act.READ_VIEWINGS,
        Act.SHOW_RECOVERY_SHEET,
        Act.CONFIRM_ACCOUNT,
        Act.SET_CONTACT,
        Act.SEE_HANDOVER,
    }
)
_ADMINISTRATOR = frozenset(
    {
        Act.READ_JOURNAL,
        Act.READ_OFFICERS,
        Act.GIVE_CODE,
        Act.SET_ADDRESS,
        Act.MANAGE_BODYCAMS,
        Act.ENROL_DOCK,
        Act.SETTLE_FINDING,
        Act.MANAGE_PEOPLE,
        Act.SEE_INSTALLATION,
        Act.READ_PROTOCOL_VERSIONS,
        Act.REPORT_LOSS,
        Act.APPOINT_DEPUTY_IN_EMERGENCY,
        Act.SEE_OUTGOING,
        Act.MANAGE_SCREENS,
        Act.SHOW_RECOVERY_SHEET,
    }
)
# What shows that an officer is there is never in the hands of who opens: codes and addresses are given by somebody who opens
# nothing, to officers whom that somebody cannot add, and the data protection officer says whether a late issue is right.
RIGHTS = {
    Role.TEAM_MANAGER: _TEAM_MANAGER,
    Role.DEPUTY: _DEPUTY,
    Role.DPO: _DPO,
    Role.ADMINISTRATOR: _ADMINISTRATOR,
    Role.OFFICER: frozenset[Act](),
}


@rule("access.roles")
def may(role: Role | None, act: Act) -> Verdict:
    """May somebody with this role do this? What is not in the table is not allowed."""
    if role is not None and act in RIGHTS[role]:
        return Verdict(allowed=True, rule="access.roles", reason=f"Dit hoort bij de rol {role.dutch}.")
    able = " of ".join(one.dutch for one in Role if act in RIGHTS[one])
    return Verdict(allowed=False, rule="access.roles", reason=f"Dit kan alleen de {able}.")


def by_program(name: str) -> Verdict:
    """A part of the program (set-up, intake, the demonstration) may do what it calls."""
    return Verdict(allowed=True, rule="access.roles", reason=f"Het programma zelf: {name}.")


def may_see_notice(*, own: bool) -> Verdict:
    """May somebody mark a notice as seen? Only who was told."""
    return Verdict(
        allowed=own, rule="access.notice", reason="Dit is aan u verteld." if own else "Dit is aan een ander verteld."
    )


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What the gate must know of a case."""

    reference: str
    kind: CaseKind
    state: CaseState
    about_team_manager: bool = False


_OPEN_STATES = {
    Purpose.ASSESS_REQUEST: frozenset({CaseState.FORWARDED}),
    Purpose.REDACT: frozenset({CaseState.GRANTED}),
    Purpose.VIEW_WITH_OFFICER: frozenset({CaseState.GRANTED}),
    Purpose.VIEW_WITH_DATA_SUBJECT: frozenset({CaseState.GRANTED}),
    Purpose.REFLECT: frozenset({CaseState.FORWARDED}),
}
KEPT, SET_APART = "kept", "quarantined"


@rule("access.team-manager-only", "purpose.no-assessment")
def may_look(
    *,
    role: Role | None,
    purpose: Purpose,
    case: CaseFacts | None,
    titular: bool = False,
    protocol: Protocol | None = None,
) -> Verdict:
    """May this person look at footage of this case for this purpose at all? `titular`: the person is the team manager by role,
    not a deputy who acts. Asked when a viewing begins, and again at every recording.
    """
    if role is not Role.TEAM_MANAGER:
        return refuse("access.team-manager-only", "Alleen de teammanager opent beelden.")
    if case is None:
        return refuse("access.case-required", "Zonder zaak gaan er geen beelden open.")
    if not purposes_of(case.kind, protocol):
        return refuse("access.case-required", "Onder deze soort zaak gaan geen beelden open.")
    if purpose not in purposes_of(case.kind, protocol):
        return refuse("access.case-required", "Dit doel hoort niet bij deze soort zaak.")
    if not (judge := may_judge(about_team_manager=case.about_team_manager, titular=titular)).allowed:
        return judge
    if case.state not in _OPEN_STATES[purpose]:
        return refuse("access.case-required", "De zaak is niet in een stand waarin hiervoor gekeken mag worden.")
    return Verdict(allowed=True, rule="access.case-required", reason=f"Zaak {case.reference}: {purpose.dutch}.")


@rule("access.case-required")
def may_open(
    *,
    role: Role | None,
    purpose: Purpose,
    case: CaseFacts | None,
    linked: bool,
    recording_state: str,
    wearer: str,
    room: InTheRoom,
    approved: bool = False,
    titular: bool = False,
    protocol: Protocol | None = None,
) -> Verdict:
    """The gate: may this recording be opened now, under this case, for this purpose, with these people in the room?

    Every question is asked in turn and the first no is the answer; there is no yes without a case. `wearer`: who wore the
    camera, by pseudonym; empty when that is not known. `approved`: this case has an approved copy of it in which others cannot
    be recognised; a requester sees that copy and nothing else. A recording that is set apart opens like any other, so that
    somebody can see whether it plays.
    """
    if not (look := may_look(role=role, purpose=purpose, case=case, protocol=protocol, titular=titular)).allowed:
        return look
    if not linked:
        return refuse("access.case-required", "Deze opname hoort niet bij deze zaak. Bevestig dat eerst bij de zaak.")
    if recording_state not in (KEPT, SET_APART):
        return refuse("access.case-required", "Deze opname is vernietigd en gaat niet open.")
    if not (present := is_present(purpose=purpose, wearer=wearer, room=room, protocol=protocol)).allowed:
        return present
    if purpose is Purpose.VIEW_WITH_DATA_SUBJECT:
        return may_show(reference=case.reference if case else "", approved=approved)
    apart = " Zij is apart gezet: het kan dat zij niet afspeelt." if recording_state == SET_APART else ""
    reason = f"{look.reason} Het origineel, zonder afdekking.{apart}"
    return Verdict(allowed=True, rule="access.case-required", reason=reason)


@rule("access.check-once")
def may_give_again(because: str) -> Verdict:
    """May headers that went out for the daily check go out once more, while no outcome of them came? Only with a reason."""
    if not because.strip():
        return refuse("access.check-once", "Schrijf op waarom de zegels nog een keer nodig zijn.")
    return Verdict(allowed=True, rule="access.check-once", reason="Er is gezegd waarom.")


def has_unanswered(number: int) -> Verdict:
    """Is there something to give once more: so many recordings whose headers went out, and of which no outcome came?"""
    reason = "Dit kan." if number else "Er zijn geen zegels waarvan de uitkomst ontbreekt."
    return Verdict(allowed=number > 0, rule="access.check-once", reason=reason)


@rule("access.opening-ends")
def opening_ends(opened_at: datetime, protocol: Protocol) -> datetime:
    """When an opening expires."""
    return opened_at + timedelta(minutes=protocol.number("access.opening-ends", "minutes"))
