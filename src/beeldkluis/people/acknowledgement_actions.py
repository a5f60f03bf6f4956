"""The steps of the log list (loglijst): sign at the dock, by link, with an account or on paper; links; reminders."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError
from django.utils import timezone

from beeldkluis.governance.models import ProtocolVersion
from beeldkluis.journal.actions import About, require, serialised, step
from beeldkluis.journal.actor import Actor, ActorKind
from beeldkluis.journal.rights import allowed
from beeldkluis.outbox.actions import queue_mail
from beeldkluis.people import acknowledgement_events as events
from beeldkluis.people.models import Acknowledgement, Officer, Person, Reminder, SigningLink
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.acknowledgement import may_keep_scan, may_sign, may_use_signing_link
from beeldkluis.protocol.roles import Role
from beeldkluis.sealed.token import hash_token, new_token

LINK_LASTS = timedelta(days=14)
MOST_TRIES = 10  # wrong codes on one link; then a new link is needed, which shuts nobody out
SCANS = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
KEYS_AT_ONCE = 500
MAX_SCAN = 5 * 1024 * 1024  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What somebody signs for: when protocol and instruction were received, and how it is signed."""

    protocol_received_on: date
    instruction_received_on: date
    how: str
    scan: bytes | None = None


def officer_actor(officer: Officer) -> Actor:
    """An officer as the one who acts."""
    return Actor(ActorKind.OFFICER, str(officer.pseudonym), Role.OFFICER, f"Boa {officer.number}")


def sign_as_officer(
    version: ProtocolVersion, officer: Officer, receipt: Receipt, *, actor: Actor, now: datetime
) -> Acknowledgement:
    """An officer signs, or the team manager records a signature on paper (governance-3). Signing twice keeps the first."""
    paper = receipt.how == Acknowledgement.How.PAPER
    with step("people.sign", actor=actor) as record:
        own = actor.kind is ActorKind.OFFICER and actor.pseudonym == str(officer.pseudonym)
        if paper or not own:
            require(allowed(actor, Act.MANAGE_ACKNOWLEDGEMENTS))
        made = _sign(version, receipt, now, officer=officer)
        record(_signed(made, str(officer.pseudonym)))
    return made


def sign_as_person(
    version: ProtocolVersion, person: Person, receipt: Receipt, *, actor: Actor, now: datetime
) -> Acknowledgement:
    """Somebody with an account signs with it, or the team manager records that person's signature on paper."""
    with step("people.sign", actor=actor) as record:
        if actor.pseudonym != str(person.pseudonym) or receipt.how == Acknowledgement.How.PAPER:
            require(allowed(actor, Act.MANAGE_ACKNOWLEDGEMENTS))
        made = _sign(version, receipt, now, person=person)
        record(_signed(made, str(person.pseudonym)))
    return made


def _sign(
    version: ProtocolVersion,
    receipt: Receipt,
    now: datetime,
    *,
    officer: Officer | None = None,
    person: Person | None = None,
) -> Acknowledgement:
    locked = ProtocolVersion.objects.select_for_update().get(pk=version.pk)
    require(
        may_sign(
            state=locked.state,
            has_text=bool(locked.sections),
            protocol_received=receipt.protocol_received_on,
            instruction_received=receipt.instruction_received_on,
            today=timezone.localdate(now),
        )
    )
    known = Acknowledgement.objects.filter(version=locked, officer=officer, person=person).first()
    return known or Acknowledgement.objects.create(
        version=locked,
        officer=officer,
        person=person,
        protocol_received_on=receipt.protocol_received_on,
        instruction_received_on=receipt.instruction_received_on,
        signed_at=now,
        how=receipt.how,
        scan=receipt.scan,
        scan_type=_scan_type(receipt.scan),
    )


def _scan_type(scan: bytes | None) -> str:
    """What the scan is by its own first bytes, never by what its sender says. Refused for anything else, or too much."""
    if scan is None:
        return ""
    found = next((kind for start, kind in SCANS.items() if scan.startswith(start)), "")
    require(may_keep_scan(known_kind=bool(found), small_enough=len(scan) <= MAX_SCAN))
    return found


