"""What a newcomer finds in a demonstration: a request that waits, and one that is granted and only needs its covered copy."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from pytest_django import Settings

from beeldkluis.camera.example import EXAMPLE
from beeldkluis.cases.models import Case, Letter
from beeldkluis.cases.recording_queries import recordings_of
from beeldkluis.footage.actions import NewClip, NewRecording, register
from beeldkluis.footage.models import Recording
from beeldkluis.journal import clock
from beeldkluis.journal.actor import Actor
from beeldkluis.people.models import Person
from beeldkluis.protocol.roles import Role
from beeldkluis.redaction.queries import may_work
from beeldkluis.web import demonstration
from beeldkluis.web.due import for_person

DOCK = Actor.system("dock")


@pytest.fixture
def filmed(db: None, settings: Settings, tmp_path: Path) -> Callable[[str], Recording]:
    settings.DEMONSTRATION, settings.DATA_FOLDER = True, tmp_path
    demonstration.seed_once()

    def film(sha256: str) -> Recording:
        now, recording = clock.now(), uuid4()
        clip = NewClip(
            object=uuid4(), position=0, name="film.mp4", content_type="video/mp4", source_sha256=sha256, source_size=9,
            sealed_sha256="1" * 64, duration_ms=40_000,
        )  # fmt: skip
        new = NewRecording(
            id=recording, source="dock", serial=demonstration.SERIALS[0], started_at=now - timedelta(minutes=11),
            activated_at=now - timedelta(minutes=11), ended_at=now - timedelta(minutes=10), clock_offset_ms=0,
            has_sound=True, said_apart="", clips=(clip,),
        )  # fmt: skip
        return register(new, actor=DOCK, now=now)

    return film


def test_one_request_waits_and_one_is_granted_to_who_was_filmed(filmed: Callable[[str], Recording]) -> None:
    recording = filmed(EXAMPLE.sha256)
    waits, granted = demonstration.ask_for_newest(), demonstration.grant_filmed()
    told = demonstration.links()
    assert (told["case"], told["granted"]) == (waits, granted)
    assert Case.objects.get(reference=waits).state == "forwarded"
    case = Case.objects.get(reference=granted)
    assert (case.state, case.requester_name) == ("granted", "Demo Gefilmde")
    assert "lang blond haar" in case.description.lower()
    assert recordings_of(case) == [recording]
    assert Letter.objects.filter(case=case).count() == 3
    assert not Letter.objects.filter(case=case, how="").exists()


def test_the_team_manager_reads_that_it_must_be_shown_and_may_begin(filmed: Callable[[str], Recording]) -> None:
    filmed(EXAMPLE.sha256)
    granted = demonstration.grant_filmed()
    manager = Person.objects.get(role=Role.TEAM_MANAGER)
    assert f"Geef de inzage bij verzoek {granted}" in [one.title for one in for_person(manager, clock.now())]
    assert may_work(Case.objects.get(reference=granted), manager).allowed


def test_it_is_made_once_and_only_when_there_is_film(filmed: Callable[[str], Recording]) -> None:
    assert (demonstration.ask_for_newest(), demonstration.grant_filmed()) == ("", "")
    assert demonstration.links()["granted"] == ""
    filmed("0" * 64)
    assert demonstration.grant_filmed()
    assert demonstration.grant_filmed() == ""
    assert Case.objects.get().description == "", "of another film nobody knows who is on it"
