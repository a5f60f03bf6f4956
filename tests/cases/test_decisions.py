"""Judging: two kinds with opposite defaults, the clocks, what stays held until when, and who judges."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from beeldkluis.cases import (
    actions,
    decision_actions,
    letter_actions,
    letting_go_actions,
    queries,
    remedy_actions,
    waiting_queries,
)
from beeldkluis.cases.giving_actions import note_given
from beeldkluis.cases.models import Case, Decision, Letter, Remedy, Suspension
from beeldkluis.cases.tasks import hold_late_recordings, remind_of_cases
from beeldkluis.findings.models import Finding
from beeldkluis.footage.actions import mark_destroyed
from beeldkluis.footage.models import Hold, Recording
from beeldkluis.footage.queries import live_holds
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.models import Detail, Entry
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people.deputation_actions import begin_deputation
from beeldkluis.people.models import Officer, Person
from beeldkluis.protocol.cases import CaseState
from beeldkluis.protocol.deciding import Outcome, Words
from beeldkluis.protocol.verdict import Refused
from tests.cases.conftest import ANSWERS, CHOSEN, FINAL, INCIDENT, LETTER, NO, NONE, NOW, YES

Link = Callable[..., tuple[Case, Recording]]
MakeCase = Callable[..., Case]
AddRecording = Callable[..., Recording]


def rules_of(recording: Recording) -> list[str]:
    return [hold.rule for hold in live_holds(recording.pk)]


def state(case: Case) -> CaseState:
    return CaseState(Case.objects.get(pk=case.pk).state)


@pytest.mark.rule("request.decided-by-team-manager")
def test_only_the_team_manager_decides_and_links(dpo: Person, forwarded: MakeCase, add_recording: AddRecording) -> None:
    recording = add_recording()
    case = forwarded()
    with pytest.raises(Refused):
        actions.link_recording(case, recording.pk, actor=dpo.as_actor, now=NOW)
    with pytest.raises(Refused):
        decision_actions.decide(case, NO, actor=dpo.as_actor, now=NOW)
    assert not Decision.objects.exists()


def test_nothing_is_decided_before_every_recording_found_is_sorted_out(
    team_manager: Person, forwarded: MakeCase, add_recording: AddRecording
) -> None:
    add_recording()
    with pytest.raises(Refused, match="Nog open: 1"):
        decision_actions.decide(forwarded(), NO, actor=team_manager.as_actor, now=NOW)


@pytest.mark.rule("request.considerations")
@pytest.mark.parametrize("letter", "abcde")
def test_a_grant_to_somebody_else_without_one_of_the_five_answers_is_refused(
    letter: str, linked: Link, team_manager: Person
) -> None:
    case, _recording = linked(kind="interest")
    words = Words(outcome=Outcome.GRANTED, grounds="Zwaar.", considerations=ANSWERS | {letter: " "})
    with pytest.raises(Refused) as refusal:
        decision_actions.decide(case, words, actor=team_manager.as_actor, now=NOW)
    assert refusal.value.verdict.rule == "request.considerations"
    assert state(case) is CaseState.FORWARDED


@pytest.mark.rule("request.yes-unless")
def test_a_filmed_person_gets_a_yes_without_a_word_and_a_no_only_with_three(linked: Link, team_manager: Person) -> None:
    case, _recording = linked(demonstrable_interest="")
    for lacking in ({"grounds": ""}, {"exception": ""}, {"not_by_covering": " "}):
        told: dict[str, Any] = {"grounds": "Nee.", "exception": "15-4", "not_by_covering": "Nee."} | lacking
        with pytest.raises(Refused):
            decision_actions.decide(
                case, Words(outcome=Outcome.REFUSED, choices=CHOSEN, **told), actor=team_manager.as_actor, now=NOW
            )
    silent = Words(outcome=Outcome.GRANTED, choices=CHOSEN)
    decision_actions.decide(case, silent, actor=team_manager.as_actor, now=NOW)
    assert Decision.objects.get().choices == CHOSEN, "what was chosen where protocol and law differ is kept"
    assert state(case) is CaseState.GRANTED


@pytest.mark.rule("retention.hold-until-resolved", "retention.review")
def test_a_grant_holds_until_the_incident_is_resolved_and_is_looked_at_again(
    decided: Link, team_manager: Person
) -> None:
    case, recording = decided(YES)
    actor = team_manager.as_actor
    assert rules_of(recording) == ["retention.hold-until-resolved"]
    later = NOW + timedelta(days=90)
    assert Hold.objects.get(released_at=None).review_at == later
    assert list(queries.reviewable(later - timedelta(seconds=1))) == []
    assert list(queries.reviewable(later)) == [case]
    with pytest.raises(Refused):
        decision_actions.look_again(case, because=" ", actor=actor, now=later)
    decision_actions.look_again(case, because="De rechtszaak loopt.", actor=actor, now=later)
    assert list(queries.reviewable(later)) == []
    with pytest.raises(Refused):
        decision_actions.close(case, because="Klaar.", actor=actor, now=NOW + timedelta(days=200))
    note_given(case, how="copy", actor=actor, now=NOW + timedelta(days=20))
    with pytest.raises(Refused):
        decision_actions.close(case, because=" ", actor=actor, now=NOW + timedelta(days=200))
    decision_actions.close(case, because="De zaak is afgedaan.", actor=actor, now=NOW + timedelta(days=200))
    assert rules_of(recording) == []


@pytest.mark.rule("request.objection")
def test_a_refusal_keeps_the_footage_until_nobody_can_object_any_more(decided: Link, team_manager: Person) -> None:
    case, recording = decided()
    almost = FINAL - timedelta(seconds=1)
    assert queries.closable(almost) == []
    with pytest.raises(Refused, match="bezwaar"):
        decision_actions.close(case, because="", actor=team_manager.as_actor, now=almost)
    assert rules_of(recording) == ["retention.hold-on-request"]
    assert queries.closable(FINAL) == [case]
    decision_actions.close(case, because="", actor=team_manager.as_actor, now=FINAL)
    assert rules_of(recording) == []
    assert Letter.objects.get(kind="closing").words["outcome"] == "Afgewezen"


@pytest.mark.rule("request.objection")
def test_the_term_to_object_begins_when_the_letter_leaves(linked: Link, team_manager: Person) -> None:
    case, _recording = linked()
    actor = team_manager.as_actor
    decision_actions.decide(case, NO, actor=actor, now=NOW)
    long = NOW + timedelta(days=300)
    assert queries.objection_ends(case) is None
    assert queries.closable(long) == []
    letter_actions.note_posted(Letter.objects.get(kind="refused"), actor=actor, now=long)
    assert queries.closable(long + timedelta(days=40)) == []
    assert queries.closable(long + timedelta(days=50)) == [case]


@pytest.mark.rule("request.objection")
def test_an_objection_keeps_the_footage_however_long_it_takes_and_reopens_the_decision_when_upheld(
    decided: Link, team_manager: Person, dpo: Person
) -> None:
    case, recording = decided()
    made = remedy_actions.register(case, kind="objection", received_at=NOW, where="B-1", actor=dpo.as_actor, now=NOW)
    years = NOW + timedelta(days=900)
    with pytest.raises(Refused):
        decision_actions.close(case, because="klaar", actor=team_manager.as_actor, now=years)
    assert rules_of(recording) == ["retention.hold-on-request"]
    remedy_actions.settle(made, outcome="upheld", at=years, note="", actor=dpo.as_actor, now=years)
    case.refresh_from_db()
    assert (state(case), case.decide_by) == (CaseState.FORWARDED, years + timedelta(days=28))
    decision_actions.decide(case, YES, actor=team_manager.as_actor, now=years)
    assert (state(case), Decision.objects.count()) == (CaseState.GRANTED, 2)
    with pytest.raises(Refused):
        remedy_actions.settle(made, outcome="dismissed", at=years, note="", actor=dpo.as_actor, now=years)


@pytest.mark.rule("request.objection")
def test_after_a_dismissed_objection_the_term_for_appeal_runs_and_an_appeal_keeps_too(
    decided: Link, team_manager: Person, dpo: Person
) -> None:
    case, recording = decided()
    desk, judge = dpo.as_actor, team_manager.as_actor
    made = remedy_actions.register(case, kind="objection", received_at=NOW, where="", actor=desk, now=NOW)
    remedy_actions.settle(made, outcome="dismissed", at=FINAL, note="", actor=desk, now=FINAL)
    assert state(case) is CaseState.REFUSED
    soon = FINAL + timedelta(days=41)
    with pytest.raises(Refused):
        decision_actions.close(case, because="", actor=judge, now=soon)
    made = remedy_actions.register(case, kind="appeal", received_at=soon, where="Rechtbank", actor=desk, now=soon)
    late = soon + timedelta(days=400)
    with pytest.raises(Refused):
        decision_actions.close(case, because="", actor=judge, now=late)
    remedy_actions.settle(made, outcome="inadmissible", at=late, note="", actor=desk, now=late)
    final = late + timedelta(days=50)
    decision_actions.close(case, because="", actor=judge, now=final)
    assert rules_of(recording) == []


@pytest.mark.rule("request.objection")
def test_a_complaint_keeps_the_footage_and_moves_nothing(decided: Link, team_manager: Person, dpo: Person) -> None:
    case, _recording = decided()
    made = remedy_actions.register(case, kind="complaint", received_at=NOW, where="AP", actor=dpo.as_actor, now=NOW)
    assert state(case) is CaseState.REFUSED
    assert queries.closable(FINAL) == []
    with pytest.raises(Refused, match="klacht"):
        decision_actions.close(case, because="", actor=team_manager.as_actor, now=FINAL)
    remedy_actions.settle(made, outcome="dismissed", at=FINAL, note="", actor=dpo.as_actor, now=FINAL)
    assert queries.closable(FINAL) == [case]
    assert Remedy.objects.get().outcome == "dismissed"


@pytest.mark.rule("request.completion", "request.decision-period")
def test_the_clock_stands_still_while_the_requester_completes(dpo: Person, received: MakeCase) -> None:
    case = received(place="")
    desk = dpo.as_actor
    actions.ask(case, actor=desk, now=NOW)
    assert Letter.objects.get(kind="completion").words["missing"][0][0] == "plaats"
    with pytest.raises(Refused):
        actions.ask(case, actor=desk, now=NOW)
    after = NOW + timedelta(days=5)
    assert queries.due_by(case, after) == NOW + timedelta(days=33)
    done = actions.complete_fields(case, fields={"place": "De Gast"}, actor=desk, now=after)
    assert (done.state, done.decide_by) == ("received", NOW + timedelta(days=33))
    assert queries.due_by(done, NOW + timedelta(days=20)) == NOW + timedelta(days=33)


@pytest.mark.rule("request.completion")
def test_who_never_answers_is_passed_on_and_set_aside_with_a_letter(
    dpo: Person, team_manager: Person, received: MakeCase
) -> None:
    case = received(moment_from=None, moment_until=None, place="")
    actions.ask(case, actor=dpo.as_actor, now=NOW)
    assert Letter.objects.get(kind="completion").words["general"], "a general letter is asked, not refused"
    early, late = NOW + timedelta(days=14), NOW + timedelta(days=15)
    with pytest.raises(Refused):
        actions.forward(case, actor=dpo.as_actor, now=early)
    assert list(waiting_queries.in_vain(late)) == [case]
    sent = actions.forward(case, actor=dpo.as_actor, now=late)
    assert sent.decide_by == NOW + timedelta(days=42), "it stood still for its fourteen days and no longer"
    for words in (NO, NONE, YES):
        with pytest.raises(Refused):
            decision_actions.decide(case, words, actor=team_manager.as_actor, now=late)
    decision_actions.decide(case, Words(outcome=Outcome.SET_ASIDE), actor=team_manager.as_actor, now=late)
    assert Letter.objects.get(kind="set_aside").words["missing"] == [
        "datum en tijd (vanaf)",
        "datum en tijd (tot)",
        "plaats",
    ]


def test_a_complete_request_stops_no_clock(dpo: Person, received: MakeCase) -> None:
    with pytest.raises(Refused, match="ontbreekt niets"):
        actions.ask(received(), actor=dpo.as_actor, now=NOW)
    assert not Suspension.objects.exists()


@pytest.mark.rule("request.extension")
def test_the_term_is_extended_once_with_a_letter_and_for_a_filmed_person_only(
    forwarded: MakeCase, team_manager: Person
) -> None:
    case, other = forwarded(), forwarded(kind="interest")
    actor = team_manager.as_actor
    decision_actions.extend(case, because="Veel opnames.", actor=actor, now=NOW)
    case.refresh_from_db()
    assert case.decide_by == NOW + timedelta(days=88)
    assert Letter.objects.get(kind="extension").words["because"] == "Veel opnames."
    for wrong in (case, other):
        with pytest.raises(Refused):
            decision_actions.extend(wrong, because="x", actor=actor, now=NOW)


@pytest.mark.rule("request.no-footage")
def test_a_minute_before_the_term_a_request_saves_and_a_minute_after_it_hears_when_it_was_destroyed(
    add_recording: AddRecording, dpo: Person, team_manager: Person, received: MakeCase
) -> None:
    recording = add_recording()
    late = recording.due_at + timedelta(minutes=1)
    received(received_at=NOW, now=recording.due_at - timedelta(minutes=1))
    assert rules_of(recording) == ["retention.hold-on-request"]
    gone = add_recording(INCIDENT + timedelta(minutes=5))
    mark_destroyed(gone.pk, rules=("retention.period",), actor=Actor.system("tests"), now=gone.due_at)
    second = received(now=late, moment_from=gone.started_at, moment_until=gone.ended_at)
    actions.reject_match(
        actions.forward(second, actor=dpo.as_actor, now=late), recording.pk, actor=team_manager.as_actor, now=late
    )
    decision_actions.decide(second, NONE, actor=team_manager.as_actor, now=late)
    words = Letter.objects.get(kind="no_footage", case=second).words
    assert words["destroyed"] == [["28 november 2026", "de bewaartermijn van 28 dagen (protocol versie 1)"]]


@pytest.mark.rule("request.no-footage")
def test_footage_that_comes_after_no_footage_is_held_told_and_reopens(
    forwarded: MakeCase, team_manager: Person, add_recording: AddRecording
) -> None:
    case = forwarded()
    actor = team_manager.as_actor
    with pytest.raises(Refused):
        decision_actions.decide(case, NO, actor=actor, now=NOW)
    decision_actions.decide(case, NONE, actor=actor, now=NOW)
    with pytest.raises(Refused, match="nog steeds geen"):
        decision_actions.reopen(case, actor=actor, now=NOW)
    late = add_recording(received=NOW + timedelta(days=3))
    assert hold_late_recordings(NOW + timedelta(days=3)) == 1
    assert rules_of(late) == ["retention.hold-on-request"]
    assert Finding.objects.filter(rule="request.no-footage", settled_at=None).count() == 1
    decision_actions.reopen(case, actor=actor, now=NOW + timedelta(days=3))
    assert state(case) is CaseState.FORWARDED
    assert not Finding.objects.filter(rule="request.no-footage", settled_at=None).exists()


@pytest.mark.rule("request.search-window")
def test_a_camera_without_a_clock_is_looked_for_a_day_around(received: MakeCase, add_recording: AddRecording) -> None:
    near, far = add_recording(INCIDENT + timedelta(hours=20)), add_recording(INCIDENT + timedelta(hours=30))
    sharp = add_recording(INCIDENT + timedelta(hours=19))
    Recording.objects.filter(pk__in=[near.pk, far.pk]).update(clock_offset_ms=None)
    received()
    assert (rules_of(near), rules_of(far), rules_of(sharp)) == (["retention.hold-on-request"], [], [])


@pytest.mark.rule("request.team-manager-subject")
def test_a_request_about_the_team_manager_waits_for_the_deputy(
    forwarded: MakeCase, add_recording: AddRecording, team_manager: Person, dpo: Person
) -> None:
    deputy = Person.objects.create(email="plv@example.nl", name="Plv", role="deputy", added_at=NOW)
    recording = add_recording()
    case = forwarded(about_team_manager=True)
    assert Outgoing.objects.filter(body__to="plv@example.nl").exists()
    with pytest.raises(Refused) as refusal:
        actions.link_recording(case, recording.pk, actor=team_manager.as_actor, now=NOW)
    assert refusal.value.verdict.rule == "request.team-manager-subject"
    begin_deputation(
        deputy, until=NOW + timedelta(days=2), because="Zaak over de teammanager.", actor=team_manager.as_actor, now=NOW
    )
    deputy.refresh_from_db()
    actions.link_recording(case, recording.pk, actor=deputy.as_actor, now=NOW)
    decision_actions.decide(case, YES, actor=deputy.as_actor, now=NOW)
    assert Decision.objects.get().decided_by == deputy


@pytest.mark.rule("purpose.self-reflection")
def test_reflection_reaches_the_own_recordings_only_and_prolongs_nothing(
    dpo: Person, team_manager: Person, received: MakeCase, add_recording: AddRecording
) -> None:
    own, other = add_recording(), add_recording(INCIDENT + timedelta(minutes=6))
    officers = [
        Officer.objects.create(number=number, name=f"Boa {number}", employment="own", since=INCIDENT)
        for number in ("1", "2")
    ]
    for recording, officer in zip((own, other), officers, strict=True):
        Recording.objects.filter(pk=recording.pk).update(officer=officer)
    case = received(kind="self_reflection", officer=officers[0])
    assert {one.recording for one in queries.links(case)} == {own.pk}
    case = actions.forward(case, actor=dpo.as_actor, now=NOW)
    actions.link_recording(case, own.pk, actor=team_manager.as_actor, now=NOW)
    with pytest.raises(Refused):
        actions.link_recording(case, other.pk, actor=team_manager.as_actor, now=NOW)
    assert (rules_of(own), rules_of(other)) == ([], [])


def test_a_request_for_public_records_is_answered_with_where_it_belongs(
    dpo: Person, received: MakeCase, add_recording: AddRecording
) -> None:
    recording = add_recording()
    case = received(kind="public_records")
    with pytest.raises(Refused, match="gaat over beelden"):
        actions.refer(case, actor=dpo.as_actor, now=NOW)
    assert rules_of(recording) == ["retention.hold-on-request"], "what names a moment is held and decided"
    other = actions.refer(
        received(kind="public_records", moment_from=None, moment_until=None), actor=dpo.as_actor, now=NOW
    )
    assert state(other) is CaseState.CLOSED
    assert Letter.objects.filter(case=other, kind="elsewhere").exists()


@pytest.mark.rule("request.identity")
def test_of_who_was_seen_the_kind_of_document_is_kept_and_nothing_else(dpo: Person, received: MakeCase) -> None:
    case = received()
    with pytest.raises(Refused):
        actions.identify(case, document="NW1234567", actor=dpo.as_actor, now=NOW)
    found = actions.identify(case, document="passport", actor=dpo.as_actor, now=NOW)
    assert (found.identity_document, found.identity_seen_by, found.identity_seen_at) == ("passport", dpo, NOW)


def test_every_entry_of_a_step_carries_case_purpose_and_protocol_a_refusal_too(
    decided: Link, dpo: Person, team_manager: Person
) -> None:
    case, _recording = decided(YES)
    with pytest.raises(Refused):
        decision_actions.decide(case, NO, actor=dpo.as_actor, now=NOW)
    entries = list(Entry.objects.filter(case=case.reference))
    acts = {one.act for one in entries}
    assert {"cases.case_decided", "footage.hold_placed", "cases.letter_sent", "journal.step_refused"} <= acts
    wanted = [one for one in entries if one.act != "cases.case_received"]
    assert all(b'"protocol":"1"' in bytes(one.data) and b'"purpose":"access"' in bytes(one.data) for one in wanted)


def test_the_journal_never_names_the_requester_in_a_leaf(decided: Link) -> None:
    decided(Words(outcome=Outcome.GRANTED, grounds="Mevrouw Jansma staat erop.", choices=CHOSEN))
    leaves = b"".join(bytes(data) for data in Entry.objects.values_list("data", flat=True))
    assert b"cases.case_decided" in leaves
    for personal in (b"Vries", b"Jansma", b"Hoofdstraat", b"example.nl", b"0594"):
        assert personal not in leaves
    assert any(b"Jansma" in bytes(one.payload) for one in Detail.objects.all())


def test_each_officer_concerned_hears_of_a_grant_and_nobody_is_named_to_them(
    linked: Link, team_manager: Person
) -> None:
    case, recording = linked()
    officer = Officer.objects.create(number="7", name="Boa 7", employment="own", since=INCIDENT, email="boa@example.nl")
    Recording.objects.filter(pk=recording.pk).update(officer=officer)
    decision_actions.decide(case, YES, actor=team_manager.as_actor, now=NOW)
    notice = Letter.objects.get(kind="officer_notice")
    assert (notice.email, notice.recipient) == ("boa@example.nl", ["Boa 7"])
    assert "Vries" not in str(notice.words)


def test_mails_say_each_week_what_is_due_and_once_what_is_late(
    received: MakeCase, forwarded: MakeCase, dpo: Person, team_manager: Person
) -> None:
    received()
    forwarded()
    assert remind_of_cases(NOW) == 0
    soon = NOW + timedelta(days=22)
    assert remind_of_cases(soon) == 2
    assert remind_of_cases(soon + timedelta(hours=1)) == 0
    mails = {one.body["to"]: one.body["text"] for one in Outgoing.objects.all()}
    assert "2026-0001: uiterlijk 1 december 2026" in mails[dpo.email]
    assert "2026-0002: uiterlijk 1 december 2026" in mails[team_manager.email]
    assert not any("Vries" in text for text in mails.values())
    Outgoing.objects.all().delete()
    late = NOW + timedelta(days=29)
    assert remind_of_cases(late) == 2 + 2 * 2
    assert remind_of_cases(late + timedelta(hours=1)) == 0


def test_a_case_of_the_website_is_the_same_case(add_recording: AddRecording, db: None) -> None:
    recording = add_recording()
    form = Actor.system("public-form")
    case = actions.receive(**LETTER | {"received_by_channel": "form"}, actor=form, now=NOW)
    assert (case.received_from, state(case)) == (None, CaseState.RECEIVED)
    assert rules_of(recording) == ["retention.hold-on-request"]
    for other in (Actor.system("tick"), form):
        with pytest.raises(Refused):
            actions.receive(**LETTER | {"kind": "demand"}, actor=other, now=NOW)


def test_nobody_decides_withdraws_or_closes_a_closed_case_again(
    decided: Link, team_manager: Person, dpo: Person
) -> None:
    case, _recording = decided()
    actor = team_manager.as_actor
    decision_actions.close(case, because="", actor=actor, now=FINAL)
    with pytest.raises(Refused):
        decision_actions.decide(case, YES, actor=actor, now=FINAL)
    with pytest.raises(Refused):
        decision_actions.close(case, because="", actor=actor, now=FINAL)
    with pytest.raises(Refused):
        letting_go_actions.withdraw(case, because="Per brief.", actor=dpo.as_actor, now=FINAL)
