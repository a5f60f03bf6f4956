"""The steps of a letter: made with the step that it tells of, sent by mail or noted as posted, kept as it left."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from beeldkluis.cases import events, giving_queries, letters
from beeldkluis.cases.about import about
from beeldkluis.cases.models import Case, Letter
from beeldkluis.documents import render
from beeldkluis.documents.letters import KINDS
from beeldkluis.governance.queries import in_force
from beeldkluis.journal.actions import require, step
from beeldkluis.journal.actor import Actor
from beeldkluis.outbox.actions import queue
from beeldkluis.outbox.mail import is_configured
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people.models import Person
from beeldkluis.protocol.deciding import Outcome, Words
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.letters import DECISIONS, TO_STAFF, letter_kind, may_mail, may_send

MAIL = """Er is een brief voor u over zaak {reference} bij de gemeente {municipality}. U vindt de brief in de bijlage.

{why}Dit bericht is automatisch verstuurd.
"""
AGREED = """U krijgt onze brieven per e-mail omdat u hebt gezegd dat dat mag. Wilt u dat niet meer?
Laat het ons weten, dan sturen wij ze per post.

"""


def make(
    case: Case,
    kind: str,
    words: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
    recipient: Sequence[str] | None = None,
    email: str | None = None,
    calendar: bytes | None = None,
) -> Letter:
    """Write the words of a letter down inside the step that it tells of. It leaves when somebody sends it."""
    with step("cases.make_letter", actor=actor, about=about(case)) as record:
        letter = Letter.objects.create(
            case=case,
            kind=kind,
            recipient=list(recipient if recipient is not None else letters.recipient(case)),
            email=case.requester_email if email is None else email,
            words=dict(words),
            calendar=calendar,
            protocol=in_force().version,
            made_at=now,
        )
        record(events.LetterMade(letter=letter.pk, letter_kind=kind))
    return letter


def preview(case: Case, words: Words, by: Person) -> Letter:
    """The letter of a decision that is not taken yet; it is kept nowhere."""
    return Letter(
        case=case,
        kind=letter_kind(CaseKind(case.kind), words.outcome),
        recipient=letters.recipient(case),
        words=letters.decision(case, words, by, give_until=_give_until(case, words)),
        protocol=in_force().version,
    )


def _give_until(case: Case, words: Words) -> datetime | None:
    granted = words.outcome is Outcome.GRANTED and CaseKind(case.kind).facts.by_right
    return giving_queries.until(case) if granted else None


def document(letter: Letter, *, now: datetime) -> bytes:
    """The letter as PDF: the bytes that left, or as it would leave now. The preview is the letter."""
    if letter.pdf is not None:
        return bytes(letter.pdf)
    folder = Path(settings.LETTERS_FOLDER) if settings.LETTERS_FOLDER else None
    return render.letter(letters.facts(letter, at=now), made_at=now, templates=folder)


def send(letter: Letter, *, actor: Actor, now: datetime) -> Letter:
    """Send it by e-mail, as a PDF beside a few words that tell nothing. Refused without address or mail server, and to a
    requester who did not agree to it, or no longer does.
    """
    return _leave(letter, Letter.How.MAIL, actor, now)


def note_posted(letter: Letter, *, actor: Actor, now: datetime) -> Letter:
    """It was printed and posted today."""
    return _leave(letter, Letter.How.POST, actor, now)


def _leave(letter: Letter, how: Letter.How, actor: Actor, now: datetime) -> Letter:
    made = document(letter, now=now)  # before the step: everybody waits for a step, and a page takes a moment to set
    with step("cases.send_letter", actor=actor, about=about(letter.case)) as record:
        locked = Letter.objects.select_for_update(of=("self",)).select_related("case").get(pk=letter.pk)
        require(may_send(kind=locked.kind, role=actor.role, sent=bool(locked.how)))
        if how is Letter.How.MAIL:
            agreed, server = bool(locked.case.by_email), is_configured()
            require(may_mail(kind=locked.kind, agreed=agreed, address=locked.email, server=server))
        locked.pdf, locked.sha256, locked.how = made, hashlib.sha256(made).hexdigest(), how
        if how is Letter.How.POST:
            locked.posted_at = now
        else:
            locked.message = _queue(locked, made, actor, now)
        locked.save()
        in_time = now <= locked.case.decide_by if locked.kind in DECISIONS else None
        record(
            events.LetterSent(
                letter=locked.pk, letter_kind=locked.kind, sha256=locked.sha256, how=str(how), in_time=in_time
            )
        )
    return locked


def _queue(letter: Letter, made: bytes, actor: Actor, now: datetime) -> Outgoing:
    reference = letter.case.reference
    why = "" if letter.kind in TO_STAFF else AGREED
    text = MAIL.format(reference=reference, municipality=in_force().municipality, why=why)
    attached = {"name": f"{KINDS[letter.kind].title} {reference}.pdf", "pdf": base64.b64encode(made).decode()}
    body = {"to": letter.email, "text": text} | attached
    if letter.calendar is not None:
        body["calendar"] = bytes(letter.calendar).decode()
    return queue(channel=Outgoing.Channel.MAIL, about=f"Brief over zaak {reference}", body=body, actor=actor, now=now)
