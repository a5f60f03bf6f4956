"""The one who opens, alone and meaning harm, through the ordinary pages: a code, an officer or an issue made for the occasion
opens nothing, and those in whose name it was done hear of it at once (issue: presence that the opener cannot make).
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.utils import timezone
from tests.viewing.conftest import CODE, NOW, Scene

from beeldkluis.devices.actions import enrol_dock, make_enrolment_code
from beeldkluis.devices.models import Bodycam, IssuePeriod
from beeldkluis.findings.models import Finding
from beeldkluis.footage.actions import NewRecording, extend
from beeldkluis.footage.models import Recording
from beeldkluis.journal import clock
from beeldkluis.journal.actor import Actor
from beeldkluis.kiosk.actions import make_screen
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people.actions import set_address
from beeldkluis.people.models import Officer
from beeldkluis.protocol.roles import Role
from beeldkluis.sealed.note import Signer
from beeldkluis.viewing.models import Opening, Viewing
from beeldkluis.web.due import for_person

SETUP = Actor.system("tests")
MINE = "274913"
DAY = timedelta(days=1)


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOW


@pytest.fixture(autouse=True)
def at(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    made = Clock()
    monkeypatch.setattr(clock, "now", lambda: made.now)
    cache.clear()
    yield made
    cache.clear()


def signed_in(scene: Scene, role: Role, now: Clock) -> Client:
    """A browser of somebody with this role, who showed the second factor just now."""
    browser = Client()
    browser.force_login(scene.people[role])
    request = RequestFactory().get("/")
    request.session = session = browser.session
    record_authentication(request, scene.people[role], "mfa", type="totp")
    session["account_authentication_methods"] = [{"method": "mfa", "at": now.now.timestamp()}]
    session.save()
    return browser


@pytest.fixture
def manager(scene: Scene, at: Clock) -> Client:
    return signed_in(scene, Role.TEAM_MANAGER, at)


@pytest.fixture
def administrator(scene: Scene, at: Clock) -> Client:
    return signed_in(scene, Role.ADMINISTRATOR, at)


@pytest.fixture
def kiosk(scene: Scene) -> Client:
    """The screen at the dock, in anybody's hands."""
    admin = scene.people[Role.ADMINISTRATOR].as_actor
    code = make_enrolment_code(name="Zuidhorn", actor=admin, now=NOW)
    dock, _token = enrol_dock(code=code, name="Zuidhorn", public_key=Signer.generate("dock.Z").vkey, now=NOW)
    browser = Client()
    assert browser.get(f"/kiosk/{make_screen(dock, actor=admin, now=NOW)}/").status_code == 302
    return browser


def given(browser: Client, number: str) -> str:
    """The administrator, in good faith, gives a code to the team manager who says to pass it on."""
    page = browser.post(f"/handhavers/{number}/code/").content.decode()
    return page.partition('<p class="secret">')[2][:6]


def change(kiosk: Client, number: str, old: str, new: str) -> None:
    assert kiosk.post("/kiosk/mijn/aanmelden/", {"number": number, "code": old})["Location"] == "/kiosk/mijn/"
    assert kiosk.post("/kiosk/mijn/code/", {"old": old, "new": new, "again": new})["Location"] == "/kiosk/mijn/"


def begin(browser: Client, scene: Scene) -> Viewing:
    typed = {"purpose": "assess_request", "place": "Thuis"}
    answer = browser.post(f"/verzoeken/{scene.case.reference}/inzage/", typed)
    assert answer["Location"].startswith("/inzien/"), answer["Location"]
    return Viewing.objects.filter(ended_at__isnull=True).order_by("-begun_at")[0]


def confirm(browser: Client, viewing: Viewing, number: str, code: str) -> str:
    """The team manager types "as the officer": what the page says to it; empty when it was taken."""
    answer = browser.post(f"/inzien/{viewing.pk}/handhaver/", {"number": number, "code": code})
    return "" if answer.status_code == 302 else answer.content.decode()


