"""What the journal says of rooms and appointments, under the names that stand in the leaves of every installation."""

from tests.appointments.conftest import AFTER, LATER, SOON, THIRD, make
from tests.viewing.conftest import NOW, Scene

from beeldkluis.appointments import actions, room_actions
from beeldkluis.appointments.models import Room
from beeldkluis.appointments.tasks import close_what_is_over
from beeldkluis.journal import queries as journal

SAID = {
    "viewing.room_added": "Ruimte voor inzage toegevoegd: Spreekkamer",
    "viewing.moments_proposed": "Zaak {case}: 2 momenten voor inzage voorgesteld",
    "viewing.appointment_cancelled": "Zaak {case}: afspraak voor inzage afgezegd",
    "viewing.appointment_made": f"Zaak {{case}}: afspraak voor inzage op {SOON:%Y-%m-%dT%H:%M}",
    "viewing.appointment_moved": f"Zaak {{case}}: afspraak voor inzage verzet naar {LATER:%Y-%m-%dT%H:%M}",
    "viewing.appointment_over": "Zaak {case}: de tijd van de afspraak voor inzage is voorbij",
    "viewing.room_retired": "Ruimte voor inzage buiten gebruik: Spreekkamer",
}


def test_each_act_is_read_under_the_name_it_was_written_by(granted: Scene, room: Room) -> None:
    actor = granted.manager.as_actor
    actions.cancel(make(granted, room, SOON, THIRD), because="Druk.", actor=actor, now=NOW)
    actions.move(make(granted, room), at=LATER, room=room, because="Druk.", actor=actor, now=NOW)
    close_what_is_over(AFTER + (LATER - SOON))
    room_actions.retire_room(room, actor=actor, now=NOW)
    lines = [journal.line(number, details=False) for number in range(journal.size())]
    read = {one.act: one.sentence for one in lines if one.act in SAID}
    for act, said in SAID.items():
        assert read[act].startswith(said.format(case=granted.case.reference)), act
    by = {one.act: one.actor for one in lines}
    assert by["viewing.appointment_over"] == "system viewing"
