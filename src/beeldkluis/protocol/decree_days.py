"""Days that a royal decree makes equal to public holidays (Algemene termijnenwet, article 3(3)): dated data beside the protocol.

They stand in `protocols/decree-days.toml`, with their source and the last day for which a decree is known.
"""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from beeldkluis.protocol.register import RegisterError

FILE = Path(__file__).resolve().parents[3] / "protocols" / "decree-days.toml"
AHEAD = timedelta(days=366)  # a decree comes some time before its years begin; a year leaves time to enter it


@dataclass(frozen=True, slots=True)
class DecreeDays:
    """The days themselves, the last day for which a decree is known, and which decree that is."""

    days: frozenset[date]
    known_until: date
    source: str

    def runs_out(self, today: date) -> bool:
        """Must somebody look for the next decree? When this one ends within twelve months."""
        return self.known_until <= today + AHEAD


@lru_cache(maxsize=1)
def known(path: Path = FILE) -> DecreeDays:
    """What the file says. RegisterError when it is not understood, OSError when it is not there: then no term can be counted."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))["decree"]
        days, until, source = told["days"], told["known_until"], told["source"]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError) as error:
        raise RegisterError(f"{path.name}: {error}") from error
    wanted = isinstance(days, list) and isinstance(source, str) and source.strip()
    if not wanted or not all(type(one) is date for one in (until, *days)):
        raise RegisterError(f"{path.name}: days and known_until are dates, and source says which decree")
    if late := [one for one in days if one > until]:
        raise RegisterError(f"{path.name}: {max(late)} lies after known_until")
    return DecreeDays(frozenset(days), until, source)
