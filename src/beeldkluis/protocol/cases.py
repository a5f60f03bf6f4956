"""Cases: their states, and the table of steps (access-1 to access-7, privacy-7, purpose-1, purpose-2).

The table is the only place that knows which step leads from where to where and whose step it is. For which kinds a step is
there follows from their facts (protocol.kinds). What a step needs beside that (words, moments, facts) stands in
protocol.requests, protocol.deciding and protocol.terms.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from beeldkluis.protocol.kinds import CaseKind, Default
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.register import rule
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Verdict, refuse


class CaseState(StrEnum):
    """Where a case is. NEW is before it exists."""

    NEW = "new"
    RECEIVED = "received"
    AWAITING = "awaiting"
    FORWARDED = "forwarded"
    GRANTED = "granted"
    REFUSED = "refused"
    NO_FOOTAGE = "no_footage"
    SET_ASIDE = "set_aside"
    OBJECTION = "objection"
    APPEAL = "appeal"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"

    @property
    def dutch(self) -> str:
        """The state on screen."""
        return _STATES[self]


_STATES = {
    CaseState.NEW: "Nieuw",
    CaseState.RECEIVED: "Ontvangen",
    CaseState.AWAITING: "Wacht op de verzoeker",
    CaseState.FORWARDED: "In beoordeling",
    CaseState.GRANTED: "Toegewezen",
    CaseState.REFUSED: "Afgewezen",
    CaseState.NO_FOOTAGE: "Geen beelden",
    CaseState.SET_ASIDE: "Buiten behandeling",
    CaseState.OBJECTION: "In bezwaar",
    CaseState.APPEAL: "In beroep",
    CaseState.WITHDRAWN: "Ingetrokken",
    CaseState.CLOSED: "Gesloten",
}


class Step(StrEnum):
    """What can be done with a case."""

    RECEIVE = "receive"
    ASK = "ask"
    COMPLETE = "complete"
    FORWARD = "forward"
    REFER = "refer"
    CONSULT = "consult"
    HEAR = "hear"
    SET_LAW = "set_law"
    EXTEND = "extend"
    IDENTIFY = "identify"
    LINK = "link"
    GRANT = "grant"
    REFUSE = "refuse"
    FIND_NOTHING = "find_nothing"
    SET_ASIDE = "set_aside"
    REOPEN = "reopen"
    OBJECT = "object"
    APPEAL = "appeal"
    DEFAULT = "default"
    UPHOLD = "uphold"
    DISMISS = "dismiss"
    COMPLAIN = "complain"
    INVITE = "invite"
    GIVE = "give"
    REVIEW = "review"
    WITHDRAW = "withdraw"
    RESUME = "resume"
    LAPSE = "lapse"
    CLOSE = "close"
    BY_EMAIL = "by_email"

    @property
    def dutch(self) -> str:
        """The step in the diagrams of the documentation."""
        return _STEPS[self]


_STEPS = {
    Step.RECEIVE: "inschrijven",
    Step.ASK: "om aanvulling vragen",
    Step.COMPLETE: "aanvullen",
    Step.FORWARD: "doorzetten",
    Step.REFER: "verwijzen",
    Step.CONSULT: "zienswijze vragen",
    Step.HEAR: "zienswijze vastleggen",
    Step.SET_LAW: "wet bepalen",
    Step.EXTEND: "verlengen",
    Step.IDENTIFY: "identiteit vaststellen",
    Step.LINK: "opnames beoordelen",
    Step.GRANT: "toewijzen",
    Step.REFUSE: "afwijzen",
    Step.FIND_NOTHING: "geen beelden",
    Step.SET_ASIDE: "buiten behandeling stellen",
    Step.REOPEN: "heropenen",
    Step.OBJECT: "bezwaar inschrijven",
    Step.APPEAL: "beroep inschrijven",
    Step.DEFAULT: "ingebrekestelling inschrijven",
    Step.UPHOLD: "gegrond",
    Step.DISMISS: "niet gegrond",
    Step.COMPLAIN: "klacht inschrijven",
    Step.INVITE: "uitnodigen",
    Step.GIVE: "inzage vastleggen",
    Step.REVIEW: "opnieuw bekijken",
    Step.WITHDRAW: "intrekken",
    Step.RESUME: "toch doorgaan",
    Step.LAPSE: "laten vervallen",
    Step.CLOSE: "sluiten",
    Step.BY_EMAIL: "per e-mail of per post",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: for these kinds, from these states, this step, by one of these roles, leads to that state; the
    rule says why. `after` None: the state stays. `back`: to how it was decided before. `judges`: who takes it judges the case,
    so it is not for whom the case is about (may_judge).
    """

    kinds: frozenset[CaseKind]
    step: Step
    before: frozenset[CaseState]
    after: CaseState | None
    roles: frozenset[Role]
    judges: bool
    rule: str
    back: bool = False


