"""Taking in what an Axis body-worn system delivers. Each object is durable before its 201; the recording enters the register
when the system says that it is complete, or by itself when it stays away.
"""

import base64
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from django.conf import settings

from beeldkluis.findings.actions import close_findings, raise_finding
from beeldkluis.footage import actions as footage
from beeldkluis.footage import queries as footage_queries
from beeldkluis.footage.models import Recording
from beeldkluis.intake import axis, axis_queries, axis_reuse_actions, events
from beeldkluis.intake.axis_sealing import CutOffError, Sealing
from beeldkluis.intake.models import AxisContainer, AxisObject, AxisSystem
from beeldkluis.journal.actions import require, step
from beeldkluis.journal.actor import Actor, ActorKind
from beeldkluis.journal.rights import allowed
from beeldkluis.people.models import TeamKey
from beeldkluis.people.queries import active_key, current_recipients
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.intake import Ground, Reason, may_let_in
from beeldkluis.protocol.verdict import Refused
from beeldkluis.sealed.token import hash_token, new_token
from beeldkluis.vault import actions as vault
from beeldkluis.vault.arrival import Arrival
from beeldkluis.vault.errors import GoneError
from beeldkluis.vault.queries import certificate, generation

TOKEN_LASTS = timedelta(hours=24)
ABANDONED = timedelta(hours=6)  # without a word: then what came is registered as it is
LONGEST = timedelta(hours=24)  # and so long after its first piece in any case: what is in no register has no term

NO_TRACK = "track-key"  # the key of the finding that says so
NO_TRACK_KEY = "Bij opname {recording} ontbreekt de sleutel van de plaatsgegevens. De film zelf is te openen."


class WrongSumError(Exception):
    """Other bytes arrived than the system says it sent. Nothing was kept; it sends them again."""


class _NothingNewError(Exception):
    """Ends a step that finds its work done already: nothing changes, and there is nothing to write down."""


def system_actor(system: AxisSystem) -> Actor:
    """A camera system as the one who acts."""
    return Actor(ActorKind.CAMERA_SYSTEM, f"axis-{system.pk}")


def add_system(*, name: str, certificate: str, actor: Actor, now: datetime) -> bytes:
    """Let a body-worn system in: the connection file for its manager program (JSON). Its key is in it, once, and kept as a
    hash. Refused before the key ceremony: without our public key the cameras would not encrypt.
    """
    with step("intake.add_axis_system", actor=actor) as record:
        require(allowed(actor, Act.ENROL_DOCK))
        public = active_key(TeamKey.Kind.AXIS)
        verdict = may_let_in(has_keys=public is not None)
        if public is None or not verdict.allowed:
            raise Refused(verdict)
        key = new_token()[:43]
        system = AxisSystem.objects.create(
            name=name, user=f"axis-{uuid4().hex[:12]}", key_hash=hash_token(key), made_at=now
        )
        record(events.AxisSystemAdded(system=system.pk, name=name))
    return _connection_file(system, key, public, certificate)


def retire_system(system: AxisSystem, *, actor: Actor, now: datetime) -> None:
    """Let a system in no more: its key and its token end at once. What it delivered stays. Again changes nothing."""
    with suppress(_NothingNewError), step("intake.retire_axis_system", actor=actor) as record:
        require(allowed(actor, Act.ENROL_DOCK))
        locked = AxisSystem.objects.select_for_update().get(pk=system.pk)
        if locked.retired_at is not None:
            raise _NothingNewError
        locked.retired_at = now
        locked.save(update_fields=["retired_at"])
        record(events.AxisSystemRetired(system=locked.pk, name=locked.name))


