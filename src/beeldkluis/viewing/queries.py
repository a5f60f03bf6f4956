"""Reading for the viewing screens."""

import base64
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from beeldkluis.cases import queries as cases
from beeldkluis.cases.models import Case
from beeldkluis.footage.models import Clip, Recording
from beeldkluis.governance.queries import in_force
from beeldkluis.intake.axis import KEY_TYPE, key_name
from beeldkluis.intake.film_queries import clips, films, lengths
from beeldkluis.people.models import Person, TeamKey
from beeldkluis.people.queries import active_key
from beeldkluis.protocol.access import CaseFacts
from beeldkluis.protocol.cases import CaseState
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Verdict
from beeldkluis.protocol.viewing import is_what_opened
from beeldkluis.protocol.watching import Account, is_left_alone, total
from beeldkluis.redaction import queries as redaction
from beeldkluis.sealed.token import hash_token, same
from beeldkluis.vault.errors import GoneError
from beeldkluis.vault.queries import inner_kind, payload_size
from beeldkluis.viewing.models import (
    Attendance,
    FetchedRange,
    Marker,
    Opening,
    PlayedSpan,
    Viewing,
    ViewingCopy,
)

MADE = ViewingCopy.State.MADE
LATE = timedelta(hours=1)  # so long after closing a page whose line was away may tell what it showed before


def case_named(reference: str) -> Case | None:
    """The case with this reference, as it stands in an address: there anything may stand, also what no database compares."""
    return None if "\0" in reference else cases.get(reference)


def case_facts(case: Case) -> CaseFacts:
    """What the gate must know of a case."""
    return CaseFacts(
        reference=case.reference,
        kind=CaseKind(case.kind),
        state=CaseState(case.state),
        about_team_manager=case.about_team_manager,
    )


def opening_for(opening: UUID, person: Person, *, now: datetime, fetched: Opening | None = None) -> Opening | None:
    """The person's own opening while it lasts; None when it is somebody else's, closed, over, or left alone for too long.
    `fetched`: that opening with its heartbeat, when this request asked the database for it already.
    """
    known = Opening.objects.select_related("heartbeat").filter(pk=opening, heartbeat__isnull=False)
    found = fetched or known.first()
    if found is None or found.person_id != person.pk or found.closed_at is not None or found.expires_at <= now:
        return None
    return None if is_left_alone(found.heartbeat.at, protocol=in_force(), now=now) else found


def opening_told(opening: UUID, person: Person, *, now: datetime) -> Opening | None:
    """The person's own opening, also when it was closed a short while ago: what was seen before may still come in."""
    own = Opening.objects.select_related("viewing").filter(pk=opening, person=person)
    return own.filter(Q(closed_at__isnull=True) | Q(closed_at__gt=now - LATE)).first()


def token_fits(opening: Opening, token: str) -> bool:
    """Compares in constant time."""
    return same(opening.token_hash, hash_token(token))


def sealed_bytes(opening: Opening) -> int:
    """How many bytes of sealed film the server gave out under this opening."""
    ranges = FetchedRange.objects.filter(opening=opening)
    return int(ranges.aggregate(total=Coalesce(Sum("last") - Sum("first"), 0))["total"])


def expired(now: datetime) -> Sequence[Opening]:
    """Openings not closed yet that expired, or whose page sent no heartbeat for too long."""
    alone = Q(heartbeat__at__lt=now - in_force().minutes("access.left-alone")) | Q(heartbeat__isnull=True)
    found = Opening.objects.select_related("viewing__case").filter(Q(expires_at__lte=now) | alone)
    return list(found.filter(closed_at__isnull=True)[:200])


def still_open() -> Sequence[Opening]:
    """Everything that is open now: few, as one person at a time opens."""
    return list(Opening.objects.filter(closed_at__isnull=True).order_by("opened_at"))


def seconds_played(opening: Opening) -> int:
    """How much film was played according to the page, each moment once; whole seconds."""
    return sum(total(account.played) for account in accounts(opening)) // 1000


def accounts(opening: Opening) -> Sequence[Account]:
    """For each film what the page told and what the server gave out, of the clip or of its viewing copy."""
    played, fetched = defaultdict(list), defaultdict(list)
    for span in PlayedSpan.objects.filter(opening=opening):
        played[span.clip].append((span.start_ms, span.end_ms))
    for given in FetchedRange.objects.filter(opening=opening):
        fetched[given.clip].append((given.first, given.last))
    copies = _copies_given(opening, fetched)
    found = []
    for clip, length in lengths(opening.recording).items():
        copy = copies.get(clip, clip)
        source = copy if copy in fetched else clip  # a copy that was made while this was open did not play here
        told = Account(
            duration_ms=length, played=tuple(played[clip]), size=_size(source), fetched=tuple(fetched[source])
        )
        found.append(told)
    return found


def _size(wanted: UUID) -> int:
    try:
        return payload_size(wanted)
    except GoneError:  # destroyed while it was open: nothing left to compare with
        return 0


