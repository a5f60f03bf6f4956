"""What list, start page and journal say of findings, and who may say that one is settled."""

from datetime import timedelta

import pytest
from django.test import Client

from beeldkluis.findings.actions import EACH_TIME, close_findings, raise_finding, settle_finding
from beeldkluis.findings.models import Finding
from beeldkluis.findings.queries import open_findings
from beeldkluis.people.due import Due
from beeldkluis.people.models import Person
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Refused
from beeldkluis.web.due import for_person
from tests.conftest import SETUP, START
from tests.lines import lines

HOUR = timedelta(hours=1)


def raised(text: str, *, rule: str = "recording.long", key: str = EACH_TIME, hours: int = 0) -> Finding:
    return raise_finding(
        rule=rule, key=key, text=text, recording=None, bodycam=None, actor=SETUP, now=START + hours * HOUR
    )


def due(person: Person) -> list[Due]:
    return [one for one in for_person(person, START) if "bevinding" in one.title]


def test_findings_are_due_with_the_newest_for_who_settles_them(team_manager: Person, dpo: Person) -> None:
    desk = Person.objects.create(email="plv@example.nl", name="Plv", role=Role.DEPUTY, added_at=START)
    assert due(team_manager) == []
    raised("De eerste.")
    assert [(one.title, one.note) for one in due(dpo)] == [("Kijk één bevinding na", "De eerste.")]
    raised("De laatste.", hours=2)
    raised("Die ertussen.", hours=1)
    assert [one.text for one in open_findings()] == ["De laatste.", "Die ertussen.", "De eerste."]
    for person in (team_manager, dpo):
        (one,) = due(person)
        assert (one.title, one.note, one.urgent) == ("Kijk 3 bevindingen na", "De laatste.", True)
    assert due(desk) == []


def test_nobody_settles_what_watches_them_or_what_is_none_of_theirs(team_manager: Person, dpo: Person) -> None:
    desk = Person.objects.create(email="plv@example.nl", name="Plv", role=Role.DEPUTY, added_at=START)
    watching, other = raised("Vijf foute codes.", rule="access.presence"), raised("Zij is lang.")
    for finding, person in ((watching, team_manager), (watching, desk), (other, desk)):
        with pytest.raises(Refused):
            settle_finding(finding, because="Niets aan de hand.", actor=person.as_actor, now=START)
    assert len(open_findings()) == 2
    settle_finding(watching, because="Nagevraagd.", actor=dpo.as_actor, now=START)
    assert lines("devices.finding_settled") == [f"Bevinding {watching.pk} afgehandeld"]


def test_the_page_lets_each_settle_what_is_theirs_and_says_whose_the_rest_is(
    client: Client, team_manager: Person, dpo: Person
) -> None:
    watching, other = raised("Vijf foute codes.", rule="access.presence"), raised("Zij is lang.")
    for person, settles in ((team_manager, [other.pk]), (dpo, [other.pk, watching.pk])):
        client.force_login(person)
        page = client.get("/bevindingen/").content.decode()
        assert [one for one in (other.pk, watching.pk) if f'href="/bevindingen/{one}/"' in page] == settles
        assert ("Deze bevinding handelt de functionaris gegevensbescherming af." in page) == (person == team_manager)


def test_the_journal_says_what_was_found_and_why_it_lapsed(dpo: Person) -> None:
    first, second = raised("Zij is lang.", key="lasts-long"), raised("Zij liep door.", key="stayed-on")
    settle_finding(second, because="Gezien.", actor=dpo.as_actor, now=START)
    close_findings(rule="recording.long", recording=None, because="Zij is korter.", actor=SETUP, now=START + HOUR)
    assert lines("devices.finding_raised") == [
        f"Bevinding {first.pk}: Zij is lang.",
        f"Bevinding {second.pk}: Zij liep door.",
    ]
    assert lines("devices.finding_closed") == [f"Bevinding {first.pk} is vervallen. Zij is korter."]
    second.refresh_from_db()
    assert (second.settled_because, second.settled_at, second.closed) == ("Gezien.", START, False)
