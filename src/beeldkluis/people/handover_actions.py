"""Handing the team manager's role and keys over: new keys, every header sealed anew in the browser, old copies gone.

Each recording is a step of its own, so that a stop anywhere leaves every recording sealed for the old or for the new key,
never for neither; whoever comes back goes on where it stopped.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from beeldkluis.journal.actions import require, step
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.rights import allowed
from beeldkluis.people import queries
from beeldkluis.people import succession_events as events
from beeldkluis.people.models import Deputation, Handover, HandoverItem, Person, SealedIdentity, TeamKey
from beeldkluis.people.notice_actions import tell_dpo
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.succession import may_finish, may_hand_over
from beeldkluis.protocol.verdict import Refused, Verdict
from beeldkluis.sealed import age
from beeldkluis.vault import actions as vault
from beeldkluis.vault import queries as vault_queries
from beeldkluis.vault.errors import GoneError

AT_ONCE = 20  # recordings whose headers go to the browser together
OUTCOMES = {
    "sealed": "opnieuw verzegeld",
    "gone": "intussen vernietigd",
    "unreadable": "gaat niet open met de oude sleutel",
    "partly": "deels opnieuw verzegeld, de rest gaat niet open met de oude sleutel",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKeys:
    """What the browser made: the new team recipient, the Axis key and the receiver's copy, both sealed there."""

    team_recipient: str
    axis_sealed_private: bytes
    sealed_identity: bytes


def begin_handover(
    receiver: Person, keys: NewKeys, *, with_recovery: bool, because: str, actor: Actor, now: datetime
) -> Handover:
    """Put the new team key in force and list what must be sealed anew. From here on docks are told the new key.

    Refused by protocol.succession, and for keys that are none.
    """
    with step("people.begin_handover", actor=actor) as record:
        require(allowed(actor, Act.HAND_OVER))
        giver = Person.objects.select_for_update().get(pseudonym=actor.pseudonym)
        old, verdict = queries.active_key(TeamKey.Kind.TEAM), _may(giver, receiver, with_recovery, because)
        require(verdict)
        assert old is not None  # noqa: S101 - the rule refuses without keys
        _check(keys, old)
        new = _put_in_force(old, keys, now)
        SealedIdentity.objects.create(person=receiver, key=new, sealed=keys.sealed_identity, made_at=now)
        made = Handover.objects.create(
            giver=giver,
            receiver=receiver,
            old_key=old,
            new_key=new,
            with_recovery=with_recovery,
            because=because,
            begun_at=now,
        )
        kept = vault_queries.kept_generations()
        HandoverItem.objects.bulk_create(
            [HandoverItem(handover=made, recording=one, generation=number) for one, number in kept.items()]
        )
        record(_begun(made, len(kept)))
        how = " met de herstelsleutel" if with_recovery else ""
        text = f"{giver.name} draagt de sleutels{how} over aan {receiver.name}. {because}".strip()
        tell_dpo(subject=f"Overdracht van de teamsleutel begonnen{how}", text=text, actor=actor, now=now)
    return made


def _may(giver: Person, receiver: Person, with_recovery: bool, because: str) -> Verdict:
    return may_hand_over(
        receiver_role=Role(receiver.role),
        receiver_active=receiver.is_active,
        same=receiver.pk == giver.pk,
        running=queries.running_handover() is not None,
        keys=queries.active_key(TeamKey.Kind.TEAM) is not None,
        with_recovery=with_recovery,
        because=because,
    )


def _check(keys: NewKeys, old: TeamKey) -> None:
    try:
        if str(age.Recipient.parse(keys.team_recipient)) in {old.public, *queries.current_recipients()}:
            raise age.SealError("the new team key is one that is in use")
        age.check_sealed(keys.axis_sealed_private)
        age.check_sealed(keys.sealed_identity)
    except age.SealError as error:
        reason = "De nieuwe sleutels zijn niet goed aangekomen. Begin opnieuw; er is niets veranderd."
        raise Refused(Verdict(allowed=False, rule="access.handover", reason=reason)) from error


