"""Marks and notes while looking. They stand with the case and say where in a clip; the footage itself stays as it is."""

from datetime import datetime
from uuid import UUID

from beeldkluis.cases.about import of
from beeldkluis.cases.models import Case
from beeldkluis.footage.models import Clip
from beeldkluis.journal.actions import require, serialised, step
from beeldkluis.journal.actor import Actor
from beeldkluis.protocol.viewing import may_mark
from beeldkluis.viewing import events
from beeldkluis.viewing.models import Marker, Opening

LONGEST = 500  # letters


def add(opening: Opening, clip: UUID, *, at_ms: int, note: str, actor: Actor, now: datetime) -> Marker:
    """Mark a place in a clip of the recording that is open. Refused for a clip of another recording."""
    case = Case.objects.get(reference=opening.case)
    with step("viewing.mark", actor=actor, about=of(case.reference, case.kind)) as record:
        known = Clip.objects.filter(recording=opening.recording, object=clip).exists()
        require(may_mark(in_recording=known, at_ms=at_ms))
        made = Marker.objects.create(
            case=case,
            recording=opening.recording,
            clip=clip,
            at_ms=at_ms,
            note=note.strip()[:LONGEST],
            made_by=opening.person,
            made_at=now,
        )
        event = events.MarkerMade(
            recording=made.recording, case=case.reference, marker=made.pk, clip=clip, at_ms=at_ms, note=made.note
        )
        record(event)
    return made


def remove(opening: Opening, marker: int, *, actor: Actor, now: datetime) -> None:
    """Take a mark of this case and recording away. Again, or one that is not there, changes nothing."""
    case = Case.objects.get(reference=opening.case)
    with serialised():
        own = Marker.objects.filter(case=case, recording=opening.recording, pk=marker, removed_at__isnull=True)
        if not own.exists():
            return
        with step("viewing.remove_mark", actor=actor, about=of(case.reference, case.kind)) as record:
            own.update(removed_at=now)
            record(events.MarkerRemoved(recording=opening.recording, case=case.reference, marker=marker))
