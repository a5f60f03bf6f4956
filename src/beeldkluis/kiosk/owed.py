"""What one officer still owes, and of nobody else. The one place that asks the rooms which keep those lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from beeldkluis.devices.models import Bodycam
from beeldkluis.footage.models import Recording
from beeldkluis.footage.observation_queries import owed_by
from beeldkluis.governance.models import ProtocolVersion
from beeldkluis.kiosk.queries import bodycams_with
from beeldkluis.people.acknowledgement_queries import owed_by_officer
from beeldkluis.people.models import Officer


@dataclass(frozen=True, slots=True)
class Owed:
    """What there is to do for this officer: a version of the protocol to sign for, recordings that want an observation,
    oldest first; and the bodycams that this officer has and can report.
    """

    version: ProtocolVersion | None
    recordings: Sequence[Recording]
    bodycams: Sequence[Bodycam]

    def recording(self, pk: UUID) -> Recording | None:
        """This recording, when it is one of them."""
        return next((one for one in self.recordings if one.pk == pk), None)

    def bodycam(self, label: str) -> Bodycam | None:
        """This bodycam, when it is one of them."""
        return next((one for one in self.bodycams if one.label == label), None)


def owed(officer: Officer) -> Owed:
    """Everything that this officer owes now."""
    return Owed(version=owed_by_officer(officer), recordings=owed_by(officer), bodycams=bodycams_with(officer))
