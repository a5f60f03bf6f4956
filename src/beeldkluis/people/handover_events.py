"""What the journal says when the team manager's keys change hands."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from beeldkluis.journal.events import Event, personal


@dataclass(frozen=True, kw_only=True)
class HandoverAnnounced(Event):
    """Everybody is told that somebody wants to hand the keys over. Nothing changes yet."""

    act: ClassVar[str] = "people.handover_announced"
    sentence: ClassVar[str] = "{giver_name} kondigt aan de sleutels over te dragen aan {receiver_name}"

    giver: str
    receiver: str
    with_recovery: bool
    giver_name: str = personal()
    receiver_name: str = personal()
    because: str = personal()


@dataclass(frozen=True, kw_only=True)
class HandoverAgreed(Event):
    """A second person agreed; the wait begins."""

    act: ClassVar[str] = "people.handover_agreed"
    sentence: ClassVar[str] = "{second_name} gaat akkoord met de overdracht; beginnen kan vanaf {begins_at}"

    plan: int
    second: str
    begins_at: datetime
    second_name: str = personal()


@dataclass(frozen=True, kw_only=True)
class HandoverStopped(Event):
    """It does not go on. The keys are what they were."""

    act: ClassVar[str] = "people.handover_stopped"
    sentence: ClassVar[str] = "{stopped_by_name} stopt de overdracht; de sleutels blijven zoals ze waren"

    plan: int
    stopped_by: str
    stopped_by_name: str = personal()


@dataclass(frozen=True, kw_only=True)
class HandoverBegun(Event):
    """New keys were made; what is kept is now sealed anew beside what is in force, one recording after another."""

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
class HandoverSealed(Event):
    """The giver is ready: the receiver tries everything with the new key."""

    act: ClassVar[str] = "people.handover_sealed"
    sentence: ClassVar[str] = "Alles is opnieuw verzegeld; de ontvanger controleert het"

    handover: int


@dataclass(frozen=True, kw_only=True)
class NewHeadersGiven(Event):
    """Headers that were sealed anew went to the receiver's browser, to be tried. No film goes with them."""

    act: ClassVar[str] = "people.new_headers_given"
    sentence: ClassVar[str] = "Nieuw zegel gegeven om te controleren"

    handover: int
    objects: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class NewHeadersChecked(Event):
    """Does what was sealed anew open with the new key, and is it the key of the film?"""

    act: ClassVar[str] = "people.new_headers_checked"
    sentence: ClassVar[str] = "Nieuw zegel gecontroleerd met de nieuwe sleutel: {outcome}"

    handover: int
    outcome: str


@dataclass(frozen=True, kw_only=True)
class AxisKeyAsked(Event):
    """The receiver's browser was given something that only the right key for Axis cameras reads."""

    act: ClassVar[str] = "people.axis_key_asked"
    sentence: ClassVar[str] = "Gevraagd te laten zien dat de sleutel voor Axis-camera's is meegekomen"

    handover: int


@dataclass(frozen=True, kw_only=True)
class AxisKeyChecked(Event):
    """Did the key for Axis cameras come along?"""

    act: ClassVar[str] = "people.axis_key_checked"
    sentence: ClassVar[str] = "Sleutel voor Axis-camera's gecontroleerd met de nieuwe sleutel: {outcome}"

    handover: int
    outcome: str


@dataclass(frozen=True, kw_only=True)
class HandoverDoubted(Event):
    """What the receiver tried does not fit: `what` is a Dutch name of it. A finding follows (findings.handover_tasks)."""

    act: ClassVar[str] = "people.handover_doubted"
    sentence: ClassVar[str] = "Bij de overdracht klopt {what} niet; iemand moet uitzoeken hoe dat kan"

    handover: int
    what: str


@dataclass(frozen=True, kw_only=True)
class HandoverFinished(Event):
    """The role went over, the new key is in force, the old sealed copies are gone."""

    act: ClassVar[str] = "people.handover_finished"
    sentence: ClassVar[str] = "{receiver_name} is teammanager; overdracht door {giver_name} klaar"

    giver: str
    receiver: str
    copies_erased: int
    unreadable: int
    giver_name: str = personal()
    receiver_name: str = personal()


@dataclass(frozen=True, kw_only=True)
class HandoverCleared(Event):
    """The shred keys that wrapped the headers of before, or those that were dropped, are gone of these recordings."""

    act: ClassVar[str] = "people.handover_cleared"
    sentence: ClassVar[str] = "Oude sleutels na de overdracht opgeruimd: {recordings} opnames"

    handover: int
    recordings: int
