"""The port to the enforcement system: what crosses, that it arrives once, and that nobody here waits for it."""

import hashlib
import hmac
import json
import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from beeldkluis.devices.models import IssuePeriod
from beeldkluis.footage.enforcement import line, webhook
from beeldkluis.footage.enforcement.port import Draft
from beeldkluis.footage.enforcement_actions import note_number, send_to_webhook, send_to_zgw
from beeldkluis.footage.models import Observation
from beeldkluis.footage.observation_actions import observe
from beeldkluis.outbox.models import Outgoing
from beeldkluis.outbox.tasks import send_due
from beeldkluis.people.models import Person
from beeldkluis.protocol.observation import ObservationFacts
from beeldkluis.sealed import jwt
from tests.conftest import SETUP
from tests.footage import zaken_api
from tests.footage.conftest import BEGIN, RECEIVED, Register
from tests.footage.zaken_api import Answering, Zaken

pytestmark = pytest.mark.slow

NOW = RECEIVED + timedelta(hours=1)
TOLD = ObservationFacts(
    kind="aggression", enforcement_number="", warning="not_possible", warning_because="Jan Geheim schreeuwde",
    one_to_one=True, place="other", place_because="bij Jan Geheim thuis", off_when_over=True, facts="Jan Geheim duwde.",
)  # fmt: skip
SENDERS = {"zgw": send_to_zgw, "webhook": send_to_webhook}


@pytest.fixture
def zaken(settings: Settings) -> Iterator[Zaken]:
    with zaken_api.serving(Zaken()) as state:
        settings.ENFORCEMENT = "zgw"
        settings.ZGW = {
            "base": state.base,
            "client_id": "beeldkluis",
            "secret": zaken_api.SECRET,
            "source_organisation": "002220647",
            "responsible_organisation": "002220647",
            "case_type": f"{state.base}/catalogi/zaaktypen/1",
            "property": f"{state.base}/catalogi/eigenschappen/1",
            "status_type": f"{state.base}/catalogi/statustypen/1",
        }
        yield state


@pytest.fixture
def told(team_manager: Person, issued: IssuePeriod, add: Register, zaken: Zaken) -> Observation:
    return observe(add(), TOLD, actor=team_manager.as_actor, now=NOW)


def test_the_token_is_the_one_of_the_specification() -> None:
    """RFC 7515, appendix A.1."""
    header = b'{"typ":"JWT",\r\n "alg":"HS256"}'
    payload = b'{"iss":"joe",\r\n "exp":1300819380,\r\n "http://example.com/is_root":true}'
    octets = [
        3, 35, 53, 75, 43, 15, 165, 188, 131, 126, 6, 101, 119, 123, 166, 143, 90, 179, 40, 230, 240, 84, 201, 40, 169, 15,
        132, 178, 210, 80, 46, 191, 211, 251, 90, 146, 210, 6, 71, 239, 150, 138, 180, 195, 119, 98, 61, 34, 61, 46, 33,
        114, 5, 46, 79, 8, 192, 205, 154, 245, 103, 208, 128, 163,
    ]  # fmt: skip
    made = jwt.signed_text(header, payload, bytes(octets))
    assert made.endswith(".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")


def test_an_observation_becomes_one_zaak_and_its_number_comes_back(told: Observation, zaken: Zaken) -> None:
    assert send_due(NOW, SENDERS) == []
    told.refresh_from_db()
    (zaak,) = zaken.zaken.values()
    assert told.enforcement_number == zaak["identificatie"] == f"R-000001-{str(told.pk)[:8]}"
    assert [one["waarde"] for one in zaken.properties] == ["R-000001"]
    assert len(zaken.statuses) == 1
    assert zaken.against == [], "nothing that the published description does not allow"
    assert Outgoing.objects.get().sent_at == NOW
    assert send_due(NOW + timedelta(days=1), SENDERS) == []
    assert len(zaken.zaken) == 1


