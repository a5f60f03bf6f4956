"""Signed notes (C2SP signed-note.md): a text, an empty line, and Ed25519 signatures by name.

A verifier key is "<name>+<key hash>+<base64 of type and public key>"; a signer key adds "PRIVATE+KEY+" and holds the seed.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from beeldkluis.sealed.errors import SealError

_ED25519 = b"\x01"
_DASH = "\u2014 "  # each signature line begins with an em dash and a space
_PRIVATE = "PRIVATE+KEY+"


def _key_hash(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:4]


def _check_name(name: str) -> str:
    if not name or "+" in name or any(letter.isspace() for letter in name):
        raise SealError("a key's name has no white space and no plus")
    return name


def _split_key(text: str) -> tuple[str, bytes, bytes]:
    name, _, rest = text.strip().partition("+")
    given, _, encoded = rest.partition("+")
    try:
        data = base64.b64decode(encoded, validate=True)
        key_hash = bytes.fromhex(given)
    except (binascii.Error, ValueError) as error:
        raise SealError("this is no key of a signed note") from error
    if len(data) != 33 or data[:1] != _ED25519 or len(key_hash) != 4:
        raise SealError("this is no Ed25519 key of a signed note")
    return _check_name(name), key_hash, data[1:]


@dataclass(frozen=True, slots=True)
class Verifier:
    """The public half: verifies notes signed under one name."""

    name: str
    public: bytes

    @classmethod
    def parse(cls, vkey: str) -> "Verifier":
        """SealError when this is no verifier key."""
        name, key_hash, public = _split_key(vkey)
        if key_hash != _key_hash(name, public):
            raise SealError("the verifier key was mistyped: its hash does not fit")
        return cls(name, public)

    @property
    def vkey(self) -> str:
        """The verifier key as text."""
        encoded = base64.b64encode(_ED25519 + self.public).decode()
        return f"{self.name}+{_key_hash(self.name, self.public).hex()}+{encoded}"

    def verify(self, note: str) -> str:
        """The note's text. SealError when this key did not sign exactly this text."""
        text, separator, signatures = note.rpartition("\n\n")
        if not separator or not signatures.endswith("\n"):
            raise SealError("this is no signed note")
        text += "\n"
        wanted = _key_hash(self.name, self.public)
        for line in signatures.splitlines():
            name, _, encoded = line.removeprefix(_DASH).partition(" ")
            if not line.startswith(_DASH) or name != self.name:
                continue
            try:
                data = base64.b64decode(encoded, validate=True)
                if data[:4] == wanted:
                    Ed25519PublicKey.from_public_bytes(self.public).verify(data[4:], text.encode())
                    return text
            except (ValueError, InvalidSignature) as error:
                raise SealError(f"the signature of {self.name} does not fit the note") from error
        raise SealError(f"{self.name} did not sign this note with the key we know")


@dataclass(frozen=True, slots=True)
class Signer:
    """The private half. Never shown by repr; `text` is what a key file holds."""

    name: str
    seed: bytes = field(repr=False)

    @classmethod
    def generate(cls, name: str) -> "Signer":
        """A fresh key under this name."""
        return cls(_check_name(name), Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def parse(cls, text: str) -> "Signer":
        """SealError when this is no signer key."""
        if not text.strip().startswith(_PRIVATE):
            raise SealError("this is no signer key")
        name, key_hash, seed = _split_key(text.strip().removeprefix(_PRIVATE))
        signer = cls(name, seed)
        if key_hash != _key_hash(name, signer.verifier.public):
            raise SealError("the signer key was mistyped: its hash does not fit")
        return signer

    @property
    def text(self) -> str:
        """The signer key as text, for a file that only its owner may read."""
        key_hash = _key_hash(self.name, self.verifier.public).hex()
        return f"{_PRIVATE}{self.name}+{key_hash}+{base64.b64encode(_ED25519 + self.seed).decode()}"

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(self.name, Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw())

    @property
    def vkey(self) -> str:
        """The verifier key as text."""
        return self.verifier.vkey

    def sign(self, text: str) -> str:
        """The note. `text` ends in a newline and holds no control characters but newlines. SealError otherwise."""
        if not text.endswith("\n") or any(letter < " " and letter != "\n" for letter in text):
            raise SealError("a note's text ends in a newline and has no control characters")
        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode())
        data = _key_hash(self.name, self.verifier.public) + signature
        return f"{text}\n{_DASH}{self.name} {base64.b64encode(data).decode()}\n"
