"""The days that a royal decree makes equal to holidays: dated data that must not run out unseen."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from beeldkluis.protocol.decree_days import known
from beeldkluis.protocol.register import RegisterError


def test_the_file_names_the_five_days_its_source_and_until_when_it_is_known() -> None:
    days = known()
    wanted = {date(2026, 1, 2), date(2026, 5, 15), date(2027, 5, 7), date(2028, 4, 28), date(2028, 5, 26)}
    assert (days.days, days.known_until) == (wanted, date(2028, 12, 31))
    assert "termijnenwet" in days.source


def test_it_runs_out_a_year_before_its_end() -> None:
    days = known()
    assert days.runs_out(days.known_until - timedelta(days=366))
    assert not days.runs_out(days.known_until - timedelta(days=367))


@pytest.mark.parametrize(
    "text",
    [
        "[decree",
        "[decree]",
        '[decree]\nsource = "x"\nknown_until = 2028-12-31\ndays = ["2026-01-02"]',
        '[decree]\nsource = " "\nknown_until = 2028-12-31\ndays = []',
        '[decree]\nsource = "x"\nknown_until = 2028-12-31T00:00:00\ndays = []',
        '[decree]\nsource = "x"\nknown_until = 2026-12-31\ndays = [2027-05-07]',
    ],
)
def test_a_file_that_is_not_understood_counts_no_term(text: str, tmp_path: Path) -> None:
    file = tmp_path / "decree-days.toml"
    file.write_text(text)
    with pytest.raises(RegisterError):
        known(file)
