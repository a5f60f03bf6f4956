"""What is promised of an invitation (docs/guarantees.md): it says nothing of the case."""

import pytest
from tests.appointments.conftest import SOON, event, make
from tests.viewing.conftest import Scene

from beeldkluis.appointments.models import Room
from beeldkluis.cases.models import Letter
from beeldkluis.outbox.models import Outgoing


@pytest.mark.rule("access.appointment")
def test_one_moment_is_an_invitation_with_a_calendar_file_that_tells_nothing_of_the_case(
    granted: Scene, room: Room
) -> None:
    made = make(granted, room)
    letter = Letter.objects.get(kind="invitation")
    method, told = event(letter.calendar)
    assert method == "REQUEST"
    assert told["uid"] == f"{made.pk}@beeldkluis"
    assert told["sequence"] == "0"
    assert told["dtstart"] == f"{SOON:%Y%m%dT%H%M%SZ}"
    assert "Spreekkamer" in told["location"]
    whole = bytes(letter.calendar or b"").decode().lower()
    for secret in (granted.case.reference, granted.case.requester_name.lower(), "bodycam", "beeld", "opname", "r-0000"):
        assert secret not in whole.replace("beeldkluis", "")
    mails = {one.body["to"]: one.body for one in Outgoing.objects.all()}
    assert mails.keys() == {"boa@example.nl", granted.manager.email}
    assert event(mails["boa@example.nl"]["calendar"])[1]["uid"] == told["uid"]
    assert granted.case.reference not in mails["boa@example.nl"]["text"]
