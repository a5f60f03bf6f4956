"""What a camera that keeps local time leaves in doubt, from the door to whoever looks at the recording."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.intake.conftest import Door

from beeldkluis.findings.models import Finding
from beeldkluis.journal.models import Entry
from beeldkluis.people.models import Person
from beeldkluis.protocol.retention import Destroy, Keep
from beeldkluis.retention.queries import decision
from beeldkluis.sealed.errors import SealError
from beeldkluis.sealed.manifest import Manifest
from beeldkluis.sealed.note import Signer

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
FILMED, DOCKED = datetime(2026, 10, 24, 21, tzinfo=UTC), datetime(2026, 10, 26, 9, tzinfo=UTC)
AN_HOUR = 3_600_000
pytestmark = [pytest.mark.rule("recording.local-clock")]


def test_it_stays_until_the_latest_it_can_have_ended_and_everybody_reads_why(
    door: Door, client: Client, team_manager: Person
) -> None:
    made = door.deliver(FILMED, 10 * MINUTE, now=DOCKED, clock_offset_ms=-AN_HOUR, may_end_later_ms=AN_HOUR)
    assert "recording.local-clock" in made.flags
    due = FILMED + 10 * MINUTE + HOUR + timedelta(days=28)
    assert made.due_at == due
    assert isinstance(decision(made, due - SECOND), Keep)
    assert isinstance(decision(made, due), Destroy)
    assert "kan een uur eerder of later zijn gemaakt" in Finding.objects.get(rule="recording.local-clock").text
    assert f'"may_end_later_ms":{AN_HOUR}'.encode() in bytes(Entry.objects.get(act="footage.hour_in_doubt").data)
    client.force_login(team_manager)
    page = client.get(f"/opnames/{made.pk}/").content.decode()
    ends = timezone.localtime(FILMED + 10 * MINUTE + HOUR)
    assert f"vanaf 24-10-2026 23:00 en tot {ends:%d-%m-%Y %H:%M} zijn gemaakt" in page
    assert "Houdt een camera plaatselijke tijd bij" in page


def test_a_part_in_doubt_puts_the_whole_in_doubt(door: Door) -> None:
    first = door.deliver(FILMED, MINUTE, now=DOCKED)
    part = door.deliver(FILMED + MINUTE, MINUTE, now=DOCKED, position=1, may_begin_earlier_ms=AN_HOUR)
    assert part.pk == first.pk
    assert (part.may_begin_earlier_ms, part.earliest_start) == (AN_HOUR, FILMED - HOUR)


def test_a_dock_cannot_leave_days_in_doubt(door: Door) -> None:
    signer = Signer.generate("hal")
    told: list[Manifest] = []
    door.deliver(FILMED, MINUTE, now=DOCKED, keep=told.append, may_begin_earlier_ms=AN_HOUR)
    (said,) = told
    assert Manifest.verify(said.sign(signer), signer.vkey) == said
    for name in ("may_begin_earlier_ms", "may_end_later_ms"):
        more = Manifest(**{one: getattr(said, one) for one in Manifest.__slots__} | {name: 4 * AN_HOUR})
        with pytest.raises(SealError, match="more in doubt than clocks can jump"):
            Manifest.verify(more.sign(signer), signer.vkey)
    plain = Manifest(**{one: getattr(said, one) for one in Manifest.__slots__} | {"may_begin_earlier_ms": 0})
    assert "may_begin_earlier_ms" not in plain.sign(signer), "a vault of before there was doubt reads it"
