"""Who and what the tests of every room may ask for: people with an account, an officer, a bodycam, folders, the protocol."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType

import pytest
from django.core.cache import cache
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker, Settings

from beeldkluis.devices.actions import add_bodycam, issue
from beeldkluis.devices.models import Bodycam, IssuePeriod
from beeldkluis.governance.registers import base
from beeldkluis.journal import anchor, clock, guard
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.signer import make_signing_key
from beeldkluis.people.actions import add_officer, add_person
from beeldkluis.people.models import Officer, Person
from beeldkluis.protocol.register import Protocol
from beeldkluis.protocol.roles import Role
from tests.order import arrange
from tests.template import empty_database

# No test depends on the speed of the machine: no deadline, and no health check that a busy one fails. A test that sets
# `suppress_health_check` itself leaves this list, so none does but for all of them (tests/house/test_speed.py).
ANY_MACHINE = {
    "deadline": None,
    "suppress_health_check": [
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,  # a database per test, not per example, is meant: examples clear up themselves
    ],
}
settings.register_profile("quick", max_examples=20, **ANY_MACHINE)
settings.register_profile("whole", **ANY_MACHINE)
settings.load_profile("whole")
START = datetime(2026, 10, 1, 8, 0, tzinfo=UTC)  # everything below is in the register from here on
SETUP = Actor.system("tests")
TESTS = str(Path(__file__).parent)
WEB = Path(__file__).parent / "web"  # the whole program, through its addresses
PROGRAM = str(Path(guard.__file__).parents[1])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is a page, which `make quick` leaves out; and put the longest files first."""
    for item in items:
        pages = item.path.is_relative_to(WEB) or item.path.name in {"test_pages.py", "test_visits.py"}
        if pages or "client" in getattr(item, "fixturenames", ()):
            item.add_marker("page")
    arrange(items)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """In place of pytest-django's own: see tests/template.py."""
    with empty_database(django_db_blocker):
        yield


def _person(role: Role) -> Person:
    return add_person(
        email=f"{role.value}@example.nl",
        name=f"De {role.dutch}",
        role=role,
        password="paarden lopen langs het kanaal",
        actor=SETUP,
        now=START,
    )


# The guard itself; the models whose `save` a test calls (house tests keep models from writing by themselves); and migrations
# that a test carries out, for which the program's own `migrate` opens the guard.
PASSED_THROUGH = ("/guard.py", "/models.py", "/migrations/")


def _a_test_writes() -> bool:
    """Is it a test that writes this row, rather than the program?"""
    frame: FrameType | None = sys._getframe(2)  # 0 is this, 1 the guard that was put in place
    while frame is not None:
        if frame.f_code.co_filename.startswith(TESTS):
            return True
        file = frame.f_code.co_filename
        if file.startswith(PROGRAM) and not any(part in file for part in PASSED_THROUGH):
            return False
        frame = frame.f_back
    return False


@pytest.fixture(autouse=True)
def rows_of_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests may write rows that no step would write. The program itself may not, in no test: the guard stays on."""
    inside = guard.is_open
    monkeypatch.setattr(guard, "is_open", lambda: inside() or _a_test_writes())


@pytest.fixture(autouse=True)
def nothing_remembered(settings: Settings) -> None:
    """What a server remembers beside its key is of another journal after every test."""
    settings.SIGNING_KEY_FILE = Path(settings.SIGNING_KEY_FILE)
    for file in settings.SIGNING_KEY_FILE.parent.glob(f"{settings.SIGNING_KEY_FILE.name}-*"):
        file.unlink()
    anchor._seen.clear()
    cache.clear()  # tries, limits and what was counted of another test


class Machine:
    """A machine whose running time tests decide, apart from its clock."""

    def __init__(self) -> None:
        self.boot, self.seconds = "first", 1000

    def run(self, length: timedelta) -> None:
        self.seconds += int(length.total_seconds())

    def start_anew(self) -> None:
        self.boot, self.seconds = f"{self.boot} again", 1

    def uptime(self) -> clock.Uptime:
        return clock.Uptime(self.boot, self.seconds)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine()
    monkeypatch.setattr(clock, "uptime", made.uptime)
    return made


@pytest.fixture
def team_manager(db: None) -> Person:
    return _person(Role.TEAM_MANAGER)


@pytest.fixture
def dpo(db: None) -> Person:
    return _person(Role.DPO)


@pytest.fixture
def administrator(db: None) -> Person:
    return _person(Role.ADMINISTRATOR)


@pytest.fixture
def officer(db: None) -> Officer:
    return add_officer(number="1207", name="S. Wiersma", employment="own", since=START, actor=SETUP, now=START)


@pytest.fixture
def bodycam(db: None) -> Bodycam:
    return add_bodycam(
        serial="SIM-0007", label="BC-0007", make="Proef", model="P1", pre_event_seconds=120, actor=SETUP, now=START
    )


@pytest.fixture
def issued(bodycam: Bodycam, officer: Officer) -> IssuePeriod:
    """The officer has the bodycam, an hour after the start, and still."""
    at = START + timedelta(hours=1)
    return issue(bodycam, officer, at=at, actor=SETUP, now=at)


@pytest.fixture
def vault_folders(tmp_path: Path, settings: Settings) -> Path:
    """Store, keys, staging and signing key of this test alone."""
    for name in ("store", "keys", "staging"):
        (tmp_path / name).mkdir(mode=0o700)
    settings.STORE, settings.STORE_FOLDER, settings.KEY_FOLDER = "local", tmp_path / "store", tmp_path / "keys"
    settings.KEY_STANDBY_FOLDER, settings.STAGING_FOLDER = "", tmp_path / "staging"
    settings.SIGNING_KEY_FILE = tmp_path / "secrets" / "vault-signing-key"
    make_signing_key()
    return tmp_path


@pytest.fixture
def protocol() -> Protocol:
    return base()
