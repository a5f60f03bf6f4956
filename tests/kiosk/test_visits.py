"""Behind number and code: an officer's own, for a few minutes, and never anybody else's."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from beeldkluis.devices.actions import add_bodycam, issue
from beeldkluis.devices.models import Dock, IssuePeriod, SecurityIncident
from beeldkluis.findings.models import Finding
from beeldkluis.footage.models import Observation, Recording
from beeldkluis.governance.models import ProtocolVersion
from beeldkluis.journal.models import Entry
from beeldkluis.kiosk.models import Visit
from beeldkluis.people.actions import add_officer, end_officer
from beeldkluis.people.code_actions import change_code, give_code
from beeldkluis.people.models import Acknowledgement, Officer, Person
from beeldkluis.protocol.codes import WRONG
from tests.conftest import SETUP, START
from tests.footage.conftest import BEGIN, Register, add
from tests.footage.test_observations import TYPED
from tests.kiosk.conftest import Moment, screen_at
from tests.people.test_acknowledgements import version

__all__ = ["add", "version"]
OWN, OTHER_OWN = "830461", "571904"
SIGN = "/kiosk/mijn/tekenen/"
MINE, DOOR, CODE, DONE, STAY = (
    "/kiosk/mijn/", "/kiosk/mijn/aanmelden/", "/kiosk/mijn/code/", "/kiosk/mijn/klaar/", "/kiosk/mijn/nog/",
)  # fmt: skip


def with_own_code(officer: Officer, code: str) -> Officer:
    """This officer chose this code."""
    given_code = give_code(officer, actor=SETUP, now=START)
    return change_code(officer, given_code, code, sender="tests", actor=SETUP, now=START)


@pytest.fixture
def chosen(officer: Officer) -> Officer:
    return with_own_code(officer, OWN)


@pytest.fixture
def other(db: None) -> Officer:
    """Another officer, with another camera."""
    made = add_officer(number="1300", name="T. Ander", employment="own", since=START, actor=SETUP, now=START)
    bodycam = add_bodycam(
        serial="SIM-0008", label="BC-0008", make="Proef", model="P1", pre_event_seconds=120, actor=SETUP, now=START
    )
    issue(bodycam, made, at=START + timedelta(hours=1), actor=SETUP, now=START + timedelta(hours=1))
    return with_own_code(made, OTHER_OWN)


def enter(screen: Client, number: str = "1207", code: str = OWN) -> HttpResponse:
    return screen.post(DOOR, {"number": number, "code": code})


def observe_at(recording: Recording) -> str:
    return f"/kiosk/mijn/opname/{recording.pk}/"


def test_number_and_code_open_the_own_page_and_klaar_closes_it(screen: Client, chosen: Officer) -> None:
    assert screen.get(MINE)["Location"] == DOOR
    assert "Wie bent u?" in screen.get(DOOR).content.decode()
    answer = enter(screen)
    assert answer["Location"] == MINE
    cookie = answer.cookies["beeldkluis_visit"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/kiosk/")
    page = screen.get(MINE).content.decode()
    assert "U bent bij" in page
    assert 'http-equiv="refresh" content="180; url=/kiosk/"' in page
    assert Entry.objects.filter(act="kiosk.visit_begun").count() == 1
    assert screen.get(DONE).status_code == 405
    assert screen.post(DONE)["Location"] == "/kiosk/"
    assert screen.get(MINE)["Location"] == DOOR


def test_every_wrong_answer_is_one_sentence_and_the_wait_is_said(screen: Client, chosen: Officer) -> None:
    for number, code in (("9999", OWN), ("1207", "000001"), ("1207", "000002")):
        page = enter(screen, number, code).content.decode()
        assert WRONG in page
        assert code not in page
    enter(screen, "1207", "000003")
    assert "Wacht nog 5 seconden" in enter(screen).content.decode()
    assert not Visit.objects.exists()


def test_another_screen_lets_in_while_this_one_waits(
    screen: Client, chosen: Officer, dock: Dock, administrator: Person
) -> None:
    for _ in range(4):
        enter(screen, code="000001")
    assert enter(screen_at(dock, administrator))["Location"] == MINE


def test_guessing_at_many_screens_is_a_finding_and_too_early_tries_are_none(
    chosen: Officer, dock: Dock, administrator: Person
) -> None:
    screens = [screen_at(dock, administrator) for _ in range(5)]
    for one in screens[:4]:
        assert WRONG in enter(one, code="000001").content.decode()
    assert not Finding.objects.exists()
    assert WRONG in enter(screens[4], code="000002").content.decode()
    (finding,) = Finding.objects.all()
    assert "5 keer of vaker een verkeerde code getypt voor handhaver 1207" in finding.text
    assert "000002" not in finding.text
    for one in screens:
        enter(one, code="000003")
    assert Finding.objects.count() == 1
    assert Entry.objects.filter(act="devices.finding_raised").count() == 1


def test_guessing_the_old_code_while_choosing_a_new_one_is_a_finding_too(
    screen: Client, chosen: Officer, moment: Moment
) -> None:
    enter(screen)
    for turn in range(5):
        moment.now += timedelta(minutes=1)
        page = screen.post(CODE, {"old": f"00000{turn}", "new": OTHER_OWN, "again": OTHER_OWN}).content.decode()
        assert WRONG in page, turn
    assert "handhaver 1207" in Finding.objects.get().text


def test_a_code_that_was_given_is_changed_before_anything_else(
    screen: Client, officer: Officer, issued: IssuePeriod, add: Register
) -> None:
    recording = add()
    given_code = give_code(officer, actor=SETUP, now=START)
    assert enter(screen, code=given_code)["Location"] == MINE
    for path in (MINE, observe_at(recording), STAY):
        assert screen.get(path)["Location"] == CODE, path
    assert screen.post(observe_at(recording), TYPED)["Location"] == CODE
    assert not Observation.objects.exists()
    assert "alleen u kent" in screen.get(CODE).content.decode()

    def choose(old: str, new: str, again: str) -> str:
        answer = screen.post(CODE, {"old": old, "new": new, "again": again})
        return answer["Location"] if answer.status_code == 302 else answer.content.decode()

    assert "niet gelijk" in choose(given_code, OWN, OTHER_OWN)
    assert "te makkelijk" in choose(given_code, "123456", "123456")
    assert "oude" in choose(given_code, given_code, given_code)
    assert WRONG in choose(f"{(int(given_code) + 1) % 10**6:06d}", OWN, OWN)
    assert screen.get(MINE)["Location"] == CODE
    assert choose(given_code, OWN, OWN) == MINE
    assert "Wat u nog moet doen" in screen.get(MINE).content.decode()
    assert "Annuleren" in screen.get(CODE).content.decode()


def test_the_officer_tells_of_an_own_recording_and_it_is_owed_no_more(
    screen: Client, chosen: Officer, issued: IssuePeriod, add: Register
) -> None:
    recording = add()
    enter(screen)
    assert f"01-10-2026 12:02, camera {recording.bodycam}" in screen.get(MINE).content.decode()
    assert "waarom" in screen.post(observe_at(recording), TYPED | {"warning": "not_given"}).content.decode()
    assert screen.post(observe_at(recording), TYPED)["Location"] == MINE
    assert Observation.objects.get().made_by == str(chosen.pseudonym)
    assert "U bent bij" in screen.get(MINE).content.decode()
    assert screen.get(observe_at(recording))["Location"] == MINE


def test_the_officer_reads_the_protocol_and_signs_for_it_at_the_dock(
    screen: Client, chosen: Officer, other: Officer, version: ProtocolVersion
) -> None:
    enter(screen)
    assert "Lezen en tekenen" in screen.get(MINE).content.decode()
    page = screen.get(SIGN).content.decode()
    assert version.sections[0]["text"] in page
    days = {"protocol_received_on": "2026-10-01", "instruction_received_on": "2026-09-30"}
    assert "Vink dit aan" in screen.post(SIGN, days).content.decode()
    late = screen.post(SIGN, days | {"understood": "on", "protocol_received_on": "2026-10-09"})
    assert (late.status_code, "Dit mag niet" in late.content.decode()) == (403, True)
    assert not Acknowledgement.objects.exists()
    assert screen.post(SIGN, days | {"understood": "on"})["Location"] == MINE
    signed = Acknowledgement.objects.get()
    assert (signed.officer, signed.version, signed.how) == (chosen, version, Acknowledgement.How.DOCK)
    assert "U bent bij" in screen.get(MINE).content.decode()
    assert screen.get(SIGN)["Location"] == MINE
    enter(screen, "1300", OTHER_OWN)
    assert "Lezen en tekenen" in screen.get(MINE).content.decode(), "one signs for oneself"


@pytest.mark.parametrize(("passes", "lasts"), [(timedelta(seconds=179), True), (timedelta(minutes=3), False)])
def test_a_visit_ends_three_minutes_after_the_last_touch(
    screen: Client, chosen: Officer, moment: Moment, passes: timedelta, lasts: bool
) -> None:
    enter(screen)
    moment.now += timedelta(minutes=2)
    assert screen.get(STAY).status_code == 204
    moment.now += passes
    assert (screen.get(MINE).status_code == 200) is lasts


def test_no_visit_is_kept_open_for_ever(screen: Client, chosen: Officer, moment: Moment) -> None:
    enter(screen)
    for _ in range(14):
        moment.now += timedelta(minutes=2)
        assert screen.get(STAY).status_code == 204
    moment.now += timedelta(minutes=2)
    assert screen.get(STAY)["Location"] == DOOR


@pytest.mark.parametrize("path", ["/kiosk/", "/kiosk/stand"])
def test_once_the_slots_are_shown_nobody_finds_the_visit_open(screen: Client, chosen: Officer, path: str) -> None:
    enter(screen)
    screen.get(path)
    assert screen.get(MINE)["Location"] == DOOR
    assert Visit.objects.get().ended_at is not None


def test_a_visit_belongs_to_its_own_screen(screen: Client, chosen: Officer, dock: Dock, administrator: Person) -> None:
    enter(screen)
    elsewhere = screen_at(dock, administrator)
    elsewhere.cookies["beeldkluis_visit"] = screen.cookies["beeldkluis_visit"].value
    assert elsewhere.get(MINE)["Location"] == DOOR
    assert screen.get(MINE).status_code == 200


def test_the_next_officer_ends_the_visit_of_the_one_before(screen: Client, chosen: Officer, other: Officer) -> None:
    enter(screen)
    old = screen.cookies["beeldkluis_visit"].value
    enter(screen, "1300", OTHER_OWN)
    assert Visit.objects.filter(ended_at=None).count() == 1
    screen.cookies["beeldkluis_visit"] = old
    assert screen.get(MINE)["Location"] == DOOR


def test_out_of_service_is_out(screen: Client, chosen: Officer, team_manager: Person) -> None:
    enter(screen)
    end_officer(chosen, until=START, actor=team_manager.as_actor)
    assert screen.get(MINE)["Location"] == DOOR
    assert WRONG in enter(screen).content.decode()


def test_the_officer_reports_the_own_camera_and_no_other(
    screen: Client, chosen: Officer, other: Officer, issued: IssuePeriod
) -> None:
    enter(screen)
    page = screen.get(MINE).content.decode()
    assert "Camera BC-0007 kwijt of stuk melden" in page
    typed = {"kind": "loss", "told": "Uit de auto gehaald.", "aware_at": "2026-10-01T09:30", "last_seen_at": ""}
    for method in (screen.get, lambda at: screen.post(at, typed)):
        assert method("/kiosk/mijn/camera/BC-0008/")["Location"] == MINE
        assert method("/kiosk/mijn/camera/BC-9999/")["Location"] == MINE
    place = "/kiosk/mijn/camera/BC-0007/"
    assert "meteen geblokkeerd" in screen.get(place).content.decode()
    late = screen.post(place, typed | {"aware_at": "2026-10-09T09:30"}).content.decode()
    assert "moet nog komen" in late
    assert "Uit de auto gehaald." in late, "what was typed stays"
    assert not SecurityIncident.objects.exists()
    assert "incident I-000001" in screen.post(place, typed).content.decode()
    made = SecurityIncident.objects.get()
    assert (made.bodycam, made.reported_by) == (issued.bodycam, str(chosen.pseudonym))
    assert made.bodycam.blocked_at is not None
    assert "loopt al incident" in screen.post(place, typed).content.decode()
    assert SecurityIncident.objects.count() == 1


def test_a_visit_is_no_account(screen: Client, chosen: Officer) -> None:
    enter(screen)
    for path in ("/", "/opnames/", "/handhavers/", "/logboek/"):
        assert screen.get(path).status_code == 302, path


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["1207", "1300"]), st.sampled_from(["enter", "mine", "tell", "look", "camera", "tiles", "done"])
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=40, deadline=None)
@given(moves=MOVES)
def test_nothing_of_another_officer_is_ever_shown_or_told(
    moves: list[tuple[str, str]], screen: Client, two: dict[str, Any]
) -> None:
    """Whatever two officers do at one screen, in whatever order: a page shows what belongs to whoever typed the code last."""
    Observation.objects.all().delete()
    Visit.objects.all().delete()
    screen.cookies.pop("beeldkluis_visit", None)
    here = ""
    for number, move in moves:
        recording = two[number]["recording"]
        if move == "enter":
            assert enter(screen, number, two[number]["code"])["Location"] == MINE
            here = number
            continue
        if move in ("tiles", "done"):
            answer = screen.get("/kiosk/") if move == "tiles" else screen.post(DONE)
            here = ""
        elif move == "mine":
            answer = screen.get(MINE)
        elif move == "camera":
            answer = screen.get(f"/kiosk/mijn/camera/{recording.bodycam}/")
        elif move == "look":
            answer = screen.get(observe_at(recording))
        else:
            answer = screen.post(observe_at(recording), TYPED)
        page = answer.content.decode()
        for one, own in two.items():
            if one != here:
                assert not [word for word in own["words"] if word in page], (here, move, one)
        made = set(Observation.objects.values_list("recording__officer__number", "made_by"))
        assert made <= {(one, own["pseudonym"]) for one, own in two.items()}, "each tells of the own recordings only"


@pytest.fixture
def two(chosen: Officer, other: Officer, issued: IssuePeriod, add: Register) -> dict[str, Any]:
    """Two officers, each with a recording that wants an observation, and the words by which it would be seen."""
    first = add(BEGIN)
    second = add(BEGIN + timedelta(hours=3), serial="SIM-0008")
    found = {}
    for officer, code, recording in ((chosen, OWN, first), (other, OTHER_OWN, second)):
        assert recording.officer == officer
        words = (officer.name, str(recording.pk), str(recording.bodycam), str(officer.pseudonym))
        found[officer.number] = {
            "code": code, "recording": recording, "words": words, "pseudonym": str(officer.pseudonym)
        }  # fmt: skip
    return found
