"""Handing the team manager's role and keys over: new keys, and every header sealed anew in the browser, beside the one in force.

Each recording is a step of its own, so that a stop anywhere leaves every recording as it was; whoever comes back goes on where
it stopped. Nothing is in force before the receiver tried it all (`handover_check_actions`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from beeldkluis.governance.queries import in_force
from beeldkluis.journal.actions import require, step
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.rights import allowed
from beeldkluis.outbox.actions import queue_mail
from beeldkluis.people import handover_events as events
from beeldkluis.people import queries
from beeldkluis.people.handover_plan_actions import tell_holders, who
from beeldkluis.people.models import Handover, HandoverItem, HandoverPlan, Person, TeamKey
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.handover import (
    broken_headers,
    broken_new_keys,
    is_over,
    is_stale,
    may_begin,
    may_close,
    may_go_on,
)
from beeldkluis.protocol.presence import recently_proved
from beeldkluis.protocol.verdict import Refused, Verdict
from beeldkluis.sealed import age
from beeldkluis.vault import actions as vault
from beeldkluis.vault import queries as vault_queries
from beeldkluis.vault.errors import GoneError

AT_ONCE = 20  # recordings whose headers go to the browser together
READY = """{giver} heeft alle opnames opnieuw verzegeld voor uw nieuwe sleutel.

Log in, ga naar Sleutels en controleer ze met uw nieuwe wachtzin. Daarna geldt de nieuwe sleutel.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKeys:
    """What the browser made: the new team recipient, the Axis key and the receiver's copy, both sealed there."""

    team_recipient: str
    axis_sealed_private: bytes
    sealed_identity: bytes


def begin_handover(
    receiver: Person, keys: NewKeys, *, proved_at: datetime | None, actor: Actor, now: datetime
) -> Handover:
    """Keep the new keys, which are not in force yet. Refused by protocol.handover: before it was announced, agreed to and waited
    for, for who acts only, and for keys that are none.
    """
    with step("people.begin_handover", actor=actor) as record:
        require(allowed(actor, Act.HAND_OVER))
        giver = Person.objects.select_for_update().get(pseudonym=actor.pseudonym)
        plan = queries.running_plan()
        require(_may(plan, giver, receiver, now))
        require(recently_proved(proved_at, protocol=in_force(), now=now))
        old = queries.active_key(TeamKey.Kind.TEAM)
        assert plan is not None and old is not None  # noqa: S101, PT018 - the rules refuse without
        _check(keys, queries.active_key(TeamKey.Kind.AXIS))
        made = Handover.objects.create(
            plan=plan,
            giver=giver,
            receiver=receiver,
            old_key=old,
            new_public=keys.team_recipient,
            new_sealed_identity=keys.sealed_identity,
            new_axis_sealed_private=keys.axis_sealed_private,
            with_recovery=plan.with_recovery,
            because=plan.because,
            begun_at=now,
        )
        record(_begun(made, vault_queries.count_not_sealed_anew()))
        how = " met de herstelsleutel" if plan.with_recovery else ""
        text = f"{giver.name} draagt de sleutels{how} over aan {receiver.name}. {plan.because}".strip()
        tell_holders(subject=f"Overdracht van de teamsleutel begonnen{how}", text=text, actor=actor, now=now)
    return made


def _may(plan: HandoverPlan | None, giver: Person, receiver: Person, now: datetime) -> Verdict:
    facts = who(giver)
    if plan is None or Handover.objects.filter(plan=plan).exists():
        return may_begin(
            announced=False, agreed=False, over=False, stale=False, giver=False, own=False, same_receiver=False
        )
    over = is_over(
        agreed_at=plan.agreed_at,
        minutes=queries.minutes_waited(plan),
        sheet=plan.with_recovery,
        protocol=in_force(),
        now=now,
    )
    return may_begin(
        announced=True,
        agreed=plan.agreed_at is not None,
        over=over,
        stale=is_stale(agreed_at=plan.agreed_at, protocol=in_force(), now=now),
        giver=plan.giver_id == giver.pk,
        own=facts.is_manager or (plan.with_recovery and facts.is_deputy),
        same_receiver=plan.receiver_id == receiver.pk,
    )


def _check(keys: NewKeys, axis: TeamKey | None) -> None:
    """The new key is new; the Axis key's sealed copy keeps its content and its part for the recovery key byte for byte."""
    try:
        public = str(age.Recipient.parse(keys.team_recipient))
        if public != keys.team_recipient or TeamKey.objects.filter(public=public).exists():
            raise age.SealError("the new team key is one that was in use")
        age.check_sealed(keys.sealed_identity)
        if axis is not None:
            age.check_sealed_anew(bytes(axis.sealed_private or b""), keys.axis_sealed_private)
    except age.SealError as error:
        raise Refused(broken_new_keys()) from error


def _begun(made: Handover, recordings: int) -> events.HandoverBegun:
    return events.HandoverBegun(
        giver=str(made.giver.pseudonym),
        receiver=str(made.receiver.pseudonym),
        old_key=made.old_key.fingerprint,
        new_key=age.fingerprint(made.new_public),
        with_recovery=made.with_recovery,
        recordings=recordings,
        giver_name=made.giver.name,
        receiver_name=made.receiver.name,
        because=made.because,
    )


