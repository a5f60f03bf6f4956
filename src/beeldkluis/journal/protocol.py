"""The municipality's protocol in force, read from the file that the settings name.

It stands in the journal's room because every room above may ask for it, and because an entry is only worth something
beside the protocol under which it was written.
"""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from beeldkluis.protocol.register import Protocol, load


def in_force() -> Protocol:
    """The protocol in force. Read again only when the file changed. RegisterError when it is incomplete, OSError when
    it is not there.
    """
    path = Path(settings.PROTOCOL_FILE)
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> Protocol:
    return load(path)
