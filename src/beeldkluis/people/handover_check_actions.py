"""After everything was sealed anew: the receiver tries it with the new key, and only then it counts and the old key goes.

The receiver's browser opens each new header and gives, for each file, the one-time key of its last piece (sealed.proof). The
vault holds that beside the film: so the key that came out is the film's, and no film leaves the house for it.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from beeldkluis.governance.queries import in_force
from beeldkluis.journal.actions import require, step
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.rights import allowed
from beeldkluis.people import handover_events as events
from beeldkluis.people import queries
from beeldkluis.people.handover_actions import AT_ONCE, mark_gone
from beeldkluis.people.handover_plan_actions import tell_holders
from beeldkluis.people.models import Deputation, Handover, HandoverItem, HandoverPlan, Person, SealedIdentity, TeamKey
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.handover import may_check, may_settle
from beeldkluis.protocol.roles import Role
from beeldkluis.sealed import age, axis
from beeldkluis.sealed.token import hash_token, same
from beeldkluis.vault import actions as vault
from beeldkluis.vault import queries as vault_queries
from beeldkluis.vault.errors import GoneError

CLEARED_AT_ONCE = 200  # recordings whose old shred keys go in one step
BATCHES = 5  # of those in one round
A_SEAL, AXIS_KEY = "een nieuw zegel", "de sleutel voor Axis-camera's"


@dataclass(frozen=True, slots=True)
class ToTry:
    """One file to try: its new header, how its payload begins and how long that is (bytes)."""

    header: bytes
    nonce: bytes
    size: int


@dataclass(frozen=True, slots=True)
class Given:
    """One recording to try. `seal` names exactly these headers: what is found of them says nothing of others."""

    seal: str
    objects: Mapping[UUID, ToTry]


def _require_receiver(handover: Handover, actor: Actor) -> None:
    require(allowed(actor, Act.SEE_HANDOVER))
    running = handover.finished_at is None and handover.stopped_at is None
    require(may_check(receiver=str(handover.receiver.pseudonym) == actor.pseudonym, running=running))


def give_new_headers(handover: Handover, *, actor: Actor, now: datetime) -> dict[HandoverItem, Given]:
    """New headers of the next recordings, to be tried. No film goes with them."""
    _require_receiver(handover, actor)
    given: dict[HandoverItem, Given] = {}
    for item in queries.to_check(handover, AT_ONCE):
        with step("people.give_new_headers", actor=actor) as record:
            try:
                found = _to_try(item.recording)
            except GoneError:
                mark_gone(item, now)
                found = {}
            record(events.NewHeadersGiven(recording=item.recording, handover=handover.pk, objects=tuple(found)))
        if found:
            given[item] = Given(vault_queries.seal_beside(item.recording), found)
    return given


def _to_try(recording: UUID) -> dict[UUID, ToTry]:
    objects = vault_queries.objects_beside(recording)
    if not objects:
        raise GoneError(f"recording {recording} has been destroyed")
    return {one: ToTry(vault.release_next_header(one), *vault_queries.begins_with(one)) for one in objects}


def report_tried(item: HandoverItem, seal: str, proofs: Mapping[UUID, bytes], *, actor: Actor, now: datetime) -> bool:
    """What the receiver's browser found of one recording: for each file the one-time key of its last piece, empty when the header
    does not open. Did all fit? If not, the new headers are let go of, the recording is to be sealed anew again, and everybody
    hears. Other headers than `seal` names, or a recording that is gone: nothing happens, and False.
    """
    _require_receiver(item.handover, actor)
    with step("people.report_tried", actor=actor) as record:
        locked = HandoverItem.objects.select_for_update().get(pk=item.pk)
        objects = vault_queries.objects_beside(locked.recording)
        current = bool(objects) and set(objects) == set(proofs) and vault_queries.seal_beside(locked.recording) == seal
        fits = current and all(vault_queries.fits_last_chunk(one, proofs[one]) for one in objects)
        outcome = "goed" if fits else ("gaat niet open" if current else "intussen veranderd")
        record(events.NewHeadersChecked(recording=locked.recording, handover=locked.handover_id, outcome=outcome))
        if fits:
            locked.checked_at = now
            locked.save(update_fields=["checked_at"])
        elif current:
            record(events.HandoverDoubted(recording=locked.recording, handover=locked.handover_id, what=A_SEAL))
            _give_up(locked, actor, now)
    return fits


def _give_up(item: HandoverItem, actor: Actor, now: datetime) -> None:
    vault.drop_beside(recording=item.recording, actor=actor)
    item.done_at = None
    item.save(update_fields=["done_at"])
    text = (
        f"Bij de overdracht door {item.handover.giver.name} aan {item.handover.receiver.name} gaat een nieuw zegel niet open, of "
        "het hoort niet bij de beelden. Het oude zegel geldt nog; er is niets verloren. Zoek eerst uit hoe dit kan."
    )
    tell_holders(subject="Een nieuw zegel gaat niet open", text=text, actor=actor, now=now)


def ask_for_axis(handover: Handover, *, actor: Actor) -> tuple[bytes, bytes] | None:
    """The Axis key as it was sealed anew, and a question that only the right one reads (32 random bytes as text, wrapped as a
    camera wraps). None when there is no such key.
    """
    _require_receiver(handover, actor)
    key = queries.active_key(TeamKey.Kind.AXIS)
    if key is None:
        return None
    with step("people.ask_for_axis_key", actor=actor) as record:
        answer = secrets.token_urlsafe(32)
        Handover.objects.filter(pk=handover.pk).update(axis_answer_hash=hash_token(answer))
        record(events.AxisKeyAsked(handover=handover.pk))
    return bytes(handover.new_axis_sealed_private or b""), axis.wrap_key(answer.encode(), key.public)


def answer_for_axis(handover: Handover, answer: str, *, actor: Actor, now: datetime) -> bool:
    """Was the question read? If not, everybody hears; the key that is in force stays."""
    _require_receiver(handover, actor)
    with step("people.answer_for_axis_key", actor=actor) as record:
        locked = Handover.objects.select_for_update(of=("self",)).get(pk=handover.pk)
        right = bool(locked.axis_answer_hash) and same(locked.axis_answer_hash, hash_token(answer))
        locked.axis_answer_hash, locked.axis_proved_at = "", now if right else None
        locked.save(update_fields=["axis_answer_hash", "axis_proved_at"])
        record(events.AxisKeyChecked(handover=locked.pk, outcome="goed" if right else "gaat niet open"))
        if not right:
            record(events.HandoverDoubted(handover=locked.pk, what=AXIS_KEY))
            text = (
                f"Bij de overdracht door {locked.giver.name} aan {locked.receiver.name} is de sleutel voor Axis-camera's niet "
                "goed meegekomen. De oude geldt nog; er is niets verloren. Stop deze overdracht en zoek uit hoe dit kan."
            )
            tell_holders(subject="De sleutel voor Axis-camera's is niet goed", text=text, actor=actor, now=now)
    return right


def settle(handover: Handover, *, actor: Actor, now: datetime) -> None:
    """Put the new key and everything that was sealed for it in force, all at once; the role goes over and every sealed copy of
    the old key is erased. Refused by protocol.handover while anything was not sealed anew or not tried.
    """
    with step("people.settle_handover", actor=actor) as record:
        _require_receiver(handover, actor)
        locked = Handover.objects.select_for_update(of=("self",)).get(pk=handover.pk)
        _require_tried(locked, actor)
        vault.put_in_force(actor=actor)
        new = _put_in_force(locked, now)
        copies = SealedIdentity.objects.filter(key=locked.old_key).exclude(sealed=b"")
        erased = copies.update(sealed=b"", withdrawn_at=now)
        SealedIdentity.objects.create(
            person=locked.receiver, key=new, sealed=bytes(locked.new_sealed_identity or b""), made_at=now
        )
        locked.new_key, locked.finished_at, locked.new_sealed_identity, locked.new_axis_sealed_private = (
            new,
            now,
            None,
            None,
        )
        locked.save(update_fields=["new_key", "finished_at", "new_sealed_identity", "new_axis_sealed_private"])
        HandoverPlan.objects.filter(handover=locked).update(settled_at=now)
        if locked.receiver.role != Role.TEAM_MANAGER:
            _pass_role(locked.receiver, now)
        unreadable = queries.count_unreadable(locked)
        record(_finished(locked, erased, unreadable))
        text = f"{locked.receiver.name} heeft nu de teamsleutel. {unreadable} opnames gingen niet open met de oude sleutel."
        tell_holders(subject="Overdracht van de teamsleutel klaar", text=text, actor=actor, now=now)


def _require_tried(handover: Handover, actor: Actor) -> None:
    needed = queries.active_key(TeamKey.Kind.AXIS) is not None
    verdict = may_settle(
        receiver=str(handover.receiver.pseudonym) == actor.pseudonym,
        pending=vault_queries.count_not_sealed_anew(),
        unchecked=queries.count_to_check(handover),
        unreadable=queries.count_unreadable(handover),
        axis=not needed or handover.axis_proved_at is not None,
        protocol=in_force(),
    )
    require(verdict)


def _put_in_force(handover: Handover, now: datetime) -> TeamKey:
    TeamKey.objects.filter(pk=handover.old_key_id).update(retired_at=now)
    in_use = TeamKey.objects.filter(kind=TeamKey.Kind.AXIS, retired_at__isnull=True)
    in_use.update(sealed_private=handover.new_axis_sealed_private)
    public = handover.new_public
    return TeamKey.objects.create(
        kind=TeamKey.Kind.TEAM, public=public, fingerprint=age.fingerprint(public), made_at=now
    )


def _finished(handover: Handover, erased: int, unreadable: int) -> events.HandoverFinished:
    return events.HandoverFinished(
        giver=str(handover.giver.pseudonym),
        receiver=str(handover.receiver.pseudonym),
        copies_erased=erased,
        unreadable=unreadable,
        giver_name=handover.giver.name,
        receiver_name=handover.receiver.name,
    )


def _pass_role(receiver: Person, now: datetime) -> None:
    """The receiver is team manager; whoever was before becomes a deputy, whom the administrator can take out."""
    Deputation.objects.filter(ended_at__isnull=True).update(ended_at=now)
    before = Person.objects.filter(role=Role.TEAM_MANAGER.value) | Person.objects.filter(acting=Role.TEAM_MANAGER.value)
    before.exclude(pk=receiver.pk).update(role=Role.DEPUTY.value, acting=Role.DEPUTY.value)
    Person.objects.filter(pk=receiver.pk).update(role=Role.TEAM_MANAGER.value, acting=Role.TEAM_MANAGER.value)


def clear_rest(*, actor: Actor, now: datetime) -> int:
    """Destroy the shred keys that wrap nothing any more after a handover that is over, a few at a time. How many recordings.
    KeyStoreError when the standby is away, to be taken again.
    """
    cleared = 0
    for _batch in range(BATCHES):
        over = queries.over_with_rest()
        if over is None:
            break
        items = queries.to_clear(over, CLEARED_AT_ONCE)
        with step("people.clear_after_handover", actor=actor) as record:
            vault.destroy_old_keys([one.recording for one in items], actor=actor)
            HandoverItem.objects.filter(pk__in=[one.pk for one in items]).update(cleared_at=now)
            record(events.HandoverCleared(handover=over.pk, recordings=len(items)))
        cleared += len(items)
    return cleared
