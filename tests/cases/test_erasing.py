"""What people told goes when its term is over: not before, not while anything runs, and so that a page can say it."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from beeldkluis.cases import actions, decision_actions, erasing_queries, letter_actions, queries, remedy_actions
from beeldkluis.cases.models import Case, CaseDocument, Decision, Letter, Remedy
from beeldkluis.footage.models import Hold, Recording
from beeldkluis.journal import clock
from beeldkluis.journal import queries as journal
from beeldkluis.journal.actions import erase_details, make_checkpoint, step
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.export import export
from beeldkluis.journal.models import Detail, Entry
from beeldkluis.journal.remembered import remembered
from beeldkluis.journal.signer import signer
from beeldkluis.journal.verify import verify
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people.models import Person
from beeldkluis.protocol import personal
from beeldkluis.protocol.cases import CaseState
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.verdict import Refused
from beeldkluis.retention.models import Pace
from beeldkluis.viewing import erasing_actions
from beeldkluis.viewing.erasing_tasks import ACTOR, Erased, erase_what_is_over
from beeldkluis.web.events import PageOpened
from tests.cases.conftest import FINAL, NOW
from tests.cases.test_scale import a_case, asked

pytestmark = pytest.mark.usefixtures("vault_folders")
OVER = FINAL + timedelta(days=5 * 366)
Decided = Callable[..., tuple[Case, Recording]]
PDF = b"%PDF-1.4 een scan van De Vries"


@pytest.fixture
def closed(team_manager: Person, decided: Decided, dpo: Person) -> Case:
    """A refused request with a scan, closed on the day that it was final; the letter that says so was posted then."""
    case, _recording = decided(paper=actions.Paper("brief.pdf", PDF))
    decision_actions.close(case, because="Klaar.", actor=team_manager.as_actor, now=FINAL)
    closing = Letter.objects.get(case=case, kind="closing")
    letter_actions.note_posted(closing, actor=team_manager.as_actor, now=FINAL)
    case.refresh_from_db()
    return case


def minute(at: datetime) -> Erased:
    """A minute at that moment, as after a standstill of which two people said that the clock is right."""
    Pace.objects.all().delete()
    return erase_what_is_over(at)


def erase(case: Case, at: datetime = OVER) -> Case:
    assert minute(at).cases == 1
    case.refresh_from_db()
    return case


def test_the_term_ends_five_years_after_the_last_thing_that_happened(closed: Case) -> None:
    until = erasing_queries.kept_until(closed)
    assert until == personal.later(FINAL, 5)
    assert minute(until - timedelta(minutes=1)).cases == 0
    closed.refresh_from_db()
    assert closed.requester_name == "J. de Vries"
    assert minute(until).cases == 1
    closed.refresh_from_db()
    assert (closed.requester_name, closed.requester_email, closed.told, closed.has_data) == ("", "", "", False)
    assert (closed.reference, closed.kind, closed.state) == ("2026-0001", "access", "closed")
    assert Decision.objects.get(case=closed).outcome == "refused"


@pytest.mark.slow
@pytest.mark.rule("personal.runs")
@pytest.mark.parametrize("what", ["objection", "letter", "hold", "mail"])
def test_what_runs_keeps_everything_however_late(closed: Case, dpo: Person, team_manager: Person, what: str) -> None:
    if what == "objection":
        remedy_actions.register(
            closed, kind="objection", received_at=FINAL, where="", actor=dpo.as_actor, now=FINAL + timedelta(days=1)
        )
    elif what == "letter":
        letter_actions.make(closed, "closing", {}, actor=team_manager.as_actor, now=FINAL)
    elif what == "mail":
        mail = letter_actions.make(closed, "closing", {}, actor=team_manager.as_actor, now=FINAL)
        waits = Outgoing.objects.create(channel="mail", about="Brief", body={}, queued_at=FINAL, next_try_at=FINAL)
        Letter.objects.filter(pk=mail.pk).update(how="mail", message=waits)
    else:
        Hold.objects.create(
            recording=Recording.objects.get(), rule="x", case=closed.reference, placed_at=NOW, review_at=NOW
        )
    done = minute(OVER)
    assert (done.cases, done.papers) == (0, 0)
    closed.refresh_from_db()
    assert closed.requester_name == "J. de Vries"
    assert CaseDocument.objects.get().data == PDF
    with pytest.raises(Refused) as refused:
        erasing_actions.erase(closed, actor=ACTOR, now=OVER)
    assert refused.value.verdict.rule == "personal.runs"


@pytest.mark.slow
def test_a_scan_goes_long_before_the_case(closed: Case) -> None:
    assert minute(FINAL + timedelta(days=89, hours=23)).papers == 0
    assert minute(FINAL + timedelta(days=90)).papers == 1
    paper = CaseDocument.objects.get()
    assert (paper.name, bytes(paper.data), len(paper.sha256)) == ("", b"", 64)
    closed.refresh_from_db()
    assert closed.requester_name == "J. de Vries"
    assert minute(FINAL + timedelta(days=91)).papers == 0


def test_pages_say_that_it_was_erased_and_when(
    closed: Case, dpo: Person, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: OVER)
    client.force_login(dpo)
    address = f"/verzoeken/{closed.reference}/"
    letter, paper = Letter.objects.get(kind="refused"), CaseDocument.objects.get()
    assert (
        "De bewaartermijn was voorbij op 23-12-2031. De gegevens worden een van deze dagen gewist."
        in client.get(address).content.decode()
    )
    erase(closed)
    page = client.get(address).content.decode()
    assert "zijn gewist op" in page
    assert "volgens de bewaartermijn" in page
    assert "De Vries" not in page
    for name, hashed in ((f"brief/{letter.pk}/pdf/", letter.sha256), (f"stuk/{paper.pk}/", paper.sha256)):
        answer = client.get(f"{address}{name}")
        assert answer.status_code == 410
        assert hashed in answer.content.decode()
        assert "is gewist, volgens de bewaartermijn" in answer.content.decode()
    assert client.get(f"{address}brief/{letter.pk}/").status_code == 200
    assert closed.reference in client.get("/verzoeken/").content.decode()


def test_the_page_of_terms_tells_each_kind_and_what_is_due(
    closed: Case, dpo: Person, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    until = erasing_queries.kept_until(closed)
    assert until is not None
    monkeypatch.setattr(clock, "now", lambda: until - timedelta(days=20))
    client.force_login(dpo)
    page = " ".join(client.get("/verzoeken/bewaartermijnen/").content.decode().split())
    assert "Inzageverzoek van een betrokkene</td> <td>5 jaar</td> <td>1</td> <td>1</td>" in page
    assert "Inzageverzoek van een betrokkene, zonder besluit</td> <td>1 jaar</td> <td>0</td> <td>0</td>" in page
    assert "90 dagen" in page
    case_page = client.get(f"/verzoeken/{closed.reference}/").content.decode()
    assert "Gegevens bewaard tot" in case_page
    assert "23-12-2031" in case_page


def test_the_public_page_tells_the_terms(db: None, client: Client) -> None:
    page = client.get("/over-bodycams/").content.decode()
    assert "bewaren wij tot 5 jaar nadat uw verzoek klaar is" in page
    assert "gaan 90 dagen daarna weg" in page


def test_the_journal_stays_true_and_exports_carry_no_name(closed: Case, tmp_path: Path) -> None:
    before = make_checkpoint(now=FINAL)
    assert before is not None
    named = {one.entry_id for one in Detail.objects.all() if b"de Vries" in bytes(one.payload)}
    assert named
    erase(closed)
    made = make_checkpoint(now=OVER)
    assert made is not None
    with remembered() as memory:
        export(tmp_path / "out", made, memory, details=True)
    assert "de Vries" not in (tmp_path / "out" / "details.jsonl").read_text()
    found = verify(tmp_path / "out", signer().vkey, [before.note])
    assert found.erased >= len(named)
    told = json.loads(bytes(Entry.objects.filter(act="journal.details_erased")[0].data))
    assert named <= set(told["facts"]["entries"])
    assert told["actor"] == {"id": "terms", "kind": "system", "role": None}
    assert told["case"] == closed.reference
    assert not journal.line(min(named), details=True).wrong


@pytest.mark.rule("personal.only-by-term")
def test_nobody_inside_erases_what_was_written_of_an_own_act(closed: Case, dpo: Person, team_manager: Person) -> None:
    numbers = journal.details_of_case(closed.reference)
    for actor in (dpo.as_actor, team_manager.as_actor, Actor.system("cases")):
        with pytest.raises(Refused) as refused:
            erase_details(numbers, actor=actor)
        assert refused.value.verdict.rule == "personal.only-by-term"
    assert journal.details_of_case(closed.reference) == numbers
    assert Entry.objects.filter(act="journal.step_refused").count() == 3


@pytest.mark.slow
def test_who_looked_stays_when_the_case_goes_and_goes_later(
    closed: Case, dpo: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: FINAL)
    with step("web.look", actor=dpo.as_actor) as record:
        entry = record(PageOpened(page="cases:case", case=closed.reference, which="1207"))
    monkeypatch.setattr(clock, "now", lambda: OVER)
    erase(closed)
    assert Detail.objects.filter(entry=entry).exists()
    minute(personal.later(FINAL, 7) - timedelta(days=1))
    assert Detail.objects.filter(entry=entry).exists()
    monkeypatch.setattr(clock, "now", lambda: personal.later(FINAL, 7))
    minute(personal.later(FINAL, 7) + timedelta(days=1))
    assert not Detail.objects.filter(entry=entry).exists()
    assert Entry.objects.filter(pk=entry.pk).exists()


@pytest.mark.slow
@pytest.mark.parametrize("dies_in", ["erase_details", "empty", "erase_case"])
def test_killed_anywhere_it_did_nothing_and_does_all_of_it_the_next_time(
    closed: Case, monkeypatch: pytest.MonkeyPatch, dies_in: str
) -> None:
    def dies(*_words: object, **_named: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(erasing_actions, dies_in, dies)
        with pytest.raises(MemoryError):
            minute(OVER)
    closed.refresh_from_db()
    assert (closed.requester_name, closed.has_data) == ("J. de Vries", True)
    assert not Entry.objects.filter(act="cases.case_erased").exists()
    erase(closed)
    assert minute(OVER + timedelta(minutes=1)).cases == 0
    assert erasing_actions.erase(closed, actor=ACTOR, now=OVER) is False, "another process was first"
    assert Entry.objects.filter(act="cases.case_erased").count() == 1


def test_a_clock_that_jumped_erases_nothing(closed: Case, dpo: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: FINAL)
    assert erase_what_is_over(FINAL).cases == 0
    assert erase_what_is_over(OVER).cases == 0
    closed.refresh_from_db()
    assert closed.requester_name == "J. de Vries"


@pytest.mark.rule("personal.pace")
def test_one_day_takes_no_more_than_the_protocol_says(db: None, dpo: Person) -> None:
    day = OVER.replace(hour=8, minute=0)
    gone = {"state": "closed", "closed_at": FINAL, "kind": "demand", "erased_at": day, "has_data": False}
    Case.objects.bulk_create([a_case(number, **gone) for number in range(1, 23)])
    Case.objects.bulk_create(
        [a_case(number, **gone | {"has_data": True, "erased_at": None}) for number in range(23, 28)]
    )
    assert [minute(day + timedelta(minutes=after)).cases for after in range(3)] == [3, 0, 0]
    assert minute(day + timedelta(days=1)).cases == 2


@pytest.mark.slow
def test_the_data_protection_officer_hears_each_month_what_went_and_what_comes(closed: Case, dpo: Person) -> None:
    until = erasing_queries.kept_until(closed)
    assert until is not None
    minute(until - timedelta(days=20))
    mails = Outgoing.objects.filter(about="Bewaartermijnen van persoonsgegevens").order_by("pk")
    assert "Zaken waarvoor dat de komende maand zo is: 1." in mails[0].body["text"]
    erase(closed, until)
    for hours in range(3):
        minute(until + timedelta(days=20, hours=hours))
    (_first, second) = mails
    assert f"Dat waren: {closed.reference}." in second.body["text"]
    assert second.body["to"] == dpo.email


def test_an_objection_to_an_erased_case_is_registered_and_what_it_brings_goes_in_its_turn(
    closed: Case, dpo: Person, team_manager: Person, client: Client
) -> None:
    erase(closed)
    later = OVER + timedelta(days=3)
    made = remedy_actions.register(
        closed, kind="objection", received_at=later, where="Rechtbank", actor=dpo.as_actor, now=later
    )
    closed.refresh_from_db()
    assert (closed.state, closed.has_data) == ("objection", True)
    client.force_login(dpo)
    page = client.get(f"/verzoeken/{closed.reference}/").content.decode()
    assert "Wat daarna binnenkwam, staat hieronder." in page
    remedy_actions.settle(made, outcome="dismissed", at=later, note="Te laat", actor=dpo.as_actor, now=later)
    closed.refresh_from_db()
    end = queries.final_from(closed)
    assert end is not None
    decision_actions.close(closed, because="Klaar.", actor=team_manager.as_actor, now=end)
    letter_actions.note_posted(Letter.objects.get(how=""), actor=team_manager.as_actor, now=end)
    assert minute(personal.later(end, 5) - timedelta(days=1)).cases == 0
    assert minute(personal.later(end, 5)).cases == 1
    assert Remedy.objects.get().where == ""


KNOWN = {
    "cases.Suspension": "erased", "cases.Giving": "erased",
    "cases.CaseRecording": "which recording, and dates",
    "cases.Decision": "erased", "cases.Remedy": "erased", "cases.Letter": "erased", "cases.CaseDocument": "erased",
    "appointments.Appointment": "erased", "viewing.Viewing": "erased", "viewing.Marker": "erased", "viewing.Opening": "erased",
    "redaction.Redaction": "erased", "disclosure.Demand": "erased",
    "viewing.ViewingCopy": "which clip, and dates; gone with its recording",
    "cases.CaseLooked": "gone when the case is closed",
    "footage.Hold": "which recording, and dates",
    "journal.Entry": "the leaf, which names nobody",
    "outbox.Outgoing": "emptied",
}  # fmt: skip


def test_whatever_belongs_to_a_case_is_erased_or_said_to_stay() -> None:
    found = {
        model._meta.label
        for model in apps.get_models()
        for one in model._meta.concrete_fields
        if one.related_model is Case or (one.name == "case" and model is not Case)
    }
    assert found == set(KNOWN), "say here what becomes of it, and erase it in viewing/erasing_actions.py"


MOMENTS = st.integers(-900, 900).map(lambda days: OVER - timedelta(days=5 * 365 + days))
CASES = st.tuples(
    st.sampled_from([one.value for one in CaseKind]),
    st.sampled_from(["closed", "closed", "closed", "refused", "withdrawn"]),
    MOMENTS,  # closed
    st.one_of(st.none(), st.tuples(st.booleans(), MOMENTS)),  # a letter: left or not
    st.one_of(st.none(), st.tuples(st.booleans(), MOMENTS)),  # a remedy: settled or not
    st.one_of(st.none(), st.tuples(st.booleans(), MOMENTS)),  # a hold: ended or not
    st.booleans(),  # decided
)


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(CASES, min_size=1, max_size=6))
def test_what_is_due_is_what_the_rule_says_of_each_case(db: None, dpo: Person, rows: list[object]) -> None:
    for model in (Hold, Letter, Remedy, Decision, Recording, Case):
        model.objects.all().delete()
    for number, row in enumerate(rows):
        _make(number, dpo, *row)  # type: ignore[misc]
    wanted = {
        one.pk
        for one in Case.objects.all()
        if personal.may_erase(
            erasing_queries.running(one, viewings=0), until=erasing_queries.kept_until(one), now=OVER
        ).allowed
    }
    assert {one.pk for one in erasing_queries.due(OVER, 100)} == wanted


def _make(
    number: int, dpo: Person, kind: str, state: str, closed_at: datetime, letter: tuple[bool, datetime] | None,
    remedy: tuple[bool, datetime] | None, hold: tuple[bool, datetime] | None, decided: bool,
) -> None:  # fmt: skip
    case = a_case(number, kind=kind, state=state, closed_at=closed_at if state == "closed" else None)
    case.save()
    if letter:
        left, at = letter
        Letter.objects.create(
            case=case,
            kind="closing",
            protocol="1",
            made_at=NOW,
            how="post" if left else "",
            posted_at=at if left else None,
        )
    if remedy:
        settled, at = remedy
        Remedy.objects.create(case=case, kind="complaint", received_at=NOW, settled_at=at if settled else None)
    if hold:
        ended, at = hold
        recording = Recording.objects.create(
            number=number, serial="S", started_at=NOW, activated_at=NOW, ended_at=NOW, received_at=NOW, due_at=NOW
        )
        Hold.objects.create(
            recording=recording, rule="x", case=case.reference, placed_at=NOW, review_at=NOW,
            released_at=at if ended else None,
        )  # fmt: skip
    if decided:
        Decision.objects.create(case=case, outcome="refused", decided_at=NOW, decided_by=dpo)


@pytest.mark.slow
def test_a_minute_asks_as_much_of_a_thousand_cases_as_of_ten(db: None, dpo: Person) -> None:
    def again() -> None:
        minute(OVER.replace(minute=5))

    states = ["closed", "refused"]
    Case.objects.bulk_create(a_case(one, state=states[one % 2], closed_at=OVER) for one in range(1, 11))
    again()  # the hour's part, once
    few = asked(again)
    Case.objects.bulk_create(a_case(one, state=states[one % 2], closed_at=OVER) for one in range(11, 1001))
    with CaptureQueriesContext(connection) as made:
        again()
    assert len(made) == few
    assert few < 30
    assert CaseState.CLOSED.value == erasing_queries.CLOSED
