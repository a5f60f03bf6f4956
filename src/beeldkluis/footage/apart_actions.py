"""Setting recordings apart, and what ends that: nothing is withheld for longer than its reason lasts."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from beeldkluis.findings.actions import close_findings, raise_finding
from beeldkluis.footage import events
from beeldkluis.footage.models import Recording, SetApart
from beeldkluis.journal.actions import Record, require, step
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.rights import allowed
from beeldkluis.people.notice_actions import tell_dpo
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.intake import Ground, Reason, may_change
from beeldkluis.protocol.verdict import Verdict

RULE = "camera.blocked"
TAKEN = "Opname {recording} was apart gezet. Zij is teruggenomen en telt weer gewoon mee. De reden: {because}"
SET = "Opname {recording} is apart gezet. Zij blijft bewaard tot haar termijn en gaat onder een zaak open. De reden: {because}"
OWN_WORDS = frozenset(Ground) - {Ground.FILM, Ground.REJECTED, Ground.PERSON}  # of others: they stay with the recording


def judge(
    recording: Recording,
    wanted: Sequence[Reason],
    *,
    over: Collection[tuple[Ground, str | None]],
    record: Record,
    actor: Actor,
    now: datetime,
) -> None:
    """Bring the reasons of a recording in line with what holds now, within a step that has it locked or just made it.

    `wanted` are the reasons that hold. A reason that lasts, is not among them and is named in `over` (its ground, and its part
    or None for any) ends: its ground is gone. Others are left. What a person took back does not come back by itself.
    """
    live = {(one.ground, one.part): one for one in _live(recording.pk)}
    back = SetApart.objects.filter(recording=recording, taken_back=True).values_list("ground", "part")
    taken = set(back) if wanted else set()
    holds = {(one.ground.value, one.part): one for one in wanted}
    came = [one for key, one in holds.items() if key not in live and key not in taken]
    went = [
        one
        for key, one in live.items()
        if key not in holds and ((Ground(one.ground), None) in over or (Ground(one.ground), one.part) in over)
    ]
    if not came and not went:
        return
    SetApart.objects.filter(pk__in=[one.pk for one in went]).update(ended_at=now)
    for one in came:
        SetApart.objects.create(recording=recording, ground=one.ground, part=one.part, reason=one.text, set_at=now)
    _bring_in_line(recording)
    for reason in came:
        record(events.ReasonApartCame(recording=recording.pk, ground=reason.ground, why=reason.ground.dutch))
    for row in went:
        still, ground = recording.state == Recording.State.QUARANTINED, Ground(row.ground)
        record(events.ReasonApartWent(recording=recording.pk, ground=ground, why=ground.dutch, still_apart=still))
    if came and not live:
        _report(recording, came[0], actor, now)
    if live and recording.state == Recording.State.KEPT:
        _close(recording, actor, now)


def _live(recording: UUID) -> list[SetApart]:
    return list(SetApart.objects.filter(recording=recording, ended_at__isnull=True).order_by("set_at", "pk"))


def _bring_in_line(recording: Recording) -> None:
    """State and words follow from the reasons that last."""
    live = _live(recording.pk)
    recording.quarantine_reason = " ".join(dict.fromkeys(one.reason for one in live))
    recording.state = Recording.State.QUARANTINED if live else Recording.State.KEPT
    recording.save(update_fields=["quarantine_reason", "state"])


def _report(recording: Recording, first: Reason, actor: Actor, now: datetime) -> None:
    # The sender's own words stay with the recording: a finding is journaled, and may not repeat what comes from outside.
    why = first.text if first.ground in OWN_WORDS else "De reden staat bij de opname."
    raise_finding(
        rule=RULE,
        key=key_apart(first.ground),
        text=f"Opname {recording} is apart gezet. {why}",
        recording=recording.pk,
        bodycam=recording.bodycam_id,
        actor=actor,
        now=now,
    )


def key_apart(ground: Ground) -> str:
    """By which the finding is known that a recording is set apart for this ground, under RULE."""
    return f"apart:{ground}"


def _close(recording: Recording, actor: Actor, now: datetime) -> None:
    close_findings(
        rule=RULE, recording=recording.pk, because="De opname is niet langer apart gezet.", actor=actor, now=now
    )


def take_back(recording_id: UUID, *, fit: Verdict, because: str, actor: Actor, now: datetime) -> Recording:
    """The team manager takes a recording back: every reason ends, and none of them comes back by itself. The data protection
    officer hears it. Refused without a reason, when it is not set apart, once it is destroyed, and as `fit` says: may this
    person judge this recording? The room of cases knows.
    """
    with step("footage.take_back", actor=actor) as record:
        require(allowed(actor, Act.JUDGE_SET_APART))
        locked = Recording.objects.select_for_update(of=("self",)).select_related("bodycam").get(pk=recording_id)
        _require(locked, take_back=True, because=because, fit=fit)
        live = _live(locked.pk)
        SetApart.objects.filter(pk__in=[one.pk for one in live]).exclude(ground=Ground.PERSON).update(taken_back=True)
        SetApart.objects.filter(pk__in=[one.pk for one in live]).update(ended_at=now)
        _bring_in_line(locked)
        record(events.TakenBack(recording=locked.pk, reasons=len(live), because=because.strip()))
        _close(locked, actor, now)
        text = TAKEN.format(recording=locked, because=because.strip())
        tell_dpo(subject="Een opname is teruggenomen", text=text, actor=actor, now=now)
    return locked


def set_apart(recording_id: UUID, *, fit: Verdict, because: str, actor: Actor, now: datetime) -> Recording:
    """The team manager sets a recording apart because it does not play, also one that was taken back. It stays so until it is
    taken back, whatever other reasons end; again changes the words. Told and refused likewise.
    """
    with step("footage.set_apart", actor=actor) as record:
        require(allowed(actor, Act.JUDGE_SET_APART))
        locked = Recording.objects.select_for_update(of=("self",)).select_related("bodycam").get(pk=recording_id)
        _require(locked, take_back=False, because=because, fit=fit)
        SetApart.objects.update_or_create(
            recording=locked,
            ground=Ground.PERSON,
            part="",
            ended_at=None,
            defaults={"reason": because.strip()},
            create_defaults={"reason": because.strip(), "set_at": now},
        )
        _bring_in_line(locked)
        record(events.SetApartByPerson(recording=locked.pk, because=because.strip()))
        text = SET.format(recording=locked, because=because.strip())
        tell_dpo(subject="Een opname is apart gezet", text=text, actor=actor, now=now)
    return locked


def _require(locked: Recording, *, take_back: bool, because: str, fit: Verdict) -> None:
    apart, gone = locked.state == Recording.State.QUARANTINED, locked.state == Recording.State.DESTROYED
    require(fit)
    require(may_change(apart=apart, take_back=take_back, destroyed=gone, because=because))
