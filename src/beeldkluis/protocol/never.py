"""What this system never does, whoever asks, in any version (clauses privacy-1, privacy-4, privacy-9, purpose-3).

Each line is kept by a test of the house: there is no part, page, address or column with which it could be done.
"""

from enum import StrEnum

from beeldkluis.protocol.homes import rule
from beeldkluis.protocol.verdict import Verdict


class Never(StrEnum):
    """A wish that is refused for good."""

    ASSESS_EMPLOYEE = "assess_employee"
    COUNT_PER_OFFICER = "count_per_officer"
    BROWSE_FOOTAGE = "browse_footage"
    RECOGNISE_PEOPLE = "recognise_people"
    START_FROM_AFAR = "start_from_afar"
    SHARE_BY_LINK = "share_by_link"


_REASONS = {
    Never.ASSESS_EMPLOYEE: ("purpose.no-assessment", "Een medewerker beoordelen: dat doel bestaat hier niet."),
    Never.COUNT_PER_OFFICER: ("purpose.no-figures", "Cijfers per handhaver: het programma telt niets per persoon."),
    Never.BROWSE_FOOTAGE: ("access.case-required", "Rondkijken: zonder zaak gaan er geen beelden open."),
    Never.RECOGNISE_PEOPLE: ("detection.no-identification", "Gezichten herkennen of zoeken op een persoon."),
    Never.START_FROM_AFAR: ("recording.no-remote-start", "Een camera op afstand aanzetten of live meekijken."),
    Never.SHARE_BY_LINK: ("access.no-spreading", "Beelden delen met een link of downloaden."),
}


def rules_of_never() -> tuple[str, ...]:
    """The rules that say no for good: a protocol file names their place and their sentence, and nothing that changes them."""
    return tuple(name for name, _ in _REASONS.values())


def reason_of(name: str) -> str:
    """Why, for a rule of `rules_of_never`."""
    return next(reason for known, reason in _REASONS.values() if known == name)


@rule("recording.no-remote-start", "access.no-spreading", "detection.no-identification", "purpose.no-figures")
def refusal(wish: Never) -> Verdict:
    """Why this is not done. There is no yes."""
    name, reason = _REASONS[wish]
    return Verdict(allowed=False, rule=name, reason=reason)
