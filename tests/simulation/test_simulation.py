"""A small run of `make simulate`: it plays, the oracle and the program agree, and a planted fault is seen."""

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from simulation.letters import Expected, faults
from simulation.oracle import Case, Oracle

from simulation import law

ROOT = Path(__file__).resolve().parents[2]
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.slow
def test_some_weeks_are_played_and_nothing_is_wrong() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "simulation"],
        cwd=ROOT, env=os.environ | {"YEARS": "0.09", "SEED": "5"}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    told = json.loads(done.stdout.splitlines()[-1])
    assert [one["name"] for one in told["goals"]] == [
        "early", "late", "lost", "revived", "held without ground", "wrong letters",
    ]  # fmt: skip
    assert all(one["met"] for one in told["goals"]), done.stdout
    assert told["recordings"] > 20
    assert told["destroyed"]


def test_the_oracle_counts_days_of_the_law_by_itself() -> None:
    assert [law.easter(year) for year in (2026, 2027, 2028, 2035)] == [
        date(2026, 4, 5), date(2027, 3, 28), date(2028, 4, 16), date(2035, 3, 25),
    ]  # fmt: skip
    assert law.objection_day(datetime(2026, 4, 2, 22, 30, tzinfo=UTC)) == date(2026, 5, 18), (
        "Friday the 15th is decreed"
    )
    assert law.objection_day(datetime(2027, 3, 16, 8, tzinfo=UTC)) == date(2027, 4, 28), "the day after the king's"
    assert law.final_from(datetime(2026, 11, 3, 9, tzinfo=UTC)) == datetime(2026, 12, 22, 23, tzinfo=UTC)


def test_the_oracle_knows_what_a_request_keeps() -> None:
    oracle = Oracle(AT)
    came = {"said": (AT, AT), "received": AT}
    film = oracle.film_came(object(), ended=AT, measured=True, **came)  # type: ignore[arg-type]
    assert oracle.why_not(film, film.term) == ""
    case = Case("2026-0001", "access", AT, AT, (AT, AT))
    oracle.case_came(case)
    assert "kept for 2026-0001" in oracle.why_not(film, film.term)
    oracle.closed(case, film.term)
    assert oracle.deadline(film) == film.term + law.timedelta(hours=1)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("uiterlijk op 1 december 2026", []),
        ("uiterlijk op 2 december 2026", ["lacks 1 december 2026", "says 2 december 2026"]),
        ("uiterlijk op 1 december 2026, 28 dagen", ["says 28 dagen"]),
        ("uiterlijk op 1 december 2026 om 14.30 uur", ["says 14.30 uur"]),
        ("uiterlijk op 1 december 2026 (protocol versie 2)", ["says version 2"]),
    ],
)
def test_a_wrong_day_in_a_letter_is_seen(text: str, wrong: list[str]) -> None:
    assert faults(text, {}, Expected(days={"1 december 2026"})) == wrong
