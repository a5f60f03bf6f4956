"""The gate with the facts of this moment: before a recording opens, on the page that says what can open, and while it is open."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from beeldkluis.cases.models import CaseRecording
from beeldkluis.footage.models import Recording
from beeldkluis.governance.queries import in_force
from beeldkluis.people.models import Person
from beeldkluis.protocol import access
from beeldkluis.protocol.presence import InTheRoom
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Verdict
from beeldkluis.protocol.viewing import has_viewing, may_open_in
from beeldkluis.redaction.queries import approved_of
from beeldkluis.viewing import presence_queries, queries
from beeldkluis.viewing.models import Opening, Viewing


@dataclass(frozen=True, slots=True)
class Answer:
    """One recording of a case: may it open now; and may it when everybody comes, or does something else stand in the way?"""

    recording: Recording
    now: Verdict
    with_everybody: Verdict


def role_of(person: Person) -> Role | None:
    """In which role this person acts now; none with a closed account."""
    return Role(person.acting) if person.is_active else None


def is_titular(person: Person) -> bool:
    """The team manager by role, whether acting or resting; not a deputy."""
    return person.role == Role.TEAM_MANAGER.value


def may_open(viewing: Viewing, recording: Recording, *, person: Person, now: datetime) -> Verdict:
    """May this person open this recording in this viewing now? With the rows as they are given: whoever opens locks them."""
    return answers(viewing, [recording], person=person, now=now)[0].now


def answers(viewing: Viewing, recordings: Sequence[Recording], *, person: Person, now: datetime) -> Sequence[Answer]:
    """The same of several recordings, in a number of questions to the database that does not grow with them."""
    links = CaseRecording.objects.filter(case=viewing.case_id, rejected_at__isnull=True, confirmed_at__isnull=False)
    linked = set(links.filter(recording__in=[one.pk for one in recordings]).values_list("recording", flat=True))
    room, protocol = presence_queries.in_the_room(viewing, now), in_force()
    approved = approved_of(viewing.case.reference, [one.pk for one in recordings])
    lasts = viewing.person_id == person.pk and viewing.ended_at is None and viewing.expires_at > now

    def ask(recording: Recording, inside: InTheRoom) -> Verdict:
        if not (going := may_open_in(lasts=lasts)).allowed:
            return going
        return access.may_open(
            role=role_of(person),
            purpose=Purpose(viewing.purpose),
            case=queries.case_facts(viewing.case),
            linked=recording.pk in linked,
            recording_state=recording.state,
            wearer=queries.wearer(recording),
            room=inside,
            approved=recording.pk in approved,
            protocol=protocol,
            titular=is_titular(person),
        )

    return [Answer(one, ask(one, room), ask(one, _everybody(one))) for one in recordings]


def _everybody(recording: Recording) -> InTheRoom:
    wearer = queries.wearer(recording)
    room = InTheRoom(team_manager=True, officers=frozenset({wearer}), requester=True)
    return room if wearer else replace(room, replaced=frozenset({wearer}))  # somebody stands in for who is not known


def still_allowed(opening: Opening, now: datetime) -> Verdict:
    """Would what is open open now? Asked again at every request that gives something of it, and each minute, because its ground
    may go while it is open: somebody leaves or loses a role, the case moves on, the recording turns out to be of another case.
    Reads every fact anew.
    """
    found = Opening.objects.select_related("viewing__case", "person").get(pk=opening.pk)
    recording = Recording.objects.select_related("officer", "period").filter(pk=found.recording).first()
    if found.viewing is None or recording is None:
        return has_viewing(known=False)
    return may_open(found.viewing, recording, person=found.person, now=now)
