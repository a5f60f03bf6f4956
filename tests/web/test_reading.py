"""Whoever reads is written down: every answer with something in it, to whatever method, of whatever type (0084, 0120)."""

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve
from tests.web.conftest import PASSWORD
from tests.web.everything import (
    CALLERS,
    CODE,
    DOCK,
    HALF,
    OFFICER,
    SCREEN,
    STRANGER,
    SYSTEM,
    Address,
    World,
    addresses,
    everything,
    undone,
)

from beeldkluis.journal.models import Detail, Entry
from beeldkluis.protocol.roles import Role
from beeldkluis.viewing.models import Opening, Viewing
from beeldkluis.web.looked_at import COVERED
from beeldkluis.web.middleware import JournalMiddleware

pytestmark = pytest.mark.django_db
FIELD = re.compile(r'<(?:input|select|textarea)[^>]*\sname="([^"]+)"')
OF_THE_SCREEN = {
    "kiosk:tiles",
    "kiosk:standing",
    "kiosk:door",
    "kiosk:open",
    "kiosk:dock-slots",
}  # nobody said who stands there
WHO_READS = [one for one in CALLERS if one not in (STRANGER, SCREEN, DOCK, SYSTEM)]


@pytest.fixture
def world(tmp_path: Path, settings: Any) -> World:
    return everything(tmp_path, settings)


def pseudonym(world: World, caller: Role | str) -> str:
    if caller == OFFICER:
        return str(world.officer.pseudonym)
    return str(world.people[Role.DPO if caller == HALF else Role(caller)].pseudonym)


def size() -> int:
    return Entry.objects.count()


def written(since: int, who: str) -> list[dict[str, Any]]:
    leaves = [json.loads(bytes(one.data)) for one in Entry.objects.filter(number__gte=since).order_by("number")]
    return [one for one in leaves if one["actor"]["id"] == who]


def names_of_fields(page: str) -> list[str]:
    return [unescape(one) for one in FIELD.findall(page)]


def other_ways(browser: Client, path: str, page: HttpResponse) -> Iterator[tuple[str, HttpResponse]]:
    """An address in every other method, with nothing, with what fits nowhere, and with JSON. `page` is what GET gave."""
    if page.status_code == 200:
        yield "head", browser.head(path)
        yield "options", browser.options(path)
        if b"<form" in page.content:
            typed = dict.fromkeys(names_of_fields(page.content.decode()), "?")
            yield "post what fits nowhere", browser.post(path, typed)
    posted = browser.post(path)  # last, as it may end the session
    yield "post nothing", posted
    if posted.status_code in (200, 400, 405):
        yield "post json", browser.post(path, "{}", content_type="application/json")


def unwritten(world: World, caller: Role | str) -> Iterator[tuple[str, str]]:
    """What this caller was given without an entry that names it, or with two."""
    browser, who, asked = world.browser(caller), pseudonym(world, caller), set[str]()
    for address in addresses(world):
        if address.name in COVERED or not knows_who_reads(address, caller):
            continue
        with undone(browser):
            before = size()
            page = browser.get(address.path)
            yield from faults(address, "get", page, told=written(before, who))
            if address.name in asked and page.status_code != 200:
                continue
            asked.add(address.name)
            before = size()
            for way, answer in other_ways(browser, address.path, page):
                told, before = written(before, who), size()
                yield from faults(address, way, answer, told)


