"""Erasing what copies say of people: with their footage, and with their case."""

from beeldkluis.cases.about import about
from beeldkluis.cases.models import Case
from beeldkluis.journal.actions import serialised, step
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.emptied import emptied
from beeldkluis.redaction import events, queries
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


def erase_drafts_of_destroyed(*, actor: Actor) -> int:
    """Empty the drafts of films that are destroyed: where people stood in the picture goes with the footage, as its analysis and
    its copies do. The log of exceptions stays with the case. How many; repeatable.
    """
    with serialised():
        found = queries.drafts_of_destroyed()
        for one in found:
            with step("redaction.erase_draft", actor=actor, about=about(one.case)) as record:
                Redaction.objects.filter(pk=one.pk).update(draft=b"")
                record(events.DraftErased(recording=one.recording, case=one.case.reference, clip=one.clip))
    return len(found)
