"""Personal codes of officers at the dock's screen: which may be chosen, and how long to wait after wrong ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from beeldkluis.protocol.verdict import Verdict

DIGITS = 6
REMEMBERED = timedelta(minutes=15)  # a wrong try counts for this long
AT_NUMBER, AT_SCREEN = 3, 10  # so many wrong tries at one screen make the first wait: for one number, for all together
FIRST_WAIT = timedelta(seconds=5)  # doubles with each further try
LONGEST_WAIT = timedelta(minutes=1)
ROW = "01234567890"


@dataclass(frozen=True, slots=True)
class Try:
    """A wrong try at one screen: a mark of the number that was typed, and when."""

    number: str
    at: datetime


def wait_before_next(tries: Sequence[Try], number: str, now: datetime) -> timedelta:
    """How long this number must wait at the screen where all these tries were made; zero when it may be tried now.

    A minute at most. Known numbers and unknown ones are treated alike, and other screens do not count.
    """
    recent = sorted((one for one in tries if now - one.at < REMEMBERED), key=lambda one: one.at)
    own = [one for one in recent if one.number == number]
    return max(_left(own, AT_NUMBER, now), _left(recent, AT_SCREEN, now))


def _left(tries: Sequence[Try], first: int, now: datetime) -> timedelta:
    beyond = len(tries) - first
    if beyond < 0:
        return timedelta(0)
    wait = min(FIRST_WAIT * (1 << min(beyond, 10)), LONGEST_WAIT)
    # A clock that was set back makes nobody wait longer than the longest wait.
    return min(max(tries[-1].at + wait - now, timedelta(0)), LONGEST_WAIT)


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