def opens(browser: Client, viewing: Viewing, recording: Recording) -> bool:
    answer = browser.post(f"/inzien/{viewing.pk}/opname/{recording.pk}/openen/", "{}", content_type="application/json")
    assert (answer.status_code == 200) == Opening.objects.filter(viewing=viewing, closed_at__isnull=True).exists()
    return answer.status_code == 200


def mails(subject: str) -> dict[str, str]:
    return {one.body["to"]: one.body["text"] for one in Outgoing.objects.filter(about=subject).order_by("pk")}


def test_the_team_manager_alone_gives_no_code_sets_no_address_and_says_nobody_is_right(
    scene: Scene, manager: Client, kiosk: Client
) -> None:
    assert manager.get("/uitgiften/").status_code == 403
    for address in ("/handhavers/1207/code/", "/handhavers/1207/adres/", "/uitgiften/1/nagevraagd/"):
        assert manager.get(address).status_code == 403
        assert manager.post(address, {"email": "tm@example.nl"}).status_code == 403
    assert "/handhavers/1207/code/" not in manager.get("/handhavers/").content.decode()
    added = {"number": "9999", "name": "N. Iemand", "employment": "hired", "since": "2026-10-01T08:00"}
    manager.post("/handhavers/nieuw/", added | {"email": "tm@example.nl"})
    made = Officer.objects.get(number="9999")
    assert (made.email, made.code_hash) == ("", "")
    assert Officer.objects.get(number="1207").email == "boa@example.nl"


@pytest.mark.rule("access.own-code")
def test_a_code_made_for_the_occasion_opens_nothing_and_everybody_hears(
    scene: Scene, manager: Client, administrator: Client, kiosk: Client, at: Clock
) -> None:
    scene.confirm()
    code = given(administrator, "1207")
    dpo, officer = scene.people[Role.DPO].email, "boa@example.nl"
    assert "kreeg een nieuwe code" in mails("Uw code bij het dockingstation")[officer]
    assert "kreeg een nieuwe code" in mails("Er is iets gedaan met de code van een handhaver")[dpo]
    viewing = begin(manager, scene)
    assert "Kies eerst bij het dockingstation" in confirm(manager, viewing, "1207", code)
    change(kiosk, "1207", code, MINE)
    assert "koos een eigen code" in mails("Uw code bij het dockingstation")[officer]
    assert "koos een eigen code" in mails("Er is iets gedaan met de code van een handhaver")[dpo]
    for _ in range(2):
        assert "nog geen 3 dagen oud" in confirm(manager, viewing, "1207", MINE)
    assert not opens(manager, viewing, scene.recording)
    assert Finding.objects.filter(rule="access.own-code").count() == 1
    told = mails("Een nieuwe code is getypt bij een inzage")
    assert (list(told), "Vraag de handhaver wie er typte" in told[dpo]) == ([dpo], True)
    assert "Die telde niet" in mails("Uw nieuwe code is getypt bij een inzage")[officer]
    phone = {"viewing": viewing.number, "number": "1207", "code": MINE}
    assert "nog geen 3 dagen oud" in Client().post("/erbij/", phone).content.decode()
    assert not opens(manager, viewing, scene.recording)
    assert not opens(manager, viewing, scene.recording)
    at.now = NOW + 3 * DAY - timedelta(seconds=1)
    assert "nog geen 3 dagen" in confirm(
        signed_in(scene, Role.TEAM_MANAGER, at), begin(signed_in(scene, Role.TEAM_MANAGER, at), scene), "1207", MINE
    )


