"""The detector that a municipality added to those of the program: which it is, what it covers, and what is wrong with it."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string

from beeldkluis.masking import own_manifest, weights
from beeldkluis.masking.doubts import WORDS
from beeldkluis.masking.own_manifest import Manifest, OwnModelError

TRIED_BY = "beeldkluis.masking.detectors.own"  # needs what the extra `redaction` installs
Facts = tuple[tuple[str, str], ...]


def folder() -> Path | None:
    """Where it lies; None where the municipality added none."""
    return Path(settings.OWN_DETECTOR_FOLDER).absolute() if settings.OWN_DETECTOR_FOLDER else None


def models() -> tuple[tuple[str, str], ...]:
    """Name and SHA-256 of all that an analysis is made with now. The own one is left out when it cannot be read: then nothing
    is searched.
    """
    shipped = tuple((one.name, one.sha256) for one in weights.ALL)
    place = folder()
    try:
        return shipped + _manifest(place).models if place else shipped
    except OwnModelError:
        return shipped


def wrong() -> str:
    """What is wrong with it, for a page; empty when nothing is, or there is none."""
    place = folder()
    try:
        if place is not None:
            _manifest(place)
    except OwnModelError as error:
        return _not_working(error)
    return ""


def tried() -> str:
    """As `wrong`, after its network has run once. That loads what runs networks, so no page asks for it."""
    place = folder()
    if place is None or (problem := wrong()):
        return "" if place is None else problem
    try:
        import_string(TRIED_BY)(place)
    except ImportError:
        return "OpenVINO is niet geïnstalleerd: of de eigen detector werkt, is niet bekeken."
    except OwnModelError as error:
        return _not_working(error)
    return ""


def _not_working(error: OwnModelError) -> str:
    return f"De eigen detector van deze gemeente werkt niet: {error}. Zolang dat zo is, wordt er niet gezocht."


def told() -> str:
    """Which it is, in one line with its SHA-256; empty when there is none, or it is not whole."""
    place = folder()
    if place is None or wrong():
        return ""
    files = ", ".join(f"{name} (SHA-256 {digest})" for name, digest in _manifest(place).files)
    return f"Eigen detector in {place}: {files}."


def card() -> tuple[str, Facts] | None:
    """For the algorithm register: its title, and what is known of it; None when there is none."""
    place = folder()
    if place is None:
        return None
    if problem := wrong():
        return "Eigen detector van de gemeente", (("Werkt niet", problem),)
    manifest = _manifest(place)
    kinds = dict.fromkeys(WORDS[kind].lower() for kind in manifest.kinds.values())
    facts = [("Bestand", f"`{name}`, SHA-256 `{digest}`") for name, digest in manifest.files]
    facts += [
        ("Zoekt", f"{', '.join(kinds)}; alles vanaf een score van {str(manifest.threshold).replace('.', ',')}"),
        ("Werkt samen", "Deze detector zoekt naast die van het programma. Wat een van hen vindt, wordt bedekt."),
        ("Gemeten", "De meetcijfers hierboven zijn zonder deze detector."),
    ]
    return f"Eigen detector van de gemeente: {manifest.file.name}", tuple(facts)


def _manifest(place: Path) -> Manifest:
    """OwnModelError when it is not whole. The files are read again only when one of them changed."""
    try:
        seen = tuple(sorted((one.name, one.stat().st_mtime_ns, one.stat().st_size) for one in place.iterdir()))
    except OSError as error:
        raise OwnModelError(f"de map is niet te lezen ({error.strerror})") from error
    return _read(place, seen)


@lru_cache(maxsize=8)
def _read(place: Path, _seen: tuple[tuple[str, int, int], ...]) -> Manifest:
    return own_manifest.read(place)
