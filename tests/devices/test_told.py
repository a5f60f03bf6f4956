"""What start page, findings, mails and journal say of bodycams and incidents, by their words and moments."""

from datetime import timedelta

import pytest

from beeldkluis.devices import actions, incident_actions, incident_queries
from beeldkluis.devices.models import Bodycam, Dock, IssuePeriod
from beeldkluis.findings.models import Finding
from beeldkluis.governance import actions as governance
from beeldkluis.governance.models import ProtocolVersion
from beeldkluis.governance.registers import base_path
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people.acknowledgement_actions import Receipt, officer_actor, sign_as_officer
from beeldkluis.people.actions import add_officer
from beeldkluis.people.due import Due
from beeldkluis.people.models import Officer, Person
from beeldkluis.protocol.verdict import Refused
from beeldkluis.web.due import for_person
from tests.conftest import SETUP, START
from tests.lines import lines

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NOW = START + 12 * HOUR


@pytest.fixture
def dock(db: None) -> Dock:
    return Dock.objects.create(name="Zuidhorn", public_key="k", token_hash="t", enrolled_at=START)


def seen(serial: str) -> actions.CameraSeen:
    return actions.CameraSeen(serial=serial, slot="1", volume_id="V", clock_offset_ms=0, files=2, free_bytes=9)


def written(moment: object) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}"


def due(person: Person, words: str, *, days: int = 0) -> list[Due]:
    return [one for one in for_person(person, NOW + days * DAY) if words in one.title]


def test_the_journal_says_from_when_until_when_not_when_it_was_typed(bodycam: Bodycam, officer: Officer) -> None:
    actions.issue(bodycam, officer, at=START + HOUR, because=" Haast. ", actor=SETUP, now=NOW)
    actions.hand_in(bodycam, at=START + 3 * HOUR, actor=SETUP, now=NOW)
    (issued,), (back,) = lines("devices.bodycam_issued"), lines("devices.bodycam_handed_in")
    assert issued.startswith(f"Bodycam BC-0007 uitgegeven vanaf {written(START + HOUR)}")
    assert back.startswith(f"Bodycam BC-0007 ingenomen op {written(START + 3 * HOUR)}")


def test_who_has_a_bodycam_and_did_not_sign_is_due_with_the_reason_for_who_issues(
    bodycam: Bodycam, officer: Officer, team_manager: Person, dpo: Person
) -> None:
    governance.adopt(base_path().read_bytes(), takes_effect_at=START, actor=SETUP, now=START)
    ProtocolVersion.objects.update(sections=[{"title": "Doel", "text": "Veiligheid."}])
    at_dock = Receipt(protocol_received_on=NOW.date(), instruction_received_on=NOW.date(), how="dock")
    sign_as_officer(ProtocolVersion.objects.get(), officer, at_dock, actor=officer_actor(officer), now=NOW)
    colleague = add_officer(number="1301", name="T. Postma", employment="hired", since=START, actor=SETUP, now=START)
    other = Bodycam.objects.create(serial="SIM-8", label="BC-0008", kind=bodycam.kind, added_at=START)
    for camera, wearer in ((bodycam, officer), (other, colleague)):
        actions.issue(camera, wearer, at=START, because="Ziek bij de uitleg.", actor=SETUP, now=NOW)
    (one,) = due(team_manager, "niet heeft getekend")
    assert one.title == "Bodycam BC-0008 is bij iemand die niet heeft getekend"
    assert one.note == "Reden bij de uitgifte: Ziek bij de uitleg."
    assert due(dpo, "niet heeft getekend") == []
    assert IssuePeriod.objects.get(bodycam=bodycam).unsigned_because == ""


def test_what_stays_away_is_due_with_the_day_it_was_docked_last(
    issued: IssuePeriod, dock: Dock, team_manager: Person, dpo: Person
) -> None:
    (one,) = due(team_manager, "stond lang niet", days=20)
    assert (one.title, one.note) == ("Bodycam BC-0007 stond lang niet in een dockingstation", "Nog nooit.")
    actions.note_docked(dock, seen(issued.bodycam.serial), now=START + 3 * DAY)
    assert due(team_manager, "stond lang niet", days=16) == []
    (one,) = due(team_manager, "stond lang niet", days=20)
    assert one.note == f"Sinds {START + 3 * DAY:%d-%m-%Y}."
    assert due(dpo, "stond lang niet", days=20) == []


def test_only_the_data_protection_officer_confirms_who_wore_it(
    issued: IssuePeriod, team_manager: Person, administrator: Person, dpo: Person
) -> None:
    for person in (team_manager, administrator):
        with pytest.raises(Refused):
            actions.confirm_wearer(issued, person=person, now=NOW)
    actions.confirm_wearer(issued, person=dpo, now=NOW)
    (line,) = lines("devices.wearer_confirmed")
    assert line.startswith(f"Nagevraagd: bodycam BC-0007 was uitgegeven vanaf {written(issued.issued_at)}")


def test_an_unknown_camera_is_named_with_its_dock(dock: Dock) -> None:
    actions.note_docked(dock, seen("SIM-99"), now=NOW)
    assert Finding.objects.get().text == "Een onbekende camera met serienummer SIM-99 staat in dockingstation Zuidhorn."


def test_of_a_lost_camera_the_term_is_mailed_and_that_it_is_back_is_written_down(
    bodycam: Bodycam, officer: Officer, team_manager: Person, dpo: Person
) -> None:
    second = add_officer(number="1301", name="T. Postma", employment="hired", since=START, actor=SETUP, now=START)
    for wearer, first, last in ((officer, 1, 2), (second, 4, 5)):
        actions.issue(bodycam, wearer, at=START + first * HOUR, because="-", actor=SETUP, now=NOW)
        actions.hand_in(bodycam, at=START + last * HOUR, actor=SETUP, now=NOW)
    Bodycam.objects.update(last_docked_at=START + 3 * HOUR)
    report = incident_actions.Report(kind="loss", told="Kwijt.", last_seen_at=None, aware_at=NOW - HOUR)
    made = incident_actions.report_incident(bodycam, report, actor=team_manager.as_actor, now=NOW)
    assert list(incident_queries.officers_since(made)) == [second]
    mail = Outgoing.objects.get(body__to=dpo.email)
    assert f"De termijn loopt tot {NOW - HOUR + 3 * DAY:%d-%m-%Y %H:%M} UTC." in " ".join(mail.body["text"].split())
    for unblock, word in ((False, "True"), (True, "False")):
        actor = team_manager.as_actor
        incident_actions.note_found(made, at=NOW, how="gevonden", unblock=unblock, actor=actor, now=NOW)
        assert lines("devices.camera_found")[-1] == f"Bodycam BC-0007 is terug; geblokkeerd gebleven: {word}"
