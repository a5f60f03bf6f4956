"""What a browser does that lends a key: the file key, and what it is lent for, sealed for one worker."""

import base64
import json
from uuid import UUID

from beeldkluis.sealed.age import Recipient, seal_bytes


def lend(recording: UUID, clip: UUID, file_key: bytes, worker: str) -> bytes:
    """The age file that crosses the database."""
    told = {"recording": str(recording), "clip": str(clip), "file_key": base64.b64encode(file_key).decode()}
    return seal_bytes(json.dumps(told).encode(), [Recipient.parse(worker)])
