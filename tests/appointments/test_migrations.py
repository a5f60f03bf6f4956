"""Rooms and appointments of an installation from before they were a package are still there, and so is what it wrote."""

from pathlib import Path

import pytest
from tests.carrying_over import carried_over
from tests.vault.postgres import postgres

__all__ = ["postgres"]  # a fixture
PROGRAM = "tests.appointments.carry_over"

WANTED = {
    "rooms": [["Kamer 3", "Dorp 1", "", False], ["Spreekkamer", "Hooiweg 9", "Melden bij de balie.", True]],
    "facts": True,
    "at": [True, True, "Spreekkamer"],
    "heartbeats": [[True, True]],
    "held": [True],
    "second": True,
    "nowhere": True,
    "unheard of": True,
    "next room": True,
    "tables": ["appointments_appointment", "appointments_room"],
    "back": [2, 1, 1, 1],
    "again": True,
}


@pytest.mark.slow
def test_rooms_appointments_and_what_was_held_at_them_are_carried_over(tmp_path: Path) -> None:
    assert carried_over(PROGRAM, tmp_path) == WANTED


@pytest.mark.postgres
@pytest.mark.slow
def test_on_postgresql_too(tmp_path: Path, postgres: int) -> None:
    assert carried_over(PROGRAM, tmp_path, postgres) == WANTED