def faults(address: Address, way: str, answer: HttpResponse, told: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    pages = [one for one in told if one["act"] == "web.page_opened" and one["facts"]["page"] == address.name]
    acts = [one for one in told if one["act"] not in ("journal.step_refused", "web.page_opened")]
    if answer.status_code in (200, 206):
        if not pages and ("html" in answer.get("Content-Type", "") or not acts):
            yield address.path, way
        if len(pages) > 1:
            yield address.path, f"{way}: twice"
    elif pages or answer.status_code == 304:
        yield address.path, f"{way}: {answer.status_code} is an entry"
    if answer.status_code == 403 and len(told) > 1:
        yield address.path, f"{way}: a refusal is one entry"


def knows_who_reads(address: Address, caller: Role | str) -> bool:
    """Not on a page for everybody, to a password alone or to an officer without an account."""
    if caller == OFFICER:
        return address.name.startswith("kiosk:") and address.name not in OF_THE_SCREEN
    view = resolve(address.path.partition("?")[0])
    public = not getattr(view.func, "login_required", True) and not address.name.startswith(("account_", "mfa_"))
    return not (caller == HALF and public)


@pytest.mark.slow
@pytest.mark.parametrize("caller", WHO_READS)
def test_nobody_reads_anything_at_any_address_without_an_entry(world: World, caller: Role | str) -> None:
    """An insider in each role, with every object there is: whatever is given, the journal says to whom."""
    assert list(unwritten(world, caller)) == []


def test_an_officer_at_the_dock_is_written_down_at_each_own_page(world: World) -> None:
    """Also for whoever types somebody else's number and code: what was seen then stands under that officer."""
    browser, label = world.browser(OFFICER), world.named["label"][0]
    own = [
        f"/kiosk/mijn/{part}"
        for part in ("", "code/", "tekenen/", f"opname/{world.named['recording'][0]}/", f"camera/{label}/")
    ]
    before = size()
    assert [browser.get(one).status_code for one in own] == [200] * len(own)
    told = written(before, str(world.officer.pseudonym))
    names = ["kiosk:mine", "kiosk:code", "kiosk:sign", "kiosk:observe", "kiosk:report"]
    assert [one["facts"]["page"] for one in told] == names
    assert told[3]["recording"] == str(world.named["recording"][0])
    before = size()
    assert browser.post("/kiosk/mijn/code/", {"old": "1"}).status_code == 200, "the form comes back"
    assert len(written(before, str(world.officer.pseudonym))) == 1


def test_whoever_comes_by_a_personal_link_is_written_down_once_the_code_is_right(world: World) -> None:
    token, code = world.signing
    browser, before = Client(), size()
    assert browser.get(f"/tekenen/{token}/").status_code == 200
    assert browser.post(f"/tekenen/{token}/", {"code": "000000"}).status_code == 200
    who = str(world.officer.pseudonym)
    assert [one["act"] for one in written(before, who)] == ["people.signing_code_wrong"], (
        "a link alone shows nothing, and may lie in somebody else's mail"
    )
    assert "Lees eerst het protocol" in browser.post(f"/tekenen/{token}/", {"code": code}).content.decode()
    assert [one["facts"].get("page") for one in written(before, who)][1:] == ["people:sign-by-link"]


def test_an_officer_who_says_to_be_here_is_written_down_with_what_the_page_then_says(world: World) -> None:
    number = Viewing.objects.get(pk=world.named["viewing"][0]).number
    before, typed = size(), {"viewing": number, "number": world.officer.number, "code": CODE}
    assert Client().post("/erbij/", typed).status_code == 200
    assert written(before, str(world.officer.pseudonym))[-1]["facts"]["page"] == "viewing:here"


def test_a_form_that_comes_back_shows_the_whole_case_and_is_an_entry(world: World) -> None:
    """The team manager who reads cases by sending what is not valid."""
    browser, reference = world.browser(Role.TEAM_MANAGER), world.named["reference"][0]
    before = size()
    page = browser.post(f"/verzoeken/{reference}/besluit/", {})
    assert page.status_code == 200
    assert "J. de Vries" in page.content.decode()
    (told,) = written(before, pseudonym(world, Role.TEAM_MANAGER))
    assert (told["act"], told["case"], told["facts"]["page"]) == ("web.page_opened", reference, "cases:decide")


@pytest.mark.parametrize(
    ("role", "name"),
    [
        (Role.TEAM_MANAGER, "cases:letter-pdf"), (Role.DPO, "cases:document"), (Role.DPO, "people:scan"),
        (Role.TEAM_MANAGER, "viewing:report-pdf"), (Role.DPO, "web:log-list-pdf"), (Role.DPO, "web:incident-pdf"),
        (Role.TEAM_MANAGER, "footage:export"), (Role.DPO, "mfa_download_recovery_codes"), (Role.DPO, "journal:checkpoint"),
    ],
)  # fmt: skip
def test_a_file_is_read_too(world: World, role: Role, name: str) -> None:
    """Letters, papers, scans, reports, exports: what leaves as a file is an entry with its object in the erasable part."""
    browser, (address, *_rest) = world.browser(role), [one for one in addresses(world) if one.name == name]
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    before = size()
    answer = browser.get(address.path)
    assert answer.status_code == 200
    assert "html" not in answer["Content-Type"]
    (told,) = written(before, pseudonym(world, role))
    assert told["facts"] == {"page": name}
    if "cases" in name:
        assert json.loads(bytes(Detail.objects.get(entry=told["n"]).payload))["which"] == address.path.split("/")[4]


def test_what_is_covered_by_another_entry_is_given_only_after_that_entry(world: World) -> None:
    """A page that asks every few seconds writes nothing then; without the act before it, it is given nothing."""
    opened, manager = world.opened, world.browser(Role.TEAM_MANAGER)
    assert opened is not None
    (clip,) = opened.headers
    asked = [f"/inzien/verzegeld/{opened.opening.pk}/{clip}", f"/inzien/{opened.opening.pk}/kijkkopie/{clip}/",
             f"/inzien/{world.named['viewing'][0]}/stand/"]  # fmt: skip
    before = size()
    answers = [manager.get(one) for one in asked]
    played = manager.post(f"/inzien/{opened.opening.pk}/gespeeld/", "{}", content_type="application/json")
    assert [one.status_code for one in (*answers, played)] == [206, 200, 200, 200]
    assert size() == before
    acts = [json.loads(bytes(one.data)) for one in Entry.objects.filter(recording=opened.opening.recording)]
    assert any(
        one["act"] == "viewing.recording_opened" and str(opened.opening.pk) in json.dumps(one["facts"]) for one in acts
    )
    assert re.fullmatch(r"[0-9a-f]{64}", answers[2].json()["state"]), "it says that something changed, not what"
    assert set(played.json()) == {"open"}
    Opening.objects.update(person=world.people[Role.DPO])
    assert [manager.get(one).status_code for one in asked[:2]] == [404, 404], "under nobody else's opening"
    assert set(COVERED) == {
        "viewing:sealed",
        "viewing:played",
        "viewing:copy",
        "viewing:state",
        "viewing:service-worker",
        "web:health",
    }


@pytest.mark.parametrize("path", ["/verzoeken/", "/over-bodycams/protocol.pdf", "/waarnemingen/export.csv"])
def test_without_its_entry_nothing_is_given(world: World, path: str) -> None:
    """Somebody who made the journal refuse to grow, and then reads. The page says that something is wrong, and nothing else."""
    browser = world.browser(Role.TEAM_MANAGER)
    shown = browser.get(path)
    assert shown.status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("CREATE TRIGGER stuck BEFORE INSERT ON journal_entry BEGIN SELECT RAISE(ABORT, 'stuck'); END")
    answer = browser.get(path)
    assert answer.status_code == 503
    assert "Even niet bereikbaar" in answer.content.decode()
    assert "J. de Vries" not in answer.content.decode()


def test_an_answer_in_pieces_is_written_down_before_the_first_piece(world: World) -> None:
    """A file that leaves bit by bit leaves nothing before its entry stands, and is let go when that cannot be."""
    taken: list[str] = []

    def pieces() -> Iterator[bytes]:
        taken.append(str(size()))
        yield b"x"

    request = RequestFactory().get("/waarnemingen/export.csv")
    request.user, request.session = world.people[Role.TEAM_MANAGER], world.browser(Role.TEAM_MANAGER).session
    request.resolver_match = resolve(request.path)
    before, given = size(), StreamingHttpResponse(pieces())
    answer = JournalMiddleware(lambda _request: given)(request)
    assert (taken, size()) == ([], before + 1)
    assert b"".join(answer) == b"x"
    assert taken == [str(before + 1)]
