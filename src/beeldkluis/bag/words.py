"""A SHA-256 as eight Dutch words, to be compared aloud or typed over.

Eight words of a list of 2,048 carry 88 bits of the hash. Nobody can make another package with the words of a given one: that
takes about 2^88 tries. It does not hold against whoever makes the package: two packages with the same words, both one's own, take
about 2^44 tries, which can be done. Against that stands the whole hash, which the letter prints too and the seal signs.
"""

import re
from dataclasses import dataclass

from beeldkluis.bag.verifier import words
from beeldkluis.bag.verify import words_of

WORDS = 8


def eight_words(sha256: str) -> str:
    """The words of a hash in hexadecimal, with a space between them."""
    return words_of(sha256, words())


@dataclass(frozen=True, slots=True)
class Compared:
    """What somebody typed, held against a hash. `reason` says in Dutch what is not right; empty when the words are the same."""

    is_same: bool
    reason: str = ""


def compare(typed: str, sha256: str) -> Compared:
    """Are these the eight words of the hash? Capitals, commas, hyphens and line ends between them do not count."""
    given = re.findall(r"[^\W\d_]+", typed.lower())
    if len(given) != WORDS:
        return Compared(is_same=False, reason=f"Het zijn {WORDS} woorden. U typte er {len(given)}.")
    for number, one in enumerate(given, 1):
        if one not in words():
            return Compared(
                is_same=False, reason=f"Woord {number}, {one[:20]}, staat niet in de lijst. Is het goed getypt?"
            )
    differ = [
        number
        for number, (one, own) in enumerate(zip(given, eight_words(sha256).split(), strict=True), 1)
        if one != own
    ]
    if not differ:
        return Compared(is_same=True)
    if len(differ) == 1:
        return Compared(is_same=False, reason=f"Woord {differ[0]} is een ander woord. Typ het nog eens over.")
    return Compared(is_same=False, reason="Dit zijn de woorden van een ander pakket.")
