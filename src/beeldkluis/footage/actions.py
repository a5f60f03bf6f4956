"""The steps of the footage room: register, hold, release, mark."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max

from beeldkluis.devices.queries import Wearer, bodycam_by_serial, officer_at
from beeldkluis.findings.actions import EACH_TIME, raise_finding
from beeldkluis.footage import events
from beeldkluis.footage.apart_actions import judge
from beeldkluis.footage.late_issue_actions import tell_of_wearer
from beeldkluis.footage.models import Clip, Hold, Recording
from beeldkluis.footage.observation_actions import erase_texts
from beeldkluis.footage.queries import decided_under, overlapping_of_serial, term_ends
from beeldkluis.governance.queries import history, in_force
from beeldkluis.journal.actions import Record, require, step
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.rights import allowed
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.finding import Doubt
from beeldkluis.protocol.holding import ENDS, is_there, review_at
from beeldkluis.protocol.intake import OF_SYSTEM, Ground, Reason, reasons_apart
from beeldkluis.protocol.recording import ANOTHER, NO_TIMES, Moments, Unresolved, by_receipt, flags

AFTER_RECEIPT = "recording.not-after-receipt"
DOUBTFUL = (
    "De camera van opname {recording} houdt plaatselijke tijd bij en rond de opname ging de klok een uur vooruit of achteruit. De"
    " opname kan een uur eerder of later zijn gemaakt. Stel op de camera UTC in, of een vaste tijd."
)
DOUBT = "Het dockingstation twijfelt of een bestand van opname {recording} heel is. Wat het zag, staat bij de opname."
LATER = "Opname {recording} is volgens de camera later gemaakt dan zij binnenkwam. De ontvangst telt. Kijk welke klok voorloopt."


@dataclass(frozen=True, slots=True, kw_only=True)
class NewClip:
    """One file: its sealed object in the vault, and the file on the camera (sizes in bytes, SHA-256 in hexadecimal)."""

    object: UUID
    position: int
    name: str
    content_type: str
    source_sha256: str
    source_size: int
    sealed_sha256: str
    duration_ms: int | None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRecording:
    """What came in. Times are UTC by corrected clock; `said_apart` is why the sender set its first clip apart, empty when not.

    `reasons` is all that a camera system's delivery is set apart for as it stands now; None from a sender that says nothing of
    the whole. `corrects`: these times come in the place of what was guessed before.
    """

    id: UUID
    source: str
    serial: str
    started_at: datetime
    activated_at: datetime
    ended_at: datetime
    clock_offset_ms: int | None
    has_sound: bool | None
    said_apart: str
    clips: Sequence[NewClip]
    may_begin_earlier_ms: int = 0
    may_end_later_ms: int = 0
    reasons: Sequence[Reason] | None = None
    corrects: bool = False


def register(new: NewRecording, *, actor: Actor, now: datetime) -> Recording:
    """Put a recording into the register: whose it is, what deserves a second look, when it is due (work-1, work-2)."""
    with step("footage.register", actor=actor) as record:
        counted = by_receipt(_told(new), received_at=now)
        recording = Recording(
            id=new.id,
            number=_next_number(),
            serial=new.serial,
            bodycam=bodycam_by_serial(new.serial),
            started_at=counted.started_at,
            activated_at=counted.activated_at,
            ended_at=counted.ended_at,
            clock_offset_ms=new.clock_offset_ms,
            may_begin_earlier_ms=new.may_begin_earlier_ms,
            may_end_later_ms=new.may_end_later_ms,
            has_sound=new.has_sound,
            source=new.source,
            received_at=now,
        )
        wearer = _whose(recording, new)
        doubts = assess(recording, wearer, after_receipt=counted != _told(new))
        recording.save(force_insert=True)
        judge(recording, _reasons(recording, new), over=_over(recording, new), record=record, actor=actor, now=now)
        record(
            events.RecordingRegistered(
                recording=recording.pk,
                number=recording.number,
                serial=new.serial,
                clock_offset_ms=new.clock_offset_ms,
                **judged(recording),
            )
        )
        _keep_what_was_told(recording, new, record)
        for clip in new.clips:
            add_clip(recording, clip, actor=actor)
        raise_doubts([*doubts, *_noted(recording, new)], recording, actor, now)
        tell_of_wearer(recording, wearer, actor, now)
    return recording


def _whose(recording: Recording, new: NewRecording) -> Wearer:
    """Who wore the camera; nobody knows when nothing says when it was. Whose it is does not pass to somebody else when more of a
    recording comes in: then nobody knows either.
    """
    if any(one.ground is Ground.TIMES for one in new.reasons or ()):
        return Wearer(
            None, Unresolved("recording.officer-known", NO_TIMES, "Niemand weet wanneer deze opname is gemaakt.")
        )
    found, known = officer_at(recording.bodycam, recording.activated_at), recording.officer
    if known is None or found.officer is None or found.officer == known:
        return found
    recording.wearer_disputed = True
    reason = "Toen er meer van kwam, wees de uitgifte een ander aan dan eerst."
    return Wearer(None, Unresolved("recording.officer-known", ANOTHER, reason), before=known)


def _reasons(recording: Recording, new: NewRecording) -> list[Reason]:
    """Everything that this delivery is to be set apart for."""
    bodycam, said = recording.bodycam, [*(new.reasons or ())]
    if new.said_apart:
        said.append(Reason(Ground.FILM, new.said_apart, new.clips[0].name if new.clips else ""))
    blocked = bodycam is not None and bodycam.blocked_at is not None
    return reasons_apart(known=bodycam is not None, blocked=blocked, said=said)


def _over(recording: Recording, new: NewRecording) -> set[tuple[Ground, str | None]]:
    """What this delivery has the last word about: an unknown camera that is known by now, a file that came whole under the same
    name, and a camera system about its own delivery.
    """
    over: set[tuple[Ground, str | None]] = {(Ground.FILM, clip.name) for clip in new.clips if not new.said_apart}
    if recording.bodycam is not None:
        over.add((Ground.UNKNOWN, None))
    if new.reasons is not None:
        over |= {(ground, None) for ground in OF_SYSTEM}
    return over


def _told(new: NewRecording) -> Moments:
    return Moments(new.started_at, new.activated_at, new.ended_at)


def _keep_what_was_told(recording: Recording, new: NewRecording, record: Record) -> None:
    """The true words of a camera or a dock stay in the journal where other moments count, or where the hour is in doubt."""
    if new.may_begin_earlier_ms or new.may_end_later_ms:
        record(
            events.HourInDoubt(
                recording=recording.pk,
                started_at=new.started_at,
                ended_at=new.ended_at,
                may_begin_earlier_ms=new.may_begin_earlier_ms,
                may_end_later_ms=new.may_end_later_ms,
            )
        )
    if by_receipt(_told(new), received_at=recording.received_at) != _told(new):
        record(
            events.TimesBounded(
                recording=recording.pk,
                told_started_at=new.started_at,
                told_activated_at=new.activated_at,
                told_ended_at=new.ended_at,
                received_at=recording.received_at,
            )
        )


def assess(recording: Recording, wearer: Wearer, *, after_receipt: bool) -> list[Doubt]:
    """Fill in what follows from the facts: whose it is, flags, when due. Gives what a person must look at. Once said to be later
    than its receipt it is flagged for good.
    """
    versions, found = history(), list[Doubt]()
    if wearer.unresolved is not None:
        nobody = wearer.unresolved
        found.append(Doubt(nobody.rule, f"wearer:{nobody.why}", f"Opname {recording}: {nobody.reason}"))
    if other := overlapping_of_serial(recording):
        text = f"Opnames {recording} en {other} van camera {recording.serial} overlappen in tijd: een camera op twee plaatsen."
        found.append(Doubt("recording.officer-known", f"overlap:{other}", text))
    recording.officer, recording.period = wearer.officer, wearer.period
    if wearer.officer is not None and not (stands := recording.wearer_stands).allowed:
        found.append(Doubt(stands.rule, "entered-late", f"Opname {recording}: {stands.reason}"))
    recording.due_at, recording.due_under = term_ends(recording, versions), decided_under(recording, versions)
    recording.assessed_under = versions.in_force.version
    recording.flags = list(
        flags(
            pre_event_ms=recording.pre_event_ms,
            duration_ms=recording.duration_ms,
            clock_offset_ms=recording.clock_offset_ms,
            resolved=wearer.officer is not None,
            protocol=versions.in_force,
            after_receipt=after_receipt or AFTER_RECEIPT in recording.flags,
            hour_in_doubt=recording.hour_in_doubt,
        )
    )
    if recording.hour_in_doubt:
        found.append(Doubt("recording.local-clock", "hour", DOUBTFUL.format(recording=recording)))
    if after_receipt:
        found.append(Doubt(AFTER_RECEIPT, "later", LATER.format(recording=recording)))
    if "recording.long" in recording.flags:
        text = f"Opname {recording} duurt ongewoon lang. Vraag na waarom de camera aan bleef."
        found.append(Doubt("recording.long", "lasts-long", text))
    return found


def judged(recording: Recording) -> dict[str, Any]:
    """What the journal keeps of a recording each time its facts are judged."""
    return {
        "officer": str(recording.officer.pseudonym) if recording.officer else "",
        "started_at": recording.started_at,
        "activated_at": recording.activated_at,
        "ended_at": recording.ended_at,
        "flags": tuple(recording.flags),
        "quarantined": recording.state == Recording.State.QUARANTINED,
        "due_at": recording.due_at,
    }


def _noted(recording: Recording, new: NewRecording) -> list[Doubt]:
    """A file that plays as far as the dock could see, but that somebody must look at."""
    noted = any(clip.note for clip in new.clips)
    return [Doubt("intake.automatic", "file-in-doubt", DOUBT.format(recording=recording))] if noted else []


def raise_doubts(doubts: Sequence[Doubt], recording: Recording, actor: Actor, now: datetime) -> None:
    """Make a finding of each doubt that is none yet."""
    for one in doubts:
        raise_finding(**one._asdict(), recording=recording.pk, bodycam=recording.bodycam_id, actor=actor, now=now)


def _next_number() -> int:
    """The journal's head row is locked by every step, so two recordings never draw the same number."""
    return (Recording.objects.aggregate(last=Max("number"))["last"] or 0) + 1


