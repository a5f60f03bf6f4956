"""The steps of a security incident (work-16): report, describe, decide, notify, inform, learn, find again, close."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db.models import Max

from beeldkluis.devices import incident_queries as queries
from beeldkluis.devices.incident_events import (
    CameraFound,
    IncidentChanged,
    IncidentReported,
    IncidentWordsErased,
    JournalDoubted,
)
from beeldkluis.devices.models import Bodycam, SecurityIncident
from beeldkluis.findings.actions import raise_finding
from beeldkluis.governance.queries import in_force
from beeldkluis.journal.actions import Record, require, step
from beeldkluis.journal.actor import Actor, ActorKind
from beeldkluis.journal.rights import allowed
from beeldkluis.people.notice_actions import tell_dpo
from beeldkluis.protocol import incident as rules
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.verdict import Verdict

WORDS = (
    "told", "nature", "contact", "consequences", "measures", "notify_because", "late_because", "inform_because", "lessons",
    "found_how",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is told of a camera: lost, stolen or damaged; when last in hand; since when somebody knows; in a few words."""

    kind: str
    told: str
    last_seen_at: datetime | None
    aware_at: datetime


def report_incident(bodycam: Bodycam, report: Report, *, actor: Actor, now: datetime) -> SecurityIncident:
    """Open an incident and block the camera, unless it is only damaged. Everything known is written down along.

    By whoever may, or by an officer at the dock's screen. Refused while an incident is open for this camera.
    """
    with step("devices.report_incident", actor=actor) as record:
        if actor.kind is not ActorKind.OFFICER:
            require(allowed(actor, Act.REPORT_LOSS))
        locked = Bodycam.objects.select_for_update(of=("self",)).select_related("kind", "last_dock").get(pk=bodycam.pk)
        running = queries.open_for(locked)
        require(
            rules.may_report(
                open_number=str(running) if running else "",
                aware_at=report.aware_at,
                last_seen_at=report.last_seen_at,
                told=report.told,
                now=now,
            )
        )
        made = _open(locked, report, actor, now)
        blocks = report.kind != rules.DAMAGE
        if blocks and locked.blocked_at is None:
            locked.blocked_at = now
            locked.save(update_fields=["blocked_at"])
        record(
            IncidentReported(
                incident=made.number, label=locked.label, kind=made.kind, aware_at=made.aware_at, blocked=blocks
            )
        )
        _tell(made, locked, actor, now)
    return made


def _open(bodycam: Bodycam, report: Report, actor: Actor, now: datetime) -> SecurityIncident:
    known = queries.known_of(bodycam, report.kind)
    since = queries.periods_since(bodycam, bodycam.last_docked_at)
    return SecurityIncident.objects.create(
        number=_next_number(),
        bodycam=bodycam,
        reported_by=actor.pseudonym,
        reported_at=now,
        known=asdict(known) | {"officers": [str(one.officer.pseudonym) for one in since]},
        **asdict(report),
        **rules.prefilled(known),
    )


def _tell(made: SecurityIncident, bodycam: Bodycam, actor: Actor, now: datetime) -> None:
    until = rules.deadline(made.aware_at, in_force())
    text = f"Incident {made}: bodycam {bodycam.label} is {made.get_kind_display()}. Besluit binnen 72 uur of het wordt gemeld."
    raise_finding(
        rule="camera.loss-is-incident",
        key=str(made),
        text=text,
        recording=None,
        bodycam=bodycam.pk,
        actor=actor,
        now=now,
    )
    told = f"{text} De termijn loopt tot {until:%d-%m-%Y %H:%M} UTC."
    tell_dpo(subject=f"Beveiligingsincident {made} met een bodycam", text=told, actor=actor, now=now)


def report_journal(sentences: Sequence[str], *, actor: Actor, now: datetime) -> SecurityIncident | None:
    """The journal is not what was written: an incident with everything that is wrong, once. None when all of it is known.

    What is new is added to the incident that is open. Whoever calls this tells people, in the same step.
    """
    known = (one for found in queries.of_journal() for one in found.known.get("faults", []))
    fresh = rules.newly_wrong(sentences, known)
    if not fresh:
        return None
    with step("devices.report_journal", actor=actor) as record:
        found = queries.open_of_journal()
        if found is None:
            found = SecurityIncident(
                number=_next_number(),
                kind=SecurityIncident.Kind.JOURNAL,
                reported_by=actor.pseudonym,
                reported_at=now,
                aware_at=now,
                told=fresh[0],
                known={"faults": []},
                **rules.prefilled_of_journal(queries.contact()),
            )
        found.known["faults"] = [*found.known["faults"], *fresh]
        found.save()
        faults = len(found.known["faults"])
        record(JournalDoubted(incident=found.number, faults=len(fresh), first=fresh[0]))
        text = f"Incident {found}: het logboek klopt niet. {fresh[0]}"
        key = f"{found}:{faults}"  # what is new is told anew
        raise_finding(rule="journal.holds", key=key, text=text, recording=None, bodycam=None, actor=actor, now=now)
    return found


def _next_number() -> int:
    return (SecurityIncident.objects.aggregate(last=Max("number"))["last"] or 0) + 1


