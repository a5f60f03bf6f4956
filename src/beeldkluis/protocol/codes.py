"""Personal codes of officers, at the dock's screen and around a viewing: which may be chosen, how long to wait after
wrong ones, and when one shows who types.

Wrong tries count for the screen where they are made. A screen costs an insider nothing, and an address little: so tries for one
number at all screens where it was never shown right count together too. Where an officer was before, nobody elsewhere can make
that officer wait.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from beeldkluis.protocol.register import Protocol, rule
from beeldkluis.protocol.verdict import Verdict, refuse

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


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCode:
    """What is known of an officer's code. `given`: somebody else gave it and it was not changed yet; `set_at`: since when it is
    as it is; `confirmed_at`: when the officer said so by another way than the dock's screen, empty when never.
    """

    given: bool
    set_at: datetime | None
    confirmed_at: datetime | None = None


@rule("access.own-code")
def shows_who_types(code: OwnCode, *, protocol: Protocol, now: datetime) -> Verdict:
    """Does this code show at a viewing that the officer is there? Whoever opens must not be able to make one: it is the
    officer's own choice, and either it is old enough that the officer would have noticed and said so, or it was confirmed by
    another way. A moment that is not known, or that is still to come, counts as no moment.
    """
    name, reason = "access.own-code", ""
    set_at = code.set_at if code.set_at is not None and code.set_at <= now else None
    if code.given:
        reason = "Deze code is u gegeven. Kies eerst bij het dockingstation zelf een code."
    elif set_at is None:
        reason = "Van deze code is niet bekend sinds wanneer hij geldt. Kies bij het dockingstation een nieuwe code."
    elif code.confirmed_at is not None and set_at <= code.confirmed_at <= now:
        pass
    elif now - set_at < protocol.days(name):
        days = protocol.number(name, "days")
        reason = (
            f"Deze code is nog geen {days} dagen oud en telt nog niet bij een inzage. Bevestig hem met de link in de mail,"
            " of wacht."
        )
    return Verdict(allowed=not reason, rule=name, reason=reason or "Deze code is van de handhaver zelf.")


@rule("access.known-address")
def knows_address(set_at: datetime | None, *, protocol: Protocol, now: datetime) -> Verdict:
    """Was an officer's address known long enough that a link to it is a way that nobody laid for the occasion? `set_at`: when it
    was written down. A moment that is not known, or that is still to come, counts as no moment.
    """
    name = "access.known-address"
    known = set_at is not None and set_at <= now and now - set_at >= protocol.days(name)
    reason = "Dit adres is lang genoeg bekend." if known else "Dit adres is nog te nieuw om iets mee te bevestigen."
    return Verdict(allowed=known, rule=name, reason=reason)


WRONG = "Dit nummer en deze code horen niet bij elkaar."
AT_DOCK = "web.code-at-dock"


def wrong_code() -> Verdict:
    """One and the same answer for an unknown number, a wrong code, no code, and somebody out of service."""
    return refuse(AT_DOCK, WRONG)


def is_same_code(*, same: bool) -> Verdict:
    """Is the code that was looked at still the officer's, now that steps of others may have come between?"""
    return Verdict(allowed=True, rule=AT_DOCK, reason="Dit kan.") if same else wrong_code()


def is_same_at_viewing(*, same: bool) -> Verdict:
    """The same of a code that was typed at a viewing."""
    reason = "Dit kan." if same else "De code is net veranderd. Typ de nieuwe."
    return Verdict(allowed=same, rule="access.own-code", reason=reason)


def may_confirm_by_link(*, usable: bool) -> Verdict:
    """May the link from the mail confirm a code? Once, and only the code that it was made for."""
    reason = "Dit kan." if usable else "Deze link werkt niet meer. De code telt vanzelf na een paar dagen."
    return Verdict(allowed=usable, rule="access.own-code", reason=reason)


def may_have_code(*, number: str, gone: bool) -> Verdict:
    """May the officer with this number have a code that works? Not out of service (`gone`)."""
    reason = f"Handhaver {number} is uit dienst." if gone else "Dit kan."
    return Verdict(allowed=not gone, rule=AT_DOCK, reason=reason)


def may_try(wait: timedelta) -> Verdict:
    """May a code be tried now? `wait`: what `wait_before_next` says; whole seconds are told, rounded up."""
    seconds = -(-wait // timedelta(seconds=1))
    reason = f"Wacht nog {seconds} {'seconde' if seconds == 1 else 'seconden'} en probeer het dan opnieuw."
    return Verdict(allowed=not wait, rule=AT_DOCK, reason=reason if wait else "Dit kan.")