def add_clip(recording: Recording, clip: NewClip, *, actor: Actor) -> Clip:
    """One more file of the recording."""
    with step("footage.add_clip", actor=actor) as record:
        added = Clip.objects.create(
            recording=recording,
            object=clip.object,
            position=clip.position,
            name=clip.name,
            content_type=clip.content_type,
            source_sha256=clip.source_sha256,
            source_size=clip.source_size,
            duration_ms=clip.duration_ms,
            note=clip.note,
        )
        record(
            events.ClipAdded(
                recording=recording.pk,
                clip=clip.object,
                position=clip.position,
                source_sha256=clip.source_sha256,
                sealed_sha256=clip.sealed_sha256,
                size=clip.source_size,
            )
        )
    return added


def extend(known: Recording, new: NewRecording, *, actor: Actor, now: datetime) -> Recording:
    """More files of a recording that is in the register. It may begin earlier or end later, but not after it first came in, so
    everything that follows from its times is judged again. Refused once it is destroyed.
    """
    with step("footage.extend", actor=actor) as record:
        locked = Recording.objects.select_for_update(of=("self",)).select_related("bodycam", "officer").get(pk=known.pk)
        require(is_there(destroyed=locked.state == Recording.State.DESTROYED))
        counted = by_receipt(_told(new), received_at=locked.received_at)
        before = counted if new.corrects else Moments(locked.started_at, locked.activated_at, locked.ended_at)
        locked.started_at = min(before.started_at, counted.started_at)
        locked.activated_at = min(before.activated_at, counted.activated_at)
        locked.ended_at = max(before.ended_at, counted.ended_at)
        if new.clock_offset_ms is None:
            locked.clock_offset_ms = (
                None  # one part that nobody measured leaves the whole unmeasured: kept rather too long
            )
        locked.may_begin_earlier_ms = max(locked.may_begin_earlier_ms, new.may_begin_earlier_ms)
        locked.may_end_later_ms = max(locked.may_end_later_ms, new.may_end_later_ms)
        wearer = _whose(locked, new)
        doubts = assess(locked, wearer, after_receipt=counted != _told(new))
        locked.save()
        judge(locked, _reasons(locked, new), over=_over(locked, new), record=record, actor=actor, now=now)
        record(events.RecordingExtended(recording=locked.pk, **judged(locked)))
        _keep_what_was_told(locked, new, record)
        for clip in new.clips:
            taken = set(locked.clips.values_list("position", flat=True))
            free = clip.position if clip.position not in taken else max(taken) + 1
            add_clip(locked, replace(clip, position=free), actor=actor)
        raise_doubts([*doubts, *_noted(locked, new)], locked, actor, now)
        tell_of_wearer(locked, wearer, actor, now)
    return locked


