"""An Axis system that uses a container's name again for film of another time, as a camera does whose clock begins anew."""

from collections.abc import Mapping
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from beeldkluis.findings.actions import raise_finding
from beeldkluis.footage import queries as footage
from beeldkluis.intake import axis
from beeldkluis.intake.models import AxisContainer
from beeldkluis.journal.actions import serialised
from beeldkluis.journal.actor import Actor
from beeldkluis.protocol.recording import Moments, belongs

REUSED = (
    "Camerasysteem {system} gebruikte de naam van opname {taken} opnieuw, voor film van een andere tijd. Wat nu binnenkomt wordt"
    " een eigen opname, met een eigen einde en termijn. Opname {taken} bleef zoals zij was."
)


def is_another(container: AxisContainer, metadata: Mapping[str, str], now: datetime) -> bool:
    """Do the begin and end that are told now lie too far from the recording that this container became? Where none are told, or
    such as are yet to come, nothing can be said; nor where none were told before.
    """
    known = footage.get(container.pk) if container.registered_at is not None else None
    begin, end = axis.moment(metadata, "starttime"), axis.moment(metadata, "stoptime")
    if (
        known is None
        or _guessed(container, known.received_at)
        or begin is None
        or end is None
        or not axis.EARLIEST <= begin <= end <= now + axis.AHEAD
    ):
        return False
    return not belongs(
        Moments(begin, begin, end),
        known=Moments(known.started_at, known.activated_at, known.ended_at),
        received_at=known.received_at,
        now=now,
        clock_known=False,
    ).allowed


def _guessed(container: AxisContainer, received: datetime) -> bool:
    """Was it registered before it was said when it was made? Then what is told now is about that recording."""
    told = container.metadata
    return axis.times(container.name, told, received) is None or not axis.says_end(told, received)


def begin_anew(container: AxisContainer, metadata: Mapping[str, str], *, actor: Actor, now: datetime) -> None:
    """The recording keeps what it has, under another name; under this one an empty container begins. Somebody looks. Twice at
    once is once.
    """
    name, begin = container.name, axis.moment(metadata, "starttime") or now
    with serialised():
        if not AxisContainer.objects.filter(pk=container.pk, name=name).exists():
            return
        text = REUSED.format(system=container.system.name, taken=footage.get(container.pk))
        raise_finding(
            rule="recording.one-event",
            key="name-reused",
            text=text,
            recording=container.pk,
            bodycam=None,
            actor=actor,
            now=now,
        )
        ended = f" until {now:%Y%m%dT%H%M%SZ}"
        container.name = name[: axis.LONGEST_NAME - len(ended)] + ended
        container.save(update_fields=["name"])
        number = uuid5(NAMESPACE_URL, f"beeldkluis:axis/{container.system.user}/{name}/{begin.isoformat()}")
        AxisContainer.objects.create(id=number, system=container.system, name=name, metadata={}, touched_at=now)
