"""What a case page says, put together from the case and the rules: words, never new facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from beeldkluis.cases import erasing_queries, giving_queries, queries, questions, records_queries, waiting_queries
from beeldkluis.cases.models import Case, CaseRecording
from beeldkluis.cases.offers import Viewer, can, closing, may_forward, offers
from beeldkluis.cases.queries import Progress
from beeldkluis.cases.recording_queries import recordings_of
from beeldkluis.documents.letters import KINDS
from beeldkluis.documents.words import day
from beeldkluis.governance.queries import in_force
from beeldkluis.people.municipality_queries import contact
from beeldkluis.protocol import personal
from beeldkluis.protocol.access import Act, may
from beeldkluis.protocol.cases import ASKED, DECIDED, WEIGHED, CaseState, Step, rows
from beeldkluis.protocol.deciding import EXCEPTIONS, FORMS, differences
from beeldkluis.protocol.demand import may_prepare
from beeldkluis.protocol.holding import ENDS, hold_rule
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.laws import OPEN, PARTS, WOO_GROUNDS
from beeldkluis.protocol.legal import Regime, may_decide_here
from beeldkluis.protocol.letters import SENDERS
from beeldkluis.protocol.naming import own_words
from beeldkluis.protocol.presence import purposes_of
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.redaction import Estimate, estimate
from beeldkluis.protocol.requests import FIELD_NAMES, IDENTITY_DOCUMENTS, is_general

OPENING = frozenset({CaseState.FORWARDED, CaseState.GRANTED})  # the gate itself decides
UNDECIDED = queries.UNDECIDED
COLOURS = {
    CaseState.GRANTED: "ok",
    CaseState.CLOSED: "neutral",
    CaseState.WITHDRAWN: "neutral",
    CaseState.REFUSED: "neutral",
}
CHANNELS = {
    "letter": "per brief", "email": "per e-mail", "form": "via de website", "paper": "met het papieren formulier",
}  # fmt: skip
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
    decide_by: datetime


def lines(found: Sequence[Case], now: datetime) -> list[Line]:
    """What the list says of these cases."""
    until = queries.due_by_each(found, now)
    return [line(one, now, until[one.pk]) for one in found]


def line(case: Case, now: datetime, until: datetime) -> Line:
    """What the list says of a case that must be decided `until` then."""
    kind, state = CaseKind(case.kind), CaseState(case.state)
    undecided = state in UNDECIDED and kind in WEIGHED
    return Line(
        case,
        kind.facts.heading,
        state.dutch,
        COLOURS.get(state, "warning"),
        undecided,
        undecided and now > until,
        until,
    )


def _demanded(case: Case, viewer: Viewer) -> bool:
    """Can this reader write down what its demand says?"""
    own = case.about_team_manager and viewer.titular
    able = may(viewer.role, Act.WRITE_DEMAND).allowed and not own
    return able and may_prepare(CaseKind(case.kind), CaseState(case.state)).allowed


def case(case: Case, viewer: Viewer, now: datetime) -> dict[str, Any]:
    """Everything the page of one case shows to this person."""
    kind, state, role = CaseKind(case.kind), CaseState(case.state), viewer.role
    ties = queries.links(case)
    return {
        "case": case,
        "demanded": _demanded(case, viewer),
        "heading": kind.facts.heading,
        "kind": kind.dutch,
        "line": line(case, now, queries.due_by(case, now)),
        "channel": CHANNELS.get(case.received_by_channel, case.received_by_channel),
        **questions.shown(case),
        "formal": [
            (FIELD_NAMES.get(f"formal_{name}", name), value) for name, value in case.formal_data.items() if value
        ],
        "identity": IDENTITY_DOCUMENTS.get(case.identity_document, ""),
        "missing": [FIELD_NAMES[name] for name in queries.missing(case)] if state in UNDECIDED else [],
        "can": {step.value: can(case, step, viewer) for step in Step},
        "forwardable": can(case, Step.FORWARD, viewer) and may_forward(case, now),
        "offers": offers(case, viewer, now),
        "found": queries.found(case) if may(role, Act.READ_RECORDINGS).allowed else None,
        **_held(case, ties),
        "destroyed": queries.destroyed(case),
        "decision": _decision(case),
        "dates": queries.dates(case),
        "last_day": _last_day(case),
        "default_ends": _before(waiting_queries.default_ends(case)),
        "alert": alert(case, viewer, now),
        "progress": progress(case, now),
        "may_open": state in OPENING
        and bool(purposes_of(kind, in_force()))
        and any(tie.confirmed_at for tie in ties)
        and may(role, Act.OPEN_RECORDING).allowed,
        "remedies": queries.remedies(case),
        "letters": [(one, KINDS[one.kind].title, role in SENDERS[one.kind]) for one in queries.letters(case)],
        "documents": queries.documents(case),
        "differences": differences(kind, Regime(case.regime))
        if viewer.role is not None and may(role, Act.DECIDE_CASE).allowed
        else (),
    } | _judging(case, viewer, now)


def _judging(case: Case, viewer: Viewer, now: datetime) -> dict[str, Any]:
    """What stands in the way of judging: the case is about who looks, or no decision could say where to object."""
    kind = CaseKind(case.kind)
    return {
        "law": Regime(case.regime).dutch if rows(kind, Step.SET_LAW) else "",
        "views": records_queries.views_of(case) if rows(kind, Step.CONSULT) else (),
        "own": case.about_team_manager and viewer.titular,
        "covering": _covering(case),
        "address": may_decide_here(contact().get("objection", ())),
        **_data(case, now),
    }


def _covering(case: Case) -> Estimate | None:
    """About how long it takes to make others unrecognisable, before anybody promises a look; None where nobody looks, or when
    it is decided.
    """
    shows = Purpose.VIEW_WITH_DATA_SUBJECT in purposes_of(CaseKind(case.kind), in_force())
    if not shows or case.state != CaseState.FORWARDED or not (found := recordings_of(case)):
        return None
    return estimate(timedelta(milliseconds=sum(one.duration_ms for one in found)), in_force())


def _held(case: Case, ties: Sequence[CaseRecording]) -> dict[str, Any]:
    """How many recordings are kept for it, and until when; none for a closed case."""
    held = hold_rule(CaseKind(case.kind))
    return {
        "count": len(ties) if held and case.state != CaseState.CLOSED else 0,
        "hold_ends": ENDS[held] if held else "",
        "unsorted": sum(tie.confirmed_at is None for tie in ties),
    }


def _data(case: Case, now: datetime) -> dict[str, Any]:
    """Until when what the case says of people stays. Its years begin when it is closed; a term that is over and what keeps the
    data all the same is told too.
    """
    until = erasing_queries.kept_until(case) if case.has_data else None
    decided = queries.last_decision(case) is not None or case.state in UNDECIDED
    years = personal.case_years(CaseKind(case.kind), decided=decided, protocol=in_force())
    waits = ""
    if until is not None and until <= now:
        verdict = personal.may_erase(erasing_queries.running(case, viewings=0), until=until, now=now)
        waits = "De gegevens worden een van deze dagen gewist." if verdict.allowed else verdict.reason
    return {"data_until": until, "data_years": years, "data_waits": waits}


def _last_day(case: Case) -> datetime | None:
    """The last day on which one can object: the term ends with it."""
    return _before(queries.dates(case).objection_ends)


def _before(end: datetime | None) -> datetime | None:
    """The last day of a term that ends there."""
    return end - timedelta(seconds=1) if end else None


def _decision(case: Case) -> dict[str, Any] | None:
    found = queries.last_decision(case)
    if found is None:
        return None
    options = {one.interpretation: dict(one.options) for one in differences(CaseKind(case.kind))}
    options |= {f"part-{part}": {OPEN: "wordt openbaar"} | WOO_GROUNDS for part in PARTS}
    names = {f"part-{part}": name.capitalize() for part, name in PARTS.items()}
    chosen = [(names.get(name, name), options.get(name, {}).get(value, value)) for name, value in found.choices.items()]
    return {
        "made": found,
        "outcome": CaseState(found.outcome).dutch,
        "form": own_words(FORMS.get(found.form, "")),
        "exception": EXCEPTIONS.get(found.exception, ""),
        "chosen": chosen,
    }


def alert(case: Case, viewer: Viewer, now: datetime) -> dict[str, str]:
    """The one thing that must be known first: what to do now, why, and by when."""
    if CaseState(case.state) not in UNDECIDED or case.kind not in WEIGHED:
        return later(case, viewer, now)
    until = queries.due_by(case, now)
    when, days = day(until), (until - now).days
    stays = "De beelden blijven bewaard tot er een definitief besluit is."
    if now > until:
        text = f"Er had op {when} een besluit moeten zijn. {stays}"
        return {"kind": "error", "title": "De termijn is voorbij", "text": f"{text} {_next(case, viewer, now)}"}
    title = (
        "Vandaag is de laatste dag om te besluiten"
        if days == 0
        else f"Nog {days} {'dag' if days == 1 else 'dagen'} om te besluiten"
    )
    kind = "warning" if days <= FEW_DAYS else "info"
    still = " De termijn staat nu stil." if case.state == CaseState.AWAITING else ""
    text = f"De termijn loopt af op {when}.{still} {stays} {_next(case, viewer, now)}"
    return {"kind": kind, "title": title, "text": text}


def _next(case: Case, viewer: Viewer, now: datetime) -> str:
    """What this person does now, in a sentence; empty when it is somebody else's turn."""
    if can(case, Step.FORWARD, viewer):
        asked = queries.last_suspension(case) if case.state == CaseState.AWAITING else None
        if asked is not None and now <= asked.until:
            return f"U hoeft niets te doen tot {day(asked.until)}, of tot de aanvulling er is."
        if rows(CaseKind(case.kind), Step.REFER) and case.moment_from is None:
            return (
                "Gaat het over beelden? Vraag dan om dag en tijd. Gaat het over iets anders? Verwijs het verzoek dan."
            )
        if may_forward(case, now):
            return own_words("Zet het verzoek door naar de teammanager.")
        if is_general(CaseKind(case.kind), queries.facts(case)):
            return "Dit is een algemene brief zonder tijd en plaats. Weiger die niet: vraag wanneer en waar het was."
        return "Vraag de verzoeker om wat ontbreekt."
    if can(case, Step.LINK, viewer):
        open_ones = sum(tie.confirmed_at is None for tie in queries.links(case))
        return "Zeg van elke opname of die erbij hoort." if open_ones else "Neem hieronder een besluit."
    return ""