def place_hold(recording_id: UUID, *, rule: str, case: str, actor: Actor, now: datetime) -> Hold:
    """Keep a recording for a case (work-12), with a moment to look again. Placing the same hold again changes nothing.
    Refused once destroyed; KeyError for a reason that has no end.
    """
    ends = ENDS[rule]
    with step("footage.place_hold", actor=actor) as record:
        recording = Recording.objects.select_for_update().get(pk=recording_id)
        require(is_there(destroyed=recording.state == Recording.State.DESTROYED))
        hold, _new = Hold.objects.get_or_create(
            recording=recording,
            rule=rule,
            case=case,
            released_at=None,
            defaults={"placed_at": now, "review_at": review_at(protocol=in_force(), now=now)},
        )
        record(events.HoldPlaced(recording=recording.pk, case=case, rule=rule, ends_when=ends))
    return hold


def review_hold(hold: Hold, *, actor: Actor, now: datetime) -> None:
    """Somebody looked whether a reason still holds, and it does: it is asked again later."""
    with step("footage.review_hold", actor=actor) as record:
        locked = Hold.objects.select_for_update().get(pk=hold.pk)
        locked.review_at = review_at(protocol=in_force(), now=now)
        locked.save(update_fields=["review_at"])
        record(events.HoldReviewed(recording=locked.recording_id, case=locked.case, rule=locked.rule))


