"""What the pages of a copy say, who gets them, and how the review screen saves."""

import base64
import json
from dataclasses import replace
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from tests.redaction import programs
from tests.redaction.conftest import FREED, Copying, fails
from tests.viewing.conftest import show_second_factor

from beeldkluis.cases.models import Case, CaseRecording
from beeldkluis.footage.models import Recording
from beeldkluis.jobs import actions as jobs
from beeldkluis.jobs.models import Job
from beeldkluis.masking.boxes import Box
from beeldkluis.masking.codec import DRAFT_BYTES, draft_bytes
from beeldkluis.masking.draft import Change, Key, Mode
from beeldkluis.people.models import Person
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.redaction import RedactionState as S
from beeldkluis.protocol.roles import Role
from beeldkluis.redaction import actions, due, queries
from beeldkluis.redaction.models import Exemption, Rendering
from beeldkluis.redaction.reasons import NO_PART
from beeldkluis.vault.queries import payload_size
from beeldkluis.viewing import actions as viewing
from beeldkluis.viewing.models import FetchedRange


@pytest.fixture
def browser(client: Client, copying: Copying) -> Client:
    client.force_login(copying.manager)
    show_second_factor(client, copying.manager)
    return client


def read(browser: Client, address: str, status: int = 200) -> str:
    answer = browser.get(address)
    assert answer.status_code == status, answer.content[:300]
    return " ".join(unescape(answer.content.decode()).split())


def home(copying: Copying) -> str:
    return f"/verzoeken/{copying.case.reference}/onherkenbaar/{copying.clip}/"


def drafts(copying: Copying) -> str:
    return f"/verzoeken/{copying.case.reference}/onherkenbaar/{copying.clip}/ontwerp/"


def exceptions(copying: Copying) -> str:
    return f"/verzoeken/{copying.case.reference}/onherkenbaar/{copying.clip}/uitzonderingen/"


def test_the_case_leads_to_its_copies_and_says_how_long_it_takes(browser: Client, copying: Copying) -> None:
    case = copying.case.reference
    assert f"/verzoeken/{case}/onherkenbaar/" in read(browser, f"/verzoeken/{case}/")
    page = read(browser, f"/verzoeken/{case}/onherkenbaar/")
    for words in (
        "Nog niet begonnen",
        "Eerst is iedereen bedekt. U geeft daarna de verzoeker vrij.",
        "Ongeveer 10 minuten voor de server en 8 minuten voor u.",
        home(copying),
    ):
        assert words in page
    type(copying.case).objects.update(state="forwarded")
    assert f"/verzoeken/{case}/onherkenbaar/" not in read(browser, f"/verzoeken/{case}/")
    read(browser, f"/verzoeken/{case}/onherkenbaar/", 403)


def test_without_the_extra_the_page_says_what_is_missing(browser: Client, copying: Copying, settings: Any) -> None:
    settings.MASKING_PROGRAMS = {"analyse": "beeldkluis.nowhere.analyse"}
    assert NO_PART in read(browser, home(copying))


