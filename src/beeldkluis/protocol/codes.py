"""Personal codes of officers, at the dock's screen and around a viewing: which may be chosen, and how long to wait after wrong
ones.

Wrong tries count for the screen where they are made. A screen costs an insider nothing, and an address little: so tries for one
number at all screens where it was never shown right count together too. Where an officer was before, nobody elsewhere can make
that officer wait.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from beeldkluis.protocol.verdict import Verdict

DIGITS = 6
REMEMBERED = timedelta(minutes=15)  # a wrong try counts for this long
AT_NUMBER, AT_SCREEN = 3, 10  # so many wrong tries at one screen make the first wait: for one number, for all together
AT_STRANGE = 10  # so many for one number, at all screens together where it was never shown right
GUESSING = 5  # wrong tries for one number, wherever: more than a slip of the finger
KNOWN = timedelta(days=60)  # for so long a screen is one where the officer was before
FIRST_WAIT = timedelta(seconds=5)  # doubles with each further try
LONGEST_WAIT = timedelta(minutes=1)
ROW = "01234567890"


@dataclass(frozen=True, slots=True)
class Try:
    """A wrong try at one screen: a mark of the number that was typed, and when."""

    number: str
    at: datetime


def wait_before_next(tries: Sequence[Try], number: str, now: datetime, strange: Sequence[datetime] = ()) -> timedelta:
    """How long this number must wait at the screen where all these tries were made; zero when it may be tried now. `strange`:
    the wrong tries for this number at all screens where it was never shown right, when this screen is one of those.

    A minute at most. Known numbers and unknown ones are treated alike.
    """
    recent = [one for one in tries if now - one.at < REMEMBERED]
    own, everybody = [one.at for one in recent if one.number == number], [one.at for one in recent]
    together = [at for at in strange if now - at < REMEMBERED]
    return max(_left(own, AT_NUMBER, now), _left(everybody, AT_SCREEN, now), _left(together, AT_STRANGE, now))


def _left(tries: Sequence[datetime], first: int, now: datetime) -> timedelta:
    beyond = len(tries) - first
    if beyond < 0:
        return timedelta(0)
    wait = min(FIRST_WAIT * (1 << min(beyond, 10)), LONGEST_WAIT)
    # A clock that was set back makes nobody wait longer than the longest wait.
    return min(max(max(tries) + wait - now, timedelta(0)), LONGEST_WAIT)


def is_guessing(wrong: int) -> bool:
    """Were so many wrong codes typed for one officer, wherever, that somebody must look into it?"""
    return wrong >= GUESSING


def is_obvious(code: str, number: str) -> bool:
    """Would a stranger try this code first? One digit or a short piece over and over, digits in a row, the own number."""
    again = any(code == (code[:length] * DIGITS)[:DIGITS] for length in (1, 2, 3))
    row = code in ROW or code in ROW[::-1]
    digits = "".join(one for one in number if one in ROW)
    own = code.lstrip("0") == digits.lstrip("0") or (len(digits) >= 3 and digits in code)
    return again or row or own


def may_choose(code: str, *, number: str, is_old: bool) -> Verdict:
    """May the officer with this number choose this code?"""
    reason = ""
    if len(code) != DIGITS or not (code.isascii() and code.isdecimal()):
        reason = "Een code heeft zes cijfers."
    elif is_old:
        reason = "Kies een andere code dan de oude."
    elif is_obvious(code, number):
        reason = "Deze code is te makkelijk te raden. Kies geen rijtje, geen herhaling en niet uw eigen nummer."
    return Verdict(allowed=not reason, rule="web.code-at-dock", reason=reason or "Deze code mag.")
