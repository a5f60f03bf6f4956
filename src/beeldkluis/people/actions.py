"""The steps of the people room."""

from datetime import datetime

from beeldkluis.governance.queries import in_force
from beeldkluis.journal.actions import require, step
from beeldkluis.journal.actor import Actor, ActorKind
from beeldkluis.journal.rights import allowed
from beeldkluis.people import events, queries
from beeldkluis.people.account_actions import ask_change
from beeldkluis.people.models import AccountChange, FormerAddress, Officer, Person, SealedIdentity, TeamKey
from beeldkluis.people.notice_actions import tell_dpo, tell_officer
from beeldkluis.protocol.access import Act, may
from beeldkluis.protocol.accounts import Change, may_add_person
from beeldkluis.protocol.handover import broken_keys, may_make_keys
from beeldkluis.protocol.recording import may_add_officer
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Refused
from beeldkluis.sealed import age, axis


def add_person(*, email: str, name: str, role: Role, password: str | None, actor: Actor, now: datetime) -> Person:
    """Give somebody an account. Without a password only an invitation or a passkey lets that person in.

    Where the role matters the account is in use only after a second person or a waiting time (account_actions); the first
    set-up and a demonstration give it at once.
    """
    with step("people.add_person", actor=actor) as record:
        require(allowed(actor, Act.MANAGE_PEOPLE))
        address = email.strip().lower()
        verdict = may_add_person(
            role=role,
            address_taken=Person.objects.filter(email__iexact=address).exists(),
            has_manager=queries.titular_team_manager() is not None,
        )
        require(verdict)
        asks = actor.kind is not ActorKind.SYSTEM
        person = Person(email=address, name=name, role=role.value, added_at=now, is_active=not asks)
        if password is None:
            person.set_unusable_password()
        else:
            person.set_password(password)
        person.save()
        record(events.PersonAdded(person=str(person.pseudonym), role=role.value, name=name))
        if asks:
            person = ask_change(Change.ADD, person, actor=actor, now=now).person
    return person


def deactivate_person(person: Person, *, because: str, actor: Actor, now: datetime) -> AccountChange:
    """Close an account, where the role matters after a second person or a waiting time. The row stays: decisions and openings
    point to it.
    """
    return ask_change(Change.CLOSE, person, because=because, actor=actor, now=now)


def add_officer(
    *, number: str, name: str, employment: str, since: datetime, email: str = "", actor: Actor, now: datetime
) -> Officer:
    """An officer enters service; `since` may lie before `now` (a register that is filled afterwards). Whoever may add officers
    may not say where mail to them goes, as that mail says what is done in their name.
    """
    with step("people.add_officer", actor=actor) as record:
        require(allowed(actor, Act.MANAGE_OFFICERS))
        if email:
            require(allowed(actor, Act.SET_ADDRESS))
        require(may_add_officer(number=number, taken=Officer.objects.filter(number=number).exists()))
        officer = Officer.objects.create(
            number=number,
            name=name,
            employment=employment,
            since=min(since, now),
            email=email,
            email_set_at=now if email else None,
        )
        record(events.OfficerAdded(officer=str(officer.pseudonym), employment=employment, number=number))
    return officer


def set_address(officer: Officer, *, email: str, actor: Actor, now: datetime) -> None:
    """Where mail to this officer goes; empty: nowhere, somebody tells it in person. The old address is told, and goes on being
    told for as long as the new one confirms nothing. The same address again changes nothing.
    """
    with step("people.set_address", actor=actor) as record:
        require(allowed(actor, Act.SET_ADDRESS))
        locked = Officer.objects.select_for_update().get(pk=officer.pk)
        changed, before = locked.email != email, locked.email
        if changed:
            locked.email, locked.email_set_at = email, now
            locked.save(update_fields=["email", "email_set_at"])
        record(events.OfficerAddressSet(officer=str(locked.pseudonym), email=email))
        if changed and before:
            until = now + in_force().days("access.known-address")
            FormerAddress.objects.create(officer=locked, email=before, until=until)
        if changed:
            _tell_of_address(locked, before, actor, now)


def _tell_of_address(officer: Officer, before: str, actor: Actor, now: datetime) -> None:
    became = f"is nu {officer.email}" if officer.email else "is weggehaald"
    was = f" Het was {before}." if before else ""
    text = f"Uw e-mailadres voor berichten over bodycams {became}.{was}"
    tell_officer(officer, subject="Uw e-mailadres is gewijzigd", text=text, actor=actor, now=now)
    told = (
        f"Het e-mailadres van handhaver {officer.number} {became}.{was} Gedaan door: {actor.name}. Een nieuw adres bevestigt"
        f" de eerste {in_force().number('access.known-address', 'days')} dagen niets."
    )
    tell_dpo(subject="Het e-mailadres van een handhaver is gewijzigd", text=told, actor=actor, now=now)


def end_officer(officer: Officer, *, until: datetime, actor: Actor) -> None:
    """An officer leaves service at `until`. The first moment stands: saying it again changes nothing."""
    with step("people.end_officer", actor=actor) as record:
        require(allowed(actor, Act.MANAGE_OFFICERS))
        locked = Officer.objects.select_for_update().get(pk=officer.pk)
        if locked.until is None:
            locked.until = until
            locked.save(update_fields=["until"])
        record(events.OfficerLeft(officer=str(locked.pseudonym), number=locked.number))


def record_key_ceremony(
    *,
    team_recipient: str,
    recovery_recipient: str,
    axis_public: str,
    axis_sealed_private: bytes,
    sealed_identity: bytes,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep the public halves of the keys made in the browser, and the team manager's sealed copy (privacy-2).

    Refused when there are keys already (a handover is another step) and for anything that is no key or not sealed.
    """
    with step("people.key_ceremony", actor=actor) as record:
        require(may(actor.role, Act.HOLD_KEY_CEREMONY))
        require(may_make_keys(has_keys=queries.active_key(TeamKey.Kind.TEAM) is not None))
        _check_ceremony(team_recipient, recovery_recipient, axis_public, axis_sealed_private, sealed_identity)
        person = Person.objects.get(pseudonym=actor.pseudonym)
        team = _keep(TeamKey.Kind.TEAM, team_recipient, None, now)
        recovery = _keep(TeamKey.Kind.RECOVERY, recovery_recipient, None, now)
        rsa = _keep(TeamKey.Kind.AXIS, axis_public, axis_sealed_private, now)
        SealedIdentity.objects.create(person=person, key=team, sealed=sealed_identity, made_at=now)
        record(events.KeysMade(team=team.fingerprint, recovery=recovery.fingerprint, axis=rsa.fingerprint))


def _check_ceremony(team: str, recovery: str, axis_public: str, axis_sealed: bytes, identity: bytes) -> None:
    try:
        if age.Recipient.parse(team) == age.Recipient.parse(recovery):
            raise age.SealError("the team's and the recovery key are the same")
        axis.check_public(axis_public)
        for sealed in (axis_sealed, identity):
            age.check_sealed(sealed)
    except age.SealError as error:
        raise Refused(broken_keys()) from error


def _keep(kind: TeamKey.Kind, public: str, sealed_private: bytes | None, now: datetime) -> TeamKey:
    return TeamKey.objects.create(
        kind=kind,
        public=public,
        fingerprint=age.fingerprint(public),
        sealed_private=sealed_private,
        made_at=now,
    )
