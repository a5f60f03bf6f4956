"""Why a dock's file is not taken in is said for each reason, not once for all."""

from datetime import timedelta

import pytest
from tests.conftest import START
from tests.intake.conftest import Door

from beeldkluis.findings.models import Finding
from beeldkluis.people.models import TeamKey
from beeldkluis.protocol.verdict import Refused

NO_KEYS = "Dockingstation hal leverde iets aan dat is geweigerd. Er zijn nog geen sleutels. Maak ze eerst."
OTHER = (
    "Dockingstation hal leverde iets aan dat is geweigerd. "
    "Het dockingstation verzegelde voor andere sleutels dan die nu gelden."
)
RETIRED = "Dockingstation hal leverde iets aan dat is geweigerd. Dit dockingstation is buiten gebruik gesteld."


def refused(door: Door) -> None:
    with pytest.raises(Refused):
        door.deliver(START, timedelta(minutes=1), now=START, recipients=["age1old", "age1older"])


def test_after_the_key_ceremony_the_finding_does_not_still_say_that_there_are_no_keys(door: Door) -> None:
    keys = list(TeamKey.objects.all())
    TeamKey.objects.all().delete()
    refused(door)
    refused(door)
    assert [one.text for one in Finding.objects.all()] == [NO_KEYS]
    TeamKey.objects.bulk_create(keys)
    refused(door)
    door.dock.retired_at = START
    door.dock.save()
    refused(door)
    assert [one.text for one in Finding.objects.order_by("pk")] == [NO_KEYS, OTHER, RETIRED]
