"""Erasing all that is known of people under one case, in one step: this room is the highest that knows something of it."""

from datetime import datetime

from beeldkluis.appointments.erasing_actions import erase_appointments
from beeldkluis.cases.about import about
from beeldkluis.cases.erasing_actions import erase_case
from beeldkluis.cases.models import Case
from beeldkluis.disclosure.erasing_actions import erase_demand
from beeldkluis.journal import queries as journal
from beeldkluis.journal.actions import erase_details, serialised, step
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.emptied import emptied
from beeldkluis.outbox.actions import empty
from beeldkluis.redaction.erasing_actions import erase_redactions
from beeldkluis.viewing.erasing_events import PresenceErased
from beeldkluis.viewing.models import Attendance, Marker, Opening, Viewing

# What stays: that people looked, which staff was there, by which role a visitor was, how and when that was shown.
VIEWING = frozenset(
    {
        "id", "case", "purpose", "appointment", "person", "proved_at", "begun_at", "expires_at", "ended_at", "number",
        "protocol", "copy_handed", "reported_at", "reported_by",
    }
)  # fmt: skip
ATTENDANCE = frozenset(
    {"id", "viewing", "present", "how", "officer", "person", "document", "ground", "at", "left_at", "lapsed"}
)
OPENING = frozenset(
    {
        "id", "viewing", "recording", "case", "purpose", "person", "present", "opened_at", "expires_at", "closed_at",
        "token_hash",
    }
)  # fmt: skip
MARKER = frozenset({"id", "case", "recording", "clip", "at_ms", "made_by", "made_at", "removed_at"})


def erase(case: Case, *, actor: Actor, now: datetime) -> bool:
    """Erase the case, its viewings, what its messages said, and the words beside its entries in the journal: all of it or
    nothing. Refused while something runs on it or its term is not over (protocol.personal). False when another process did it.
    """
    with serialised():
        if not Case.objects.select_for_update().filter(pk=case.pk, has_data=True).exists():
            return False
        _erase(case, actor, now)
    return True


def _erase(case: Case, actor: Actor, now: datetime) -> None:
    with step("viewing.erase_case", actor=actor, about=about(case)) as record:
        open_ones = Viewing.objects.filter(case=case, ended_at__isnull=True).count()
        erase_case(case, viewings=open_ones, actor=actor, now=now)
        erase_appointments(case)
        erase_redactions(case)
        erase_demand(case)
        viewings = Viewing.objects.filter(case=case).update(**emptied(Viewing, VIEWING))
        Attendance.objects.filter(viewing__case=case).update(**emptied(Attendance, ATTENDANCE))
        Opening.objects.filter(case=case.reference).update(**emptied(Opening, OPENING))
        Marker.objects.filter(case=case).update(**emptied(Marker, MARKER))
        record(PresenceErased(case=case.reference, viewings=viewings))
        empty(case.reference, actor=actor, now=now)
        erase_details(journal.details_of_case(case.reference), actor=actor)
