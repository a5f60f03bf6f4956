"""The steps around observations (waarnemingen): make or correct one, remind, erase its words with the footage."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from beeldkluis.findings.actions import raise_finding
from beeldkluis.footage import observation_events as events
from beeldkluis.footage.enforcement.port import announce
from beeldkluis.footage.models import Observation, Recording
from beeldkluis.footage.observation_queries import observation_of
from beeldkluis.journal.actions import require, serialised, step
from beeldkluis.journal.actor import Actor, ActorKind
from beeldkluis.journal.rights import allowed
from beeldkluis.outbox.actions import queue_mail
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.observation import ObservationFacts, doubts, is_told, may_observe_own
from beeldkluis.protocol.verdict import Verdict

WORDS = ("facts", "warning_because", "place_because")  # free text: erased with the footage


def observe(recording: Recording, facts: ObservationFacts, *, actor: Actor, now: datetime) -> Observation:
    """Write down what is said of a recording (work-4 to work-7); said again, it corrects what was said before.

    By the officer whose recording it is, at the dock's screen, or by the team manager. Refused for anybody else and when
    something lacks. What deserves a second look becomes a finding, without the words that were told.
    """
    with step("footage.observe", actor=actor) as record:
        locked = Recording.objects.select_for_update(of=("self",)).select_related("officer").get(pk=recording.pk)
        require(_may(actor, locked))
        require(is_told(facts))
        earlier = observation_of(locked.pk)
        if earlier is not None:
            earlier.replaced_at = now
            earlier.save(update_fields=["replaced_at"])
        made = Observation.objects.create(recording=locked, made_by=actor.pseudonym, made_at=now, **asdict(facts))
        record(
            events.ObservationMade(
                recording=locked.pk,
                observation=made.pk,
                corrects=earlier.pk if earlier else None,
                **{name: value for name, value in asdict(facts).items() if name not in WORDS},
            )
        )
        announce(made, actor=actor, now=now)
        for doubt in doubts(facts):
            told_of = doubt._replace(text=f"Opname {locked}: {doubt.text}")
            raise_finding(**told_of._asdict(), recording=locked.pk, bodycam=locked.bodycam_id, actor=actor, now=now)
    return made


def _may(actor: Actor, recording: Recording) -> Verdict:
    if actor.kind is not ActorKind.OFFICER:
        return allowed(actor, Act.OBSERVE_RECORDING)
    own = recording.officer is not None and str(recording.officer.pseudonym) == actor.pseudonym
    return may_observe_own(own=own)


def remind(recording: Recording, *, to: str, actor: Actor, now: datetime) -> bool:
    """Say once that a recording still wants its observation; without an address only the start page says it. False, and nothing
    changes, when another clock said it before.
    """
    with serialised():
        locked = Recording.objects.select_for_update().get(pk=recording.pk)
        if locked.observation_reminded_at is not None:
            return False
        with step("footage.remind_observation", actor=actor) as record:
            locked.observation_reminded_at = now
            locked.save(update_fields=["observation_reminded_at"])
            if to:
                subject = f"Waarneming ontbreekt bij opname {locked}"
                queue_mail(to=to, subject=subject, text=_REMINDER.format(recording=locked), actor=actor, now=now)
            record(events.ObservationReminded(recording=locked.pk))
    return True


_REMINDER = """Bij opname {recording} ontbreekt nog de waarneming, of het nummer daarvan in het handhavingssysteem.

Vul deze in op het scherm bij het dockingstation, of vraag de teammanager om het te doen.
"""


def erase_texts(recording_id: UUID, *, actor: Actor) -> None:
    """The footage is gone, so what was told of it in words goes too; kind, place and number stay. Again changes nothing."""
    told = Observation.objects.filter(recording=recording_id).exclude(**dict.fromkeys(WORDS, ""))
    if not told.exists():
        return
    with step("footage.erase_observation_texts", actor=actor) as record:
        count = told.update(**dict.fromkeys(WORDS, ""))
        record(events.ObservationTextsErased(recording=recording_id, observations=count))