def _require_giver(handover: Handover, actor: Actor) -> None:
    require(allowed(actor, Act.HAND_OVER))
    require(may_close(pending=0, giver=str(handover.giver.pseudonym) == actor.pseudonym))


def give_headers(handover: Handover, *, actor: Actor, now: datetime) -> dict[HandoverItem, dict[UUID, bytes]]:
    """Headers of the next recordings that are to be sealed anew, by object: also of what came in since, and of a recording to
    which a file was added. Refused while too much was not tried with the new key (protocol.handover: may_go_on).
    """
    _require_giver(handover, actor)
    require(_may_go_on(handover))
    given: dict[HandoverItem, dict[UUID, bytes]] = {}
    for recording in vault_queries.not_sealed_anew(AT_ONCE):
        with step("people.give_headers_for_handover", actor=actor) as record:
            item, _new = HandoverItem.objects.get_or_create(handover=handover, recording=recording)
            try:
                headers = {one: vault.release_header(one) for one in vault_queries.objects_of(recording)}
            except GoneError:
                mark_gone(item, now)
                headers = {}
            record(events.HeadersGivenForHandover(recording=recording, handover=handover.pk, objects=tuple(headers)))
        if headers:
            given[item] = headers
    return given


def _may_go_on(handover: Handover) -> Verdict:
    protocol = in_force()
    most = protocol.number("access.handover-brake", "recordings")
    unchecked = queries.count_to_check(handover, most=most)
    return may_go_on(unchecked=unchecked, checked=queries.count_checked(handover, most=most), protocol=protocol)


def mark_gone(item: HandoverItem, now: datetime) -> None:
    """The recording was destroyed meanwhile. Inside the caller's step."""
    HandoverItem.objects.filter(pk=item.pk).update(done_at=now, gone=True)


def reseal(item: HandoverItem, headers: Mapping[UUID, bytes], *, actor: Actor, now: datetime) -> None:
    """Set the headers that the browser sealed anew beside those in force. Again changes nothing.

    A header that does not open with the old key comes back as it was, and stays. When a file came in since the headers were
    given, nothing happens and the recording is given again.
    """
    _require_giver(item.handover, actor)
    if not vault_queries.lacks_new_header(item.recording):
        return
    try:
        _set_beside(item, headers, actor, now)
    except (age.SealError, ValueError) as error:
        if set(headers) < set(vault_queries.objects_of(item.recording)):
            return
        raise Refused(broken_headers()) from error


def _set_beside(item: HandoverItem, headers: Mapping[UUID, bytes], actor: Actor, now: datetime) -> None:
    with step("people.reseal", actor=actor) as record:
        locked = HandoverItem.objects.select_for_update().get(pk=item.pk)
        try:
            differ = vault.set_beside(recording=item.recording, headers=headers, actor=actor)
        except GoneError:
            mark_gone(locked, now)
            record(_done(item, "intussen vernietigd"))
            return
        locked.done_at, locked.checked_at, locked.gone = now, None, False
        locked.unreadable = differ < len(headers)
        locked.save(update_fields=["done_at", "checked_at", "gone", "unreadable"])
        outcome = "opnieuw verzegeld"
        if locked.unreadable:
            outcome = "deels opnieuw verzegeld, de rest" if differ else ""
            outcome = f"{outcome} gaat niet open met de oude sleutel".strip()
        record(_done(item, outcome))


def _done(item: HandoverItem, outcome: str) -> events.HandoverItemDone:
    return events.HandoverItemDone(recording=item.recording, handover=item.handover_id, outcome=outcome)


def report_unreadable(item: HandoverItem, *, actor: Actor, now: datetime) -> None:
    """The old key opens nothing of this recording: it keeps its headers, which the recovery key may open."""
    _require_giver(item.handover, actor)
    with step("people.report_unreadable", actor=actor) as record:
        try:
            headers = {one: vault.release_header(one) for one in vault_queries.objects_of(item.recording)}
        except GoneError:
            headers = {}
        record(_done(item, "de oude zegels blijven"))
    if headers:
        reseal(item, headers, actor=actor, now=now)


def close_sealing(handover: Handover, *, actor: Actor, now: datetime) -> None:
    """Everything was sealed anew: now the receiver tries it. Refused while a recording is to be done. Again changes nothing."""
    with step("people.close_sealing", actor=actor) as record:
        _require_giver(handover, actor)
        locked = Handover.objects.select_for_update(of=("self",)).get(pk=handover.pk)
        require(may_close(pending=vault_queries.count_not_sealed_anew(), giver=True))
        record(events.HandoverSealed(handover=locked.pk))
        if locked.sealed_at is None:
            locked.sealed_at = now
            locked.save(update_fields=["sealed_at"])
            text = READY.format(giver=locked.giver.name)
            queue_mail(
                to=locked.receiver.email,
                subject="Controleer de nieuwe sleutel",
                text=text,
                actor=actor,
                now=now,
                must_leave=True,
            )
