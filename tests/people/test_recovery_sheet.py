"""The recovery sheet is shown without giving it: who has it answers, for one step, and the data protection officer hears."""

import base64
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from beeldkluis.journal import guard
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.models import Entry
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people.models import Person, RecoveryProof
from beeldkluis.people.recovery_actions import (
    Question,
    ask_for_recovery_sheet,
    show_recovery_sheet,
    use_recovery_sheet,
)
from beeldkluis.protocol.verdict import Refused
from beeldkluis.sealed import age
from tests.conftest import START
from tests.people.test_key_pages import RECOVERY, TEAM, sent

SOON = START + timedelta(minutes=1)


def shown(purpose: str, *, actor: Actor, now: datetime) -> bool:
    """Is there a proof of this person for this purpose that can still be used?"""
    mine = RecoveryProof.objects.filter(purpose=purpose, person__pseudonym=actor.pseudonym, used_at=None)
    return mine.filter(shown_at__isnull=False, expires_at__gt=now).exists()


@pytest.fixture
def keys(client: Client, team_manager: Person) -> None:
    client.force_login(team_manager)
    assert client.post("/sleutels/vastleggen/", json.dumps(sent()), content_type="application/json").status_code == 200


def answer(question: Question, identity: age.Identity = RECOVERY) -> str:
    return age.open_bytes(question.sealed, [identity]).decode()


@pytest.mark.rule("access.recovery-sheet")
def test_whoever_has_the_sheet_answers_and_the_data_protection_officer_hears(
    keys: None, team_manager: Person, dpo: Person
) -> None:
    question = ask_for_recovery_sheet("handover", actor=team_manager.as_actor, now=START)
    with pytest.raises(age.SealError):
        answer(question, TEAM)
    show_recovery_sheet(question.number, answer(question), actor=team_manager.as_actor, now=SOON)
    assert shown("handover", actor=team_manager.as_actor, now=SOON)
    mail = Outgoing.objects.get(about="De herstelsleutel is getoond")
    assert mail.body["to"] == dpo.email
    assert "heeft laten zien de herstelsleutel uit de kluis bij de hand te hebben" in mail.body["text"]
    assert Entry.objects.filter(act="people.recovery_sheet_shown").count() == 1


def test_it_counts_once_for_its_own_step_and_person_and_not_for_long(
    keys: None, team_manager: Person, administrator: Person
) -> None:
    me = team_manager.as_actor
    question = ask_for_recovery_sheet("handover", actor=me, now=START)
    show_recovery_sheet(question.number, answer(question), actor=me, now=SOON)
    for purpose, actor, now in (
        ("another step", me, SOON),
        ("handover", administrator.as_actor, SOON),
        ("handover", me, SOON + timedelta(minutes=15)),
    ):
        assert not shown(purpose, actor=actor, now=now)
        with pytest.raises(Refused, match="Toon eerst de herstelsleutel"), guard.opened():
            use_recovery_sheet(purpose, actor=actor, now=now)
    with guard.opened():  # as within the step that it is shown for
        use_recovery_sheet("handover", actor=me, now=SOON)
        with pytest.raises(Refused):
            use_recovery_sheet("handover", actor=me, now=SOON)


@pytest.mark.parametrize("how", ["wrong", "another's", "late", "twice"])
def test_a_wrong_late_or_borrowed_answer_is_refused_and_counts_for_nothing(
    keys: None, team_manager: Person, administrator: Person, how: str
) -> None:
    me = team_manager.as_actor
    question = ask_for_recovery_sheet("handover", actor=me, now=START)
    right = answer(question)
    if how == "twice":
        show_recovery_sheet(question.number, right, actor=me, now=SOON)
        with guard.opened():
            use_recovery_sheet("handover", actor=me, now=SOON)
    given, actor, now = {
        "wrong": ("x" * 43, me, SOON),
        "another's": (right, administrator.as_actor, SOON),
        "late": (right, me, START + timedelta(minutes=15)),
        "twice": (right, me, SOON),
    }[how]
    with pytest.raises(Refused, match="niet de herstelsleutel"):
        show_recovery_sheet(question.number, given, actor=actor, now=now)
    assert not shown("handover", actor=me, now=now)


def test_the_answer_stands_nowhere_in_the_database(keys: None, team_manager: Person) -> None:
    question = ask_for_recovery_sheet("handover", actor=team_manager.as_actor, now=START)
    assert answer(question) not in str(RecoveryProof.objects.values())


def test_before_there_are_keys_there_is_nothing_to_show(team_manager: Person) -> None:
    with pytest.raises(Refused, match="nog geen herstelsleutel"):
        ask_for_recovery_sheet("handover", actor=team_manager.as_actor, now=START)


def test_the_browser_asks_and_answers(keys: None, client: Client) -> None:
    def post(address: str, content: object) -> Any:
        return client.post(address, json.dumps(content), content_type="application/json")

    ask, show = "/sleutels/herstel/vraag/", "/sleutels/herstel/antwoord/"
    asked = post(ask, {"purpose": "handover"}).json()
    opened = age.open_bytes(base64.b64decode(asked["sealed"]), [RECOVERY]).decode()
    assert post(show, {"number": asked["number"], "answer": "nee"}).status_code == 403
    assert post(show, {"number": asked["number"], "answer": opened}).json() == {}
    for nonsense in ({}, {"purpose": 3}, {"purpose": "x" * 81}, {"number": "1", "answer": "x"}, []):
        assert post(ask, nonsense).status_code == 400
        assert post(show, nonsense).status_code == 400
