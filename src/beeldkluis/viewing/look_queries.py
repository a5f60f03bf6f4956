"""What the server gave out of a copy to whoever reviews it: held beside what that person says was played of it."""

from uuid import UUID

from beeldkluis.people.models import Person
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.watching import total
from beeldkluis.redaction.models import Rendering
from beeldkluis.vault.errors import GoneError
from beeldkluis.vault.queries import payload_size
from beeldkluis.viewing.models import FetchedRange


def share_given(made: Rendering, person: Person) -> float:
    """How much of a copy's sealed bytes went out to this person while its film was open to make others unrecognisable under its
    case, each byte once: 1.0 is all of it. Bytes of the film itself, and of copies of before a change, are none of this one.
    """
    one = made.redaction
    given = FetchedRange.objects.filter(
        clip=made.object, opening__person=person, opening__recording=one.recording,
        opening__case=one.case.reference, opening__purpose=Purpose.REDACT.value,
    )  # fmt: skip
    size = _size(made.object)
    return total(given.values_list("first", "last")) / size if size else 0.0


def _size(wanted: UUID) -> int:
    try:
        return payload_size(wanted)
    except GoneError:  # destroyed while it was open
        return 0
