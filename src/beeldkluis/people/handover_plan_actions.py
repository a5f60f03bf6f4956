"""Before a handover of the keys: it is announced to everybody, a second person agrees, and then there is a wait in which it
can be stopped. Nothing changes in any key until then.
"""

from datetime import datetime, timedelta

from django.conf import settings

from beeldkluis.documents.words import day_and_time
from beeldkluis.governance.queries import in_force
from beeldkluis.journal.actions import require, step
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.rights import allowed
from beeldkluis.outbox.actions import queue_mail
from beeldkluis.people import handover_events as events
from beeldkluis.people import queries
from beeldkluis.people.models import Handover, HandoverPlan, HandoverWait, Person, TeamKey
from beeldkluis.people.notice_actions import tell_dpo
from beeldkluis.people.recovery_actions import use_recovery_sheet
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.handover import HandoverPerson, may_agree, may_announce, may_stop, waits
from beeldkluis.protocol.presence import recently_proved
from beeldkluis.protocol.roles import Role
from beeldkluis.vault import actions as vault

PURPOSE = "handover"  # of showing the recovery sheet
MINUTE = timedelta(seconds=50)  # the program's round comes each minute, give or take
TOLD = """{text}

U krijgt dit bericht omdat u teammanager of plaatsvervanger bent. Klopt dit niet? Stop het dan bij Sleutels, of bel de
functionaris gegevensbescherming.
"""


def who(person: Person) -> HandoverPerson:
    """This person's facts for the rules."""
    return HandoverPerson(Role(person.role), Role(person.acting), person.is_active)


def tell_holders(*, subject: str, text: str, actor: Actor, now: datetime) -> None:
    """A mail to the team manager, every deputy and every data protection officer, in the step that is told of."""
    tell_dpo(subject=subject, text=text, actor=actor, now=now)
    for person in queries.holders():
        if person.role != Role.DPO:
            told = TOLD.format(text=text)
            queue_mail(to=person.email, subject=subject, text=told, actor=actor, now=now, must_leave=True)


def announce(
    receiver: Person,
    *,
    with_recovery: bool,
    because: str,
    proved_at: datetime | None,
    actor: Actor,
    now: datetime,
) -> HandoverPlan:
    """Tell everybody that the keys will be handed over to `receiver`. Refused by protocol.handover; `with_recovery` uses up the
    recovery sheet that was shown for it.
    """
    with step("people.announce_handover", actor=actor) as record:
        require(allowed(actor, Act.HAND_OVER))
        giver = Person.objects.select_for_update().get(pseudonym=actor.pseudonym)
        receiver = Person.objects.select_for_update().get(pk=receiver.pk)
        verdict = may_announce(
            giver=who(giver),
            receiver=who(receiver),
            same=receiver.pk == giver.pk,
            sheet=with_recovery,
            running=queries.running_plan() is not None or queries.running_handover() is not None,
            keys=queries.active_key(TeamKey.Kind.TEAM) is not None,
            because=because,
        )
        require(verdict)
        require(recently_proved(proved_at, protocol=in_force(), now=now))
        if with_recovery:
            use_recovery_sheet(PURPOSE, actor=actor, now=now)
        made = HandoverPlan.objects.create(
            giver=giver, receiver=receiver, with_recovery=with_recovery, because=because, announced_at=now
        )
        record(_announced(made))
        how = " De herstelsleutel uit de kluis is getoond." if with_recovery else ""
        text = (
            f"{giver.name} wil de teamsleutel overdragen aan {receiver.name}. {because}{how} Er verandert nog niets: een tweede "
            "persoon moet akkoord gaan, en daarna is er een wachttijd waarin u het kunt stoppen."
        )
        tell_holders(subject="Overdracht van de teamsleutel aangekondigd", text=text, actor=actor, now=now)
    return made


def _announced(made: HandoverPlan) -> events.HandoverAnnounced:
    return events.HandoverAnnounced(
        giver=str(made.giver.pseudonym),
        receiver=str(made.receiver.pseudonym),
        with_recovery=made.with_recovery,
        giver_name=made.giver.name,
        receiver_name=made.receiver.name,
        because=made.because,
    )


