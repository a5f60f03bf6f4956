"""What footage may be opened for (purpose-1 to purpose-3)."""

from enum import StrEnum

from beeldkluis.protocol.naming import own_words


class Purpose(StrEnum):
    """What footage may be opened for. Assessing an employee is not among them and never will be (purpose-3)."""

    ASSESS_REQUEST = "assess_request"
    REDACT = "redact"
    VIEW_WITH_OFFICER = "view_with_officer"
    VIEW_WITH_DATA_SUBJECT = "view_with_data_subject"
    REFLECT = "reflect"

    @property
    def dutch(self) -> str:
        """The purpose on screen."""
        return own_words(_PURPOSES[self])


_PURPOSES = {
    Purpose.ASSESS_REQUEST: "Het verzoek beoordelen, samen met de handhaver",
    Purpose.REDACT: "Anderen onherkenbaar maken, samen met de handhaver",
    Purpose.VIEW_WITH_OFFICER: "Terugkijken met de handhaver na een toegewezen verzoek",
    Purpose.VIEW_WITH_DATA_SUBJECT: "Laten zien aan de verzoeker, met de handhaver erbij",
    Purpose.REFLECT: "Het eigen handelen terugzien, op verzoek van de handhaver zelf",
}
