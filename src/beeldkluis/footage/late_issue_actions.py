"""Telling that who wore a camera was entered after its recording."""

from datetime import datetime

from django.utils import timezone

from beeldkluis.devices.queries import Wearer
from beeldkluis.footage.models import Recording
from beeldkluis.journal.actor import Actor
from beeldkluis.people.notice_actions import tell_dpo, tell_officer


def tell_of_wearer(recording: Recording, wearer: Wearer, actor: Actor, now: datetime) -> None:
    """What was entered after the recording says who wore the camera, or that somebody did not: whom it was on record with then
    hears it, and the data protection officer, who can ask around.
    """
    late = wearer.officer is not None and not recording.wearer_stands.allowed
    if not late and wearer.before is None:
        return
    camera, moment = (
        recording.bodycam or recording.serial,
        f"{timezone.localtime(recording.activated_at):%d-%m-%Y %H:%M}",
    )
    then = f"handhaver {wearer.before.number}" if wearer.before else "niemand"
    became = f"handhaver {wearer.officer.number}" if wearer.officer else "niet bekend"
    text = (
        f"Wie camera {camera} droeg op {moment}, is pas na de opname ingevoerd of gewijzigd. Toen stond er: {then}. Nu staat er:"
        f" {became}. Vraag het na bij de handhavers, niet bij wie de uitgifte invoerde. Op uw overzicht staat wat u kunt doen."
    )
    tell_dpo(subject="Achteraf ingevoerd wie een camera droeg", text=text, actor=actor, now=now)
    if wearer.before is not None:
        told = (
            f"Op {moment} had u camera {camera}. Daarna is ingevoerd dat die toen niet bij u was. Er is een opname van."
        )
        tell_officer(wearer.before, subject="De uitgifte van uw camera is gewijzigd", text=told, actor=actor, now=now)
