"""Looking together: who must come, how they show it, who leaves, who stands in, and that nothing opens without."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.viewing.conftest import CODE, NOW, Scene

from beeldkluis.cases.models import Case, Letter
from beeldkluis.findings.models import Finding
from beeldkluis.journal import clock
from beeldkluis.journal.models import Entry
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people.models import Officer
from beeldkluis.protocol.presence import Ground
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Refused
from beeldkluis.viewing import actions, presence_actions, presence_queries, queries, report_actions, reports
from beeldkluis.viewing.models import Attendance, FetchedRange, Heartbeat, Opening, PlayedSpan, Viewing
from beeldkluis.web.due import for_person

ASSESS = Purpose.ASSESS_REQUEST
LATER = NOW + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def at_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def begin(scene: Scene, purpose: Purpose = ASSESS, **changed: Any) -> Viewing:
    asked = {"purpose": purpose, "place": "Spreekkamer", "proved_at": NOW, "person": scene.manager, "now": NOW}
    return presence_actions.begin(scene.case, **(asked | changed))


def acts() -> list[str]:
    return list(Entry.objects.order_by("number").values_list("act", flat=True))


@pytest.mark.rule("access.second-factor", "access.team-manager-only", "access.case-required")
@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"proved_at": NOW - timedelta(minutes=16)}, "access.second-factor"),
        ({"proved_at": None}, "access.second-factor"),
        ({"place": " "}, "access.presence"),
        ({"purpose": Purpose.VIEW_WITH_OFFICER}, "access.case-required"),
        ({"purpose": Purpose.REFLECT}, "access.case-required"),
    ],
)
def test_a_viewing_begins_only_as_the_rules_say(scene: Scene, changed: dict[str, Any], rule: str) -> None:
    with pytest.raises(Refused) as refusal:
        begin(scene, **changed)
    assert refusal.value.verdict.rule == rule
    assert not Viewing.objects.exists()
    facts = json.loads(bytes(Entry.objects.order_by("-number")[0].data))
    assert facts["facts"]["rule"] == rule
    assert facts["case"] == scene.case.reference


@pytest.mark.rule("access.team-manager-only")
@pytest.mark.parametrize("role", [Role.DPO, Role.ADMINISTRATOR, Role.DEPUTY])
def test_nobody_else_begins_one(scene: Scene, role: Role) -> None:
    with pytest.raises(Refused):
        begin(scene, person=scene.people[role])


@pytest.mark.rule("access.presence")
def test_the_officer_confirms_with_number_and_own_code_and_then_it_opens(scene: Scene) -> None:
    scene.confirm()
    viewing = begin(scene)
    with pytest.raises(Refused):
        actions.open_recording(viewing, scene.recording.pk, person=scene.manager, now=NOW)
    for number, code in (("1207", "000000"), ("9999", CODE)):
        with pytest.raises(Refused):
            presence_actions.confirm_officer(viewing, number=number, code=code, now=NOW)
    assert not presence_queries.in_the_room(viewing, NOW).officers
    made = presence_actions.confirm_officer(viewing, number="1207", code=CODE, own_screen=True, now=NOW)
    assert made.how == Attendance.How.OWN_SCREEN
    again = presence_actions.confirm_officer(viewing, number="1207", code=CODE, now=LATER)
    assert again.pk == made.pk, "the same officer twice is one"
    opened = actions.open_recording(viewing, scene.recording.pk, person=scene.manager, now=NOW)
    assert set(opened.opening.present) == {
        f"team_manager:{scene.manager.pseudonym}",
        f"officer:{scene.officer.pseudonym}",
    }
    entry = Entry.objects.filter(act="viewing.somebody_present").order_by("-number")[0]
    assert b"Wiersma" not in bytes(entry.data)


@pytest.mark.rule("access.presence")
def test_a_code_that_somebody_else_gave_does_not_show_who_types(scene: Scene) -> None:
    viewing = begin(scene)
    Officer.objects.update(code_is_first=True)
    with pytest.raises(Refused, match="Kies eerst"):
        presence_actions.confirm_officer(viewing, number="1207", code=CODE, now=NOW)


@pytest.mark.rule("access.presence")
def test_another_officer_does_not_open_this_camera(scene: Scene) -> None:
    scene.confirm()
    viewing = begin(scene)
    presence_actions.confirm_officer(viewing, number="1207", code=CODE, now=NOW)
    other = Officer.objects.create(number="1300", name="Ander", employment="own", since=NOW)
    scene.recording.officer = other
    scene.recording.save()
    with pytest.raises(Refused) as refusal:
        actions.open_recording(viewing, scene.recording.pk, person=scene.manager, now=NOW)
    assert refusal.value.verdict.rule == "access.presence"


@pytest.mark.rule("access.stand-in")
def test_a_deputy_takes_the_place_of_who_does_not_come_and_the_officer_of_data_hears_at_once(scene: Scene) -> None:
    scene.confirm()
    viewing, deputy = begin(scene), scene.people[Role.DEPUTY]
    with pytest.raises(Refused):  # still in service
        presence_actions.stand_in(viewing, scene.officer, ground=Ground.LEFT, because="Weg.", person=deputy, now=NOW)
    with pytest.raises(Refused):
        presence_actions.stand_in(
            viewing, scene.officer, ground=Ground.REFUSES, because="Wil niet.", person=scene.manager, now=NOW
        )
    Officer.objects.update(until=NOW - timedelta(days=1))
    presence_actions.stand_in(viewing, scene.officer, ground=Ground.LEFT, because="Per mei.", person=deputy, now=NOW)
    assert Finding.objects.filter(rule="access.stand-in").count() == 1
    mails = {one.body["to"]: one.body["text"] for one in Outgoing.objects.all()}
    assert "Per mei." in mails[scene.people[Role.DPO].email]
    assert "nam een plaatsvervanger de plaats van handhaver 1207 in" in mails["boa@example.nl"]
    assert len(mails) == 2
    assert actions.open_recording(viewing, scene.recording.pk, person=scene.manager, now=NOW).headers


@pytest.mark.rule("access.presence", "access.blurred")
def test_with_the_requester_everybody_is_needed_and_still_only_what_is_covered_opens(scene: Scene) -> None:
    scene.confirm()
    Case.objects.update(state="granted")
    scene.case.refresh_from_db()
    viewing = begin(scene, Purpose.VIEW_WITH_DATA_SUBJECT)
    presence_actions.confirm_officer(viewing, number="1207", code=CODE, now=NOW)

    def rule() -> str:
        with pytest.raises(Refused) as refusal:
            actions.open_recording(viewing, scene.recording.pk, person=scene.manager, now=NOW)
        return refusal.value.verdict.rule

    assert rule() == "access.presence"
    with pytest.raises(Refused):
        presence_actions.note_requester(viewing, name="Proef", document="", actor=scene.manager.as_actor, now=NOW)
    presence_actions.note_requester(viewing, name="Proef", document="passport", actor=scene.manager.as_actor, now=NOW)
    presence_actions.note_companion(viewing, name="Een zus", actor=scene.manager.as_actor, now=NOW)
    with pytest.raises(Refused):
        presence_actions.note_companion(viewing, name=" ", actor=scene.manager.as_actor, now=NOW)
    scene.case.refresh_from_db()
    assert scene.case.identity_document == "passport"
    assert rule() == "access.blurred"
    assert not Opening.objects.exists()


@pytest.mark.rule("access.presence")
def test_who_leaves_closes_what_needs_that_person(scene: Scene) -> None:
    scene.confirm()
    viewing = begin(scene)
    officer = presence_actions.confirm_officer(viewing, number="1207", code=CODE, now=NOW)
    opened = actions.open_recording(viewing, scene.recording.pk, person=scene.manager, now=NOW)
    with pytest.raises(Refused):
        presence_actions.leave(officer, actor=scene.people[Role.DPO].as_actor, now=LATER)
    assert presence_actions.leave(officer, actor=scene.manager.as_actor, now=LATER) == 1
    opened.opening.refresh_from_db()
    assert opened.opening.closed_at == LATER
    with pytest.raises(Refused):
        actions.open_recording(viewing, scene.recording.pk, person=scene.manager, now=LATER)


@pytest.mark.rule("access.opening-ends")
def test_one_viewing_at_a_time_and_it_ends_by_itself(scene: Scene) -> None:
    scene.confirm()
    first = begin(scene)
    presence_actions.confirm_officer(first, number="1207", code=CODE, now=NOW)
    opened = actions.open_recording(first, scene.recording.pk, person=scene.manager, now=NOW)
    second = begin(scene)
    opened.opening.refresh_from_db()
    assert opened.opening.closed_at == NOW
    with pytest.raises(Refused):
        presence_actions.confirm_officer(first, number="1207", code=CODE, now=NOW)
    assert presence_actions.end_expired(actor=scene.manager.as_actor, now=NOW + timedelta(hours=1)) == 0
    assert presence_actions.end_expired(actor=scene.manager.as_actor, now=NOW + timedelta(hours=2)) == 1
    second.refresh_from_db()
    assert second.ended_at is not None
    with pytest.raises(Refused):
        actions.open_recording(second, scene.recording.pk, person=scene.manager, now=NOW + timedelta(hours=2))


@pytest.mark.rule("access.left-alone")
def test_a_screen_without_a_sign_of_life_is_closed(scene: Scene) -> None:
    scene.confirm()
    opened = actions.open_recording(scene.look(ASSESS, "officer"), scene.recording.pk, person=scene.manager, now=NOW)
    at = NOW + timedelta(minutes=4)
    actions.note_heartbeat(opened.opening, now=at)
    assert queries.opening_for(opened.opening.pk, scene.manager, now=at + timedelta(minutes=5)) is not None
    late = at + timedelta(minutes=5, seconds=1)
    assert queries.opening_for(opened.opening.pk, scene.manager, now=late) is None
    assert actions.close_expired(actor=scene.manager.as_actor, now=at) == 0
    assert actions.close_expired(actor=scene.manager.as_actor, now=late) == 1
    assert Heartbeat.objects.get().at == at


@pytest.mark.rule("access.played")
@pytest.mark.parametrize(("played_ms", "given", "findings"), [(5_000, 900, 0), (0, 0, 0), (170_000, 0, 1)])
def test_what_the_page_tells_and_what_went_out_are_held_beside_each_other(
    scene: Scene, played_ms: int, given: int, findings: int
) -> None:
    scene.confirm()
    clip = scene.recording.clips.get()
    clip.duration_ms = 180_000
    clip.save()
    opening = actions.open_recording(
        scene.look(ASSESS, "officer"), scene.recording.pk, person=scene.manager, now=NOW
    ).opening
    if played_ms:
        actions.report_played(opening, [(clip.object, 0, played_ms)], actor=scene.manager.as_actor, now=NOW)
    if given:
        actions.note_fetched(opening, clip.object, 0, given, now=NOW)
    assert (PlayedSpan.objects.count(), FetchedRange.objects.count()) == (bool(played_ms), bool(given))
    actions.close(opening, actor=scene.manager.as_actor, now=LATER)
    found = Finding.objects.filter(rule="access.played")
    assert found.count() == findings
    actions.close(opening, actor=scene.manager.as_actor, now=LATER)
    assert found.count() == findings, "closing twice says it once"
    entry = json.loads(bytes(Entry.objects.filter(act="viewing.opening_closed").order_by("number")[0].data))
    assert entry["facts"]["seconds"] == played_ms // 1000


@pytest.mark.rule("access.who-looked")
def test_the_officer_hears_of_it_once_for_each_viewing(scene: Scene) -> None:
    scene.confirm()
    viewing = scene.look(ASSESS, "officer")
    for _ in range(2):
        actions.open_recording(viewing, scene.recording.pk, person=scene.manager, now=NOW)
    mail = Outgoing.objects.get()
    assert (mail.body["to"], "Requester" in mail.body["text"]) == ("boa@example.nl", False)
    assert "Proef" not in mail.body["text"], "the requester is not named"
    Officer.objects.update(email="")
    actions.open_recording(scene.look(ASSESS, "officer"), scene.recording.pk, person=scene.manager, now=NOW)
    assert Letter.objects.filter(kind="officer_notice").count() == 1


@pytest.mark.rule("access.who-looked")
def test_whoever_was_filmed_hears_when_what_for_and_which_functions_but_no_names(scene: Scene) -> None:
    scene.confirm()
    assert reports.who_looked(scene.case) == []
    opening = actions.open_recording(
        scene.look(ASSESS, "officer"), scene.recording.pk, person=scene.manager, now=NOW
    ).opening
    clip = scene.recording.clips.get()
    actions.report_played(
        opening, [(clip.object, 0, 2500), (clip.object, 1000, 4000)], actor=scene.manager.as_actor, now=NOW
    )
    letter = report_actions.tell_who_looked(scene.case, actor=scene.people[Role.DPO].as_actor, now=NOW)
    (line,) = letter.words["viewings"]
    assert "teammanager, handhaver" in line
    assert "4 seconden" in line
    assert scene.manager.name not in line.replace("teammanager", "")
    assert "Wiersma" not in line
    with pytest.raises(Refused):
        report_actions.tell_who_looked(scene.case, actor=scene.people[Role.ADMINISTRATOR].as_actor, now=NOW)


def test_the_start_page_asks_for_the_report_of_what_was_seen(scene: Scene) -> None:
    scene.confirm()
    viewing = begin(scene)
    presence_actions.end(viewing, actor=scene.manager.as_actor, now=NOW)
    titles = [one.title for one in for_person(scene.manager, NOW)]
    assert not any("verslag van de inzage" in title for title in titles), "nothing was opened"
    viewing = begin(scene)
    presence_actions.confirm_officer(viewing, number="1207", code=CODE, now=NOW)
    actions.open_recording(viewing, scene.recording.pk, person=scene.manager, now=NOW)
    presence_actions.end(viewing, actor=scene.manager.as_actor, now=NOW)
    found = [one for one in for_person(scene.manager, NOW) if "verslag van de inzage" in one.title]
    assert [one.address for one in found] == [f"/inzien/{viewing.pk}/einde/"]
    told = presence_actions.Report(remarks="", copy_handed=False)
    presence_actions.report(viewing, told, person=scene.manager, now=NOW)
    assert not any("verslag van de inzage" in one.title for one in for_person(scene.manager, NOW))
    assert not any("inzage" in one.title for one in for_person(scene.people[Role.ADMINISTRATOR], NOW))


def test_the_report_says_who_when_and_which_seconds(client: Client, scene: Scene) -> None:
    scene.confirm()
    viewing = begin(scene)
    presence_actions.confirm_officer(viewing, number="1207", code=CODE, now=NOW)
    opening = actions.open_recording(viewing, scene.recording.pk, person=scene.manager, now=NOW).opening
    clip = scene.recording.clips.get()
    actions.report_played(opening, [(clip.object, 61_000, 75_500)], actor=scene.manager.as_actor, now=NOW)
    client.force_login(scene.manager)
    address = f"/inzien/{viewing.pk}/"
    assert client.get(f"{address}verslag/").status_code == 404, "it is not over"
    answer = client.post(f"{address}einde/", {"remarks": "Rustig.", "copy_handed": "no"})
    assert answer.status_code == 302
    viewing.refresh_from_db()
    assert (viewing.remarks, viewing.copy_handed, viewing.ended_at) == ("Rustig.", False, NOW)
    told = reports.report(viewing)
    assert told.seen == ((f"{scene.recording}, deel 1", "1:01–1:15", "14 s"),)
    assert [one[1] for one in told.people] == ["teammanager", "handhaver"]
    for role, code in ((Role.TEAM_MANAGER, 200), (Role.DPO, 200), (Role.ADMINISTRATOR, 403)):
        client.force_login(scene.people[role])
        paper = client.get(f"{address}verslag/")
        assert paper.status_code == code
        assert code != 200 or paper.content.startswith(b"%PDF-")


def test_the_pages_lead_from_the_case_to_the_pictures(client: Client, scene: Scene) -> None:
    scene.confirm()
    client.force_login(scene.manager)
    begin_page = f"/verzoeken/{scene.case.reference}/inzage/"
    client.session.flush()
    client.force_login(scene.manager)
    assert client.get(begin_page).status_code in (200, 302)
    viewing = begin(scene)
    address = f"/inzien/{viewing.pk}/"
    assert "Nog niet iedereen is er" in client.get(address).content.decode()
    before = client.get(f"{address}stand/").json()["state"]
    assert re.fullmatch("[0-9a-f]{64}", before), "it says nothing by itself"
    wrong = client.post(f"{address}handhaver/", {"number": "1207", "code": "111111"})
    assert "horen niet bij elkaar" in wrong.content.decode()
    assert client.post(f"{address}handhaver/", {"number": "1207", "code": CODE})["Location"] == address
    assert client.get(f"{address}stand/").json()["state"] != before
    assert "U kunt kijken" in client.get(address).content.decode()
    asker, came = f"/inzien/{viewing.pk}/verzoeker/", f"/inzien/{viewing.pk}/meegekomen/"
    for part, typed in ((asker, {"name": "Proef", "document": "passport"}), (came, {"name": "Zus"})):
        assert client.post(part, typed).status_code == 302
        assert client.post(part, {}).status_code == 200
    companion = Attendance.objects.get(present="companion")
    assert client.post(f"{address}vertrokken/{companion.pk}/").status_code == 302
    assert client.post(f"{address}vertrokken/99999/").status_code == 404
    assert client.get(f"/verzoeken/{scene.case.reference}/wie-keek/").status_code == 200
    assert client.post(f"/verzoeken/{scene.case.reference}/wie-keek/").status_code == 302
    assert client.get("/verzoeken/onzin/wie-keek/").status_code == 404
    assert client.get("/verzoeken/onzin/inzage/").status_code == 404
    assert client.get(f"/inzien/{viewing.pk}/einde/").status_code == 200


def test_on_a_device_of_ones_own(client: Client, scene: Scene) -> None:
    scene.confirm()
    viewing = begin(scene)
    assert client.get("/erbij/").status_code == 200
    typed = {"viewing": "999999", "number": "1207", "code": CODE}
    assert "geen inzage met dit nummer" in client.post("/erbij/", typed).content.decode()
    typed["viewing"] = viewing.number
    assert "horen niet bij elkaar" in client.post("/erbij/", typed | {"code": "111111"}).content.decode()
    assert "U bent erbij" in client.post("/erbij/", typed).content.decode()
    assert presence_queries.in_the_room(viewing, NOW).officers == {str(scene.officer.pseudonym)}


@pytest.mark.rule("access.stand-in")
def test_a_deputy_on_a_device_of_the_own(client: Client, scene: Scene) -> None:
    scene.confirm()
    viewing = begin(scene)
    client.force_login(scene.people[Role.DEPUTY])
    page = f"/inzien/{viewing.pk}/vervangen/"
    assert client.post("/erbij/", {"viewing": viewing.number})["Location"] == page
    assert "S. Wiersma" in client.get(page).content.decode()
    typed = {"officer": str(scene.officer.pseudonym), "ground": "left", "because": "Weg."}
    assert "nog in dienst" in client.post(page, typed).content.decode()
    assert client.post(page, typed | {"ground": "refuses"}).status_code == 302
    assert presence_queries.in_the_room(viewing, NOW).replaced == {str(scene.officer.pseudonym)}
    client.force_login(scene.manager)
    assert client.get(page).status_code == 403
