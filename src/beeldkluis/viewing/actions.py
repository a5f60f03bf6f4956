"""Opening one recording under one case, and the account of what was played."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from beeldkluis.devices.actions import raise_finding
from beeldkluis.footage import actions as footage
from beeldkluis.footage.models import Clip, Recording
from beeldkluis.footage.queries import unchecked
from beeldkluis.governance.queries import in_force
from beeldkluis.journal.actions import Record, step
from beeldkluis.journal.actor import Actor
from beeldkluis.people.deputation_actions import tell_dpo
from beeldkluis.people.models import Person
from beeldkluis.protocol import access
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.succession import may_open_in_emergency
from beeldkluis.protocol.verdict import require
from beeldkluis.sealed.token import hash_token, new_token
from beeldkluis.vault import actions as vault
from beeldkluis.viewing import events, queries
from beeldkluis.viewing.models import FetchedRange, Opening, PlayedSpan

CHECKED_AT_ONCE = 200  # recordings: the page asks again while there are more


@dataclass(frozen=True, slots=True)
class Opened:
    """What the browser gets: the opening, its token (shown once), and one header per clip."""

    opening: Opening
    token: str
    headers: Mapping[UUID, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Emergency:
    """The recovery key is used instead of the person's own: who else is there, and why."""

    witness: str
    because: str


def open_recording(
    question: queries.Question,
    *,
    purpose: access.Purpose,
    present: Sequence[str],
    person: Person,
    now: datetime,
    emergency: Emergency | None = None,
) -> Opened:
    """Release the headers of one recording through the gate (privacy-3, work-14). Raises Refused with the reason.

    The journal entry and the release are one transaction: a header that left the house is in the journal. With the
    recovery key the same gate is asked, a second person and a reason are needed, and the data protection officer is told.
    """
    actor = person.as_actor
    with step("viewing.open", actor=actor) as record:
        recording = Recording.objects.select_for_update().get(pk=question.recording.pk)
        verdict = access.may_open(
            role=actor.role,
            purpose=purpose,
            case=queries.case_facts(question.case),
            linked=queries.is_linked(question.case, recording.pk),
            recording_state=recording.state,
            present=frozenset(present),
            titular=person.role == Role.TEAM_MANAGER,
        )
        require(verdict)
        if emergency is not None:
            require(may_open_in_emergency(witness=emergency.witness, because=emergency.because))
        opening, token = _begin(question, purpose, present, person, now)
        objects = tuple(clip.object for clip in queries.clips(recording.pk))
        headers = {one: vault.release_header(one) for one in objects}
        record(_opened(opening, objects))
        if emergency is not None:
            _note_emergency(opening, recording, emergency, record, now)
    return Opened(opening, token, headers)


def _note_emergency(
    opening: Opening, recording: Recording, emergency: Emergency, record: Record, now: datetime
) -> None:
    opening.emergency_witness, opening.emergency_because = emergency.witness, emergency.because
    opening.save(update_fields=["emergency_witness", "emergency_because"])
    record(
        events.OpenedInEmergency(
            recording=opening.recording,
            case=opening.case,
            opening=opening.pk,
            witness=emergency.witness,
            because=emergency.because,
        )
    )
    text = f"Opname {recording} is met de herstelsleutel geopend onder zaak {opening.case}."
    raise_finding(rule="access.emergency", text=text, recording=recording.pk, bodycam=None, actor=record.actor, now=now)
    told = f"{text} Erbij: {emergency.witness}. Reden: {emergency.because}"
    tell_dpo(subject="Een opname is met de herstelsleutel geopend", text=told, actor=record.actor, now=now)


def _begin(
    question: queries.Question, purpose: access.Purpose, present: Sequence[str], person: Person, now: datetime
) -> tuple[Opening, str]:
    token = new_token()
    opening = Opening.objects.create(
        recording=question.recording.pk,
        case=question.case.reference,
        purpose=purpose.value,
        person=person,
        present=sorted(present),
        opened_at=now,
        expires_at=access.opening_ends(now, in_force()),
        token_hash=hash_token(token),
    )
    return opening, token


def _opened(opening: Opening, objects: tuple[UUID, ...]) -> events.RecordingOpened:
    return events.RecordingOpened(
        recording=opening.recording,
        case=opening.case,
        opening=opening.pk,
        purpose=opening.purpose,
        present=tuple(opening.present),
        clips=objects,
    )


def report_played(opening: Opening, spans: Sequence[tuple[UUID, int, int]], *, actor: Actor, now: datetime) -> None:
    """Keep which parts were played, in milliseconds of film. Parts of clips of another recording are left out."""
    known = set(Clip.objects.filter(recording=opening.recording).values_list("object", flat=True))
    told = [span for span in spans if span[0] in known and 0 <= span[1] < span[2]]
    if not told:
        return
    with step("viewing.report_played", actor=actor) as record:
        for clip, start, end in told:
            PlayedSpan.objects.create(opening=opening, clip=clip, start_ms=start, end_ms=end, reported_at=now)
            record(
                events.SecondsPlayed(
                    recording=opening.recording,
                    case=opening.case,
                    opening=opening.pk,
                    clip=clip,
                    start_ms=start,
                    end_ms=end,
                )
            )


def close(opening: Opening, *, actor: Actor, now: datetime) -> None:
    """End an opening; nothing more is given out under it. Closing twice changes nothing."""
    with step("viewing.close", actor=actor) as record:
        locked = Opening.objects.select_for_update().get(pk=opening.pk)
        record(
            events.OpeningClosed(
                recording=locked.recording,
                case=locked.case,
                opening=locked.pk,
                sealed_bytes=queries.sealed_bytes(locked),
            )
        )
        if locked.closed_at is None:
            locked.closed_at = now
            locked.save(update_fields=["closed_at"])


def close_expired(*, actor: Actor, now: datetime) -> int:
    """End the openings whose time is over: pages that went away without saying so. How many there were."""
    found = queries.expired(now)
    for opening in found:
        close(opening, actor=actor, now=now)
    return len(found)


def note_fetched(opening: Opening, clip: UUID, first: int, last: int, *, now: datetime) -> None:
    """The server's own account of sealed bytes given out, [first, last). No entry each: closing counts them, and the
    opening itself is in the journal.
    """
    FetchedRange.objects.create(opening=opening, clip=clip, first=first, last=last, at=now)


def give_headers_for_check(*, actor: Actor) -> dict[UUID, list[bytes]]:
    """Headers of recordings that nobody tried yet, for the team manager's browser to see whether they open.

    No film goes with them: sealed bytes are only given out under an opening. Raises Refused for any other role.
    """
    require(access.may(actor.role, access.Act.REPORT_OPENABLE))
    given: dict[UUID, list[bytes]] = {}
    for recording in unchecked()[:CHECKED_AT_ONCE]:
        with step("viewing.give_headers", actor=actor) as record:
            objects = tuple(clip.object for clip in queries.clips(recording.pk))
            given[recording.pk] = [vault.release_header(one) for one in objects]
            record(events.HeadersGivenForCheck(recording=recording.pk, clips=objects))
    return given


def report_check(outcome: Mapping[UUID, bool], *, actor: Actor, now: datetime) -> None:
    """Keep what the browser found; a header that does not open becomes a finding within the day."""
    for recording, openable in outcome.items():
        footage.report_openable(recording, openable, actor=actor, now=now)
