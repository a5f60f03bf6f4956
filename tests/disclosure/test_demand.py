"""The page of a demand: what it says, what lacks, who may read it, what becomes of it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.cases.conftest import INCIDENT, LETTER, NOW
from tests.journal.attacks import without_triggers

from beeldkluis.cases import actions as cases
from beeldkluis.cases import letting_go_actions as letting_go
from beeldkluis.cases.about import about
from beeldkluis.cases.models import Case
from beeldkluis.disclosure import actions, queries
from beeldkluis.disclosure.erasing_actions import erase_demand
from beeldkluis.disclosure.events import DemandSaved
from beeldkluis.disclosure.models import Demand
from beeldkluis.footage.models import Recording
from beeldkluis.journal import clock
from beeldkluis.journal import queries as journal
from beeldkluis.journal.actions import step
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.models import Entry
from beeldkluis.journal.shield import WORDS
from beeldkluis.people.models import Person
from beeldkluis.protocol.verdict import Refused

Link = Callable[..., tuple[Case, Recording]]
ASKED = {
    "kind": "demand", "requester_organisation": "Politie Noord-Nederland",
    "formal_data": {"reference": "PL0100-2026-1", "article": "126nd Sv", "offence": "mishandeling"},
}  # fmt: skip
SAID = {
    "receiver": "police", "name": "A. Bakker", "rank": "brigadier", "number": "12345", "unit": "basisteam Westerkwartier",
    "reference": "PL0100-2026-1", "prosecutor_number": "18-123456-26", "article": "126nd", "authoriser": "prosecutor",
    "authorised_by": "mr. C. Jansen", "authorised_on": "2026-11-02", "form": "written", "offence": "mishandeling",
    "place": "De Gast", "persons": "een man in een rode jas", "secret": "no", "regime": "avg", "signature_seen": "on",
    "called_back": "on", "called_number": "0900 8844", "scope_fits": "on",
}  # fmt: skip


def local(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"


def typed(version: int = 0, **changed: str) -> dict[str, str]:
    moments = {
        "demanded_at": local(NOW), "period_from": local(INCIDENT + timedelta(minutes=1)),
        "period_until": local(INCIDENT + timedelta(minutes=3)), "deliver_by": local(NOW + timedelta(days=7)),
        "shown": " ".join(str(one.number) for one in Recording.objects.all()),
    }  # fmt: skip
    return {"version": str(version), **SAID, **moments, **changed}


@pytest.fixture(autouse=True)
def at_the_office(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def case(linked: Link) -> Case:
    return linked(**ASKED)[0]


def at(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


ADDRESS = "/verzoeken/2026-0001/vordering/"


def test_what_lacks_is_named_and_may_be_saved(case: Case, team_manager: Person) -> None:
    desk = at(team_manager)
    page = desk.get(ADDRESS).content.decode()
    assert "Nog niet compleet" in page
    assert "<li>rang of functie</li>" in page
    assert 'value="PL0100-2026-1"' in page, "what the registration said"
    assert "vordering/" in desk.get("/verzoeken/2026-0001/").content.decode()
    answer = desk.post(ADDRESS, typed(rank=""), follow=True).content.decode()
    assert "Bewaard." in answer
    assert f"Laatst bewaard op 03-11-2026 10:00 door {team_manager.name}." in answer
    assert "Laatst bewaard" not in page
    assert "<li>rang of functie</li>" in answer
    assert answer.count("<li>rang") == 1
    assert Demand.objects.get().version == 1


def test_a_whole_demand_says_which_part_is_asked(case: Case, team_manager: Person) -> None:
    desk = at(team_manager)
    page = desk.post(ADDRESS, typed(), follow=True).content.decode()
    assert "Alles is bekend en nagekeken" in page
    assert "een deel: van 31-10-2026 22:41:00 tot 31-10-2026 22:43:00" in page
    demand = Demand.objects.get()
    outside = {"period_from": INCIDENT - timedelta(hours=9), "period_until": INCIDENT - timedelta(hours=8)}
    actions.save_demand(case, outside, known=demand.version, shown=(), person=team_manager, now=NOW)
    assert "niets: zij valt buiten de periode" in desk.get(ADDRESS).content.decode()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"period_until": local(INCIDENT)}, "Het einde ligt niet na het begin."),
        ({"article": "126nf"}, "Dit artikel vraagt toestemming van: rechter-commissaris."),
        ({"form": "oral", "confirmed_at": local(NOW - timedelta(days=1))}, "De bevestiging kan niet voor de vordering"),
        ({"demanded_at": "gisteren"}, "demanded_at"),
    ],
)
def test_a_slip_is_an_error_on_the_form_with_what_was_typed(
    case: Case,
    team_manager: Person,
    changed: dict[str, str],
    said: str,
) -> None:
    page = at(team_manager).post(ADDRESS, typed(**changed)).content.decode()
    assert said in page
    assert 'value="mr. C. Jansen"' in page
    assert not Demand.objects.exists()


SCOPE = "<li>de opnames vallen binnen wat wordt gevorderd</li>"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"period_until": local(INCIDENT + timedelta(minutes=9))}, "de opnames vallen binnen wat wordt gevorderd"),
        ({"article": "126nda"}, "de opnames vallen binnen wat wordt gevorderd"),
        ({"reference": "PL0100-2026-2"}, "de handtekening is gezien, er is teruggebeld"),
    ],
)
def test_what_was_checked_is_checked_anew_when_what_it_rests_on_changes(
    case: Case,
    team_manager: Person,
    dpo: Person,
    changed: dict[str, str],
    said: str,
) -> None:
    desk = at(team_manager)
    desk.post(ADDRESS, typed())
    page = desk.post(ADDRESS, typed(1, **changed), follow=True).content.decode()
    assert all(f"<li>{one}</li>" in page for one in said.split(", "))
    assert "Alles is bekend en nagekeken" in desk.post(ADDRESS, typed(2, **changed), follow=True).content.decode()
    journal_page = at(dpo).get("/logboek/?zaak=2026-0001").content.decode()
    assert f"tot versie 2; {said.count(',') + 1} punten ontbreken; geheim: nee; nagekeken: niets" in journal_page
    assert f"niet meer nagekeken: {said}" in journal_page
    assert f"nagekeken: {said}; niet meer nagekeken: niets" in journal_page, "who looked again"


def test_a_recording_that_comes_later_was_not_checked(
    case: Case,
    team_manager: Person,
    add_recording: Callable[..., Recording],
) -> None:
    desk = at(team_manager)
    desk.post(ADDRESS, typed())
    stale = typed(1)
    later = add_recording(INCIDENT + timedelta(minutes=2))
    cases.link_recording(case, later.pk, actor=team_manager.as_actor, now=NOW)
    assert SCOPE in desk.get(ADDRESS).content.decode()
    assert SCOPE in desk.post(ADDRESS, stale, follow=True).content.decode(), "it did not stand on that page"
    assert "Alles is bekend en nagekeken" in desk.post(ADDRESS, typed(2), follow=True).content.decode()


def test_a_demand_and_its_confirmation_are_not_of_tomorrow(case: Case, team_manager: Person) -> None:
    tomorrow = local(NOW + timedelta(days=1))
    for changed in ({"demanded_at": tomorrow}, {"form": "oral", "confirmed_at": tomorrow}):
        page = at(team_manager).post(ADDRESS, typed(**changed)).content.decode()
        assert "De vordering en de bevestiging op schrift kunnen niet in de toekomst liggen." in page
    assert not Demand.objects.exists()


def test_two_people_cannot_overwrite_each_other(case: Case, team_manager: Person, dpo: Person) -> None:
    assert at(dpo).post(ADDRESS, typed(), follow=True).status_code == 200
    page = at(team_manager).post(ADDRESS, typed(rank="inspecteur")).content.decode()
    assert (
        "Dit is intussen gewijzigd, door een ander of door u in een ander venster. Uw wijziging is niet bewaard" in page
    )
    assert 'value="inspecteur"' in page
    assert Demand.objects.get().rank == "brigadier"


def test_others_and_other_cases_have_no_such_page(
    case: Case,
    administrator: Person,
    team_manager: Person,
    dpo: Person,
) -> None:
    assert at(administrator).get(ADDRESS).status_code == 403
    other = cases.receive(**LETTER, actor=dpo.as_actor, now=NOW)
    assert at(team_manager).get(f"/verzoeken/{other.reference}/vordering/").status_code == 404
    with pytest.raises(Refused, match="Dit hoort alleen bij een vordering"):
        actions.save_demand(other, {}, known=0, shown=(), person=team_manager, now=NOW)
    with pytest.raises(Refused):
        actions.save_demand(case, {}, known=0, shown=(), person=administrator, now=NOW)


def test_a_demand_about_the_team_manager_is_not_the_team_managers(
    case: Case,
    team_manager: Person,
    dpo: Person,
) -> None:
    at(dpo).post(ADDRESS, typed(form="oral"))
    Case.objects.update(about_team_manager=True)
    assert at(team_manager).get(ADDRESS).status_code == 403
    assert ADDRESS not in at(team_manager).get("/verzoeken/2026-0001/").content.decode()
    assert ADDRESS not in at(team_manager).get("/").content.decode()
    assert ADDRESS in at(dpo).get("/").content.decode(), "there it can be followed"
    with pytest.raises(Refused, match="plaatsvervanger"):
        actions.save_demand(case, {}, known=0, shown=(), person=team_manager, now=NOW)


def test_a_spoken_demand_is_due_until_it_came_in_writing(
    case: Case,
    team_manager: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = at(team_manager)
    desk.post(ADDRESS, typed(form="oral"))
    assert "Uiterlijk 06-11-2026 10:00." in desk.get(ADDRESS).content.decode()
    start = desk.get("/").content.decode()
    assert "Vraag de vordering op schrift bij 2026-0001" in start
    assert "Moet er zijn voor 06-11-2026 10:00." in start
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=4))
    assert "Verstrek niets meer" in desk.get("/").content.decode()
    assert "De bevestiging op schrift is niet op tijd gekomen." in desk.get(ADDRESS).content.decode()
    desk.post(ADDRESS, typed(1, form="oral", confirmed_at=local(NOW + timedelta(days=3))))
    assert "Vraag de vordering op schrift" not in desk.get("/").content.decode()


def test_of_a_withdrawn_demand_nothing_is_due_and_nothing_changes(
    case: Case,
    team_manager: Person,
    dpo: Person,
) -> None:
    at(team_manager).post(ADDRESS, typed(form="oral"))
    letting_go.withdraw(case, because="De politie heeft de beelden niet meer nodig.", actor=dpo.as_actor, now=NOW)
    page = at(team_manager).get(ADDRESS).content.decode()
    assert "De zaak is ingetrokken." in page
    assert "Opslaan" not in page
    assert "Vraag de vordering op schrift" not in at(team_manager).get("/").content.decode()
    assert "De zaak is ingetrokken." in at(team_manager).post(ADDRESS, typed(1, rank="inspecteur")).content.decode()
    assert Demand.objects.get().rank == "brigadier"


@pytest.mark.parametrize("secret", ["yes", "", "no"])
def test_lines_of_a_secret_demand_are_read_by_the_data_protection_officer_alone(
    case: Case,
    team_manager: Person,
    dpo: Person,
    administrator: Person,
    secret: str,
) -> None:
    at(team_manager).post(ADDRESS, typed(secret=secret))
    mine = [one.number for one in _lines() if one.case == case.reference]
    assert mine
    for person in (team_manager, administrator):
        whole = at(person).get("/logboek/").content.decode()
        found = at(person).get("/logboek/?zaak=2026-0001").content.decode()
        entry = at(person).get(f"/logboek/{mine[0]}/").content.decode()
        shown = secret == "no"
        assert ("2026-0001" in entry) is shown
        assert (WORDS in whole) is not shown
        assert ("Er zijn geen regels die hieraan voldoen." in found) is not shown
        assert "Hash van deze regel" in entry, "its place and proof stay"
    assert "2026-0001" in at(dpo).get(f"/logboek/{mine[0]}/").content.decode()
    assert WORDS not in at(dpo).get("/logboek/").content.decode()
    recording = Recording.objects.get()
    story = at(team_manager).get(f"/opnames/{recording.pk}/").content.decode()
    assert (WORDS in story) is (secret != "no")
    listed = at(administrator).get(f"/logboek/?opname={recording.pk}").content.decode()
    assert WORDS not in listed


def test_a_line_that_cannot_be_read_may_be_of_a_secret_demand(
    case: Case,
    dpo: Person,
    administrator: Person,
) -> None:
    number = next(one.number for one in _lines() if one.case == case.reference)
    with without_triggers():
        Entry.objects.filter(pk=number).update(data=b"{" + bytes(Entry.objects.get(pk=number).data))
    address = f"/logboek/{number}/"
    page = at(administrator).get(address).content.decode()
    assert WORDS in page
    assert "2026-0001" not in page
    assert f"Regel {number}: de tekst is veranderd nadat hij is geschreven." in page
    assert "2026-0001" in at(dpo).get(address).content.decode()


def _lines() -> list[journal.Line]:
    return [journal.line(number, details=True) for number in range(journal.size())]


def test_what_it_says_of_people_is_erased_with_its_case(case: Case, team_manager: Person) -> None:
    at(team_manager).post(ADDRESS, typed())
    with step("tests.erase", actor=Actor.system("tests"), about=about(case)) as record:
        erase_demand(case)
        record(DemandSaved(case=case.reference, version=2, blanks=0, secret="nee", checked="niets", unchecked="niets"))
    demand = Demand.objects.get()
    assert (demand.name, demand.number, demand.unit, demand.persons, demand.offence, demand.place) == ("",) * 6
    assert (demand.called_number, demand.authorised_by, demand.period_from) == ("", "", None)
    assert (demand.article, demand.authoriser, demand.secret, demand.scope_fits) == ("126nd", "prosecutor", False, True)


def test_a_name_that_no_rule_knows_is_a_fault_of_the_program(case: Case, team_manager: Person) -> None:
    with pytest.raises(KeyError):
        actions.save_demand(case, {"version": 9}, known=0, shown=(), person=team_manager, now=NOW)
    assert not Demand.objects.exists()
    assert queries.demand_of(case).reference == "PL0100-2026-1"
