"""What the journal says of findings. Their acts keep the name under which older entries stand."""

from dataclasses import dataclass
from typing import ClassVar

from beeldkluis.journal.events import Event, personal


@dataclass(frozen=True, kw_only=True)
class FindingRaised(Event):
    """Something that a person must look at."""

    act: ClassVar[str] = "devices.finding_raised"
    sentence: ClassVar[str] = "Bevinding {finding}: {text}"

    finding: int
    rule: str
    text: str = personal()  # it may repeat what a camera or another system said


@dataclass(frozen=True, kw_only=True)
class FindingClosed(Event):
    """What a finding was about is no longer so. `because` is the program's own sentence."""

    act: ClassVar[str] = "devices.finding_closed"
    sentence: ClassVar[str] = "Bevinding {finding} is vervallen. {because}"

    finding: int
    because: str


@dataclass(frozen=True, kw_only=True)
class FindingSettled(Event):
    """A person looked at a finding and said why it is settled."""

    act: ClassVar[str] = "devices.finding_settled"
    sentence: ClassVar[str] = "Bevinding {finding} afgehandeld"

    finding: int
