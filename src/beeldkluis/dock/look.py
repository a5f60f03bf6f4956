"""Is this a film that a player can open? Film from outside is hostile until shown otherwise, so it is looked at by a
process of its own (`beeldkluis.dock.container`), with limits, that gets the open file and nothing else.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime

PATIENCE = 30  # seconds
UNKNOWN = "application/octet-stream"
NO_FILM = "Het bestand is geen leesbare film."


@dataclass(frozen=True, slots=True)
class Film:
    """What the container says. `reason` is why a player would not open it, in Dutch; empty when it would. `made` is the
    moment in the container's own metadata, RFC 3339 by the camera's clock; empty when there is none.
    """

    duration_ms: int | None
    has_sound: bool | None
    content_type: str
    reason: str
    made: str = ""

    @property
    def made_at(self) -> datetime | None:
        """`made` as a moment; None when it is none."""
        try:
            moment = datetime.fromisoformat(self.made)
        except ValueError:
            return None
        return moment if moment.tzinfo and moment.year >= 2000 else None


def look(descriptor: int) -> Film:
    """What the container in this open file says, asked of a child process with limits on memory and time. Never raises for
    what the file holds: a broken or strange one comes back with its reason.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-m", "beeldkluis.dock.container"],
            stdin=descriptor,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            env={"LC_ALL": "C.UTF-8"},
        )
        return Film(**json.loads(done.stdout.decode().strip().splitlines()[-1]))
    except subprocess.TimeoutExpired:
        return Film(None, None, UNKNOWN, "Het bestand was binnen de tijd niet te beoordelen.")
    except (ValueError, IndexError, TypeError):
        return Film(None, None, UNKNOWN, NO_FILM)
