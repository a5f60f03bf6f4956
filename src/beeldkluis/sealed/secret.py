"""Short secrets that a program must read again by itself (the seed of a code app): sealed under a key that is not beside them."""

import base64
import binascii
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from beeldkluis.sealed.errors import SealError
from beeldkluis.sealed.header import hkdf

_NONCE = 12


def _aead(master: str) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(hkdf(master.encode(), b"", b"beeldkluis short secret v1"))


def seal_secret(master: str, text: str) -> str:
    """`text` under a key made of `master`, as base64: a 12-byte random nonce, then ChaCha20-Poly1305."""
    nonce = os.urandom(_NONCE)
    return base64.b64encode(nonce + _aead(master).encrypt(nonce, text.encode(), None)).decode()


def open_secret(master: str, sealed: str) -> str:
    """What was sealed. SealError for another master, or anything that is no sealed secret."""
    try:
        whole = base64.b64decode(sealed, validate=True)
        return _aead(master).decrypt(whole[:_NONCE], whole[_NONCE:], None).decode()
    except (InvalidTag, ValueError, binascii.Error) as error:
        raise SealError("the secret does not open with this key") from error
