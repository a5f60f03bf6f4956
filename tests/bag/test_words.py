"""Eight words stand for a hash: none is taken for another, and what somebody types is held against them."""

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beeldkluis.bag.verifier import words
from beeldkluis.bag.words import compare, eight_words

SHA = hashlib.sha256(b"a package").hexdigest()


def aloud(word: str) -> str:
    """How a word sounds, roughly: what Dutch writes in two ways is one here."""
    same = (
        ("ij", "ei"),
        ("ou", "au"),
        ("sch", "sg"),
        ("ch", "g"),
        ("qu", "kw"),
        ("ph", "f"),
        ("th", "t"),
        ("ck", "k"),
        ("x", "ks"),
    )
    for written, sound in same:
        word = word.replace(written, sound)
    word = re.sub("c(?=[eiy])", "s", word).replace("c", "k").replace("z", "s").replace("v", "f").replace("y", "i")
    return re.sub(r"(.)\1", r"\1", re.sub("b$", "p", re.sub("d?t$|d$", "t", word)))


def test_no_word_sounds_like_another() -> None:
    """No two words differ by one sound more, less or other."""
    assert len(words()) == len(set(words())) == 2048
    assert list(words()) == sorted(words())
    assert all(re.fullmatch("[a-z]{4,9}", one) for one in words())
    sounds, shorter, replaced = set[str](), set[str](), set[str]()
    for word in words():
        sound = aloud(word)
        less = {sound[:at] + sound[at + 1 :] for at in range(len(sound))}
        other = {f"{sound[:at]}_{sound[at + 1 :]}" for at in range(len(sound))}
        near = sound in shorter or bool(less & sounds) or bool(other & replaced)
        assert not near, word
        sounds.add(sound)
        shorter |= less
        replaced |= other


def test_the_words_carry_the_first_88_bits() -> None:
    assert eight_words("0" * 64) == " ".join([words()[0]] * 8)
    assert eight_words("f" * 64) == " ".join([words()[2047]] * 8)
    assert eight_words("0" * 21 + "1" + "0" * 42) == " ".join([words()[0]] * 7 + [words()[1]])
    assert eight_words("0" * 22 + "f" * 42) == eight_words("0" * 64), "what comes after them is in the hash alone"


@given(st.integers(0, 87))
def test_each_of_the_88_bits_changes_a_word(bit: int) -> None:
    other = f"{int(SHA, 16) ^ 1 << 255 - bit:064x}"
    changed = [one != own for one, own in zip(eight_words(other).split(), eight_words(SHA).split(), strict=True)]
    assert changed == [number == bit // 11 for number in range(8)]


def test_what_is_typed_is_held_against_the_words() -> None:
    right = eight_words(SHA)
    for typed in (
        right,
        right.upper(),
        right.replace(" ", ", "),
        f"  {right.replace(' ', '-')}.",
        right.replace(" ", "\n"),
    ):
        assert compare(typed, SHA).is_same
    first, *rest = right.split()
    other = next(one for one in words() if one != first)
    assert compare(" ".join([other, *rest]), SHA).reason == "Woord 1 is een ander woord. Typ het nog eens over."
    assert compare(" ".join(["wetenschapp", *rest]), SHA).reason.startswith(
        "Woord 1, wetenschapp, staat niet in de lijst"
    )
    assert compare(" ".join(rest), SHA).reason == "Het zijn 8 woorden. U typte er 7."
    assert compare(eight_words("0" * 64), SHA).reason == "Dit zijn de woorden van een ander pakket."
    assert compare(" ".join([*rest, first]), SHA).is_same is False


@pytest.mark.parametrize("typed", ["", "\0", "é" * 8, "1 2 3 4 5 6 7 8", "a" * 100_000])
def test_nothing_that_is_typed_breaks_it(typed: str) -> None:
    assert not compare(typed, SHA).is_same
