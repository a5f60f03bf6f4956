"""Reading for the viewing screens."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Sum
from django.db.models.functions import Coalesce

from beeldkluis.cases.models import Case, CaseRecording
from beeldkluis.footage.models import Clip, Recording
from beeldkluis.intake.axis import BOOKMARK_TYPE, KEY_TYPE, TRACK_TYPE, key_name
from beeldkluis.people.models import Person, TeamKey
from beeldkluis.people.queries import active_key
from beeldkluis.protocol.access import CaseFacts
from beeldkluis.protocol.cases import CaseKind, CaseState
from beeldkluis.sealed.token import hash_token, same
from beeldkluis.vault.queries import inner_kind, payload_size
from beeldkluis.viewing.models import FetchedRange, Opening


@dataclass(frozen=True, slots=True)
class Question:
    """What the opening page asks about: the case, the recording, and whether the two belong together."""

    case: Case
    recording: Recording
    linked: bool


def question(reference: str, recording: UUID) -> Question | None:
    """The case and the recording by their names; None when one does not exist."""
    case = Case.objects.filter(reference=reference).first()
    found = Recording.objects.select_related("bodycam", "officer").filter(pk=recording).first()
    if case is None or found is None:
        return None
    return Question(case, found, is_linked(case, recording))


def is_linked(case: Case, recording: UUID) -> bool:
    """Did the team manager confirm that this recording belongs to this case?"""
    links = CaseRecording.objects.filter(case=case, recording=recording, rejected_at__isnull=True)
    return links.filter(confirmed_at__isnull=False).exists()


def case_facts(case: Case) -> CaseFacts:
    """What the gate must know of a case."""
    return CaseFacts(
        reference=case.reference,
        kind=CaseKind(case.kind),
        state=CaseState(case.state),
        about_team_manager=case.about_team_manager,
    )


def clips(recording: UUID) -> Sequence[Clip]:
    """The clips of a recording in order."""
    return list(Clip.objects.filter(recording=recording).order_by("position"))


def opening_for(opening: UUID, person: Person, *, now: datetime) -> Opening | None:
    """The person's own opening while it lasts; None when it is somebody else's, closed or over."""
    return Opening.objects.filter(pk=opening, person=person, closed_at__isnull=True, expires_at__gt=now).first()


def token_fits(opening: Opening, token: str) -> bool:
    """Compares in constant time."""
    return same(opening.token_hash, hash_token(token))


def sealed_bytes(opening: Opening) -> int:
    """How many bytes of sealed film the server gave out under this opening."""
    ranges = FetchedRange.objects.filter(opening=opening)
    return int(ranges.aggregate(total=Coalesce(Sum("last") - Sum("first"), 0))["total"])


def expired(now: datetime) -> Sequence[Opening]:
    """Openings whose time is over and that nobody closed."""
    return list(Opening.objects.filter(closed_at__isnull=True, expires_at__lte=now)[:200])


def has_clip(opening: Opening, clip: UUID) -> bool:
    """Is this clip part of the opened recording?"""
    return Clip.objects.filter(recording=opening.recording, object=clip).exists()


def clips_for_browser(recording: UUID, headers: Mapping[UUID, bytes]) -> list[dict[str, object]]:
    """One line per film: what the browser needs to open and play it. Bytes as base64, sizes in bytes.

    Film from an Axis camera comes with its key object, which is sealed too, and the team's sealed RSA key.
    """
    everything = clips(recording)
    keys = {clip.name: clip for clip in everything if clip.content_type == KEY_TYPE}
    films = [clip for clip in everything if clip.content_type not in (KEY_TYPE, TRACK_TYPE, BOOKMARK_TYPE)]
    return [_for_browser(clip, headers) | _camera_key(keys.get(key_name(clip.name)), headers) for clip in films]


def _for_browser(clip: Clip, headers: Mapping[UUID, bytes]) -> dict[str, object]:
    return {
        "object": str(clip.object),
        "header": base64.b64encode(headers[clip.object]).decode(),
        "sealed_size": payload_size(clip.object),
        "content_type": clip.content_type,
        "inner_kind": inner_kind(clip.object),
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
