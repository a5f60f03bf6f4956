"""The one clock of the house. Only actions, tasks, views and commands read it; rules get `now` as an argument.

A demonstration may let time run: its offset stands in a file that exists only there.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings


def demonstration_offset() -> timedelta:
    """How far the demonstration's clock runs ahead; zero outside a demonstration."""
    if not settings.DEMONSTRATION:
        return timedelta(0)
    path = Path(settings.DATA_FOLDER) / "demonstration-clock"
    return timedelta(seconds=int(path.read_text())) if path.exists() else timedelta(0)


def now() -> datetime:
    """This moment in UTC."""
    return datetime.now(UTC) + demonstration_offset()
