"""What is due of the pages that no package below has: the protocol, messages, terms, the installation."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from beeldkluis.governance import queries as governance
from beeldkluis.outbox import queries as outbox
from beeldkluis.people.due import Due, can
from beeldkluis.people.models import Person
from beeldkluis.people.municipality_queries import contact
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.roles import Role
from beeldkluis.web import doctor


def versions(person: Person, _now: datetime) -> Iterator[Due]:
    """Versions of the protocol that a second person looks at, and one without its text."""
    if can(person, Act.PUBLISH_PROTOCOL):
        for one in governance.proposed():
            if one.proposed_by != str(person.pseudonym):
                note = "Een tweede persoon kijkt wat er verandert en stelt de versie vast."
                address = reverse("web:protocol-version", args=[one.number])
                yield Due(f"Kijk naar protocolversie {one.number}", note, address)
    current = governance.current()
    if can(person, Act.PREPARE_PROTOCOL) and current is not None and not current.sections:
        address = reverse("web:protocol-text", args=[current.number])
        yield Due("Voeg de tekst van het protocol toe", "Zonder tekst kan niemand ervoor tekenen.", address)


def messages(person: Person, _now: datetime) -> Iterator[Due]:
    """Messages that do not leave."""
    if can(person, Act.SEE_OUTGOING) and (stuck := outbox.stuck()):
        title = "Eén bericht komt niet weg" if len(stuck) == 1 else f"{len(stuck)} berichten komen niet weg"
        yield Due(title, stuck[0].last_error, reverse("web:messages"), urgent=True)


def terms(person: Person, now: datetime) -> Iterator[Due]:
    """Whoever counts terms hears in time that days may lack that a decree makes equal to holidays."""
    if can(person, Act.DECIDE_CASE) or person.role == Role.DPO:
        for sentence in doctor.decree(now):
            note = (
                "Vraag de beheerder ze aan te vullen. Zonder die dagen kan een termijn voor bezwaar te vroeg eindigen."
            )
            yield Due(sentence, note, reverse("cases:list"), urgent=True)
    if can(person, Act.SET_CONTACT) and not contact().get("objection"):
        note = "Zonder dat adres kan geen besluit op een verzoek worden vastgelegd."
        yield Due("Vul het adres voor bezwaar in", note, reverse("web:contact"), urgent=True)


def installation(person: Person, _now: datetime) -> Iterator[Due]:
    """What the doctor found."""
    if can(person, Act.SEE_INSTALLATION) and (found := doctor.findings()):
        title = "Er mankeert iets aan de installatie"
        yield Due(title, found[0], reverse("web:installation"), urgent=True)
