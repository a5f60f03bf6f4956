"""The other kinds of letters, from the steps to the text of the PDF, with every date and number; and that none is forgotten."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

import tests.cases.test_letters_say as others
from beeldkluis.appointments import actions as appointments
from beeldkluis.appointments import room_actions
from beeldkluis.appointments.models import Appointment, Room
from beeldkluis.cases import actions, decision_actions, letter_actions, letting_go_actions, records_actions
from beeldkluis.cases.models import Case, Letter
from beeldkluis.documents.letters import KINDS
from beeldkluis.footage.models import Clip, Recording
from beeldkluis.people.models import Officer, Person
from beeldkluis.protocol.deciding import Outcome, Words
from beeldkluis.viewing import report_actions
from beeldkluis.viewing.models import Opening, PlayedSpan
from tests.cases.conftest import CHOSEN, FINAL, INCIDENT, NO, NOW, YES
from tests.cases.test_laws import NOTHING, SOME
from tests.cases.test_letters_say import HELD, IN_NAME, MOMENT, SENT, told
from tests.cases.test_letters_say import team_manager as team_manager  # noqa: PLC0414 - named by its tests

Link = Callable[..., tuple[Case, Recording]]
MakeCase = Callable[..., Case]
AT = datetime(2026, 12, 1, 13, 30, tzinfo=UTC)  # half past two in winter
LATER = datetime(2026, 12, 2, 9, 15, tzinfo=UTC)
SAID_AT, SAID_LATER = "1 december 2026 om 14.30 uur", "2 december 2026 om 10.15 uur"
HERE = (
    "Spreekkamer, Hooiweg 9",
    "45 minuten",
    "Melden bij de balie.",
    "de teammanager",
    "de handhaver die de camera droeg",
)
WAY = "de persoonlijke levenssfeer (artikel 5.1, lid 2, onder e, Woo)"


def says(kind: str, *wanted: str, never: tuple[str, ...] = ()) -> str:
    text = told(kind)
    for one in ("Datum 19 november 2026", "Ons kenmerk 2026-0001", "versie 1", *wanted):
        assert one in text, f"{kind}: {one}: {text}"
    assert not [one for one in never if one in text], text
    return text


@pytest.fixture
def officer(db: None) -> Officer:
    return Officer.objects.create(number="7", name="Boa Zeven", employment="own", since=INCIDENT)


@pytest.fixture
def granted(linked: Link, team_manager: Person, officer: Officer) -> tuple[Case, Recording]:
    case, recording = linked()
    Recording.objects.update(officer=officer, state=Recording.State.KEPT)
    decision_actions.decide(case, YES, actor=team_manager.as_actor, now=NOW)
    letter_actions.note_posted(Letter.objects.get(kind="granted"), actor=team_manager.as_actor, now=NOW)
    return case, recording


@pytest.fixture
def room(team_manager: Person) -> Room:
    return room_actions.add_room("Spreekkamer", "Hooiweg 9", "Melden bij de balie.", actor=team_manager.as_actor)


def appointed(case: Case, room: Room, by: Person, *moments: datetime) -> Appointment:
    return appointments.make(case, room=room, moments=moments, minutes=45, companion=True, actor=by.as_actor, now=NOW)


def test_no_kind_of_letter_is_forgotten() -> None:
    here = [Path(__file__), Path(__file__).with_name("test_letters_say.py")]
    named = {kind for one in here for kind in re.findall(r'(?:told|says)\(\s*"(\w+)"', one.read_text(encoding="utf-8"))}
    assert set(KINDS) - named - {outcome.value for outcome in Outcome} == set()  # `decide` there tells each outcome


@pytest.mark.rule("request.give-access", "request.letter")
def test_a_grant_names_the_day_to_have_seen_it(linked: Link, team_manager: Person) -> None:
    decision_actions.decide(linked()[0], YES, actor=team_manager.as_actor, now=NOW)
    says("granted", "U ziet de beelden uiterlijk op 3 december 2026", MOMENT, IN_NAME, "28 dagen na de opname")
    late = datetime(2026, 12, 5, 9, tzinfo=UTC)
    assert "had de beelden uiterlijk op 3 december 2026 moeten zien" in _at(late)


def _at(now: datetime) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(others, "SENT", now)
        return told("granted")


@pytest.mark.rule("request.completion")
def test_a_question_for_what_lacks(received: MakeCase, dpo: Person) -> None:
    case = received(place="", requester_phone="", requester_email="", requester_address="")
    actions.ask(case, actor=dpo.as_actor, now=NOW)
    says("completion", "17 november 2026", "plaats", "een manier om u te bereiken")


@pytest.mark.rule("access.appointment")
def test_an_invitation_and_what_moves_and_cancels_it(
    granted: tuple[Case, Recording], room: Room, team_manager: Person
) -> None:
    case, recording = granted
    says("officer_notice", f"opname {recording} van 31 oktober 2026 om 22.42 uur", "dat is toegewezen")
    Letter.objects.filter(kind="officer_notice").delete()
    made = appointed(case, room, team_manager, AT)
    says("invitation", SAID_AT, *HERE)
    says("officer_notice", SAID_AT, "Spreekkamer, Hooiweg 9", never=("Vries",))
    other = room_actions.add_room("Kamer 3", "Dorp 1", "", actor=team_manager.as_actor)
    actor = team_manager.as_actor
    appointments.move(made, at=LATER, room=other, because="De zaal is bezet.", actor=actor, now=NOW)
    says("moved", f"van {SAID_AT}", f"moment is: {SAID_LATER}", "Kamer 3, Dorp 1", "45 minuten", "De zaal is bezet.")
    says("officer_moved", f"van {SAID_AT}", f"moment is: {SAID_LATER}", "Kamer 3, Dorp 1", never=("Vries",))
    appointments.cancel(made, because="Ziek.", actor=actor, now=NOW)
    says("cancelled", f"van {SAID_LATER} gaat niet door", "Ziek.", never=(SAID_AT,))
    says("officer_cancelled", f"van {SAID_LATER}, gaat niet door", never=(SAID_AT, "Vries"))


@pytest.mark.rule("access.appointment")
def test_a_proposal_and_that_it_lapses(granted: tuple[Case, Recording], room: Room, team_manager: Person) -> None:
    made = appointed(granted[0], room, team_manager, AT, LATER)
    says("proposal", SAID_AT, SAID_LATER, "Spreekkamer, Hooiweg 9", "45 minuten")
    letter_actions.note_posted(Letter.objects.get(kind="proposal"), actor=team_manager.as_actor, now=NOW)
    appointments.cancel(made, because="Verbouwing.", actor=team_manager.as_actor, now=NOW)
    says("proposal_withdrawn", SAID_AT, SAID_LATER, "Verbouwing.")


@pytest.mark.rule("access.who-looked")
def test_who_looked(granted: tuple[Case, Recording], team_manager: Person, dpo: Person) -> None:
    case, recording = granted
    opened = datetime(2026, 11, 5, 8, 12, tzinfo=UTC)
    opening = Opening.objects.create(
        recording=recording.pk, case=case.reference, purpose="view_with_officer", person=team_manager,
        present=["team_manager", "officer"], opened_at=opened, expires_at=opened + timedelta(hours=2), token_hash="x",
    )  # fmt: skip
    Clip.objects.create(
        recording=recording, object=UUID(int=7), position=1, name="a", content_type="video/mp4", source_sha256="0" * 64,
        source_size=1, duration_ms=20_000,
    )  # fmt: skip
    PlayedSpan.objects.create(
        opening=opening, clip=UUID(int=7), start_ms=1000, end_ms=15_000, reported_at=opened + timedelta(seconds=20)
    )
    report_actions.tell_who_looked(case, actor=dpo.as_actor, now=NOW)
    says("seen_by", MOMENT, "5 november 2026 om 09.12 uur: teammanager, handhaver; 14 seconden", "bijgehouden sinds")


@pytest.mark.rule("request.withdrawal")
def test_a_withdrawal(received: MakeCase, dpo: Person) -> None:
    letting_go_actions.withdraw(received(), because="Per mail.", actor=dpo.as_actor, now=NOW)
    says("withdrawn", "Op 3 november 2026 hoorden wij", MOMENT, "binnen 14 dagen")


@pytest.mark.rule("request.letter")
def test_a_closing_names_the_day_that_footage_goes(linked: Link, team_manager: Person) -> None:
    case, _recording = linked()
    decision_actions.decide(case, NO, actor=team_manager.as_actor, now=NOW)
    letter_actions.note_posted(Letter.objects.get(kind="refused"), actor=team_manager.as_actor, now=NOW)
    decision_actions.close(case, because="", actor=team_manager.as_actor, now=FINAL)
    says("closing", "afgewezen", "binnen 60 minuten vernietigd")


@pytest.mark.rule("request.public-records")
def test_what_is_not_about_footage(received: MakeCase, dpo: Person) -> None:
    case = received(kind="public_records", moment_from=None, moment_until=None)
    actions.refer(case, actor=dpo.as_actor, now=NOW)
    says("elsewhere", "Gemeente Westerkwartier, Woo-contactpersoon", "van welke dag en tijd")


@pytest.mark.rule("request.public-records", "request.letter")
def test_a_refusal_under_the_woo(linked: Link, team_manager: Person) -> None:
    case, _recording = linked(kind="public_records")
    says(
        "acknowledgement", "ontvangen op 3 november 2026", "uiterlijk op 1 december 2026", "onder de Wet open overheid"
    )
    decision_actions.extend(case, because="Veel film.", actor=team_manager.as_actor, now=NOW)
    says(
        "extension", "uiterlijk op 15 december 2026", "niet op 1 december 2026", "artikel 4.4, lid 2",
        never=("Autoriteit Persoonsgegevens",),
    )  # fmt: skip
    decision_actions.decide(case, NOTHING, actor=team_manager.as_actor, now=NOW)
    says(
        "woo_refused", MOMENT, f"de beelden, vanwege {WAY}", f"het geluid, vanwege {WAY}", "Privacy weegt zwaarder.", IN_NAME,
        "Commissie bezwaarschriften", "zes weken", HELD, never=("Autoriteit Persoonsgegevens", "bekijken"),
    )  # fmt: skip


@pytest.mark.rule("request.public-records", "request.letter")
def test_a_part_is_made_public_after_views_were_heard(linked: Link, team_manager: Person) -> None:
    case, _recording = linked(kind="public_records")
    records_actions.consult(case, third_party=["Buurman"], actor=team_manager.as_actor, now=NOW)
    says("views", MOMENT, "uiterlijk op 17 november 2026", "Buurman", never=("Vries",))
    says("views_asked", "Op 3 november 2026", "tot en met 17 november 2026", MOMENT, never=("Buurman",))
    at = datetime(2026, 11, 10, 9, tzinfo=UTC)
    records_actions.hear(case, views="Liever niet.", actor=team_manager.as_actor, now=at)
    says("views_over", "uiterlijk op 7 december 2026")  # six whole days: the 4th to the 9th
    decision_actions.decide(case, SOME, actor=team_manager.as_actor, now=at)
    says(
        "woo_disclosed", "een beschrijving van wat er te zien en te horen is", f"de beelden, vanwege {WAY}",
        "Een beschrijving kan.", "twee weken na dit besluit", "zes weken", IN_NAME, MOMENT,
    )  # fmt: skip


@pytest.mark.rule("request.police-data", "request.letter")
def test_letters_under_the_wpg_name_its_articles(linked: Link, team_manager: Person) -> None:
    case, _recording = linked()
    actor = team_manager.as_actor
    records_actions.set_law(case, regime="wpg", because="Er is een proces-verbaal.", actor=actor, now=NOW)
    says("law", "Wet politiegegevens (Wpg)", "Er is een proces-verbaal.", "uiterlijk op 15 december 2026", "artikel 27")
    decision_actions.extend(case, because="Veel film.", actor=actor, now=NOW)
    says(
        "extension", "uiterlijk op 12 januari 2027", "niet op 15 december 2026", "artikel 25 van de Wet politiegegevens"
    )
    words = Words(
        outcome=Outcome.REFUSED, grounds="Nee.", exception="wpg-27-b", not_by_covering="Herkenbaar.", choices=CHOSEN
    )
    decision_actions.decide(case, words, actor=actor, now=SENT)
    says("refused", MOMENT, "artikel 27, lid 1, onder b, Wpg", "Herkenbaar.", IN_NAME, HELD, never=("AVG",))


@pytest.mark.rule("request.police-data", "request.give-access")
def test_a_grant_under_the_wpg(linked: Link, team_manager: Person) -> None:
    case, _recording = linked()
    actor = team_manager.as_actor
    records_actions.set_law(case, regime="wpg", because="Pv.", actor=actor, now=NOW)
    decision_actions.decide(case, YES, actor=actor, now=NOW)
    says("granted", "uiterlijk op 15 december 2026", "artikel 25 van de Wet politiegegevens", "artikel 28", IN_NAME)