def agree(plan: HandoverPlan, *, proved_at: datetime | None, actor: Actor, now: datetime) -> None:
    """The second person agrees; from here on the wait counts. Refused by protocol.handover."""
    with step("people.agree_to_handover", actor=actor) as record:
        require(allowed(actor, Act.SEE_HANDOVER))
        second = Person.objects.select_for_update().get(pseudonym=actor.pseudonym)
        locked = HandoverPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
        verdict = may_agree(
            second=who(second),
            giver=second.pk == locked.giver_id,
            receiver=second.pk == locked.receiver_id,
            waiting=locked.agreed_at is None and locked.stopped_at is None,
        )
        require(verdict)
        require(recently_proved(proved_at, protocol=in_force(), now=now))
        locked.second, locked.agreed_at = second, now
        locked.save(update_fields=["second", "agreed_at"])
        HandoverWait.objects.create(plan=locked, counted_at=now)
        begins = now + waits(sheet=locked.with_recovery, protocol=in_force())
        record(
            events.HandoverAgreed(
                plan=locked.pk, second=str(second.pseudonym), begins_at=begins, second_name=second.name
            )
        )
        text = (
            f"{second.name} gaat akkoord met de overdracht van de teamsleutel door {locked.giver.name} aan "
            f"{locked.receiver.name}. Vanaf {day_and_time(begins)} kan die beginnen. Tot dan, en ook daarna, kunt u het stoppen."
        )
        tell_holders(subject="Overdracht van de teamsleutel heeft akkoord", text=text, actor=actor, now=now)


def stop(plan: HandoverPlan, *, actor: Actor, now: datetime) -> None:
    """Stop a handover, announced or under way. The keys and headers in force stay; what was made for it is removed."""
    with step("people.stop_handover", actor=actor) as record:
        require(allowed(actor, Act.SEE_HANDOVER))
        person = Person.objects.select_for_update().get(pseudonym=actor.pseudonym)
        locked = HandoverPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
        verdict = may_stop(
            who=who(person),
            giver=person.pk == locked.giver_id,
            receiver=person.pk == locked.receiver_id,
            second=person.pk == locked.second_id,
            running=locked.stopped_at is None and locked.settled_at is None,
        )
        require(verdict)
        locked.stopped_at, locked.stopped_by = now, person
        locked.save(update_fields=["stopped_at", "stopped_by"])
        begun = Handover.objects.filter(plan=locked, stopped_at__isnull=True)
        if begun.update(stopped_at=now, new_sealed_identity=None, new_axis_sealed_private=None):
            vault.drop_beside(actor=actor)
        record(events.HandoverStopped(plan=locked.pk, stopped_by=str(person.pseudonym), stopped_by_name=person.name))
        text = (
            f"{person.name} heeft de overdracht aan {locked.receiver.name} gestopt. De sleutels blijven zoals ze waren."
        )
        tell_holders(subject="Overdracht van de teamsleutel gestopt", text=text, actor=actor, now=now)


def count_minute(*, now: datetime) -> None:
    """The program was there for one more minute of the wait. A clock that jumps, either way, brings one minute. No entry: see
    journal.guard.
    """
    plan = queries.running_plan()
    if plan is None or plan.agreed_at is None:
        return
    wait, _new = HandoverWait.objects.get_or_create(plan=plan, defaults={"counted_at": now})
    if not timedelta(0) <= now - wait.counted_at < MINUTE:
        wait.minutes, wait.counted_at = wait.minutes + 1, now
        wait.save(update_fields=["minutes", "counted_at"])


def pass_minutes(minutes: int) -> None:
    """Let a demonstration's wait go by with its clock. RuntimeError anywhere else."""
    if not settings.DEMONSTRATION:
        raise RuntimeError("only a demonstration lets its time pass")
    plan = queries.running_plan()
    if plan is not None:
        waiting = HandoverWait.objects.filter(plan=plan)
        waiting.update(minutes=queries.minutes_waited(plan) + minutes)
