"""While footage is open: when it was left alone, and whether two accounts of what was seen agree (privacy-3, work-14)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from beeldkluis.protocol.presence import Present
from beeldkluis.protocol.register import Protocol, rule
from beeldkluis.protocol.verdict import Verdict, refuse

Span = tuple[int, int]  # [first, last)


@rule("access.left-alone")
def is_left_alone(seen_at: datetime, *, protocol: Protocol, now: datetime) -> bool:
    """Did the page send no heartbeat for too long: closed without a word, a computer that sleeps, a line that is gone?"""
    return now - seen_at > protocol.minutes("access.left-alone")


def union(spans: Iterable[Span]) -> list[Span]:
    """The same places in as few spans as possible, in order; empty ones are left out."""
    joined: list[Span] = []
    for first, last in sorted(one for one in spans if one[0] < one[1]):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def total(spans: Iterable[Span]) -> int:
    """How much the spans cover together, each place once."""
    return sum(last - first for first, last in union(spans))


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One clip under one opening: what the page says was played (milliseconds of film), and which sealed bytes the server gave
    out. `duration_ms` is 0 when nobody knows how long the clip is.
    """

    duration_ms: int
    played: tuple[Span, ...]
    size: int
    fetched: tuple[Span, ...]


MEBI = 1024 * 1024
UNEVEN = 2  # a quiet part of a film takes fewer bytes for a second than the whole does: at least half of them


def was_given(*, played: Iterable[Span], duration_ms: int, share: float, protocol: Protocol) -> Verdict:
    """Did the server give out what a page says was played of a film (milliseconds)? A page that tells of seconds for which no
    bytes went out does not tell the truth. `share`: how much of the film's sealed bytes went out, 1.0 for all of them once.
    """
    seconds = protocol.number("access.played", "seconds") * 1000
    if duration_ms > 0 and min(total(played), duration_ms) > seconds + UNEVEN * duration_ms * share:
        return refuse("access.played", "De pagina meldt meer seconden dan er beelden zijn uitgegeven.")
    return _yes()


@rule("access.played")
def accounts_agree(account: Account, protocol: Protocol) -> Verdict:
    """Can both accounts be true? See `was_given`; and who fetches far more than was shown, and than a player reads ahead, does
    something else than look.
    """
    if account.duration_ms <= 0 or account.size <= 0:
        return _yes()
    given, share = total(account.fetched), total(account.fetched) / account.size
    told = was_given(played=account.played, duration_ms=account.duration_ms, share=share, protocol=protocol)
    if not told.allowed:
        return told
    played = min(total(account.played), account.duration_ms)
    ahead = protocol.number("access.played", "mebibytes") * MEBI * (1 + len(union(account.played)))
    if given > ahead + UNEVEN * account.size * played / account.duration_ms:
        return refuse("access.played", "Er zijn veel meer beelden opgehaald dan er volgens de pagina zijn bekeken.")
    return _yes()


def _yes() -> Verdict:
    return Verdict(allowed=True, rule="access.played", reason="Beide lijsten van wat is bekeken, kloppen met elkaar.")


@rule("access.who-looked")
def as_told(present: str) -> str:
    """How somebody who looked is told of to who was filmed: by function, never by name. `present` is what stands with the
    opening, a kind of Present with perhaps a pseudonym behind it.
    """
    kind = present.partition(":")[0]
    return Present(kind).dutch if kind in set(Present) else "iemand die erbij was"