_S = CaseState
_ALL = frozenset(CaseKind)
# Sets of kinds, each by one fact of theirs.
REQUESTS = frozenset(kind for kind in CaseKind if Purpose.VIEW_WITH_DATA_SUBJECT in kind.facts.purposes)
WEIGHED = frozenset(kind for kind in CaseKind if kind.facts.weighing is not None)
HOLDING = frozenset(kind for kind in CaseKind if kind.facts.hold is not None)
UNASKED = frozenset(kind for kind in CaseKind if kind.facts.unasked is not None)
ASKED = frozenset(kind for kind in CaseKind if kind.facts.asked)
_BY_RIGHT = frozenset(kind for kind in CaseKind if kind.facts.by_right)
_BY_PART = frozenset(kind for kind in CaseKind if kind.facts.default is Default.BY_PART)
_EXTENDED = frozenset(kind for kind in CaseKind if kind.facts.term.extends)
DECIDED = frozenset({_S.GRANTED, _S.REFUSED, _S.NO_FOOTAGE, _S.SET_ASIDE})
_OPEN = frozenset(CaseState) - {_S.NEW, _S.CLOSED}
_IN_HAND = frozenset({_S.RECEIVED, _S.AWAITING})
_REMEDIES = frozenset({_S.OBJECTION, _S.APPEAL})
_JUDGED = frozenset({_S.FORWARDED})
_OVER = frozenset({_S.CLOSED})
_DPO, _TEAM_MANAGER = frozenset({Role.DPO}), frozenset({Role.TEAM_MANAGER})
_EITHER = _DPO | _TEAM_MANAGER
_JUDGES, _NO_JUDGING = True, False
_BY, _VIA = "request.decided-by-team-manager", "request.via-dpo"
_FIELDS, _REMEDY = "request.required-fields", "request.objection"
_WITHDRAWAL = "request.withdrawal"

