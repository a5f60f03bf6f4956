"""Seals test footage the way a dock does, with the project's own sealing."""

import hashlib
import io
from collections.abc import Sequence
from pathlib import Path

from beeldkluis.sealed.age import Recipient, Sealer, build_header, new_file_key


def seal(plain: bytes, recipients: Sequence[Recipient], path: Path) -> str:
    """Write a whole age file; its SHA-256, hexadecimal."""
    file_key = new_file_key()
    sealed = build_header(file_key, recipients) + b"".join(
        bytes(one) for one in Sealer(file_key).chunks(io.BytesIO(plain))
    )
    path.write_bytes(sealed)
    return hashlib.sha256(sealed).hexdigest()
