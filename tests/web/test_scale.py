"""Every page and every job asks as much of the database at many rows as at few, and no page grows without end: they are read from
the resolver and from the table of jobs, so what is added without it fails here.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.web.everything import DOCK, OFFICER, SCREEN, SYSTEM, World, addresses, everything, undone
from tests.web.many import Copies

from beeldkluis.appointments.models import Appointment, Room
from beeldkluis.cases.models import Case, Remedy, Suspension
from beeldkluis.footage.models import Observation, Recording
from beeldkluis.people.models import RightsReview
from beeldkluis.protocol.roles import Role
from beeldkluis.viewing.models import FetchedRange, Opening, PlayedSpan, Viewing
from beeldkluis.web.ticking import HERE

FEW, MANY = 3, 40  # copies of every row
CALLERS: tuple[Role | str, ...] = (*Role, OFFICER, SCREEN, DOCK, SYSTEM)
MORE = 4  # a link to a next page, an unfinished part of the journal's tree, a row that only many have
# The tree over the journal is as deep as its length has digits, and each page adds an entry to it.
TREE = re.compile(r'"?journal_(node|detail|entry|head|checkpoint)"?')
VALUE = re.compile(r"'[^']*'|\b[0-9a-f]{32}\b|\b\d+\b")
Asked = Mapping[str, Counter[str]]


def asked(act: Callable[[], object]) -> Counter[str]:
    """The statements that this sends to the database, without their values: how often each."""
    reset_queries()
    with CaptureQueriesContext(connection) as made:
        act()
    found = (one["sql"] for one in made.captured_queries)
    return Counter(VALUE.sub("?", one) for one in found if not TREE.search(one))


def of_pages(world: World, browsers: Mapping[Role | str, Client], again: Asked | None = None) -> Asked:
    """What each address asks, by its name and the one who asked, for whoever is given a page there; or of these, again."""
    found: dict[str, Counter[str]] = {}
    for address in addresses(world):
        for caller, browser in browsers.items():
            name = f"{address.name}, {caller}"
            if name in found or (again is not None and name not in again):
                continue
            answers: list[Any] = []
            with undone(browser):
                statements = asked(lambda: answers.append(browser.get(address.path)))  # noqa: B023 - called at once
            if answers[0].status_code == HTTPStatus.OK:
                found[name] = statements
    return found


def of_jobs(world: World) -> Asked:
    """What each job asks in a minute in which there is nothing new."""
    for _minute in range(3):
        for job in HERE.values():
            job(world.now)
    return {f"job {name}": asked(lambda: job(world.now)) for name, job in HERE.items()}  # noqa: B023 - called at once


def more_rows(world: World) -> None:
    """Rows that the world does not have one of."""
    kept, owed = world.named["recording"]
    case = Case.objects.get(reference=world.named["reference"][0])
    manager, at = world.people[Role.TEAM_MANAGER], world.now
    told = {"kind": "unsafety", "warning": "given", "one_to_one": True, "place": "public_space", "off_when_over": True}
    Observation.objects.create(recording_id=kept, made_by="tests", made_at=at, **told)
    Suspension.objects.create(case=case, asked_at=at, until=at - timedelta(days=1))
    Remedy.objects.create(case=case, kind=Remedy.Kind.DEFAULT, received_at=at)
    there = {"case": case, "room": Room.objects.get(), "made_by": manager, "made_at": at}
    Appointment.objects.create(at=at + timedelta(days=1), minutes=30, **there)
    opening, (clip,) = Opening.objects.get(), world.named["clip"]
    PlayedSpan.objects.create(opening=opening, clip=clip, start_ms=0, end_ms=9, reported_at=at)
    FetchedRange.objects.create(opening=opening, clip=clip, first=0, last=9, at=at)
    Recording.objects.filter(pk=owed).update(openable=False)
    RightsReview.objects.create(kind="quarter", reviewer=manager, reviewed_at=at, list=[])
    # Of years ago: the copies of all recordings would be found for the copies of all cases.
    Case.objects.update(moment_from=at - timedelta(days=4000), moment_until=at - timedelta(days=4000))


def copy_rows(world: World, copies: Copies, times: int) -> None:
    """As many people look at once as before: of the copies, what was open is closed."""
    looking = list(Viewing.objects.filter(ended_at=None).values_list("pk", flat=True)) if copies.written == 0 else []
    copies.write(times)
    mine = copies.rows[Viewing] + copies.rows[Opening]
    own = {one.pk for one in mine} | set(looking)
    Viewing.objects.filter(ended_at=None).exclude(pk__in=own).update(ended_at=world.now)
    Opening.objects.filter(closed_at=None).exclude(pk__in=own).update(closed_at=world.now)


def grown(few: Asked, many: Asked) -> dict[str, object]:
    """What asks more now, with the statements that came most on top."""
    return {
        f"{name}: {few[name].total()} and {many[name].total()}": (many[name] - few[name]).most_common(3)
        for name in few
        if many[name].total() > few[name].total() + MORE
    }


@pytest.fixture
def world(db: None, tmp_path: Path, settings: Any) -> World:
    made = everything(tmp_path, settings)
    more_rows(made)
    return made


def test_no_page_asks_more_of_the_database_at_many_rows_than_at_few(world: World) -> None:
    browsers = {one: world.browser(one) for one in CALLERS}
    copies = Copies()
    copy_rows(world, copies, FEW)
    few = of_pages(world, browsers)
    copy_rows(world, copies, MANY - FEW)
    assert Recording.objects.count() == 3 * (MANY + 1)
    assert Case.objects.count() == 4 * (MANY + 1)
    many = of_pages(world, browsers, few)
    assert len(few) > 300, "pages of every role"
    assert few.keys() <= many.keys()
    assert grown(few, many) == {}


def test_no_job_asks_more_of_the_database_at_many_rows_than_at_few(world: World) -> None:
    copies = Copies()
    copy_rows(world, copies, FEW)
    few = of_jobs(world)
    copy_rows(world, copies, MANY - FEW)
    assert grown(few, of_jobs(world)) == {}
