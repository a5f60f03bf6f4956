"""Accounts that matter come, change and go by two people or in time, and everybody concerned hears it (protocol.accounts)."""

from datetime import datetime, timedelta

from beeldkluis.journal import clock
from beeldkluis.journal.actions import Record, require, serialised, step
from beeldkluis.journal.actor import Actor, ActorKind
from beeldkluis.journal.rights import allowed
from beeldkluis.people import account_events as events
from beeldkluis.people import account_queries, account_words
from beeldkluis.people.deputation_actions import begin_in_emergency, check_emergency
from beeldkluis.people.events import PersonDeactivated
from beeldkluis.people.models import AccountChange, Notice, Person, Running
from beeldkluis.people.notice_actions import tell
from beeldkluis.people.recovery_actions import use_recovery_sheet
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.accounts import LINKED, Change, is_guarded, may_ask, may_object, may_show_sheet, may_use_link
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Verdict
from beeldkluis.sealed.token import hash_token, new_token

LINK_LIVES = timedelta(days=7)  # from when it works
LONGEST_GAP = 2 * 60  # seconds between two looks at a machine that started anew, or at two machines in turn: two rounds


def ask_change(
    kind: Change, person: Person, *, because: str = "", until: datetime | None = None, actor: Actor, now: datetime
) -> AccountChange:
    """Ask for a change of somebody's account. It is done at once where the rule needs nobody else; otherwise it waits, and
    whom it is about, the data protection officer and the team manager hear it. An earlier one that waits is stopped.

    Refused by protocol.accounts. `until`: the end of acting in an emergency.
    """
    with step("people.ask_account_change", actor=actor) as record:
        require(allowed(actor, Act.APPOINT_DEPUTY_IN_EMERGENCY if kind is Change.DEPUTISE else Act.MANAGE_PEOPLE))
        locked = Person.objects.select_for_update().get(pk=person.pk)
        require(_may_ask(kind, locked, because))
        if kind is Change.DEPUTISE:
            check_emergency(locked, until=until, because=because, now=now)
        look_at_uptime(now=now)
        _stop_earlier(locked, record, now)
        token = new_token()
        made = _make(kind, locked, because, until, token, actor, now)
        record(
            events.ChangeAsked(
                change=made.pk,
                kind=kind.value,
                person=str(locked.pseudonym),
                works_from=made.works_from,
                name=locked.name,
                because=because,
            )
        )
        _tell_asked(made, token, actor, now)
        _carry_out_when_allowed(made, actor, now)
        made.person.refresh_from_db()
    return made


def _may_ask(kind: Change, person: Person, because: str) -> Verdict:
    return may_ask(
        change=kind,
        role=Role(person.role),
        active=person.is_active,
        added_once=account_queries.was_in_use(person),
        others=account_queries.others_in_use(person),
        because=because,
    )


def _make(
    kind: Change, person: Person, because: str, until: datetime | None, token: str, actor: Actor, now: datetime
) -> AccountChange:
    waits = account_queries.wait_of(kind) if is_guarded(kind, Role(person.role)) else timedelta(0)
    asked_by = Person.objects.get(pseudonym=actor.pseudonym) if actor.kind is ActorKind.PERSON else None
    return AccountChange.objects.create(
        kind=kind.value,
        person=person,
        asked_by=asked_by,
        because=because,
        asked_at=now,
        works_from=now + waits,
        ran_at=account_queries.ran(),
        expires_at=until if kind is Change.DEPUTISE and until else now + waits + LINK_LIVES,
        until=until,
        stop_hash=hash_token(token),
    )


def _tell_asked(made: AccountChange, token: str, actor: Actor, now: datetime) -> None:
    """Everybody concerned; the mail to whom it is about carries a link that can stop it and nothing else."""
    if not is_guarded(Change(made.kind), Role(made.person.role)):
        return
    subject, text = account_words.asked(made)
    others = [one for one in account_queries.who_hears(made) if one.pk != made.person.pk]
    tell(others, subject=subject, text=text, actor=actor, now=now)
    own = account_words.with_stop_link(text, token)
    tell([made.person], subject=subject, text=text, mail=own, actor=actor, now=now)


