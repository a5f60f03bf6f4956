"""Reading the log list (loglijst): who signed for a version, and who still has to."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models.functions import Length

from beeldkluis.governance import queries as governance
from beeldkluis.governance.models import ProtocolVersion
from beeldkluis.people.models import Acknowledgement, Officer, Person, SigningLink
from beeldkluis.protocol.roles import Role
from beeldkluis.sealed.token import hash_token

SIGNING_ROLES = (Role.TEAM_MANAGER.value, Role.DEPUTY.value)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list: an officer or a person, and the signature or None."""

    name: str
    employment: str
    officer: Officer | None
    person: Person | None
    signature: Acknowledgement | None


def lines(version: ProtocolVersion) -> list[Line]:
    """Everybody who must sign for this version, officers first, and whoever signed and has left since."""
    signed = Acknowledgement.objects.filter(version=version).select_related("officer", "person")
    by_officer = {one.officer_id: one for one in signed if one.officer_id is not None}
    by_person = {one.person_id: one for one in signed if one.person_id is not None}
    found = [
        Line(one.name, one.get_employment_display(), one, None, by_officer.get(one.pk))
        for one in Officer.objects.order_by(Length("number"), "number")
        if one.until is None or one.pk in by_officer
    ]
    people = Person.objects.order_by("name")
    found += [
        Line(one.name, Role(one.role).dutch, None, one, by_person.get(one.pk))
        for one in people
        if one.pk in by_person or (one.is_active and one.role in SIGNING_ROLES)
    ]
    return found


def gaps(version: ProtocolVersion) -> list[Line]:
    """Who has not signed yet."""
    return [one for one in lines(version) if one.signature is None]


def has_signed(officer: Officer) -> bool:
    """Did this officer sign for the version in force? Yes when there is no version to sign for."""
    version = governance.current()
    if version is None or not version.sections:
        return True
    return Acknowledgement.objects.filter(version=version, officer=officer).exists()


def owed_by_officer(officer: Officer) -> ProtocolVersion | None:
    """The version in force, when this officer can and must still sign for it."""
    return None if has_signed(officer) else governance.current()


def owed_by_person(person: Person) -> ProtocolVersion | None:
    """The version in force, when this person must still sign for it with the own account."""
    version = governance.current()
    if version is None or not version.sections or person.role not in SIGNING_ROLES:
        return None
    return None if Acknowledgement.objects.filter(version=version, person=person).exists() else version


def signing_link(token: str) -> SigningLink | None:
    """The personal link with this token, used or not."""
    links = SigningLink.objects.select_related("officer", "version")
    return links.filter(token_hash=hash_token(token)).first()


def acknowledgement(pk: int) -> Acknowledgement | None:
    """One signature."""
    return Acknowledgement.objects.filter(pk=pk).first()


def unsigned_officers(officers: Sequence[Officer]) -> set[int]:
    """Which of these officers have not signed for the version in force, by primary key; in one query."""
    version = governance.current()
    if version is None or not version.sections:
        return set()
    signed = Acknowledgement.objects.filter(version=version, officer__in=officers).values_list("officer", flat=True)
    return {one.pk for one in officers} - set(signed)
