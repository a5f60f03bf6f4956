"""A kind of case that somebody adds does what its hint says: the issue's own experiment, on a copy of the program."""

from pathlib import Path

import pytest

from tests.processes import answer_of
from tests.protocol import seventh


@pytest.mark.slow
@pytest.mark.rule("retention.hold-until-resolved", "request.kinds")
def test_a_kind_whose_hint_says_that_footage_is_kept_keeps_it(tmp_path: Path) -> None:
    source = seventh.program(tmp_path)
    told = answer_of(
        "tests.cases.seventh_life", PYTHONPATH=f"{source}:{seventh.ROOT}", DJANGO_SETTINGS_MODULE="tests.settings"
    )
    assert told == ["Melding van een ongeval", ["retention.hold-until-resolved"]]
