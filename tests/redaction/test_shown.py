"""What opens for a requester: the approved copy of the case, and nothing else."""

import base64
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from tests.redaction.conftest import FREED, Copying

from beeldkluis.cases.models import Case
from beeldkluis.findings.models import Finding
from beeldkluis.masking.draft import Mode
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.verdict import Refused
from beeldkluis.redaction import actions
from beeldkluis.redaction.models import Rendering
from beeldkluis.viewing import actions as viewing
from beeldkluis.viewing import gate, queries, seal_actions
from beeldkluis.viewing.models import Opening, ViewingCopy

SHOWN = (Purpose.VIEW_WITH_DATA_SUBJECT, "officer", "requester")
pytestmark = pytest.mark.rule("access.blurred")


def refused(copying: Copying) -> str:
    with pytest.raises(Refused) as refusal:
        copying.opened(*SHOWN)
    assert not Opening.objects.filter(purpose=Purpose.VIEW_WITH_DATA_SUBJECT.value).exists()
    return refusal.value.verdict.rule


def fetch(client: Client, opened: viewing.Opened, wanted: UUID) -> int:
    address = f"/inzien/verzegeld/{opened.opening.pk}/{wanted}"
    return client.get(address, headers={"X-Opening-Token": opened.token}).status_code


def test_nothing_opens_until_the_copy_is_approved(copying: Copying) -> None:
    assert refused(copying) == "access.blurred"
    copying.rendered()
    assert refused(copying) == "access.blurred"
    copying.play()
    actions.check(copying.one, person=copying.manager, now=copying.now)
    assert refused(copying) == "access.blurred"
    actions.approve(copying.one, person=copying.manager, now=copying.now)
    assert copying.opened(*SHOWN).opening.purpose == Purpose.VIEW_WITH_DATA_SUBJECT


def test_the_requester_gets_the_copy_its_header_and_nothing_of_the_original(copying: Copying, client: Client) -> None:
    one = copying.approved()
    made = Rendering.objects.get()
    opened = copying.opened(*SHOWN)
    assert set(opened.headers) == {made.object}
    (told,) = queries.for_browser(opened.opening, opened.headers)
    assert (told["object"], told["source"], told["inner_kind"]) == (str(copying.clip), str(made.object), "plain")
    client.force_login(copying.manager)
    assert fetch(client, opened, made.object) == 206
    assert one.analysis is not None
    for other in (copying.clip, one.analysis):
        assert fetch(client, opened, other) == 403


def test_who_redacts_gets_the_original_and_the_copy_to_check(copying: Copying) -> None:
    copying.rendered()
    made = Rendering.objects.get()
    opened = copying.opened()
    assert set(opened.headers) == {copying.clip, made.object}
    (told,) = queries.for_browser(opened.opening, opened.headers)
    assert (told["source"], told["is_copy"]) == (str(copying.clip), False)
    beside = told["rendering"]
    assert isinstance(beside, dict)
    assert (beside["source"], beside["version"], beside["is_copy"]) == (str(made.object), 2, True)
    assert set(copying.opened(Purpose.VIEW_WITH_OFFICER, "officer").headers) == {copying.clip}


def test_who_redacts_a_film_that_plays_by_a_viewing_copy_gets_the_key_of_the_film(copying: Copying) -> None:
    copying.rendered()
    ViewingCopy.objects.create(
        recording=copying.scene.recording.pk, clip=copying.clip, object=Rendering.objects.get().object,
        state=ViewingCopy.State.MADE, case=copying.case.reference, asked_at=copying.now,
    )  # fmt: skip
    opened = copying.opened()
    (told,) = queries.for_browser(opened.opening, opened.headers)
    assert (told["source"], told["is_copy"]) == (str(Rendering.objects.get().object), True)
    assert told["original"] == {
        "header": base64.b64encode(opened.headers[copying.clip]).decode(),
        "inner_kind": "plain",
    }
    looked = copying.opened(Purpose.VIEW_WITH_OFFICER, "officer")
    assert "original" not in queries.for_browser(looked.opening, looked.headers)[0]


def test_who_must_be_there_is_there_at_the_copy_too(copying: Copying) -> None:
    copying.approved()
    for present in (("officer",), ("requester",)):
        with pytest.raises(Refused) as refusal:
            copying.opened(Purpose.VIEW_WITH_DATA_SUBJECT, *present)
        assert refusal.value.verdict.rule == "access.presence"


def test_a_change_while_it_is_open_closes_it(copying: Copying, client: Client) -> None:
    copying.approved()
    made = Rendering.objects.get()
    opened = copying.opened(*SHOWN)
    copying.save(replace(FREED, mode=Mode.COVERED))
    client.force_login(copying.manager)
    assert fetch(client, opened, made.object) == 403
    assert gate.still_allowed(opened.opening, copying.now).rule == "access.blurred"
    assert viewing.close_without_ground(opened.opening, actor=copying.manager.as_actor, now=copying.now)
    assert refused_again(copying) == "access.blurred"


def refused_again(copying: Copying) -> str:
    with pytest.raises(Refused) as refusal:
        copying.opened(*SHOWN)
    return refusal.value.verdict.rule


def test_a_copy_that_was_withdrawn_opens_no_more(copying: Copying) -> None:
    copying.approved()
    actions.withdraw(copying.one, person=copying.manager, now=copying.now)
    assert refused(copying) == "access.blurred"


def test_the_copy_of_another_case_does_not_open(copying: Copying) -> None:
    copying.approved()
    other = copying.scene.ask()
    copying.scene.case = other
    copying.scene.confirm()
    Case.objects.filter(pk=other.pk).update(state="granted")
    other.refresh_from_db()
    assert refused(copying) == "access.blurred"


def test_what_was_seen_of_a_copy_is_held_beside_what_went_out(copying: Copying, client: Client) -> None:
    copying.approved()
    made = Rendering.objects.get()
    opened = copying.opened(*SHOWN)
    client.force_login(copying.manager)
    assert fetch(client, opened, made.object) == 206
    viewing.report_played(opened.opening, [(copying.clip, 0, 1_000)], actor=copying.manager.as_actor, now=copying.now)
    later = copying.now + timedelta(minutes=1)
    viewing.close(opened.opening, actor=copying.manager.as_actor, now=later)
    (account,) = queries.accounts(opened.opening)
    assert (account.played, account.fetched) == (((0, 1_000),), ((0, account.size),))
    assert not Finding.objects.filter(rule="access.played").exists()


def test_a_copy_that_does_not_open_says_nothing_of_the_film(copying: Copying) -> None:
    copying.approved()
    opened = copying.opened(*SHOWN)
    actor = copying.manager.as_actor
    seal_actions.report_broken(opened.opening, copying.clip, no_key=True, actor=actor, now=copying.now)
    assert type(copying.scene.recording).objects.get().openable is None
    assert Finding.objects.filter(rule="storage.sealed").count() == 1
