"""Sessions in the database; one in which nobody is signed in lasts half an hour, so that strangers leave little behind."""

from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

STRANGER_SECONDS = 1800  # long enough to choose a password, or to show a second factor


class SessionStore(DatabaseStore):
    """Django's own, with two lengths of life.

    fetched: what is kept in this session, when the same request asked the database for it already (OpeningMiddleware).
    """

    fetched: str | None = None

    def get_session_cookie_age(self) -> int:
        """How long a session lasts, in seconds."""
        return settings.SESSION_COOKIE_AGE if SESSION_KEY in self else STRANGER_SECONDS

    def load(self) -> dict[str, Any]:
        """What is kept in the session."""
        return super().load() if self.fetched is None else self.decode(self.fetched)
