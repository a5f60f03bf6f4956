"""Opening one recording under one case, and the account of what was played."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from beeldkluis.cases.about import about
from beeldkluis.cases.letter_actions import make as make_letter
from beeldkluis.documents.words import day_and_time
from beeldkluis.findings.actions import EACH_TIME, raise_finding
from beeldkluis.footage.models import Clip, Recording
from beeldkluis.governance.queries import in_force
from beeldkluis.journal.actions import Record, step
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.relaxed_durability import relaxed_durability
from beeldkluis.people.models import Person
from beeldkluis.people.notice_actions import tell_dpo
from beeldkluis.people.notice_actions import tell_officer as tell
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.succession import may_open_in_emergency
from beeldkluis.protocol.verdict import require
from beeldkluis.protocol.watching import accounts_agree, union
from beeldkluis.sealed.token import hash_token, new_token
from beeldkluis.vault import actions as vault
from beeldkluis.viewing import events, gate, presence_queries, queries
from beeldkluis.viewing.expiry_actions import expire_confirmations
from beeldkluis.viewing.models import FetchedRange, Heartbeat, Opening, PlayedSpan, Viewing

TOLD = """Op {at} zijn beelden bekeken van een opname van uw camera, van {moment}.
Waarvoor: {purpose}. Wie keek en welke seconden, staat in het logboek."""


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
    viewing: Viewing, recording: UUID, *, person: Person, now: datetime, emergency: Emergency | None = None
) -> Opened:
    """Release the headers of one recording through the gate, within a viewing that lasts (privacy-3, work-14, access-6).
    Raises Refused with the reason, Recording.DoesNotExist.

    The journal entry and the release are one transaction: a header that left the house is in the journal. With the
    recovery key the same gate is asked, a second person and a reason are needed, and the data protection officer is told.
    """
    actor = person.as_actor
    with step("viewing.open", actor=actor, about=about(viewing.case)) as record:
        found = Recording.objects.select_for_update(of=("self",)).select_related("officer", "period").get(pk=recording)
        locked = Viewing.objects.select_for_update(of=("self",)).select_related("case").get(pk=viewing.pk)
        # A page may have been asked for before somebody's role changed: what counts is who it is under the lock.
        opener = Person.objects.select_for_update().get(pk=person.pk)
        require(gate.may_open(locked, found, person=opener, now=now))
        if emergency is not None:
            require(may_open_in_emergency(witness=emergency.witness, because=emergency.because))
        opening, token = _begin(locked, found, opener, now)
        objects = queries.objects_to_play(opening)
        headers = {one: vault.release_header(one) for one in objects}
        record(_opened(opening, objects))
        tell_officer(found, opening, actor=actor, now=now)
        if emergency is not None:
            _note_emergency(opening, found, emergency, record, now)
    return Opened(opening, token, headers)


def tell_officer(recording: Recording, opening: Opening, *, actor: Actor, now: datetime) -> None:
    """Footage of somebody's camera was opened: that officer hears of it, once for each viewing, at the dock's screen and by mail,
    or by a letter that the team manager hands over where there is no address. Within the step of the opening.
    """
    officer, before = recording.officer, Opening.objects.filter(viewing=opening.viewing_id, recording=recording.pk)
    if officer is None or before.exclude(pk=opening.pk).exists():
        return
    moment, purpose = day_and_time(recording.activated_at), Purpose(opening.purpose).dutch
    text = TOLD.format(moment=moment, at=day_and_time(now), purpose=purpose.lower()).strip()
    tell(officer, subject="Beelden van uw camera zijn bekeken", text=text, actor=actor, now=now)
    if not officer.email and opening.viewing is not None:
        words = {"about": f"opname {recording} van {moment}", "purpose": purpose, "at": day_and_time(now)}
        case, lines = opening.viewing.case, [officer.name]
        make_letter(case, "officer_notice", words, recipient=lines, email="", actor=actor, now=now)


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
    raise_finding(
        rule="access.emergency",
        key=EACH_TIME,
        text=text,
        recording=recording.pk,
        bodycam=None,
        actor=record.actor,
        now=now,
    )
    told = f"{text} Erbij: {emergency.witness}. Reden: {emergency.because}"
    tell_dpo(subject="Een opname is met de herstelsleutel geopend", text=told, actor=record.actor, now=now)


def _begin(viewing: Viewing, recording: Recording, person: Person, now: datetime) -> tuple[Opening, str]:
    token = new_token()
    opening = Opening.objects.create(
        viewing=viewing,
        recording=recording.pk,
        case=viewing.case.reference,
        purpose=viewing.purpose,
        person=person,
        present=presence_queries.present_now(viewing, now),
        opened_at=now,
        expires_at=viewing.expires_at,
        token_hash=hash_token(token),
    )
    Heartbeat.objects.create(opening=opening, at=now)
    return opening, token


def _opened(opening: Opening, objects: Sequence[UUID]) -> events.RecordingOpened:
    assert opening.viewing_id is not None  # noqa: S101 - made with one, just now
    return events.RecordingOpened(
        recording=opening.recording,
        case=opening.case,
        opening=opening.pk,
        viewing=opening.viewing_id,
        purpose=opening.purpose,
        present=tuple(opening.present),
        clips=tuple(objects),
    )


def note_heartbeat(opening: Opening, *, now: datetime) -> None:
    """Keep the heartbeat of this opening's page. No entry: see journal.guard."""
    Heartbeat.objects.filter(pk=opening.pk, at__lt=now).update(at=now)


