"""What every page knows without its view saying so."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from beeldkluis.governance.queries import in_force
from beeldkluis.protocol.access import Act, may
from beeldkluis.protocol.naming import own_words
from beeldkluis.protocol.roles import Role
from beeldkluis.web.sign_in import signed_in

MENU = (
    ("/verzoeken/", "Verzoeken", Act.READ_CASES),
    ("/opnames/", "Opnames", Act.READ_RECORDINGS),
    ("/bodycams/", "Bodycams", Act.MANAGE_BODYCAMS),
    ("/handhavers/", "Handhavers", Act.READ_OFFICERS),
    ("/incidenten/", "Incidenten", Act.HANDLE_INCIDENT),
    ("/loglijst/", "Loglijst", Act.READ_ACKNOWLEDGEMENTS),
    ("/docks/", "Docks", Act.ENROL_DOCK),
    ("/bevindingen/", "Bevindingen", Act.SETTLE_FINDING),
    ("/sleutels/", "Sleutels", Act.HOLD_KEY_CEREMONY),
    ("/rechten/", "Rechten", Act.REVIEW_RIGHTS),
    ("/vervanging/nood/", "Vervanging", Act.APPOINT_DEPUTY_IN_EMERGENCY),
    ("/vervanging/", "Vervanging", Act.END_DEPUTATION),
    ("/medewerkers/", "Medewerkers", Act.MANAGE_PEOPLE),
    ("/berichten/", "Berichten", Act.SEE_OUTGOING),
    ("/gegevens/", "Gegevens van de gemeente", Act.SET_CONTACT),
    ("/protocol/", "Protocol", Act.READ_PROTOCOL_VERSIONS),
    ("/installatie/", "Installatie", Act.SEE_INSTALLATION),
    ("/logboek/", "Logboek", Act.READ_JOURNAL),
)


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the menu; `here` when the page shown belongs to it."""

    address: str
    label: str
    here: bool


def menu_for(role: Role, path: str) -> list[Item]:
    """What somebody with this role may look at, in a fixed order."""
    allowed = [
        Item(address, own_words(label), path.startswith(address))
        for address, label, act in MENU
        if may(role, act).allowed
    ]
    return [Item("/", "Overzicht", path == "/"), *allowed]


def page(request: HttpRequest) -> dict[str, object]:
    """The municipality's name, the protocol's version, whether this is a demonstration, and the menu."""
    protocol = in_force()
    person = signed_in(request)
    return {
        "organisation": f"Gemeente {protocol.municipality}",
        "protocol_version": protocol.version,
        "demonstration": settings.DEMONSTRATION,
        "menu": menu_for(Role(person.acting), request.path) if person else [],
    }
