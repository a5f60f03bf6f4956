"""What the browser found wrong with sealed film: it says so once, and somebody looks into it (privacy-2)."""

from datetime import datetime
from uuid import UUID

from beeldkluis.cases.about import of
from beeldkluis.cases.models import Case
from beeldkluis.findings.actions import raise_finding
from beeldkluis.footage import actions as footage
from beeldkluis.footage.models import Clip, Recording
from beeldkluis.journal.actions import require, step
from beeldkluis.journal.actor import Actor
from beeldkluis.protocol.viewing import is_of_recording
from beeldkluis.viewing import seal_events as events
from beeldkluis.viewing.models import Opening
from beeldkluis.viewing.queries import shows_copy


def report_broken(opening: Opening, clip: UUID, *, no_key: bool, actor: Actor, now: datetime) -> None:
    """A clip of the recording that was opened is not sealed for our key (`no_key`), or a piece of it is not what was sealed.
    Refused for a clip of another recording. Told again it stays one finding.
    """
    case = Case.objects.get(reference=opening.case)
    with step("viewing.report_broken", actor=actor, about=of(case.reference, case.kind)) as record:
        known = Clip.objects.filter(recording=opening.recording, object=clip).exists()
        require(is_of_recording(in_recording=known))
        record(events.SealBroken(recording=opening.recording, case=case.reference, clip=clip, no_key=no_key))
        if no_key and not shows_copy(opening):  # a copy has a key of its own: it says nothing of the film
            footage.report_openable(opening.recording, False, actor=actor, now=now)
            return
        recording = Recording.objects.get(pk=opening.recording)
        text = f"Een stuk van opname {recording} is niet wat er verzegeld is: beschadigd of veranderd. Zet een kopie terug."
        raise_finding(
            rule="storage.sealed",
            key="piece",
            text=text,
            recording=recording.pk,
            bodycam=recording.bodycam_id,
            actor=actor,
            now=now,
        )