def _change(
    found: SecurityIncident,
    name: str,
    change: Callable[[SecurityIncident], Verdict | None],
    *,
    actor: Actor,
    answer: bool | None = None,
    at: datetime | None = None,
    when_closed: bool = False,
) -> None:
    """One step on an open incident: lock it, ask, change, write down that it was done (never the words).

    `when_closed` is for what may come later too.
    """
    with step(f"devices.{name}", actor=actor) as record:
        require(allowed(actor, Act.HANDLE_INCIDENT))
        locked = SecurityIncident.objects.select_for_update(of=("self",)).select_related("bodycam").get(pk=found.pk)
        require(rules.may_change(closed=locked.closed_at is not None and not when_closed))
        verdict = change(locked)
        if verdict is not None:
            require(verdict)
        locked.save()
        record(IncidentChanged(incident=locked.number, step=name, answer=answer, at=at))


def describe(
    found: SecurityIncident, *, nature: str, contact: str, consequences: str, measures: str, actor: Actor
) -> None:
    """The four points of GDPR art. 33(3)."""

    def change(incident: SecurityIncident) -> None:
        incident.nature, incident.contact, incident.consequences, incident.measures = (
            nature,
            contact,
            consequences,
            measures,
        )

    _change(found, "describe", change, actor=actor)


def decide(found: SecurityIncident, *, about: str, answer: bool, because: str, actor: Actor) -> None:
    """Decide whether to notify the supervisory authority ("notify") or to inform the persons ("inform"), with the reason."""

    def change(incident: SecurityIncident) -> Verdict:
        if about == "notify":
            incident.notify_authority, incident.notify_because = answer, because
        else:
            incident.inform_persons, incident.inform_because = answer, because
        return rules.may_decide(because)

    _change(found, f"decide_{about}", change, actor=actor, answer=answer)


def note_notified(found: SecurityIncident, *, at: datetime, late_because: str, actor: Actor, now: datetime) -> None:
    """The supervisory authority was notified at that moment; after the 72 hours with the reason of the delay."""

    def change(incident: SecurityIncident) -> Verdict:
        incident.notified_at, incident.late_because = at, late_because
        return rules.may_note_notified(
            at=at, aware_at=incident.aware_at, late_because=late_because, protocol=in_force(), now=now
        )

    _change(found, "note_notified", change, actor=actor, at=at)


def note_informed(found: SecurityIncident, *, at: datetime, actor: Actor, now: datetime) -> None:
    """The persons were informed at that moment (GDPR art. 34)."""

    def change(incident: SecurityIncident) -> Verdict:
        incident.informed_at = at
        return rules.may_note_informed(at=at, aware_at=incident.aware_at, now=now)

    _change(found, "note_informed", change, actor=actor, at=at)


def add_lessons(found: SecurityIncident, *, lessons: str, actor: Actor) -> None:
    """What the municipality learns from it."""

    def change(incident: SecurityIncident) -> None:
        incident.lessons = lessons

    _change(found, "add_lessons", change, actor=actor)


def note_found(found: SecurityIncident, *, at: datetime, how: str, unblock: bool, actor: Actor, now: datetime) -> None:
    """The camera is back, also when the incident was closed long ago. It stays blocked unless somebody says otherwise,
    having seen to it that it is the same camera.
    """
    if unblock:
        require(allowed(actor, Act.MANAGE_BODYCAMS))

    def change(incident: SecurityIncident) -> Verdict:
        require(rules.is_of_camera(known=incident.bodycam_id is not None))
        verdict = rules.may_note_found(at=at, how=how, now=now)
        incident.found_at, incident.found_how = at, how
        return verdict

    with step("devices.find_camera", actor=actor) as record:
        _change(found, "note_found", change, actor=actor, at=at, when_closed=True)
        _unblock(found, unblock, record)


def _unblock(found: SecurityIncident, unblock: bool, record: Record) -> None:
    bodycam = Bodycam.objects.select_for_update().get(incidents=found)
    if unblock and bodycam.blocked_at is not None:
        bodycam.blocked_at = None
        bodycam.save(update_fields=["blocked_at"])
    record(CameraFound(incident=found.number, label=bodycam.label, still_blocked=bodycam.blocked_at is not None))


def close_incident(found: SecurityIncident, *, actor: Actor, now: datetime) -> None:
    """Close it when everything is written down. It stays in the register."""

    def change(incident: SecurityIncident) -> Verdict:
        incident.closed_at = now
        return rules.may_close(queries.missing(incident))

    _change(found, "close_incident", change, actor=actor)


def erase_words(now: datetime, *, actor: Actor) -> int:
    """Erase what was told in words of incidents whose years are over. How many."""
    over = queries.with_words_over(now)
    for found in over:
        with step("devices.erase_incident_words", actor=actor) as record:
            kept = {name: value for name, value in found.known.items() if name != "officers"}
            SecurityIncident.objects.filter(pk=found.pk).update(**dict.fromkeys(WORDS, ""), known=kept)
            record(IncidentWordsErased(incident=found.number))
    return len(over)
