"""What the journal says of the law that holds for a case, and of third parties whose views are asked."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from beeldkluis.journal.events import Event, personal


@dataclass(frozen=True, kw_only=True)
class ViewsAsked(Event):
    """A third party may say what it thinks of making footage public; the term stands still until then."""

    act: ClassVar[str] = "cases.views_asked"
    sentence: ClassVar[str] = "Zaak {case}: zienswijze gevraagd, de termijn staat stil tot en met {until}"

    until: datetime
    third_party: str = personal()


@dataclass(frozen=True, kw_only=True)
class ViewsHeard(Event):
    """The views came, or did not come in time: the term goes on."""

    act: ClassVar[str] = "cases.views_heard"
    sentence: ClassVar[str] = "Zaak {case}: zienswijze gekregen: {came}, besluiten vóór {decide_by}"

    came: bool
    decide_by: datetime
    views: str = personal()


@dataclass(frozen=True, kw_only=True)
class LawSet(Event):
    """Another law holds for this case than was thought, and with it another term."""

    act: ClassVar[str] = "cases.law_set"
    sentence: ClassVar[str] = "Zaak {case}: de wet die geldt is {regime}, besluiten vóór {decide_by}"

    regime: str
    decide_by: datetime
    because: str = personal()
