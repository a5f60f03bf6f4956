"""Every address of the program for every kind of caller, as `make attack` asks them of one that runs (attacks/kinds/walk.py)."""

from collections.abc import Iterator

import httpx
import pytest
from attacks.kinds.walk import Caller, fill, judge_answer
from attacks.rights import DOCK, FACTOR, NEEDS, SCREEN, addresses, allowed
from attacks.visitor import Visitor
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver
from tests.viewing.conftest import NOW, Scene, scene
from tests.web.conftest import PASSWORD, sign_in

from beeldkluis.devices.actions import enrol_dock, make_enrolment_code
from beeldkluis.kiosk.actions import make_screen
from beeldkluis.people.models import Person
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.roles import Role
from beeldkluis.sealed.note import Signer
from beeldkluis.viewing import actions as viewing

__all__ = ["scene"]
ALL = list(addresses(get_resolver().url_patterns))
NOBODYS = Visitor("http://testserver")
SLOW = {
    "web:public-protocol",
    "web:public-form",
    "web:protocol-pdf",
    "web:log-list-pdf",
}  # paper: asked for by rooms of their own


@pytest.fixture(autouse=True)
def _no_limits() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def test_the_table_of_rights_names_every_address_and_no_other() -> None:
    assert {name for name, _ in ALL} - NEEDS.keys() == set(), "say in attacks/rights.py what these ask of whoever comes"
    assert NEEDS.keys() - {name for name, _ in ALL} == set()


def test_the_table_of_rights_follows_the_protocol() -> None:
    for name, need in NEEDS.items():
        assert not allowed(name, role=None, ways=frozenset()) or need == "open", name
        if need is Act.OPEN_RECORDING:
            assert [role for role in Role if allowed(name, role=role, ways=frozenset())] == [Role.TEAM_MANAGER]


def test_an_address_that_gives_too_much_is_found() -> None:
    nobody, deputy = Caller("nobody", NOBODYS), Caller("a deputy", NOBODYS, Role.DEPUTY)
    for answer, wrong in (
        (httpx.Response(200, content=b"x"), "200 with 1 bytes"),
        (httpx.Response(500), "500"),
        (httpx.Response(403, content=b"age-encryption.org/v1\n"), "a header"),
        (httpx.Response(404, content=b"0123SAMPLE"), "sealed film"),
        (httpx.Response(403), ""),
    ):
        assert wrong in judge_answer(nobody, "viewing:open", "GET", answer, b"SAMPLE")
        assert bool(wrong) is bool(judge_answer(nobody, "viewing:open", "GET", answer, b"SAMPLE"))
    moved = httpx.Response(302, headers={"Location": "/verzoeken/1/"})
    assert "led on" in judge_answer(deputy, "cases:close", "POST", moved, b"SAMPLE")
    assert not judge_answer(deputy, "web:public", "GET", httpx.Response(200, content=b"x"), b"SAMPLE")


def callers(scene: Scene) -> Iterator[tuple[Caller, Client]]:
    """Those who may little first: what the others do is done to the same database."""
    people = scene.people
    client = Client(raise_request_exception=False)
    yield Caller("nobody", NOBODYS), client
    password = Client(raise_request_exception=False)
    password.force_login(people[Role.DPO])
    yield Caller("a password alone", NOBODYS, ways=frozenset({FACTOR})), password
    closed = sign_in(Client(raise_request_exception=False), people[Role.ADMINISTRATOR])
    Person.objects.filter(role=Role.ADMINISTRATOR).update(is_active=False)
    yield Caller("a closed account", NOBODYS), closed
    Person.objects.filter(role=Role.ADMINISTRATOR).update(is_active=True)
    administrator = people[Role.ADMINISTRATOR].as_actor
    code = make_enrolment_code(name="Zuidhorn", actor=administrator, now=NOW)
    dock, token = enrol_dock(code=code, name="Zuidhorn", public_key=Signer.generate("dock.Zuidhorn").vkey, now=NOW)
    bearer = Client(raise_request_exception=False, headers={"authorization": f"Bearer {token}"})
    yield Caller("a dock", NOBODYS, ways=frozenset({DOCK})), bearer
    screen = Client(raise_request_exception=False)
    screen.get(f"/kiosk/{make_screen(dock, actor=administrator, now=NOW)}/")
    yield Caller("a screen", NOBODYS, ways=frozenset({SCREEN})), screen
    for role in (Role.DEPUTY, Role.DPO, Role.ADMINISTRATOR, Role.TEAM_MANAGER):
        yield Caller(role.value, NOBODYS, role), sign_in(Client(raise_request_exception=False), people[role])


@pytest.mark.slow
def test_no_caller_gets_more_anywhere_than_the_table_of_rights_gives(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("beeldkluis.journal.clock.now", lambda: NOW)
    for one in scene.people.values():
        one.set_password(PASSWORD)
        one.save()
    scene.confirm()
    opened = viewing.open_recording(
        scene.look(Purpose.ASSESS_REQUEST, "officer"), scene.recording.pk, person=scene.manager, now=NOW
    )
    clip = next(iter(opened.headers))
    known = {
        "reference": scene.case.reference, "recording": str(scene.recording.pk), "viewing": str(opened.opening.viewing_id),
        "opening": str(opened.opening.pk), "clip": str(clip), "dock": str(clip), "screen": str(clip), "upload_id": str(clip),
        "pk": "1", "person": "1", "item": "1", "label": "BC-1", "finding": "1", "brake": "1", "signature": "1", "remedy": "1",
        "marker": "1", "slug": "besluit", "name": "System", "account": "x", "token": "x" * 43,
    }  # fmt: skip
    wrong, asked = [], 0
    for caller, client in callers(scene):
        for name, route in (one for one in ALL if one[0] != "account_logout" and one[0] not in SLOW):
            for method in ("GET", "POST") if caller.role else ("GET", "POST", "PUT", "DELETE"):
                path = fill(route, known)
                answer = client.generic(method, path, headers={"X-Opening-Token": opened.token})
                whole = httpx.Response(answer.status_code, headers=dict(answer.headers), content=answer.getvalue())
                asked += 1
                if said := judge_answer(caller, name, method, whole, b"no sample of film"):
                    wrong.append(f"{caller.name}: {method} {path} gave {said}")
    assert wrong == []
    assert asked > 4000
