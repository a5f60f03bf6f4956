"""A deputy acts as team manager for a time; the data protection officer hears of it at once."""

from datetime import datetime

from django.utils import timezone

from beeldkluis.governance.queries import in_force
from beeldkluis.journal.actions import Record, require, step
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.rights import allowed
from beeldkluis.people import account_queries, queries
from beeldkluis.people import succession_events as events
from beeldkluis.people.models import Deputation, Person, SealedIdentity, TeamKey
from beeldkluis.people.notice_actions import tell, tell_dpo
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.accounts import Change
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.succession import has_end, may_deputise, may_have_copy, may_stand_for
from beeldkluis.protocol.verdict import Verdict
from beeldkluis.sealed.age import check_sealed


def begin_deputation(deputy: Person, *, until: datetime, because: str, actor: Actor, now: datetime) -> Deputation:
    """Let a deputy act as team manager until then; the team manager rests, so that one person at a time can open footage.

    By the team manager alone; in an emergency it is asked (account_actions.ask_change). Refused by protocol.succession.
    """
    with step("people.begin_deputation", actor=actor) as record:
        require(allowed(actor, Act.APPOINT_DEPUTY))
        made = _begin(deputy, until, because, record, now, emergency=False)
        text = f"Een plaatsvervanger neemt waar: {_words(made)}"
        tell_dpo(subject="Een plaatsvervanger neemt waar voor de teammanager", text=text, actor=actor, now=now)
    return made


def begin_in_emergency(
    deputy: Person, *, until: datetime | None, because: str, actor: Actor, now: datetime
) -> Deputation:
    """The same when the team manager is suddenly away, in the step of a second person; everybody with an account hears it."""
    with step("people.begin_deputation_in_emergency", actor=actor) as record:
        require(has_end(until))
        assert until is not None  # noqa: S101 - the rule refuses without
        made = _begin(deputy, until, because, record, now, emergency=True)
        everybody = [one for one in queries.persons() if one.is_active]
        text = f"In een noodgeval is een plaatsvervanger aangewezen: {_words(made)}"
        subject = "In een noodgeval is een plaatsvervanger aangewezen voor de teammanager"
        tell(everybody, subject=subject, text=text, actor=actor, now=now)
    return made


def check_emergency(deputy: Person, *, until: datetime | None, because: str, now: datetime) -> None:
    """Could this deputy act now? Asked already when it is only asked for, so that nobody confirms in vain. Refused otherwise."""
    require(has_end(until))
    assert until is not None  # noqa: S101 - the rule refuses without
    require(_may_begin(deputy, until, because, now, emergency=True))


def _may_begin(deputy: Person, until: datetime, because: str, now: datetime, *, emergency: bool) -> Verdict:
    since = account_queries.known_since(deputy)
    return may_deputise(
        role=Role(deputy.role),
        active=deputy.is_active,
        running=queries.running_deputation() is not None,
        emergency=emergency,
        because=because,
        until=until,
        protocol=in_force(),
        now=now,
        fresh=since is not None and now - since < account_queries.wait_of(Change.RENEW),
    )


def _begin(
    deputy: Person, until: datetime, because: str, record: Record, now: datetime, *, emergency: bool
) -> Deputation:
    manager = queries.titular_team_manager()
    require(may_stand_for(has_manager=manager is not None))
    assert manager is not None  # noqa: S101 - the rule refuses without
    manager = Person.objects.select_for_update().get(pk=manager.pk)
    stand_in = Person.objects.select_for_update().get(pk=deputy.pk)
    require(_may_begin(stand_in, until, because, now, emergency=emergency))
    _act_as(manager, Role.DEPUTY)
    _act_as(stand_in, Role.TEAM_MANAGER)
    made = Deputation.objects.create(
        team_manager=manager, deputy=stand_in, because=because, emergency=emergency, begun_at=now, until=until
    )
    record(_begun(made))
    return made


def _words(made: Deputation) -> str:
    until = f"{timezone.localtime(made.until):%d-%m-%Y %H:%M}"
    return f"{made.deputy.name} voor {made.team_manager.name}, tot {until}. Reden: {made.because}"


def _begun(made: Deputation) -> events.DeputationBegun:
    return events.DeputationBegun(
        team_manager=str(made.team_manager.pseudonym),
        deputy=str(made.deputy.pseudonym),
        until=made.until,
        emergency=made.emergency,
        team_manager_name=made.team_manager.name,
        deputy_name=made.deputy.name,
        because=made.because,
    )


def _act_as(person: Person, role: Role) -> None:
    person.acting = role.value
    person.save(update_fields=["acting"])


def end_deputation(deputation: Deputation, *, actor: Actor, now: datetime) -> None:
    """The team manager acts again: by either of both, or by the program when the time is over. Again changes nothing."""
    with step("people.end_deputation", actor=actor) as record:
        require(allowed(actor, Act.END_DEPUTATION))
        locked = Deputation.objects.select_for_update(of=("self",)).get(pk=deputation.pk)
        if locked.ended_at is None:
            locked.ended_at = now
            locked.save(update_fields=["ended_at"])
            _act_as(locked.deputy, Role.DEPUTY)
            _act_as(locked.team_manager, Role(locked.team_manager.role))
        record(
            events.DeputationEnded(team_manager=str(locked.team_manager.pseudonym), deputy=str(locked.deputy.pseudonym))
        )


def end_expired(*, actor: Actor, now: datetime) -> None:
    """End the deputation that expired."""
    running = queries.running_deputation()
    if running is not None and running.until <= now:
        end_deputation(running, actor=actor, now=now)


def record_copy(deputy: Person, sealed: bytes, *, actor: Actor, now: datetime) -> None:
    """Keep a copy of the team's key that the team manager's browser sealed with the deputy's own passphrase. It opens
    nothing by itself: headers are given only to whoever acts as team manager.
    """
    with step("people.record_copy", actor=actor) as record:
        require(allowed(actor, Act.APPOINT_DEPUTY))
        team = queries.active_key(TeamKey.Kind.TEAM)
        require(may_have_copy(has_key=team is not None, role=Role(deputy.role), active=deputy.is_active))
        assert team is not None  # noqa: S101 - the rule refuses without
        check_sealed(sealed)
        SealedIdentity.objects.filter(person=deputy, withdrawn_at=None).update(withdrawn_at=now, sealed=b"")
        SealedIdentity.objects.create(person=deputy, key=team, sealed=sealed, made_at=now)
        record(events.CopySealed(person=str(deputy.pseudonym), key=team.fingerprint, name=deputy.name))
        subject = "Een plaatsvervanger kreeg een kopie van de teamsleutel"
        tell_dpo(subject=subject, text=f"Voor {deputy.name} is een verzegelde kopie gemaakt.", actor=actor, now=now)
