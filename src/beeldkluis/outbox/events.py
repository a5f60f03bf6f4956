"""What the journal says of messages. Whom a letter goes to stands in the details."""

from dataclasses import dataclass
from typing import ClassVar

from beeldkluis.journal.events import Event, personal


@dataclass(frozen=True, kw_only=True)
class MessageQueued(Event):
    """A message is ready to leave."""

    act: ClassVar[str] = "outbox.message_queued"
    sentence: ClassVar[str] = "Bericht {message} klaargezet ({channel}): {about}"

    message: int
    channel: str
    about: str = personal()


@dataclass(frozen=True, kw_only=True)
class MessageClaimed(Event):
    """A process is about to send a message."""

    act: ClassVar[str] = "outbox.message_claimed"
    sentence: ClassVar[str] = "Bericht {message} wordt verstuurd"

    message: int


@dataclass(frozen=True, kw_only=True)
class MessageHurried(Event):
    """Somebody asked to try a message now."""

    act: ClassVar[str] = "outbox.message_hurried"
    sentence: ClassVar[str] = "Gevraagd om bericht {message} nu te versturen"

    message: int


@dataclass(frozen=True, kw_only=True)
class MessageSent(Event):
    """A message left; the other side said that it has it."""

    act: ClassVar[str] = "outbox.message_sent"
    sentence: ClassVar[str] = "Bericht {message} verstuurd na {tries} keer proberen"

    message: int
    tries: int


@dataclass(frozen=True, kw_only=True)
class MessageFailed(Event):
    """Sending did not work this time."""

    act: ClassVar[str] = "outbox.message_failed"
    sentence: ClassVar[str] = "Bericht {message} niet verstuurd, poging {tries}"

    message: int
    tries: int
    why: str = personal()


@dataclass(frozen=True, kw_only=True)
class MessageWithdrawn(Event):
    """Somebody decided that a message need not go any more."""

    act: ClassVar[str] = "outbox.message_withdrawn"
    sentence: ClassVar[str] = "Bericht {message} ingetrokken"

    message: int
    because: str = personal()


@dataclass(frozen=True, kw_only=True)
class MessagesEmptied(Event):
    """What messages under a case said was erased, as its term is over."""

    act: ClassVar[str] = "outbox.messages_emptied"
    sentence: ClassVar[str] = "Van {messages} bericht(en) over zaak {case} is de inhoud gewist"

    messages: int
