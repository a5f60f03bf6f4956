"""What who watches must know: by mail that nobody holds back, and on the own start page until seen."""

import ast
import re
from datetime import timedelta

import pytest
from django.test import Client

from beeldkluis.journal import clock
from beeldkluis.journal.actions import step
from beeldkluis.journal.models import Entry
from beeldkluis.outbox import actions as outbox
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people.actions import add_person
from beeldkluis.people.deputation_actions import begin_deputation
from beeldkluis.people.events import OfficerAddressSet
from beeldkluis.people.models import Notice, Person
from beeldkluis.people.notice_actions import see_notice, tell_dpo
from beeldkluis.protocol.accounts import may_hold_back
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Refused
from tests.conftest import SETUP, START
from tests.house.source import modules, nodes


@pytest.fixture
def deputy(db: None) -> Person:
    return add_person(
        email="deputy@example.nl", name="P. Vervanger", role=Role.DEPUTY, password=None, actor=SETUP, now=START
    )


def tell() -> None:
    """Some step tells of itself."""
    with step("tests.tell", actor=SETUP) as record:
        tell_dpo(subject="Er is iets gebeurd", text="Iemand deed iets.", actor=SETUP, now=START)
        record(OfficerAddressSet(officer="x", email=""))


@pytest.mark.rule("access.notice")
def test_nobody_withdraws_what_who_watches_must_know(
    team_manager: Person, administrator: Person, dpo: Person, deputy: Person
) -> None:
    assert may_hold_back(must_leave=False).allowed
    until = START + timedelta(days=1)
    begin_deputation(deputy, until=until, because="vrij", actor=team_manager.as_actor, now=START)
    team_manager.refresh_from_db()
    deputy.refresh_from_db()
    (mail,) = Outgoing.objects.filter(body__to=dpo.email)
    for person in (administrator, deputy):
        with pytest.raises(Refused, match="Niemand kan het intrekken"):
            outbox.withdraw(mail, because="dubbel", actor=person.as_actor, now=START)
    outbox.hurry(mail, actor=administrator.as_actor, now=START + timedelta(hours=1))
    mail.refresh_from_db()
    assert (mail.withdrawn_at, mail.next_try_at) == (None, START), "asking to hurry makes nothing later"


def test_it_stands_on_the_start_page_of_each_who_watches_until_that_person_saw_it(
    client: Client, dpo: Person, team_manager: Person, administrator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: START)
    other = add_person(email="d2@example.nl", name="D2", role=Role.DPO, password=None, actor=SETUP, now=START)
    tell()
    assert Notice.objects.count() == 2
    client.force_login(team_manager)
    assert "U moet" not in client.get("/").content.decode()
    notice = Notice.objects.get(receiver=dpo)
    assert client.post(f"/voor-u/{notice.pk}/gezien/").status_code == 403
    client.force_login(dpo)
    start = client.get("/").content.decode()
    assert "U moet één ding weten" in start
    assert "Er is iets gebeurd" in start
    assert "Iemand deed iets." in client.get("/voor-u/").content.decode()
    assert client.post(f"/voor-u/{notice.pk}/gezien/").status_code == 302
    assert client.post(f"/voor-u/{notice.pk}/gezien/").status_code == 302
    assert client.post("/voor-u/99999/gezien/").status_code == 404
    assert "U moet" not in client.get("/").content.decode()
    assert "U hebt alles gezien" in client.get("/voor-u/").content.decode()
    notice.refresh_from_db()
    assert notice.text == "", "what was seen stands in the journal alone"
    assert Entry.objects.filter(act="people.notice_seen").count() == 2
    client.force_login(other)
    assert "U moet één ding weten" in client.get("/").content.decode()


def test_without_anybody_who_watches_the_others_hear_it_and_it_waits_for_the_next(
    team_manager: Person, administrator: Person
) -> None:
    tell()
    assert {one.receiver for one in Notice.objects.all()} == {None, team_manager, administrator}
    waiting = Notice.objects.get(receiver=None)
    with pytest.raises(Refused):
        see_notice(waiting, team_manager, actor=team_manager.as_actor, now=START)
    dpo = add_person(email="d@example.nl", name="D", role=Role.DPO, password=None, actor=SETUP, now=START)
    see_notice(waiting, dpo, actor=dpo.as_actor, now=START)
    waiting.refresh_from_db()
    assert (waiting.receiver, waiting.seen_at) == (dpo, START)


def test_on_the_list_of_messages_such_a_mail_shows_neither_its_words_nor_a_way_to_withdraw_it(
    client: Client, dpo: Person, administrator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: START)
    tell()
    client.force_login(administrator)
    page = client.get("/berichten/").content.decode()
    assert "Er is iets gebeurd" in page
    assert "Iemand deed iets." not in page
    assert "Kan niet worden ingetrokken" in page
    assert re.search(r"/berichten/\d+/intrekken/", page) is None
    mail = Outgoing.objects.get()
    assert client.post(f"/berichten/{mail.pk}/intrekken/", {"because": "dubbel"}).status_code == 403
    mail.refresh_from_db()
    assert mail.withdrawn_at is None


def test_a_mail_that_does_not_leave_is_due_for_who_watches_too(
    client: Client, dpo: Person, administrator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: START)
    tell()
    Outgoing.objects.update(tries=5, last_error="geen verbinding")
    client.force_login(dpo)
    assert "Een e-mail voor wie toeziet komt niet aan" in client.get("/").content.decode()
    client.force_login(administrator)
    assert "Eén bericht komt niet weg" in client.get("/").content.decode()


def test_a_hundred_notices_cost_no_more_queries_than_one(
    client: Client, dpo: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: START)
    for _ in range(100):
        Notice.objects.create(receiver=dpo, subject="Er is iets gebeurd", text="x", made_at=START)
    client.force_login(dpo)
    assert "U moet 100 dingen weten" in client.get("/").content.decode()


@pytest.mark.slow
def test_no_mail_to_who_watches_can_be_withdrawn_wherever_it_is_queued() -> None:
    """Whoever queues a mail to whoever has a role says that it must leave; the exceptions are named."""
    free = {
        "footage/observation_actions.py",  # reminds an officer of what stands at the dock too
        "appointments/invitation_actions.py",  # an appointment that is moved twice before it is sent
        "people/code_actions.py",  # a link that only makes something count sooner
    }
    for module in modules():
        calls = [
            node for node in nodes(module) if isinstance(node, ast.Call) and ast.unparse(node.func) == "queue_mail"
        ]
        for call in calls:
            must = any(one.arg == "must_leave" and ast.unparse(one.value) == "True" for one in call.keywords)
            assert must or module.name in free, module.at(call)
