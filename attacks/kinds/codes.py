"""Guessing an officer's six digits: at the dock's screen, at many screens, on one's own telephone, on the viewing page."""

import itertools
import random
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx

from attacks.judging import Tally, kind
from attacks.place import Place
from attacks.visitor import Visitor

NUMBER = "9001"
REFUSED = "people.code_refused"
AT_ONE, AT_ALL = 3, 10  # tries before the first wait: at one screen; at all screens where the officer never was
FIRST_WAIT, LONGEST_WAIT = 5.0, 60.0  # seconds
SECONDS = 14.0  # of each way of guessing
AT_ONCE = 8
LATE = 2.0  # seconds that a busy machine may take over the last answer


def allowed(first: int, seconds: float) -> int:
    """How many tries the rule of the waits lets through in this time: `first`, and then one after each wait."""
    tries, passed, wait = first, FIRST_WAIT, FIRST_WAIT
    while passed <= seconds:
        tries += 1
        wait = min(wait * 2, LONGEST_WAIT)
        passed += wait
    return tries


def wrong_codes() -> Iterator[str]:
    """Six digits that are not the officer's, in no order."""
    chosen = random.sample(range(10**6), 200_000)
    return (f"{one:06d}" for one in chosen if one != 830461)


def hammer(
    place: Place, tries: list[Callable[[str], httpx.Response]], seconds: float = SECONDS
) -> tuple[int, int, float]:
    """Type codes in all these ways at once for a while: how many were sent, how many were looked at, how long it took."""
    before, sent, codes = place.entries(), itertools.count(), wrong_codes()
    begun = time.monotonic()

    def go(mine: list[Callable[[str], httpx.Response]]) -> None:
        for one in itertools.cycle(mine):
            if time.monotonic() - begun > seconds:
                return
            one(next(codes))
            next(sent)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(go, [part for part in (tries[turn::AT_ONCE] for turn in range(AT_ONCE)) if part]))
    return next(sent), place.acts(before).count(REFUSED), time.monotonic() - begun + LATE


def judge(
    place: Place,
    tally: Tally,
    way: str,
    first: int,
    tries: list[Callable[[str], httpx.Response]],
    seconds: float = SECONDS,
) -> None:
    """At most so many were looked at; and the tries themselves tell nobody anything."""
    sent, looked_at, took = hammer(place, tries, seconds)
    most = allowed(first, took)
    tally.judge(
        looked_at <= most, f"{way}: of {sent} codes {looked_at} were looked at in {took:.0f} s, and {most} may be"
    )


def at_screen(screen: Visitor, **headers: str) -> Callable[[str], httpx.Response]:
    """Type a code at this screen."""
    screen.get("/kiosk/mijn/aanmelden/")
    return lambda code: screen.submit("/kiosk/mijn/aanmelden/", {"number": NUMBER, "code": code}, headers=headers)


def more_screens(place: Place, count: int) -> list[Visitor]:
    """What an administrator can make: another screen, as often as wanted."""
    (administrator,) = place.sessions("administrator")
    dock = place.dock()["dock"]
    screens = []
    for _ in range(count):
        page = administrator.submit(f"/docks/{dock}/scherm/").text
        link = re.search(r"/kiosk/[\w-]{20,}/", page)
        if link is None:
            break
        screen = place.visitor()
        screen.get(link[0])
        screens.append(screen)
    return screens


@kind(
    "codes at one screen",
    role="somebody at the dock",
    tries="guesses an officer's code at one screen: in eight threads, with other sessions and other senders in the headers",
    seconds=90,
)
def one_screen(place: Place, tally: Tally) -> None:
    """The same screen from copies of its cookie, each with other headers."""
    screen = place.screen()
    copies = [screen.again() for _ in range(AT_ONCE)]
    tries = [
        at_screen(one, **{"X-Forwarded-For": f"10.0.0.{n}", "X-Real-IP": f"10.0.1.{n}", "Forwarded": f"for=10.0.2.{n}"})
        for n, one in enumerate(copies)
    ]
    judge(place, tally, "one screen", AT_ONE, tries, 22)  # until the fifth is looked at, which is a finding
    _told(place, tally, "at one screen")


@kind(
    "codes at many screens",
    role="administrator",
    tries="makes forty screens and guesses one officer's code at all of them",
    seconds=120,
)
def many_screens(place: Place, tally: Tally) -> None:
    """Every new screen is a new counter, unless tries are counted together."""
    judge(place, tally, "forty screens", AT_ALL, [at_screen(one) for one in more_screens(place, 40)])
    _told(place, tally, "at forty screens")


@kind(
    "codes while viewing",
    role="team manager",
    tries="guesses the officer's code on the viewing page, by beginning anew, and on /erbij/ from forty addresses",
    seconds=150,
)
def viewing(place: Place, tally: Tally) -> None:
    """The number of a viewing stands on the team manager's own screen."""
    (manager,) = place.sessions("team_manager")
    reference = place.one("select reference from cases_case")

    def begin() -> str:
        answer = manager.submit(f"/verzoeken/{reference}/inzage/", {"purpose": "assess_request", "place": "Thuis"})
        return answer.headers.get("location", "")

    here = begin()
    copies = [manager.again() for _ in range(AT_ONCE)]
    typed = [_types(one, f"{here}handhaver/") for one in copies]
    judge(place, tally, "on the viewing page", AT_ONE, typed)

    def anew(code: str) -> httpx.Response:
        return manager.submit(f"{begin()}handhaver/", {"number": NUMBER, "code": code})

    before, tries = place.acts(0).count(REFUSED), wrong_codes()
    for code in itertools.islice(tries, 12):
        anew(code)
    looked_at = place.acts(0).count(REFUSED) - before
    tally.judge(looked_at <= 2, f"by beginning anew: {looked_at} of 12 more codes were looked at")
    begin()
    shown = place.one("select number from viewing_viewing where ended_at is null order by begun_at desc limit 1")
    phones = [Visitor(place.address, transport=httpx.HTTPTransport(local_address=f"127.0.1.{n}")) for n in range(1, 41)]
    judge(place, tally, "on /erbij/ from forty addresses", AT_ALL, [_comes(one, shown) for one in phones])
    _told(place, tally, "while viewing")


def _types(visitor: Visitor, path: str) -> Callable[[str], httpx.Response]:
    return lambda code: visitor.submit(path, {"number": NUMBER, "code": code})


def _comes(phone: Visitor, shown: str) -> Callable[[str], httpx.Response]:
    return lambda code: phone.submit("/erbij/", {"viewing": shown, "number": NUMBER, "code": code})


@kind(
    "codes keep working",
    role="somebody at the dock",
    tries="shuts an officer out by typing wrong codes at another screen",
    seconds=90,
)
def shut_out(place: Place, tally: Tally) -> None:
    """Where the officer was before, the own code goes on working while somebody guesses elsewhere."""
    (theirs, *others) = [place.screen(), *more_screens(place, 6)]
    right = {"number": NUMBER, "code": place.links()["code"]}
    tally.judge(
        theirs.submit("/kiosk/mijn/aanmelden/", right).status_code == 302, "the right code does not work at all"
    )
    hammer(place, [at_screen(one) for one in others], 6)
    answer = theirs.submit("/kiosk/mijn/aanmelden/", right)
    tally.judge(answer.status_code == 302, "the officer is shut out at the own screen by somebody elsewhere")


def _told(place: Place, tally: Tally, where: str) -> None:
    told = place.rows("select text from findings_finding where settled_at is null and text like '%verkeerde code%'")
    tally.judge(told, f"guessing {where} is no finding")
