"""Content from Axis body-worn systems, as their published interface describes it: AES-256-CBC under a key wrapped
to the receiver's RSA key with OAEP. It carries no authentication of its own; the vault wraps it in a sealed object.
"""

import os
from collections.abc import Callable, Iterable, Iterator

from cryptography.hazmat.primitives import hashes, padding, serialization
from cryptography.hazmat.primitives.asymmetric import padding as rsa_padding
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from beeldkluis.sealed.errors import SealError

BLOCK = 16
RSA_BITS = 2048  # what the connection file allows
# SHA-1 inside OAEP is what the cameras use (OpenSSL's default); its known weakness, collisions, plays no part in OAEP.
_OAEP = rsa_padding.OAEP(rsa_padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)  # noqa: S303 - fixed by the published interface


def generate_rsa() -> tuple[str, bytes]:
    """A key pair: the public half as PEM text, the private half as PKCS#8 bytes (DER), to be sealed at once."""
    private = rsa.generate_private_key(65537, RSA_BITS)
    spki = serialization.PublicFormat.SubjectPublicKeyInfo
    public = private.public_key().public_bytes(serialization.Encoding.PEM, spki).decode()
    form = serialization.PrivateFormat.PKCS8
    return public, private.private_bytes(serialization.Encoding.DER, form, serialization.NoEncryption())


def check_public(pem: str) -> None:
    """SealError when this is no RSA public key of at least 2048 bits."""
    _public(pem)


def _public(pem: str) -> rsa.RSAPublicKey:
    try:
        key = serialization.load_pem_public_key(pem.encode())
    except ValueError as error:
        raise SealError("this is no public key in PEM") from error
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < RSA_BITS:
        raise SealError(f"this is no RSA key of {RSA_BITS} bits or more")
    return key


def wrap_key(content_key: bytes, public_pem: str) -> bytes:
    """A 32-byte content key for the holder of the private key."""
    return _public(public_pem).encrypt(content_key, _OAEP)


def unwrap_key(wrapped: bytes, private_pkcs8: bytes) -> bytes:
    """The content key. SealError when it was wrapped for another key."""
    private = serialization.load_der_private_key(private_pkcs8, None)
    if not isinstance(private, rsa.RSAPrivateKey):
        raise SealError("this is no RSA key")
    try:
        return private.decrypt(wrapped, _OAEP)
    except ValueError as error:
        raise SealError("the content key was wrapped for another key") from error


def encrypt(source: Iterable[bytes], content_key: bytes, iv: bytes) -> Iterator[bytes]:
    """What a camera does: AES-256-CBC with PKCS#7 padding."""
    encryptor = Cipher(algorithms.AES256(content_key), modes.CBC(iv)).encryptor()
    padder = padding.PKCS7(BLOCK * 8).padder()
    for piece in source:
        yield encryptor.update(padder.update(piece))
    yield encryptor.update(padder.finalize()) + encryptor.finalize()


def new_content_key() -> tuple[bytes, bytes]:
    """A fresh 32-byte key and 16-byte start value."""
    return os.urandom(32), os.urandom(BLOCK)


class Film:
    """Random access to encrypted content. fetch: (offset, length) -> bytes of the content; size: its bytes."""

    def __init__(self, fetch: Callable[[int, int], bytes], size: int, content_key: bytes, iv: bytes) -> None:
        if size < BLOCK or size % BLOCK:
            raise SealError(f"no encrypted content is {size} bytes long")
        self._fetch, self._key, self._iv, self._sealed = fetch, content_key, iv, size
        tail = self._blocks(size - BLOCK, size)
        if not 1 <= tail[-1] <= BLOCK or tail[-tail[-1] :] != tail[-1:] * tail[-1]:
            raise SealError("the content does not open with this key")
        self.size = size - tail[-1]

    def _blocks(self, first: int, last: int) -> bytes:
        iv = self._iv if first == 0 else self._fetch(first - BLOCK, BLOCK)
        decryptor = Cipher(algorithms.AES256(self._key), modes.CBC(iv)).decryptor()
        return decryptor.update(self._fetch(first, last - first)) + decryptor.finalize()

    def read(self, start: int, stop: int) -> bytes:
        """The film from `start` to `stop` (bytes, cut to what there is)."""
        stop = min(stop, self.size)
        if start >= stop:
            return b""
        first = start - start % BLOCK
        last = -(-stop // BLOCK) * BLOCK
        return self._blocks(first, last)[start - first : stop - first]
