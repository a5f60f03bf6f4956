"""No case, no picture: every way round, through the real steps and the real addresses."""

import base64
import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from pytest_django import Settings
from tests.products import each_value_of_each_answer
from tests.viewing.conftest import NOW, Scene, show_second_factor

from beeldkluis.cases import actions as cases
from beeldkluis.cases.models import Case
from beeldkluis.findings.models import Finding
from beeldkluis.footage.models import Recording
from beeldkluis.journal import clock
from beeldkluis.journal.models import Entry
from beeldkluis.outbox.models import Outgoing
from beeldkluis.protocol import access
from beeldkluis.protocol.cases import CaseState
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.presence import InTheRoom
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Refused, Verdict
from beeldkluis.sealed.age import PayloadReader, open_header
from beeldkluis.vault.errors import GoneError
from beeldkluis.viewing import actions, presence_queries
from beeldkluis.viewing.models import FetchedRange, Opening, PlayedSpan, Viewing

ASSESS = Purpose.ASSESS_REQUEST


def open_it(
    scene: Scene,
    *,
    role: Role = Role.TEAM_MANAGER,
    purpose: Purpose = ASSESS,
    present: Sequence[str] = ("officer",),
    viewing: Viewing | None = None,
) -> actions.Opened:
    looking = viewing or scene.look(purpose, *present, role=role)
    return actions.open_recording(looking, scene.recording.pk, person=scene.people[role], now=NOW)


@pytest.fixture
def at_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def sign_in(client: Client, scene: Scene, role: Role = Role.TEAM_MANAGER) -> Client:
    client.force_login(scene.people[role])
    return client


def post(client: Client, address: str, content: object) -> Any:
    return client.post(address, json.dumps(content), content_type="application/json")


def address_of(scene: Scene, viewing: Viewing) -> str:
    return f"/inzien/{viewing.pk}/opname/{scene.recording.pk}/openen/"


LINKS = ("matched", "confirmed", "rejected")
STATES = (CaseState.FORWARDED, CaseState.GRANTED, CaseState.REFUSED, CaseState.CLOSED, CaseState.RECEIVED)
RECORDINGS = (Recording.State.QUARANTINED, Recording.State.DESTROYED)  # kept opens in every other test
PRESENTS = ((), ("officer",), ("requester",), ("stand_in", "requester"))
Facts = tuple[CaseKind, str, CaseState, str, tuple[str, ...]]


