"""What the server gave out of a film to whoever reviews its copy: held beside what that person says was played."""

from collections import defaultdict
from uuid import UUID

from beeldkluis.people.models import Person
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.watching import total
from beeldkluis.redaction.models import Redaction
from beeldkluis.vault.errors import GoneError
from beeldkluis.vault.queries import payload_size
from beeldkluis.viewing.models import FetchedRange
from beeldkluis.viewing.queries import made_copies


def share_given(one: Redaction, person: Person) -> float:
    """How much of the film's sealed bytes went out to this person while it was open to make others unrecognisable under this
    case, each byte once: 1.0 is all of the film, of its viewing copy or of a copy of this case, and parts of each add up.
    """
    wanted = {one.clip, made_copies(one.recording).get(one.clip, one.clip)}
    wanted.update(one.renderings.values_list("object", flat=True))
    given = FetchedRange.objects.filter(
        clip__in=wanted, opening__person=person, opening__recording=one.recording,
        opening__case=one.case.reference, opening__purpose=Purpose.REDACT.value,
    )  # fmt: skip
    spans: dict[UUID, list[tuple[int, int]]] = defaultdict(list)
    for clip, first, last in given.values_list("clip", "first", "last"):
        spans[clip].append((first, last))
    return sum(total(told) / size for clip, told in spans.items() if (size := _size(clip)))


def _size(wanted: UUID) -> int:
    try:
        return payload_size(wanted)
    except GoneError:  # destroyed while it was open
        return 0