def _stop_earlier(person: Person, record: Record, now: datetime) -> None:
    for earlier in AccountChange.objects.filter(person=person, done_at=None, stopped_at=None):
        _stop(earlier, "Er kwam een nieuwe aanvraag in de plaats.", record, now)


def _stop(change: AccountChange, because: str, record: Record, now: datetime, *, by_link: bool = False) -> None:
    """Stop it and say so to everybody concerned, inside the caller's step."""
    actor = record.actor
    change.stopped_at, change.stopped_because = now, because
    change.stopped_by = Person.objects.get(pseudonym=actor.pseudonym) if _is_person(actor) else None
    change.save(update_fields=["stopped_at", "stopped_because", "stopped_by"])
    if change.kind == Change.ADD.value and change.person.is_active:
        _set_active(change.person, active=False)
    record(
        events.ChangeStopped(
            change=change.pk,
            kind=change.kind,
            person=str(change.person.pseudonym),
            by_link=by_link,
            name=change.person.name,
            because=because,
        )
    )
    subject, text = account_words.stopped(change)
    tell([*account_queries.who_hears(change), *_asker(change)], subject=subject, text=text, actor=actor, now=now)


def _is_person(actor: Actor) -> bool:
    return actor.kind is ActorKind.PERSON


def _asker(change: AccountChange) -> list[Person]:
    return [change.asked_by] if change.asked_by else []


def confirm_change(change: AccountChange, *, actor: Actor, now: datetime) -> AccountChange:
    """Be the second person. It is done at once, except where its waiting time must pass too. Refused by protocol.accounts."""
    with step("people.confirm_account_change", actor=actor) as record:
        require(allowed(actor, Act.CONFIRM_ACCOUNT))
        locked, person = _locked(change), Person.objects.get(pseudonym=actor.pseudonym)
        require(account_queries.may_confirm_now(locked, person, now=now))
        locked.confirmed_by, locked.confirmed_at = person, now
        locked.save(update_fields=["confirmed_by", "confirmed_at"])
        record(_confirmed(locked))
        _carry_out_when_allowed(locked, actor, now)
    return locked


def sheet_purpose(change: AccountChange) -> str:
    """For what the recovery sheet is shown."""
    return f"account-change-{change.pk}"


def confirm_with_sheet(change: AccountChange, *, actor: Actor, now: datetime) -> AccountChange:
    """The recovery sheet, shown just now for this change, in place of a second person and the waiting time: done at once."""
    with step("people.confirm_account_change_with_sheet", actor=actor) as record:
        require(allowed(actor, Act.MANAGE_PEOPLE))
        locked = _locked(change)
        require(may_show_sheet(waits=account_queries.is_open(locked, now=now)))
        use_recovery_sheet(sheet_purpose(locked), actor=actor, now=now)
        locked.with_sheet, locked.confirmed_at = True, now
        locked.save(update_fields=["with_sheet", "confirmed_at"])
        record(_confirmed(locked))
        _carry_out_when_allowed(locked, actor, now)
    return locked


def _confirmed(change: AccountChange) -> events.ChangeConfirmed:
    pseudonym = str(change.person.pseudonym)
    return events.ChangeConfirmed(change=change.pk, kind=change.kind, person=pseudonym, with_sheet=change.with_sheet)


def _locked(change: AccountChange) -> AccountChange:
    """The row as it stands, for a step of this module: two who come at once go one after the other."""
    return AccountChange.objects.select_for_update(of=("self",)).select_related("person", "asked_by").get(pk=change.pk)


def object_to_change(
    change: AccountChange, *, because: str, actor: Actor, now: datetime, by_link: bool = False
) -> AccountChange:
    """Stop it, also when it works and its link was not used yet. Refused by protocol.accounts."""
    with step("people.object_to_account_change", actor=actor) as record:
        locked, person = _locked(change), Person.objects.get(pseudonym=actor.pseudonym)
        verdict = may_object(
            role=Role(person.role),
            is_subject=person.pk == locked.person.pk,
            stoppable=account_queries.is_stoppable(locked, now=now),
        )
        require(verdict)
        _stop(locked, because, record, now, by_link=by_link)
    return locked


