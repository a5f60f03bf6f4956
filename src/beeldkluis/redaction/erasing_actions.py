"""Erasing what the copies of a case say of people."""

from beeldkluis.cases.models import Case
from beeldkluis.journal.emptied import emptied
from beeldkluis.redaction.models import Exemption, Redaction

# What stays: that a copy was made, checked and approved, by whom and when. What was drawn, heard and given as a reason goes.
REDACTION = frozenset(
    {
        "id", "case", "recording", "clip", "state", "leaves", "version", "changed_in", "changed_by", "changed_at", "analysis",
        "frames", "duration_ms", "tracks", "job", "object", "asked_at",
    }
)  # fmt: skip
EXEMPTION = frozenset({"id", "redaction", "version", "track", "what", "begin_ms", "end_ms", "person", "at"})


def erase_redactions(case: Case) -> None:
    """Empty what the copies of this case say of people. Within the step of the caller, which erases the whole case."""
    Redaction.objects.filter(case=case).update(**emptied(Redaction, REDACTION))
    Exemption.objects.filter(redaction__case=case).update(**emptied(Exemption, EXEMPTION))