def later(case: Case, viewer: Viewer, now: datetime) -> dict[str, str]:
    """What to do once it is decided, and with kinds on which nothing is decided here. Empty when the case is closed."""
    state = CaseState(case.state)
    if state is CaseState.CLOSED:
        return {}
    if state is CaseState.WITHDRAWN:
        return _withdrawn(case)
    if case.kind not in WEIGHED:
        return _other(case, viewer)
    if state not in DECIDED:
        text = "De opnames blijven bewaard. Komt de uitkomst binnen, dan legt de FG die hieronder vast."
        return _info(f"De zaak is {state.dutch.lower()}", text)
    dates = queries.dates(case)
    if dates.sent is None:
        text = "De termijn voor bezwaar begint pas als de brief weg is. De teammanager verstuurt hem, bij Documenten."
        late = now > case.decide_by
        must = f"had hem op {day(case.decide_by)} moeten" if late else f"moet hem uiterlijk op {day(case.decide_by)}"
        until = f"De verzoeker {must} hebben."
        kind = "error" if late else "warning"
        return {"kind": kind, "title": "Verstuur de brief met het besluit", "text": f"{until} {text}"}
    if state is CaseState.GRANTED:
        return _granted(case, now)
    if closing(case, now).allowed:
        text = "Het besluit is definitief. Tot de zaak gesloten is, blijven de beelden bewaard."
        return {"kind": "warning", "title": "Sluit de zaak", "text": text}
    last = _last_day(case)
    text = (
        f"Tot en met {day(last)} kan er bezwaar of beroep komen; per post kan dat een week later binnen zijn. "
        if last
        else ""
    )
    text += f"Vanaf {_final(case)} kan de zaak dicht. " if last else ""
    return _info("U hoeft nu niets te doen", f"{text}Zolang blijven de beelden bewaard.")