@pytest.mark.parametrize("stops_at", range(6))
@pytest.mark.parametrize(
    "fault",
    [zaken_api.hang_up, zaken_api.refuse(500), zaken_api.refuse(401, "not_authenticated"), zaken_api.gibberish],
    ids=["hangs up", "500", "401", "gibberish"],
)
def test_stopped_anywhere_it_goes_on_and_makes_nothing_twice(
    told: Observation, zaken: Zaken, stops_at: int, fault: Any
) -> None:
    zaken.faults = [*([None] * stops_at), fault]
    send_due(NOW, SENDERS)
    later = NOW + timedelta(minutes=10)
    send_due(later, SENDERS)
    assert (len(zaken.zaken), len(zaken.properties), len(zaken.statuses)) == (1, 1, 1)
    told.refresh_from_db()
    assert told.enforcement_number
    assert zaken.against == []


def test_a_zaak_that_was_made_while_the_line_broke_is_found_again(told: Observation, zaken: Zaken) -> None:
    zaken.faults = [None, zaken_api.done_but_hang_up]
    send_due(NOW, SENDERS)
    send_due(NOW + timedelta(minutes=10), SENDERS)
    assert (len(zaken.zaken), len(zaken.properties), len(zaken.statuses)) == (1, 1, 1)


def test_a_number_that_is_not_unique_is_our_own(told: Observation, zaken: Zaken) -> None:
    zaken.faults = [None, lambda one: (done(one), zaken_api.refuse(400, "invalid")(one))[0]]
    send_due(NOW, SENDERS)
    assert len(zaken.zaken) == 1
    told.refresh_from_db()
    assert told.enforcement_number


def done(one: Answering) -> None:
    body = json.loads(one.state.asked[-1][2])
    one.state.zaken["x"] = body | {"uuid": "x", "url": f"{one.state.base}/zaken/x"}


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (zaken_api.refuse(403, "permission_denied"), "antwoord 403 (permission_denied)"),
        (zaken_api.refuse(404), "antwoord 404"),
        (zaken_api.endless, "te groot"),
        (zaken_api.elsewhere, "antwoord 302"),
        (zaken_api.hang_up, "geen verbinding"),
        (zaken_api.slow, "geen verbinding"),
        (lambda one: one.say(200, {"results": "x"}), "geen lijst"),
        (lambda one: one.say(200, {"results": [{"url": "https://elders.example/zaken/1"}]}), "geen zaak van dit adres"),
    ],
)
def test_what_goes_wrong_is_said_without_secrets_and_tried_later(
    told: Observation, zaken: Zaken, fault: Any, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "TIMEOUT", 0.3)
    zaken.faults = [fault]
    send_due(NOW, SENDERS)
    message = Outgoing.objects.get()
    assert said in message.last_error
    assert zaken_api.SECRET not in message.last_error
    assert message.next_try_at == NOW + timedelta(minutes=1)
    assert len(zaken.asked) == 1


