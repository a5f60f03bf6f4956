"""What a case page says, put together from the case and the rules: words, never new facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from beeldkluis.cases import queries
from beeldkluis.cases.models import Case
from beeldkluis.cases.queries import Progress
from beeldkluis.governance.queries import in_force
from beeldkluis.protocol.access import Act, may
from beeldkluis.protocol.cases import (
    FIELD_NAMES,
    CaseKind,
    CaseState,
    Step,
    is_final,
    may_close,
    may_forward,
    may_step,
)
from beeldkluis.protocol.roles import Role

HEADINGS = {
    CaseKind.ACCESS: "Inzageverzoek",
    CaseKind.INTEREST: "Verzoek van een ander",
    CaseKind.DEMAND: "Vordering",
    CaseKind.SELF_REFLECTION: "Zelfreflectie",
    CaseKind.PRESERVATION: "Bewaring",
}
OPENING = frozenset({CaseState.FORWARDED, CaseState.OBJECTION, CaseState.GRANTED})  # the gate itself decides
UNDECIDED = frozenset({CaseState.RECEIVED, CaseState.FORWARDED, CaseState.OBJECTION})
COLOURS = {CaseState.GRANTED: "ok", CaseState.CLOSED: "neutral", CaseState.REFUSED: "neutral"}
CHANNELS = {"letter": "per brief", "email": "per e-mail", "form": "via de website"}
FEW_DAYS = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One case in the list."""

    case: Case
    heading: str
    state: str
    colour: str
    undecided: bool
    late: bool


def line(case: Case, now: datetime) -> Line:
    """What the list says of a case."""
    state = CaseState(case.state)
    undecided = state in UNDECIDED
    colour = COLOURS.get(state, "warning")
    return Line(case, HEADINGS[CaseKind(case.kind)], state.dutch, colour, undecided, undecided and now > case.decide_by)


def case(case: Case, role: Role | None, now: datetime) -> dict[str, Any]:
    """Everything the page of one case shows to somebody with this role."""
    kind, state = CaseKind(case.kind), CaseState(case.state)
    facts = {name: getattr(case, name) for name in queries.FIELDS}
    ties = queries.links(case)
    can = {step.value: may_step(kind=kind, state=state, step=step, role=role).allowed for step in Step}
    return {
        "case": case,
        "heading": HEADINGS[kind],
        "kind": kind.dutch,
        "line": line(case, now),
        "channel": CHANNELS.get(case.received_by_channel, case.received_by_channel),
        "missing": [FIELD_NAMES[name] for name in queries.missing(case)],
        "forwardable": may_forward(kind, facts).allowed,
        "can": can,
        "found": queries.found(case) if may(role, Act.READ_RECORDINGS).allowed else None,
        "count": len(ties),
        "unsorted": sum(tie.confirmed_at is None for tie in ties),
        "decision": queries.last_decision(case),
        "dates": queries.dates(case),
        "alert": alert(case, now),
        "progress": progress(case),
        "closable": can[Step.CLOSE] and _closing(case, now).allowed,
        "may_open": state in OPENING and may(role, Act.OPEN_RECORDING).allowed,
    }


def alert(case: Case, now: datetime) -> dict[str, str]:
    """The one thing that must be known first: how much time is left, and that the footage stays."""
    if CaseState(case.state) not in UNDECIDED:
        return {}
    when = _day(case.decide_by)
    days = queries.days_left(case, now)
    stays = "De beelden blijven bewaard tot er een besluit is."
    if now > case.decide_by:
        return {
            "kind": "error",
            "title": "De termijn is voorbij",
            "text": f"Er had op {when} een besluit moeten zijn. {stays}",
        }
    title = (
        "Vandaag is de laatste dag om te besluiten"
        if days == 0
        else f"Nog {days} {'dag' if days == 1 else 'dagen'} om te besluiten"
    )
    kind = "warning" if days <= FEW_DAYS else "info"
    return {"kind": kind, "title": title, "text": f"De termijn van vier weken loopt af op {when}. {stays}"}


def _day(moment: datetime) -> str:
    months = [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ]
    local = timezone.localtime(moment)
    return f"{local.day} {months[local.month - 1]} {local.year}"


def progress(case: Case) -> Sequence[Progress]:
    """The column of progress, from receipt to closing."""
    state, dates = CaseState(case.state), queries.dates(case)
    forwarded = dates.forwarded is not None
    decided = state in (CaseState.GRANTED, CaseState.REFUSED, CaseState.CLOSED)
    closed = state is CaseState.CLOSED
    lines = (
        ("Verzoek ontvangen", f"{_day(dates.received)}, {CHANNELS.get(case.received_by_channel, '')}", True),
        ("Doorgezet door de FG", _day(dates.forwarded) if dates.forwarded else "", forwarded),
        (
            "Beoordeling na bezwaar" if state is CaseState.OBJECTION else "Beoordeling",
            f"Besluiten vóór {_day(case.decide_by)}",
            decided,
        ),
        ("Besluit", _decided(state, dates), decided),
        ("Zaak gesloten", _day(dates.closed) if dates.closed else "", closed),
    )
    first_open = next((place for place, (_t, _n, done) in enumerate(lines) if not done), None)
    return [
        Progress(title, note, "done" if done else "now" if place == first_open else "todo")
        for place, (title, note, done) in enumerate(lines)
    ]


def _decided(state: CaseState, dates: queries.Dates) -> str:
    if dates.decided is None:
        return ""
    if dates.final is not None:
        return f"Afgewezen op {_day(dates.decided)}, definitief op {_day(dates.final)}"
    return f"{state.dutch if state is CaseState.GRANTED else 'Besloten'} op {_day(dates.decided)}"


def _closing(case: Case, now: datetime) -> Any:
    dates, state = queries.dates(case), CaseState(case.state)
    final = is_final(state=state, decided_at=dates.decided, protocol=in_force(), now=now)
    return may_close(state=state, final=final, resolved=True)


def closing(case: Case, now: datetime) -> dict[str, Any]:
    """What the page before closing says: whether it can be done, and what will happen."""
    verdict = _closing(case, now)
    rows = [one for one in queries.found(case) if one.link.rejected_at is None]
    overdue = [one for one in rows if one.recording.due_at <= now and one.recording.destroyed_at is None]
    return {
        "case": case,
        "verdict": verdict,
        "found": rows,
        "overdue": len(overdue),
        "granted": case.state == CaseState.GRANTED,
    }
