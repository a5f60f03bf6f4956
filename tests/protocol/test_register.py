from pathlib import Path

import pytest

from beeldkluis.protocol.register import KeptBy, Protocol, RegisterError, load, rule

HEAD = '[protocol]\nmunicipality = "X"\nversion = "1"\n'
RULE = '[a.b]\nclauses = ["work-1"]\nplace = "1"\nsentence = "Zin."\nkept_by = "software"\n'


def written(folder: Path, text: str) -> Path:
    path = folder / "protocol.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_protocol_is_read_with_its_numbers(tmp_path: Path) -> None:
    protocol = load(written(tmp_path, HEAD + RULE + "days = 3\nseconds = 4\nminutes = 5\n"))
    assert (protocol.municipality, protocol.version) == ("X", "1")
    assert protocol.days("a.b").total_seconds() == 3 * 86_400
    assert protocol.seconds("a.b").total_seconds() == 4
    assert protocol.minutes("a.b").total_seconds() == 300
    assert protocol.rules["a.b"].kept_by is KeptBy.SOFTWARE


@pytest.mark.parametrize(
    "text",
    [
        RULE,
        HEAD + RULE.replace('["work-1"]', "[]"),
        HEAD + RULE.replace('clauses = ["work-1"]\n', ""),
        HEAD + RULE.replace('place = "1"\n', ""),
        HEAD + RULE.replace("software", "somebody"),
        HEAD + RULE.replace("software", "people"),
        HEAD + RULE + "days = -1\n",
        HEAD + RULE + "days = 1.5\n",
        HEAD + RULE + "days = true\n",
        HEAD + RULE + 'days = "28"\n',
    ],
)
def test_a_file_that_is_incomplete_or_strange_stops_the_start(text: str, tmp_path: Path) -> None:
    with pytest.raises(RegisterError):
        load(written(tmp_path, text))


def test_a_number_that_is_not_set_is_an_error_that_names_it(protocol: Protocol) -> None:
    with pytest.raises(RegisterError, match=r"retention\.period sets no seconds"):
        protocol.seconds("retention.period")
    with pytest.raises(RegisterError, match="Westerkwartier 1"):
        protocol.days("no.rule")


def test_a_rule_has_one_home() -> None:
    with pytest.raises(RegisterError, match="two homes"):

        @rule("access.roles")
        def another() -> None: ...