STEPS: Sequence[Row] = (
    Row(ASKED, Step.RECEIVE, frozenset({_S.NEW}), _S.RECEIVED, _DPO, _NO_JUDGING, _VIA),
    Row(_ALL - ASKED, Step.RECEIVE, frozenset({_S.NEW}), _S.FORWARDED, _EITHER, _NO_JUDGING, "request.kinds"),
    Row(ASKED, Step.COMPLETE, _IN_HAND, _S.RECEIVED, _DPO, _NO_JUDGING, _FIELDS),
    Row(_ALL - ASKED, Step.COMPLETE, _JUDGED, None, _EITHER, _NO_JUDGING, _FIELDS),
    Row(WEIGHED, Step.ASK, frozenset({_S.RECEIVED}), _S.AWAITING, _DPO, _NO_JUDGING, "request.completion"),
    Row(ASKED, Step.FORWARD, _IN_HAND, _S.FORWARDED, _DPO, _NO_JUDGING, _VIA),
    Row(_BY_PART, Step.REFER, frozenset({_S.RECEIVED}), _S.CLOSED, _DPO, _NO_JUDGING, "request.kinds"),
    Row(_BY_PART, Step.CONSULT, _JUDGED, None, _TEAM_MANAGER, _JUDGES, "request.public-records"),
    Row(_BY_PART, Step.HEAR, _JUDGED, None, _TEAM_MANAGER, _JUDGES, "request.public-records"),
    Row(_BY_RIGHT, Step.SET_LAW, _IN_HAND | _JUDGED, None, _EITHER, _NO_JUDGING, "request.police-data"),
    Row(_EXTENDED, Step.EXTEND, _JUDGED, None, _TEAM_MANAGER, _JUDGES, "request.extension"),
    Row(REQUESTS, Step.IDENTIFY, _IN_HAND | _JUDGED | {_S.GRANTED}, None, _EITHER, _NO_JUDGING, "request.identity"),
    Row(_ALL, Step.LINK, _JUDGED, None, _TEAM_MANAGER, _JUDGES, "access.case-required"),
    Row(WEIGHED, Step.GRANT, _JUDGED, _S.GRANTED, _TEAM_MANAGER, _JUDGES, _BY),
    Row(WEIGHED, Step.REFUSE, _JUDGED, _S.REFUSED, _TEAM_MANAGER, _JUDGES, _BY),
    Row(WEIGHED, Step.FIND_NOTHING, _JUDGED, _S.NO_FOOTAGE, _TEAM_MANAGER, _JUDGES, _BY),
    Row(WEIGHED, Step.SET_ASIDE, _JUDGED, _S.SET_ASIDE, _TEAM_MANAGER, _JUDGES, _BY),
    Row(WEIGHED, Step.REOPEN, frozenset({_S.NO_FOOTAGE}), _S.FORWARDED, _TEAM_MANAGER, _JUDGES, _BY),
    Row(WEIGHED, Step.OBJECT, DECIDED | _OVER, _S.OBJECTION, _DPO, _NO_JUDGING, _REMEDY),
    Row(WEIGHED, Step.APPEAL, DECIDED | _OVER, _S.APPEAL, _DPO, _NO_JUDGING, _REMEDY),
    # Against not deciding in time (Awb 6:2, 6:12).
    Row(WEIGHED, Step.APPEAL, _IN_HAND | _JUDGED, None, _DPO, _NO_JUDGING, _REMEDY),
    Row(WEIGHED, Step.DEFAULT, _IN_HAND | _JUDGED | DECIDED, None, _DPO, _NO_JUDGING, _REMEDY),
    Row(WEIGHED, Step.UPHOLD, _REMEDIES, _S.FORWARDED, _DPO, _NO_JUDGING, _REMEDY),
    Row(WEIGHED, Step.DISMISS, _REMEDIES, None, _DPO, _NO_JUDGING, _REMEDY, back=True),
    Row(WEIGHED, Step.COMPLAIN, _OPEN, None, _DPO, _NO_JUDGING, _REMEDY),
    Row(WEIGHED, Step.COMPLAIN, _OVER, None, _DPO, _NO_JUDGING, _REMEDY, back=True),
    Row(REQUESTS, Step.INVITE, frozenset({_S.GRANTED}), None, _TEAM_MANAGER, _JUDGES, "request.letter"),
    Row(WEIGHED, Step.BY_EMAIL, _OPEN | _OVER, None, _DPO, _NO_JUDGING, "request.by-email"),
    Row(_BY_RIGHT, Step.GIVE, frozenset({_S.GRANTED}), None, _TEAM_MANAGER, _JUDGES, "request.give-access"),
    Row(HOLDING, Step.REVIEW, _OPEN, None, _TEAM_MANAGER, _JUDGES, "retention.review"),
    Row(ASKED & HOLDING, Step.WITHDRAW, _IN_HAND | _JUDGED, _S.WITHDRAWN, _DPO, _NO_JUDGING, _WITHDRAWAL),
    # What holds nothing ends at once.
    Row(ASKED - HOLDING, Step.WITHDRAW, _IN_HAND | _JUDGED, _S.CLOSED, _DPO, _NO_JUDGING, _WITHDRAWAL),
    Row(ASKED & HOLDING, Step.RESUME, frozenset({_S.WITHDRAWN}), _S.RECEIVED, _DPO, _NO_JUDGING, _WITHDRAWAL),
    Row(ASKED & HOLDING, Step.LAPSE, frozenset({_S.WITHDRAWN}), _S.CLOSED, frozenset(), _NO_JUDGING, _WITHDRAWAL),
    Row(UNASKED, Step.LAPSE, _JUDGED, _S.CLOSED, frozenset(), _NO_JUDGING, "preservation.end"),
    Row(WEIGHED, Step.CLOSE, DECIDED, _S.CLOSED, _TEAM_MANAGER, _JUDGES, _REMEDY),
    # What nobody decides on closes from judgement.
    Row(_ALL - WEIGHED, Step.CLOSE, _JUDGED, _S.CLOSED, _TEAM_MANAGER, _JUDGES, "retention.hold-until-resolved"),
)
PUBLIC_FORM = "public-form"  # the part of the program that registers what somebody filled in on the website


