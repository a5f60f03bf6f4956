"""Rooms and appointments as they stood in viewing, migrated to their own package and back; prints what became of them. Run as a
program, with BEELDKLUIS_DATABASE.
"""

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from beeldkluis.journal import guard

MOMENT = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
BEFORE = [("cases", "0009_law"), ("viewing", "0007_workers_sign_and_checks_once")]
BACK = [("appointments", None), BEFORE[1]]
UID = UUID("6f0c2f4e-0d5a-4a53-9c0e-3d6a6a1f2b01")
FACTS = {"minutes": 45, "sequence": 2, "because": "De zaal is bezet.", "proposed": [MOMENT.isoformat()]}


def to(targets: list[Any]) -> Any:
    """Migrate, and give the models as they are then."""
    MigrationExecutor(connection).migrate(targets)
    return MigrationExecutor(connection).loader.project_state([one for one in targets if one[1]]).apps


def fill(old: Any) -> None:
    """A room in use and one that is not, an appointment that was moved, the viewing held at it, and what was open in it."""
    person = old.get_model("people", "Person").objects.create(
        email="x@example.nl", name="x", role="team_manager", pseudonym=uuid4(), added_at=MOMENT
    )
    case = old.get_model("cases", "Case").objects.create(
        reference="2026-0001", kind="access", state="granted", received_at=MOMENT, received_by_channel="letter",
        decide_by=MOMENT, requester_name="x", received_from=person,
    )  # fmt: skip
    rooms = old.get_model("viewing", "Room").objects
    rooms.create(name="Kamer 3", address="Dorp 1", retired_at=MOMENT)
    room = rooms.create(name="Spreekkamer", address="Hooiweg 9", note="Melden bij de balie.")
    made = old.get_model("viewing", "Appointment").objects.create(
        id=UID, case=case, room=room, made_by=person, made_at=MOMENT, at=MOMENT + timedelta(days=9), **FACTS
    )
    held = old.get_model("viewing", "Viewing").objects.create(
        id=uuid4(), case=case, purpose="assess_request", place="x", appointment=made, person=person, proved_at=MOMENT,
        begun_at=MOMENT, expires_at=MOMENT, number="000001", protocol="1",
    )  # fmt: skip
    opening = old.get_model("viewing", "Opening").objects.create(
        id=UID, viewing=held, recording=UID, case=case.reference, purpose="assess_request", person=person, opened_at=MOMENT,
        expires_at=MOMENT, token_hash="x",
    )  # fmt: skip
    old.get_model("viewing", "SignOfLife").objects.create(opening=opening, at=MOMENT)


def is_refused(act: Callable[[], object]) -> bool:
    """Does the database itself refuse this?"""
    try:
        with transaction.atomic():
            act()
            connection.check_constraints()
    except IntegrityError:
        return True
    return False


def whole(new: Any) -> dict[str, object]:
    """What stands in the tables under their new names, and what the database still refuses."""
    rooms = new.get_model("appointments", "Room").objects
    appointments, viewings = (
        new.get_model("appointments", "Appointment").objects,
        new.get_model("viewing", "Viewing").objects,
    )
    made = appointments.get()
    second = {"case": made.case, "room": made.room, "made_by": made.made_by, "made_at": MOMENT, "minutes": 30}
    found: dict[str, object] = {
        "rooms": [[one.name, one.address, one.note, one.retired_at is None] for one in rooms.order_by("name")],
        "facts": {name: getattr(made, name) for name in FACTS} == FACTS,
        "at": [made.pk == UID, made.at == MOMENT + timedelta(days=9), made.room.name],
        "heartbeats": [
            [one.opening_id == UID, one.at == MOMENT] for one in new.get_model("viewing", "Heartbeat").objects.all()
        ],
        "held": [one.appointment_id == UID for one in viewings.all()],
        "second": is_refused(lambda: appointments.create(**second)),
        "nowhere": is_refused(lambda: appointments.update(room_id=999)),
        "unheard of": is_refused(lambda: viewings.update(appointment_id=uuid4())),
        "next room": rooms.create(name="Nieuw", address="x").pk > made.room.pk,
    }
    rooms.get(name="Nieuw").delete()
    tables = connection.introspection.table_names()
    return found | {"tables": sorted(one for one in tables if one.endswith(("_room", "_appointment")))}


def main() -> None:
    with guard.opened():
        fill(to(BEFORE))
        leaves = MigrationExecutor(connection).loader.graph.leaf_nodes()
        found = whole(to(leaves))
        old = to(BACK)
        back = [
            old.get_model("viewing", name).objects.count() for name in ("Room", "Appointment", "Viewing", "SignOfLife")
        ]
        found |= {"back": back, "again": whole(to(leaves)) == found}
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
