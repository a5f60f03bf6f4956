"""Sessions in the database; one in which nobody is signed in lasts half an hour, so that strangers leave little behind."""

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

STRANGER_SECONDS = 1800  # long enough to choose a password, or to show a second factor


class SessionStore(DatabaseStore):
    """Django's own, with two lengths of life."""

    def get_session_cookie_age(self) -> int:
        """How long a session lasts, in seconds."""
        return settings.SESSION_COOKIE_AGE if SESSION_KEY in self else STRANGER_SECONDS