def _granted(case: Case, now: datetime) -> dict[str, str]:
    if (owed := giving_queries.owed(case)) is not None:
        return _owed(owed.until, now)
    last = _last_day(case)
    since = f" Dat kan vanaf {_final(case)}." if last and not closing(case, now).allowed else ""
    return _info("Het verzoek is toegewezen", CaseKind(case.kind).weighing.granted + since)


def _owed(until: datetime, now: datetime) -> dict[str, str]:
    last, late = day(until - timedelta(seconds=1)), now >= until
    when = f"had de beelden uiterlijk op {last} moeten zien" if late else f"moet de beelden uiterlijk op {last} zien"
    text = f"De verzoeker {when}."
    text += " Maak een afspraak. Leg daarna vast hoe de inzage is gegeven."
    return {"kind": "error" if late else "warning", "title": "Geef de verzoeker inzage", "text": text}


def _final(case: Case) -> str:
    final = queries.dates(case).final
    return day(final) if final else ""


def _withdrawn(case: Case) -> dict[str, str]:
    lapses = waiting_queries.withdrawal_lapses(case)
    if lapses is None:
        text = (
            "De beelden blijven bewaard tot de brief die dat bevestigt weg is, en nog twee weken. De FG verstuurt hem."
        )
        return {"kind": "warning", "title": "Verstuur de brief dat het verzoek is ingetrokken", "text": text}
    text = f"De beelden blijven bewaard tot en met {day(lapses)}. Zegt de verzoeker dat het niet klopt, kies dan Toch doorgaan."
    return _info("Het verzoek is ingetrokken", text)


