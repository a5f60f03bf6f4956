"""Which door a request comes in by, and how much it may bring. Asked before anything of the body is read.

Two doors stand apart (docs/decisions/0116): people's, and that of docks and camera systems. Each has threads of its own,
so that neither waits for the other. Knows nothing of Django: the web server asks it for every request.
"""

import re
from dataclasses import dataclass

PEOPLE, DOCKS = "people", "docks"
KIB, MIB, GIB = 1024, 1024**2, 1024**3
LARGEST_FILM = 64 * GIB  # bytes of one upload; docs/spec/intake.md and axis.md
LARGEST_NUMBER = 18  # digits of a length: more is no size of anything


@dataclass(frozen=True, slots=True)
class Door:
    """`share` is whose threads answer; `most` is bytes of a body; one that is `streamed` is read while it arrives, every
    other is there whole before a thread is given to it. `patience` is how long, in seconds, in all, the other side may keep a
    thread waiting beyond what its pace explains.
    """

    share: str
    most: int
    streamed: bool = False
    patience: float = 30.0


FILM = Door(DOCKS, LARGEST_FILM, streamed=True)
MACHINE = Door(DOCKS, 64 * KIB)  # the longest signed statement, and the longest report of a dock
STRANGER = Door(PEOPLE, 128 * KIB)  # the public form with every field full, each letter sent as nine
KEYS = Door(PEOPLE, 2 * MIB)  # all headers of one recording in a handover
PAPERS = Door(PEOPLE, 16 * MIB)  # a scanned letter of 10 MB and the form around it: over that the form itself says so
PERSON = Door(PEOPLE, 512 * KIB)
PLAYER = Door(PEOPLE, 512 * KIB, patience=3600.0)  # a film that is paused reads nothing

TABLE: tuple[tuple[str, re.Pattern[str], Door], ...] = (
    ("PATCH", re.compile(r"/intake/v1/uploads/[^/]+"), FILM),
    ("PUT", re.compile(r"/axis/v1/[^/]+/[^/]+/.+"), FILM),
    ("", re.compile(r"/(intake|axis|dock)/.*"), MACHINE),
    ("GET", re.compile(r"/inzien/verzegeld/.*"), PLAYER),
    ("POST", re.compile(r"/verzoeken/nieuw/|/loglijst/[^/]+/papier/|/protocol/nieuw/|/protocol/[^/]+/tekst/"), PAPERS),
    ("POST", re.compile(r"/(sleutels|vervanging)/.*"), KEYS),
    ("POST", re.compile(r"/(verzoeken|inzien|protocol|loglijst|opnames|incidenten|bevindingen)/.*"), PERSON),
)


def door(method: str, path: str) -> Door:
    """The door for a request, by its method and its path as it stands in the request line.

    What is in no row of the table, also what hides behind percent signs, is a stranger's.
    """
    for one, places, found in TABLE:
        if one in ("", method) and places.fullmatch(path):
            return found
    return STRANGER


def announced(value: str | None) -> int | None:
    """The bytes that a Content-Length announces, 0 when there is none. None when it is no length."""
    if value is None:
        return 0
    if not (value.isascii() and value.isdecimal()):
        return None
    return int(value) if len(value) <= LARGEST_NUMBER else 10**LARGEST_NUMBER


def client_address(peer: str, forwarded_for: str, proxies: int) -> str:
    """Whose request it is: the peer, or what the outermost of our own proxies wrote down about its peer.

    Only as many entries count as there are proxies of ours, from the end; whatever a client wrote stands before those.
    """
    told = [one.strip() for one in forwarded_for.split(",") if one.strip()] if proxies else []
    return told[-proxies] if proxies and len(told) >= proxies else peer