def test_a_part_that_is_not_installed_is_named(
    browser: Client, copying: Copying, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("beeldkluis.masking.weights.PARTS", (("nowhere_to_be_found", "OpenVINO"),))
    words = "Het onderdeel OpenVINO is niet geïnstalleerd. Het komt met ‘make install’."
    assert words in read(browser, home(copying))
    monkeypatch.undo()
    assert "make install" not in read(browser, home(copying))


def test_the_page_of_a_copy_says_what_is_missing_and_takes_its_steps(browser: Client, copying: Copying) -> None:
    copying.rendered()
    page = read(browser, home(copying))
    assert "De kopie is klaar om te controleren" in page
    assert "Speel nog 4 seconden van de kopie af die u nog niet zag." in page
    refused = browser.post(home(copying), {"step": "check"}).content.decode()
    assert "Dit kan nog niet" in refused
    copying.play()
    assert browser.post(home(copying), {"step": "check"}).status_code == 302
    page = read(browser, home(copying))
    assert "De controle is vastgelegd." in page
    assert copying.manager.name in page
    browser.post(home(copying), {"step": "approve"})
    page = read(browser, home(copying))
    assert "De verzoeker kan de kopie zien, in de kamer" in page
    assert "Goedgekeurd" in page
    browser.post(home(copying), {"step": "withdraw"})
    assert "Ingetrokken" in read(browser, home(copying))
    assert browser.post(home(copying), {"step": "else"}).status_code == 400


def test_for_what_the_copy_is_stands_on_its_page(browser: Client, copying: Copying) -> None:
    copying.rendered()
    assert "De kopie blijft in de kamer." in read(browser, home(copying))
    browser.post(home(copying), {"step": "leaves"})
    page = read(browser, home(copying))
    assert "De kopie gaat het huis uit. Een tweede mens kijkt haar ook helemaal na." in page
    assert "Meegeven zelf kan hier nog niet." in page, "it only says how many people look"
    browser.post(home(copying), {"step": "stays"})
    assert not copying.one.leaves
    browser.post(home(copying), {"step": "leaves"})
    copying.play()
    browser.post(home(copying), {"step": "check"})
    assert "Een ander dan wie controleerde, kijkt deze kopie ook helemaal na" in read(browser, home(copying))


def test_work_that_runs_is_told_and_can_be_stopped(browser: Client, copying: Copying) -> None:
    copying.ask()
    job = Job.objects.get()
    Job.objects.filter(pk=job.pk).update(state="running")
    jobs.beat(copying.worker, now=copying.now, job=job.pk, progress=0.25, left=90)
    assert "25 procent klaar, nog ongeveer 2 minuten" in read(browser, home(copying))
    browser.post(home(copying), {"step": "cancel"})
    page = read(browser, home(copying))
    assert "Het zoeken is gestopt." in page
    assert "Het werk is gestopt." in page
    assert "De laatste keer is het niet gelukt" in page
    assert copying.one.state == S.FAILED


def test_who_stops_too_late_is_not_told_that_it_stopped(browser: Client, copying: Copying) -> None:
    copying.analysed()
    browser.post(home(copying), {"step": "cancel"})
    page = read(browser, home(copying))
    assert "Het werk was al voorbij. Er is niets gestopt." in page
    assert "Het werk is gestopt." not in page
    assert copying.one.state == S.ANALYSED


@pytest.mark.parametrize("role", [Role.DPO, Role.ADMINISTRATOR, Role.DEPUTY])
def test_nobody_else_gets_the_pages_but_who_oversees_reads_the_log(
    client: Client, copying: Copying, role: Role
) -> None:
    copying.analysed()
    copying.save()
    client.force_login(copying.scene.people[role])
    show_second_factor(client, copying.scene.people[role])
    for address in (home(copying), drafts(copying), f"/verzoeken/{copying.case.reference}/onherkenbaar/"):
        read(client, address, 403)
    page = read(client, exceptions(copying), 200 if role is Role.DPO else 403)
    assert ("Vrijgegeven" in page) is (role is Role.DPO)


def test_the_log_says_what_was_changed_where_why_and_by_whom(browser: Client, copying: Copying) -> None:
    copying.analysed()
    copying.save()
    drawn = Change(track=1001, begin=25, end=50, keys=(Key(25, None),), reason="Kenteken.")
    copying.save(replace(FREED, changes=(*FREED.changes, drawn), audible=((1_000, 2_500),)))
    copying.save(replace(FREED, changes=(replace(FREED.changes[0], free=False),), mode=Mode.COVERED))
    page = read(browser, exceptions(copying))
    rows = [" ".join(row.split()) for row in page.split("<tr>")[2:]]
    told = [[cell.partition("</td>")[0] for cell in row.split("<td>")[2:]] for row in rows]
    who = copying.manager.name
    assert [line[:-1] for line in told] == [
        ["Geluid weer weg", "–", "van 0:01 tot 0:02", "–"],
        ["Wijziging teruggedraaid", "1001", "van 0:01 tot 0:02", "–"],
        ["Weer onherkenbaar", "1", "de hele film", "De verzoeker."],
        ["Manier van afdekken gekozen", "–", "de hele film", "wie gevonden is, is bedekt"],
        ["Geluid blijft", "–", "van 0:01 tot 0:02", "–"],
        ["Vak getekend", "1001", "van 0:01 tot 0:02", "Kenteken."],
        ["Vrijgegeven", "1", "de hele film", "De verzoeker."],
    ]
    assert {line[-1] for line in told} == {who}


def put(browser: Client, copying: Copying, body: object) -> tuple[int, dict[str, Any]]:
    answer = browser.put(drafts(copying), json.dumps(body), content_type="application/json")
    return answer.status_code, answer.json() if answer.headers["Content-Type"] == "application/json" else {}


@pytest.mark.rule("redaction.one-at-a-time")
def test_the_review_screen_saves_and_hears_when_another_did(browser: Client, copying: Copying) -> None:
    copying.analysed()
    told = browser.get(drafts(copying)).json()
    assert (told["version"], told["state"], told["changed_by"]) == (1, "analysed", "")
    mine = draft_bytes(FREED).decode()
    status, saved = put(browser, copying, {"draft": mine, "version": 1})
    assert (status, saved["version"], saved["state"], saved["draft"]) == (200, 2, "drafted", mine)
    late = draft_bytes(replace(FREED, mode=Mode.COVERED)).decode()
    status, now = put(browser, copying, {"draft": late, "version": 1})
    assert (status, now["version"], now["draft"], now["changed_by"]) == (409, 2, mine, copying.manager.name)
    assert now["said"].startswith("Iemand anders wijzigde dit intussen.")
    assert queries.draft_of(copying.one) == FREED


@pytest.mark.parametrize(
    "body", [[], {}, {"draft": 7, "version": 1}, {"draft": "{}", "version": 1}, {"draft": "x", "version": True}]
)
def test_what_is_no_draft_is_refused(browser: Client, copying: Copying, body: object) -> None:
    copying.analysed()
    assert put(browser, copying, body)[0] == 400
    assert copying.one.version == 1


@pytest.mark.slow
def test_a_draft_as_large_as_its_format_allows_is_saved(browser: Client, copying: Copying) -> None:
    copying.analysed()
    drawn = tuple(Change(1001 + at, keys=(Key(1, Box(0.25, 0.25, 0.5, 0.5)),), reason="k" * 280) for at in range(9_900))
    data = draft_bytes(replace(FREED, changes=(*FREED.changes, *drawn)))
    assert DRAFT_BYTES * 0.9 < len(data) <= DRAFT_BYTES
    assert put(browser, copying, {"draft": data.decode(), "version": 1})[0] == 200
    assert bytes(copying.one.draft) == data
    assert Exemption.objects.count() == 9_901
    assert put(browser, copying, {"draft": "x" * 2 * DRAFT_BYTES, "version": 2})[0] == 400


def test_a_reason_that_no_page_can_show_is_refused(browser: Client, copying: Copying) -> None:
    copying.analysed()
    odd = draft_bytes(replace(FREED, changes=(replace(FREED.changes[0], reason="a\x00b"),)))
    assert put(browser, copying, {"draft": odd.decode(), "version": 1})[0] == 400
    assert copying.one.version == 1


def lend(browser: Client, copying: Copying, opened: viewing.Opened, **more: object) -> Any:
    sealed = base64.b64encode(copying.lend()).decode()
    told = {"worker": str(copying.worker.recipient), "sealed": sealed} | more
    return browser.post(
        f"/inzien/{opened.opening.pk}/onherkenbaar/{copying.clip}/", json.dumps(told), content_type="application/json"
    )


def test_from_the_open_film_the_search_and_the_copy_are_asked(browser: Client, copying: Copying) -> None:
    opened = copying.opened()
    address = f"/inzien/{opened.opening.pk}/onherkenbaar/{copying.clip}/"
    told = browser.get(address).json()
    assert (told["state"], told["asks"]) == ("", "Zoek wie en wat onherkenbaar moet")
    assert told["worker"] == str(copying.worker.recipient)
    assert lend(browser, copying, opened).json()["said"].startswith("Dit is aan de beurt zodra")
    copying.work()
    told = browser.get(address).json()
    assert (told["state"], told["asks"], told["version"]) == ("analysed", "", None)
    nobody = "Er is nog niemand vrijgegeven. Dan is op de kopie niemand te zien."
    assert told["said"] == f"Klaar om na te kijken. {nobody}"
    refused = lend(browser, copying, opened, version=1)
    assert (refused.status_code, nobody in unescape(refused.content.decode())) == (403, True)
    assert told["analysis"]["object"] == str(copying.one.analysis)
    assert told["draft"] == drafts(copying)
    copying.save()
    told = browser.get(address).json()
    assert (told["asks"], told["version"], told["said"]) == ("Maak de kopie", 2, "Wordt nagekeken.")
    assert lend(browser, copying, opened, version=1).status_code == 403, "another saved since"
    assert lend(browser, copying, opened, version=2).json()["state"] == "rendering"
    copying.work()
    spans = [{"start_ms": 0, "end_ms": 3_000, "heard": True}]
    played = {"version": copying.one.changed_in, "spans": spans}
    answer = browser.post(f"{address}gespeeld/", json.dumps(played), content_type="application/json").json()
    assert answer == {"kept": True, "missing": ["Speel nog 1 seconde van de kopie af die u nog niet zag."]}
    stale = browser.post(f"{address}gespeeld/", json.dumps(played | {"version": 1}), content_type="application/json")
    assert stale.json()["kept"] is False


@pytest.mark.parametrize("body", [b"x", b"[]", b"{}", b'{"version": 1, "spans": [7]}', b'{"version": "1"}'])
def test_looks_that_say_nothing_are_refused(browser: Client, copying: Copying, body: bytes) -> None:
    copying.analysed()
    opened = copying.opened()
    address = f"/inzien/{opened.opening.pk}/onherkenbaar/{copying.clip}/gespeeld/"
    assert browser.post(address, body, content_type="application/json").status_code == 400


def test_nothing_is_asked_from_footage_that_is_open_for_something_else(browser: Client, copying: Copying) -> None:
    opened = copying.opened(Purpose.VIEW_WITH_OFFICER)
    assert lend(browser, copying, opened).status_code == 404
    own = copying.opened()
    viewing.close(own.opening, actor=copying.manager.as_actor, now=copying.now)
    assert lend(browser, copying, own).status_code == 404
    assert not Job.objects.exists()


def test_a_key_that_is_none_is_refused(browser: Client, copying: Copying) -> None:
    opened = copying.opened()
    for sealed in ("", "!", base64.b64encode(b"no age file").decode()):
        assert lend(browser, copying, opened, sealed=sealed).status_code == 400
    assert not Job.objects.exists()


def titles(person: Person, copying: Copying) -> list[tuple[str, str, str]]:
    return [(one.title, one.note, one.address) for one in due.copies(person, copying.now)]


def test_the_start_page_says_what_waits_for_a_person(copying: Copying) -> None:
    copying.ask()
    assert titles(copying.manager, copying) == []
    programs.goes_wrong.append(fails("Kapot."))
    copying.work()
    assert [note for _title, note, _address in titles(copying.manager, copying)] == [
        "Het zoeken is niet gelukt. Kijk waarom."
    ]
    copying.analysed()
    assert [note for _title, note, _address in titles(copying.manager, copying)] == [
        "Het zoeken is klaar. Geef de verzoeker vrij en kijk na of alle anderen bedekt zijn."
    ]
    copying.save()
    copying.ask_copy()
    copying.work()
    told = (f"Anderen onherkenbaar maken bij {copying.case.reference}", home(copying))
    assert [(title, address) for title, _note, address in titles(copying.manager, copying)] == [told]
    assert titles(copying.scene.people[Role.DPO], copying) == []
    copying.play()
    actions.check(copying.one, person=copying.manager, now=copying.now)
    assert "Keur haar goed" in titles(copying.manager, copying)[0][1]
    actions.approve(copying.one, person=copying.manager, now=copying.now)
    assert titles(copying.manager, copying) == []


def test_the_start_page_names_no_copy_whose_page_does_not_open(copying: Copying, browser: Client) -> None:
    copying.rendered()
    assert len(titles(copying.manager, copying)) == 1
    Case.objects.update(about_team_manager=True)
    assert titles(copying.manager, copying) == [], "a deputy judges"
    Case.objects.update(about_team_manager=False)
    links = CaseRecording.objects.filter(case=copying.case)
    links.update(rejected_at=copying.now)
    read(browser, home(copying), 404)
    assert titles(copying.manager, copying) == [], "it turned out to be of another case"
    links.update(rejected_at=None)
    assert len(titles(copying.manager, copying)) == 1
    copying.scene.world.destroy(copying.one.recording)
    Recording.objects.update(state=Recording.State.DESTROYED)
    read(browser, home(copying), 404)
    assert titles(copying.manager, copying) == [], "it is gone"


def watch(browser: Client, copying: Copying, purpose: Purpose, *present: str) -> str:
    look = copying.scene.look(purpose, *present)
    return read(browser, f"/inzien/{look.pk}/kijken/?opname={copying.scene.recording.pk}")


def test_the_screen_says_what_is_on_it(browser: Client, copying: Copying) -> None:
    copying.approved()
    shown = watch(browser, copying, Purpose.VIEW_WITH_DATA_SUBJECT, "officer", "requester")
    assert shown.count("U ziet de goedgekeurde kopie waarin anderen onherkenbaar zijn") == 2
    assert "U ziet het origineel" not in shown
    assert "redaction-films" not in shown
    redacting = watch(browser, copying, Purpose.REDACT, "officer")
    assert redacting.count("U ziet het origineel, zonder afdekking") == 2
    assert "Het programma herkent niemand." in redacting


@pytest.mark.rule("redaction.estimate")
def test_before_a_request_is_granted_its_page_says_what_that_asks(browser: Client, copying: Copying) -> None:
    told = "Dat kost ongeveer 10 minuten van de server en 8 minuten van u."
    address = f"/verzoeken/{copying.case.reference}/"
    assert told not in read(browser, address), "granted already"
    type(copying.case).objects.update(state="forwarded")
    assert told in read(browser, address)
    type(copying.case).objects.update(kind="demand")
    assert "van de server en" not in read(browser, address), "nobody looks under it"


@pytest.mark.rule("access.played")
def test_seconds_for_which_no_bytes_went_out_do_not_count_as_seen(browser: Client, copying: Copying) -> None:
    copying.rendered()
    long = 60_000  # milliseconds: more than a page may be ahead of what it fetched
    Rendering.objects.update(duration_ms=long)
    other = copying.opened(Purpose.VIEW_WITH_OFFICER)
    opened = copying.opened()
    address = f"/inzien/{opened.opening.pk}/onherkenbaar/{copying.clip}/gespeeld/"

    def tell(start: int, end: int) -> tuple[int, str]:
        spans = [{"start_ms": start, "end_ms": end, "heard": True}]
        body = json.dumps({"version": copying.one.changed_in, "spans": spans})
        answer = browser.post(address, body, content_type="application/json")
        return answer.status_code, unescape(answer.content.decode())

    def fetch(under: viewing.Opened, wanted: UUID) -> None:
        token = {"X-Opening-Token": under.token}
        assert b"".join(browser.get(f"/inzien/verzegeld/{under.opening.pk}/{wanted}", headers=token))  # type: ignore[call-overload]

    fetch(other, copying.clip)
    size = payload_size(Rendering.objects.get().object)
    FetchedRange.objects.create(opening=opened.opening, clip=copying.clip, first=0, last=size, at=copying.now)
    status, said = tell(0, long)
    assert status == 403, "what was fetched for something else is no review, nor is the film itself"
    assert "De pagina meldt meer seconden dan er beelden zijn uitgegeven." in said
    assert [tell(at, at + 6_000)[0] for at in (0, 6_000)] == [200, 403], "nor a few seconds at a time"
    fetch(opened, Rendering.objects.get().object)
    status, said = tell(6_000, long)
    assert (status, json.loads(said)) == (200, {"kept": True, "missing": []})