@pytest.mark.rule("access.own-code")
def test_the_officers_own_new_code_counts_after_some_days_and_the_officer_hears_of_each_use(
    scene: Scene, administrator: Client, kiosk: Client, at: Clock
) -> None:
    scene.confirm()
    change(kiosk, "1207", given(administrator, "1207"), MINE)
    assert "telt nog niet bij een inzage" in kiosk.get("/kiosk/mijn/").content.decode()
    at.now = NOW + 3 * DAY
    room = signed_in(scene, Role.TEAM_MANAGER, at)
    viewing = begin(room, scene)
    assert confirm(room, viewing, "1207", MINE) == ""
    assert opens(room, viewing, scene.recording)
    assert scene.case.reference in mails("U bent genoteerd bij een inzage")["boa@example.nl"]
    kiosk.post("/kiosk/mijn/aanmelden/", {"number": "1207", "code": MINE})
    page = kiosk.get("/kiosk/mijn/").content.decode()
    for words in (
        "Berichten aan u",
        "kreeg een nieuwe code",
        "op het scherm van de teammanager",
        "zijn beelden bekeken",
    ):
        assert words in page
    assert "telt nog niet" not in page


@pytest.mark.rule("access.own-code", "access.known-address")
def test_the_link_in_the_mail_of_an_address_that_was_known_before_makes_a_code_count_at_once(
    scene: Scene, manager: Client, administrator: Client, kiosk: Client
) -> None:
    scene.confirm()
    change(kiosk, "1207", given(administrator, "1207"), MINE)
    link = mails("Bevestig uw nieuwe code")["boa@example.nl"]
    found = re.search(r"/code-bevestigen/\S+", link)
    assert found
    assert "Ja, dat was ik" in Client().get(found[0]).content.decode()
    viewing = begin(manager, scene)
    assert "nog geen 3 dagen" in confirm(manager, viewing, "1207", MINE), (
        "a link that is only looked at confirms nothing"
    )
    assert "Uw code is bevestigd" in Client().post(found[0]).content.decode()
    told = mails("Er is iets gedaan met de code van een handhaver")[scene.people[Role.DPO].email]
    assert "bevestigde de eigen code met de link" in told
    assert confirm(manager, viewing, "1207", MINE) == ""
    assert "werkt niet meer" in Client().post(found[0]).content.decode()
    assert Client().get("/code-bevestigen/onzin/").status_code == 404


@pytest.mark.rule("access.own-code", "access.known-address")
def test_an_address_made_for_the_occasion_confirms_nothing_and_the_old_one_hears_all(
    scene: Scene, manager: Client, administrator: Client, kiosk: Client, at: Clock
) -> None:
    assert administrator.post("/handhavers/1207/adres/", {"email": "x@example.nl"}).status_code == 302
    told = mails("Uw e-mailadres is gewijzigd")
    assert set(told) == {"x@example.nl", "boa@example.nl"}
    assert "is nu x@example.nl. Het was boa@example.nl." in told["boa@example.nl"]
    assert scene.people[Role.DPO].email in mails("Het e-mailadres van een handhaver is gewijzigd")
    administrator.post("/handhavers/1207/adres/", {"email": "y@example.nl"})
    change(kiosk, "1207", given(administrator, "1207"), MINE)
    assert not mails("Bevestig uw nieuwe code")
    assert set(mails("Uw code bij het dockingstation")) == {"boa@example.nl", "x@example.nl", "y@example.nl"}
    at.now = NOW + 28 * DAY
    set_address(Officer.objects.get(number="1207"), email="y@example.nl", actor=SETUP, now=at.now)
    Outgoing.objects.all().delete()
    kiosk.post("/kiosk/mijn/aanmelden/", {"number": "1207", "code": MINE})
    change(kiosk, "1207", MINE, "194772")
    assert set(mails("Uw code bij het dockingstation")) == {"y@example.nl"}
    assert set(mails("Bevestig uw nieuwe code")) == {"y@example.nl"}


@pytest.mark.rule("access.own-code")
def test_a_link_is_of_one_code_only(scene: Scene, administrator: Client, kiosk: Client, manager: Client) -> None:
    change(kiosk, "1207", given(administrator, "1207"), MINE)
    link = re.search(r"/code-bevestigen/\S+", mails("Bevestig uw nieuwe code")["boa@example.nl"])
    given(administrator, "1207")
    assert link
    assert "werkt niet meer" in Client().get(link[0]).content.decode()
    Client().post(link[0])
    assert Officer.objects.get(number="1207").code_confirmed_at is None


