"""Showing that the recovery sheet is at hand, without giving it: a question sealed to the recovery key, and its answer.

The sheet is in the municipality's safe, so whoever shows it has somebody else's help. It stays in the browser: the server
sees 32 random bytes that it made itself.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from beeldkluis.journal.actions import require, step
from beeldkluis.journal.actor import Actor, ActorKind
from beeldkluis.people import queries
from beeldkluis.people.models import Person, RecoveryProof, TeamKey
from beeldkluis.people.notice_actions import tell_dpo
from beeldkluis.people.recovery_events import RecoverySheetAsked, RecoverySheetShown
from beeldkluis.protocol.succession import answers_for_sheet, may_use_sheet
from beeldkluis.sealed import age
from beeldkluis.sealed.token import hash_token, same

LIVES = timedelta(minutes=15)  # long enough to type a sheet, and for the one step that it is shown for


@dataclass(frozen=True, slots=True)
class Question:
    """`number` names the question; `sealed` is an age file to the recovery key around the answer (URL-safe text)."""

    number: int
    sealed: bytes


def ask_for_recovery_sheet(purpose: str, *, actor: Actor, now: datetime) -> Question:
    """Make a question that only the recovery sheet answers. Refused before there is a recovery key.

    `purpose` names the step it is for, such as "handover" (at most 80 characters).
    """
    with step("people.ask_for_recovery_sheet", actor=actor) as record:
        key = queries.active_key(TeamKey.Kind.RECOVERY)
        require(answers_for_sheet(key=key is not None, right=True))
        assert key is not None  # noqa: S101 - the line above refuses
        answer = secrets.token_urlsafe(32)
        made = RecoveryProof.objects.create(
            person=_person(actor),
            purpose=purpose,
            answer_hash=hash_token(answer),
            asked_at=now,
            expires_at=now + LIVES,
        )
        record(RecoverySheetAsked(purpose=purpose))
    return Question(made.pk, age.seal_bytes(answer.encode(), [age.Recipient.parse(key.public)]))


def show_recovery_sheet(number: int, answer: str, *, actor: Actor, now: datetime) -> None:
    """Take the answer to a question of the same person. Refused for a wrong answer, another's question, and after its time.
    The data protection officer hears of a right one at once.
    """
    with step("people.show_recovery_sheet", actor=actor) as record:
        asked = RecoveryProof.objects.select_for_update().filter(
            pk=number, person=_person(actor), shown_at=None, expires_at__gt=now
        )
        found, key = asked.first(), queries.active_key(TeamKey.Kind.RECOVERY)
        right = found is not None and key is not None and same(found.answer_hash, hash_token(answer))
        require(answers_for_sheet(key=key is not None, right=right))
        assert found is not None and key is not None  # noqa: S101, PT018 - the line above refuses
        found.shown_at, found.expires_at = now, now + LIVES
        found.save(update_fields=["shown_at", "expires_at"])
        record(RecoverySheetShown(purpose=found.purpose, key=key.fingerprint))
        who = actor.name or "Iemand op de server zelf"
        text = f"{who} heeft laten zien de herstelsleutel uit de kluis bij de hand te hebben. Klopt dat niet, kijk dan meteen."
        tell_dpo(subject="De herstelsleutel is getoond", text=text, actor=actor, now=now)


def use_recovery_sheet(purpose: str, *, actor: Actor, now: datetime) -> None:
    """Use up what was shown, inside the caller's step. Refused when the sheet was not shown for this just now."""
    found = _shown(purpose, actor, now).select_for_update().order_by("pk").first()
    require(may_use_sheet(shown=found is not None))
    assert found is not None  # noqa: S101 - the line above refuses
    found.used_at = now
    found.save(update_fields=["used_at"])


def _shown(purpose: str, actor: Actor, now: datetime) -> QuerySet[RecoveryProof]:
    return RecoveryProof.objects.filter(
        purpose=purpose, person=_person(actor), shown_at__isnull=False, used_at=None, expires_at__gt=now
    )


def _person(actor: Actor) -> Person | None:
    if actor.kind is not ActorKind.PERSON:
        return None
    return Person.objects.get(pseudonym=actor.pseudonym)
