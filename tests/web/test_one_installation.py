"""Several machines on one database: one leader, one of everything that there may be only one of, one count of every limit."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.test import Client
from django.utils import timezone
from tests.conftest import SETUP
from tests.processes import answer_of
from tests.template import MIGRATED
from tests.vault.postgres import POSTGRES, postgres
from tests.web.program import command, install, needs_built

from beeldkluis.governance import registers
from beeldkluis.governance.actions import adopt
from beeldkluis.governance.models import Register
from beeldkluis.journal import clock
from beeldkluis.journal.actions import make_checkpoint
from beeldkluis.journal.models import Entry
from beeldkluis.journal.signer import make_signing_key
from beeldkluis.people.models import Notice, Person
from beeldkluis.protocol.brake import node_clock_holds
from beeldkluis.protocol.register import Protocol
from beeldkluis.retention.tasks import round_
from beeldkluis.vault.actions import take_up_places
from beeldkluis.web import belonging_actions, belongings, doctor, readiness
from beeldkluis.web.models import Belonging

__all__ = ["postgres"]  # a fixture
NOW = timezone.now()
PROTOCOL = Path(__file__).parents[2] / "protocols" / "westerkwartier-1.toml"


def look_anew() -> None:
    """The next question is not answered from memory."""
    readiness._seen.at, readiness._seen.shape = -readiness.REMEMBERED, False


@pytest.fixture
def installed(vault_folders: Path, administrator: Person, settings: Any, tmp_path: Path) -> Any:
    """A machine that was set up; answers its settings, which a test makes another machine's."""
    settings.PROTOCOLS_FOLDER = tmp_path / "protocols"
    settings.ADDRESS, settings.ALLOWED_HOSTS = "http://localhost:8000", ["localhost", "testserver"]
    adopt(PROTOCOL.read_bytes(), takes_effect_at=NOW, actor=SETUP, now=NOW)
    assert set(belonging_actions.note(actor=SETUP, now=NOW)) == {
        "signing-key",
        "secret",
        "origin",
        "municipality",
        "kind",
    }
    take_up_places(actor=SETUP, now=NOW)
    look_anew()
    return settings


def another_key(settings: Any, tmp_path: Path) -> None:
    settings.SIGNING_KEY_FILE = tmp_path / "other" / "vault-signing-key"
    make_signing_key()


def another_secret(settings: Any, _tmp_path: Path) -> None:
    settings.SECRET_KEY = "another secret than that of the first machine"


def another_journal(settings: Any, _tmp_path: Path) -> None:
    settings.JOURNAL_ORIGIN = "elders.example/journal"


def another_town(settings: Any, tmp_path: Path) -> None:
    settings.PROTOCOL_FILE = tmp_path / "elders.toml"
    text = PROTOCOL.read_text(encoding="utf-8")
    settings.PROTOCOL_FILE.write_text(text.replace('municipality = "Westerkwartier"', 'municipality = "Elders"', 1))


def a_demonstration(settings: Any, _tmp_path: Path) -> None:
    settings.DEMONSTRATION = True


def a_clock_that_differs(_settings: Any, _tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "ahead_of_database", lambda: timedelta(seconds=-6))


def a_spoilt_register(settings: Any, _tmp_path: Path) -> None:
    digest = Register.objects.get().pk
    (settings.PROTOCOLS_FOLDER / f"{digest}.toml").write_text("geen toml [")
    registers._stored.cache_clear()


def no_key_folder(settings: Any, tmp_path: Path) -> None:
    settings.KEY_FOLDER = tmp_path / "nowhere"


def another_key_folder(settings: Any, tmp_path: Path) -> None:
    settings.KEY_FOLDER = tmp_path / "another"
    settings.KEY_FOLDER.mkdir(mode=0o700)


def another_store(settings: Any, tmp_path: Path) -> None:
    settings.STORE_FOLDER = tmp_path / "another-store"
    settings.STORE_FOLDER.mkdir(mode=0o700)