FILMED = NOW - timedelta(hours=6)


def typed_moment(moment: datetime) -> str:
    """As it is typed on a page."""
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"


def docked(scene: Scene) -> Recording:
    """The recording comes in, hours after it was filmed."""
    made = scene.world.receive(ended=FILMED + timedelta(minutes=3), received=NOW)
    Recording.objects.exclude(pk=made.pk).update(started_at=NOW - 20 * DAY, activated_at=NOW - 20 * DAY)
    return Recording.objects.get(pk=made.pk)


@pytest.fixture
def worn(scene: Scene) -> IssuePeriod:
    """Officer 1207 has the camera since days."""
    since = NOW - 5 * DAY
    Officer.objects.filter(number="1207").update(since=since)
    return IssuePeriod.objects.create(
        bodycam=Bodycam.objects.get(), officer=scene.officer, issued_at=since, entered_at=since
    )


def of_my_own(scene: Scene) -> None:
    """An officer whom the team manager made up long ago, with a code that counts: an administrator was deceived."""
    Officer.objects.create(
        number="9999", name="N. Iemand", employment="hired", since=NOW - 9 * DAY, code_hash=scene.officer.code_hash,
        code_is_first=False, code_set_at=NOW - 8 * DAY,
    )  # fmt: skip


def link(scene: Scene, recording: Recording) -> None:
    scene.recording = recording
    scene.confirm()


@pytest.mark.rule("recording.issued-before")
def test_an_officer_who_gets_the_camera_afterwards_does_not_let_the_team_manager_look(
    scene: Scene, manager: Client, worn: IssuePeriod
) -> None:
    of_my_own(scene)
    when = typed_moment(FILMED - timedelta(minutes=30))
    assert manager.post("/bodycams/BC-1/innemen/", {"at": when}).status_code == 302
    mine = {"officer": Officer.objects.get(number="9999").pk, "at": when, "because": "Vergeten in te voeren."}
    assert manager.post("/bodycams/BC-1/uitgeven/", mine).status_code == 302
    recording = docked(scene)
    assert recording.officer is not None
    assert recording.officer.number == "9999", "the register says what was entered"
    link(scene, recording)
    viewing = begin(manager, scene)
    assert confirm(manager, viewing, "9999", CODE) == ""
    assert not opens(manager, viewing, recording)
    assert "Het staat niet vast wie de camera droeg" in manager.get(f"/inzien/{viewing.pk}/").content.decode()
    dpo = scene.people[Role.DPO]
    told = mails("Achteraf ingevoerd wie een camera droeg")[dpo.email]
    assert "Toen stond er: handhaver 1207. Nu staat er: handhaver 9999." in told
    assert "dat die toen niet bij u was" in mails("De uitgifte van uw camera is gewijzigd")["boa@example.nl"]
    assert any("Vraag na wie bodycam BC-1 droeg" in one.title for one in for_person(dpo, NOW))
    period = IssuePeriod.objects.get(officer__number="9999")
    assert manager.post(f"/uitgiften/{period.pk}/nagevraagd/").status_code == 403
    assert not opens(manager, viewing, recording)
    desk = Client()
    desk.force_login(dpo)
    assert "N. Iemand" in desk.get("/uitgiften/").content.decode()
    assert "Vraag het de handhaver zelf" in desk.get(f"/uitgiften/{period.pk}/nagevraagd/").content.decode()
    assert desk.post(f"/uitgiften/{period.pk}/nagevraagd/").status_code == 302
    assert opens(manager, viewing, recording), "somebody else asked, and says that it is right"
    assert "niets om na te vragen" in desk.get("/uitgiften/").content.decode()
    assert desk.get("/uitgiften/999999/nagevraagd/").status_code == 404


