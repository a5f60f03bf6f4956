"""The films of a recording, in order, and how long each is."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from beeldkluis.footage.models import Clip, Recording
from beeldkluis.intake.axis import BOOKMARK_TYPE, KEY_TYPE, TRACK_TYPE, begins

NO_FILM = (KEY_TYPE, TRACK_TYPE, BOOKMARK_TYPE)


def clips(recording: UUID) -> Sequence[Clip]:
    """The clips of a recording in order."""
    return list(Clip.objects.filter(recording=recording).order_by("position"))


def films(recording: UUID) -> Sequence[Clip]:
    """The clips that are film, in order: an Axis camera sends keys and tracks beside them. Its films are named by when they
    begin, and come in any order.
    """
    found = [clip for clip in clips(recording) if clip.content_type not in NO_FILM]
    return sorted(found, key=lambda clip: clip.name) if all(begins(clip.name) for clip in found) else found


def lengths(recording: UUID) -> Mapping[UUID, int]:
    """How long each film is in milliseconds: as the dock measured it, or else its part, by size, of what is left of the whole
    recording. No camera system tells the length of its sealed film, and the page is not asked: it is what is being checked.
    """
    found = films(recording)
    whole = Recording.objects.get(pk=recording).duration_ms
    left = max(0, whole - sum(clip.duration_ms or 0 for clip in found))
    bytes_left = sum(clip.source_size for clip in found if not clip.duration_ms)
    return {
        clip.object: clip.duration_ms or (left * clip.source_size // bytes_left if bytes_left else 0) for clip in found
    }
