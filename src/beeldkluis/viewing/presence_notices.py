"""Who is told of what was noted about presence: those in whose name it was, who may know better, and who oversees it. Each
within the step or the turn that noted it.
"""

from datetime import datetime

from beeldkluis.documents.words import day_and_time
from beeldkluis.findings.actions import EACH_TIME, raise_finding
from beeldkluis.findings.queries import newest
from beeldkluis.journal.actions import serialised
from beeldkluis.journal.actor import Actor
from beeldkluis.outbox.actions import queue_mail
from beeldkluis.people.models import Officer
from beeldkluis.people.notice_actions import tell_dpo, tell_officer
from beeldkluis.people.queries import active_with
from beeldkluis.protocol.presence import Ground
from beeldkluis.protocol.requests import IDENTITY_DOCUMENTS
from beeldkluis.protocol.roles import Role
from beeldkluis.viewing.models import Attendance, Viewing

NOTED = """Op {at} heeft {who} vastgelegd dat u bij een inzage was, onder uw verzoek {reference}, en dat uw identiteit is gezien
({document}, op naam van {name}).

Was dat niet zo? Laat het dan weten aan de functionaris gegevensbescherming{where}.
"""


def officer_came(viewing: Viewing, officer: Officer, own_screen: bool, *, actor: Actor, now: datetime) -> None:
    """The officer's code was typed: the officer hears it, as it may have been somebody else who typed."""
    where = "op een eigen apparaat" if own_screen else "op het scherm van de teammanager"
    reference = viewing.case.reference
    text = f"Op {day_and_time(now)} is {where} met uw nummer en code gezegd dat u bij een inzage bent, onder zaak {reference}."
    tell_officer(officer, subject="U bent genoteerd bij een inzage", text=text, actor=actor, now=now)


def fresh_code(viewing: Viewing, officer: Officer, reason: str, *, actor: Actor, now: datetime) -> None:
    """Somebody typed a code that is right but does not count yet: a code that was made for this viewing, perhaps. Told once for
    each viewing and officer.
    """
    text = (
        f"Bij een inzage onder zaak {viewing.case.reference} (nummer {viewing.number}) is een code van handhaver"
        f" {officer.number} getypt die niet telt. Vraag de handhaver wie er typte."
    )
    key = f"fresh-code:{viewing.case.reference}:{viewing.number}:{officer.number}"
    with serialised():
        if newest(rule="access.own-code", key=key) is not None:
            return
        raise_finding(rule="access.own-code", key=key, text=text, recording=None, bodycam=None, actor=actor, now=now)
        tell_dpo(subject="Een nieuwe code is getypt bij een inzage", text=f"{text} {reason}", actor=actor, now=now)
        told = f"Op {day_and_time(now)} is bij een inzage uw nummer getypt met uw nieuwe code. Die telde niet. {reason}"
        tell_officer(officer, subject="Uw nieuwe code is getypt bij een inzage", text=told, actor=actor, now=now)


def requester_noted(viewing: Viewing, made: Attendance, *, actor: Actor, now: datetime) -> None:
    """Whoever opens noted alone who the requester is: requester and data protection officer hear it."""
    case, document = viewing.case, IDENTITY_DOCUMENTS[made.document]
    desks = ", ".join(one.email for one in active_with(Role.DPO))
    if case.by_email:
        text = NOTED.format(
            at=day_and_time(now), who=f"{actor.name}, teammanager,", reference=case.reference, document=document,
            name=made.name, where=f": {desks}" if desks else "",
        )  # fmt: skip
        subject = "U bent genoteerd bij een inzage"
        to, under = case.by_email, case.reference
        queue_mail(to=to, subject=subject, text=text, actor=actor, now=now, must_leave=True, case=under)
    hears = "De verzoeker kreeg hierover een mail." if case.by_email else (
        "De verzoeker krijgt geen e-mail: er is geen adres, of geen toestemming. Die hoort dit niet vanzelf."
    )  # fmt: skip
    told = f"Bij een inzage onder zaak {case.reference} legde de teammanager alleen vast wie de verzoeker is. {hears}"
    tell_dpo(subject="De identiteit van een verzoeker is vastgelegd", text=told, actor=actor, now=now)


def stood_in(viewing: Viewing, made: Attendance, *, actor: Actor, now: datetime) -> None:
    """A deputy took an officer's place: the data protection officer hears it, and that officer, who may be willing after all."""
    whose = (
        f"de plaats van handhaver {made.officer.number}" if made.officer else "de plaats van een onbekende handhaver"
    )
    text = f"Bij een inzage onder zaak {viewing.case.reference} nam een plaatsvervanger {whose} in."
    raise_finding(rule="access.stand-in", key=EACH_TIME, text=text, recording=None, bodycam=None, actor=actor, now=now)
    ground = Ground(made.ground).dutch
    told = f"{text} {ground}. Toelichting: {made.because}"
    tell_dpo(subject="Een plaatsvervanger nam de plaats van een handhaver in", text=told, actor=actor, now=now)
    if made.officer is not None:
        own = f"{text} De reden die daarbij is opgeschreven: {ground[0].lower()}{ground[1:]}."
        tell_officer(made.officer, subject="Iemand nam uw plaats in bij een inzage", text=own, actor=actor, now=now)
