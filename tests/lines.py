"""The journal as people read it, for tests of what it says."""

from beeldkluis.journal.models import Entry
from beeldkluis.journal.queries import line


def lines(act: str) -> list[str]:
    """The sentences of all entries of this act, the first first, with their erasable details."""
    return [
        line(number, details=True).sentence
        for number in Entry.objects.filter(act=act).order_by("number").values_list("number", flat=True)
    ]
