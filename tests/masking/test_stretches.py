"""Which stretches of pictures meet, and which lie at one picture."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from beeldkluis.masking.stretches import ByPicture, meeting

STRETCHES = st.lists(
    st.tuples(st.integers(0, 300), st.integers(0, 300)).map(lambda two: (min(two), max(two))), max_size=12
)


@given(STRETCHES)
def test_two_stretches_meet_that_have_a_picture_in_common(stretches: list[tuple[int, int]]) -> None:
    truth = {
        frozenset((one, other))
        for one, other in combinations(range(len(stretches)), 2)
        if set(range(stretches[one][0], stretches[one][1] + 1)).intersection(
            range(stretches[other][0], stretches[other][1] + 1)
        )
    }
    found = [frozenset(pair) for pair in meeting(stretches)]
    assert set(found) == truth
    assert len(found) == len(truth)


@given(STRETCHES, st.integers(-1, 301))
def test_what_lies_at_a_picture_comes_in_the_order_given(stretches: list[tuple[int, int]], frame: int) -> None:
    lying = ByPicture((first, last, number) for number, (first, last) in enumerate(stretches))
    assert lying.at(frame) == [at for at, (first, last) in enumerate(stretches) if first <= frame <= last]
