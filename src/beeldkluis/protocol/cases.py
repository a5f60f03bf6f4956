"""Cases: their kinds, the table of steps, required words and clocks (access-1 to access-7, privacy-7).

The table is the only place that knows which step leads from where to where and whose step it is. Kinds that the program
does not carry out yet stand in it with no step but registration refused, so that nothing can pass them by.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from beeldkluis.protocol.register import Protocol, rule
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Verdict


class CaseKind(StrEnum):
    """The kinds; the law treats them differently."""

    ACCESS = "access"
    INTEREST = "interest"
    DEMAND = "demand"
    SELF_REFLECTION = "self_reflection"
    PRESERVATION = "preservation"

    @property
    def dutch(self) -> str:
        """The kind on screen."""
        return _KINDS[self]


_KINDS = {
    CaseKind.ACCESS: "Inzageverzoek van een betrokkene",
    CaseKind.INTEREST: "Verzoek van een ander met een belang",
    CaseKind.DEMAND: "Vordering van politie of OM",
    CaseKind.SELF_REFLECTION: "Eigen handelen evalueren",
    CaseKind.PRESERVATION: "Bewaren na aangifte",
}


class CaseState(StrEnum):
    """Where a case is. NEW is before it exists."""

    NEW = "new"
    RECEIVED = "received"
    FORWARDED = "forwarded"
    GRANTED = "granted"
    REFUSED = "refused"
    OBJECTION = "objection"
    CLOSED = "closed"

    @property
    def dutch(self) -> str:
        """The state on screen."""
        return _STATES[self]


_STATES = {
    CaseState.NEW: "Nieuw",
    CaseState.RECEIVED: "Ontvangen",
    CaseState.FORWARDED: "In beoordeling",
    CaseState.GRANTED: "Toegewezen",
    CaseState.REFUSED: "Afgewezen",
    CaseState.OBJECTION: "In bezwaar",
    CaseState.CLOSED: "Gesloten",
}


class Step(StrEnum):
    """What can be done with a case."""

    RECEIVE = "receive"
    COMPLETE = "complete"
    FORWARD = "forward"
    LINK = "link"
    GRANT = "grant"
    REFUSE = "refuse"
    OBJECT = "object"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: from these states this step, by this role, leads to that state; the rule says why."""

    kinds: frozenset[CaseKind]
    step: Step
    before: frozenset[CaseState]
    after: CaseState | None  # None: the state stays
    role: Role
    rule: str


_REQUESTS = frozenset({CaseKind.ACCESS, CaseKind.INTEREST})
_S = CaseState
STEPS: Sequence[Row] = (
    Row(_REQUESTS, Step.RECEIVE, frozenset({_S.NEW}), _S.RECEIVED, Role.DPO, "request.via-dpo"),
    Row(_REQUESTS, Step.COMPLETE, frozenset({_S.RECEIVED}), None, Role.DPO, "request.required-fields"),
    Row(_REQUESTS, Step.FORWARD, frozenset({_S.RECEIVED}), _S.FORWARDED, Role.DPO, "request.via-dpo"),
    Row(_REQUESTS, Step.LINK, frozenset({_S.FORWARDED, _S.OBJECTION}), None, Role.TEAM_MANAGER, "access.case-required"),
    Row(
        _REQUESTS,
        Step.GRANT,
        frozenset({_S.FORWARDED, _S.OBJECTION}),
        _S.GRANTED,
        Role.TEAM_MANAGER,
        "request.decided-by-team-manager",
    ),
    Row(
        _REQUESTS,
        Step.REFUSE,
        frozenset({_S.FORWARDED, _S.OBJECTION}),
        _S.REFUSED,
        Role.TEAM_MANAGER,
        "request.decided-by-team-manager",
    ),
    Row(_REQUESTS, Step.OBJECT, frozenset({_S.REFUSED}), _S.OBJECTION, Role.DPO, "request.objection"),
    Row(_REQUESTS, Step.CLOSE, frozenset({_S.GRANTED, _S.REFUSED}), _S.CLOSED, Role.TEAM_MANAGER, "request.objection"),
)


@rule("request.via-dpo", "request.decided-by-team-manager", "request.kinds")
def may_step(*, kind: CaseKind, state: CaseState, step: Step, role: Role | None) -> Verdict:
    """May this role take this step with a case of this kind in this state?"""
    rows = [row for row in STEPS if kind in row.kinds and row.step is step]
    if not rows:
        return Verdict(
            allowed=False, rule="request.kinds", reason=f"{kind.dutch}: dit kan deze versie van Beeldkluis nog niet."
        )
    row = rows[0]
    if role is not row.role:
        return Verdict(allowed=False, rule=row.rule, reason=f"Deze stap is van de {row.role.dutch}.")
    if state not in row.before:
        return Verdict(
            allowed=False, rule=row.rule, reason=f"De zaak is {state.dutch.lower()}; deze stap kan dan niet."
        )
    return Verdict(allowed=True, rule=row.rule, reason=f"Deze stap hoort bij de {row.role.dutch}.")


def state_after(kind: CaseKind, state: CaseState, step: Step) -> CaseState:
    """Where the step leads; the same state when it does not move the case. LookupError for a step not in the table."""
    for row in STEPS:
        if kind in row.kinds and row.step is step and state in row.before:
            return row.after or state
    raise LookupError(f"{kind} has no {step} from {state}")


_ALWAYS = ("requester_name", "requester_address", "requester_place", "moment_from", "moment_until", "place")
FIELD_NAMES = {
    "requester_name": "naam",
    "requester_address": "adres",
    "requester_place": "woonplaats",
    "requester_phone": "telefoonnummer of e-mailadres",
    "demonstrable_interest": "aantoonbaar belang",
    "moment_from": "datum en tijd (vanaf)",
    "moment_until": "datum en tijd (tot)",
    "place": "plaats",
}


