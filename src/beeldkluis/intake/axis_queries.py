"""Reading what Axis systems delivered."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from beeldkluis.intake.models import AxisContainer, AxisObject, AxisSystem
from beeldkluis.sealed.token import hash_token, same


def system_by_key(user: str, key: str) -> AxisSystem | None:
    """The system with this name and key; the key is compared in constant time."""
    found = AxisSystem.objects.filter(user=user, retired_at__isnull=True).first()
    return found if found is not None and same(found.key_hash, hash_token(key)) else None


def system_by_token(token: str, now: datetime) -> AxisSystem | None:
    """The system with this token while it lasts."""
    hashed = hash_token(token)
    systems = AxisSystem.objects.filter(token_hash=hashed, token_expires_at__gt=now, retired_at__isnull=True)
    return systems.first() if token else None


def system(number: int) -> AxisSystem | None:
    """The system with this number."""
    return AxisSystem.objects.filter(pk=number).first()


def systems() -> Sequence[AxisSystem]:
    """All systems by name."""
    return list(AxisSystem.objects.order_by("name"))


def container(system: AxisSystem, name: str) -> AxisContainer | None:
    """The system's container with this name."""
    return AxisContainer.objects.filter(system=system, name=name).first()


def newest_object(found: AxisContainer, name: str) -> AxisObject | None:
    """The object with this name; the newest when it came more than once."""
    return AxisObject.objects.filter(container=found, name=name).order_by("-made_at").first()


def objects(found: AxisContainer) -> Sequence[AxisObject]:
    """Everything in a container that lies in the vault, in the order in which it came."""
    return list(found.items.exclude(sealed_sha256="").order_by("made_at", "name"))


def abandoned(before: datetime, begun_before: datetime) -> Sequence[AxisContainer]:
    """Containers with film that were never completed, and that nobody touched since `before` or whose first piece came before
    `begun_before`.
    """
    waiting = AxisContainer.objects.filter(registered_at__isnull=True)
    quiet = Q(touched_at__lt=before, items__sealed_sha256__gt="")
    long = Q(items__made_at__lt=begun_before, items__sealed_sha256__gt="")
    return list(waiting.filter(quiet | long).distinct()[:100])
