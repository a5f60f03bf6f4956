from pathlib import Path

import pytest

from tests.processes import answer_of
from tests.vault.postgres import address, postgres

__all__ = ["postgres"]


@pytest.mark.postgres
@pytest.mark.slow
def test_confirming_stopping_and_using_at_the_same_moment_ends_in_one_way_that_the_journal_says(
    tmp_path: Path, postgres: int
) -> None:
    found = answer_of(
        "tests.people.race_accounts", BEELDKLUIS_DATA=str(tmp_path), BEELDKLUIS_DATABASE=address(postgres)
    )
    assert found["problems"] == []
    assert found["whole"]
    for one in found["outcome"]:
        assert one["active"] is (one["done"] and not one["stopped"]), one
        assert one["used"] is one["password"], one
        assert not (one["used"] and one["stopped"]), one
        assert one["entries"] == [int(one["done"]), int(one["done"]), int(one["stopped"])], one
    stopped = sum(one["stopped"] for one in found["outcome"])
    assert 0 < stopped < len(found["outcome"]), "the two never met"
