"""Rooms that are set up for viewing: added, and not used any more."""

from datetime import datetime

from beeldkluis.appointments import events
from beeldkluis.appointments.models import Room
from beeldkluis.journal.actions import require, step
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.rights import allowed
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.appointments import may_add_room


def add_room(name: str, address: str, note: str, *, actor: Actor) -> Room:
    """A room that is set up for viewing. Refused for a name that another room has."""
    with step("viewing.add_room", actor=actor) as record:
        require(allowed(actor, Act.MANAGE_ROOMS))
        name, address, note = name.strip(), address.strip(), note.strip()
        taken = Room.objects.filter(name=name).exists()
        require(may_add_room(named=bool(name and address), name_is_free=not taken))
        made = Room.objects.create(name=name, address=address, note=note)
        record(events.RoomAdded(room=made.pk, name=made.name))
    return made


def retire_room(room: Room, *, actor: Actor, now: datetime) -> None:
    """A room is not used for viewing any more. Appointments that stand stay as they are. Again changes nothing."""
    with step("viewing.retire_room", actor=actor) as record:
        require(allowed(actor, Act.MANAGE_ROOMS))
        locked = Room.objects.select_for_update().get(pk=room.pk)
        locked.retired_at = locked.retired_at or now
        locked.save(update_fields=["retired_at"])
        record(events.RoomRetired(room=locked.pk, name=locked.name))
