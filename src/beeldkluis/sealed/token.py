"""Secrets that travel as text: made at random, kept only as a hash, compared in constant time."""

import hashlib
import hmac
import secrets


def new_token() -> str:
    """32 fresh bytes as URL-safe text."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """SHA-256, hexadecimal. Enough for random tokens; never for passwords."""
    return hashlib.sha256(token.encode()).hexdigest()


def same(left: str, right: str) -> bool:
    """Equal? Takes the same time whatever differs."""
    return hmac.compare_digest(left.encode(), right.encode())
