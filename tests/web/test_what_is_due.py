"""What the start page says is due: for whom, until when, how urgent, in words that people act by."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from tests.cases.conftest import LETTER
from tests.conftest import SETUP, START
from tests.footage.conftest import RECEIVED, a_recording

from beeldkluis.cases import actions as cases
from beeldkluis.cases.models import Letter
from beeldkluis.devices import incident_actions as incidents
from beeldkluis.devices.models import Bodycam
from beeldkluis.footage.actions import register
from beeldkluis.governance import actions as governance
from beeldkluis.governance.registers import base_path
from beeldkluis.people.models import Person
from beeldkluis.protocol.letters import SENDERS
from beeldkluis.protocol.roles import Role
from beeldkluis.retention import actions as retention
from beeldkluis.web.due import Due, for_person, shown

EVENING = datetime.fromisoformat("2026-11-03T23:30:00+00:00")  # past midnight where the municipality is
TEXT = [{"heading": "Doel", "text": "Veiligheid."}]


def due(person: Person, now: datetime, words: str) -> list[Due]:
    return [one for one in for_person(person, now) if words in one.title]


def test_a_request_is_due_for_whoever_goes_on_with_it_by_its_last_day_here(dpo: Person, team_manager: Person) -> None:
    case = cases.receive(**LETTER, actor=dpo.as_actor, now=EVENING)
    (one,) = due(dpo, EVENING, f"verzoek {case.reference}")
    assert (one.title, one.note) == (f"Zet door verzoek {case.reference}", "Uiterlijk 02-12-2026.")
    assert one.address == f"/verzoeken/{case.reference}/"
    assert not one.urgent
    assert not due(team_manager, EVENING, f"verzoek {case.reference}")
    cases.forward(case, actor=dpo.as_actor, now=EVENING)
    assert not due(dpo, EVENING, f"verzoek {case.reference}")
    days = [(20, False, "Uiterlijk 02-12-2026."), (22, True, "Uiterlijk 02-12-2026.")]
    for later, urgent, note in [*days, (29, True, "De termijn is op 02-12-2026 verlopen.")]:
        (one,) = due(team_manager, EVENING + timedelta(days=later), "Besluit over")
        assert (one.title, one.note, one.urgent) == (f"Besluit over verzoek {case.reference}", note, urgent)


def test_a_letter_that_is_ready_is_due_for_whoever_sends_it_and_nobody_else(
    dpo: Person, team_manager: Person, administrator: Person
) -> None:
    case = cases.receive(**(LETTER | {"by_email": False}), actor=dpo.as_actor, now=EVENING)
    letter = Letter.objects.get()
    for person in (dpo, team_manager, administrator):
        found = due(person, EVENING, f"Verstuur de brief bij {case.reference}")
        assert bool(found) == (Role(person.role) in SENDERS[letter.kind]), person.role
    (one,) = due(dpo, EVENING, "Verstuur de brief")
    assert one.title == f"Verstuur de brief bij {case.reference}: wij hebben uw verzoek ontvangen"


def test_a_stopped_destruction_is_due_until_the_own_confirmation(dpo: Person, team_manager: Person) -> None:
    brake = retention.pull_brake(recordings=[uuid4()], because="Er staan er veel klaar.", actor=SETUP, now=START)
    for person in (dpo, team_manager):
        (one,) = due(person, START, "gestopte vernietiging")
        assert (one.note, one.urgent) == ("Er staan er veel klaar.", True)
    retention.confirm_brake(brake.pk, person=dpo, actor=dpo.as_actor, now=START)
    assert not due(dpo, START, "gestopte vernietiging")
    assert due(team_manager, START, "gestopte vernietiging")


def test_a_version_is_due_for_the_second_person(dpo: Person, team_manager: Person) -> None:
    text = base_path().read_text(encoding="utf-8")
    governance.adopt(text.encode(), takes_effect_at=START, actor=SETUP, now=START)
    draft = text.replace('version = "1"', 'version = "2"', 1).encode()
    made = governance.draft(draft, TEXT, actor=team_manager.as_actor, now=START)
    effect = START + timedelta(days=30)
    governance.propose(made, takes_effect_at=effect, touched=0, today=START, actor=team_manager.as_actor, now=START)
    (one,) = due(dpo, START, "protocolversie 2")
    assert one.title == "Kijk naar protocolversie 2"
    assert one.note == "Een tweede persoon kijkt wat er verandert en stelt de versie vast."
    assert not due(team_manager, START, "protocolversie 2")


@pytest.mark.parametrize(
    ("later", "note"),
    [
        (timedelta(minutes=30), "Nog 71 uur."),
        (timedelta(hours=71, minutes=30), "Nog 0 uur."),
        (timedelta(hours=73), "De termijn is verlopen op 04-10-2026 10:00."),
    ],
)
def test_an_incident_counts_down_to_its_72_hours(
    bodycam: Bodycam, dpo: Person, administrator: Person, later: timedelta, note: str
) -> None:
    report = incidents.Report(kind="loss", told="Kwijt.", last_seen_at=None, aware_at=START)
    made = incidents.report_incident(bodycam, report, actor=dpo.as_actor, now=START)
    (one,) = due(dpo, START + later, "wordt gemeld")
    assert (one.title, one.note, one.urgent) == (f"Besluit of incident {made} wordt gemeld", note, True)
    assert not due(administrator, START + later, "wordt gemeld")


@pytest.mark.parametrize(("count", "words"), [(1, "1 opname wordt"), (2, "2 opnames worden")])
def test_what_goes_soon_is_counted_with_the_moment_of_the_first(
    bodycam: Bodycam, team_manager: Person, dpo: Person, count: int, words: str
) -> None:
    for number in range(count):
        register(a_recording(START + timedelta(hours=2 + number)), actor=SETUP, now=RECEIVED)
    now = START + timedelta(days=25)
    (one,) = due(team_manager, now, "binnenkort vernietigd")
    assert one.title == f"{words} binnenkort vernietigd"
    assert one.note == "De eerste op 29-10-2026 11:05. U hoeft niets te doen."  # winter time since the 25th
    assert not due(dpo, now, "binnenkort vernietigd")


def test_what_is_set_apart_is_named_once_however_many_reasons_there_are(team_manager: Person, dpo: Person) -> None:
    first = register(a_recording(said_apart="Er zit geen beeld in."), actor=SETUP, now=RECEIVED)
    (one,) = due(team_manager, RECEIVED, "apart gezet")
    assert one.title == f"Opname {first} is apart gezet"
    assert "Sinds 01-10-2026 19:00." in one.note
    assert not due(dpo, RECEIVED, "apart gezet")
    later = RECEIVED + timedelta(hours=1)
    register(a_recording(START + timedelta(hours=5), said_apart="Kapot."), actor=SETUP, now=later)
    (one,) = due(team_manager, later, "apart gezet")
    assert one.title == "2 opnames zijn apart gezet"
    assert one.note.startswith(f"De oudste: {first}. ")


def test_what_is_late_stands_first_and_a_hundred_lines_at_most(
    dpo: Person, team_manager: Person, add_letter: Callable[[datetime], None]
) -> None:
    for days in (0, 26):
        add_letter(EVENING - timedelta(days=days))
    found = for_person(dpo, EVENING)
    assert {one.urgent for one in found} == {True, False}
    assert [one.urgent for one in found] == sorted((one.urgent for one in found), reverse=True)
    lines, more = shown([found[0]] * 103)
    assert (len(lines), more) == (100, 3)


@pytest.fixture
def add_letter(dpo: Person) -> Callable[[datetime], None]:
    return lambda at: cases.receive(**LETTER, actor=dpo.as_actor, now=at) and None
