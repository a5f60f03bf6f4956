"""Where links that work once lead to."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from beeldkluis.journal.actor import Actor
from beeldkluis.people.models import Person
from beeldkluis.web import actions
from beeldkluis.web.models import OneTimeLink


def invitation_address(token: str) -> str:
    """What an invited person opens."""
    return _address("web:invitation-link", token)


def demonstration_link(person: Person, *, actor: Actor, now: datetime) -> str:
    """A fresh address that signs this person in, once, in a demonstration."""
    token = actions.make_link(OneTimeLink.Kind.DEMONSTRATION, person=person, actor=actor, now=now)
    return _address("web:enter-demonstration", token)


def _address(name: str, token: str) -> str:
    return settings.ADDRESS.rstrip("/") + reverse(name, args=[token])
