"""The last day to object, post that is still under way then, and what comes in before a decision or after closing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from beeldkluis.cases import decision_actions, letter_actions, letting_go_actions, queries, remedy_actions
from beeldkluis.cases.models import Case, Letter, Remedy
from beeldkluis.cases.tasks import let_go, remind_of_cases
from beeldkluis.footage.actions import mark_destroyed
from beeldkluis.footage.models import Recording
from beeldkluis.footage.queries import live_holds
from beeldkluis.journal import clock
from beeldkluis.journal.actor import Actor
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people.models import Person
from beeldkluis.protocol.cases import CaseState
from beeldkluis.protocol.verdict import Refused
from tests.cases.conftest import FINAL, NO, NOW, SIX_WEEKS, YES

Link = Callable[..., tuple[Case, Recording]]
MakeCase = Callable[..., Case]


def rules_of(recording: Recording) -> list[str]:
    return [hold.rule for hold in live_holds(recording.pk)]


def state(case: Case) -> CaseState:
    return CaseState(Case.objects.get(pk=case.pk).state)


def mails() -> list[str]:
    return [f"{one.body['to']}: {one.about}. {one.body['text']}" for one in Outgoing.objects.order_by("pk")]


@pytest.mark.rule("request.objection")
def test_a_team_manager_who_closes_on_the_saturday_before_the_last_day_is_refused(
    linked: Link, team_manager: Person, dpo: Person
) -> None:
    """The letter of 26 March 2027: Friday 7 May is equal to a holiday, so the last day is Monday 10 May."""
    case, recording = linked()
    actor, sent = team_manager.as_actor, datetime(2027, 3, 26, 11, tzinfo=UTC)
    decision_actions.decide(case, NO, actor=actor, now=sent)
    letter_actions.note_posted(Letter.objects.get(kind="refused"), actor=actor, now=sent)
    assert queries.objection_ends(case) == datetime(2027, 5, 10, 22, tzinfo=UTC), "the end of that day, in summer time"
    saturday, monday = datetime(2027, 5, 8, 6, tzinfo=UTC), datetime(2027, 5, 10, 9, tzinfo=UTC)
    assert queries.closable(saturday) == []
    with pytest.raises(Refused, match="bezwaar"):
        decision_actions.close(case, because="", actor=actor, now=saturday)
    remedy_actions.register(case, kind="objection", received_at=monday, where="", actor=dpo.as_actor, now=monday)
    assert rules_of(recording) == ["retention.hold-on-request"]


@pytest.mark.rule("request.post", "request.objection")
def test_an_objection_posted_on_the_last_day_that_arrives_within_a_week_finds_its_footage(
    decided: Link, team_manager: Person, dpo: Person
) -> None:
    case, recording = decided()
    assert queries.closable(FINAL - timedelta(seconds=1)) == []
    with pytest.raises(Refused, match="per post"):
        decision_actions.close(case, because="", actor=team_manager.as_actor, now=FINAL - timedelta(seconds=1))
    assert let_go(FINAL - timedelta(seconds=1)) == 0
    came = SIX_WEEKS + timedelta(days=2)
    remedy_actions.register(case, kind="objection", received_at=came, where="", actor=dpo.as_actor, now=came)
    assert (state(case), rules_of(recording)) == (CaseState.OBJECTION, ["retention.hold-on-request"])


@pytest.mark.rule("request.objection")
def test_the_page_tells_both_the_last_day_and_from_when_the_case_can_be_closed(
    decided: Link, team_manager: Person, client: Client
) -> None:
    case, _recording = decided()
    client.force_login(team_manager)
    page = " ".join(client.get(f"/verzoeken/{case.reference}/").content.decode().split())
    assert "15-12-2026, bij het college" in page
    assert "23-12-2026" in page, "the first day on which it can be closed"


@pytest.mark.rule("request.objection")
def test_an_objection_for_a_closed_case_is_registered_and_what_is_there_is_held_again(
    decided: Link, team_manager: Person, dpo: Person, add_recording: Callable[..., Recording]
) -> None:
    gone = add_recording(NOW - timedelta(days=3))
    case, recording = decided()
    decision_actions.close(case, because="", actor=team_manager.as_actor, now=FINAL)
    assert rules_of(recording) == []
    late = FINAL + timedelta(days=9)
    mark_destroyed(gone.pk, rules=["retention.period"], actor=Actor.system("retention"), now=late)
    made = remedy_actions.register(case, kind="objection", received_at=late, where="", actor=dpo.as_actor, now=late)
    case.refresh_from_db()
    assert (state(case), case.closed_at, rules_of(recording)) == (
        CaseState.OBJECTION,
        None,
        ["retention.hold-on-request"],
    )
    assert rules_of(gone) == []
    assert any("team_manager@example.nl" in one and "weer bewaard" in one for one in mails())
    remedy_actions.settle(made, outcome="inadmissible", at=late, note="", actor=dpo.as_actor, now=late)
    assert (state(case), rules_of(recording)) == (CaseState.REFUSED, ["retention.hold-on-request"])
    with pytest.raises(Refused, match="bezwaar"):
        decision_actions.close(case, because="", actor=team_manager.as_actor, now=late)


@pytest.mark.rule("request.objection")
@pytest.mark.parametrize("kind", ["appeal", "complaint"])
def test_an_appeal_or_a_complaint_for_a_closed_case_holds_again_too(
    kind: str, decided: Link, team_manager: Person, dpo: Person
) -> None:
    case, recording = decided()
    decision_actions.close(case, because="", actor=team_manager.as_actor, now=FINAL)
    remedy_actions.register(case, kind=kind, received_at=FINAL, where="", actor=dpo.as_actor, now=FINAL)
    assert state(case) is (CaseState.APPEAL if kind == "appeal" else CaseState.REFUSED)
    assert rules_of(recording) == ["retention.hold-on-request"]
    with pytest.raises(Refused):
        decision_actions.close(case, because="", actor=team_manager.as_actor, now=FINAL + timedelta(days=90))


@pytest.mark.rule("request.objection")
def test_who_objects_to_a_request_that_was_closed_without_a_decision_is_heard(
    received: MakeCase, add_recording: Callable[..., Recording], dpo: Person
) -> None:
    recording, case = add_recording(), received()
    actor = dpo.as_actor
    letting_go_actions.withdraw(case, because="Telefonisch.", actor=actor, now=NOW)
    letter_actions.note_posted(Letter.objects.get(kind="withdrawn"), actor=actor, now=NOW)
    over = NOW + timedelta(days=15)
    assert let_go(over) == 1
    made = remedy_actions.register(case, kind="objection", received_at=over, where="", actor=actor, now=over)
    assert (state(case), rules_of(recording)) == (CaseState.OBJECTION, ["retention.hold-on-request"])
    remedy_actions.settle(made, outcome="dismissed", at=over, note="", actor=actor, now=over)
    assert (state(case), rules_of(recording)) == (CaseState.CLOSED, []), "there is no decision to go back to"


@pytest.mark.rule("request.objection")
def test_an_appeal_against_not_deciding_is_registered_and_stops_nobody_from_deciding(
    linked: Link, team_manager: Person, dpo: Person
) -> None:
    case, recording = linked()
    late = NOW + timedelta(days=45)
    desk = dpo.as_actor
    made = remedy_actions.register(case, kind="appeal", received_at=late, where="rechtbank", actor=desk, now=late)
    assert state(case) is CaseState.FORWARDED
    decision_actions.decide(case, NO, actor=team_manager.as_actor, now=late)
    letter_actions.note_posted(Letter.objects.get(kind="refused"), actor=team_manager.as_actor, now=late)
    years = late + timedelta(days=900)
    assert queries.closable(years) == []
    with pytest.raises(Refused, match="loopt nog"):
        decision_actions.close(case, because="", actor=team_manager.as_actor, now=years)
    assert rules_of(recording) == ["retention.hold-on-request"], "the appeal is about this decision too (Awb 6:20)"
    remedy_actions.settle(made, outcome="upheld", at=years, note="", actor=desk, now=years)
    assert state(case) is CaseState.REFUSED, "it was about the delay"
    assert queries.closable(years) == [case]


@pytest.mark.rule("request.objection")
def test_a_notice_of_default_is_registered_and_both_hear_of_the_two_weeks(
    forwarded: MakeCase, dpo: Person, team_manager: Person, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, late = forwarded(), NOW + timedelta(days=30)
    monkeypatch.setattr(clock, "now", lambda: late)
    client.force_login(dpo)
    address = f"/verzoeken/{case.reference}/"
    assert "Ingebrekestelling inschrijven" in client.get(address).content.decode()
    typed = {"received_at": "2026-12-03T10:00", "where": ""}
    assert client.post(f"{address}stap/ingebrekestelling/", typed).status_code == 302
    made = Remedy.objects.get()
    assert (made.kind, state(case)) == ("default", CaseState.FORWARDED)
    page = " ".join(client.get(address).content.decode().split())
    assert "Ingebrekestelling van 03-12-2026" in page
    assert "17-12-2026" in page, "the last day without a penalty (Awb 4:17)"
    remind_of_cases(late)
    told = [one for one in mails() if "ingebrekestelling" in one.lower()]
    assert {one.partition(":")[0] for one in told} == {dpo.email, team_manager.email}
    assert all("17 december 2026" in one for one in told)
    with pytest.raises(Refused):
        remedy_actions.settle(made, outcome="upheld", at=late, note="", actor=dpo.as_actor, now=late)


def test_only_the_data_protection_officer_registers_what_comes_in(linked: Link, team_manager: Person) -> None:
    case, _recording = linked()
    for kind in Remedy.Kind:
        with pytest.raises(Refused):
            remedy_actions.register(case, kind=kind, received_at=NOW, where="", actor=team_manager.as_actor, now=NOW)


@pytest.mark.rule("request.decision-period")
def test_a_decision_that_nobody_sends_is_mailed_about(linked: Link, team_manager: Person, dpo: Person) -> None:
    case, _recording = linked()
    decision_actions.decide(case, YES, actor=team_manager.as_actor, now=NOW + timedelta(days=20))
    remind_of_cases(NOW + timedelta(days=29))
    late = [one for one in mails() if "te laat" in one]
    assert {one.partition(":")[0] for one in late} == {dpo.email, team_manager.email}
    assert all("de brief is niet weg" in one for one in late)
    letter_actions.note_posted(
        Letter.objects.get(kind="granted"), actor=team_manager.as_actor, now=NOW + timedelta(days=60)
    )
    before = mails()
    remind_of_cases(NOW + timedelta(days=61))
    again = mails()[len(before) :]
    assert all("Inzage bij" in one for one in again), "of the letter nothing more; the access itself is late as well"
