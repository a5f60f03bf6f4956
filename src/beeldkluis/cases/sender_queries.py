"""Is the sender of a mail somebody of the municipality itself, who passed on what somebody else asked?"""

from beeldkluis.people.models import Person
from beeldkluis.people.municipality_queries import contact


def is_own(email: str) -> bool:
    """Has it the address of a person here, or one of the municipality's own domain?"""
    domain = email.rpartition("@")[2].lower()
    ours = {one.rpartition("@")[2].lower() for one in contact().get("email", ()) if "@" in one}
    return bool(domain) and (domain in ours or Person.objects.filter(email__iexact=email).exists())