def release_hold(hold: Hold, *, because: str, actor: Actor, now: datetime) -> None:
    """End a reason to keep a recording; `because` is the rule or the case's outcome in a few words."""
    with step("footage.release_hold", actor=actor) as record:
        locked = Hold.objects.select_for_update().get(pk=hold.pk)
        if locked.released_at is None:
            locked.released_at, locked.released_because = now, because
            locked.save(update_fields=["released_at", "released_because"])
        record(events.HoldReleased(recording=locked.recording_id, case=locked.case, rule=locked.rule, because=because))


def report_openable(recording_id: UUID, openable: bool, *, actor: Actor, now: datetime) -> None:
    """Keep what the team manager's browser found; a recording that does not open becomes a finding."""
    with step("footage.report_openable", actor=actor) as record:
        require(allowed(actor, Act.REPORT_OPENABLE))
        recording = Recording.objects.select_for_update().get(pk=recording_id)
        recording.openable, recording.openable_checked_at = openable, now
        recording.save(update_fields=["openable", "openable_checked_at"])
        record(events.OpenableReported(recording=recording.pk, openable=openable))
        if not openable:
            text = f"Opname {recording} gaat niet open met de teamsleutel. Kijk welke sleutel het dockingstation heeft."
            raise_finding(
                rule="intake.automatic",
                key=EACH_TIME,
                text=text,
                recording=recording.pk,
                bodycam=recording.bodycam_id,
                actor=actor,
                now=now,
            )


def mark_destroyed(recording_id: UUID, *, rules: Sequence[str], actor: Actor, now: datetime) -> None:
    """The register says that the recording is gone. Its row stays: the certificate points to it."""
    with step("footage.mark_destroyed", actor=actor) as record:
        recording = Recording.objects.select_for_update().get(pk=recording_id)
        if recording.state != Recording.State.DESTROYED:
            recording.state, recording.destroyed_at = Recording.State.DESTROYED, now
            recording.save(update_fields=["state", "destroyed_at"])
        record(events.MarkedDestroyed(recording=recording.pk, rules=tuple(rules)))
        erase_texts(recording.pk, actor=actor)
