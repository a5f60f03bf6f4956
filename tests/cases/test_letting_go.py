"""Nobody alone lets footage go that somebody asked for: a rejected match, a granted case and a withdrawal wait."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.test import Client
from pypdf import PdfReader

from beeldkluis.cases import (
    actions,
    decision_actions,
    due,
    letter_actions,
    letting_go_actions,
    queries,
    remedy_actions,
    waiting_queries,
)
from beeldkluis.cases.giving_actions import note_given
from beeldkluis.cases.models import Case, Letter
from beeldkluis.cases.tasks import let_go
from beeldkluis.footage.models import Recording
from beeldkluis.footage.queries import live_holds
from beeldkluis.governance.actions import adopt
from beeldkluis.governance.queries import in_force
from beeldkluis.governance.registers import base
from beeldkluis.journal import clock
from beeldkluis.journal import queries as journal
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.models import Entry
from beeldkluis.people.models import Person
from beeldkluis.protocol.cases import CaseState
from beeldkluis.protocol.register import write
from beeldkluis.protocol.verdict import Refused
from beeldkluis.retention.queries import to_destroy
from tests.cases.conftest import FINAL, INCIDENT, LETTER, NO, NONE, NOW, YES

pytestmark = pytest.mark.usefixtures("vault_folders")
DUE = INCIDENT + timedelta(minutes=4, days=28)
MakeCase = Callable[..., Case]
AddRecording = Callable[..., Recording]
Link = Callable[..., tuple[Case, Recording]]


def stays(recording: Recording, now: datetime) -> bool:
    """Does the next round leave it?"""
    return recording.pk not in to_destroy(now)


def post(case: Case, kind: str, actor: Person, at: datetime) -> None:
    letter_actions.note_posted(Letter.objects.get(case=case, kind=kind), actor=actor.as_actor, now=at)


@pytest.mark.rule("retention.hold-on-request")
def test_the_team_manager_alone_destroys_nothing_by_saying_that_it_does_not_belong(
    team_manager: Person, dpo: Person, received: MakeCase, add_recording: AddRecording
) -> None:
    """Found by time, put aside by one person a moment after its term: it was destroyed a minute later, before any decision."""
    recording, late = add_recording(), DUE - timedelta(hours=2)
    case = actions.forward(received(now=late), actor=dpo.as_actor, now=late)
    actions.reject_match(case, recording.pk, actor=team_manager.as_actor, now=DUE + timedelta(hours=1))
    assert stays(recording, DUE + timedelta(hours=2))
    decision_actions.decide(case, NONE, actor=team_manager.as_actor, now=DUE + timedelta(hours=3))
    much_later = DUE + timedelta(days=400)
    assert (let_go(much_later), stays(recording, much_later)) == (0, True), "the letter did not leave"
    posted = DUE + timedelta(hours=4)
    post(case, "no_footage", team_manager, posted)
    case.refresh_from_db()
    final = queries.final_from(case)
    assert final is not None
    assert final > posted + timedelta(days=49)
    assert let_go(final - timedelta(seconds=1)) == 0
    assert stays(recording, final - timedelta(seconds=1))
    assert let_go(final) == 1
    assert not stays(recording, final + timedelta(minutes=1))
    assert Entry.objects.filter(act="cases.rejected_let_go", case=case.reference).count() == 1


def test_of_a_granted_case_only_what_does_not_belong_goes_when_the_decision_is_final(
    team_manager: Person, linked: Link, add_recording: AddRecording
) -> None:
    other = add_recording(INCIDENT + timedelta(minutes=20))
    case, recording = linked()
    actions.reject_match(case, other.pk, actor=team_manager.as_actor, now=NOW)
    decision_actions.decide(case, YES, actor=team_manager.as_actor, now=NOW)
    post(case, "granted", team_manager, NOW)
    assert let_go(FINAL - timedelta(seconds=1)) == 0
    assert let_go(FINAL) == 1
    assert [one.rule for one in live_holds(recording.pk)] == ["retention.hold-until-resolved"]
    assert not live_holds(other.pk)
    assert let_go(FINAL) == 0


@pytest.mark.rule("request.objection")
def test_a_granted_case_is_not_closed_before_its_letter_left_and_the_term_to_object_is_over(
    team_manager: Person, linked: Link
) -> None:
    case, recording = linked()
    decision_actions.decide(case, YES, actor=team_manager.as_actor, now=NOW)

    def close(at: datetime) -> None:
        decision_actions.close(case, because="Opgelost.", actor=team_manager.as_actor, now=at)

    with pytest.raises(Refused, match="tot het besluit definitief is"):
        close(NOW + timedelta(days=400))
    post(case, "granted", team_manager, NOW)
    with pytest.raises(Refused, match="tot het besluit definitief is"):
        close(FINAL - timedelta(seconds=1))
    assert live_holds(recording.pk)
    with pytest.raises(Refused, match="nog niet gezien"):
        close(FINAL)
    note_given(case, how="seen", actor=team_manager.as_actor, now=NOW)
    close(FINAL)
    assert not live_holds(recording.pk)


@pytest.mark.rule("request.withdrawal")
def test_a_withdrawal_is_confirmed_by_letter_and_lets_go_two_weeks_after_it_left(
    dpo: Person, received: MakeCase, add_recording: AddRecording
) -> None:
    recording, case = add_recording(), received()
    with pytest.raises(Refused, match="hoe de verzoeker dat liet weten"):
        letting_go_actions.withdraw(case, because=" ", actor=dpo.as_actor, now=NOW)
    letting_go_actions.withdraw(case, because="Per telefoon.", actor=dpo.as_actor, now=NOW)
    case.refresh_from_db()
    assert case.state == CaseState.WITHDRAWN
    assert let_go(NOW + timedelta(days=400)) == 0, "nobody sent the letter"
    assert stays(recording, NOW + timedelta(days=100))
    posted = NOW + timedelta(days=100)
    post(case, "withdrawn", dpo, posted)
    assert let_go(posted + timedelta(days=14) - timedelta(seconds=1)) == 0
    assert let_go(posted + timedelta(days=14)) == 1
    case.refresh_from_db()
    assert (case.state, live_holds(recording.pk)) == (CaseState.CLOSED, [])
    assert let_go(posted + timedelta(days=15)) == 0


@pytest.mark.rule("request.withdrawal")
def test_who_did_not_withdraw_says_so_and_the_request_goes_on(
    dpo: Person, team_manager: Person, forwarded: MakeCase, add_recording: AddRecording
) -> None:
    recording, case = add_recording(), forwarded()
    until = case.decide_by
    letting_go_actions.withdraw(case, because="Per telefoon.", actor=dpo.as_actor, now=NOW)
    post(case, "withdrawn", dpo, NOW)
    later = NOW + timedelta(days=13)
    with pytest.raises(Refused):
        letting_go_actions.resume(case, because="Brief.", actor=team_manager.as_actor, now=later)
    letting_go_actions.resume(case, because="De verzoeker schreef dat het niet zo is.", actor=dpo.as_actor, now=later)
    case.refresh_from_db()
    assert (case.state, case.decide_by) == (CaseState.RECEIVED, until + timedelta(days=13))
    assert let_go(NOW + timedelta(days=400)) == 0
    assert live_holds(recording.pk)
    letting_go_actions.withdraw(case, because="Nu wel.", actor=dpo.as_actor, now=later)
    assert let_go(later + timedelta(days=400)) == 0, "the letter of the first withdrawal confirms no second one"


@pytest.mark.rule("request.withdrawal")
def test_the_days_that_the_letter_names_hold_whatever_version_applies_since(
    dpo: Person, received: MakeCase, add_recording: AddRecording
) -> None:
    recording, case = add_recording(), received()
    letting_go_actions.withdraw(case, because="Per telefoon.", actor=dpo.as_actor, now=NOW)
    post(case, "withdrawn", dpo, NOW)
    rules = dict(base().rules)
    rules["request.withdrawal"] = replace(rules["request.withdrawal"], numbers={"days": 3})
    shorter = write(replace(base(), version="2", rules=rules)).encode()
    adopt(shorter, takes_effect_at=NOW, actor=Actor.system("setup"), now=NOW)
    assert in_force().number("request.withdrawal", "days") == 3
    assert let_go(NOW + timedelta(days=14) - timedelta(seconds=1)) == 0, "fourteen days were promised"
    assert live_holds(recording.pk)
    assert let_go(NOW + timedelta(days=14)) == 1


@pytest.mark.rule("request.withdrawal", "request.objection")
def test_a_complaint_keeps_footage_also_when_the_request_was_withdrawn(
    dpo: Person, received: MakeCase, add_recording: AddRecording
) -> None:
    recording, case = add_recording(), received()
    complaint = remedy_actions.register(
        case, kind="complaint", received_at=NOW, where="AP", actor=dpo.as_actor, now=NOW
    )
    letting_go_actions.withdraw(case, because="Per telefoon.", actor=dpo.as_actor, now=NOW)
    post(case, "withdrawn", dpo, NOW)
    later = NOW + timedelta(days=40)
    assert let_go(later) == 0
    assert live_holds(recording.pk)
    remedy_actions.settle(complaint, outcome="dismissed", at=later, note="", actor=dpo.as_actor, now=later)
    assert let_go(later) == 1


def test_the_letter_says_how_long_one_can_still_say_no(dpo: Person, received: MakeCase) -> None:
    letting_go_actions.withdraw(received(), because="Per telefoon.", actor=dpo.as_actor, now=NOW)
    made = letter_actions.document(Letter.objects.get(kind="withdrawn"), now=NOW)
    told = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages).split())
    for words in (
        "Uw verzoek is ingetrokken",
        "Op 3 november 2026 hoorden wij dat u uw verzoek intrekt",
        "31 oktober 2026",
        "binnen 14 dagen na de datum van deze brief",
        "Tot 14 dagen na de datum van deze brief blijven de beelden bewaard voor uw verzoek",
        "Stel die aan de functionaris gegevensbescherming",
    ):
        assert words in told, words


def test_who_reflects_and_withdraws_ends_it_at_once(dpo: Person, received: MakeCase) -> None:
    case = received(kind="self_reflection")
    letting_go_actions.withdraw(case, because="Hoeft niet meer.", actor=dpo.as_actor, now=NOW)
    case.refresh_from_db()
    assert (case.state, Letter.objects.filter(kind="withdrawn").count()) == (CaseState.CLOSED, 0)


def test_the_page_says_until_when_and_takes_it_up_again(
    client: Client, dpo: Person, received: MakeCase, add_recording: AddRecording
) -> None:
    add_recording()
    case = received()
    client.force_login(dpo)
    page = f"/verzoeken/{case.reference}/"
    assert "tot twee weken nadat die brief weg is" in client.get(f"{page}stap/intrekken/").content.decode()
    assert client.post(f"{page}stap/intrekken/", {"because": "Per telefoon."}).status_code == 302
    assert "Verstuur de brief dat het verzoek is ingetrokken" in client.get(page).content.decode()
    number = Letter.objects.get(kind="withdrawn").pk
    assert client.post(f"{page}brief/{number}/versturen/", {"how": "post"}).status_code == 302
    shown = client.get(page).content.decode()
    assert "Zegt de verzoeker dat het niet klopt, kies dan Toch doorgaan" in shown
    assert "Ingetrokken" in shown
    assert client.post(f"{page}stap/doorgaan/", {"because": "Klopt niet."}).status_code == 302
    assert "Zet het verzoek door naar de teammanager" in client.get(page).content.decode()


def test_a_refused_case_still_closes_as_before(team_manager: Person, decided: Link) -> None:
    case, recording = decided(NO)
    decision_actions.close(case, because="", actor=team_manager.as_actor, now=FINAL)
    assert not live_holds(recording.pk)


PRESERVE = {"kind": "preservation", "formal_data": {"reference": "PL0100-2026-7"}}
YEAR = timedelta(days=365)


@pytest.mark.rule("preservation.end")
def test_a_preservation_ends_by_itself_a_year_after_it_was_registered_when_no_demand_came(
    dpo: Person, team_manager: Person, add_recording: AddRecording
) -> None:
    """Dated back by mistake, footage would go the next minute; said to be needed each day, it would stay for ever."""
    recording = add_recording()
    told = {name: LETTER[name] for name in ("received_by_channel", "requester_name", "moment_from", "moment_until")}
    case = actions.receive(
        **told, **PRESERVE, received_at=NOW - timedelta(days=4 * 365), actor=team_manager.as_actor, now=NOW
    )
    decision_actions.look_again(case, because="Het onderzoek loopt.", actor=team_manager.as_actor, now=NOW + YEAR / 2)
    assert let_go(NOW + YEAR - timedelta(seconds=1)) == 0
    assert stays(recording, NOW + YEAR - timedelta(seconds=1))
    assert let_go(NOW + YEAR) == 1
    case.refresh_from_db()
    assert (case.state, case.closed_because) == ("closed", "Er kwam geen vordering binnen de termijn.")
    assert not stays(recording, NOW + YEAR)
    assert let_go(NOW + YEAR) == 0
    entry = Entry.objects.get(act="cases.preservation_ended")
    assert journal.line(entry.number, details=True).sentence == (
        f"Bewaring {case.reference} is vanzelf geëindigd: er kwam geen vordering"
    )


def test_what_somebody_ended_a_moment_before_did_not_end_by_itself(
    dpo: Person, team_manager: Person, received: MakeCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The journal said so of a case that somebody had just closed, or taken up again."""
    told = {name: LETTER[name] for name in ("received_by_channel", "requester_name", "moment_from", "moment_until")}
    case = actions.receive(**told, **PRESERVE, actor=team_manager.as_actor, now=NOW)
    withdrawn = letting_go_actions.withdraw(received(), because="Niet meer nodig.", actor=dpo.as_actor, now=NOW)
    read = [(case, NOW + YEAR)], [(withdrawn, NOW)]
    monkeypatch.setattr(waiting_queries, "unasked", lambda _now: read[0])
    monkeypatch.setattr(waiting_queries, "withdrawn", lambda: read[1])
    decision_actions.close(case, because="De politie heeft ze.", actor=team_manager.as_actor, now=NOW + YEAR)
    letting_go_actions.resume(withdrawn, because="Toch niet.", actor=dpo.as_actor, now=NOW + YEAR)
    before = Entry.objects.count()
    assert let_go(NOW + YEAR) == 0
    assert Entry.objects.count() == before
    assert [Case.objects.get(pk=one.pk).state for one in (case, withdrawn)] == ["closed", "received"]


