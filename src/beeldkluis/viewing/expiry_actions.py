"""End confirmations of presence that expired, so that the journal and the report say from when (access-6)."""

from collections.abc import Sequence
from datetime import datetime

from beeldkluis.cases.about import about
from beeldkluis.journal.actions import step
from beeldkluis.journal.actor import Actor
from beeldkluis.protocol.presence import Present
from beeldkluis.viewing import events, presence_queries
from beeldkluis.viewing.models import Attendance, Viewing


def expire_confirmations(*, actor: Actor, now: datetime) -> int:
    """In every viewing under way, end the confirmations of people who count as present no longer. How many people."""
    return sum(_expire(viewing, actor, now) for viewing in presence_queries.going_on(now))


def _expire(viewing: Viewing, actor: Actor, now: datetime) -> int:
    if not _expired(viewing, now):
        return 0
    with step("viewing.let_go", actor=actor, about=about(viewing.case)) as record:
        locked = Viewing.objects.select_for_update(of=("self",)).select_related("case").get(pk=viewing.pk)
        gone = _expired(locked, now)  # asked again: somebody may have confirmed since
        for one, _reason in gone:
            end_of(one, now)
        reasons = dict.fromkeys(reason for _one, reason in gone)
        record(
            events.ConfirmationsLapsed(
                case=locked.case.reference, viewing=locked.pk, people=len(gone), because=" ".join(reasons)
            )
        )
    return len(gone)


def _expired(viewing: Viewing, now: datetime) -> Sequence[tuple[Attendance, str]]:
    """Attendances that do not count any more, with the reason. Without the team manager, who alone can reach the page."""
    found = [(one, verdict) for one, verdict in presence_queries.standing(viewing, now) if not verdict.allowed]
    return [(one, verdict.reason) for one, verdict in found if one.present != Present.TEAM_MANAGER]


def end_of(attendance: Attendance, now: datetime) -> None:
    """End this attendance now, as expired: nobody reported leaving. Within the step of the caller."""
    attendance.left_at, attendance.lapsed = now, True
    attendance.save(update_fields=["left_at", "lapsed"])
