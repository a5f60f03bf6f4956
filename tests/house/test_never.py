"""What the system never does: there is no part, page or address with which it could be done."""

import json
import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from openvino import Core

from beeldkluis.footage.models import Recording
from beeldkluis.masking import weights
from beeldkluis.people.models import Officer
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.purposes import Purpose
from tests.house.source import PACKAGE, ROOT, aggregates_by_officer, modules

RECOGNITION = (
    "face", "insightface", "deepface", "dlib", "facenet", "arcface", "retinaface", "mediapipe", "embedding", "reid",
    "re-id", "torchreid", "rekognition", "biometric", "gait", "voiceprint", "pyannote", "speaker",
    "faceres", "adaface", "cosface", "sphereface", "magface", "buffalo", "resemblyzer", "speechbrain", "human-models",
    "ocr", "tesseract", "alpr", "doctr", "keras", "torch", "tensorflow",
)  # fmt: skip
# What carries weights of a detector: fetched, one file taken out (masking/preparing.py), never installed nor shipped.
CARRIERS = {"@mediapipe/face_detection", "@mediapipe/objectron", "silero-vad"}
WEIGHTS = {
    ".onnx", ".pt", ".pth", ".tflite", ".caffemodel", ".pb", ".bin", ".xml", ".safetensors", ".jit", ".h5", ".keras",
    ".task", ".param", ".mnn", ".engine", ".npz", ".npy", ".dat", ".pkl", ".ckpt", ".mlmodel", ".gguf", ".data",
}  # fmt: skip
# Nothing a network answers but boxes, scores and classes, six points of a face that are not read, and one memory of sound.
ANSWERS = {
    "nanodet": [(1, places, channels) for channels in (80, 44) for places in (2704, 676, 169)],
    "open-images": [(1, 1917, 4), (1, 1917, 24)],
    "faces": [(1, 2304, 16), (1, 2304, 1)],
    "speech": [(1, 1), (2, 1, 128)],
}
COPYLEFT = ("ultralytics", "yolov5", "pymupdf", "ghostscript", "paperless", "minio", "mongodb")


def _names(lock: Path) -> set[str]:
    """The packages that a lock file names, Python's or npm's."""
    text = lock.read_text(encoding="utf-8")
    if lock.suffix == ".json":
        return {key.rpartition("node_modules/")[2].lower() for key in json.loads(text)["packages"]}
    return {name.lower() for name in re.findall(r"^([A-Za-z0-9_.-]+)==", text, re.MULTILINE)}


def locked() -> set[str]:
    """Every package that is installed for running or testing, by name, Python's and the browser's."""
    return set().union(
        *(
            _names(ROOT / one)
            for one in ("requirements/server.txt", "requirements/dev.txt", "frontend/package-lock.json")
        )
    )


def installed() -> set[str]:
    """What this Python can import now."""
    return {one.metadata["Name"].lower() for one in metadata.distributions()}


def shipped() -> list[Path]:
    """Files of weights in the package, wherever and whatever they are called."""
    return sorted(
        path for path in PACKAGE.rglob("*") if path.suffix.lower() in WEIGHTS or path.stat().st_size > 1_000_000
    )


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
    assert {"django", "age-encryption", "openvino"} <= packages
    assert not [name for name in packages | installed() for word in RECOGNITION if word in name]
    carriers = _names(ROOT / "requirements" / "models.txt") | _names(ROOT / "models" / "package-lock.json")
    assert carriers - {""} == CARRIERS
    assert not CARRIERS & (packages | installed())


@pytest.mark.rule("detection.no-identification")
def test_only_the_named_weights_are_shipped_and_they_answer_with_boxes_only() -> None:
    permitted = {one.sha256: one for one in weights.ALL}
    found = {path: weights.sha256_of(path) for path in shipped()}
    assert not [path.name for path, digest in found.items() if digest not in permitted]
    assert set(found.values()) == set(permitted)
    for one in weights.ALL:
        model = Core().read_model(str(weights.FOLDER / one.file))
        shapes = [tuple(dim.get_length() for dim in out.partial_shape) for out in model.outputs]
        assert shapes == ANSWERS[one.name], one.name


@pytest.mark.rule("detection.no-identification")
def test_weights_reach_a_network_only_by_their_names() -> None:
    readers = {
        module.name
        for module in modules()
        if re.search(r"read_model|compile_model|InferenceSession|import_model", module.text)
    }
    assert readers == {"masking/networks.py", "masking/speech.py"}
    fetchers = re.compile(r"openvino_telemetry|huggingface|hub\.load|urlretrieve|download_model")
    assert not [module.name for module in modules() if module.room == "masking" and fetchers.search(module.text)]


def test_nothing_that_is_installed_reports_about_its_use() -> None:
    assert not [name for name in locked() if re.search("telemetry|analytics|sentry|posthog", name)]


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
def test_no_mail_and_no_document_carries_footage() -> None:
    """What leaves by mail are letters and notices: text and PDF. A clip or its sealed object is named in none of the senders."""
    senders = [one for one in modules() if one.room in ("outbox", "documents")]
    assert {one.room for one in senders} == {"outbox", "documents"}
    reads = re.compile(r"open_sealed|read_range|payload_size|video/|Clip\b|release_header")
    assert not [one.name for one in senders if reads.search(one.text)]
    attached = [one.name for one in modules() if re.search(r"\.attach(_file)?\(|add_attachment", one.text)]
    assert attached == ["outbox/mail.py"]


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
