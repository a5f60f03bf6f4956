"""Who acts. Someone always does: a person, a dock, a camera system, or a named part of the program."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from beeldkluis.protocol.roles import Role


class ActorKind(StrEnum):
    """The kinds of actor the journal knows."""

    PERSON = "person"
    OFFICER = "officer"
    DOCK = "dock"
    CAMERA_SYSTEM = "camera-system"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """One who acts. `pseudonym` goes into the journal's leaves for ever, so it is never a name or number of a person;
    `name` goes into the erasable details only.
    """

    kind: ActorKind
    pseudonym: str
    role: Role | None = None
    name: str = ""

    @classmethod
    def system(cls, part: str) -> Self:
        """A part of the program that acts by itself, such as "retention"."""
        return cls(ActorKind.SYSTEM, part, None, part)
