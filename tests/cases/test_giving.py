"""Access that was granted: by when it must be given, what tells of it, and how it ends (GDPR article 12(3))."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from beeldkluis.cases import actions, decision_actions, giving_actions, giving_queries, letter_actions, remedy_actions
from beeldkluis.cases.letters import facts
from beeldkluis.cases.models import Case, Giving, Letter
from beeldkluis.cases.tasks import remind_of_cases
from beeldkluis.documents.words import day
from beeldkluis.footage.models import Recording
from beeldkluis.journal.models import Detail, Entry
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people.models import Person
from beeldkluis.protocol.giving import give_by, months_after
from beeldkluis.protocol.register import Protocol
from beeldkluis.protocol.verdict import Refused
from beeldkluis.web.due import for_person
from tests.cases.conftest import NOW, YES

Link = Callable[..., tuple[Case, Recording]]
MakeCase = Callable[..., Case]
LAST = datetime(2026, 12, 3, 23, tzinfo=UTC)  # the end of 3 December where the municipality is


@pytest.fixture
def granted(linked: Link, team_manager: Person) -> Callable[..., Case]:
    def grant(at: datetime = NOW, **changed: object) -> Case:
        case, _recording = linked(**changed)
        decision_actions.decide(case, YES, actor=team_manager.as_actor, now=at)
        return case

    return grant


@pytest.mark.rule("request.give-access")
@pytest.mark.parametrize(
    ("received", "months", "last"),
    [
        ("2026-11-03T09:00", 1, "2026-12-03"),
        ("2026-01-31T12:00", 1, "2026-03-02"),  # 28 February is a Saturday
        ("2027-12-30T12:00", 2, "2028-02-29"),  # no 30 February; a leap year
        ("2026-11-26T09:00", 1, "2026-12-28"),  # 26 December is a holiday and a Saturday
        ("2026-11-02T23:30", 1, "2026-12-03"),  # past midnight where the municipality is
        ("2026-12-05T09:00", 1, "2027-01-05"),
    ],
)
def test_a_month_ends_with_its_last_hour_and_never_on_a_day_off(
    received: str, months: int, last: str, protocol: Protocol
) -> None:
    began = datetime.fromisoformat(received).replace(tzinfo=UTC)
    ends = give_by(began, protocol, extended=False) if months == 1 else None
    if ends is None:
        assert months_after(began.date(), months) == date.fromisoformat(last)
    else:
        assert day(ends - timedelta(seconds=1)) == day(datetime.fromisoformat(f"{last}T12:00+00:00"))


@pytest.mark.rule("request.give-access")
def test_a_grant_sets_the_day_in_letter_page_and_start_page(
    granted: MakeCase, team_manager: Person, client: Client
) -> None:
    case = granted()
    assert giving_queries.owed(case) is not None
    assert Giving.objects.get().until == LAST
    letter = Letter.objects.get(kind="granted")
    assert letter.words["give_by"] == "3 december 2026"
    titles = {one.title: one for one in for_person(team_manager, NOW)}
    one = titles[f"Geef de inzage bij verzoek {case.reference}"]
    assert (one.note, one.urgent) == ("Uiterlijk 03-12-2026.", False)
    late = {one.title: one for one in for_person(team_manager, LAST)}[f"Geef de inzage bij verzoek {case.reference}"]
    assert (late.note, late.urgent) == ("De termijn is op 03-12-2026 verlopen.", True)
    letter_actions.note_posted(letter, actor=team_manager.as_actor, now=NOW)
    client.force_login(team_manager)
    page = client.get(f"/verzoeken/{case.reference}/").content.decode()
    assert "3 december 2026" in page
    assert "Inzage vastleggen" in page


@pytest.mark.rule("request.give-access")
def test_somebody_else_has_no_such_term(linked: Link, team_manager: Person) -> None:
    case, _recording = linked(kind="interest")
    decision_actions.decide(case, YES, actor=team_manager.as_actor, now=NOW)
    assert not Giving.objects.exists()
    assert "give_by" not in Letter.objects.get(kind="granted").words
    with pytest.raises(Refused):
        giving_actions.note_given(case, how="seen", actor=team_manager.as_actor, now=NOW)


@pytest.mark.rule("request.give-access")
def test_what_stood_still_and_was_extended_moves_the_day(
    received: MakeCase, dpo: Person, team_manager: Person, add_recording: Callable[..., Recording]
) -> None:
    recording, case = add_recording(), received(requester_phone="", requester_email="", requester_address="")
    actions.ask(case, actor=dpo.as_actor, now=NOW)
    week = NOW + timedelta(days=7)
    actions.complete_fields(case, fields={"requester_phone": "0594 1"}, actor=dpo.as_actor, now=week)
    case = actions.forward(case, actor=dpo.as_actor, now=week)
    assert day(giving_queries.until(case) - timedelta(seconds=1)) == "10 december 2026"
    case = decision_actions.extend(case, because="Veel film.", actor=team_manager.as_actor, now=week)
    assert day(giving_queries.until(case) - timedelta(seconds=1)) == "10 februari 2027"
    actions.link_recording(case, recording.pk, actor=team_manager.as_actor, now=week)
    decision_actions.decide(case, YES, actor=team_manager.as_actor, now=week)
    assert Letter.objects.get(kind="granted").words["give_by"] == "10 februari 2027"


@pytest.mark.rule("request.give-access")
def test_after_an_objection_that_was_upheld_the_month_runs_from_its_outcome(
    granted: MakeCase, team_manager: Person, dpo: Person
) -> None:
    case = granted()
    letter_actions.note_posted(Letter.objects.get(kind="granted"), actor=team_manager.as_actor, now=NOW)
    at = datetime(2027, 2, 10, 12, tzinfo=UTC)
    made = remedy_actions.register(case, kind="objection", received_at=NOW, where="", actor=dpo.as_actor, now=NOW)
    remedy_actions.settle(made, outcome="upheld", at=at, note="", actor=dpo.as_actor, now=at)
    assert Giving.objects.get().how == "revised"
    assert giving_queries.owed(case) is None
    decision_actions.decide(case, YES, actor=team_manager.as_actor, now=at + timedelta(days=1))
    assert Letter.objects.filter(kind="granted").order_by("-pk")[0].words["give_by"] == "10 maart 2027"


@pytest.mark.rule("request.give-access")
def test_a_letter_that_leaves_after_the_day_does_not_promise_it(granted: MakeCase, team_manager: Person) -> None:
    granted(at=LAST - timedelta(days=1))
    letter = Letter.objects.get(kind="granted")
    assert "give_late" not in facts(letter, at=LAST - timedelta(seconds=1)).words
    assert facts(letter, at=LAST).words["give_late"] is True


@pytest.mark.rule("request.give-access")
def test_mails_come_in_the_last_week_and_once_when_it_is_late(
    granted: MakeCase, team_manager: Person, dpo: Person
) -> None:
    case = granted()
    letter_actions.note_posted(Letter.objects.get(kind="granted"), actor=team_manager.as_actor, now=NOW)

    def mails(now: datetime) -> list[tuple[str, str]]:
        Outgoing.objects.filter(about__startswith="Inzage bij").delete()
        remind_of_cases(now)
        found = Outgoing.objects.filter(about__startswith="Inzage bij")
        return sorted((str(one.body["to"]), one.about) for one in found)

    assert mails(LAST - timedelta(days=8)) == []
    soon = f"Inzage bij {case.reference} moet deze week"
    assert mails(LAST - timedelta(days=6)) == [(team_manager.email, soon)]
    assert mails(LAST - timedelta(days=5)) == []
    late = f"Inzage bij {case.reference} is te laat"
    assert mails(LAST) == sorted([(team_manager.email, late), (dpo.email, late)])
    assert mails(LAST + timedelta(days=1)) == []


@pytest.mark.slow
@pytest.mark.rule("request.give-access")
@pytest.mark.parametrize(("how", "note"), [("seen", ""), ("copy", ""), ("declined", "Belde af.")])
def test_it_ends_when_it_was_given_or_is_not_wanted(
    how: str, note: str, granted: MakeCase, team_manager: Person, dpo: Person
) -> None:
    case = granted()
    with pytest.raises(Refused, match="teammanager"):
        giving_actions.note_given(case, how=how, note=note, actor=dpo.as_actor, now=NOW)
    giving_actions.note_given(case, how=how, note=note, actor=team_manager.as_actor, now=NOW)
    assert remind_of_cases(LAST + timedelta(days=9)) == 0 or not Outgoing.objects.filter(
        about__contains="te laat"
    ).filter(about__startswith="Inzage bij")
    assert not [one for one in for_person(team_manager, LAST) if "Geef de inzage" in one.title]
    entry = Entry.objects.get(act="cases.access_ended")
    assert b"Belde af." not in bytes(entry.data)
    assert (b"Belde af." in bytes(Detail.objects.get(entry=entry).payload)) == bool(note)
    with pytest.raises(Refused, match="geen inzage meer"):
        giving_actions.note_given(case, how=how, note=note, actor=team_manager.as_actor, now=NOW)


@pytest.mark.rule("request.give-access")
def test_nobody_stays_away_from_what_they_were_not_invited_to(granted: MakeCase, team_manager: Person) -> None:
    case, actor = granted(), team_manager.as_actor
    with pytest.raises(Refused, match="geen uitnodiging"):
        giving_actions.note_given(case, how="absent", note="Niet gekomen.", actor=actor, now=NOW)
    words = {"at": "x", "place": "y", "minutes": 30, "present": ["z"]}
    letter = decision_actions.invite(case, "invitation", words, actor=actor, now=NOW)
    with pytest.raises(Refused, match="geen uitnodiging"):
        giving_actions.note_given(case, how="absent", note="Niet gekomen.", actor=actor, now=NOW)
    letter_actions.note_posted(letter, actor=actor, now=NOW)
    for how, note in (("absent", " "), ("declined", ""), ("revised", "x"), ("", "x")):
        with pytest.raises(Refused):
            giving_actions.note_given(case, how=how, note=note, actor=actor, now=NOW)
    giving_actions.note_given(case, how="absent", note="Niet gekomen, niet bereikbaar.", actor=actor, now=NOW)
    assert Giving.objects.get().how == "absent"


@pytest.mark.rule("request.give-access")
def test_the_page_of_the_step_notes_it(granted: MakeCase, team_manager: Person, client: Client) -> None:
    case = granted()
    client.force_login(team_manager)
    address = f"/verzoeken/{case.reference}/stap/inzage/"
    page = client.get(address).content.decode()
    assert "De verzoeker heeft de beelden bekeken" in page
    assert client.post(address, {"how": "seen", "note": ""}).status_code == 302
    assert Giving.objects.get().how == "seen"
