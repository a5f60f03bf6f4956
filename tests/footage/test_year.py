"""A year of one team: every recording is of exactly the officer who wore the camera, or says aloud that nobody knows."""

import itertools
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from beeldkluis.devices import incident_actions as incidents
from beeldkluis.devices.actions import add_bodycam, hand_in, issue
from beeldkluis.devices.models import Bodycam, IssuePeriod
from beeldkluis.findings.models import Finding
from beeldkluis.footage.actions import NewRecording, register
from beeldkluis.footage.models import Recording
from beeldkluis.governance import registers
from beeldkluis.people.actions import add_officer, end_officer
from beeldkluis.people.models import Officer
from beeldkluis.protocol.recording import IssueFact, Resolved, resolve_officer
from tests.conftest import SETUP
from tests.footage.conftest import a_clip
from tests.people.test_acknowledgements import a_version

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
DAYS, OFFICERS, HIRED, CAMERAS = 365, 16, 4, 12


@dataclass
class Year:
    """What really happened, kept beside what the program was told."""

    draw: random.Random
    officers: list[Officer] = field(default_factory=list)
    cameras: list[Bodycam] = field(default_factory=list)
    wears: dict[int, Officer] = field(default_factory=dict)  # camera -> who really has it
    truth: dict[str, Officer | None] = field(default_factory=dict)  # recording -> who really wore the camera
    lost: int | None = None

    def begin(self) -> None:
        for number in range(OFFICERS + HIRED):
            hired = number >= OFFICERS
            self.officers.append(
                add_officer(
                    number=str(1200 + number), name=f"Proef {number}", employment="hired" if hired else "own",
                    since=FIRST, actor=SETUP, now=FIRST,
                )
            )  # fmt: skip
        for number in range(CAMERAS):
            self.cameras.append(
                add_bodycam(
                    serial=f"SIM-{number:04d}", label=f"BC-{number:04d}", make="Proef", model="P1",
                    pre_event_seconds=120, actor=SETUP, now=FIRST,
                )
            )  # fmt: skip

    def day(self, number: int) -> None:
        morning = FIRST + timedelta(days=number, hours=7)
        free = [one for one in range(CAMERAS) if one not in self.wears and one != self.lost]
        for camera in list(self.wears):
            if self.draw.random() < 0.06:  # swapped, on leave, ill
                self.take_back(camera, morning)
        idle = [one for one in self.officers if one.until is None and one not in self.wears.values()]
        for camera in free:
            if idle and self.draw.random() < 0.3:
                officer = idle.pop(self.draw.randrange(len(idle)))
                at = morning + timedelta(minutes=self.draw.randrange(60))
                issue(self.cameras[camera], officer, at=at, because="nog niet getekend", actor=SETUP, now=at)
                self.wears[camera] = officer
        for camera in range(CAMERAS):
            if self.draw.random() < 0.08:
                self.record(camera, morning + timedelta(hours=2 + self.draw.randrange(9)))
        if number in (90, 200):
            self.leaves(OFFICERS + (number > 100), morning)
        if number == 150:
            self.loses(morning)

    def take_back(self, camera: int, moment: datetime) -> None:
        hand_in(self.cameras[camera], at=moment, actor=SETUP, now=moment)
        del self.wears[camera]

    def leaves(self, number: int, moment: datetime) -> None:
        officer = self.officers[number]
        for camera in [one for one, wearer in self.wears.items() if wearer == officer]:
            self.take_back(camera, moment + timedelta(hours=12))
        end_officer(officer, until=moment + timedelta(hours=13), actor=SETUP)
        officer.refresh_from_db()

    def loses(self, moment: datetime) -> None:
        self.lost = next(iter(self.wears))
        told = incidents.Report(kind="loss", told="Kwijt.", last_seen_at=None, aware_at=moment)
        incidents.report_incident(self.cameras[self.lost], told, actor=SETUP, now=moment)

    def record(self, camera: int, moment: datetime) -> None:
        new = NewRecording(
            id=uuid4(), source="dock", serial=f"SIM-{camera:04d}", started_at=moment,
            activated_at=moment + timedelta(seconds=120), ended_at=moment + timedelta(seconds=300), clock_offset_ms=0,
            has_sound=True, said_apart="", clips=(a_clip(source_sha256=f"{self.draw.getrandbits(256):064x}"),),
        )  # fmt: skip
        later = moment + timedelta(
            hours=self.draw.choice([6, 30, 24 * 20])
        )  # docked that day, the next, or after leave
        made = register(new, actor=SETUP, now=later)
        self.truth[str(made.pk)] = self.wears.get(camera)


@pytest.fixture
def year(db: None, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Year:
    lived = Year(random.Random(request.param))
    lived.begin()
    monkeypatch.setattr(registers, "stored", lambda _digest: registers.base())
    first = a_version(sections=0)
    for number in range(DAYS):
        if number == 180:
            type(first).objects.filter(pk=first.pk).update(state="lapsed")
            a_version("2", sections=0)
        lived.day(number)
    return lived


@pytest.mark.slow
@pytest.mark.rule("recording.officer-known")
@pytest.mark.parametrize("year", [1, 2], indirect=True)
def test_every_recording_of_a_year_is_of_who_wore_the_camera_or_is_flagged(year: Year) -> None:
    recordings = list(Recording.objects.select_related("officer"))
    assert len(recordings) > 200
    flagged = [one for one in recordings if one.officer is None]
    assert 0 < len(flagged) < len(recordings)
    for one in recordings:
        wearer = year.truth[str(one.pk)]
        assert one.officer == wearer, one
        assert (wearer is None) == ("recording.officer-known" in one.flags)
    spoken = set(Finding.objects.filter(rule="recording.officer-known").values_list("recording", flat=True))
    assert {one.pk for one in flagged} == spoken, "nobody known: a person is asked to look"
    late = [
        one
        for one in recordings
        if one.serial == f"SIM-{year.lost:04d}" and one.started_at > FIRST + timedelta(days=151)
    ]
    assert late
    assert all(one.state == Recording.State.QUARANTINED for one in late), "what a lost camera delivers is set apart"


@pytest.mark.slow
@pytest.mark.rule("camera.issue")
@pytest.mark.parametrize("year", [3], indirect=True)
def test_in_a_year_no_camera_was_with_two_officers_at_any_moment(year: Year) -> None:
    for bodycam in Bodycam.objects.all():
        periods = list(IssuePeriod.objects.filter(bodycam=bodycam).order_by("issued_at").select_related("officer"))
        for one, following in itertools.pairwise(periods):
            assert one.handed_in_at is not None
            assert one.handed_in_at <= following.issued_at
        facts = [IssueFact(str(one.officer.pseudonym), one.issued_at, one.handed_in_at) for one in periods]
        for one in periods:
            assert resolve_officer(facts, one.issued_at) == Resolved(str(one.officer.pseudonym))
