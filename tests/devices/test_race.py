from pathlib import Path

import pytest

from tests.processes import answer_of
from tests.vault.postgres import address, postgres

__all__ = ["postgres"]  # a fixture


@pytest.mark.postgres
@pytest.mark.slow
def test_of_ten_at_once_one_dock_gets_in_and_one_officer_gets_the_bodycam(tmp_path: Path, postgres: int) -> None:
    answer = answer_of(
        "tests.devices.race_at_once", BEELDKLUIS_DATA=str(tmp_path), BEELDKLUIS_DATABASE=address(postgres)
    )
    assert answer == {"let_in": 1, "issued": 1, "docks": 1, "periods": 1}