@pytest.mark.rule("recording.issued-before")
def test_a_hand_in_that_is_entered_afterwards_frees_nobody_of_being_there(
    scene: Scene, manager: Client, worn: IssuePeriod
) -> None:
    when = typed_moment(FILMED - timedelta(minutes=30))
    assert manager.post("/bodycams/BC-1/innemen/", {"at": when}).status_code == 302
    recording = docked(scene)
    assert recording.officer is None
    told = mails("Achteraf ingevoerd wie een camera droeg")[scene.people[Role.DPO].email]
    assert "Toen stond er: handhaver 1207. Nu staat er: niet bekend." in told
    link(scene, recording)
    viewing = begin(manager, scene)
    assert confirm(manager, viewing, "1207", CODE) == ""
    assert not opens(manager, viewing, recording)


@pytest.mark.rule("recording.issued-before")
def test_what_was_issued_before_stands_whatever_is_entered_afterwards(
    scene: Scene, manager: Client, worn: IssuePeriod
) -> None:
    of_my_own(scene)
    recording = docked(scene)
    assert (recording.officer, recording.wearer_stands.allowed) == (scene.officer, True)
    assert not mails("Achteraf ingevoerd wie een camera droeg")
    when = typed_moment(FILMED - timedelta(minutes=30))
    manager.post("/bodycams/BC-1/innemen/", {"at": when})
    mine = {"officer": Officer.objects.get(number="9999").pk, "at": when, "because": "Vergeten."}
    manager.post("/bodycams/BC-1/uitgeven/", mine)
    new = NewRecording(
        id=uuid4(), source="dock", serial="SIM-1", started_at=recording.started_at, activated_at=recording.activated_at,
        ended_at=recording.ended_at, clock_offset_ms=0, has_sound=None, said_apart="", clips=(),
    )  # fmt: skip
    more = extend(recording, new, actor=SETUP, now=NOW)
    assert more.officer is None, "somebody else would have worn it: so nobody knows"
    link(scene, recording)
    viewing = begin(manager, scene)
    assert confirm(manager, viewing, "9999", CODE) == ""
    assert not opens(manager, viewing, recording)


def test_what_the_team_manager_notes_of_a_requester_reaches_the_requester_and_the_data_protection_officer(
    scene: Scene, manager: Client
) -> None:
    scene.confirm()
    type(scene.case).objects.update(requester_email="verzoeker@example.nl", email_agreed_at=NOW)
    viewing = begin(manager, scene)
    typed = {"name": "Proef", "document": "passport"}
    for _ in range(2):
        assert manager.post(f"/inzien/{viewing.pk}/verzoeker/", typed).status_code == 302
    told = mails("U bent genoteerd bij een inzage")["verzoeker@example.nl"]
    assert f"onder uw verzoek {scene.case.reference}" in told
    assert "paspoort, op naam van Proef" in told
    assert scene.people[Role.DPO].email in told
    desk = Outgoing.objects.filter(about="De identiteit van een verzoeker is vastgelegd")
    assert [one.body["to"] for one in desk] == [scene.people[Role.DPO].email]
    assert "De verzoeker kreeg hierover een mail" in desk.get().body["text"]


def test_of_a_requester_without_an_address_the_data_protection_officer_hears_that_nobody_told_him(
    scene: Scene, manager: Client
) -> None:
    scene.confirm()
    viewing = begin(manager, scene)
    manager.post(f"/inzien/{viewing.pk}/verzoeker/", {"name": "Proef", "document": "passport"})
    told = mails("De identiteit van een verzoeker is vastgelegd")[scene.people[Role.DPO].email]
    assert "Die hoort dit niet vanzelf" in told


def test_a_mail_that_somebody_withdraws_still_stands_at_the_dock(scene: Scene, manager: Client, kiosk: Client) -> None:
    scene.confirm()
    viewing = begin(manager, scene)
    confirm(manager, viewing, "1207", CODE)
    for one in Outgoing.objects.all():
        manager.post(f"/berichten/{one.pk}/intrekken/", {"because": "Weg ermee."})
    kiosk.post("/kiosk/mijn/aanmelden/", {"number": "1207", "code": CODE})
    assert "dat u bij een inzage bent" in kiosk.get("/kiosk/mijn/").content.decode()
