"""Who may say whether a recording stays set apart: the cases that ask for it know whom they are about."""

from datetime import datetime
from uuid import UUID

from beeldkluis.cases.models import CaseRecording
from beeldkluis.footage import apart_actions as footage
from beeldkluis.footage.models import Recording
from beeldkluis.journal.actions import serialised
from beeldkluis.people.models import Person
from beeldkluis.protocol.cases import may_judge
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Verdict


def may_judge_apart(recording_id: UUID, person: Person) -> Verdict:
    """May this person say it? Not the team manager when a case about the team manager asks for this recording: then the deputy
    does, while acting.
    """
    ties = CaseRecording.objects.filter(recording=recording_id, case__about_team_manager=True)
    about = ties.filter(rejected_at__isnull=True).exists()
    return may_judge(about_team_manager=about, titular=person.role == Role.TEAM_MANAGER.value)


def take_back(recording_id: UUID, *, because: str, person: Person, now: datetime) -> Recording:
    """Make a recording that is set apart an ordinary one again. Refused as `may_judge_apart` and the room of footage say."""
    with serialised():
        fit = may_judge_apart(recording_id, person)
        return footage.take_back(recording_id, fit=fit, because=because, actor=person.as_actor, now=now)


def set_apart(recording_id: UUID, *, because: str, person: Person, now: datetime) -> Recording:
    """Set a recording apart because it does not play; also again. Refused likewise."""
    with serialised():
        fit = may_judge_apart(recording_id, person)
        return footage.set_apart(recording_id, fit=fit, because=because, actor=person.as_actor, now=now)
