"""What an officer finds behind number and code: the cameras that this officer has now."""

from datetime import timedelta

from beeldkluis.devices.actions import add_bodycam, hand_in, issue
from beeldkluis.devices.models import Bodycam, IssuePeriod
from beeldkluis.kiosk.owed import owed
from beeldkluis.kiosk.queries import bodycams_with
from beeldkluis.people.actions import add_officer
from tests.conftest import SETUP, START

LATER = START + timedelta(hours=5)


def test_a_camera_that_was_handed_in_is_nobodys_and_one_that_went_on_is_the_next_officers(issued: IssuePeriod) -> None:
    first, camera = issued.officer, issued.bodycam
    assert bodycams_with(first) == [camera]
    hand_in(camera, at=LATER, actor=SETUP, now=LATER)
    assert bodycams_with(first) == []
    assert owed(first).bodycam(camera.label) is None, "and so nobody can report it lost in this officer's name"
    second = add_officer(number="1208", name="B. Bos", employment="own", since=START, actor=SETUP, now=START)
    issue(camera, second, at=LATER, because="x", actor=SETUP, now=LATER)
    assert (bodycams_with(first), bodycams_with(second)) == ([], [camera])


def test_cameras_stand_in_the_order_of_their_labels(issued: IssuePeriod) -> None:
    for label in ("BC-0010", "BC-9", "BC-0002"):
        made: Bodycam = add_bodycam(
            serial=f"S-{label}", label=label, make="P", model="P", pre_event_seconds=120, actor=SETUP, now=START
        )
        issue(made, issued.officer, at=LATER, because="x", actor=SETUP, now=LATER)
    assert [one.label for one in bodycams_with(issued.officer)] == ["BC-9", "BC-0002", "BC-0007", "BC-0010"]
