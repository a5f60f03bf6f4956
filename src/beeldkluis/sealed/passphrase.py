"""An identity sealed under a passphrase (age's scrypt recipient), and passphrases that are drawn, never chosen."""

import hashlib
import io
import os
import secrets
from functools import cache
from importlib import resources

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from beeldkluis.sealed import header, stream
from beeldkluis.sealed.errors import SealError
from beeldkluis.sealed.keys import FILE_KEY, Identity, new_file_key

WORK_FACTOR = 18  # scrypt with N = 2^18: about a second for each guess
MAX_WORK_FACTOR = 22  # a hostile file may not ask for more than 4 GiB
WORDS_IN_PASSPHRASE = 6
_LABEL = b"age-encryption.org/v1/scrypt"
_ZERO_NONCE = bytes(12)  # each key is derived with a fresh salt and used once


def _key(passphrase: str, salt: bytes, work_factor: int) -> bytes:
    memory = 128 * 8 * 2**work_factor + 2**20  # bytes: what scrypt needs for r = 8, and a little
    return hashlib.scrypt(passphrase.encode(), salt=_LABEL + salt, n=2**work_factor, r=8, p=1, maxmem=memory, dklen=32)


def passphrase_header(file_key: bytes, passphrase: str, work_factor: int = WORK_FACTOR) -> bytes:
    """A header that gives `file_key` (16 bytes) to whoever has the passphrase."""
    salt = os.urandom(16)
    body = ChaCha20Poly1305(_key(passphrase, salt, work_factor)).encrypt(_ZERO_NONCE, file_key, None)
    return header.write(file_key, [header.Stanza(("scrypt", header.to_base64(salt), str(work_factor)), body)])


def seal_identity(identity: Identity, passphrase: str, work_factor: int = WORK_FACTOR) -> bytes:
    """An age file that holds the identity's text under the passphrase."""
    file_key = new_file_key()
    head = passphrase_header(file_key, passphrase, work_factor)
    payload = b"".join(bytes(piece) for piece in stream.Sealer(file_key).chunks(io.BytesIO(str(identity).encode())))
    return head + payload


def open_identity(sealed: bytes, passphrase: str, max_work_factor: int = MAX_WORK_FACTOR) -> Identity:
    """The identity. SealError when the passphrase is wrong, the file was changed, or it asks for too much work."""
    source = io.BytesIO(sealed)
    parsed = header.parse(header.read(source))
    payload = source.read()
    file_key = open_scrypt(parsed, passphrase, max_work_factor)
    reader = stream.PayloadReader(lambda at, length: payload[at : at + length], len(payload), file_key)
    return Identity.parse(b"".join(reader.read(0, reader.size)).decode())


def open_scrypt(parsed: header.Header, passphrase: str, max_work_factor: int = MAX_WORK_FACTOR) -> bytes:
    """The file key of a header whose only recipient is a passphrase."""
    stanza = parsed.stanzas[0]
    if len(parsed.stanzas) != 1 or stanza.words[0] != "scrypt":
        raise SealError("this file is not sealed under a passphrase alone")
    if len(stanza.words) != 3 or len(stanza.body) != FILE_KEY + 16:
        raise SealError("a recipient line has the wrong shape")
    salt, factor = header.from_base64(stanza.words[1]), stanza.words[2]
    if len(salt) != 16 or not (factor.isascii() and factor.isdecimal()) or factor.startswith("0"):
        raise SealError("a recipient line has the wrong shape")
    if len(factor) > 2 or int(factor) > max_work_factor:
        raise SealError(f"the file asks for 2^{factor} steps of scrypt, at most 2^{max_work_factor} are done")
    try:
        file_key = ChaCha20Poly1305(_key(passphrase, salt, int(factor))).decrypt(_ZERO_NONCE, stanza.body, None)
    except InvalidTag as error:
        raise SealError("the passphrase is not right") from error
    header.check_mac(parsed, file_key)
    return file_key


@cache
def words() -> tuple[str, ...]:
    """The list that passphrases are drawn from, one word a line in words.txt."""
    text = resources.files("beeldkluis.sealed").joinpath("words.txt").read_text(encoding="utf-8")
    return tuple(text.split())


def generate_passphrase() -> str:
    """Six words drawn evenly, with a hyphen between them."""
    return "-".join(secrets.choice(words()) for _ in range(WORDS_IN_PASSPHRASE))