@dataclass
class Rule:
    """The rule of the gate, with what these people in the room make of the other facts; and what was asked of it."""

    role: Role
    purpose: Purpose
    wearer: str
    reference: str
    rooms: Mapping[tuple[str, ...], InTheRoom]
    asked: list[dict[str, object]] = field(default_factory=list)

    def questions(self, facts: Facts) -> dict[str, Any]:
        kind, linked, state, kept, present = facts
        return {
            "role": self.role,
            "purpose": self.purpose,
            "case": access.CaseFacts(self.reference, kind, state),
            "linked": linked == "confirmed",
            "recording_state": kept,
            "wearer": self.wearer,
            "room": self.rooms[present],
        }

    def answer(self, facts: Facts) -> Verdict:
        return access.may_open(**self.questions(facts))

    def listen(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Keep what is asked of the rule from now on. It still answers."""
        rule = access.may_open

        def heard(**asked: Any) -> Verdict:
            self.asked.append(asked)
            return rule(**asked)

        monkeypatch.setattr(access, "may_open", heard)


@pytest.mark.slow
@pytest.mark.rule("access.case-required", "access.team-manager-only", "access.presence")
@pytest.mark.guarantee(1)
@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("role", [Role.TEAM_MANAGER, Role.DPO, Role.ADMINISTRATOR])
def test_the_step_opens_exactly_when_the_gate_says_yes(
    scene: Scene, role: Role, purpose: Purpose, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rule answers for every combination. Through the step go all that open, and for every other answer every value of
    every fact; each shows that the step asks the rule with the facts as they are and does what it answers.
    """
    scene.confirm()
    link = scene.case.case_recordings.get()
    rooms = {
        present: presence_queries.in_the_room(scene.look(purpose, *present, role=role), NOW) for present in PRESENTS
    }
    rule = Rule(role, purpose, str(scene.officer.pseudonym), scene.case.reference, rooms)
    every: dict[Facts, Verdict] = {
        facts: rule.answer(facts) for facts in itertools.product(CaseKind, LINKS, STATES, RECORDINGS, PRESENTS)
    }
    refused = [facts for facts, verdict in every.items() if not verdict.allowed]
    allowed = [facts for facts, verdict in every.items() if verdict.allowed]
    may_ever = role is Role.TEAM_MANAGER and purpose is not Purpose.VIEW_WITH_DATA_SUBJECT
    assert bool(allowed) is may_ever
    rule.listen(monkeypatch)
    for facts in (*allowed, *each_value_of_each_answer(refused, lambda one: every[one])):
        kind, linked, state, kept, present = facts
        link.confirmed_at = NOW if linked == "confirmed" else None
        link.rejected_at = NOW if linked == "rejected" else None
        link.save()
        Case.objects.filter(pk=scene.case.pk).update(kind=kind.value, state=state.value)
        Recording.objects.filter(pk=scene.recording.pk).update(state=kept)
        openings, before = Opening.objects.count(), Entry.objects.count()
        rule.asked.clear()
        if facts in allowed:
            open_it(scene, role=role, purpose=purpose, present=present)
            assert Opening.objects.count() == openings + 1
        else:
            with pytest.raises(Refused) as refusal:
                open_it(scene, role=role, purpose=purpose, present=present)
            assert refusal.value.verdict == every[facts]
            assert Opening.objects.count() == openings
            entry = Entry.objects.order_by("-number")[0]
            assert entry.act == "journal.step_refused"
            assert json.loads(bytes(entry.data))["facts"]["rule"] == every[facts].rule
            assert Entry.objects.count() == before + 1
        assert rule.questions(facts).items() <= rule.asked[0].items(), "the rule is asked, with the facts as they are"


def test_what_is_released_opens_this_recording_and_stands_in_the_journal(scene: Scene) -> None:
    scene.confirm()
    opened = open_it(scene)
    (object_id,) = opened.headers
    file_key = open_header(opened.headers[object_id], [scene.world.identity])
    assert len(file_key) == 16
    entry = Entry.objects.get(act="viewing.recording_opened")
    facts = json.loads(bytes(entry.data))
    assert facts["facts"]["opening"] == str(opened.opening.pk)
    assert facts["facts"]["clips"] == [str(object_id)]
    assert opened.token.encode() not in bytes(entry.data)
    assert opened.token != opened.opening.token_hash


def test_a_header_that_cannot_be_released_leaves_no_opening_and_no_entry(scene: Scene) -> None:
    scene.confirm()
    scene.world.destroy(scene.recording.pk)
    with pytest.raises(GoneError):
        open_it(scene)
    assert not Opening.objects.exists()
    assert not Entry.objects.filter(act="viewing.recording_opened").exists()


def opening_page(client: Client, scene: Scene) -> dict[str, Any]:
    answer = post(client, address_of(scene, scene.look(ASSESS, "officer")), {})
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


@pytest.mark.usefixtures("at_now")
class TestAddresses:
    def fetch(
        self, client: Client, told: dict[str, Any], *, token: str = "", span: str = "bytes=0-99", clip: str = ""
    ) -> Any:
        place = f"/inzien/verzegeld/{told['id']}/{clip or told['clips'][0]['object']}"
        return client.get(place, headers={"Range": span, "X-Opening-Token": token or told["token"]})

    def test_the_team_manager_gets_sealed_bytes_that_the_key_opens(self, client: Client, scene: Scene) -> None:
        scene.confirm()
        told = opening_page(sign_in(client, scene), scene)
        clip = told["clips"][0]
        whole = self.fetch(client, told, span="bytes=0-")
        sealed = b"".join(whole.streaming_content)
        assert whole.status_code == 206
        assert whole["Cache-Control"] == "no-store"
        assert len(sealed) == clip["sealed_size"]
        file_key = open_header(base64.b64decode(clip["header"]), [scene.world.identity])
        reader = PayloadReader(lambda at, length: sealed[at : at + length], len(sealed), file_key)
        assert b"".join(reader.read(0, reader.size)) == b"pictures"
        assert b"pictures" not in sealed
        assert FetchedRange.objects.get().last == len(sealed)

    @pytest.mark.parametrize("role", [Role.DPO, Role.ADMINISTRATOR])
    def test_nobody_else_gets_the_page_the_header_or_a_byte(self, client: Client, scene: Scene, role: Role) -> None:
        scene.confirm()
        told = opening_page(sign_in(client, scene), scene)
        other = sign_in(Client(), scene, role)
        looking = scene.look(ASSESS, "officer")
        assert other.get(f"/inzien/{looking.pk}/kijken/?opname={scene.recording.pk}").status_code == 403
        assert post(other, address_of(scene, looking), {}).status_code == 403
        assert self.fetch(other, told).status_code in (403, 404)
        assert other.get("/inzien/controle/").status_code == 403
        assert post(other, "/inzien/controle/zegels/", {}).status_code == 403
        assert (
            post(other, "/inzien/controle/uitkomst/", {"outcome": {str(scene.recording.pk): True}}).status_code == 403
        )
        assert post(other, told["played"], {"spans": []}).status_code == 404
        assert post(other, told["close"], {}).status_code == 404

    def test_a_stranger_is_sent_to_sign_in(self, client: Client, scene: Scene) -> None:
        looking = scene.look(ASSESS, "officer")
        for place in (f"/inzien/{looking.pk}/kijken/", f"/inzien/verzegeld/{uuid4()}/{uuid4()}"):
            assert client.get(place).status_code == 302
        assert post(client, address_of(scene, looking), {}).status_code == 302

    def test_a_wrong_token_another_clip_or_a_wrong_range_gives_nothing(self, client: Client, scene: Scene) -> None:
        scene.confirm()
        other = scene.world.receive()
        told = opening_page(sign_in(client, scene), scene)
        assert self.fetch(client, told, token="wrong").status_code == 404
        assert self.fetch(client, told, clip=str(other.clips.get().object)).status_code == 404
        assert self.fetch(client, told, span="bytes=999999-").status_code == 416
        assert not FetchedRange.objects.exists()

    def test_after_closing_or_its_time_nothing_is_given_out(
        self, client: Client, scene: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        scene.confirm()
        sign_in(client, scene)
        first, second = opening_page(client, scene), opening_page(client, scene)
        assert post(client, first["close"], {}).json()["next"].startswith("/inzien/")
        assert self.fetch(client, first).status_code == 404
        assert self.fetch(client, second).status_code == 206
        monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=121))
        assert self.fetch(client, second).status_code == 404

    def test_what_was_destroyed_meanwhile_is_not_given_out(self, client: Client, scene: Scene) -> None:
        scene.confirm()
        told = opening_page(sign_in(client, scene), scene)
        scene.world.destroy(scene.recording.pk)
        assert self.fetch(client, told).status_code in (404, 410)

    def test_played_parts_are_kept_and_nonsense_is_not(self, client: Client, scene: Scene) -> None:
        scene.confirm()
        told = opening_page(sign_in(client, scene), scene)
        clip = told["clips"][0]["object"]
        assert told["played"] == f"/inzien/{told['id']}/gespeeld/"
        spans = [
            {"clip": clip, "start_ms": 0, "end_ms": 2500},
            {"clip": str(uuid4()), "start_ms": 0, "end_ms": 1000},
            {"clip": clip, "start_ms": 9, "end_ms": 3},
        ]
        assert post(client, told["played"], {"spans": spans}).status_code == 200
        assert [(one.clip, one.start_ms, one.end_ms) for one in PlayedSpan.objects.all()] == [(UUID(clip), 0, 2500)]
        for wrong in ({"spans": [{"clip": "x"}]}, {"spans": 7}, "text"):
            assert post(client, told["played"], wrong).status_code == 400
        entry = json.loads(bytes(Entry.objects.get(act="viewing.seconds_played").data))
        assert (entry["facts"]["start_ms"], entry["facts"]["end_ms"]) == (0, 2500)

    def test_what_is_no_json_or_is_not_there_is_said(self, client: Client, scene: Scene) -> None:
        scene.confirm()
        looking = scene.look(ASSESS, "officer")
        sign_in(client, scene)
        assert post(client, address_of(scene, looking), [1]).status_code == 400
        assert post(client, f"/inzien/{looking.pk}/opname/{uuid4()}/openen/", {}).status_code == 404
        assert post(client, f"/inzien/{uuid4()}/opname/{scene.recording.pk}/openen/", {}).status_code == 404

    def test_the_screen_is_not_reached_before_everybody_is_there(self, client: Client, scene: Scene) -> None:
        sign_in(client, scene)
        wanted = f"kijken/?opname={scene.recording.pk}"
        for looking in (scene.look(ASSESS, "officer"), scene.look(ASSESS)):  # not linked yet; linked, without officer
            answer = client.get(f"/inzien/{looking.pk}/{wanted}")
            assert (answer.status_code, answer["Location"]) == (302, f"/inzien/{looking.pk}/")
            scene.confirm()
        looking = scene.look(ASSESS, "officer")
        page = client.get(f"/inzien/{looking.pk}/{wanted}").content.decode()
        assert "geen verzegelde teamsleutel" in page
        assert 'id="open"' in page
        assert client.get(f"/inzien/{looking.pk}/kijken/").status_code == 302

    def test_new_headers_are_given_for_trying_and_a_bad_one_becomes_a_finding(
        self, client: Client, scene: Scene
    ) -> None:
        sign_in(client, scene)
        show_second_factor(client, scene.manager)
        assert client.get("/inzien/controle/").status_code == 200
        given = post(client, "/inzien/controle/zegels/", {}).json()["recordings"]
        assert [one["id"] for one in given] == [str(scene.recording.pk)]
        open_header(base64.b64decode(given[0]["headers"][0]), [scene.world.identity])
        assert Entry.objects.filter(act="viewing.headers_given_for_check").count() == 1
        post(client, "/inzien/controle/uitkomst/", {"outcome": {str(scene.recording.pk): False}})
        scene.recording.refresh_from_db()
        assert scene.recording.openable is False
        assert Entry.objects.filter(act="devices.finding_raised", recording=scene.recording.pk).exists()
        assert post(client, "/inzien/controle/zegels/", {}).json()["recordings"] == []

    def test_the_service_worker_is_served_where_it_reaches_the_viewing_pages(
        self, client: Client, scene: Scene
    ) -> None:
        answer = sign_in(client, scene).get("/inzien/service-worker.js")
        assert answer.status_code in (200, 404)  # 404 only where the pages were not built yet
        if answer.status_code == 200:
            assert answer["Content-Type"].startswith("text/javascript")
            assert answer["Cache-Control"] == "no-cache"


