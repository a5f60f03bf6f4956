"""What letters say because of the law that holds: its name, its articles, and the weighing of a request for public records."""

from datetime import datetime
from typing import Any

from beeldkluis.cases.models import Case
from beeldkluis.documents import words as dutch
from beeldkluis.protocol.deciding import Outcome, Words
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.laws import OPEN, PARTS, WOO_GROUNDS
from beeldkluis.protocol.legal import Regime

EXTENSIONS = {
    "avg": "artikel 12, lid 3, van de Algemene verordening gegevensbescherming",
    "wpg": "artikel 25 van de Wet politiegegevens",
    "woo": "artikel 4.4, lid 2, van de Wet open overheid",
}


def name_of(case: Case) -> str:
    """The law that a letter names: `avg`, `wpg` or `woo`. LookupError for a case on which nothing is decided."""
    return CaseKind(case.kind).weighing.law or Regime(case.regime).value


def extension_article(case: Case) -> str:
    """Where the law allows more time."""
    return EXTENSIONS[name_of(case)]


def records(words: Words) -> dict[str, Any]:
    """What is made public and what is not, each with its ground of Woo 5.1."""
    chosen = [(PARTS[part], words.choices.get(f"part-{part}", "")) for part in PARTS]
    closed = [[part, WOO_GROUNDS.get(code, "")] for part, code in chosen if code != OPEN]
    if words.outcome is Outcome.GRANTED:
        return {"opened": [part for part, code in chosen if code == OPEN], "closed": closed, "grounds": words.grounds}
    return {"closed": closed, "grounds": words.grounds}


def _moment(case: Case) -> str:
    if case.moment_from is None or case.moment_until is None:
        return "beelden van een bodycam"
    where = f", {case.place}" if case.place else ""
    return f"beelden van een bodycam van {dutch.span(case.moment_from, case.moment_until)}{where}"


def views(case: Case, until: datetime) -> dict[str, Any]:
    """To a third party: what may become public, and until when it can say what it thinks. The requester is not named."""
    return {"about": _moment(case), "until": dutch.day(until)}


def views_asked(case: Case, asked_at: datetime, until: datetime) -> dict[str, Any]:
    """To the requester: the term stands still."""
    return {"about": _moment(case), "asked_on": dutch.day(asked_at), "until": dutch.day(until)}


def views_over(case: Case) -> dict[str, Any]:
    """To the requester: the term goes on, and ends on this day."""
    return {"last_day": dutch.day(case.decide_by)}


def law(case: Case, until: datetime) -> dict[str, Any]:
    """To the requester: which law holds, why, and by when the answer comes."""
    return {
        "law": Regime(case.regime).dutch,
        "regime": case.regime,
        "because": case.regime_because,
        "last_day": dutch.day(until),
    }
