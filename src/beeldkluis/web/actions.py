"""Steps around signing in: what happened goes into the journal, links work once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.sessions.models import Session

from beeldkluis.findings.actions import raise_finding
from beeldkluis.governance.actions import choose_base
from beeldkluis.journal.actions import require, serialised, step
from beeldkluis.journal.actor import Actor, ActorKind
from beeldkluis.journal.events import Event
from beeldkluis.journal.rights import allowed
from beeldkluis.people import account_queries
from beeldkluis.people import actions as people
from beeldkluis.people.account_actions import ask_change, note_used
from beeldkluis.people.models import AccountChange, Person
from beeldkluis.people.municipality_actions import set_contact
from beeldkluis.people.notice_actions import tell_dpo
from beeldkluis.protocol import links
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.accounts import FORGETS_FACTORS, Change
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Refused
from beeldkluis.sealed.token import hash_token, new_token
from beeldkluis.viewing import actions as viewing
from beeldkluis.web.events import (
    InvitationAccepted,
    LinkMade,
    PasskeyWentBack,
    PasswordChanged,
    SetUp,
    SignedIn,
    SignedOut,
)
from beeldkluis.web.models import OneTimeLink

AT_ONCE = 2_000  # rows removed in one go, each minute: more than strangers can make in one
LINKS_KEPT = timedelta(days=90)
LIVES = {
    OneTimeLink.Kind.SETUP: timedelta(days=2),
    OneTimeLink.Kind.INVITATION: timedelta(days=7),
    OneTimeLink.Kind.DEMONSTRATION: timedelta(hours=12),
}
COUNTER = "counter"  # in the data of a passkey: how far it had counted when it was last shown


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to be added: the name and address to sign in with, and the one role."""

    name: str
    email: str
    role: Role


def note(name: str, event: Event, *, actor: Actor) -> None:
    """Write down an act that changes nothing else, such as looking at a page."""
    with step(name, actor=actor) as record:
        record(event)


def count_passkey(passkey: Authenticator, counter: int, *, now: datetime) -> bool:
    """Keep how far this passkey counted; it was just shown to be right. False when it counts back: then two of it are about,
    which is told. Passkeys that count nothing say zero every time. (WebAuthn level 3, 7.2 step 22)
    """
    with serialised():
        locked = Authenticator.objects.select_for_update().get(pk=passkey.pk)
        before = int(locked.data.get(COUNTER, locked.wrap().authenticator_data.counter))
        if counter > before or counter == before == 0:
            locked.data[COUNTER] = counter
            locked.save(update_fields=["data"])
            return True
    with step("web.refuse_passkey", actor=passkey.user.as_actor) as record:
        record(PasskeyWentBack())
        text = f"Een passkey van de {passkey.user.role_dutch} telt terug en is geweigerd. Misschien is hij gekopieerd."
        raise_finding(
            rule="access.second-factor",
            key=f"went-back:{passkey.user.acting}",
            text=text,
            recording=None,
            bodycam=None,
            actor=record.actor,
            now=now,
        )
        told = f"{text} Vraag wie hem gebruikte, en laat hem weghalen."
        tell_dpo(subject="Een passkey is misschien gekopieerd", text=told, actor=record.actor, now=now)
    return False


def change_password(person: Person, password: str) -> None:
    """Somebody who typed the old password chose another one: every other session of that person ends."""
    with step("web.change_password", actor=person.as_actor) as record:
        person.set_password(password)
        person.save(update_fields=["password"])
        record(PasswordChanged())


def sign_out(person: Person, *, now: datetime) -> None:
    """A session is closed by whoever it is of; what that person has open closes with it."""
    with step("web.sign_out", actor=person.as_actor) as record:
        viewing.close_all_of(person, now=now)
        record(SignedOut())


def make_link(kind: OneTimeLink.Kind, *, person: Person | None, actor: Actor, now: datetime) -> str:
    """Make the set-up's code or a demonstration's link, which works once, and withdraw earlier ones of the same kind. Returns the
    token; only its hash stays. By the program itself; people come in by `invite` and `renew_access`.
    """
    with step("web.make_link", actor=actor) as record:
        verdict = links.may_make_link(
            by_program=actor.kind is ActorKind.SYSTEM,
            invitation=kind is OneTimeLink.Kind.INVITATION,
            demonstration=kind is OneTimeLink.Kind.DEMONSTRATION,
            in_demonstration=settings.DEMONSTRATION,
        )
        require(verdict)
        token = _new_link(kind, person, now)
        record(LinkMade(kind=kind.value, person=str(person.pseudonym) if person else ""))
    return token


def _new_link(kind: OneTimeLink.Kind, person: Person | None, now: datetime, change: AccountChange | None = None) -> str:
    """Write the link's row, inside the caller's step. It opens nothing before its change is done."""
    token = new_token()
    OneTimeLink.objects.filter(kind=kind, person=person, used_at=None, withdrawn_at=None).update(withdrawn_at=now)
    OneTimeLink.objects.create(
        kind=kind,
        person=person,
        change=change,
        token_hash=hash_token(token),
        made_at=now,
        expires_at=change.expires_at if change else now + LIVES[kind],
    )
    return token