def test_openings_that_nobody_closed_end_by_themselves(scene: Scene, settings: Settings) -> None:
    scene.confirm()
    opened = open_it(scene).opening
    later = opened.expires_at + timedelta(seconds=1)
    manager = scene.manager.as_actor
    assert actions.close_expired(actor=manager, now=later) == 1
    assert actions.close_expired(actor=manager, now=later) == 0
    actions.close(opened, actor=manager, now=later)
    opened.refresh_from_db()
    assert opened.closed_at == later


def test_a_rejected_match_is_not_opened_even_when_another_case_may(scene: Scene) -> None:
    other = scene.ask(kind="interest")
    cases.link_recording(other, scene.recording.pk, actor=scene.manager.as_actor, now=NOW)
    scene.reject()
    with pytest.raises(Refused):
        open_it(scene)
    scene.case = other
    assert open_it(scene).headers


@pytest.mark.rule("access.emergency")
def test_the_recovery_key_asks_the_same_gate_a_second_person_and_a_reason_and_tells_at_once(
    client: Client, scene: Scene, at_now: None
) -> None:
    scene.confirm()
    sign_in(client, scene)
    looking = scene.look(ASSESS, "officer")
    for wrong in ({"witness": "", "because": "kwijt"}, {"witness": "J. de Boer", "because": " "}):
        assert post(client, address_of(scene, looking), {"emergency": wrong}).status_code == 403
    assert not Opening.objects.exists()
    told = {"witness": "J. de Boer", "because": "wachtzin kwijt"}
    assert post(client, address_of(scene, scene.look(ASSESS)), {"emergency": told}).status_code == 403
    assert post(client, address_of(scene, looking), {"emergency": "ja"}).status_code == 400
    assert post(client, address_of(scene, looking), {"emergency": told}).status_code == 200
    assert Opening.objects.get().emergency_witness == "J. de Boer"
    assert Finding.objects.filter(rule="access.emergency").count() == 1
    mail = Outgoing.objects.get(about="Een opname is met de herstelsleutel geopend")
    assert "J. de Boer" in mail.body["text"]
    assert mail.body["to"] == scene.people[Role.DPO].email
