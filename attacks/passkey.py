"""A passkey in software: makes what a browser would send, and what none would."""

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def text(raw: bytes) -> str:
    """Bytes as WebAuthn writes them in JSON."""
    return urlsafe_b64encode(raw).decode().rstrip("=")


def raw(told: str) -> bytes:
    """The other way round."""
    return urlsafe_b64decode(told + "=" * (-len(told) % 4))


@dataclass
class Passkey:
    """One key pair at one site, for the person with this handle."""

    site: str = "localhost"
    handle: bytes = b""
    counter: int = 1
    number: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def _said(self, kind: str, challenge: str, origin: str, **more: Any) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False} | more
        return json.dumps(told, separators=(",", ":")).encode()

    def _state(self, flags: int) -> bytes:
        return hashlib.sha256(self.site.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4, "big")

    def made(self, options: dict[str, Any], origin: str, *, flags: int = PRESENT | VERIFIED) -> dict[str, Any]:
        """The answer to the options of a registration."""
        told = options["publicKey"]
        self.handle = raw(told["user"]["id"])
        public = cbor.encode(dict(ES256.from_cryptography_key(self.key.public_key())))
        named = bytes(16) + len(self.number).to_bytes(2, "big") + self.number + public
        attested = {"fmt": "none", "attStmt": {}, "authData": self._state(flags | ATTESTED) + named}
        said = self._said("webauthn.create", told["challenge"], origin)
        return self._whole({"clientDataJSON": text(said), "attestationObject": text(cbor.encode(attested))})

    def shown(
        self,
        options: dict[str, Any],
        origin: str,
        *,
        flags: int = PRESENT | VERIFIED,
        handle: bytes | None = None,
        **more: Any,
    ) -> dict[str, Any]:
        """The answer to the options of signing in; counts on."""
        self.counter += 1
        said = self._said("webauthn.get", options["publicKey"]["challenge"], origin, **more)
        state = self._state(flags)
        signature = self.key.sign(state + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        return self._whole(
            {
                "clientDataJSON": text(said),
                "authenticatorData": text(state),
                "signature": text(signature),
                "userHandle": text(self.handle if handle is None else handle),
            }
        )

    def _whole(self, response: dict[str, Any]) -> dict[str, Any]:
        number = text(self.number)
        return {
            "type": "public-key", "id": number, "rawId": number, "authenticatorAttachment": "platform",
            "clientExtensionResults": {}, "response": response,
        }  # fmt: skip