def made_copies(recording: UUID) -> Mapping[UUID, UUID]:
    """Clip -> the sealed object of its viewing copy, of those that are made."""
    made = ViewingCopy.objects.filter(recording=recording, state=MADE)
    return dict(made.values_list("clip", "object"))


def shows_copy(opening: Opening) -> bool:
    """Is it for a requester, who sees approved copies of this case and never the film itself?"""
    return opening.purpose == Purpose.VIEW_WITH_DATA_SUBJECT


def _copies_given(opening: Opening, given: Mapping[UUID, object]) -> Mapping[UUID, UUID]:
    """Film -> the copy of it that played under this opening: one that was withdrawn since is still what was seen."""
    if not shows_copy(opening):
        return made_copies(opening.recording)
    made = redaction.copies_ever(opening.case, opening.recording)
    return {clip: copy for clip, copy in made if copy in given}


def objects_to_play(opening: Opening) -> Sequence[UUID]:
    """The sealed objects whose headers an opening releases: every clip and the viewing copies, and for whoever redacts the copies
    that wait to be checked. For a requester the approved copies of this case alone.
    """
    if shows_copy(opening):
        return sorted(redaction.approved(opening.case, opening.recording).values())
    own = [one.object for one in clips(opening.recording)] + sorted(made_copies(opening.recording).values())
    if opening.purpose != Purpose.REDACT:
        return own
    return own + sorted(made.object for made in redaction.to_check(opening.case, opening.recording).values())


def gives_out(opening: Opening, wanted: UUID) -> Verdict:
    """May sealed bytes of this object go out under this opening, now? Asked at every piece of film of a requester's."""
    approved = redaction.approved(opening.case, opening.recording).values() if shows_copy(opening) else ()
    return is_what_opened(shows_copy=shows_copy(opening), approved=wanted in approved)


def for_browser(opening: Opening, headers: Mapping[UUID, bytes]) -> list[dict[str, object]]:
    """One line per film that this opening shows; see `clips_for_browser`. For a requester the approved copies alone: `object` is
    the film that it is a copy of, which is what the page tells of.
    """
    if not shows_copy(opening):
        told = clips_for_browser(opening.recording, headers)
        return _with_copies(opening, told, headers) if opening.purpose == Purpose.REDACT else told
    copies, about = redaction.approved(opening.case, opening.recording), lengths(opening.recording)
    return [
        {"object": str(clip.object), "duration_ms": clip.duration_ms, "about_ms": about[clip.object]}
        | copy_for_browser(copies[clip.object], headers)
        for clip in films(opening.recording)
        if copies.get(clip.object) in headers
    ]


def _with_copies(
    opening: Opening, told: list[dict[str, object]], headers: Mapping[UUID, bytes]
) -> list[dict[str, object]]:
    """For whoever redacts: beside each film the copy that waits to be checked, and of which version it is; and where a viewing
    copy plays in the film's place, the film's own header, for its key is what is lent and what opens an analysis.
    """
    made = {str(clip): one for clip, one in redaction.to_check(opening.case, opening.recording).items()}
    own = {str(clip.object): _for_browser(clip, headers) for clip in films(opening.recording)}
    found = []
    for film in told:
        one, original = made.get(str(film["object"])), own[str(film["object"])]
        more: dict[str, object] = {}
        if film["is_copy"]:
            more["original"] = {name: original[name] for name in ("header", "inner_kind")}
        if one is not None and one.object in headers:
            more["rendering"] = copy_for_browser(one.object, headers) | {"version": one.version}
        found.append(film | more)
    return found


def clips_for_browser(recording: UUID, headers: Mapping[UUID, bytes]) -> list[dict[str, object]]:
    """One line per film: what the browser needs to open and play it. Bytes as base64, sizes in bytes.

    Film from an Axis camera comes with its key object, which is sealed too, and the team's sealed RSA key. Where a viewing
    copy was made, it is what plays; `object` stays the clip, which is what the page tells of.
    """
    everything, copies = clips(recording), made_copies(recording)
    keys = {clip.name: clip for clip in everything if clip.content_type == KEY_TYPE}
    told, about = [], lengths(recording)
    for clip in films(recording):
        copy = copies.get(clip.object)
        whole = _for_browser(clip, headers) | _camera_key(keys.get(key_name(clip.name)), headers)
        whole["about_ms"] = about[clip.object]
        told.append(whole | (copy_for_browser(copy, headers) if copy is not None and copy in headers else {}))
    openable = [one for one in told if one["inner_kind"] != "axis-cbc" or "axis" in one]
    return (
        openable or told
    )  # what came without its camera's key keeps the rest from nobody; the page says that it is missing


def _for_browser(clip: Clip, headers: Mapping[UUID, bytes]) -> dict[str, object]:
    return {
        "object": str(clip.object),
        "source": str(clip.object),
        "header": base64.b64encode(headers[clip.object]).decode(),
        "sealed_size": payload_size(clip.object),
        "content_type": clip.content_type,
        "inner_kind": inner_kind(clip.object),
        "duration_ms": clip.duration_ms,
        "is_copy": False,
    }


