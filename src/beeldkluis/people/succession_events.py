"""What the journal says when the team manager's role or keys change hands."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from beeldkluis.journal.events import Event, personal


@dataclass(frozen=True, kw_only=True)
class DeputationBegun(Event):
    """From now on the deputy acts as team manager, and the team manager rests."""

    act: ClassVar[str] = "people.deputation_begun"
    sentence: ClassVar[str] = "{deputy_name} neemt waar voor {team_manager_name} tot {until}"

    team_manager: str
    deputy: str
    until: datetime
    emergency: bool
    team_manager_name: str = personal()
    deputy_name: str = personal()
    because: str = personal()


@dataclass(frozen=True, kw_only=True)
class DeputationEnded(Event):
    """The team manager acts again."""

    act: ClassVar[str] = "people.deputation_ended"
    sentence: ClassVar[str] = "Waarneming beëindigd"

    team_manager: str
    deputy: str


@dataclass(frozen=True, kw_only=True)
class CopySealed(Event):
    """A copy of the team's key, sealed with a deputy's own passphrase, was kept."""

    act: ClassVar[str] = "people.copy_sealed"
    sentence: ClassVar[str] = "Verzegelde kopie van de teamsleutel vastgelegd voor {name}"

    person: str
    key: str
    name: str = personal()


@dataclass(frozen=True, kw_only=True)
class HandoverBegun(Event):
    """New keys are in force; what is kept is now sealed anew, one recording after another."""

    act: ClassVar[str] = "people.handover_begun"
    sentence: ClassVar[str] = "Overdracht van {giver_name} aan {receiver_name} begonnen: {recordings} opnames"

    giver: str
    receiver: str
    old_key: str
    new_key: str
    with_recovery: bool
    recordings: int
    giver_name: str = personal()
    receiver_name: str = personal()
    because: str = personal()


@dataclass(frozen=True, kw_only=True)
class HeadersGivenForHandover(Event):
    """Headers of one recording went to the browser that seals them anew. No film goes with them."""

    act: ClassVar[str] = "people.headers_given_for_handover"
    sentence: ClassVar[str] = "Zegel gegeven om te vernieuwen"

    handover: int
    objects: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class HandoverItemDone(Event):
    """A recording is dealt with: sealed anew, gone meanwhile, or not to be opened with the old key."""

    act: ClassVar[str] = "people.handover_item_done"
    sentence: ClassVar[str] = "Zegel bij de overdracht: {outcome}"

    handover: int
    outcome: str


@dataclass(frozen=True, kw_only=True)
class HandoverFinished(Event):
    """The role went over; the old sealed copies are gone."""

    act: ClassVar[str] = "people.handover_finished"
    sentence: ClassVar[str] = "{receiver_name} is teammanager; overdracht door {giver_name} klaar"

    giver: str
    receiver: str
    copies_erased: int
    unreadable: int
    giver_name: str = personal()
    receiver_name: str = personal()


@dataclass(frozen=True, kw_only=True)
class HandoverListed(Event):
    """Recordings that came in during a handover are looked at too."""

    act: ClassVar[str] = "people.handover_listed"
    sentence: ClassVar[str] = "{recordings} opnames erbij tijdens de overdracht"

    handover: int
    recordings: int
