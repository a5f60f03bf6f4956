"""What the system never does: there is no part, page or address with which it could be done."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from beeldkluis.footage.models import Recording
from beeldkluis.people.models import Officer
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.purposes import Purpose
from tests.house.source import PACKAGE, ROOT, aggregates_by_officer, modules

RECOGNITION = (
    "face", "insightface", "deepface", "dlib", "facenet", "arcface", "retinaface", "mediapipe", "embedding", "reid",
    "re-id", "torchreid", "rekognition", "biometric", "gait", "voiceprint", "pyannote", "speaker",
)  # fmt: skip
COPYLEFT = ("ultralytics", "yolov5", "pymupdf", "ghostscript", "paperless", "minio", "mongodb")


def locked() -> set[str]:
    """Every package that is installed for running or testing, by name, Python's and the browser's."""
    names: set[str] = set()
    for path in (ROOT / "requirements").glob("*.txt"):
        names |= set(re.findall(r"^([A-Za-z0-9_.-]+)==", path.read_text(encoding="utf-8"), re.MULTILINE))
    lock = json.loads((ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8"))
    return {name.lower() for name in names} | {key.rpartition("node_modules/")[2].lower() for key in lock["packages"]}


def templates() -> list[Path]:
    return sorted(PACKAGE.rglob("templates/**/*.html"))


def scripts() -> list[Path]:
    return sorted((ROOT / "frontend" / "src").rglob("*.js"))


def addresses() -> list[str]:
    def walk(patterns: list[URLPattern | URLResolver], before: str) -> list[str]:
        found = []
        for one in patterns:
            here = before + str(one.pattern)
            found += walk(one.url_patterns, here) if isinstance(one, URLResolver) else [here]
        return found

    return walk(get_resolver().url_patterns, "/")


@pytest.mark.rule("detection.no-identification")
def test_no_part_can_recognise_a_face_a_voice_or_a_person() -> None:
    packages = locked()
    assert "django" in packages
    assert "age-encryption" in packages
    assert not [name for name in packages for word in RECOGNITION if word in name]
    models = {".onnx", ".pt", ".pth", ".tflite", ".caffemodel", ".pb"}
    assert not [path for path in PACKAGE.rglob("*") if path.suffix in models]


def test_no_part_comes_under_a_licence_that_the_house_refuses() -> None:
    assert not [name for name in locked() for word in COPYLEFT if word in name]
    with (ROOT / "pyproject.toml").open("rb") as file:
        assert tomllib.load(file)["project"]["license"] == "EUPL-1.2"


@pytest.mark.rule("purpose.no-figures")
def test_nothing_counts_or_compares_per_officer() -> None:
    assert not [place for module in modules() for place in aggregates_by_officer(module)]
    shown = [path.read_text(encoding="utf-8") for path in templates()]
    assert not [
        text
        for text in shown
        if re.search(
            r"officer[\w.]*\.(recordings|observations|incidents)|recordings[\w.]*\.count|\.recordings\.all"
            r"|regroup\b.*\bofficer|officer[\w.]*\|length|made_by",
            text,
        )
    ]
    assert not [field.name for field in Officer._meta.get_fields() if re.search("count|total|score|rating", field.name)]


@pytest.mark.rule("purpose.no-assessment")
def test_no_kind_of_case_and_no_purpose_is_about_an_employee() -> None:
    words = " ".join([*(kind.value + kind.dutch for kind in CaseKind), *(one.value + one.dutch for one in Purpose)])
    for word in ("employee", "medewerker", "personeel", "functioneren", "beoordelingsgesprek", "performance"):
        assert word not in words.lower()


@pytest.mark.rule("recording.no-remote-start")
def test_no_address_starts_a_camera_or_looks_along() -> None:
    found = addresses()
    assert "/verzoeken/" in found
    forbidden = re.compile(r"live|stream|start-recording|remote|webrtc|rtsp|inschakelen", re.IGNORECASE)
    assert not [address for address in found if forbidden.search(address)]
    imported = re.compile(r"getUserMedia|RTCPeerConnection|rtsp://", re.IGNORECASE)
    assert not [path.name for path in [*scripts(), *templates()] if imported.search(path.read_text(encoding="utf-8"))]


@pytest.mark.rule("access.no-spreading")
def test_no_address_shares_and_no_page_downloads_footage() -> None:
    ours = [address for address in addresses() if not address.startswith("/accounts/")]
    assert not [address for address in ours if re.search(r"share|delen|download|embed|public-link", address)]
    for path in templates():
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"<a[^>]*\sdownload", text), path
        for video in re.findall(r"<video[^>]*>", text):
            assert "nodownload" in video, path
            assert " src=" not in video, path


def test_the_list_of_recordings_has_nothing_to_look_at() -> None:
    pictures = re.compile("thumb|preview|poster|picture|image|frame", re.IGNORECASE)
    assert not [field.name for field in Recording._meta.get_fields() if pictures.search(field.name)]
    rooms = [
        path for path in templates() if path.parent.name in ("footage", "cases", "retention", "devices", "findings")
    ]
    assert not [path for path in rooms if re.search(r"<img|<video|<canvas|<picture", path.read_text(encoding="utf-8"))]