def _connection_file(system: AxisSystem, key: str, public: TeamKey, certificate: str) -> bytes:
    content = {
        "ConnectionFileVersion": "1.0",
        "SiteName": system.name,
        "ApplicationName": "Beeldkluis",
        "ApplicationVersion": "1.0",
        "ContentDestinationAsNTPServer": False,
        "AuthenticationTokenURI": [f"{settings.ADDRESS.rstrip('/')}/axis/auth/v1.0"],
        "BlobAPIKey": key,
        "BlobAPIUserName": system.user,
        "ContainerType": "mp4",
        "FullStoreAndReadSupport": False,
        "WantEncryption": True,
        "PublicKey": base64.b64encode(public.public.encode()).decode(),
        "PublicKeyId": public.fingerprint[:32],
    }
    if certificate.strip():
        content["HTTPSCertificate"] = [base64.b64encode(certificate.strip().encode()).decode()]
    return json.dumps(content, indent=2).encode()


def give_token(system: AxisSystem, *, now: datetime) -> str:
    """A token for a day. No entry: it opens nothing by itself, and a system asks for one many times a day."""
    token = new_token()
    AxisSystem.objects.filter(pk=system.pk).update(token_hash=hash_token(token), token_expires_at=now + TOKEN_LASTS)
    return token


def put_container(
    system: AxisSystem, name: str, metadata: dict[str, str], *, now: datetime
) -> tuple[AxisContainer, bool]:
    """Make a container or renew its metadata. Whether it is new. When its status is Complete, the recording is registered. A name
    that is used again for another time is another container.
    """
    known = axis_queries.container(system, name)
    if known is not None and axis_reuse_actions.is_another(known, metadata, now):
        axis_reuse_actions.begin_anew(known, metadata, actor=system_actor(system), now=now)
    made, new = AxisContainer.objects.get_or_create(
        system=system,
        name=name,
        defaults={
            "id": uuid5(NAMESPACE_URL, f"beeldkluis:axis/{system.user}/{name}"),
            "metadata": metadata,
            "touched_at": now,
        },
    )
    before = dict(made.metadata)
    if not new:
        if axis.is_complete(before):  # a repeated word from before does not undo that
            metadata = metadata | {"status": before["status"]}
        made.metadata, made.touched_at = before | metadata, now
        made.save(update_fields=["metadata", "touched_at"])
    if axis.is_complete(made.metadata):
        register(made, actor=system_actor(system), now=now)
    if made.registered_at is not None and made.metadata != before:
        _tell_again(made, before, now)
    return made, new


def _tell_again(container: AxisContainer, before: dict[str, str], now: datetime) -> None:
    """What is told of a recording that is in the register already: its times where they were guessed (`before` said none), and
    whether its delivery is complete.
    """
    recording = footage_queries.get(container.pk)
    if recording is None or recording.state == Recording.State.DESTROYED:
        return
    actor, received = system_actor(container.system), recording.received_at
    guessed = axis.times(container.name, before, received) is None or not axis.says_end(before, received)
    told = replace(_as_recording(container, [], received), corrects=guessed)
    if guessed or footage_queries.says_more(recording, told.started_at, told.ended_at, told.reasons or ()):
        footage.extend(recording, told, actor=actor, now=now)


def put_facts(container: AxisContainer, name: str, metadata: dict[str, str], *, now: datetime) -> bool:
    """A user, a device or a system: metadata alone. Whether it is new."""
    with step("intake.axis_facts", actor=system_actor(container.system)) as record:
        _made, new = AxisObject.objects.update_or_create(
            container=container, name=name, source_sha256="", defaults={"metadata": metadata, "made_at": now}
        )
        record(events.AxisFactsKept(container=container.name, name=name))
    return new


