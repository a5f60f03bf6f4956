"""The daily check, by somebody who acts as team manager and wants to collect file keys, or vouch for seals nobody tried."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.viewing.conftest import NOW, Scene, show_second_factor

from beeldkluis.findings.models import Finding
from beeldkluis.journal import clock
from beeldkluis.journal.models import Entry
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people.models import Person
from beeldkluis.protocol.access import may_give_again
from beeldkluis.protocol.roles import Role
from beeldkluis.viewing.check_actions import AT_ONCE
from beeldkluis.viewing.models import HeaderCheck


@pytest.fixture(autouse=True)
def at_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def post(client: Client, address: str, content: object) -> Any:
    return client.post(f"/inzien/controle/{address}/", json.dumps(content), content_type="application/json")


def given(client: Client) -> list[str]:
    return [one["id"] for one in post(client, "zegels", {}).json()["recordings"]]


def signed_in(client: Client, person: Person) -> Client:
    client.force_login(person)
    show_second_factor(client, person)
    return client


def told() -> list[str]:
    return list(Outgoing.objects.filter(body__to="dpo@example.nl").values_list("about", flat=True))


@pytest.mark.rule("access.check-once")
def test_a_header_goes_out_once_and_asking_again_is_told(client: Client, scene: Scene) -> None:
    signed_in(client, scene.manager)
    assert given(client) == [str(scene.recording.pk)]
    assert told() == []
    assert given(client) == [], "the same again gives nothing"
    assert given(client) == []
    finding = Finding.objects.get(rule="access.check-once")
    assert "er kwam geen uitkomst terug, terwijl er opnieuw om werd gevraagd" in finding.text
    assert told() == ["Zegels nog eens gevraagd voor de controle"], "once, however often"
    assert Entry.objects.filter(act="viewing.headers_given_for_check").count() == 1


@pytest.mark.rule("access.check-once")
def test_a_browser_that_stopped_half_way_makes_nothing_uncheckable(client: Client, scene: Scene) -> None:
    signed_in(client, scene.manager)
    given(client)
    page = client.get("/inzien/controle/").content.decode()
    assert "Van 1 opname is het zegel gegeven" in page
    assert "Alles is gecontroleerd" not in page
    page = client.post("/inzien/controle/", {"because": "  "}).content.decode()
    assert "Schrijf op waarom de zegels nog een keer nodig zijn." in page
    assert given(client) == []
    answer = client.post("/inzien/controle/", {"because": "De laptop viel uit."})
    assert (answer.status_code, answer["Location"]) == (302, "/inzien/controle/")
    assert "Zegels worden nog eens gegeven voor de controle" in told()
    mail = Outgoing.objects.get(about="Zegels worden nog eens gegeven voor de controle")
    assert "De laptop viel uit." in mail.body["text"]
    asked = Entry.objects.get(act="viewing.headers_asked_again")
    assert b"laptop" not in bytes(asked.data), "what somebody typed stands in erasable details"
    assert any("nog een keer voor de controle gegeven" in one.text for one in Finding.objects.all())
    assert given(client) == [str(scene.recording.pk)], "and then once more"
    assert given(client) == []
    assert HeaderCheck.objects.get().times == 2
    post(client, "uitkomst", {"outcome": {str(scene.recording.pk): True}})
    scene.recording.refresh_from_db()
    assert scene.recording.openable is True
    assert client.post("/inzien/controle/", {"because": "nog eens"}).status_code == 403, "nothing is missing any more"
    assert given(client) == []


@pytest.mark.rule("access.second-factor")
@pytest.mark.parametrize("shown", [None, NOW - timedelta(minutes=16), NOW + timedelta(days=1)])
def test_without_the_second_factor_shortly_before_no_header_goes_out(client: Client, scene: Scene, shown: Any) -> None:
    client.force_login(scene.manager)
    if shown is not None:
        show_second_factor(client, scene.manager, shown)
    assert post(client, "zegels", {}).status_code == 403
    answer = client.get("/inzien/controle/")
    assert (answer.status_code, answer["Location"]) == (
        302,
        "/accounts/2fa/reauthenticate/?next=%2Finzien%2Fcontrole%2F",
    )
    assert not HeaderCheck.objects.exists()


def test_a_deputy_who_acts_gets_only_what_is_new_and_vouches_for_nothing_else(client: Client, scene: Scene) -> None:
    deputy = scene.people[Role.DEPUTY]
    assert post(signed_in(client, deputy), "zegels", {}).status_code == 403, "a deputy who does not act gets nothing"
    signed_in(client, scene.manager)
    given(client)
    Person.objects.filter(pk=scene.manager.pk).update(acting="resting")
    Person.objects.filter(pk=deputy.pk).update(acting=Role.TEAM_MANAGER.value)
    acting = signed_in(Client(), Person.objects.get(pk=deputy.pk))
    new = scene.world.receive()
    assert given(acting) == [str(new.pk)], "not what the team manager has under way"
    post(acting, "uitkomst", {"outcome": {str(scene.recording.pk): True, str(new.pk): True}})
    scene.recording.refresh_from_db()
    new.refresh_from_db()
    assert (scene.recording.openable, new.openable) == (None, True), "only who got the seal says whether it opens"
    assert str(deputy.pseudonym) in [str(one.person) for one in HeaderCheck.objects.all()]


@pytest.mark.rule("access.check-once")
def test_only_with_a_reason() -> None:
    assert not may_give_again(" \n").allowed
    assert "waarom" in may_give_again("").reason
    assert may_give_again("De browser sloot.").allowed
    assert AT_ONCE == 200


def test_while_the_keys_are_away_it_says_so_never_that_a_recording_was_destroyed_and_goes_on_afterwards(
    client: Client, scene: Scene
) -> None:
    signed_in(client, scene.manager)
    keys = scene.world.folder / "keys"
    keys.rename(keys.with_name("unplugged"))
    keys.mkdir(mode=0o700)
    answer = post(client, "zegels", {})
    assert answer.status_code == 503
    assert "De sleutelmap is niet bereikbaar" in answer.json()["detail"]
    assert "Dat betekent niet dat zij is vernietigd" in answer.json()["detail"]
    keys.rmdir()
    keys.with_name("unplugged").rename(keys)
    assert given(client) == [str(scene.recording.pk)]
