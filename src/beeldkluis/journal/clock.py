"""The one clock of the house. Only actions, tasks, views and commands read it; rules get `now` as an argument.

A demonstration may let time run: its offset stands in a file that exists only there.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection

BOOT = Path("/proc/sys/kernel/random/boot_id")


def demonstration_offset() -> timedelta:
    """How far the demonstration's clock runs ahead; zero outside a demonstration."""
    if not settings.DEMONSTRATION:
        return timedelta(0)
    path = Path(settings.DATA_FOLDER) / "demonstration-clock"
    return timedelta(seconds=int(path.read_text())) if path.exists() else timedelta(0)


@dataclass(frozen=True, slots=True)
class Uptime:
    """`boot` names this start of the machine; `seconds` since then, asleep too, whatever the clock was set to."""

    boot: str
    seconds: int


def uptime() -> Uptime:
    """How long this machine runs. A demonstration's clock runs ahead here too."""
    seconds = time.clock_gettime(time.CLOCK_BOOTTIME) + demonstration_offset().total_seconds()
    return Uptime(BOOT.read_text().strip(), int(seconds))


def now() -> datetime:
    """This moment in UTC."""
    return datetime.now(UTC) + demonstration_offset()


def ahead_of_database() -> timedelta:
    """How far this machine's clock runs ahead of the database's (negative: behind). Zero where the database is a file of this
    machine. DatabaseError when it does not answer. The way there and back is counted half.
    """
    if connection.vendor != "postgresql":
        return timedelta(0)
    with connection.cursor() as cursor:
        before = datetime.now(UTC)
        cursor.execute("SELECT clock_timestamp()")
        there: datetime = cursor.fetchone()[0]
        after = datetime.now(UTC)
    return before + (after - before) / 2 - there
