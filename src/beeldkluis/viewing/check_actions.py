"""The daily check whether new recordings open: headers go to the team manager's browser once, without film (decision 0122)."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from beeldkluis.findings.actions import EACH_TIME, raise_finding
from beeldkluis.findings.queries import open_with
from beeldkluis.footage import actions as footage
from beeldkluis.governance.queries import in_force
from beeldkluis.intake.film_queries import clips
from beeldkluis.journal.actions import require, serialised, step
from beeldkluis.journal.actor import Actor
from beeldkluis.people.models import Person
from beeldkluis.people.notice_actions import tell_dpo
from beeldkluis.protocol.access import Act, has_unanswered, may, may_give_again
from beeldkluis.protocol.presence import recently_proved
from beeldkluis.vault import actions as vault
from beeldkluis.viewing import check_queries, events
from beeldkluis.viewing.models import HeaderCheck

AT_ONCE = 200  # recordings: the page asks again while there are more
RULE = "access.check-once"
UNANSWERED = "unanswered"  # the key of its finding
OPEN = (
    "De zegels van nieuwe opnames zijn voor de controle gegeven en er kwam geen uitkomst terug, terwijl er opnieuw om werd"
    " gevraagd. Zij zijn niet nog eens gegeven. Vraag wie controleerde wat er is gebeurd."
)
AGAIN = (
    "De zegels van opnames worden nog een keer voor de controle gegeven, zonder uitkomst van de vorige keer. Aantal: {number}."
    " Reden: {because}"
)


def give_headers(person: Person, *, proved_at: datetime | None, now: datetime) -> dict[UUID, list[bytes]]:
    """Headers of recordings that nobody tried yet, for the team manager's browser to see whether they open; each only once.

    No film goes with them: sealed bytes are only given out under an opening. Refused for any other role, and without the
    second factor shown shortly before (`proved_at`). Asking while an outcome is missing is told, and gives nothing twice.
    """
    actor, given = person.as_actor, dict[UUID, list[bytes]]()
    require(may(actor.role, Act.REPORT_OPENABLE))
    require(recently_proved(proved_at, protocol=in_force(), now=now))
    if check_queries.unanswered().exists():
        _tell_of_unanswered(actor, now)
    for recording in check_queries.to_give(AT_ONCE):
        with serialised():
            row = HeaderCheck.objects.select_for_update().filter(pk=recording).first()
            if row is None or row.again or row.reported_at is not None:  # else another window was first
                given[recording] = _give(recording, row, person, now)
    return given


def _give(recording: UUID, row: HeaderCheck | None, person: Person, now: datetime) -> list[bytes]:
    with step("viewing.give_headers", actor=person.as_actor) as record:
        times = row.times + 1 if row else 1
        row = row or HeaderCheck(recording=recording)
        row.person, row.given_at, row.times, row.reported_at, row.again = person.pseudonym, now, times, None, False
        row.save()
        objects = tuple(clip.object for clip in clips(recording))
        headers = [vault.release_header(one) for one in objects]
        record(events.HeadersGivenForCheck(recording=recording, clips=objects, times=times))
    return headers


def _tell_of_unanswered(actor: Actor, now: datetime) -> None:
    """One finding and one mail, until somebody settled it."""
    if open_with(rule=RULE, key=UNANSWERED, recording=None) is not None:
        return
    with step("viewing.tell_of_unanswered_check", actor=actor) as record:
        record(events.HeadersAskedUnanswered(recordings=check_queries.unanswered().count()))
        raise_finding(rule=RULE, key=UNANSWERED, text=OPEN, recording=None, bodycam=None, actor=actor, now=now)
        tell_dpo(subject="Zegels nog eens gevraagd voor de controle", text=OPEN, actor=actor, now=now)


def ask_again(because: str, *, person: Person, now: datetime) -> int:
    """The browser stopped half-way: say why, and what got no outcome may be given once more. Always told. How many."""
    actor = person.as_actor
    with step("viewing.ask_headers_again", actor=actor) as record:
        require(may(actor.role, Act.REPORT_OPENABLE))
        require(may_give_again(because))
        number = check_queries.unanswered().update(again=True)
        require(has_unanswered(number))
        record(events.HeadersAskedAgain(recordings=number, because=because.strip()))
        text = AGAIN.format(number=number, because="die staat in het logboek.")
        raise_finding(rule=RULE, key=EACH_TIME, text=text, recording=None, bodycam=None, actor=actor, now=now)
        told = AGAIN.format(number=number, because=because.strip())
        tell_dpo(subject="Zegels worden nog eens gegeven voor de controle", text=told, actor=actor, now=now)
    return number


def report(outcome: Mapping[UUID, bool], *, person: Person, now: datetime) -> None:
    """Keep what the browser found; a header that does not open becomes a finding within the day. Only of what was given to
    this person and not reported yet: nobody vouches for a seal that was never tried. The rest is passed over.
    """
    given = HeaderCheck.objects.filter(pk__in=outcome, person=person.pseudonym, reported_at__isnull=True)
    for row in given:
        with step("viewing.report_check", actor=person.as_actor) as record:
            footage.report_openable(row.recording, outcome[row.recording], actor=person.as_actor, now=now)
            row.reported_at, row.again = now, False
            row.save(update_fields=["reported_at", "again"])
            record(events.HeaderCheckReported(recording=row.recording))
