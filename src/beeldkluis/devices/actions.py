"""The steps of the devices room."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from beeldkluis.devices import events, queries
from beeldkluis.devices.models import Bodycam, CameraModel, Dock, EnrolmentCode, IssuePeriod
from beeldkluis.findings.actions import raise_finding
from beeldkluis.findings.queries import newest
from beeldkluis.governance.queries import in_force
from beeldkluis.journal.actions import require, step
from beeldkluis.journal.actor import Actor, ActorKind
from beeldkluis.journal.rights import allowed
from beeldkluis.people.acknowledgement_queries import has_signed
from beeldkluis.people.models import Officer, Person
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.acknowledgement import may_receive
from beeldkluis.protocol.camera import Sighting, strange
from beeldkluis.protocol.finding import Doubt
from beeldkluis.protocol.intake import Left, left_behind, may_enrol, tells_again, unusable_code
from beeldkluis.protocol.recording import has_come, may_add_bodycam, may_hand_in, may_issue, may_wear
from beeldkluis.protocol.verdict import Refused
from beeldkluis.sealed.errors import SealError
from beeldkluis.sealed.note import Verifier
from beeldkluis.sealed.token import hash_token, new_token

CODE_LASTS = timedelta(hours=24)
CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without those that look alike
CODE_LENGTH = 16  # 31^16: 79 bits


def dock_actor(dock: Dock) -> Actor:
    """A dock as the one who acts."""
    return Actor(ActorKind.DOCK, str(dock.pk), name=dock.name)


def add_bodycam(
    *,
    serial: str,
    label: str,
    make: str,
    model: str,
    pre_event_seconds: int,
    pre_event_sound: bool | None = None,
    seals_footage: bool | None = None,
    post_event_seconds: int = 0,
    actor: Actor,
    now: datetime,
) -> Bodycam:
    """A bodycam enters the register with what its make and model can keep (lengths in seconds; None: nobody knows).

    What is told of a model that is listed already corrects the list, for every camera of that model.
    """
    with step("devices.add_bodycam", actor=actor) as record:
        require(allowed(actor, Act.MANAGE_BODYCAMS))
        taken = Bodycam.objects.filter(serial=serial).exists() or Bodycam.objects.filter(label=label).exists()
        require(may_add_bodycam(taken=taken))
        can: dict[str, Any] = {
            "pre_event_seconds": pre_event_seconds,
            "pre_event_sound": pre_event_sound,
            "seals_footage": seals_footage,
            "post_event_seconds": post_event_seconds,
        }
        kind, _new = CameraModel.objects.update_or_create(make=make.strip(), name=model.strip(), defaults=can)
        bodycam = Bodycam.objects.create(serial=serial, label=label, kind=kind, added_at=now)
        record(events.BodycamAdded(label=label, serial=serial, make=make, model=model, **can))
    return bodycam


def issue(
    bodycam: Bodycam, officer: Officer, *, at: datetime, because: str = "", actor: Actor, now: datetime
) -> IssuePeriod:
    """Issue a bodycam to an officer from `at` on (work-1). Refused while somebody has it, and for a moment to come.

    To somebody who has not signed for the protocol in force only with a reason, which stays on the start page (governance-3).
    """
    with step("devices.issue", actor=actor) as record:
        require(allowed(actor, Act.ISSUE_BODYCAM))
        locked = Bodycam.objects.select_for_update().get(pk=bodycam.pk)
        require(has_come(at, now))
        require(may_issue(queries.issue_facts(locked), at, blocked=locked.blocked_at is not None))
        wearer = Officer.objects.select_for_update().get(pk=officer.pk)
        require(may_wear(since=wearer.since, until=wearer.until, at=at))
        signed = has_signed(wearer)
        require(may_receive(signed=signed, because=because))
        reason = "" if signed else because.strip()
        period = IssuePeriod.objects.create(
            bodycam=locked, officer=wearer, issued_at=at, unsigned_because=reason, entered_at=now
        )
        _count_change(locked)
        record(
            events.BodycamIssued(
                label=locked.label, officer=str(wearer.pseudonym), at=at, signed=signed, because=reason
            )
        )
    return period


def hand_in(bodycam: Bodycam, *, at: datetime, actor: Actor, now: datetime) -> IssuePeriod:
    """Hand a bodycam in at `at`."""
    with step("devices.hand_in", actor=actor) as record:
        require(allowed(actor, Act.ISSUE_BODYCAM))
        locked = Bodycam.objects.select_for_update().get(pk=bodycam.pk)
        require(has_come(at, now))
        require(may_hand_in(queries.issue_facts(locked), at))
        period = IssuePeriod.objects.select_related("officer").get(bodycam=locked, handed_in_at__isnull=True)
        period.handed_in_at, period.hand_in_entered_at = at, now
        period.save(update_fields=["handed_in_at", "hand_in_entered_at"])
        _count_change(locked)
        record(events.BodycamHandedIn(label=locked.label, officer=str(period.officer.pseudonym), at=at))
    return period


def _count_change(locked: Bodycam) -> None:
    """Who had this bodycam when is another answer from now on: what it filmed before is looked at again (footage)."""
    locked.register_changes += 1
    locked.save(update_fields=["register_changes"])


def confirm_wearer(period: IssuePeriod, *, person: Person, now: datetime) -> None:
    """The data protection officer asked around whether a period that was entered afterwards is right, and it is: from now on the
    presence of that officer counts for what was filmed in it. Never done by who opens. Again changes nothing.
    """
    with step("devices.confirm_wearer", actor=person.as_actor) as record:
        require(allowed(person.as_actor, Act.CONFIRM_WEARER))
        locked = (
            IssuePeriod.objects.select_for_update(of=("self",)).select_related("bodycam", "officer").get(pk=period.pk)
        )
        if locked.asked_at is None:
            locked.asked_at, locked.asked_by = now, person
            locked.save(update_fields=["asked_at", "asked_by"])
        record(
            events.WearerConfirmed(
                label=locked.bodycam.label, officer=str(locked.officer.pseudonym), at=locked.issued_at
            )
        )


def block_bodycam(bodycam: Bodycam, *, actor: Actor, now: datetime) -> None:
    """Block a bodycam: what it delivers from now on is set apart (work-16)."""
    with step("devices.block_bodycam", actor=actor) as record:
        require(allowed(actor, Act.MANAGE_BODYCAMS))
        locked = Bodycam.objects.select_for_update().get(pk=bodycam.pk)
        if locked.blocked_at is None:
            locked.blocked_at = now
            locked.save(update_fields=["blocked_at"])
        record(events.BodycamBlocked(label=locked.label))


def make_enrolment_code(*, name: str, actor: Actor, now: datetime) -> str:
    """A code that lets one dock of this name in, once, within 24 hours. It is shown once and kept as a hash."""
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    with step("devices.make_enrolment_code", actor=actor) as record:
        require(allowed(actor, Act.ENROL_DOCK))
        expires = now + CODE_LASTS
        EnrolmentCode.objects.create(name=name, code_hash=hash_token(code), made_at=now, expires_at=expires)
        record(events.EnrolmentCodeMade(name=name, expires_at=expires))
    return code


def enrol_dock(*, code: str, name: str, public_key: str, now: datetime) -> tuple[Dock, str]:
    """Let a dock in with its own key (a signed-note verifier key). Gives the dock and its token, shown once.

    Refused for a code that is unknown, used or over, for a name in use, and for a key that is none. The dock is the one
    who acts, and has no name in the journal before it is in.
    """
    # Asked before the step: anybody on the network can send a wrong code, and must not be able to fill the journal.
    found = queries.usable_code(code, now)
    if found is None:
        raise Refused(unusable_code())
    with step("devices.enrol_dock", actor=Actor(ActorKind.DOCK, "new")) as record:
        locked = EnrolmentCode.objects.select_for_update().get(pk=found.pk)
        verdict = may_enrol(
            code_used=locked.used_by_id is not None,
            name_taken=Dock.objects.filter(name=name).exists(),
            key_readable=_is_key(public_key),
        )
        require(verdict)
        token = new_token()
        dock = Dock.objects.create(name=name, public_key=public_key, token_hash=hash_token(token), enrolled_at=now)
        locked.used_by = dock
        locked.save(update_fields=["used_by"])
        record(events.DockEnrolled(dock=str(dock.pk), name=name, key=public_key))
    return dock, token


def _is_key(public_key: str) -> bool:
    try:
        Verifier.parse(public_key)
    except SealError:
        return False
    return True


def retire_dock(dock: Dock, *, actor: Actor, now: datetime) -> None:
    """Put a dock out of use; its token and key are refused from now on."""
    with step("devices.retire_dock", actor=actor) as record:
        require(allowed(actor, Act.ENROL_DOCK))
        locked = Dock.objects.select_for_update().get(pk=dock.pk)
        locked.retired_at = locked.retired_at or now
        locked.save(update_fields=["retired_at"])
        record(events.DockRetired(dock=str(locked.pk), name=locked.name))


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraSeen:
    """What a dock says of a camera that stands in it. The offset is true time minus camera time, in milliseconds, empty
    when the camera told no time; `files` are still on it, `free_bytes` are left.
    """

    serial: str
    slot: str
    volume_id: str
    clock_offset_ms: int | None
    files: int
    free_bytes: int


def note_docked(dock: Dock, seen: CameraSeen, *, now: datetime) -> Bodycam | None:
    """A camera stands in a dock. Unknown serials and a serial on another volume than before become findings: a serial is a
    label that can be rewritten, so what stood beside it is compared. Gives the bodycam when it is known.
    """
    actor = dock_actor(dock)
    with step("devices.note_docked", actor=actor) as record:
        locked = Dock.objects.select_for_update().get(pk=dock.pk)
        locked.last_seen_at, locked.last_clock_offset_ms = now, seen.clock_offset_ms
        locked.save(update_fields=["last_seen_at", "last_clock_offset_ms"])
        record(events.CameraDocked(dock=str(dock.pk), **asdict(seen)))
        bodycam = Bodycam.objects.select_for_update().filter(serial=seen.serial).first()
        doubt = _doubt(dock, seen, bodycam, now)
        if doubt is not None:
            number = bodycam.pk if bodycam else None
            raise_finding(**doubt._asdict(), recording=None, bodycam=number, actor=actor, now=now)
        if bodycam is not None:
            bodycam.volume_id, bodycam.slot, bodycam.last_docked_at = seen.volume_id, seen.slot, now
            bodycam.last_dock = dock
            bodycam.save(update_fields=["volume_id", "slot", "last_docked_at", "last_dock"])
    return bodycam


def _doubt(dock: Dock, seen: CameraSeen, bodycam: Bodycam | None, now: datetime) -> Doubt | None:
    if bodycam is None:
        text = f"Een onbekende camera met serienummer {seen.serial} staat in dockingstation {dock.name}."
        return Doubt("camera.blocked", queries.key_of_unknown(seen.serial, dock), text)
    return strange(
        Sighting(
            label=bodycam.label,
            volume_before=bodycam.volume_id,
            volume_now=seen.volume_id,
            other_label_of_volume=queries.other_with_volume(bodycam, seen.volume_id),
            dock_before=str(bodycam.last_dock_id or ""),
            dock_now=str(dock.pk),
            seen_before=bodycam.last_docked_at,
            now=now,
        )
    )


def note_left(*, serial: str, left: Sequence[Left], now: datetime, dock: Dock) -> None:
    """A dock says what stays on a camera after its turn. A person is told once what and how much, and again when that is
    something else, or when it still is there a term after somebody settled it.
    """
    bodycam = Bodycam.objects.filter(serial=serial).first()
    camera = f"bodycam {bodycam.label}" if bodycam else f"een onbekende camera met serienummer {serial}"
    number = bodycam.pk if bodycam else None
    for why, doubt in left_behind(camera=camera, left=left).items():
        before = newest(rule=doubt.rule, key=doubt.key)
        if before is None or tells_again(why=why, settled_at=before.settled_at, protocol=in_force(), now=now):
            raise_finding(**doubt._asdict(), recording=None, bodycam=number, actor=dock_actor(dock), now=now)