@pytest.mark.rule("preservation.end")
def test_a_demand_that_came_keeps_what_a_preservation_lets_go(
    dpo: Person, team_manager: Person, received: MakeCase, add_recording: AddRecording
) -> None:
    recording = add_recording()
    told = {name: LETTER[name] for name in ("received_by_channel", "requester_name", "moment_from", "moment_until")}
    actions.receive(**told, **PRESERVE, actor=team_manager.as_actor, now=NOW)
    received(now=NOW + timedelta(days=9), kind="demand", requester_organisation="Politie")
    assert let_go(NOW + YEAR) == 1
    assert stays(recording, NOW + YEAR)
    assert [hold.rule for hold in live_holds(recording.pk)] == ["retention.hold-until-resolved"]


def test_both_who_can_ask_the_police_see_it_coming_four_weeks_ahead(
    dpo: Person,
    team_manager: Person,
    administrator: Person,
    add_recording: AddRecording,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    add_recording()
    told = {name: LETTER[name] for name in ("received_by_channel", "requester_name", "moment_from", "moment_until")}
    case = actions.receive(**told, **PRESERVE, actor=team_manager.as_actor, now=NOW)
    title = f"Bewaring {case.reference} eindigt vanzelf op 03-11-2027"
    before, soon = NOW + YEAR - timedelta(days=29), NOW + YEAR - timedelta(days=27)
    for person, sees in ((dpo, True), (team_manager, True), (administrator, False)):
        assert title not in [one.title for one in due.preservations(person, before)]
        assert (title in [one.title for one in due.preservations(person, soon)]) is sees
    monkeypatch.setattr(clock, "now", lambda: NOW)
    desk = Client()
    desk.force_login(team_manager)
    page = desk.get(f"/verzoeken/{case.reference}/").content.decode()
    assert "Komt er geen vordering, dan eindigt de bewaring vanzelf op 3 november 2027" in page