def _other(case: Case, viewer: Viewer) -> dict[str, str]:
    if can(case, Step.FORWARD, viewer):
        return _info("Vul aan en zet door", "De teammanager ziet de zaak pas als u haar doorzet.")
    ends = waiting_queries.ends_by_itself(case)
    last = f" Komt er geen vordering, dan eindigt de bewaring vanzelf op {day(ends)}." if ends else ""
    if can(case, Step.LINK, viewer):
        return _info("Zeg welke opnames erbij horen", f"Sluit de zaak als zij klaar is.{last}")
    return _info("De opnames blijven bewaard", last.strip()) if last else {}


def _info(title: str, text: str) -> dict[str, str]:
    return {"kind": "info", "title": own_words(title), "text": own_words(text)}


def progress(case: Case, now: datetime) -> Sequence[Progress]:
    """The column of progress, from receipt to closing."""
    state, kind, dates = CaseState(case.state), CaseKind(case.kind), queries.dates(case)
    closed = state is CaseState.CLOSED
    channel = CHANNELS.get(case.received_by_channel, "")
    lines = [("Ontvangen", f"{day(dates.received)}, {channel}", True)]
    if kind in ASKED:
        lines.append(
            ("Doorgezet door de FG", day(dates.forwarded) if dates.forwarded else "", dates.forwarded is not None)
        )
    if kind in WEIGHED:
        decided = state in DECIDED or closed
        lines += [
            ("Beoordeling", f"Besluiten vóór {day(queries.due_by(case, now))}", decided),
            ("Besluit verstuurd", _sent(state, dates), decided and dates.sent is not None),
        ]
    if kind in WEIGHED and dates.identified:
        lines.insert(2, ("Identiteit vastgesteld", day(dates.identified), True))
    lines.append(("Zaak gesloten", day(dates.closed) if dates.closed else "", closed))
    first_open = next((place for place, (_t, _n, done) in enumerate(lines) if not done), None)
    return [
        Progress(title, note, "done" if done else "now" if place == first_open else "todo")
        for place, (title, note, done) in enumerate(lines)
    ]


def _sent(state: CaseState, dates: queries.Dates) -> str:
    if dates.sent is None:
        return ""
    final = f", definitief op {day(dates.final)}" if dates.final and state is not CaseState.GRANTED else ""
    return f"{day(dates.sent)}{final}"


def close(case: Case, now: datetime) -> dict[str, Any]:
    """What the page before closing says: whether it can be done, and what will happen."""
    rows = [one for one in queries.found(case) if one.link.rejected_at is None]
    overdue = [one for one in rows if one.recording.due_at <= now and one.recording.destroyed_at is None]
    must_say = case.state in {CaseState.GRANTED, CaseState.FORWARDED}
    return {"case": case, "verdict": closing(case, now), "found": rows, "overdue": len(overdue), "must_say": must_say}
