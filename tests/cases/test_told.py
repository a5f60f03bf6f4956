"""What list, page, offers, mails and journal say of a request, by their words, numbers and days."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from beeldkluis.cases import actions, decision_actions, giving_actions, letter_actions, pages, remedy_actions
from beeldkluis.cases.models import Case, Letter
from beeldkluis.cases.offers import Viewer, offers
from beeldkluis.cases.tasks import let_go
from beeldkluis.footage.actions import mark_destroyed
from beeldkluis.footage.models import Recording
from beeldkluis.footage.queries import live_holds
from beeldkluis.journal.actor import Actor
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people.models import Person
from beeldkluis.protocol.roles import Role
from tests.cases.conftest import FINAL, NO, NONE, NOW, YES
from tests.lines import lines

Link = Callable[..., tuple[Case, Recording]]
MakeCase = Callable[..., Case]
AddRecording = Callable[..., Recording]
MANAGER = Viewer(Role.TEAM_MANAGER, titular=True)
SECOND = timedelta(seconds=1)


def labels(case: Case, whose: Viewer = MANAGER) -> set[str]:
    return {one.label for one in offers(case, whose, NOW)}


def mails_of(subject: str) -> list[tuple[str, str]]:
    return [(one.body["to"], " ".join(one.body["text"].split())) for one in Outgoing.objects.filter(about=subject)]


def test_a_request_is_late_from_the_moment_after_its_last(forwarded: MakeCase) -> None:
    case = forwarded()
    assert [pages.line(case, at, case.decide_by).late for at in (case.decide_by, case.decide_by + SECOND)] == [
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("before", "title"),
    [
        (timedelta(hours=23), "Vandaag is de laatste dag om te besluiten"),
        (timedelta(hours=25), "Nog 1 dag om te besluiten"),
        (timedelta(hours=49), "Nog 2 dagen om te besluiten"),
        (-SECOND, "De termijn is voorbij"),
    ],
)
def test_the_page_counts_the_days_that_are_left(forwarded: MakeCase, before: timedelta, title: str) -> None:
    case = forwarded()
    assert pages.alert(case, MANAGER, case.decide_by - before)["title"] == title


def test_what_comes_in_for_a_closed_case_tells_what_is_held_and_what_is_gone(
    linked: Link, team_manager: Person, dpo: Person, add_recording: AddRecording
) -> None:
    gone, another = (add_recording(NOW - timedelta(days=days)) for days in (6, 9))
    case, _recording = linked()
    for one in (gone, another):
        actions.link_recording(case, one.pk, actor=team_manager.as_actor, now=NOW)
    decision_actions.decide(case, NO, actor=team_manager.as_actor, now=NOW)
    letter_actions.note_posted(Letter.objects.get(kind="refused"), actor=team_manager.as_actor, now=NOW)
    decision_actions.close(case, because="", actor=team_manager.as_actor, now=FINAL)
    late = FINAL + timedelta(days=9)
    mark_destroyed(gone.pk, rules=["retention.period"], actor=Actor.system("retention"), now=late)
    case.refresh_from_db()
    assert pages.case(case, MANAGER, FINAL)["count"] == 0
    remedy_actions.register(case, kind="objection", received_at=late, where="", actor=dpo.as_actor, now=late)
    assert lines("cases.held_again") == [
        f"Zaak {case.reference} was gesloten; 2 opname(s) weer bewaard, 1 al vernietigd"
    ]
    ((to, text),) = mails_of("Een bezwaar in een gesloten zaak")
    assert to == "team_manager@example.nl"
    assert "weer bewaard worden: 2. Opnames die al vernietigd zijn: 1." in text
    case.refresh_from_db()
    assert pages.case(case, MANAGER, late)["count"] == 3


def test_only_of_a_case_about_the_team_manager_the_deputy_hears(received: MakeCase) -> None:
    Person.objects.create(email="plv@example.nl", name="Plv", role="deputy", added_at=NOW)
    received()
    assert mails_of("Een zaak wacht op u") == []
    case = received(about_team_manager=True)
    assert mails_of("Een zaak wacht op u") == [
        (
            "plv@example.nl",
            f"Zaak {case.reference} gaat over de teammanager zelf. U behandelt haar zodra u waarneemt.",
        )
    ]


def test_the_team_manager_is_offered_no_judging_in_the_own_case(linked: Link) -> None:
    case, _recording = linked()
    ordinary = labels(case)
    assert "Termijn verlengen" in ordinary
    Case.objects.update(about_team_manager=True)
    own = Case.objects.get()
    assert "Termijn verlengen" not in labels(own)
    assert labels(own, Viewer(Role.TEAM_MANAGER, titular=False)) == ordinary


def test_a_term_is_extended_once_and_the_journal_names_the_new_day(linked: Link, team_manager: Person) -> None:
    case, _recording = linked()
    assert "Termijn verlengen" in labels(case)
    decision_actions.extend(case, because="Veel beelden.", actor=team_manager.as_actor, now=NOW)
    case.refresh_from_db()
    assert "Termijn verlengen" not in labels(case)
    assert lines("cases.case_extended") == [f"Zaak {case.reference}: termijn verlengd tot 2027-01-30T09:00:00.000Z"]


def test_access_is_offered_to_be_noted_while_it_is_owed_and_the_journal_says_in_time(
    linked: Link, team_manager: Person
) -> None:
    case, _recording = linked()
    decision_actions.decide(case, YES, actor=team_manager.as_actor, now=NOW)
    case.refresh_from_db()
    assert "Inzage vastleggen" in labels(case)
    giving_actions.note_given(case, how="seen", actor=team_manager.as_actor, now=NOW)
    case.refresh_from_db()
    assert "Inzage vastleggen" not in labels(case)
    (line,) = lines("cases.access_ended")
    assert line == f"Zaak {case.reference}: inzage afgerond (seen), moest vóór 2026-12-03T23:00:00.000Z, op tijd: True"


def test_what_does_not_belong_is_let_go_for_this_case_and_stays_held_for_another(
    linked: Link, received: MakeCase, team_manager: Person
) -> None:
    case, recording = linked()
    other = received(requester_name="Iemand anders")
    actions.reject_match(case, recording.pk, actor=team_manager.as_actor, now=NOW)
    case.refresh_from_db()
    decision_actions.decide(case, NONE, actor=team_manager.as_actor, now=NOW)
    letter = Letter.objects.get(case=case, kind="no_footage")
    letter_actions.note_posted(letter, actor=team_manager.as_actor, now=NOW)
    assert let_go(FINAL) == 1
    assert lines("cases.rejected_let_go") == [
        f"Zaak {case.reference} houdt 1 opnames die er niet bij horen niet meer vast"
    ]
    assert [one.case for one in live_holds(recording.pk)] == [other.reference]
