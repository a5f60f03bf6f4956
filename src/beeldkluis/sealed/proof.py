"""Showing that a file key is the film's, without the film and without giving the key (docs/spec/sealed-object.md, section 9).

Each chunk of a payload is ChaCha20-Poly1305. Its tag is Poly1305 under a one-time key, the first half of ChaCha20's block 0 for
that chunk; the film is masked with blocks 1 and on. So whoever has the file key can give the one-time key of one chunk, and
whoever has the sealed chunk can see whether it fits. It opens nothing.
"""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import ChaCha20
from cryptography.hazmat.primitives.poly1305 import Poly1305

from beeldkluis.sealed.header import hkdf
from beeldkluis.sealed.stream import NONCE, SEALED_CHUNK, TAG, chunk_nonce, plain_length

PROOF = 32  # bytes


def last_chunk(payload: int) -> tuple[int, int]:
    """Number and first byte of the last chunk of a payload of so many bytes. SealError when no payload has that length."""
    plain_length(payload)
    number = (payload - NONCE - 1) // SEALED_CHUNK
    return number, NONCE + number * SEALED_CHUNK


def prove(file_key: bytes, nonce: bytes, payload: int) -> bytes:
    """The one-time key of the last chunk of a payload that begins with `nonce` and has `payload` bytes."""
    number, _first = last_chunk(payload)
    counter = bytes(4)  # block 0, little-endian
    key = hkdf(file_key, nonce, b"payload")
    return Cipher(ChaCha20(key, counter + chunk_nonce(number, last=True)), None).encryptor().update(bytes(PROOF))


def proves(proof: bytes, chunk: bytes) -> bool:
    """Does this one-time key fit this sealed chunk, its tag included?"""
    if len(proof) != PROOF or len(chunk) < TAG:
        return False
    sealed, tag = chunk[:-TAG], chunk[-TAG:]
    padding = bytes(-len(sealed) % 16)
    told = sealed + padding + bytes(8) + len(sealed).to_bytes(8, "little")  # RFC 8439, 2.8, without associated data
    try:
        Poly1305.verify_tag(proof, told, tag)
    except InvalidSignature:
        return False
    return True
