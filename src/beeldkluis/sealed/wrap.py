"""The header at rest: wrapped once more with the recording's shred key, so that destroying that key is erasure."""

import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from beeldkluis.sealed.errors import SealError

_NONCE = 12


def _place(recording: UUID, object_id: UUID) -> bytes:
    """Ties a wrapped header to its place: in another row it does not open."""
    return f"{recording}/{object_id}".encode()


def wrap_header(shred_key: bytes, header: bytes, recording: UUID, object_id: UUID) -> bytes:
    """A 12-byte random nonce, then the header under ChaCha20-Poly1305. One shred key wraps the few headers of one
    recording, far below where random nonces could meet.
    """
    nonce = os.urandom(_NONCE)
    return nonce + ChaCha20Poly1305(shred_key).encrypt(nonce, header, _place(recording, object_id))


def unwrap_header(shred_key: bytes, wrapped: bytes, recording: UUID, object_id: UUID) -> bytes:
    """The age header. SealError when the key, the place or a bit is not what it was."""
    try:
        return ChaCha20Poly1305(shred_key).decrypt(wrapped[:_NONCE], wrapped[_NONCE:], _place(recording, object_id))
    except (InvalidTag, ValueError) as error:
        raise SealError("the wrapped header does not open with this shred key") from error