@rule("request.required-fields")
def missing_fields(kind: CaseKind, fields: Mapping[str, object]) -> tuple[str, ...]:
    """Which required facts a request lacks, by field name. A filmed person needs no interest to be heard by law; the
    protocol asks for it, so it is asked, and only missing for others (docs/interpretations.md, I-09).
    """
    missing = [name for name in _ALWAYS if not fields.get(name)]
    if not fields.get("requester_phone") and not fields.get("requester_email"):
        missing.append("requester_phone")
    if kind is CaseKind.INTEREST and not fields.get("demonstrable_interest"):
        missing.append("demonstrable_interest")
    return tuple(missing)


def may_forward(kind: CaseKind, fields: Mapping[str, object]) -> Verdict:
    """Is the request complete enough to pass on?"""
    missing = missing_fields(kind, fields)
    words = ", ".join(FIELD_NAMES[name] for name in missing)
    return Verdict(
        allowed=not missing,
        rule="request.required-fields",
        reason=f"Er ontbreekt nog: {words}." if missing else "Het verzoek is compleet.",
    )


CONSIDERATIONS = {
    "a": "Past het doel van de inzage bij het doel van de opname?",
    "b": "Wat voor gegevens staan op de beelden?",
    "c": "Wat zijn de gevolgen voor wie op de beelden staat?",
    "d": "Hoe zijn de beelden verkregen?",
    "e": "Welke waarborgen zijn er voor wie op de beelden staat?",
}


@rule("request.no-unless", "request.considerations")
def may_grant(*, grounds: str, considerations: Mapping[str, str]) -> Verdict:
    """Granting needs weighty arguments and each of the five considerations in writing; without them the answer is no."""
    if not grounds.strip():
        return Verdict(
            allowed=False, rule="request.no-unless", reason="Schrijf op welke zwaarwegende argumenten er zijn."
        )
    open_ones = [letter for letter in CONSIDERATIONS if not considerations.get(letter, "").strip()]
    if open_ones:
        reason = f"Beantwoord eerst {', '.join(open_ones)} van de afwegingen."
        return Verdict(allowed=False, rule="request.considerations", reason=reason)
    return Verdict(
        allowed=True, rule="request.no-unless", reason="De argumenten en de vijf afwegingen staan op schrift."
    )


def may_refuse(*, grounds: str) -> Verdict:
    """A refusal needs its grounds in writing too: the requester may object to them."""
    return Verdict(
        allowed=bool(grounds.strip()),
        rule="request.no-unless",
        reason="De afwijzing is gemotiveerd." if grounds.strip() else "Vul een motivering in.",
    )


def may_decide(*, granting: bool, confirmed: int, unsorted: int) -> Verdict:
    """Deciding comes after sorting: of every recording that was found it is said whether it belongs to the request, and
    a grant has something to show. The numbers count recordings.
    """
    name = "request.decided-by-team-manager"
    if unsorted:
        reason = f"Zeg eerst van elke gevonden opname of die bij het verzoek hoort. Nog open: {unsorted}."
        return Verdict(allowed=False, rule=name, reason=reason)
    if granting and not confirmed:
        return Verdict(allowed=False, rule=name, reason="Er hoort geen opname bij dit verzoek: er valt niets te zien.")
    return Verdict(allowed=True, rule=name, reason="Van elke opname is gezegd of die erbij hoort.")


def may_have_come_in(*, received_at: datetime, now: datetime) -> Verdict:
    """A letter can be registered later than it came, never before it came: the four weeks count from receipt."""
    reason = (
        "De datum van ontvangst ligt in de toekomst." if received_at > now else "De datum van ontvangst kan kloppen."
    )
    return Verdict(allowed=received_at <= now, rule="request.decision-period", reason=reason)


@rule("request.decision-period")
def decide_by(received_at: datetime, protocol: Protocol) -> datetime:
    """The last moment for notice of the decision."""
    return received_at + protocol.days("request.decision-period")


@rule("request.search-window")
def search_window(moment_from: datetime, moment_until: datetime, protocol: Protocol) -> tuple[datetime, datetime]:
    """Footage that overlaps this is held from receipt: the moments named, with a margin on both sides."""
    margin = timedelta(minutes=protocol.number("request.search-window", "minutes"))
    return moment_from - margin, moment_until + margin


def final_at(decided_at: datetime, protocol: Protocol) -> datetime:
    """When a refusal to which nobody objects is final."""
    return decided_at + protocol.days("request.objection")


@rule("request.objection")
def is_final(*, state: CaseState, decided_at: datetime | None, protocol: Protocol, now: datetime) -> bool:
    """Is the decision final? A refusal is final when the time for objection is over and nobody objected."""
    if decided_at is None or state is CaseState.OBJECTION:
        return False
    return now >= final_at(decided_at, protocol)


def may_close(*, state: CaseState, final: bool, resolved: bool) -> Verdict:
    """A refused case closes when the refusal is final, a granted one when the incident is resolved."""
    if state is CaseState.REFUSED and not final:
        reason = "De termijn voor bezwaar loopt nog. De beelden blijven bewaard tot het besluit definitief is."
        return Verdict(allowed=False, rule="request.objection", reason=reason)
    if state is CaseState.GRANTED and not resolved:
        reason = "Geef aan dat het incident is opgelost; dan mogen de beelden weg."
        return Verdict(allowed=False, rule="retention.hold-until-resolved", reason=reason)
    return Verdict(allowed=True, rule="request.objection", reason="Het besluit is definitief.")