def test_the_other_side_being_away_stops_no_step_here(
    team_manager: Person, issued: IssuePeriod, add: Register, settings: Settings, zaken: Zaken
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.ZGW = settings.ZGW | {"base": f"http://127.0.0.1:{probe.getsockname()[1]}"}
    made = observe(add(), TOLD, actor=team_manager.as_actor, now=NOW)
    moment = NOW
    for _ in range(5):
        problems = send_due(moment, SENDERS)
        moment = Outgoing.objects.get().next_try_at
    assert "komt niet weg" in problems[0]
    assert Observation.objects.get() == made


def test_a_setting_that_is_missing_is_named(told: Observation, zaken: Zaken, settings: Settings) -> None:
    settings.ZGW = settings.ZGW | {"secret": ""}
    send_due(NOW, SENDERS)
    assert "secret" in Outgoing.objects.get().last_error
    assert zaken.asked == []


def test_http_goes_nowhere_but_to_this_machine(told: Observation, settings: Settings) -> None:
    settings.ZGW = settings.ZGW | {"base": "http://zaken.example"}
    send_due(NOW, SENDERS)
    assert "https" in Outgoing.objects.get().last_error


def test_a_number_that_somebody_typed_stays(told: Observation, zaken: Zaken) -> None:
    Observation.objects.update(enforcement_number="W-1")
    send_due(NOW, SENDERS)
    assert zaken.asked == []
    note_number(told, "ander", actor=SETUP)
    told.refresh_from_db()
    assert told.enforcement_number == "W-1"


@pytest.mark.parametrize("driver", ["hand", "csv"])
def test_by_hand_nothing_is_queued(
    team_manager: Person, issued: IssuePeriod, add: Register, settings: Settings, driver: str
) -> None:
    settings.ENFORCEMENT = driver
    observe(add(), TOLD, actor=team_manager.as_actor, now=NOW)
    assert not Outgoing.objects.exists()


def test_nothing_that_was_told_and_nobody_crosses(
    told: Observation, zaken: Zaken, team_manager: Person, client: Client, settings: Settings
) -> None:
    officer = told.recording.officer
    assert officer is not None
    client.force_login(team_manager)
    assert "R-000001" in client.get("/waarnemingen/").content.decode()
    exported = client.get("/waarnemingen/export.csv").content
    assert exported.startswith(b"\xef\xbb\xbfkenmerk;begin;einde;soort")
    assert b"R-000001" in exported
    send_due(NOW, SENDERS)
    crossed = str(zaken.asked) + exported.decode() + json.dumps(Outgoing.objects.get().body)
    for secret in ("Geheim", "thuis", officer.name, officer.number, str(officer.pseudonym), str(told.recording_id)):
        assert secret not in crossed, secret


@given(
    reference=st.from_regex(r"R-[0-9]{6}", fullmatch=True), kind=st.sampled_from(["aggression", "unsafety", "other"]),
    number=st.uuids(),
)  # fmt: skip
def test_an_event_is_a_cloud_event_with_references_only(reference: str, kind: str, number: Any) -> None:
    draft = Draft(reference=reference, observation=str(number), started_at=BEGIN, ended_at=BEGIN, kind=kind)
    made = webhook.event(draft, source="https://beeld.example", now=NOW)
    assert set(made) == {"specversion", "id", "source", "type", "time", "subject", "datacontenttype", "data"}
    assert made["specversion"] == "1.0"
    assert str(made["type"]).startswith("nl.")
    assert str(made["time"]).endswith("Z")
    assert set(made["data"]) == {"reference", "startedAt", "endedAt", "kind"}  # type: ignore[call-overload] # an object
    assert len(draft.identification) <= 40


def test_a_webhook_gets_a_signed_event_and_bears_it_twice(
    team_manager: Person, issued: IssuePeriod, add: Register, zaken: Zaken, settings: Settings
) -> None:
    received: list[tuple[str, bytes]] = []

    def take(one: Answering) -> None:
        received.append((one.headers["X-Signature-SHA256"], one.state.asked[-1][2].encode()))
        one.say(204, b"")

    settings.ENFORCEMENT, settings.WEBHOOK_ADDRESS = "webhook", f"{zaken.base}/haak"
    settings.WEBHOOK_SECRET = zaken_api.SECRET
    zaken_api.Answering._may, before = lambda _one: True, zaken_api.Answering._may  # type: ignore[method-assign] # a webhook has no token
    try:
        zaken.faults = [zaken_api.refuse(503), take]
        observe(add(), TOLD, actor=team_manager.as_actor, now=NOW)
        send_due(NOW, SENDERS)
        send_due(NOW + timedelta(minutes=6), SENDERS)
    finally:
        zaken_api.Answering._may = before  # type: ignore[method-assign] # put back
    ((signed, body),) = received
    assert signed == hmac.new(zaken_api.SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert b"Geheim" not in body
    assert Outgoing.objects.get().sent_at is not None