def put_object(
    container: AxisContainer,
    name: str,
    metadata: dict[str, str],
    read: Callable[[int], bytes],
    length: int,
    *,
    claimed: str,
    now: datetime,
) -> tuple[AxisObject, str]:
    """Seal an object while it arrives, put it away durably, and enter it. With its MD5; `claimed` is the sender's, or empty.

    The same content again gives the same object. CutOffError, WrongSumError, OSError (disk full), StoreError,
    KeyStoreError, HashMismatchError (the disk gave back something else), GoneError (the recording was destroyed): nothing
    was kept.
    """
    _not_destroyed(container)
    object_id, sealing = uuid4(), Sealing(read, length)
    arrival = Arrival.of(object_id)
    try:
        arrival.make()
        arrival.add(sealing.read, 0, sealing.sealed_length, lambda _end: None)
        if claimed and claimed != sealing.md5.hexdigest():
            raise WrongSumError(name)
        kept = _keep(container, name, metadata, sealing, object_id, now)
        if axis.is_complete((known := AxisContainer.objects.get(pk=container.pk)).metadata):
            register(
                known, actor=system_actor(container.system), now=now
            )  # it was called complete before anything came
        return kept, sealing.md5.hexdigest()
    finally:
        vault.discard_staged(arrival.path)


def _not_destroyed(container: AxisContainer) -> None:
    if certificate(container.pk) is not None:  # a destruction that has begun counts: `admit` would refuse it as well
        raise GoneError(f"recording {container.pk} has been destroyed")


def _known(container: AxisContainer, name: str, digest: str) -> AxisObject | None:
    return AxisObject.objects.filter(container=container, name=name, source_sha256=digest).first()


def _keep(
    container: AxisContainer, name: str, metadata: dict[str, str], sealing: Sealing, object_id: UUID, now: datetime
) -> AxisObject:
    digest, sealed = sealing.source.hexdigest(), sealing.sealed.hexdigest()
    if known := _known(container, name, digest):
        return known
    _not_destroyed(
        container
    )  # again: an arrival may last for hours, and `prepare` makes a shred key where there is none
    path = Arrival.of(object_id).path
    prepared = vault.prepare(
        recording=container.pk,
        object_id=object_id,
        staged=path,
        sealed_sha256=sealed,
        generation=generation(container.pk) or 1,
    )
    made = AxisObject(
        id=object_id, container=container, name=name, metadata=metadata, size=sealing.length, source_sha256=digest,
        sealed_sha256=sealed, made_at=now,
    )  # fmt: skip
    try:
        _enter(made, prepared, sealing.sealed_for, now)
    except _NothingNewError:  # the same object came in at the same time; what was put away for this one is swept
        return AxisObject.objects.get(container=container, name=name, source_sha256=digest)
    return made


def _enter(made: AxisObject, prepared: vault.Prepared, sealed_for: tuple[str, ...], now: datetime) -> None:
    container, actor = made.container, system_actor(made.container.system)
    with step("intake.axis_object", actor=actor) as record:
        if sealed_for != current_recipients():  # other keys came in force while it arrived: the system sends it again
            raise CutOffError("sealed for keys that are not in use any more")
        if _known(container, made.name, made.source_sha256):
            raise _NothingNewError
        made.save(force_insert=True)
        AxisContainer.objects.filter(pk=container.pk).update(touched_at=now)
        vault.admit(prepared, inner_kind="axis-cbc" if axis.is_encrypted(made.name) else "plain", now=now)
        record(
            events.ClipAccepted(
                recording=container.pk,
                clip=made.pk,
                sealed_sha256=made.sealed_sha256,
                source_sha256=made.source_sha256,
                size=prepared.payload_size,
                sender=f"axis-{container.system_id}",
            )
        )
        late = footage_queries.get(container.pk)
        if late is not None:  # the recording is in the register already: this belongs to it all the same
            added = _as_recording(container, [made], late.received_at)  # it was there then: later it cannot have ended
            _look_at_tracks(container, footage.extend(late, added, actor=actor, now=now), actor, now)


def _clip(one: AxisObject, position: int) -> footage.NewClip:
    return footage.NewClip(
        object=one.pk, position=position, name=one.name[:200], content_type=axis.content_type(one.name),
        source_sha256=one.source_sha256, source_size=one.size, sealed_sha256=one.sealed_sha256, duration_ms=None,
    )  # fmt: skip


