"""Erasing what the appointments of a case say of people."""

from beeldkluis.appointments.models import Appointment
from beeldkluis.cases.models import Case
from beeldkluis.journal.emptied import emptied

# What stays: that there was an appointment, when and where. The moments that were offered and the reasons given go.
APPOINTMENT = frozenset(
    {
        "id", "case", "room", "at", "minutes", "companion", "sequence", "made_by", "made_at", "told_at", "cancelled_at",
        "over_at",
    }
)  # fmt: skip


def erase_appointments(case: Case) -> None:
    """Empty what the appointments of this case say of people. Within the step of the caller, which erases the whole case."""
    Appointment.objects.filter(case=case).update(**emptied(Appointment, APPOINTMENT))
