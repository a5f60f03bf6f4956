"""A file that somebody chose for a form that came back with an error: kept for a while, so that it need not be chosen again.

Browsers forget the files of a form. For two hours, for the same person only, and gone as soon as the request is registered.
"""

import secrets
from datetime import timedelta

from django.core.cache import cache

from beeldkluis.cases.papers import MAX_DOCUMENT
from beeldkluis.sealed.token import hash_token

LENGTH = timedelta(hours=2)
LONGEST_TOKEN = 64


def keep(owner: str, name: str, data: bytes) -> str:
    """Keep it; a token that only this person can use. Empty for what is too large."""
    if len(data) > MAX_DOCUMENT:
        return ""
    token = secrets.token_urlsafe(24)
    cache.set(_key(owner, token), (name, data), LENGTH.total_seconds())
    return token


def find(owner: str, token: str) -> tuple[str, bytes] | None:
    """Name and bytes of what was kept; None when there is nothing (any more)."""
    if not token or len(token) > LONGEST_TOKEN:
        return None
    found = cache.get(_key(owner, token))
    return found if isinstance(found, tuple) else None


def forget(owner: str, token: str) -> None:
    """It is registered now."""
    if token and len(token) <= LONGEST_TOKEN:
        cache.delete(_key(owner, token))


def _key(owner: str, token: str) -> str:
    """A browser may send anything for a token; what is hashed is a key whatever it was."""
    return f"case-paper/{owner}/{hash_token(token)}"