def rows(kind: CaseKind, step: Step) -> Sequence[Row]:
    """The lines of the table for a step of a kind."""
    return [row for row in STEPS if kind in row.kinds and row.step is step]


@rule("request.via-dpo", "request.decided-by-team-manager", "request.kinds")
def may_step(*, kind: CaseKind, state: CaseState, step: Step, role: Role | None, by_form: bool = False) -> Verdict:
    """May this role take this step with a case of this kind in this state? What is not in the table is not allowed.

    `by_form`: the website's own form registers; it may do that with a request and nothing else.
    """
    found = rows(kind, step)
    if not found:
        return Verdict(allowed=False, rule="request.kinds", reason=f"{kind.dutch}: deze stap hoort daar niet bij.")
    row = next((one for one in found if state in one.before), found[0])
    form = by_form and step is Step.RECEIVE and bool(kind.facts.public)
    if role not in row.roles and not form:
        whose = " of de ".join(one.dutch for one in Role if one in row.roles)
        reason = f"Deze stap is van de {whose}." if whose else "Deze stap zet het programma zelf, na de termijn."
        return Verdict(allowed=False, rule=row.rule, reason=reason)
    if state not in row.before:
        reason = f"De stand van de zaak is: {state.dutch.lower()}. Deze stap kan dan niet."
        return Verdict(allowed=False, rule=row.rule, reason=reason)
    return Verdict(allowed=True, rule=row.rule, reason=f"Deze stap kan nu: {step.dutch}.")


def judges(kind: CaseKind, step: Step) -> bool:
    """Does who takes this step judge the case? A step that is not in the table judges nothing."""
    return any(row.judges for row in rows(kind, step))


def may_offer(*, table: Verdict, judge: Verdict, ready: bool) -> Verdict:
    """May the page of a step be shown? `table` and `judge`: what may_step and may_judge say; `ready`: the facts are there."""
    if not table.allowed or (ready and judge.allowed):
        return table
    if not judge.allowed:
        return judge
    return refuse(table.rule, "Deze stap is nu niet nodig, of er ontbreekt nog iets voor.")


def state_after(kind: CaseKind, state: CaseState, step: Step, *, decided: CaseState | None = None) -> CaseState:
    """Where the step leads; the same state when it does not move the case, `decided` when it leads back to the decision.
    LookupError for a step that is not in the table.
    """
    for row in rows(kind, step):
        if state in row.before:
            if row.back:
                if decided is None:
                    raise LookupError(f"{step} leads back, and nothing was decided")
                return decided
            return row.after or state
    raise LookupError(f"{kind} has no {step} from {state}")


@rule("request.team-manager-subject")
def may_judge(*, about_team_manager: bool, titular: bool) -> Verdict:
    """May this person judge this case? The team manager does not judge a request about the team manager: the deputy does,
    while acting. `titular`: the person is the team manager by role, not as a deputy.
    """
    name = "request.team-manager-subject"
    if about_team_manager and titular:
        reason = "Dit verzoek gaat over de teammanager zelf. De plaatsvervanger behandelt het."
        return Verdict(allowed=False, rule=name, reason=reason)
    return Verdict(allowed=True, rule=name, reason="Dit verzoek gaat over iemand anders.")
