"""What the journal says of screens at docks."""

from dataclasses import dataclass
from typing import ClassVar

from beeldkluis.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class ScreenMade(Event):
    """A link was made that lets one browser show the slots of this dock."""

    act: ClassVar[str] = "kiosk.screen_made"
    sentence: ClassVar[str] = "Scherm gemaakt bij dockingstation {name}"

    screen: str
    dock: str
    name: str


@dataclass(frozen=True, kw_only=True)
class ScreenOpened(Event):
    """The link was opened: that browser is the screen now, and the link works no more."""

    act: ClassVar[str] = "kiosk.screen_opened"
    sentence: ClassVar[str] = "Scherm in gebruik genomen bij dockingstation {name}"

    screen: str
    dock: str
    name: str


@dataclass(frozen=True, kw_only=True)
class ScreenRetired(Event):
    """A screen was put out of use; its browser shows nothing more."""

    act: ClassVar[str] = "kiosk.screen_retired"
    sentence: ClassVar[str] = "Scherm buiten gebruik gesteld bij dockingstation {name}"

    screen: str
    dock: str
    name: str


@dataclass(frozen=True, kw_only=True)
class VisitBegun(Event):
    """An officer typed number and code at a screen."""

    act: ClassVar[str] = "kiosk.visit_begun"
    sentence: ClassVar[str] = "Aangemeld met nummer en code bij dockingstation {name}"

    screen: str
    officer: str
    name: str
