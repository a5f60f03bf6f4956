"""The pages around looking together: what must be done comes first, the real reason stands there once, nothing breaks them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings
from tests.viewing.conftest import CODE, NOW, Scene
from tests.viewing.test_ground import MINUTE, begin, deputise, opened

from beeldkluis.cases import apart_actions
from beeldkluis.cases.models import Case
from beeldkluis.footage.models import Recording
from beeldkluis.journal import clock
from beeldkluis.people.models import Person
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Refused
from beeldkluis.viewing import actions, presence_actions, presence_queries, queries, report_actions, reports
from beeldkluis.viewing.models import Opening, Viewing
from beeldkluis.web.due import for_person

STRANGE = ("\0", "Jan\0sen", "x" * 100_000, "\ud800", "１２３", "-1", "1e9", "<script>", "\u202e")


@pytest.fixture(autouse=True)
def at_now(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    cache.clear()  # the tries that are counted here are nobody else's
    yield
    cache.clear()


def page(client: Client, viewing: Viewing) -> str:
    return client.get(f"/inzien/{viewing.pk}/").content.decode()


def test_what_must_be_done_now_comes_first(client: Client, scene: Scene) -> None:
    scene.confirm()
    viewing = begin(scene)
    client.force_login(scene.manager)
    text = page(client, viewing)
    assert "Nog niet iedereen is er" in text
    assert text.index("De handhaver is er") < text.index("Opnames")
    presence_actions.confirm_officer(viewing, number="1207", code=CODE, now=NOW)
    text = page(client, viewing)
    assert "U kunt kijken" in text
    assert "De handhaver is er" not in text


@pytest.mark.rule("camera.blocked", "access.case-required")
def test_what_is_set_apart_opens_under_a_case_and_the_page_says_what_to_expect(client: Client, scene: Scene) -> None:
    scene.confirm()
    apart_actions.set_apart(scene.recording.pk, because="Het beeld staat stil.", person=scene.manager, now=NOW)
    viewing = begin(scene)
    client.force_login(scene.manager)
    assert "Apart gezet: misschien speelt zij niet af" in page(client, viewing)
    with pytest.raises(Refused):  # the same people must be there
        actions.open_recording(viewing, scene.recording.pk, person=scene.manager, now=NOW)
    presence_actions.confirm_officer(viewing, number="1207", code=CODE, now=NOW)
    assert "U kunt kijken" in page(client, viewing)
    watch = client.get(f"/inzien/{viewing.pk}/kijken/?opname={scene.recording.pk}").content.decode()
    for words in ("Het beeld staat stil. Het kan dat zij niet afspeelt.", "niet af. <a", "terugnemen of niet"):
        assert words in watch
    assert watch.count(f"/opnames/{scene.recording.pk}/apart/") == 2
    actions.open_recording(viewing, scene.recording.pk, person=scene.manager, now=NOW)
    assert Opening.objects.count() == 1


@pytest.mark.rule("access.blurred")
def test_a_purpose_for_which_nothing_opens_yet_says_so_and_does_not_say_that_one_can_look(
    client: Client, scene: Scene
) -> None:
    scene.confirm()
    Case.objects.update(state="granted")
    scene.case.refresh_from_db()
    viewing = begin(scene, purpose=Purpose.VIEW_WITH_DATA_SUBJECT)
    client.force_login(scene.manager)
    text = page(client, viewing)
    assert text.index("Voor dit doel gaat er nog niets open") < text.index("De verzoeker is er") < text.index("Opnames")
    presence_actions.confirm_officer(viewing, number="1207", code=CODE, now=NOW)
    presence_actions.note_requester(viewing, name="Proef", document="passport", actor=scene.manager.as_actor, now=NOW)
    text = page(client, viewing)
    assert "U kunt kijken" not in text
    assert "Naar de beelden" not in text
    assert text.count("waarin anderen onherkenbaar zijn") == 1


@pytest.mark.rule("access.case-required")
def test_a_case_that_moved_on_is_the_reason_on_the_page(client: Client, scene: Scene) -> None:
    opened(scene)
    viewing = Viewing.objects.get()
    client.force_login(scene.manager)
    assert "U kunt kijken" in page(client, viewing)
    before = client.get(f"/inzien/{viewing.pk}/stand/").json()["state"]
    Case.objects.update(state="refused")
    assert client.get(f"/inzien/{viewing.pk}/stand/").json()["state"] != before, "the page hears of it"
    text = page(client, viewing)
    assert "U kunt kijken" not in text
    assert "Er gaat nu niets open" in text
    assert text.count("niet in een stand waarin hiervoor gekeken mag worden") == 1
    assert "De handhaver is er" not in text


@pytest.mark.rule("access.confirmation")
def test_who_does_not_count_any_more_is_said_with_the_reason(
    client: Client, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.confirm()
    viewing = begin(scene)
    presence_actions.confirm_officer(viewing, number="1207", code=CODE, now=NOW)
    client.force_login(scene.manager)
    late = NOW + 31 * MINUTE
    monkeypatch.setattr(clock, "now", lambda: late)
    assert "telt niet mee: Er was langer dan 30 minuten niets open" in page(client, viewing)
    actions.close_expired(actor=scene.manager.as_actor, now=late)
    text = page(client, viewing)
    assert "telt niet meer mee vanaf" in text
    assert "De handhaver is er" in text


@pytest.mark.rule("access.presence")
def test_a_report_is_made_once(client: Client, scene: Scene) -> None:
    opened(scene)
    viewing = Viewing.objects.get()
    client.force_login(scene.manager)
    address = f"/inzien/{viewing.pk}/einde/"
    first, blank = {"remarks": "Rustig.", "copy_handed": "yes"}, {"remarks": "", "copy_handed": "no"}
    assert client.post(address, first).status_code == 302
    again = client.post(address, blank)
    assert again.status_code == 200
    assert "is al een verslag" in again.content.decode()
    assert f"/inzien/{viewing.pk}/verslag/" in client.get(address).content.decode()
    viewing.refresh_from_db()
    assert (viewing.remarks, viewing.copy_handed, viewing.reported_by) == ("Rustig.", True, scene.manager)
    told = presence_actions.Report(remarks="", copy_handed=False)
    with pytest.raises(Refused):
        presence_actions.report(viewing, told, person=scene.manager, now=NOW)


@pytest.mark.rule("access.presence")
def test_whoever_acts_as_team_manager_ends_and_reports_what_another_began(client: Client, scene: Scene) -> None:
    opened(scene)
    viewing = Viewing.objects.get()
    deputise(scene)
    deputy, manager = (Person.objects.get(role=role) for role in (Role.DEPUTY, Role.TEAM_MANAGER))
    client.force_login(manager)
    address = f"/inzien/{viewing.pk}/einde/"
    assert client.get(address).status_code == 403, "who rests reports nothing"
    client.force_login(deputy)
    assert client.get(f"/inzien/{viewing.pk}/")["Location"] == address
    assert manager.name in client.get(address).content.decode()
    presence_actions.end(viewing, actor=manager.as_actor, now=NOW)
    assert [one.address for one in for_person(deputy, NOW) if "verslag" in one.title] == [address]
    assert client.post(address, {"remarks": "", "copy_handed": "no"}).status_code == 302
    viewing.refresh_from_db()
    assert viewing.reported_by == deputy
    assert reports.report(viewing).reported.startswith(f"{deputy.name}, ")
    assert queries.unreported(deputy) == []


@pytest.mark.rule("request.team-manager-subject")
def test_the_team_manager_makes_no_report_in_the_own_case(client: Client, scene: Scene) -> None:
    opened(scene)
    viewing = Viewing.objects.get()
    presence_actions.end(viewing, actor=scene.manager.as_actor, now=NOW)
    Case.objects.update(about_team_manager=True)
    assert queries.unreported(scene.manager) == []
    client.force_login(scene.manager)
    answer = client.post(f"/inzien/{viewing.pk}/einde/", {"remarks": "", "copy_handed": "no"})
    assert "gaat over de teammanager zelf" in answer.content.decode()
    viewing.refresh_from_db()
    assert viewing.reported_at is None


@pytest.mark.rule("access.emergency", "access.who-looked")
def test_the_second_person_with_the_recovery_key_stands_in_the_report_and_with_who_looked(scene: Scene) -> None:
    scene.confirm()
    viewing = begin(scene)
    presence_actions.confirm_officer(viewing, number="1207", code=CODE, now=NOW)
    emergency = actions.Emergency(witness="J. de Boer", because="wachtzin kwijt")
    actions.open_recording(viewing, scene.recording.pk, person=scene.manager, emergency=emergency, now=NOW)
    (look,) = reports.who_looked(scene.case)
    assert look.roles == ("teammanager", "handhaver", "tweede persoon bij de herstelsleutel")
    assert "J. de Boer" not in reports.in_words(look)
    told = reports.report(viewing)
    assert [(one[0], one[1]) for one in told.people][-1] == ("J. de Boer", "tweede persoon bij de herstelsleutel")
    assert told.signers[-1] == "J. de Boer"


@pytest.mark.rule("access.who-looked")
def test_who_came_in_while_it_was_open_looked_as_well_and_who_left_before_did_not(scene: Scene) -> None:
    scene.confirm()
    viewing = scene.look(Purpose.ASSESS_REQUEST, "officer")
    companion = presence_actions.note_companion(viewing, name="Zus", actor=scene.manager.as_actor, now=NOW)
    presence_actions.leave(companion, actor=scene.manager.as_actor, now=NOW)
    opening = actions.open_recording(viewing, scene.recording.pk, person=scene.manager, now=NOW + MINUTE).opening
    presence_actions.note_requester(
        viewing, name="Proef", document="passport", actor=scene.manager.as_actor, now=NOW + 2 * MINUTE
    )
    actions.close(opening, actor=scene.manager.as_actor, now=NOW + 3 * MINUTE)
    presence_actions.note_companion(viewing, name="Broer", actor=scene.manager.as_actor, now=NOW + 4 * MINUTE)
    (look,) = reports.who_looked(scene.case)
    assert look.roles == ("teammanager", "handhaver", "verzoeker of vertegenwoordiger")
    Opening.objects.update(viewing=None)
    (look,) = reports.who_looked(scene.case)
    assert look.roles == ("teammanager", "handhaver"), "from before viewings: who was there when it opened"


def test_who_looked_asks_a_bounded_number_of_questions(scene: Scene, django_assert_max_num_queries: Any) -> None:
    scene.confirm()
    for minutes in range(12):
        opening = actions.open_recording(
            scene.look(Purpose.ASSESS_REQUEST, "officer"), scene.recording.pk, person=scene.manager, now=NOW
        ).opening
        clip = scene.recording.clips.get().object
        actions.report_played(opening, [(clip, 0, 1000 * minutes)], actor=scene.manager.as_actor, now=NOW)
    with django_assert_max_num_queries(6):
        looks = reports.who_looked(scene.case)
    assert [one.seconds for one in looks] == [queries.seconds_played(one.opening) for one in looks]
    assert sorted(one.seconds for one in looks) == list(range(12))


@pytest.mark.rule("access.who-looked")
def test_the_letter_about_who_looked_is_for_who_was_filmed_only(client: Client, scene: Scene) -> None:
    other = scene.ask(kind="interest")
    client.force_login(scene.manager)
    address = f"/verzoeken/{other.reference}/wie-keek/"
    text = client.get(address).content.decode()
    assert "Brief maken" not in text
    assert "Alleen wie zelf is gefilmd" in text
    assert client.post(address).status_code == 403
    with pytest.raises(Refused) as refusal:
        report_actions.tell_who_looked(other, actor=scene.manager.as_actor, now=NOW)
    assert refusal.value.verdict.rule == "access.who-looked"
    assert "Brief maken" in client.get(f"/verzoeken/{scene.case.reference}/wie-keek/").content.decode()


def test_too_many_tries_are_said_as_such_and_counted_for_each_sender(
    client: Client, scene: Scene, settings: Settings
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    scene.confirm()
    viewing = begin(scene)
    typed = {"viewing": viewing.number, "number": "1207", "code": "111111"}

    def send(sender: str, **changed: str) -> str:
        return client.post("/erbij/", typed | changed, headers={"X-Forwarded-For": sender}).content.decode()

    for _ in range(3):
        assert "horen niet bij elkaar" in send("192.0.2.1")
    assert "Wacht nog" in send("192.0.2.1")
    assert "U bent erbij" in send("192.0.2.2", code=CODE), "somebody elsewhere waits for nobody"
    for _ in range(30):
        text = send("192.0.2.3", viewing="999999")
    assert "te vaak geprobeerd" in text or "te vaak geprobeerd" in send("192.0.2.3", viewing="999999")
    assert "geen inzage met dit nummer" not in send("192.0.2.3")


@pytest.mark.parametrize("strange", STRANGE, ids=[ascii(one[:9]) for one in STRANGE])
def test_whatever_is_typed_is_answered(client: Client, scene: Scene, strange: str) -> None:
    scene.confirm()
    viewing = begin(scene)
    client.force_login(scene.manager)
    address = f"/inzien/{viewing.pk}"
    forms = {
        f"{address}/handhaver/": ("number", "code"),
        f"{address}/verzoeker/": ("name", "document"),
        f"{address}/meegekomen/": ("name",),
        f"{address}/einde/": ("remarks", "copy_handed"),
        f"/verzoeken/{scene.case.reference}/inzage/": ("purpose", "place"),
        "/erbij/": ("viewing", "number", "code"),
    }
    fine = {"document": "passport", "number": "1207", "code": CODE, "copy_handed": "x", "viewing": viewing.number}
    for place, fields in forms.items():
        for field in fields:
            typed = {name: fine.get(name, "Naam") for name in fields} | {field: strange}
            parts = [f'--x\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in typed.items()]
            body = ("".join(parts) + "--x--\r\n").encode("raw_unicode_escape")
            kind = "multipart/form-data; boundary=x; charset=raw_unicode_escape"  # the one way in for half a letter
            answer = client.post(place, body, content_type=kind)
            assert answer.status_code < 500, (place, field)
    client.force_login(scene.people[Role.DEPUTY])
    typed = {"officer": strange.replace("\ud800", ""), "ground": "refuses", "because": "x"}
    assert client.post(f"{address}/vervangen/", typed).status_code == 200


def test_strange_addresses_are_not_there(client: Client, scene: Scene) -> None:
    viewing = begin(scene)
    client.force_login(scene.manager)
    for strange in ("\0", "x" * 3000, "１"):
        for page_of in ("inzage", "wie-keek"):
            assert client.get(f"/verzoeken/{quote(strange)}/{page_of}/").status_code == 404
    for number in (0, 2**63, 10**40):
        assert client.post(f"/inzien/{viewing.pk}/vertrokken/{number}/").status_code == 404


@pytest.mark.rule("access.stand-in")
def test_a_stale_page_takes_nobodys_place(client: Client, scene: Scene) -> None:
    scene.confirm()
    Recording.objects.update(officer=None)
    viewing = begin(scene)
    client.force_login(scene.people[Role.DEPUTY])
    address = f"/inzien/{viewing.pk}/vervangen/"
    typed = {"officer": "", "ground": "unknown", "because": "Niemand weet het."}
    assert client.post(address, typed).status_code == 302
    assert client.post(address, typed).status_code == 200
    assert len(presence_queries.here_now(viewing, NOW + timedelta(seconds=1))) == 2
