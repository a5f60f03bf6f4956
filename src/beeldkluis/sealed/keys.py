"""Recipients and identities (C2SP age.md): X25519, and the hybrid of ML-KEM-768 and X25519 behind the same names."""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHAKE256, XOFHash

from beeldkluis.sealed import bech32, header
from beeldkluis.sealed.errors import SealError

FILE_KEY = 16  # bytes
_X25519 = "X25519"
_HYBRID = "mlkem768x25519"
_LABEL_X25519 = b"age-encryption.org/v1/X25519"
_LABEL_HYBRID = b"age-encryption.org/mlkem768x25519"
_SUITE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
_ENCAPSULATED = 1120  # bytes of the hybrid's key share
# Each wrapping key is used for one file key only, so a nonce of zeros is never used twice under it.
_ZERO_NONCE = bytes(12)


@dataclass(frozen=True, slots=True)
class Recipient:
    """The public half of a key: "age1…" (X25519) or "age1pq1…" (hybrid)."""

    kind: str
    public: bytes

    @classmethod
    def parse(cls, text: str) -> "Recipient":
        """SealError when the text is no recipient or was mistyped."""
        prefix, data = bech32.decode(text.strip())
        kinds = {("age", 32): _X25519, ("age1pq", 1216): _HYBRID}
        if (prefix, len(data)) not in kinds:
            raise SealError("this is no age recipient")
        return cls(kinds[prefix, len(data)], data)

    def __str__(self) -> str:
        return bech32.encode("age" if self.kind == _X25519 else "age1pq", self.public)

    def wrap(self, file_key: bytes) -> header.Stanza:
        """The file key for this recipient alone."""
        if self.kind == _HYBRID:
            public = hpke.MLKEM768X25519PublicKey(
                MLKEM768PublicKey.from_public_bytes(self.public[:1184]),
                X25519PublicKey.from_public_bytes(self.public[1184:]),
            )
            sealed = _SUITE.encrypt(file_key, public, _LABEL_HYBRID)
            return header.Stanza((_HYBRID, header.to_base64(sealed[:_ENCAPSULATED])), sealed[_ENCAPSULATED:])
        ephemeral = X25519PrivateKey.generate()
        share = ephemeral.public_key().public_bytes_raw()
        key = header.hkdf(_exchange(ephemeral, self.public), share + self.public, _LABEL_X25519)
        return header.Stanza(
            (_X25519, header.to_base64(share)), ChaCha20Poly1305(key).encrypt(_ZERO_NONCE, file_key, None)
        )


@dataclass(frozen=True, slots=True)
class Identity:
    """The private half of a key. Never shown by repr; `str` gives the text that must be sealed or printed."""

    kind: str
    secret: bytes = field(repr=False)

    @classmethod
    def generate(cls, *, hybrid: bool = False) -> "Identity":
        """A fresh key from the operating system's randomness."""
        return cls(_HYBRID if hybrid else _X25519, os.urandom(32))

    @classmethod
    def parse(cls, text: str) -> "Identity":
        """SealError when the text is no identity or was mistyped."""
        prefix, data = bech32.decode(text.strip())
        kinds = {"age-secret-key-": _X25519, "age-secret-key-pq-": _HYBRID}
        if prefix not in kinds or len(data) != 32:
            raise SealError("this is no age identity")
        return cls(kinds[prefix], data)

    def __str__(self) -> str:
        prefix = "age-secret-key-" if self.kind == _X25519 else "age-secret-key-pq-"
        return bech32.encode(prefix, self.secret).upper()

    @property
    def recipient(self) -> Recipient:
        """The public half."""
        if self.kind == _X25519:
            return Recipient(self.kind, self._x25519().public_key().public_bytes_raw())
        lattice, curve = self._hybrid()
        return Recipient(self.kind, lattice.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw())

    def unwrap(self, stanza: header.Stanza) -> bytes | None:
        """The file key in a stanza; None when it is for somebody else. SealError when it is malformed."""
        if stanza.words[0] != self.kind:
            return None
        if len(stanza.words) != 2 or len(stanza.body) != FILE_KEY + 16:
            raise SealError("a recipient line has the wrong shape")
        share = header.from_base64(stanza.words[1])
        if self.kind == _HYBRID:
            return self._unwrap_hybrid(share, stanza.body)
        if len(share) != 32:
            raise SealError("a recipient line has the wrong shape")
        secret = _exchange(self._x25519(), share)
        key = header.hkdf(secret, share + self.recipient.public, _LABEL_X25519)
        try:
            return ChaCha20Poly1305(key).decrypt(_ZERO_NONCE, stanza.body, None)
        except InvalidTag:
            return None

    def _unwrap_hybrid(self, share: bytes, body: bytes) -> bytes | None:
        if len(share) != _ENCAPSULATED:
            raise SealError("a recipient line has the wrong shape")
        lattice, curve = self._hybrid()
        try:
            return _SUITE.decrypt(share + body, hpke.MLKEM768X25519PrivateKey(lattice, curve), _LABEL_HYBRID)
        except InvalidTag:
            return None

    def _x25519(self) -> X25519PrivateKey:
        return X25519PrivateKey.from_private_bytes(self.secret)

    def _hybrid(self) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
        """X-Wing's seed expansion: SHAKE-256 of the seed gives 64 bytes for ML-KEM and 32 for X25519."""
        expand = XOFHash(SHAKE256(96))
        expand.update(self.secret)
        seed = expand.squeeze(96)
        return MLKEM768PrivateKey.from_seed_bytes(seed[:64]), X25519PrivateKey.from_private_bytes(seed[64:])


def _exchange(private: X25519PrivateKey, public: bytes) -> bytes:
    try:
        return private.exchange(X25519PublicKey.from_public_bytes(public))
    except ValueError as error:  # a share of low order gives zeros, which everybody knows
        raise SealError("a key share is of low order") from error


def fingerprint(recipient: str) -> str:
    """SHA-256 of a public key's text in UTF-8, hexadecimal."""
    return hashlib.sha256(recipient.encode()).hexdigest()


def new_file_key() -> bytes:
    """16 fresh bytes."""
    return os.urandom(FILE_KEY)


def build_header(file_key: bytes, recipients: Sequence[Recipient]) -> bytes:
    """A header that gives `file_key` to each recipient.

    SealError for none, or for hybrid and X25519 together (the weaker would set the strength of both).
    """
    if not recipients or len({recipient.kind for recipient in recipients}) != 1:
        raise SealError("a header needs recipients, all of one kind")
    return header.write(file_key, [recipient.wrap(file_key) for recipient in recipients])


def check_header(data: bytes) -> None:
    """SealError when this is no well-formed header. Needs no key."""
    header.parse(data)


def open_header(data: bytes, identities: Sequence[Identity]) -> bytes:
    """The 16-byte file key. SealError when none of the identities is a recipient, or the header was changed."""
    parsed = header.parse(data)
    if any(stanza.words[0] == "scrypt" for stanza in parsed.stanzas) and len(parsed.stanzas) > 1:
        raise SealError("a passphrase stands beside other recipients")
    for identity in identities:
        for stanza in parsed.stanzas:
            file_key = identity.unwrap(stanza)
            if file_key is not None:
                header.check_mac(parsed, file_key)
                return file_key
    raise SealError("none of the keys opens this header")
