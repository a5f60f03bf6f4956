"""The steps of the retention room: destroy one recording, and the brake on many."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from beeldkluis.findings.actions import EACH_TIME, raise_finding
from beeldkluis.footage.actions import mark_destroyed
from beeldkluis.footage.models import Recording
from beeldkluis.footage.queries import decided_under, term_ends
from beeldkluis.governance.queries import Versions, history
from beeldkluis.journal.actions import require, serialised, step
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.rights import allowed
from beeldkluis.people.models import Person
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.brake import PEOPLE_NEEDED, is_released, may_confirm
from beeldkluis.protocol.retention import Destroy, Keep
from beeldkluis.retention import queries
from beeldkluis.retention.declaration_queries import ground_under
from beeldkluis.retention.events import BrakeConfirmed, BrakeFinished, BrakePulled, RecordingDestroyed
from beeldkluis.retention.models import Brake, Confirmation
from beeldkluis.vault import actions as vault
from beeldkluis.vault.queries import certificate, is_shredded


def destroy_recording(recording_id: UUID, *, actor: Actor, now: datetime) -> Keep | Destroy:
    """Ask the rule, and destroy the recording when it says so. Answers what the rule said; repeatable after any stop.

    The rule is asked twice: before the destruction is announced, and again with the recording locked, in the
    transaction in which its key goes; a hold that is placed in between is seen by the second. Once the key is gone
    nothing is asked any more: what is left is finished. StoreError, KeyStoreError or OSError when a disk is away.
    """
    answer: Keep | Destroy
    if done := (certificate(recording_id) if is_shredded(recording_id) else None):
        answer = Destroy(due=done.due_at, because=done.rules)
        _finish_shredding(recording_id, answer, actor, now)
    else:
        answer = queries.decision(Recording.objects.get(pk=recording_id), now)
        if isinstance(answer, Destroy):
            vault.begin_destruction(
                recording=recording_id,
                rules=answer.because,
                due_at=answer.due,
                actor=actor,
                now=now,
            )
            answer = _ask_and_shred(recording_id, actor, now)
        if isinstance(answer, Keep):
            vault.withdraw_destruction(recording=recording_id, because=answer.because, actor=actor)
            return answer
    vault.finish_destruction(recording=recording_id, actor=actor, now=now)
    return answer


def _ask_and_shred(recording_id: UUID, actor: Actor, now: datetime) -> Keep | Destroy:
    with serialised():
        recording = Recording.objects.select_for_update().get(pk=recording_id)
        answer = queries.decision(recording, now)
        if isinstance(answer, Destroy):
            _shred_locked(recording, answer, actor, now)
    return answer


def _finish_shredding(recording_id: UUID, answer: Destroy, actor: Actor, now: datetime) -> None:
    with serialised():
        recording = Recording.objects.select_for_update().get(pk=recording_id)
        _shred_locked(recording, answer, actor, now)


def _shred_locked(recording: Recording, answer: Destroy, actor: Actor, now: datetime) -> None:
    if recording.state == Recording.State.DESTROYED:
        return  # another round was first
    with step("retention.destroy", actor=actor) as record:
        vault.shred(recording=recording.id, actor=actor, now=now)
        mark_destroyed(recording.id, rules=answer.because, actor=actor, now=now)
        versions = history()
        late = _late_docked(recording, versions)
        record(_destroyed(recording, answer, decided_under(recording, versions), late=late))
        if late:
            raise_finding(
                rule="retention.late-docking",
                key=EACH_TIME,
                text=f"Opname {recording} was bij het uitlezen al over de bewaartermijn heen en is vernietigd.",
                recording=recording.id,
                bodycam=recording.bodycam_id,
                actor=actor,
                now=now,
            )


def _destroyed(recording: Recording, answer: Destroy, version: str, *, late: bool) -> RecordingDestroyed:
    ground = ground_under(version)
    return RecordingDestroyed(
        recording=recording.id,
        rules=tuple(answer.because),
        due_at=answer.due,
        protocol_version=version,
        late_docked=late,
        ground=ground.ground,
        selection_list=ground.selection_list,
        category=ground.category,
    )


def _late_docked(recording: Recording, versions: Versions) -> bool:
    return recording.received_at >= term_ends(recording, versions)


def pull_brake(*, recordings: Sequence[UUID], because: str, actor: Actor, now: datetime) -> Brake:
    """Stop a round that would destroy too many recordings at once, and call for people. `because`: a Dutch sentence."""
    with step("retention.pull_brake", actor=actor) as record:
        brake = Brake.objects.create(recordings=[str(one) for one in recordings], because=because, pulled_at=now)
        record(BrakePulled(brake=brake.pk, recordings=len(recordings), because=because))
        text = f"{because} Twee mensen moeten dit bevestigen."
        raise_finding(
            rule="retention.brake", key=EACH_TIME, text=text, recording=None, bodycam=None, actor=actor, now=now
        )
    return brake


def confirm_brake(brake_id: int, *, person: Person, actor: Actor, now: datetime) -> Brake:
    """One person confirms a stopped round; the second, another one, releases it. Refused by protocol.brake."""
    with step("retention.confirm_brake", actor=actor) as record:
        require(allowed(actor, Act.CONFIRM_DESTRUCTION))
        brake = Brake.objects.select_for_update().get(pk=brake_id)
        confirmed_by = queries.confirmed_by(brake)
        waiting = brake.released_at is None and brake.finished_at is None
        require(may_confirm(waiting=waiting, confirmed_by=confirmed_by, person=str(person.pseudonym)))
        Confirmation.objects.create(brake=brake, person=person, confirmed_at=now)
        confirmed_by.add(str(person.pseudonym))
        if is_released(confirmed_by):
            brake.released_at = now
            brake.save(update_fields=["released_at"])
        record(BrakeConfirmed(brake=brake.pk, confirmations=len(confirmed_by), needed=PEOPLE_NEEDED))
    return brake


def finish_brake(brake_id: int, *, because: str, actor: Actor, now: datetime) -> None:
    """Nothing of this stopped round is left: it was destroyed, or turned out not to be due."""
    with step("retention.finish_brake", actor=actor) as record:
        brake = Brake.objects.select_for_update().get(pk=brake_id)
        brake.finished_at = now
        brake.save(update_fields=["finished_at"])
        record(BrakeFinished(brake=brake.pk, because=because))
