"""What a letter says, put together from the case and the rules: words only. How it looks stands in documents."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from beeldkluis.cases import law_letters, queries
from beeldkluis.cases.models import Case, Letter
from beeldkluis.cases.questions import open_questions
from beeldkluis.documents import words as dutch
from beeldkluis.documents.facts import Letter as Facts
from beeldkluis.footage.models import Recording
from beeldkluis.footage.queries import holds_of
from beeldkluis.governance.queries import in_force, register_of
from beeldkluis.governance.queries import version as protocol_version
from beeldkluis.people.models import Officer, Person
from beeldkluis.people.municipality_queries import contact
from beeldkluis.people.queries import active_with
from beeldkluis.protocol.deciding import CONSIDERATIONS, EXCEPTIONS, Outcome, Words
from beeldkluis.protocol.kinds import CaseKind, Default
from beeldkluis.protocol.legal import purposes_named
from beeldkluis.protocol.naming import own_words, title
from beeldkluis.protocol.presence import Present, required
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.requests import FIELD_NAMES, WHY, is_general, search_window
from beeldkluis.protocol.roles import Role


def purposes() -> list[str]:
    """What footage is for, in the words of this municipality; without what its protocol leaves out."""
    return [own_words(one) for one in purposes_named(in_force())]


def _officer_there() -> bool:
    return Present.OFFICER in required(Purpose.VIEW_WITH_DATA_SUBJECT, in_force())


def recipient(case: Case) -> list[str]:
    """To whom: name, organisation and address, what is known of them."""
    lines = (case.requester_organisation, case.requester_name, case.requester_address, case.requester_place)
    return [one for one in lines if one]


def facts(letter: Letter, *, at: datetime) -> Facts:
    """A letter as its document wants it, dated on the day that it leaves."""
    register = in_force()
    known = contact()
    return Facts(
        kind=letter.kind,
        municipality=register.municipality,
        sender=tuple(line for name in ("postal", "phone", "email", "website") for line in known.get(name, ())),
        recipient=tuple(letter.recipient),
        date=dutch.day(at),
        reference=letter.case.reference,
        protocol=letter.protocol,
        words=letter.words | ({"give_late": True} if _is_late(letter, at) else {}),
    )


def _is_late(letter: Letter, at: datetime) -> bool:
    """Does a letter that names a day to see the footage leave after that day?"""
    until = letter.words.get("give_until")
    return until is not None and at >= datetime.fromisoformat(until)


def about(case: Case) -> str:
    """The moment and the place that a letter is about."""
    if case.moment_from is None or case.moment_until is None:
        return "beelden van een bodycam"
    where = f", {case.place}" if case.place else ""
    return f"{dutch.span(case.moment_from, case.moment_until)}{where}"


def _dpo() -> list[str]:
    return [line for one in active_with(Role.DPO) for line in (one.name, one.email)]


def acknowledgement(case: Case) -> dict[str, Any]:
    """We received it; by when the answer comes; what happens with footage meanwhile."""
    return {
        "received_on": dutch.day(case.received_at),
        "last_day": dutch.day(case.decide_by),
        "about": about(case),
        "held": case.moment_from is not None,  # what names no moment holds nothing yet
        "no_moment": case.moment_from is None,
        "questions": open_questions(case),
        "by_email": case.by_email,
        "by_post": not case.by_email,
        "decider": title("team_manager", in_force().names),
        "dpo": _dpo(),
        "law": law_letters.name_of(case),
    }


def completion(case: Case, missing: Sequence[str], until: datetime) -> dict[str, Any]:
    """What we still need and why, and until when."""
    wanted = {FIELD_NAMES[name]: WHY.get(name, "") for name in missing}
    general = is_general(CaseKind(case.kind), queries.facts(case))
    return {
        "missing": [list(one) for one in wanted.items()],
        "until": dutch.day(until),
        "general": general,
        "dpo": _dpo(),
    }


def extension(case: Case, old: datetime, new: datetime, because: str) -> dict[str, Any]:
    """It takes longer, and which article allows that."""
    told = {"old_day": dutch.day(old), "new_day": dutch.day(new), "because": because}
    return told | {"article": law_letters.extension_article(case), "law": law_letters.name_of(case)}


def decision(case: Case, words: Words, by: Person, *, give_until: datetime | None = None) -> dict[str, Any]:
    """The decision, in the words that its kind of letter needs. `by` decides, in the name of the municipality's executive
    (Awb 10:10). `give_until`: the first moment that is too late to give the access that is granted.
    """
    common: dict[str, Any] = {
        "objection_address": list(contact().get("objection", ())),
        "kind": case.kind,
        "law": law_letters.name_of(case),
        "signed_by": [by.name, _function(by)],
        "held": bool(holds_of(case.reference)),
    }
    if words.outcome is Outcome.NO_FOOTAGE:
        return common | _nothing_found(case)
    if words.outcome is Outcome.SET_ASIDE:
        return common | _set_aside(case)
    asked = CaseKind(case.kind).facts
    if asked.default is Default.BY_PART:
        return common | {"about": about(case)} | law_letters.records(words)
    answers: list[list[str]] = [
        [CONSIDERATIONS[one], words.considerations.get(one, "").strip()] for one in CONSIDERATIONS
    ]
    common = common | {"about": about(case), "considerations": [one for one in answers if one[1]]}
    if words.outcome is Outcome.GRANTED:
        kept = " of ".join(_kept_days(case))
        return (
            common
            | {
                "form": words.form,
                "because": words.grounds,
                "purposes": purposes(),
                "officer_there": _officer_there(),
                "kept_days": kept,
            }
            | _give_by(give_until)
        )
    exception = {"exception": EXCEPTIONS.get(words.exception, ""), "not_by_covering": words.not_by_covering}
    return common | {"grounds": words.grounds} | (exception if asked.by_right else {})


def _give_by(until: datetime | None) -> dict[str, Any]:
    if until is None:
        return {}
    return {"give_by": dutch.day(until - timedelta(seconds=1)), "give_until": until.isoformat()}


def _function(by: Person) -> str:
    return title("team_manager" if by.role == Role.TEAM_MANAGER else "deputy", in_force().names)


def _nothing_found(case: Case) -> dict[str, Any]:
    if case.moment_from is None or case.moment_until is None:
        return {"about": about(case), "searched": ""}
    start, end = search_window(case.moment_from, case.moment_until, in_force())
    gone = queries.destroyed(case)
    late = [one for one in gone if one.destroyed_at is not None and one.destroyed_at >= case.received_at]
    early = [one for one in gone if one not in late]
    aside = sum(one.link.rejected_at is not None for one in queries.found(case))
    return {
        "about": about(case),
        "searched": dutch.span(start, end),
        "destroyed": [[_destroyed_on(one), _term(one)] for one in (*early, *late)],  # the last ones are those below
        "destroyed_late": [[_destroyed_on(one), _term(one)] for one in late],
        "received_on": dutch.day(case.received_at),
    } | ({"put_aside": aside} if aside else {})


def _destroyed_on(recording: Recording) -> str:
    return dutch.day(recording.destroyed_at) if recording.destroyed_at else ""


def _term(recording: Recording) -> str:
    days = _days_under(recording.due_under)
    return f"de bewaartermijn{f' van {days} dagen' if days else ''} (protocol versie {recording.due_under})"


def _days_under(number: str) -> int | None:
    """The days of the version under which a term was answered; empty when that version is not known here."""
    if (version := protocol_version(number)) is not None:
        return register_of(version).number("retention.period", "days")
    return in_force().number("retention.period", "days") if in_force().version == number else None


def _kept_days(case: Case) -> list[str]:
    """How long the recordings of the case are kept without it, each number once; of no recording, what holds now."""
    versions = {one.recording.due_under for one in queries.found(case) if one.link.confirmed_at is not None}
    days = {_days_under(one) for one in versions} - {None}
    return [
        str(one) for one in sorted(days or {in_force().number("retention.period", "days")}, key=lambda one: one or 0)
    ]


def _set_aside(case: Case) -> dict[str, Any]:
    asked = queries.last_suspension(case)
    missing = [FIELD_NAMES[name] for name in queries.missing(case)]
    return {
        "asked_on": dutch.day(asked.asked_at) if asked else "",
        "until": dutch.day(asked.until) if asked else "",
        "missing": missing,
    }


def proposal(moments: Sequence[datetime], *, place: str, minutes: int, companion: bool) -> dict[str, Any]:
    """Some moments to choose from."""
    told = [dutch.day_and_time(one) for one in moments]
    return {"moments": told, "place": place, "minutes": minutes, "companion": companion}


def proposal_withdrawn(moments: Sequence[datetime], because: str, *, ended: bool) -> dict[str, Any]:
    """None of the moments goes on. `ended`: nothing comes in their place, as the request is not granted any more."""
    return {"moments": [dutch.day_and_time(one) for one in moments], "because": because, "ended": ended}


def invitation(*, at: datetime, place: str, note: str, minutes: int, companion: bool) -> dict[str, Any]:
    """When and where, and who is there. `note`: what to know of the room, such as where to report."""
    present = [f"de {title('team_manager', in_force().names)}"]
    if _officer_there():
        present.append(own_words("de handhaver die de camera droeg"))
    return {
        "at": dutch.day_and_time(at),
        "place": place,
        "note": note,
        "minutes": minutes,
        "present": present,
        "companion": companion,
    }


def cancellation(at: datetime, because: str, *, ended: bool) -> dict[str, Any]:
    """It does not go on. `ended`: nothing comes in its place, as the request is not granted any more."""
    return {"at": dutch.day_and_time(at), "because": because, "ended": ended}


def officer_appointment(at: datetime, place: str) -> dict[str, Any]:
    """To an officer who has no e-mail address: when and where; it names no requester."""
    about, purpose = "beelden van uw camera", "een afspraak om samen te kijken"
    return {"about": about, "purpose": purpose, "at": dutch.day_and_time(at), "place": place}


def officer_notice(recording: Recording) -> dict[str, Any]:
    """To the officer who wore the camera; it names no requester."""
    return {
        "about": f"opname {recording} van {dutch.day_and_time(recording.activated_at)}",
        "purpose": "een verzoek om beelden te bekijken, dat is toegewezen",
    }


def officer_lines(officer: Officer) -> list[str]:
    """To whom, for an officer."""
    return [officer.name]


def closing(case: Case, *, outcome: str, now: datetime) -> dict[str, Any]:
    """The case is closed: what becomes of the footage."""
    dues = [one.recording.due_at for one in queries.found(case) if one.asks and one.link.rejected_at is None]
    later = [due for due in dues if due > now]
    erased = "Er zijn geen beelden meer die bij uw verzoek horen."
    if later:
        erased = (
            f"De beelden worden vernietigd op {dutch.day(max(later))}, als er geen andere reden is om ze te bewaren."
        )
    elif dues:
        within = in_force().minutes("retention.prompt") // timedelta(minutes=1)
        erased = f"De beelden worden binnen {within} minuten vernietigd, als er geen andere reden is om ze te bewaren."
    return {"outcome": outcome, "erased": erased}


def withdrawn(case: Case, now: datetime, days: int) -> dict[str, Any]:
    """The request was withdrawn: when we heard that, and how long the requester can say that it was not so."""
    return {"about": about(case), "withdrawn_on": dutch.day(now), "days": days, "dpo": _dpo()}


def elsewhere() -> dict[str, Any]:
    """Where a request for public records belongs."""
    register = in_force()
    return {
        "where": list(contact().get("public_records", ())) or [f"Gemeente {register.municipality}, Woo-contactpersoon"]
    }
