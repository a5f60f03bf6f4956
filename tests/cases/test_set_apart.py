"""A recording that is set apart: held like any other, taken back by the team manager with a reason, and set apart again."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from beeldkluis.cases import apart_actions, queries
from beeldkluis.cases.matching_actions import match_open_cases
from beeldkluis.cases.models import Case
from beeldkluis.findings.models import Finding
from beeldkluis.footage.models import Recording, SetApart
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.models import Entry
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people.models import Notice, Person
from beeldkluis.protocol.intake import Ground
from beeldkluis.protocol.verdict import Refused
from tests.cases.conftest import NOW

pytestmark = pytest.mark.django_db
WHY = "Ik zag haar bij zaak 12: zij speelt gewoon af."


@pytest.fixture
def apart(add_recording: Callable[..., Recording]) -> Recording:
    """Of a camera that nobody entered in the register."""
    made = add_recording()
    assert made.state == Recording.State.QUARANTINED
    return made


def words(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"(<[^>]+>|\s)+", " ", answer.content.decode())


def acts() -> list[str]:
    return list(Entry.objects.order_by("number").values_list("act", flat=True))


@pytest.mark.rule("camera.blocked")
@pytest.mark.parametrize("first", ["recording", "request"])
def test_it_is_held_for_a_request_like_any_other(
    received: Callable[..., Case], add_recording: Callable[..., Recording], first: str
) -> None:
    if first == "recording":
        made, case = add_recording(), received()
    else:
        case, made = received(), add_recording(received=NOW + timedelta(hours=1))
        assert match_open_cases(actor=Actor.system("tests"), now=NOW + timedelta(hours=1)) == 1
    assert made.state == Recording.State.QUARANTINED
    assert made.is_held
    assert [one.recording for one in case.case_recordings.all()] == [made.pk]
    assert queries.unmatched(case) == []


@pytest.mark.rule("camera.blocked")
def test_the_team_manager_takes_it_back_and_sets_it_apart_again(
    client: Client, apart: Recording, team_manager: Person, dpo: Person
) -> None:
    client.force_login(team_manager)
    page = words(client, f"/opnames/{apart.pk}/")
    for part in ("De camera is niet bekend in het register. Sinds", "Onder een zaak kan de teammanager haar openen"):
        assert part in page
    listed = words(client, "/opnames/")
    assert "De camera is niet bekend in het register. Sinds" in listed
    assert "kan de teammanager haar terugnemen" in listed
    start = words(client, "/")
    assert f"Opname {apart} is apart gezet" in start
    assert "U kunt haar ook terugnemen." in start
    address = f"/opnames/{apart.pk}/apart/"
    assert "weer een gewone opname" in words(client, address)
    nothing = client.post(address, {"plays": "yes", "because": " "})
    assert nothing.status_code == 200
    assert client.post(address, {"plays": "yes", "because": WHY})["Location"] == f"/opnames/{apart.pk}/"
    apart.refresh_from_db()
    assert (apart.state, apart.quarantine_reason) == (Recording.State.KEPT, "")
    assert not Finding.objects.filter(recording=apart.pk, rule="camera.blocked", settled_at__isnull=True).exists()
    page = words(client, f"/opnames/{apart.pk}/")
    assert f"Niet langer apart gezet, door de teammanager: {WHY}" in page
    assert "Zet de opname apart" in page
    (notice,) = Notice.objects.filter(receiver=dpo)
    assert WHY in notice.text
    assert Outgoing.objects.filter(must_leave=True).count() == 1
    assert client.post(address, {"plays": "no", "because": "Toch niet: zij staat stil."}).status_code == 302
    apart.refresh_from_db()
    assert (apart.state, apart.quarantine_reason) == (Recording.State.QUARANTINED, "Toch niet: zij staat stil.")
    assert "Apart gezet door de teammanager: Toch niet: zij staat stil." in words(client, f"/opnames/{apart.pk}/")
    assert f"Opname {apart} is apart gezet" not in words(client, "/"), "it was looked at"
    assert Notice.objects.filter(receiver=dpo).count() == 2
    assert client.post(address, {"plays": "yes", "because": "Na een kijkkopie wel."}).status_code == 302
    apart.refresh_from_db()
    assert apart.state == Recording.State.KEPT
    assert [one for one in acts() if one in ("footage.taken_back", "footage.set_apart")] == [
        "footage.taken_back",
        "footage.set_apart",
        "footage.taken_back",
    ]


def test_its_term_is_the_same_whatever_is_said_of_it(apart: Recording, team_manager: Person) -> None:
    due = apart.due_at
    for do in (apart_actions.take_back, apart_actions.set_apart):
        assert do(apart.pk, because=WHY, person=team_manager, now=NOW).due_at == due


@pytest.mark.rule("request.team-manager-subject")
def test_not_by_a_team_manager_whom_a_case_about_it_is_about(
    client: Client, apart: Recording, team_manager: Person, received: Callable[..., Case]
) -> None:
    received(about_team_manager=True)
    for do in (apart_actions.take_back, apart_actions.set_apart):
        with pytest.raises(Refused, match="over de teammanager zelf"):
            do(apart.pk, because=WHY, person=team_manager, now=NOW)
    client.force_login(team_manager)
    page = words(client, f"/opnames/{apart.pk}/apart/")
    assert "De plaatsvervanger behandelt het." in page
    assert "Vastleggen" not in page
    apart.refresh_from_db()
    assert apart.state == Recording.State.QUARANTINED


@pytest.mark.parametrize("who", ["dpo", "administrator"])
def test_nobody_else_does(client: Client, request: pytest.FixtureRequest, apart: Recording, who: str) -> None:
    person = request.getfixturevalue(who)
    with pytest.raises(Refused):
        apart_actions.take_back(apart.pk, because=WHY, person=person, now=NOW)
    client.force_login(person)
    assert client.get(f"/opnames/{apart.pk}/apart/").status_code == 403


def test_what_is_not_apart_or_gone_is_not_taken_back(apart: Recording, team_manager: Person) -> None:
    apart_actions.take_back(apart.pk, because=WHY, person=team_manager, now=NOW)
    with pytest.raises(Refused, match="niet apart gezet"):
        apart_actions.take_back(apart.pk, because=WHY, person=team_manager, now=NOW)
    Recording.objects.filter(pk=apart.pk).update(state=Recording.State.DESTROYED)
    with pytest.raises(Refused, match="vernietigd"):
        apart_actions.set_apart(apart.pk, because=WHY, person=team_manager, now=NOW)


def test_a_reason_that_was_taken_back_does_not_come_back_by_itself(apart: Recording, team_manager: Person) -> None:
    apart_actions.take_back(apart.pk, because=WHY, person=team_manager, now=NOW)
    rows = SetApart.objects.filter(recording=apart)
    assert [(one.ground, one.taken_back) for one in rows] == [(Ground.UNKNOWN, True)]
