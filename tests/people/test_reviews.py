"""Reviews of rights: due, done, and who is reminded."""

from datetime import timedelta

import pytest
from django.test import Client

from beeldkluis.journal import clock
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people import review_queries as queries
from beeldkluis.people import tasks
from beeldkluis.people.models import Officer, Person, RightsReview
from beeldkluis.people.review_actions import review_rights
from beeldkluis.protocol.register import Protocol
from beeldkluis.protocol.review import due_at
from beeldkluis.protocol.verdict import Refused
from tests.conftest import START


@pytest.mark.rule("access.review-quarter")
@pytest.mark.rule("access.review-year")
def test_a_review_is_due_so_many_days_after_the_last(protocol: Protocol) -> None:
    last = START + timedelta(days=10)
    assert due_at(kind="quarter", last=None, began=START, protocol=protocol) == START + timedelta(days=92)
    assert due_at(kind="quarter", last=last, began=START, protocol=protocol) == last + timedelta(days=92)
    assert due_at(kind="year", last=last, began=START, protocol=protocol) == last + timedelta(days=366)


def test_a_review_keeps_the_list_that_was_looked_at(dpo: Person, officer: Officer) -> None:
    assert queries.overdue(START + timedelta(days=92, seconds=-1)) == []
    late = START + timedelta(days=92)
    assert [one.kind for one in queries.overdue(late)] == ["quarter"]
    review_rights(kind="quarter", remarks="in orde", actor=dpo.as_actor, now=late)
    assert queries.overdue(late) == []
    kept = RightsReview.objects.get()
    assert {one["role"] for one in kept.list} == {"dpo", "officer"}
    assert officer.name not in str(kept.list)


def test_the_administrator_does_not_review_himself(administrator: Person) -> None:
    with pytest.raises(Refused):
        review_rights(kind="quarter", remarks="", actor=administrator.as_actor, now=START)


def test_whoever_reviews_is_reminded_once(team_manager: Person, dpo: Person, administrator: Person) -> None:
    late = START + timedelta(days=92)
    assert tasks.remind_to_review(late) == 2
    assert tasks.remind_to_review(late + timedelta(days=1)) == 0
    assert {one.body["to"] for one in Outgoing.objects.all()} == {team_manager.email, dpo.email}


def test_a_review_on_screen(
    client: Client, dpo: Person, administrator: Person, officer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: START + timedelta(days=100))
    client.force_login(dpo)
    assert "Controleer wie wat mag, per kwartaal" in client.get("/").content.decode()
    page = client.get("/rechten/").content.decode()
    assert "Een controle is te laat" in page
    assert officer.name in page
    assert "Bekijk eerst de lijst" in client.post("/rechten/", {"kind": "quarter"}).content.decode()
    assert client.post("/rechten/", {"kind": "quarter", "seen": "on", "remarks": ""}).status_code == 302
    assert "te laat" not in client.get("/rechten/").content.decode()
    client.force_login(administrator)
    assert client.get("/rechten/").status_code == 403
