"""The entry for the algorithm register: what it says of people, of models, and of what was measured."""

from pathlib import Path

import pytest
from django.core.management import call_command

from beeldkluis.protocol.register import Protocol
from beeldkluis.redaction.algorithm_queries import cards, entry

CARD = """# NanoDet-g, 416 × 416

- **File**: `weights/nanodet.onnx`, SHA-256 `2ce8`.
- **Licence of the weights**: Apache-2.0. Evidence: the author's.
- **Misses**: people far away & "small" ones.
"""
MEASURED = """measured_on = "2026-11-28"

[[variants]]
name = "walking"
whole_head = 99.6
exposed_persons = 0

[[variants]]
name = "darkened"
whole_head = 97.0
needless_cover = 11.5
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "cards").mkdir()
    (tmp_path / "cards" / "nanodet.md").write_text(CARD, encoding="utf-8")
    return tmp_path


def test_it_says_who_looks_and_that_nobody_is_recognised(protocol: Protocol, folder: Path) -> None:
    text = entry(protocol, folder=folder / "cards", measured=folder / "measured.toml")
    assert "- **Organisatie**: Het college van burgemeester en wethouders van de gemeente Westerkwartier" in text
    assert "Daarbij is aanwezig: handhaver, teammanager." in text
    assert "Gaat een kopie het huis uit, dan kijkt een tweede mens haar ook helemaal na." in text
    assert "Het programma herkent niemand" in text


def test_each_model_stands_in_it_with_the_words_of_its_card(protocol: Protocol, folder: Path) -> None:
    measured = folder / "measured.toml"
    text = entry(protocol, folder=folder / "cards", measured=measured)
    assert "### NanoDet-g, 416 × 416\n\n- **File**: `weights/nanodet.onnx`, SHA-256 `2ce8`.\n" in text
    assert '- **Misses**: people far away & "small" ones.' in text
    assert [name for name, _text in cards(folder / "cards")[0].facts] == ["File", "Licence of the weights", "Misses"]
    assert "Bij deze installatie horen geen modellen." in entry(protocol, folder=folder / "none", measured=measured)


def test_figures_stand_in_it_as_they_were_measured_or_it_says_that_nobody_did(protocol: Protocol, folder: Path) -> None:
    measured = folder / "measured.toml"
    assert "## Meetcijfers\n\nNog niet gemeten.\n" in entry(protocol, folder=folder / "cards", measured=measured)
    measured.write_text(MEASURED, encoding="utf-8")
    text = entry(protocol, folder=folder / "cards", measured=measured)
    assert "Nog niet gemeten" not in text
    assert "- **measured_on**: 2026-11-28\n" in text
    assert (
        "| name | whole_head | exposed_persons | needless_cover |\n|---|---|---|---|\n"
        "| walking | 99,6 | 0 |  |\n| darkened | 97,0 |  | 11,5 |\n"
    ) in text


def test_a_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("algorithm")
    said = capsys.readouterr().out
    assert said.startswith("# Mensen en schermen vinden om ze onherkenbaar te maken")
    assert "### Mensen bedekt voordat een mens nakijkt\n" in said
    assert "| zoals opgenomen | 1416 |" in said
