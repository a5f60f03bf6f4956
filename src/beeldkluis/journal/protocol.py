"""The protocol in force, for every server room. Read once, and again only when the file changes."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from beeldkluis.protocol.register import Protocol, load


@lru_cache(maxsize=4)
def _load(path: Path, _changed_ns: int) -> Protocol:
    return load(path)


def in_force() -> Protocol:
    """The municipality's protocol. RegisterError when the file is wrong, OSError when it is gone: nothing runs without."""
    path = Path(settings.PROTOCOL_FILE)
    return _load(path, path.stat().st_mtime_ns)
