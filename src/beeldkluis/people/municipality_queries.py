"""How to reach the municipality: what the protocol's file says, and over it what people filled in."""

from collections.abc import Mapping

from beeldkluis.governance import registers
from beeldkluis.governance.models import ContactDetails

Lines = Mapping[str, tuple[str, ...]]


def typed() -> Lines:
    """What people filled in, by name; nothing before anybody did."""
    newest = ContactDetails.objects.order_by("-pk").values_list("lines", flat=True).first() or {}
    return {name: tuple(lines) for name, lines in newest.items()}


def contact() -> Lines:
    """Every address that is known, by name of protocol.register.CONTACT. What somebody emptied is empty."""
    return {**registers.base().contact, **typed()}