def _require_usable(kind: OneTimeLink.Kind, token: str, now: datetime) -> None:
    """Asked before a step: anybody can type a token, and must not be able to fill the journal with it."""
    usable = OneTimeLink.objects.filter(kind=kind, token_hash=hash_token(token), used_at=None, withdrawn_at=None)
    if not usable.filter(expires_at__gt=now).exists():
        raise Refused(links.spent())


def _spend(kind: OneTimeLink.Kind, token: str, now: datetime) -> OneTimeLink:
    """Use up a token, inside the caller's step. Refused when it was used, withdrawn, has expired or never was."""
    found = (
        OneTimeLink.objects.select_for_update(of=("self",))
        .filter(kind=kind, token_hash=hash_token(token), used_at=None, withdrawn_at=None, expires_at__gt=now)
        .first()
    )
    if found is None:
        raise Refused(links.spent())
        raise AssertionError("a refusal always raises")
    found.used_at = now
    found.save(update_fields=["used_at"])
    return found


def _holder(link: OneTimeLink) -> Person:
    """Whose link it is, with an account in use. Refused otherwise."""
    person = Person.objects.select_for_update().get(one_time_links=link)
    if not person.is_active:
        raise Refused(links.spent())
    return person


def accept_invitation(token: str, *, password: str, actor: Actor, now: datetime) -> Person:
    """Let an invited person choose a password. The old password and its sessions end. Second factors stay, unless it was asked,
    confirmed and waited for that they go. Refused when the link is spent, or does not work yet.
    """
    with step("web.accept_invitation", actor=actor) as record:
        link = _spend(OneTimeLink.Kind.INVITATION, token, now)
        if link.change is not None:
            note_used(link.change, actor=actor, now=now)
        person = _holder(link)
        person.set_password(password)
        person.save(update_fields=["password"])
        if link.change is not None and Change(link.change.kind) in FORGETS_FACTORS:
            Authenticator.objects.filter(user=person).delete()
        record(InvitationAccepted())
    return person


def enter_demonstration(token: str, *, now: datetime) -> Person:
    """Use a demonstration's link. Refused when it is spent; the view refuses outside a demonstration."""
    _require_usable(OneTimeLink.Kind.DEMONSTRATION, token, now)
    with step("web.enter_demonstration", actor=Actor.system("demonstration")) as record:
        link = _spend(OneTimeLink.Kind.DEMONSTRATION, token, now)
        person = _holder(link)
        record(SignedIn(how=link.get_kind_display()))
    return person


def set_up(
    code: str,
    *,
    newcomers: list[NewPerson],
    addresses: Mapping[str, Sequence[str]] | None = None,
    actor: Actor,
    now: datetime,
    register: bytes | None = None,
) -> list[tuple[Person, str]]:
    """Give an empty installation its first people, the protocol file that was chosen, and the municipality's addresses as far as
    they are known. Returns each person with the token of an invitation. Refused when there are people already, the code is spent
    or the file cannot be used.
    """
    _require_usable(OneTimeLink.Kind.SETUP, code, now)
    with step("web.set_up", actor=actor) as record:
        if Person.objects.exists():
            raise Refused(links.set_up_already())
        _spend(OneTimeLink.Kind.SETUP, code, now)
        invited = [invite(newcomer, actor=actor, now=now) for newcomer in newcomers]
        set_contact(addresses or {}, actor=actor, now=now)
        record(SetUp(people=len(invited)))
        if register is not None:
            choose_base(register, actor=actor)
    return invited


def clear_sessions(now: datetime) -> int:
    """Remove sessions that are over, so many at a time. How many."""
    over = Session.objects.filter(expire_date__lt=now).order_by("expire_date").values_list("pk", flat=True)
    return int(Session.objects.filter(pk__in=list(over[:AT_ONCE])).delete()[0])


def clear_links(now: datetime) -> int:
    """Remove links that let nobody in since three months; that they were made and used stands in the journal. How many."""
    over = OneTimeLink.objects.filter(expires_at__lt=now - LINKS_KEPT).values_list("pk", flat=True)
    return int(OneTimeLink.objects.filter(pk__in=list(over[:AT_ONCE])).delete()[0])


def invite(newcomer: NewPerson, *, actor: Actor, now: datetime) -> tuple[Person, str]:
    """Add a person and make the link with which that person comes in for the first time, once the account is in use."""
    kind = OneTimeLink.Kind.INVITATION
    with step("web.invite", actor=actor) as record:
        person = people.add_person(
            email=newcomer.email, name=newcomer.name, role=newcomer.role, password=None, actor=actor, now=now
        )
        token = _new_link(kind, person, now, account_queries.newest_of(person))
        record(LinkMade(kind=kind.value, person=str(person.pseudonym)))
    return person, token


def renew_access(
    kind: Change, person: Person, *, because: str, actor: Actor, now: datetime
) -> tuple[AccountChange, str]:
    """Ask for a new way in for somebody, and make the link of it: it opens nothing before that is done (people.account_actions).
    For somebody whose account still waits only the link is new.
    """
    with step("web.renew_access", actor=actor) as record:
        require(allowed(actor, Act.MANAGE_PEOPLE))
        waiting = account_queries.waiting_to_come_in(person) if kind is not Change.RESTORE else None
        change = waiting or ask_change(kind, person, because=because, actor=actor, now=now)
        token = _new_link(OneTimeLink.Kind.INVITATION, person, now, change)
        record(LinkMade(kind=OneTimeLink.Kind.INVITATION.value, person=str(person.pseudonym)))
    return change, token