def register(container: AxisContainer, *, actor: Actor, now: datetime) -> None:
    """Enter the recording with everything that came for it. Once; an empty container enters nothing. One that the system did not
    complete is set apart until it does.
    """
    if container.registered_at is not None:
        return
    with suppress(_NothingNewError), step("intake.axis_complete", actor=actor) as record:
        locked = AxisContainer.objects.select_for_update().get(pk=container.pk)
        objects = axis_queries.objects(locked)  # within the step, so that nothing comes in between
        if locked.registered_at is not None or not objects:
            raise _NothingNewError
        new = _as_recording(locked, objects, now)
        record(events.AxisContainerClosed(recording=locked.pk, objects=len(objects), apart=bool(new.reasons)))
        recording = footage.register(new, actor=actor, now=now)
        locked.registered_at = now
        locked.save(update_fields=["registered_at"])
        _look_at_tracks(locked, recording, actor, now)


def _look_at_tracks(container: AxisContainer, recording: Recording, actor: Actor, now: datetime) -> None:
    """A track without its key is told, until the key comes. The film opens all the same."""
    names = {one.name for one in axis_queries.objects(container)}
    tracks = [one for one in names if axis.content_type(one) == axis.TRACK_TYPE]
    rule, text = "intake.automatic", NO_TRACK_KEY.format(recording=recording)
    if not all(axis.has_key(one, names, container.metadata) for one in tracks):
        raise_finding(rule=rule, key=NO_TRACK, text=text, recording=recording.pk, bodycam=None, actor=actor, now=now)
    elif tracks:
        close_findings(
            rule=rule, recording=recording.pk, keys=[NO_TRACK], because="De sleutel is er nu.", actor=actor, now=now
        )


def _as_recording(container: AxisContainer, objects: Sequence[AxisObject], now: datetime) -> footage.NewRecording:
    told, found = container.metadata, axis.times(container.name, container.metadata, now)
    moments = found or axis.Times(now, now, now)  # the latest it can have been: kept rather too long than too short
    return footage.NewRecording(
        id=container.pk,
        source="axis",
        serial=axis.serial(container.name, told) or "onbekend",
        started_at=moments.started_at,
        activated_at=moments.activated_at,
        ended_at=axis.ahead(told, now) or moments.ended_at,  # as it was told: what counts the register says
        clock_offset_ms=None,
        has_sound=None,
        said_apart="",
        clips=[_clip(one, position) for position, one in enumerate(objects)],
        reasons=_reasons(container, found),
    )


def _reasons(container: AxisContainer, found: axis.Times | None) -> list[Reason]:
    """Everything that this recording is set apart for by what came and was told so far, in whatever order."""
    if container.name.startswith(axis.REJECTED):
        told = container.metadata.get("rejectedcontentreason") or "geen reden gegeven"
        text = f"Het camerasysteem leverde dit aan als eerder geweigerd materiaal: {told}."
        return [Reason(Ground.REJECTED, text)]
    names = {one.name for one in axis_queries.objects(container)}
    without = sorted(name for name in names if axis.is_film(name) and axis.key_name(name) not in names)
    reasons = [Reason.of(Ground.KEY, name) for name in without]
    if found is None:
        reasons.append(Reason.of(Ground.TIMES))
    if not axis.is_complete(container.metadata):
        reasons.append(Reason.of(Ground.UNFINISHED))
    return reasons


def register_abandoned(*, actor: Actor, now: datetime) -> int:
    """Enter what came and was not completed, set apart until it is, so that its term runs. How many."""
    found = axis_queries.abandoned(now - ABANDONED, now - LONGEST)
    for container in found:
        register(container, actor=actor, now=now)
    return len(found)


__all__ = [
    "CutOffError",
    "WrongSumError",
    "add_system",
    "give_token",
    "put_container",
    "put_facts",
    "put_object",
    "register_abandoned",
    "retire_system",
]
