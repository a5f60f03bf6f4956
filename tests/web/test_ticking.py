from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone
from tests.conftest import Machine

from beeldkluis.findings.models import Finding
from beeldkluis.journal import clock
from beeldkluis.journal.models import Checkpoint
from beeldkluis.journal.signer import make_signing_key
from beeldkluis.people.models import Person
from beeldkluis.web import ticking
from beeldkluis.web.ticking import tick

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_one_failing_job_stops_no_other_and_becomes_one_finding(db: None) -> None:
    done: list[str] = []

    def fails(_now: datetime) -> list[str]:
        raise ValueError("stuk")

    def works(_now: datetime) -> list[str]:
        done.append("works")
        return []

    for _ in range(2):
        assert len(tick(NOW, {"eerste": fails, "tweede": works})) == 1
    assert done == ["works", "works"]
    finding = Finding.objects.get()
    assert finding.text == "Achtergrondtaak eerste is mislukt (ValueError). Kijk in het technische log van de server."
    assert "stuk" not in finding.text, "an error's own words may name a person"


@pytest.mark.rule("retention.clock-jump")
def test_what_does_not_come_back_waits_while_the_clock_is_not_believed(db: None, machine: Machine) -> None:
    """A version that applies a year early, names that are erased, holds that end: no clock that is put right undoes them."""
    done: list[str] = []

    def job(name: str) -> Any:
        return lambda _now: done.append(name) or []

    jobs = {"klok": ticking.machine_clock} | {name: job(name) for name in ticking.JOBS}
    tick(NOW, jobs)
    assert set(done) == set(ticking.JOBS)
    done.clear()
    tick(NOW + timedelta(days=365), jobs)
    left_out = {"ingang", "loslaten", "accounts", "incidenten", "persoonsgegevens"}
    assert set(ticking.JOBS) - set(done) == left_out == ticking.BY_A_TRUE_CLOCK
    done.clear()
    machine.run(timedelta(minutes=1))
    tick(NOW + timedelta(minutes=1), jobs)
    assert set(done) == set(ticking.JOBS)


def test_what_a_job_says_is_wrong_becomes_a_finding(db: None) -> None:
    assert tick(NOW, {"afmaken": lambda _now: ["de schijf is vol"]}) == ["Achtergrondtaak afmaken: de schijf is vol"]
    assert Finding.objects.get().rule == "installation.tick"


def test_the_real_jobs_run_on_an_installation_without_footage(administrator: Person, settings: object) -> None:
    make_signing_key()
    for folder in (settings.STORE_FOLDER, settings.KEY_FOLDER, settings.STAGING_FOLDER):  # type: ignore[attr-defined] - pytest-django's settings
        folder.mkdir(mode=0o700)
    assert tick(NOW) == []
    call_command("tick")


def test_a_checkpoint_is_signed_when_the_journal_grew_and_an_hour_went_by(db: None) -> None:
    make_signing_key()
    tick(NOW, {"een": lambda _now: ["regel"]})
    for hours, count in ((0, 1), (0, 1), (1, 2), (2, 2)):
        ticking.checkpoint(NOW.replace(hour=9 + hours))
        if hours == 0:
            tick(NOW, {"een": lambda _now: ["nog een regel"]})
        assert Checkpoint.objects.count() == count, hours


def test_a_checkpoint_from_a_time_to_come_counts_as_old(db: None) -> None:
    """Signed in the minute that the clock said a year later: nothing was signed for a year afterwards."""
    make_signing_key()
    tick(NOW, {"een": lambda _now: ["regel"]})
    ticking.checkpoint(NOW + timedelta(days=365))
    tick(NOW, {"een": lambda _now: ["nog een regel"]})
    ticking.checkpoint(NOW + timedelta(minutes=1))
    assert Checkpoint.objects.count() == 2


@pytest.mark.parametrize("problem", [[], ["x"]])
def test_the_command_ends_with_one_when_something_went_wrong(
    db: None, problem: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ticking, "tick", lambda _now, _jobs: problem)
    if not problem:
        call_command("tick")
        return
    with pytest.raises(SystemExit) as end:
        call_command("tick")
    assert end.value.code == 1


def test_a_demonstration_that_lets_time_run_keeps_who_is_signed_in(db: None, settings: Any, tmp_path: Path) -> None:
    """Sessions go by the machine's own clock: a tick a month ahead would have ended every one of them each minute."""
    settings.DEMONSTRATION, settings.DATA_FOLDER = True, tmp_path
    (tmp_path / "demonstration-clock").write_text(str(28 * 86400))
    Session.objects.create(session_key="x" * 32, session_data="", expire_date=timezone.now() + timedelta(hours=9))
    Session.objects.create(session_key="y" * 32, session_data="", expire_date=timezone.now() - timedelta(seconds=1))
    assert ticking.tick(clock.now(), {"opruimen": ticking.JOBS["opruimen"]}) == []
    assert [one.session_key for one in Session.objects.all()] == ["x" * 32]
