"""What intake says and keeps: how many were wiped, how large a clip is, whose an upload is, for how long something lasts."""

from datetime import timedelta
from uuid import uuid4

import pytest
from tests.conftest import START
from tests.intake.conftest import Door
from tests.lines import lines

from beeldkluis.devices.models import Dock
from beeldkluis.findings.models import Finding
from beeldkluis.intake import actions, axis_actions, queries
from beeldkluis.intake.models import AxisSystem, Receipt, Upload
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.signer import signer
from beeldkluis.people.models import Person
from beeldkluis.protocol.verdict import Refused
from beeldkluis.sealed.manifest import Manifest
from beeldkluis.sealed.receipt import Receipt as ReceiptNote

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
FILMED, DOCKED = START + 2 * HOUR, START + 9 * HOUR


def test_the_receipt_is_of_the_sealed_file_as_the_dock_sent_it(door: Door) -> None:
    said: list[Manifest] = []
    door.deliver(FILMED, MINUTE, now=DOCKED, keep=said.append)
    given = ReceiptNote.verify(Receipt.objects.get().note, signer().vkey)
    assert (given.size, given.sealed_sha256) == (said[0].sealed_size, said[0].sealed_sha256)
    assert given.size > said[0].source_size
    (line,) = lines("intake.clip_accepted")
    assert line.startswith("Bestand ontvangen en veilig opgeslagen, ")


def test_a_wipe_is_told_by_what_went_and_what_is_left(door: Door) -> None:
    made = [door.deliver(FILMED + number * MINUTE, MINUTE, now=DOCKED, position=number) for number in range(2)]
    clips = list(Receipt.objects.filter(recording__in=[one.pk for one in made]).values_list("clip", flat=True))
    actions.report_wiped(door.dock, serial=door.serial, clips=clips, left=5, now=DOCKED)
    assert lines("intake.camera_wiped") == ["Camera SIM-0007 leeggemaakt: 2 bestanden weg, 5 nog aanwezig"]
    assert not Finding.objects.filter(rule="intake.wipe-after-receipt").exists()
    actions.report_wiped(door.dock, serial=door.serial, clips=[uuid4()], left=0, now=DOCKED)
    told = Finding.objects.get(rule="intake.wipe-after-receipt")
    assert told.text == "Dockingstation hal meldt iets gewist te hebben waarvoor geen ontvangstbewijs is gegeven."


def test_half_an_upload_is_swept_after_a_day_and_is_only_its_own_docks(door: Door) -> None:
    upload = Upload.objects.create(dock=door.dock, length=9, made_at=DOCKED, touched_at=DOCKED)
    other = Dock.objects.create(name="balie", public_key="x", token_hash="y", enrolled_at=START)
    assert queries.upload(upload.pk, door.dock) == upload
    assert queries.upload(upload.pk, other) is None
    system = Actor.system("intake")
    assert actions.sweep_uploads(actor=system, now=DOCKED + 23 * HOUR) == 0
    assert actions.sweep_uploads(actor=system, now=DOCKED + 25 * HOUR) == 1
    assert lines("intake.uploads_swept") == ["1 afgebroken aanleveringen opgeruimd"]


def test_a_camera_system_has_a_token_for_a_day_and_ends_by_the_administrator_alone(
    administrator: Person, team_manager: Person
) -> None:
    system = AxisSystem.objects.create(name="Bijkantoor", user="axis-1", key_hash="x", made_at=START)
    axis_actions.give_token(system, now=START)
    system.refresh_from_db()
    assert system.token_expires_at == START + timedelta(days=1)
    with pytest.raises(Refused, match="Dit kan alleen de beheerder"):
        axis_actions.retire_system(system, actor=team_manager.as_actor, now=START)
    axis_actions.retire_system(system, actor=administrator.as_actor, now=START)
    assert lines("intake.axis_system_retired") == ["Camerasysteem Bijkantoor buiten gebruik gesteld"]