def carry_out_due(*, actor: Actor, now: datetime) -> None:
    """Look how long the machine ran; do what waited long enough and stop what waited too long, each in a step of its own."""
    look_at_uptime(now=now)
    for change in account_queries.waiting():
        if account_queries.is_open(change, now=now) and not account_queries.verdict(change, now=now).allowed:
            continue
        with serialised():
            locked = _locked(change)
            if account_queries.is_open(locked, now=now):
                _carry_out_when_allowed(locked, actor, now)
            elif locked.done_at is None and locked.stopped_at is None:
                _lapse(locked, actor, now)


def _lapse(change: AccountChange, actor: Actor, now: datetime) -> None:
    with step("people.lapse_account_change", actor=actor) as record:
        _stop(change, "Het duurde te lang. Vraag het opnieuw als het nog nodig is.", record, now)


def look_at_uptime(*, now: datetime) -> None:
    """Add how long the machine ran since the last look. After a start, or at another machine's turn, little counts: what ran in
    between is not known for sure.
    """
    uptime = clock.uptime()  # no moment: what a moment is held against
    with serialised():
        known = Running.objects.select_for_update().filter(pk=1).first() or Running(pk=1, boot="", at=0, clock=now)
        if known.boot == uptime.boot:
            known.total += max(uptime.seconds - known.at, 0)
        elif known.boot:
            since = int((now - known.clock).total_seconds())
            known.total += max(min(uptime.seconds, since, LONGEST_GAP), 0)
        known.boot, known.at, known.clock = uptime.boot, uptime.seconds, now
        known.save()


def _carry_out_when_allowed(change: AccountChange, actor: Actor, now: datetime) -> None:
    """Do it when the rule says so, in a step of its own or inside the caller's."""
    if not account_queries.verdict(change, now=now).allowed:
        return
    with step("people.carry_out_account_change", actor=actor) as record:
        kind, person = Change(change.kind), Person.objects.select_for_update().get(pk=change.person.pk)
        if not (still := _may_ask(kind, person, change.because)).allowed:
            _stop(change, still.reason, record, now)
            return
        change.done_at = now
        change.save(update_fields=["done_at"])
        record(_done(change, person))
        if kind in (Change.ADD, Change.RESTORE):
            _set_active(person, active=True)
        elif kind is Change.CLOSE:
            _set_active(person, active=False)
            if person.role == Role.DPO.value:  # what was not seen is for the next who watches
                Notice.objects.filter(receiver=person, seen_at=None).update(receiver=None)
            record(PersonDeactivated(person=str(person.pseudonym), name=person.name))
        elif kind is Change.DEPUTISE:
            begin_in_emergency(person, until=change.until, because=change.because, actor=actor, now=now)
        _tell_done(change, actor, now)


def _done(change: AccountChange, person: Person) -> events.ChangeDone:
    return events.ChangeDone(change=change.pk, kind=change.kind, person=str(person.pseudonym), name=person.name)


def _tell_done(change: AccountChange, actor: Actor, now: datetime) -> None:
    subject, text = account_words.done(change)
    tell(account_queries.who_hears(change), subject=subject, text=text, actor=actor, now=now)


def _set_active(person: Person, *, active: bool) -> None:
    person.is_active = active
    person.save(update_fields=["is_active"])


def note_used(change: AccountChange, *, actor: Actor, now: datetime) -> None:
    """The link of it is used, inside the caller's step: those concerned hear that too. Refused when it does not work (yet)."""
    with step("people.use_account_change", actor=actor) as record:
        locked = _locked(change)
        works = locked.stopped_at is None and locked.done_at is not None and locked.used_at is None
        require(may_use_link(works=works, why_not="" if works else account_words.not_yet(locked)))
        locked.used_at = now
        locked.save(update_fields=["used_at"])
        record(events.ChangeUsed(change=locked.pk, kind=locked.kind, person=str(locked.person.pseudonym)))
        if Change(locked.kind) in LINKED and is_guarded(Change(locked.kind), Role(locked.person.role)):
            subject, text = account_words.used(locked)
            tell(account_queries.who_hears(locked), subject=subject, text=text, actor=actor, now=now)