WRONG: dict[str, tuple[Callable[..., None], str]] = {
    "another signing key": (another_key, "De ondertekensleutel van deze machine is een andere"),
    "another secret": (another_secret, "Het geheim van deze machine is een ander"),
    "another journal": (another_journal, "BEELDKLUIS_JOURNAL_ORIGIN is hier elders.example/journal"),
    "another municipality": (another_town, "Het protocolbestand van deze machine is van Elders"),
    "a demonstration": (a_demonstration, "de een is een demonstratie en de ander niet"),
    "another clock": (
        a_clock_that_differs,
        "De klok van deze machine en die van de database lopen meer dan 5 seconden uiteen",
    ),
    "a spoilt register": (a_spoilt_register, "Het protocolbestand klopt niet"),
    "another key folder": (another_key_folder, "/another "),
    "another store": (another_store, "another-store "),
    "no key folder": (no_key_folder, "nowhere is er niet. Is de schijf aangekoppeld?"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_the_doctor_names_what_is_wrong_before_the_first_request(
    installed: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    make, words = WRONG[wrong]
    assert not [one for one in doctor.findings() if words in one]
    given = (installed, tmp_path, monkeypatch) if make is a_clock_that_differs else (installed, tmp_path)
    make(*given)
    assert [one for one in doctor.findings() if words in one]


@pytest.mark.parametrize("wrong", sorted(set(WRONG) - {"another clock"}))
def test_a_machine_that_is_set_up_wrong_is_not_ready_and_tells_no_stranger_why(
    client: Client, installed: Any, tmp_path: Path, wrong: str
) -> None:
    assert (client.get("/gereed/").status_code, client.get("/gereed/").content) == (200, b"gereed\n")
    WRONG[wrong][0](installed, tmp_path)
    look_anew()
    answer = client.get("/gereed/")
    assert (answer.status_code, answer.content) == (503, b"niet gereed\n")


def test_what_was_noted_is_noted_once_and_names_no_secret(installed: Any) -> None:
    assert belonging_actions.note(actor=SETUP, now=NOW) == []
    marks = belongings.noted()
    assert installed.SECRET_KEY not in "".join(marks.values())
    entries = [one for one in Entry.objects.all() if one.act == "web.belonging_noted"]
    assert len(entries) == len(marks)


def test_a_secret_that_was_renewed_is_accepted_by_name_and_who_oversees_hears_it(installed: Any, dpo: Person) -> None:
    another_secret(installed, Path())
    assert [one[:13] for one in belongings.differing()] == ["Het geheim va"]
    assert belonging_actions.accept("secret", actor=SETUP, now=NOW)
    assert list(belongings.differing()) == []
    assert Notice.objects.get(receiver=dpo).subject == "Het geheim van de server is vernieuwd"
    assert not belonging_actions.accept("secret", actor=SETUP, now=NOW)
    with pytest.raises(KeyError):
        belonging_actions.accept("signing-key", actor=SETUP, now=NOW)


def test_a_key_that_signed_nothing_here_is_not_noted_as_the_key_of_a_journal_that_another_signed(
    installed: Any, tmp_path: Path
) -> None:
    assert make_checkpoint(now=NOW) is not None
    Belonging.objects.all().delete()  # as before this version
    another_key(installed, tmp_path)
    with pytest.raises(belonging_actions.ForeignError, match="De ondertekensleutel van deze machine is een andere"):
        belonging_actions.note(actor=SETUP, now=NOW)
    assert belongings.noted() == {}


@pytest.mark.rule("retention.clock-node")
@pytest.mark.parametrize(
    ("seconds", "allowed"), [(0, True), (5, True), (-5, True), (5.1, False), (-6, False), (86_400, False)]
)
def test_more_than_five_seconds_beside_the_database_nothing_is_destroyed(
    protocol: Protocol, seconds: float, allowed: bool
) -> None:
    verdict = node_clock_holds(ahead=timedelta(seconds=seconds), protocol=protocol)
    assert verdict.allowed is allowed
    assert ("vernietigt deze machine niets" in verdict.reason) is not allowed


def test_a_round_on_a_machine_with_another_clock_does_nothing_and_says_so(
    installed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert round_(NOW).problems == []
    a_clock_that_differs(installed, Path(), monkeypatch)
    done = round_(NOW)
    assert ["5 seconden uiteen" in one for one in done.problems] == [True]


def around(data: Path, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BEELDKLUIS", "DJANGO"))}
    database = f"postgres://tests@127.0.0.1:{port}/beeldkluis"
    return kept | {"BEELDKLUIS_DATA": str(data), "BEELDKLUIS_DATABASE": database}


def run(data: Path, port: int, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *words], env=around(data, port), capture_output=True, text=True, check=False, timeout=120
    )


COUNT = """
import django; django.setup()
from django.core.cache import cache
from django.db import transaction
try:
    with transaction.atomic():
        cache.add("tries", 0)
        cache.incr("tries")
        raise ValueError
except ValueError:
    print(cache.get("tries"))
"""


@needs_built
@pytest.mark.slow
@pytest.mark.postgres
def test_a_second_machine_joins_with_the_keys_of_the_first_and_counts_the_same_limits(
    tmp_path: Path, postgres: int
) -> None:
    where = ["-h", "127.0.0.1", "-p", str(postgres), "-U", "tests"]
    subprocess.run([POSTGRES / "createdb", *where, "-T", MIGRATED, "beeldkluis"], check=True)
    first, second, web = tmp_path / "first", tmp_path / "second", ("-m", "beeldkluis.web")
    assert run(first, postgres, *web, "setup").returncode == 0
    refused = run(second, postgres, *web, "setup")
    assert refused.returncode == 1
    assert "Deze database hoort al bij een installatie" in refused.stderr
    assert not (second / "secrets" / "vault-signing-key").exists()
    (second / "secrets").mkdir(parents=True, mode=0o700)
    for name in ("vault-signing-key", "django-secret"):
        (second / "secrets" / name).write_bytes((first / "secrets" / name).read_bytes())
        (second / "secrets" / name).chmod(0o600)
    joined = run(second, postgres, *web, "setup")
    assert joined.returncode == 0, joined.stderr
    (second / "secrets" / "django-secret").write_text("another\n")
    said = run(second, postgres, *web, "serve", "--port", "1")
    assert (said.returncode, "Het geheim van deze machine is een ander" in said.stderr) == (1, True)
    counting = {"DJANGO_SETTINGS_MODULE": "beeldkluis.web.settings"}
    seen = []
    for data in (first, second):
        answer = subprocess.run(
            [sys.executable, "-c", COUNT], env=around(data, postgres) | counting, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        seen.append(answer.stdout.strip() or answer.stderr[-500:])
    assert seen == ["1", "2"], "a try counts on every machine, also when the step around it is rolled back"
    with psycopg.connect(f"postgres://tests@127.0.0.1:{postgres}/beeldkluis") as other:
        other.execute("SELECT pg_advisory_lock(%s)", [0x6265656C64])
        waits = run(first, postgres, *web, "tick")
        assert (waits.returncode, "Een andere klok van deze installatie is bezig." in waits.stdout) == (0, True)
    led = run(first, postgres, *web, "tick")
    assert "Een andere klok" not in led.stdout, led.stderr


HOLD = """
import fcntl, sys, time
file = open(sys.argv[1], "w")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(60)
"""


@needs_built
@pytest.mark.slow
def test_on_one_machine_one_clock_at_a_time_does_the_work(tmp_path: Path) -> None:
    assert install(tmp_path).returncode == 0
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "clock.lock")], stdout=subprocess.PIPE, text=True
    ) as held:
        assert held.stdout is not None
        held.stdout.readline()
        assert "Een andere klok van deze installatie is bezig." in command(tmp_path, "tick").stdout
        held.kill()
    assert "Een andere klok" not in command(tmp_path, "tick").stdout


@pytest.mark.slow
@pytest.mark.postgres
def test_three_clocks_at_once_write_what_one_writes(tmp_path: Path, postgres: int) -> None:
    seen = {}
    for clocks in (1, 3):
        where = ["-h", "127.0.0.1", "-p", str(postgres), "-U", "tests"]
        subprocess.run([POSTGRES / "createdb", *where, "-T", MIGRATED, f"clocks{clocks}"], check=True)
        folder = tmp_path / str(clocks)
        folder.mkdir()
        database = f"postgres://tests@127.0.0.1:{postgres}/clocks{clocks}"
        where_it_is = {"BEELDKLUIS_DATA": str(folder), "BEELDKLUIS_DATABASE": database}
        answer = answer_of("tests.web.clocks_at_once", folder, str(clocks), **where_it_is)
        assert answer["problems"] == []
        seen[clocks] = answer["acts"]
    assert seen[1]["footage.observation_reminded"] == 60
    assert seen[3] == seen[1]
