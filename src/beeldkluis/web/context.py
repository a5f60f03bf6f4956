"""What every page knows without its view saying so."""

from django.conf import settings
from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, object]:
    """The municipality's name, the protocol's version, whether this is a demonstration, and the menu."""
    return {"organisation": "Gemeente", "demonstration": settings.DEMONSTRATION, "protocol_version": "", "menu": []}