def _put_in_force(old: TeamKey, keys: NewKeys, now: datetime) -> TeamKey:
    TeamKey.objects.filter(pk=old.pk).update(retired_at=now)
    axis = TeamKey.objects.filter(kind=TeamKey.Kind.AXIS, retired_at__isnull=True)
    axis.update(sealed_private=keys.axis_sealed_private)
    return TeamKey.objects.create(
        kind=TeamKey.Kind.TEAM,
        public=keys.team_recipient,
        fingerprint=age.fingerprint(keys.team_recipient),
        made_at=now,
    )


def _begun(made: Handover, recordings: int) -> events.HandoverBegun:
    return events.HandoverBegun(
        giver=str(made.giver.pseudonym),
        receiver=str(made.receiver.pseudonym),
        old_key=made.old_key.fingerprint,
        new_key=made.new_key.fingerprint,
        with_recovery=made.with_recovery,
        recordings=recordings,
        giver_name=made.giver.name,
        receiver_name=made.receiver.name,
        because=made.because,
    )


def list_late(handover: Handover, *, actor: Actor) -> int:
    """List what came in since the handover began: it may have been under way, sealed for the old key. A recording that was done
    before a file of it came in is listed again. How many.
    """
    items = {one.recording: one for one in handover.items.all()}
    late = vault_queries.kept_generations(since=handover.begun_at)
    fresh = {one: number for one, number in late.items() if one not in items}
    again = {one.recording: one for one in items.values() if one.recording in late and _grew(one)}
    if fresh or again:
        with step("people.list_late", actor=actor) as record:
            HandoverItem.objects.bulk_create(
                [
                    HandoverItem(handover=handover, recording=one, generation=number, late=True)
                    for one, number in fresh.items()
                ]
            )
            for one, item in again.items():
                chosen = HandoverItem.objects.filter(pk=item.pk)
                chosen.update(done_at=None, late=True, generation=late[one])
            record(events.HandoverListed(handover=handover.pk, recordings=len(fresh) + len(again)))
    return len(fresh) + len(again)


def _grew(item: HandoverItem) -> bool:
    """Did a file come in after the recording was done?"""
    return item.done_at is not None and item.recording in vault_queries.kept_generations(since=item.done_at)


def give_headers(handover: Handover, *, actor: Actor, now: datetime) -> dict[HandoverItem, dict[UUID, bytes]]:
    """Headers of the next recordings, by object; what was sealed anew or destroyed meanwhile is ticked off."""
    require(allowed(actor, Act.HAND_OVER))
    list_late(handover, actor=actor)
    given: dict[HandoverItem, dict[UUID, bytes]] = {}
    while not given and (items := queries.pending_items(handover)[:AT_ONCE]):
        for item in items:
            if (outcome := _settled(item)) is not None:
                _tick_off(item, outcome, actor, now)
                continue
            with step("people.give_headers_for_handover", actor=actor) as record:
                objects = vault_queries.objects_of(item.recording)
                given[item] = {one: vault.release_header(one) for one in objects}
                record(
                    events.HeadersGivenForHandover(
                        recording=item.recording, handover=handover.pk, objects=tuple(objects)
                    )
                )
    return given


def _settled(item: HandoverItem) -> str | None:
    generation = vault_queries.generation(item.recording)
    if generation is None:
        return "gone"
    return "sealed" if generation > item.generation else None


def _tick_off(item: HandoverItem, outcome: str, actor: Actor, now: datetime) -> None:
    with step("people.tick_off", actor=actor) as record:
        locked = HandoverItem.objects.select_for_update().get(pk=item.pk)
        if locked.done_at is None:
            locked.done_at, locked.unreadable = now, locked.unreadable or outcome in {"unreadable", "partly"}
            locked.save(update_fields=["done_at", "unreadable"])
        record(events.HandoverItemDone(recording=item.recording, handover=item.handover_id, outcome=OUTCOMES[outcome]))