def report_played(opening: Opening, spans: Sequence[tuple[UUID, int, int]], *, actor: Actor, now: datetime) -> None:
    """Keep which parts were played, in milliseconds of film, each place once. Parts of clips of another recording are left
    out. Also just after closing: the last seconds may still be on their way.
    """
    known = set(Clip.objects.filter(recording=opening.recording).values_list("object", flat=True))
    told = defaultdict(list)
    for clip, start, end in spans:
        if clip in known:
            told[clip].append((start, end))
    parts = [(clip, first, last) for clip, places in told.items() for first, last in union(places)]
    if not parts:
        return
    with step("viewing.report_played", actor=actor) as record:
        for clip, start, end in parts:
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
    """End an opening; nothing more is given out under it. What the page told and what the server gave out are held beside each
    other, and a finding says so when both cannot be true. Closing twice changes nothing.
    """
    with step("viewing.close", actor=actor) as record:
        locked = Opening.objects.select_for_update().get(pk=opening.pk)
        given, seconds = queries.sealed_bytes(locked), queries.seconds_played(locked)
        record(
            events.OpeningClosed(
                recording=locked.recording, case=locked.case, opening=locked.pk, sealed_bytes=given, seconds=seconds
            )
        )
        if locked.closed_at is None:
            locked.closed_at = now
            locked.save(update_fields=["closed_at"])
            _compare(locked, actor, now)


def _compare(opening: Opening, actor: Actor, now: datetime) -> None:
    for account in queries.accounts(opening):
        verdict = accounts_agree(account, in_force())
        if not verdict.allowed:
            moment = day_and_time(opening.opened_at)
            text = f"Zaak {opening.case}, opname geopend op {moment}. {verdict.reason} Vraag wie keek wat er gebeurde."
            raise_finding(
                rule="access.played",
                key=EACH_TIME,
                text=text,
                recording=opening.recording,
                bodycam=None,
                actor=actor,
                now=now,
            )


def close_all_of(person: Person, *, now: datetime) -> int:
    """Close every opening of a person who leaves the computer. How many."""
    found = [one for one in queries.still_open() if one.person_id == person.pk]
    for opening in found:
        close(opening, actor=person.as_actor, now=now)
    return len(found)


def close_expired(*, actor: Actor, now: datetime) -> int:
    """Close openings that expired, whose page sends no heartbeat (it went away without saying so, the computer sleeps, or the
    line is gone), or that the gate would not allow now. Before that, end the confirmations of presence that expired. How many
    were closed.
    """
    expire_confirmations(actor=actor, now=now)
    found = queries.expired(now)
    for opening in found:
        close(opening, actor=actor, now=now)
    return len(found) + sum(close_without_ground(one, actor=actor, now=now) for one in queries.still_open())


def close_without_ground(opening: Opening, *, actor: Actor, now: datetime) -> bool:
    """Close an opening that the gate would not allow now. True when it was closed."""
    verdict = gate.still_allowed(opening, now)
    if verdict.allowed:
        return False
    with step("viewing.close_without_ground", actor=actor) as record:
        close(opening, actor=actor, now=now)
        record(events.GroundGone(recording=opening.recording, case=opening.case, opening=opening.pk, rule=verdict.rule))
    return True


def note_fetched(opening: Opening, clip: UUID, first: int, last: int, *, now: datetime) -> None:
    """The server's own account of sealed bytes given out, [first, last). No entry each: closing counts them, and the
    opening itself is in the journal. It does not wait for the disk: whoever looks would, at every jump.
    """
    with relaxed_durability():
        FetchedRange.objects.create(opening=opening, clip=clip, first=first, last=last, at=now)
