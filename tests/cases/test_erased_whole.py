"""After its term nothing of who asked is left: in no column, in no file of the database, in no line of the journal."""

from pathlib import Path
from typing import Any

import pytest

from tests.processes import answer_of
from tests.vault.postgres import address, postgres

__all__ = ["postgres"]  # a fixture


def lived(folder: Path, database: str) -> Any:
    return answer_of(
        "tests.cases.erased_life",
        folder,
        BEELDKLUIS_DATA=str(folder),
        BEELDKLUIS_DATABASE=database,
        BEELDKLUIS_MAIL_FROM="beeldkluis@example.nl",
    )


def erased_at_the_end_and_not_before(told: Any) -> None:
    written = told["before"]["rows"]
    assert written["journal_detail.payload"] >= 8
    assert {"cases_case.told", "cases_letter.words", "cases_remedy.note", "viewing_attendance.name"} <= written.keys()
    assert {"cases_case.on_behalf_of", "cases_case.in_doubt", "cases_case.regime_because"} <= written.keys()
    assert {"cases_suspension.third_party", "cases_suspension.views", "cases_giving.note"} <= written.keys()
    assert "cases_casedocument.data" in written
    assert (told["early"], told["papers"], told["done"], told["again"]) == (0, 1, 1, 0)
    assert told["after"]["rows"] == {}
    assert told["stays"] == ["2026-0001", "access", "closed", True]
    assert told["hashes"] == [64] * 4
    assert told["remedy"] == [["complaint", "dismissed", ""]]


@pytest.mark.slow
@pytest.mark.rule("personal.case")
def test_no_column_and_no_byte_of_the_database_holds_what_the_requester_told(tmp_path: Path) -> None:
    told = lived(tmp_path, "")
    erased_at_the_end_and_not_before(told)
    assert told["before"]["files"], "the word is found where it stands"
    assert told["after"]["files"] == []


@pytest.mark.postgres
@pytest.mark.slow
def test_on_postgresql_too(tmp_path: Path, postgres: int) -> None:
    erased_at_the_end_and_not_before(lived(tmp_path, address(postgres)))
