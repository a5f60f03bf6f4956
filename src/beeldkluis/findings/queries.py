"""Reading findings."""

from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from uuid import UUID

from django.shortcuts import get_object_or_404

from beeldkluis.findings.models import Finding
from beeldkluis.journal.leaves import Leaf, LeafError, read
from beeldkluis.journal.models import Entry

LONGEST_KEY = 400  # letters: an index holds no more than a few thousand bytes


def fit(key: str) -> str:
    """The key as it is kept: a long one, such as the words of an error, begins the same and ends in its SHA-256."""
    return key if len(key) <= LONGEST_KEY else f"{key[:300]}:{sha256(key.encode()).hexdigest()}"


def open_findings() -> Sequence[Finding]:
    """Findings that nobody settled, newest first."""
    return list(Finding.objects.filter(settled_at__isnull=True).order_by("-found_at", "-pk")[:200])


def finding(number: int) -> Finding:
    """The finding with this number; not found otherwise."""
    return get_object_or_404(Finding, pk=number)


def open_with(*, rule: str, key: str, recording: UUID | None) -> Finding | None:
    """The finding with this key under this rule about this recording (None: about none), while it is open."""
    return Finding.objects.filter(rule=rule, key=fit(key), recording=recording, settled_at__isnull=True).first()


def newest(*, rule: str, key: str) -> Finding | None:
    """The newest finding with this key under this rule that is about no recording, open or settled."""
    return Finding.objects.filter(rule=rule, key=fit(key), recording=None).order_by("-found_at", "-pk").first()


def told_of(recording: UUID) -> set[tuple[str, str]]:
    """Rule and key of the findings about this recording that are open or that a person settled."""
    return set(Finding.objects.filter(recording=recording, closed=False).values_list("rule", "key"))


def newest_of_act(act: str, most: int) -> Sequence[Leaf]:
    """The newest entries of this act, the newest first, as their leaves say them; those that cannot be read are left out."""
    found = []
    for entry in Entry.objects.filter(act=act).order_by("-number")[:most]:
        with suppress(LeafError):  # the look through the journal tells of that one
            found.append(read(bytes(entry.data)))
    return found