def copy_for_browser(copy: UUID, headers: Mapping[UUID, bytes]) -> dict[str, object]:
    """What the browser needs to open and play a copy. Bytes as base64, sizes in bytes. GoneError when it was destroyed."""
    return {
        "source": str(copy),
        "header": base64.b64encode(headers[copy]).decode(),
        "sealed_size": payload_size(copy),
        "content_type": "video/mp4",
        "inner_kind": inner_kind(copy),
        "is_copy": True,
    }


def _camera_key(key: Clip | None, headers: Mapping[UUID, bytes]) -> dict[str, object]:
    team = active_key(TeamKey.Kind.AXIS)
    if key is None or team is None or team.sealed_private is None:
        return {}
    return {
        "axis": {
            "sealed_private": base64.b64encode(bytes(team.sealed_private)).decode(),
            "key": _for_browser(key, headers),
        }
    }


def viewing(pk: UUID, person: Person) -> Viewing | None:
    """This person's own viewing, also after it ended."""
    return Viewing.objects.select_related("case", "person").filter(pk=pk, person=person).first()


def any_viewing(pk: UUID) -> Viewing | None:
    """A viewing, whosever it is."""
    return Viewing.objects.select_related("case", "person", "appointment__room").filter(pk=pk).first()


def lasting(case: Case, person: Person, now: datetime) -> Sequence[Viewing]:
    """The viewings of this person under this case that go on."""
    found = Viewing.objects.select_related("case").filter(case=case, person=person, ended_at__isnull=True)
    return list(found.filter(expires_at__gt=now).order_by("-begun_at"))


def with_number(number: str, now: datetime) -> Viewing | None:
    """The viewing that goes on and shows this number; None when there is none."""
    found = Viewing.objects.select_related("case", "person").filter(number=number, ended_at__isnull=True)
    return found.filter(expires_at__gt=now).first()


def numbers_in_use(now: datetime) -> frozenset[str]:
    """The numbers of viewings that go on."""
    going = Viewing.objects.filter(ended_at__isnull=True, expires_at__gt=now)
    return frozenset(going.values_list("number", flat=True))


def expired_viewings(now: datetime) -> Sequence[Viewing]:
    """Viewings that expired and were not ended."""
    return list(Viewing.objects.select_related("case").filter(ended_at__isnull=True, expires_at__lte=now)[:200])


def viewings_of(case: Case) -> Sequence[Viewing]:
    """All viewings under a case, the newest first."""
    return list(Viewing.objects.filter(case=case).select_related("person").order_by("-begun_at"))


def unreported(person: Person) -> Sequence[Viewing]:
    """Viewings that are over, in which something was opened, and of which this person may still make the report, whoever began
    them: all, but a case about the team manager is not that person's own.
    """
    found = Viewing.objects.select_related("case").filter(ended_at__isnull=False, reported_at__isnull=True)
    if person.role == Role.TEAM_MANAGER:
        found = found.exclude(case__about_team_manager=True)
    return list(found.filter(openings__isnull=False).distinct().order_by("begun_at"))


def attendance(viewing: Viewing, pk: int) -> Attendance | None:
    """One of them."""
    return viewing.attendances.select_related("officer", "viewing__case", "viewing__person").filter(pk=pk).first()


def wearer(recording: Recording) -> str:
    """The pseudonym of who wore the camera; empty when that is not known, or does not stand: what was entered after the recording
    could have been entered for this viewing.
    """
    return str(recording.officer.pseudonym) if recording.officer and recording.wearer_stands.allowed else ""


def open_in(viewing: Viewing) -> Sequence[Opening]:
    """What is open in a viewing now."""
    return list(viewing.openings.filter(closed_at__isnull=True).order_by("opened_at"))


def openings_in(viewing: Viewing) -> Sequence[Opening]:
    """Everything that was opened in a viewing, in order."""
    return list(viewing.openings.order_by("opened_at"))


def openings_of(recordings: Sequence[UUID]) -> Sequence[Opening]:
    """Every time that one of these recordings was opened, in order, with who was there."""
    found = Opening.objects.filter(recording__in=recordings).select_related("viewing")
    return list(found.prefetch_related("viewing__attendances").order_by("opened_at", "pk"))


def seconds_of(openings: Sequence[Opening]) -> Mapping[UUID, int]:
    """How many seconds of each opening were played, as `seconds_played` counts them, in two questions for all of them."""
    known = Clip.objects.filter(recording__in={one.recording for one in openings}).values("object")
    spans: dict[UUID, dict[UUID, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for span in PlayedSpan.objects.filter(opening__in={one.pk for one in openings}, clip__in=known):
        spans[span.opening_id][span.clip].append((span.start_ms, span.end_ms))
    return {one.pk: sum(total(played) for played in spans[one.pk].values()) // 1000 for one in openings}


def markers(case: Case, recording: UUID) -> Sequence[Marker]:
    """The marks in a recording under a case, in order."""
    found = Marker.objects.filter(case=case, recording=recording, removed_at__isnull=True)
    return list(found.order_by("clip", "at_ms", "pk"))


def recording(pk: UUID) -> Recording | None:
    """One recording."""
    return Recording.objects.select_related("officer", "bodycam", "period").filter(pk=pk).first()