def reseal(item: HandoverItem, headers: Mapping[UUID, bytes], *, actor: Actor, now: datetime) -> None:
    """Put the headers that the browser sealed anew in place of the old ones, under a new shred key. Again changes nothing.

    A header that does not open with the old key comes back as it was, and stays. When a file came in since the headers were
    given, nothing happens and the recording is given again.
    """
    require(allowed(actor, Act.HAND_OVER))
    outcome = _settled(item)
    if outcome is None:
        try:
            outcome = _replaced(item, headers, actor)
        except GoneError:
            outcome = "gone"
        except (age.SealError, ValueError) as error:
            if set(headers) < set(vault_queries.objects_of(item.recording)):
                return
            reason = "De nieuwe zegels zijn niet goed aangekomen. Er is niets veranderd."
            raise Refused(Verdict(allowed=False, rule="access.handover", reason=reason)) from error
    _tick_off(item, outcome, actor, now)


def _replaced(item: HandoverItem, headers: Mapping[UUID, bytes], actor: Actor) -> str:
    """What became of the recording. ValueError when these are not the headers of all its files."""
    with transaction.atomic():
        if set(headers) != set(vault_queries.objects_of(item.recording)):
            raise ValueError(f"recording {item.recording} has other objects than the headers that were given")
        left = [one for one, header in headers.items() if vault.release_header(one) == header]
    if len(left) < len(headers):
        vault.replace_headers(recording=item.recording, headers=headers, actor=actor)
    if not left or item.late:
        return "sealed"
    return "partly" if len(left) < len(headers) else "unreadable"


def report_unreadable(item: HandoverItem, *, actor: Actor, now: datetime) -> None:
    """The old key opens nothing of this recording. What came in late is sealed for the new key then; anything else keeps its
    old headers, which the recovery key may open.
    """
    require(allowed(actor, Act.HAND_OVER))
    _tick_off(item, "sealed" if item.late else "unreadable", actor, now)


def finish_handover(handover: Handover, *, actor: Actor, now: datetime) -> None:
    """Let the role go over and erase every sealed copy of the old key. Refused while a recording is still to be done."""
    list_late(handover, actor=actor)
    with step("people.finish_handover", actor=actor) as record:
        require(allowed(actor, Act.HAND_OVER))
        locked = Handover.objects.select_for_update(of=("self",)).get(pk=handover.pk)
        pending = len(queries.pending_items(locked))
        require(may_finish(pending=pending, finished=locked.finished_at is not None))
        copies = SealedIdentity.objects.filter(key=locked.old_key).exclude(sealed=b"")
        erased = copies.update(sealed=b"", withdrawn_at=now)
        unreadable = locked.items.filter(unreadable=True).count()
        locked.finished_at = now
        locked.save(update_fields=["finished_at"])
        if locked.receiver_id != locked.giver_id:
            _pass_role(locked.receiver, now)
        record(
            events.HandoverFinished(
                giver=str(locked.giver.pseudonym),
                receiver=str(locked.receiver.pseudonym),
                copies_erased=erased,
                unreadable=unreadable,
                giver_name=locked.giver.name,
                receiver_name=locked.receiver.name,
            )
        )
        text = f"{locked.receiver.name} heeft nu de teamsleutel. {unreadable} opnames gingen niet open met de oude sleutel."
        tell_dpo(subject="Overdracht van de teamsleutel klaar", text=text, actor=actor, now=now)


def _pass_role(receiver: Person, now: datetime) -> None:
    """The receiver is team manager; whoever was before becomes a deputy, whom the administrator can take out."""
    Deputation.objects.filter(ended_at__isnull=True).update(ended_at=now)
    before = Person.objects.filter(role=Role.TEAM_MANAGER.value) | Person.objects.filter(acting=Role.TEAM_MANAGER.value)
    before.exclude(pk=receiver.pk).update(role=Role.DEPUTY.value, acting=Role.DEPUTY.value)
    Person.objects.filter(pk=receiver.pk).update(role=Role.TEAM_MANAGER.value, acting=Role.TEAM_MANAGER.value)
