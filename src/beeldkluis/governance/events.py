"""What the journal says of versions of the protocol. Texts and registers stand there by their SHA-256."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from beeldkluis.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class VersionDrafted(Event):
    """A draft of a version was made or changed."""

    act: ClassVar[str] = "governance.version_drafted"
    sentence: ClassVar[str] = "Concept van protocolversie {version} opgeslagen"

    version: str
    register_sha256: str
    text_sha256: str


@dataclass(frozen=True, kw_only=True)
class BaseChosen(Event):
    """At set-up the file was chosen that holds until a version is published."""

    act: ClassVar[str] = "governance.base_chosen"
    sentence: ClassVar[str] = "Protocolbestand gekozen: gemeente {municipality}, versie {version}"

    municipality: str
    version: str
    register_sha256: str


@dataclass(frozen=True, kw_only=True)
class VersionAdopted(Event):
    """The first version, which applied before the program did, was taken over."""

    act: ClassVar[str] = "governance.version_adopted"
    sentence: ClassVar[str] = "Protocolversie {version} overgenomen als de versie die geldt"

    version: str
    register_sha256: str


@dataclass(frozen=True, kw_only=True)
class VersionProposed(Event):
    """Somebody put a version to a second person."""

    act: ClassVar[str] = "governance.version_proposed"
    sentence: ClassVar[str] = "Protocolversie {version} voorgesteld, ingang {takes_effect_at}"

    version: str
    register_sha256: str
    text_sha256: str
    takes_effect_at: datetime
    contradictions: int
    recordings_touched: int


@dataclass(frozen=True, kw_only=True)
class VersionPublished(Event):
    """A second person published it."""

    act: ClassVar[str] = "governance.version_published"
    sentence: ClassVar[str] = "Protocolversie {version} vastgesteld, ingang {takes_effect_at}"

    version: str
    register_sha256: str
    takes_effect_at: datetime
    recordings_touched: int


@dataclass(frozen=True, kw_only=True)
class VersionWithdrawn(Event):
    """A version that was not in force yet was withdrawn."""

    act: ClassVar[str] = "governance.version_withdrawn"
    sentence: ClassVar[str] = "Protocolversie {version} ingetrokken"

    version: str


@dataclass(frozen=True, kw_only=True)
class VersionTookEffect(Event):
    """Its day came: this version applies, the previous one lapsed."""

    act: ClassVar[str] = "governance.version_took_effect"
    sentence: ClassVar[str] = "Protocolversie {version} geldt; versie {lapsed} is vervallen"

    version: str
    lapsed: str
    register_sha256: str


@dataclass(frozen=True, kw_only=True)
class RegistersShared(Event):
    """Registers that stood in files of one machine alone went into the database."""

    act: ClassVar[str] = "governance.registers_shared"
    sentence: ClassVar[str] = "Registers van het protocol ook in de database gezet"

    registers: tuple[str, ...]
