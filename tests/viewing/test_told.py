"""What mails, start page, report and journal say of a viewing, by their words, numbers and times."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.lines import lines
from tests.viewing.conftest import CODE, NOW, Scene

from beeldkluis.appointments import actions as appointments
from beeldkluis.appointments.room_actions import add_room
from beeldkluis.cases.models import Case
from beeldkluis.documents.words import day_and_time
from beeldkluis.journal import clock
from beeldkluis.outbox.models import Outgoing
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.roles import Role
from beeldkluis.viewing import actions, check_actions, pages, presence_actions, report_actions, reports
from beeldkluis.viewing.models import FetchedRange, Viewing
from beeldkluis.web.due import for_person

LATER = NOW + timedelta(minutes=10)


@pytest.fixture(autouse=True)
def at_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def begun(scene: Scene) -> Viewing:
    scene.confirm()
    return presence_actions.begin(
        scene.case, purpose=Purpose.ASSESS_REQUEST, place="Spreekkamer", proved_at=NOW, person=scene.manager, now=NOW
    )


def mail(subject: str) -> str:
    return " ".join(Outgoing.objects.get(about=subject).body["text"].split())


def confirm(viewing: Viewing, *, own_screen: bool = False) -> None:
    presence_actions.confirm_officer(viewing, number="1207", code=CODE, own_screen=own_screen, now=NOW)


@pytest.mark.parametrize(
    ("own_screen", "where"), [(True, "op een eigen apparaat"), (False, "op het scherm van de teammanager")]
)
def test_the_officer_hears_where_the_code_was_typed(begun: Viewing, own_screen: bool, where: str) -> None:
    confirm(begun, own_screen=own_screen)
    text = mail("U bent genoteerd bij een inzage")
    assert text.startswith(f"Op {day_and_time(NOW)} is {where} met uw nummer en code gezegd dat u bij een inzage bent")


def test_the_officer_hears_when_was_looked_at_film_of_when(scene: Scene, begun: Viewing) -> None:
    confirm(begun)
    actions.open_recording(begun, scene.recording.pk, person=scene.manager, now=LATER)
    filmed = day_and_time(scene.recording.activated_at)
    assert filmed != day_and_time(LATER)
    assert mail("Beelden van uw camera zijn bekeken").startswith(
        f"Op {day_and_time(LATER)} zijn beelden bekeken van een opname van uw camera, van {filmed}."
    )


def test_the_journal_says_what_was_played_closed_and_left(scene: Scene, begun: Viewing) -> None:
    confirm(begun)
    opening = actions.open_recording(begun, scene.recording.pk, person=scene.manager, now=NOW).opening
    clip = scene.recording.clips.get().object
    actions.report_played(opening, [(clip, 1000, 4500)], actor=scene.manager.as_actor, now=NOW)
    FetchedRange.objects.create(opening=opening, clip=clip, first=16, last=65_552, at=NOW)
    officer = begun.attendances.get(present="officer")
    presence_actions.leave(officer, actor=scene.manager.as_actor, now=LATER)
    reference = scene.case.reference
    assert lines("viewing.seconds_played") == [f"Afgespeeld onder zaak {reference}, van 1000 tot 4500 milliseconden"]
    assert lines("viewing.opening_closed") == ["Opname gesloten; 3 seconden bekeken, 65536 verzegelde bytes uitgegeven"]
    (left,) = lines("viewing.somebody_left")
    assert left.startswith(f"Vertrokken bij de inzage onder zaak {reference}: ")
    assert left.endswith("; 1 opname(s) gesloten")


@pytest.mark.parametrize(("handed", "word"), [(True, "Ja"), (False, "Nee"), (None, "Niet vastgelegd")])
def test_the_report_says_from_when_to_when_who_made_it_and_who_signs(
    scene: Scene, begun: Viewing, handed: bool | None, word: str
) -> None:
    presence_actions.note_companion(begun, name="Een zus", actor=scene.manager.as_actor, now=NOW)
    presence_actions.end(begun, actor=scene.manager.as_actor, now=LATER)
    another = scene.people[Role.DEPUTY]
    Viewing.objects.update(copy_handed=handed, reported_at=LATER, reported_by=another)
    told = reports.report(Viewing.objects.get())
    assert (told.begun, told.ended) == (day_and_time(NOW), day_and_time(LATER))
    assert told.reported == f"{another.name}, {day_and_time(LATER)}"
    assert told.copy == word
    assert (list(told.signers), [one[0] for one in told.people]) == (
        [scene.manager.name],
        [scene.manager.name, "Een zus"],
    )


def test_who_was_filmed_reads_when_it_was_opened(scene: Scene, begun: Viewing) -> None:
    confirm(begun)
    opening = actions.open_recording(begun, scene.recording.pk, person=scene.manager, now=NOW).opening
    actions.close(opening, actor=scene.manager.as_actor, now=LATER)
    letter = report_actions.tell_who_looked(scene.case, actor=scene.people[Role.DPO].as_actor, now=LATER)
    (line,) = letter.words["viewings"]
    assert line.startswith(f"{day_and_time(NOW)}: teammanager, handhaver; 0 seconden.")


def test_new_recordings_are_due_to_be_checked_by_who_can_open_them(scene: Scene) -> None:
    titles = {role: [one.title for one in for_person(who, NOW)] for role, who in scene.people.items()}
    words = "Controleer of nieuwe opnames opengaan"
    assert [role for role, found in titles.items() if words in found] == [Role.TEAM_MANAGER]
    (one,) = [one for one in for_person(scene.manager, NOW) if one.title == words]
    assert one.note.startswith("1 nog niet gecontroleerd.")


def test_the_journal_says_of_how_many_the_seals_are_asked_again(scene: Scene) -> None:
    check_actions.give_headers(scene.manager, proved_at=NOW, now=NOW)
    check_actions.ask_again("De laptop viel uit.", person=scene.manager, now=NOW)
    assert lines("viewing.headers_asked_again") == [
        "Zegels van 1 opnames nog eens gevraagd voor de controle: De laptop viel uit."
    ]


def test_the_page_says_who_must_still_come(begun: Viewing) -> None:
    assert pages.room(begun, NOW)["lacks"] == ["handhaver"]
    confirm(begun)
    assert pages.room(begun, NOW)["lacks"] == []


def test_todays_appointment_is_of_the_day_where_people_look(scene: Scene) -> None:
    Case.objects.update(state="granted")
    scene.case.refresh_from_db()
    room = add_room("Raadzaal", "Hooiweg 9, Zuidhorn", "", actor=scene.manager.as_actor)
    at = datetime.combine(NOW.date() + timedelta(days=10), datetime.min.time(), tzinfo=UTC) + timedelta(hours=10)
    appointments.make(
        scene.case, room=room, moments=[at], minutes=45, companion=False, actor=scene.manager.as_actor, now=NOW
    )
    past_midnight_here = at.replace(hour=0) - timedelta(minutes=30)  # still the day before in UTC
    assert pages.beginning(scene.case, past_midnight_here) == {"place": "Raadzaal"}
    assert pages.beginning(scene.case, past_midnight_here - timedelta(hours=2)) == {}
