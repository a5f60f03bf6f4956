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
    WATCH_LIVE = "watch_live"
    SHARE_BY_LINK = "share_by_link"
    TAKE_OUT = "take_out"


_REASONS = {
    Never.ASSESS_EMPLOYEE: ("purpose.no-assessment", "Een medewerker beoordelen: dat doel bestaat hier niet."),
    Never.COUNT_PER_OFFICER: ("purpose.no-figures", "Cijfers per handhaver: het programma telt niets per persoon."),
    Never.BROWSE_FOOTAGE: ("access.case-required", "Rondkijken: zonder zaak gaan er geen beelden open."),
    Never.RECOGNISE_PEOPLE: ("detection.no-identification", "Gezichten herkennen of zoeken op een persoon."),
    Never.START_FROM_AFAR: ("recording.no-remote-start", "Een camera op afstand aanzetten."),
    Never.WATCH_LIVE: ("recording.no-remote-start", "Live meekijken met een camera."),
    Never.SHARE_BY_LINK: ("access.no-spreading", "Beelden delen met een link of per mail."),
    Never.TAKE_OUT: ("access.no-spreading", "Beelden downloaden of zelf op een schijf zetten."),
}


# Why it cannot be done, for who asks: the works council, an officer, somebody who was filmed. docs/cannot.md names the tests.
WHY = {
    Never.ASSESS_EMPLOYEE: "Beelden gaan alleen open voor een doel uit het protocol. Geen enkel doel gaat over een medewerker, "
    "en over iemands werk maakt het programma geen verslag.",
    Never.COUNT_PER_OFFICER: "Het programma telt nergens op hoeveel iemand filmde, hoe lang, of hoe vaak iemand iets "
    "meldde. Er is geen lijst, grafiek of uitvoer per handhaver.",
    Never.BROWSE_FOOTAGE: "De lijst van opnames heeft geen beeld. Een opname gaat open onder één zaak, met wie daarbij moet "
    "zijn, en elke seconde staat in het logboek.",
    Never.RECOGNISE_PEOPLE: "Het programma vindt dát er een mens of scherm in beeld is, om die te bedekken. Er zit niets in "
    "waarmee een gezicht, stem, houding of kenteken te herkennen is.",
    Never.START_FROM_AFAR: "Een camera gaat aan met de knop van wie haar draagt. Het programma kan een camera niets opdragen.",
    Never.WATCH_LIVE: "Film komt pas in het programma als de camera in het dockingstation staat.",
    Never.SHARE_BY_LINK: "Er is geen link waarmee iemand zonder in te loggen bij beelden komt, en geen mail waar "
    "beelden in zitten.",
    Never.TAKE_OUT: "Er is geen knop om een film op te slaan. Beelden verlaten het huis alleen als verstrekking, op naam en "
    "in het logboek.",
}


def rules_of_never() -> tuple[str, ...]:
    """The rules that say no for good: a protocol file names their place and their sentence, and nothing that changes them."""
    return tuple(dict.fromkeys(name for name, _ in _REASONS.values()))


def reason_of(name: str) -> str:
    """Why, for a rule of `rules_of_never`."""
    return next(reason for known, reason in _REASONS.values() if known == name)


@rule("recording.no-remote-start", "access.no-spreading", "detection.no-identification", "purpose.no-figures")
def refusal(wish: Never) -> Verdict:
    """Why this is not done. There is no yes."""
    name, reason = _REASONS[wish]
    return Verdict(allowed=False, rule=name, reason=reason)
