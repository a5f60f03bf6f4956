"""A file key that follows from another's: whoever may open a film may open what was made of it, and needs no second key.

HKDF-SHA256 (RFC 5869) without salt over the film's 16-byte file key; the info is a label and the 16 bytes of the identifier of
the object that the derived key is for, so that no two objects share one (docs/spec/redaction.md).
"""

from uuid import UUID

from beeldkluis.sealed.errors import SealError
from beeldkluis.sealed.header import hkdf

FILE_KEY = 16  # bytes
LABEL = b"beeldkluis.nl/analysis/1"


def derived_file_key(file_key: bytes, object_id: UUID) -> bytes:
    """The 16-byte file key of the object `object_id` that was made of the film with this file key. It tells nothing of that key.
    SealError for a key of another length.
    """
    if len(file_key) != FILE_KEY:
        raise SealError("a file key has 16 bytes")
    return hkdf(file_key, b"", LABEL + object_id.bytes)[:FILE_KEY]