def _signed(made: Acknowledgement, who: str) -> events.Signed:
    scan = hashlib.sha256(bytes(made.scan)).hexdigest() if made.scan else ""
    return events.Signed(
        version=made.version.number,
        who=who,
        how=made.how,
        protocol_received_on=made.protocol_received_on.isoformat(),
        instruction_received_on=made.instruction_received_on.isoformat(),
        scan_sha256=scan,
    )


def make_signing_link(version: ProtocolVersion, officer: Officer, *, actor: Actor, now: datetime) -> tuple[str, str]:
    """A personal link's token and a code of six digits, each shown once; they are to go by different ways."""
    token, code = new_token(), f"{secrets.randbelow(10**6):06d}"
    with step("people.make_signing_link", actor=actor) as record:
        require(allowed(actor, Act.MANAGE_ACKNOWLEDGEMENTS))
        expires = now + LINK_LASTS
        earlier = SigningLink.objects.filter(officer=officer, version=version, used_at=None, expires_at__gt=now)
        earlier.update(expires_at=now)
        SigningLink.objects.create(
            officer=officer,
            version=version,
            token_hash=hash_token(token),
            code_hash=make_password(code),
            made_at=now,
            expires_at=expires,
        )
        record(events.SigningLinkMade(version=version.number, officer=str(officer.pseudonym), expires_at=expires))
    return token, code


def code_fits(link: SigningLink, code: str, *, now: datetime) -> bool:
    """Is this the code that belongs to the link? A wrong one counts; after ten, or its days, the link opens nothing."""
    with serialised():
        locked = SigningLink.objects.select_for_update(of=("self",)).select_related("officer").get(pk=link.pk)
        if locked.used_at is not None or locked.expires_at <= now or locked.tries >= MOST_TRIES:
            return False
        if check_password(code, locked.code_hash):
            return True
        with step("people.signing_code_wrong", actor=officer_actor(locked.officer)) as record:
            locked.tries += 1
            locked.save(update_fields=["tries"])
            record(events.SigningCodeWrong(officer=str(locked.officer.pseudonym), tries=locked.tries))
    return False


def sign_by_link(link: SigningLink, receipt: Receipt, *, now: datetime) -> Acknowledgement:
    """Sign with a personal link, once. The view asked for the code."""
    actor = officer_actor(link.officer)
    with step("people.sign_by_link", actor=actor) as record:
        locked = SigningLink.objects.select_for_update().get(pk=link.pk)
        require(may_use_signing_link(usable=locked.used_at is None and locked.expires_at > now))
        made = _sign(link.version, receipt, now, officer=link.officer)
        locked.used_at = now
        locked.save(update_fields=["used_at"])
        record(_signed(made, actor.pseudonym))
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A reminder that may have gone already: `key` names reason and round, never a person. `case`: as in `remind_once`."""

    key: str
    to: str
    subject: str
    text: str
    case: str = ""


def remind_each(mails: Iterable[Mail], *, actor: Actor, now: datetime) -> int:
    """`remind_once` of each of these; what went already is asked of many at once. How many were sent now."""
    waiting, sent = list(mails), 0
    for start in range(0, len(waiting), KEYS_AT_ONCE):
        part = waiting[start : start + KEYS_AT_ONCE]
        gone = set(Reminder.objects.filter(key__in=[one.key for one in part]).values_list("key", flat=True))
        for one in part:
            if one.key not in gone:
                mail = {"to": one.to, "subject": one.subject, "text": one.text, "case": one.case}
                sent += remind_once(one.key, **mail, actor=actor, now=now)
    return sent


def remind_once(key: str, *, to: str, subject: str, text: str, actor: Actor, now: datetime, case: str = "") -> bool:
    """Send one mail for this reason, ever; `key` names reason and round, never a person. Whether it was sent now. `case`: the
    reference under which it stands, when it goes to who asked something.
    """
    if Reminder.objects.filter(key=key).exists():
        return False
    try:
        with step("people.remind", actor=actor, about=About(case) if case else None) as record:
            Reminder.objects.create(key=key, sent_at=now)
            queue_mail(to=to, subject=subject, text=text, actor=actor, now=now, must_leave=True)
            record(events.Reminded(about=subject))
    except IntegrityError:  # another process was first
        return False
    return True
