"""The detector that a municipality added: it is searched with, named, and nothing is searched when it does not work."""

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from tests.masking.test_own_model import described
from tests.redaction import programs
from tests.redaction.conftest import Copying
from tests.redaction.test_pages import browser, home, read

from beeldkluis.protocol.redaction import RedactionState as S
from beeldkluis.protocol.register import Protocol
from beeldkluis.redaction import own_detector_queries
from beeldkluis.redaction.algorithm_queries import entry
from beeldkluis.redaction.own_detector_queries import models
from beeldkluis.web import doctor

__all__ = ["browser"]
NARROW = ("width = 64", "width = 8")
WRONG = (
    "De eigen detector van deze gemeente werkt niet: model.toml: width moet tussen 32 en 4096 liggen. "
    "Zolang dat zo is, wordt er niet gezocht."
)


@pytest.fixture
def own(tmp_path: Path, settings: Any) -> Path:
    """A folder with a detector, which the installation names."""
    folder = tmp_path / "own-detector"
    folder.mkdir()
    described(folder)
    settings.OWN_DETECTOR_FOLDER = str(folder)
    return folder


def doctor_says(capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit):
        call_command("doctor")  # a fresh installation lacks people and keys
    return capsys.readouterr().out


def test_a_search_is_done_with_it_and_its_name_and_hash_are_known(copying: Copying, own: Path) -> None:
    copying.analysed()
    assert dict(programs.seen)["own"] == own
    digest = sha256((own / "own.onnx").read_bytes()).hexdigest()
    assert ("own own.onnx", digest) in models()


def test_without_the_setting_there_is_none(copying: Copying) -> None:
    copying.analysed()
    assert dict(programs.seen)["own"] is None
    assert not [name for name, _ in models() if name.startswith("own")]
    assert own_detector_queries.card() is None


def test_parts_that_other_detectors_made_are_made_anew(copying: Copying, tmp_path: Path, settings: Any) -> None:
    copying.ask()
    programs.goes_wrong.append(RuntimeError("stopped"))
    copying.work()
    assert copying.one.state == S.FAILED
    settings.OWN_DETECTOR_FOLDER = str(described(tmp_path))
    copying.ask()
    copying.work()
    assert copying.one.state == S.ANALYSED
    assert [len(parts) for name, parts in programs.seen if name == "parts" and isinstance(parts, tuple)] == [0, 0]


def test_a_broken_one_is_named_on_the_page_and_to_the_administrator(
    browser: Client, copying: Copying, own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "eigen detector" not in read(browser, home(copying))
    assert list(doctor.detector()) == []
    described(own, NARROW)
    assert WRONG in read(browser, home(copying))
    assert list(doctor.detector()) == [WRONG]
    assert f"- {WRONG}\n" in doctor_says(capsys)


@pytest.mark.usefixtures("db")
def test_the_doctor_says_which_it_is_and_lets_its_network_run(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    digests = [sha256((own / name).read_bytes()).hexdigest() for name in ("own.onnx", "model.toml")]
    said = doctor_says(capsys)
    assert (f"Eigen detector in {own}: own.onnx (SHA-256 {digests[0]}), model.toml (SHA-256 {digests[1]}).\n") in said
    assert "werkt niet" not in said
    described(own, ('"rows"', '"shares"'))  # 3 x 6 numbers are no rows of 7
    assert "own.onnx antwoordt in een andere vorm dan layout in model.toml zegt" in doctor_says(capsys)
    (own / "model.toml").unlink()
    assert "werkt niet: model.toml is niet te lezen" in doctor_says(capsys)
    (own / "own.onnx").unlink()
    own.rmdir()
    assert "werkt niet: de map is niet te lezen" in doctor_says(capsys)


def test_the_algorithm_register_names_it(protocol: Protocol, own: Path) -> None:
    digest = sha256((own / "own.onnx").read_bytes()).hexdigest()
    text = entry(protocol)
    assert f"### Eigen detector van de gemeente: own.onnx\n\n- **Bestand**: `own.onnx`, SHA-256 `{digest}`\n" in text
    assert "- **Zoekt**: papier; alles vanaf een score van 0,4\n" in text
    assert "- **Gemeten**: De meetcijfers hierboven zijn zonder deze detector." in text
    described(own, NARROW)
    assert f"### Eigen detector van de gemeente\n\n- **Werkt niet**: {WRONG}" in entry(protocol)
