"""JSON Web Tokens with HMAC-SHA256 (RFC 7515, RFC 7519), as the Zaken API asks for. Made, never read."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping


def signed(claims: Mapping[str, object], secret: bytes) -> str:
    """The token: header, claims and signature, each base64url without padding."""
    return signed_text(b'{"alg":"HS256","typ":"JWT"}', json.dumps(claims, separators=(",", ":")).encode(), secret)


def signed_text(header: bytes, payload: bytes, secret: bytes) -> str:
    """The compact serialization of these very bytes (RFC 7515, section 3.1)."""
    told = b".".join(map(_base64url, (header, payload)))
    return (told + b"." + _base64url(hmac.new(secret, told, hashlib.sha256).digest())).decode("ascii")


def signature(secret: bytes, body: bytes) -> str:
    """HMAC-SHA256 of a body, hexadecimal: what a webhook's receiver compares."""
    return hmac.new(secret, body, hashlib.sha256).hexdigest()


def _base64url(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")
