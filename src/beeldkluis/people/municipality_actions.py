"""The step that fills in how to reach the municipality: where objections go, and the data protection officer.

Sources: Awb 3:45, GDPR article 13(1)(b).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from beeldkluis.governance.models import ContactDetails
from beeldkluis.journal.actions import require, step
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.rights import allowed
from beeldkluis.people.municipality_events import ContactSet
from beeldkluis.people.municipality_queries import contact, typed
from beeldkluis.people.notice_actions import tell
from beeldkluis.people.queries import active_with
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.reading import CONTACT
from beeldkluis.protocol.roles import Role

TELLS = (Role.TEAM_MANAGER, Role.DPO, Role.ADMINISTRATOR)
NAMES = {
    "postal": "postadres",
    "phone": "telefoon",
    "email": "e-mailadres",
    "website": "website",
    "objection": "adres voor bezwaar",
    "public_records": "Woo-contactpersoon",
    "dpo": "functionaris gegevensbescherming",
    "room": "ruimte om te kijken",
}
TEXT = """Deze gegevens van de gemeente zijn gewijzigd: {changed}. Ze staan in brieven en op de openbare pagina.
Klopt dit niet? Zet het recht bij Gegevens van de gemeente.
"""


def set_contact(lines: Mapping[str, Sequence[str]], *, actor: Actor, now: datetime) -> tuple[str, ...]:
    """Fill in addresses, each as lines; names that are not given stay. Everybody who sees to it hears what changed, because a
    wrong address sends objections astray. Which names changed; nothing is written when none did.
    """
    known = contact()
    given = {name: tuple(one.strip() for one in lines[name] if one.strip()) for name in CONTACT if name in lines}
    changed = tuple(name for name, one in given.items() if one != known.get(name, ()))
    if not changed:
        return ()
    with step("people.set_contact", actor=actor) as record:
        require(allowed(actor, Act.SET_CONTACT))
        kept = {**typed(), **{name: given[name] for name in changed}}
        ContactDetails.objects.create(
            lines={name: list(one) for name, one in kept.items()}, set_at=now, set_by=actor.pseudonym
        )
        named = tuple(NAMES[name] for name in changed)
        told = [person for role in TELLS for person in active_with(role) if str(person.pseudonym) != actor.pseudonym]
        text = TEXT.format(changed=", ".join(named))
        tell(told, subject="Gegevens van de gemeente gewijzigd", text=text, actor=actor, now=now)
        record(ContactSet(changed=named, now="\n".join(f"{name}: {' / '.join(given[name])}" for name in changed)))
    return changed
