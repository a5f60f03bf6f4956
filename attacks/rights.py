"""What each address asks of whoever comes: written down by hand beside the program, so that the walk judges it from outside.

An address that is missing here is nobody's: the walk, and the suite, say so.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from beeldkluis.protocol.access import Act, may
from beeldkluis.protocol.roles import Role

OPEN, SIGNED, FACTOR, DOCK, AXIS, SCREEN = "open", "signed in", "password", "dock", "axis", "screen"
OWN_KEY = {
    "viewing:watch",
    "viewing:check",
    "people:copy",
    "people:handover",
}  # show the team's key, sealed with a passphrase
# give sealed headers, with an entry each
HEADERS = {
    "viewing:open",
    "viewing:redact-copy",
    "viewing:check-headers",
    "people:handover-next",
    "people:handover-check-next",
}

_BY_ACT: dict[Act, str] = {
    Act.OPEN_RECORDING: "viewing:sealed viewing:begin viewing:copy viewing:room viewing:state viewing:officer viewing:requester"
    " viewing:companion viewing:left viewing:report viewing:watch viewing:open viewing:played viewing:close viewing:broken"
    " viewing:mark viewing:unmark viewing:redact viewing:redact-played viewing:redact-step viewing:redact-copy redaction:case"
    " redaction:film redaction:draft",
    Act.DECIDE_CASE: "appointments:appointment appointments:choose appointments:move appointments:cancel cases:decide"
    " cases:close",
    Act.WRITE_DEMAND: "disclosure:demand",
    Act.READ_VIEWINGS: "viewing:who-looked viewing:report-pdf redaction:log",
    Act.MANAGE_ROOMS: "appointments:rooms appointments:retire-room",
    Act.REPORT_OPENABLE: "viewing:check viewing:check-headers viewing:check-outcome",
    Act.STAND_IN: "viewing:stand-in",
    Act.SEE_INSTALLATION: "web:installation",
    Act.READ_PROTOCOL_VERSIONS: "web:protocol-versions web:protocol-version web:protocol-pdf people:sign",
    Act.PREPARE_PROTOCOL: "web:protocol-draft web:protocol-text web:protocol-propose",
    Act.SET_CONTACT: "web:contact",
    Act.PUBLISH_PROTOCOL: "web:protocol-publish web:protocol-withdraw",
    Act.READ_ACKNOWLEDGEMENTS: "web:log-list-pdf people:register people:scan",
    Act.MANAGE_ACKNOWLEDGEMENTS: "people:make-link people:paper",
    Act.HANDLE_INCIDENT: "web:incident-pdf devices:incidents devices:incident devices:close-incident devices:incident-step",
    Act.REPORT_LOSS: "devices:report",
    Act.SEE_OUTGOING: "web:messages web:message-now web:message-withdraw",
    Act.MANAGE_PEOPLE: "web:staff web:add-person web:new-access web:deactivate-person",
    Act.READ_JOURNAL: "journal:list journal:entry retention:certificate retention:declaration",
    Act.READ_OFFICERS: "people:officers",
    Act.MANAGE_OFFICERS: "people:add-officer people:end-officer",
    Act.SET_ADDRESS: "people:address",
    Act.GIVE_CODE: "people:give-code",
    Act.CONFIRM_WEARER: "footage:late-periods footage:confirm-wearer",
    Act.SHOW_RECOVERY_SHEET: "people:recovery-ask people:recovery-show",
    Act.REVIEW_RIGHTS: "people:rights",
    Act.HOLD_KEY_CEREMONY: "people:keys people:ceremony people:record-ceremony",
    Act.END_DEPUTATION: "people:deputation people:end-deputation",
    Act.APPOINT_DEPUTY_IN_EMERGENCY: "people:emergency",
    Act.APPOINT_DEPUTY: "people:copy people:record-copy",
    Act.HAND_OVER: "people:handover-announce people:handover-begin people:handover-next people:handover-reseal"
    " people:handover-finish",
    Act.SEE_HANDOVER: "people:handover people:handover-agree people:handover-stop people:handover-check people:handover-axis"
    " people:handover-axis-answer people:handover-check-next people:handover-check-outcome people:handover-settle",
    Act.MANAGE_BODYCAMS: "devices:bodycams devices:add-bodycam devices:bodycam devices:block",
    Act.ISSUE_BODYCAM: "devices:issue devices:hand-in",
    Act.ENROL_DOCK: "devices:docks devices:retire-dock intake:axis-systems intake:retire-axis-system",
    Act.JUDGE_SET_APART: "cases:apart",
    Act.SETTLE_FINDING: "findings:list findings:settle",
    Act.READ_RECORDINGS: "footage:list footage:recording",
    Act.OBSERVE_RECORDING: "footage:to-register footage:export footage:wanting footage:observe",
    Act.READ_CASES: "cases:list cases:case cases:complete cases:step cases:letter cases:letter-pdf cases:send-letter"
    " cases:document cases:terms",
    Act.REGISTER_CASE: "cases:register cases:settle",
    Act.FORWARD_CASE: "cases:forward",
    Act.LINK_RECORDING: "cases:link-by-number cases:link cases:reject",
    Act.CONFIRM_DESTRUCTION: "retention:overview retention:brake",
    Act.MANAGE_SCREENS: "kiosk:screens kiosk:retire-screen",
}
_BY_WORD = {
    OPEN: "web:public web:public-protocol web:public-form web:public-request web:public-received web:security-txt"
    " web:health web:readiness web:set-up web:invitation web:invitation-link web:enter-demonstration account_login"
    " account_logout account_inactive mfa_authenticate mfa_login_webauthn journal:checkpoint journal:key people:sign-by-link"
    " intake:axis-auth kiosk:open devices:dock-enrol viewing:here web:public-journal web:public-cannot journal:checkpoint-of"
    " people:stop-change people:confirm-code",
    FACTOR: "account_reauthenticate mfa_index mfa_activate_totp mfa_add_webauthn mfa_reauthenticate"
    " mfa_reauthenticate_webauthn",
    SIGNED: "people:notices people:see-notice"
    " web:start viewing:service-worker account_change_password mfa_remove_webauthn mfa_deactivate_totp"
    " mfa_view_recovery_codes mfa_generate_recovery_codes mfa_download_recovery_codes mfa_list_webauthn mfa_edit_webauthn",
    DOCK: "devices:dock-configuration devices:dock-docked devices:dock-left intake:receipt intake:uploads intake:upload"
    " intake:manifest intake:wiped kiosk:dock-slots",
    AXIS: "intake:axis-container intake:axis-object",
    SCREEN: "kiosk:tiles kiosk:standing kiosk:mine kiosk:door kiosk:code kiosk:sign kiosk:observe kiosk:report kiosk:stay"
    " kiosk:done",
}
_BY_EITHER: dict[
    tuple[Act, ...], str
] = {  # whoever asks for a change of accounts, and whoever may be the second person
    (
        Act.MANAGE_PEOPLE,
        Act.CONFIRM_ACCOUNT,
    ): "people:account-change people:confirm-change people:confirm-change-with-sheet people:object-to-change",
}
NEEDS: dict[str, Act | str | tuple[Act, ...]] = {name: act for act, names in _BY_ACT.items() for name in names.split()}
NEEDS |= {name: word for word, names in _BY_WORD.items() for name in names.split()}
NEEDS |= {name: acts for acts, names in _BY_EITHER.items() for name in names.split()}


def allowed(name: str, *, role: Role | None, ways: frozenset[str]) -> bool:
    """May this caller get content at this address? `ways`: what else the caller has, of DOCK, AXIS, SCREEN and FACTOR."""
    need = NEEDS.get(name)
    if need == OPEN:
        return True
    if isinstance(need, tuple):
        return role is not None and any(may(role, act).allowed for act in need)
    if isinstance(need, Act):
        return role is not None and may(role, need).allowed
    return need in ways or (role is not None and need in (SIGNED, FACTOR))


def addresses(patterns: Iterable[Any], before: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """Every address of the program: its name, and its route with what varies between pointed brackets."""
    for one in patterns:
        here = before + str(one.pattern)
        if hasattr(one, "url_patterns"):
            yield from addresses(one.url_patterns, here, one.namespace or space)
        else:
            yield (f"{space}:{one.name}" if space else str(one.name)), here
