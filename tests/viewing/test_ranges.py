import pytest
from hypothesis import given
from hypothesis import strategies as st

from beeldkluis.viewing.forms import read_range


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("bytes=0-", (0, 100)),
        ("bytes=0-0", (0, 1)),
        ("bytes=10-19", (10, 20)),
        ("bytes=90-400", (90, 100)),
        ("bytes=100-", None),
        ("bytes=20-10", None),
        ("bytes=-5", None),
        ("bytes=0-5,7-9", None),
        ("lines=0-5", None),
        ("bytes=²-5", None),
        ("", None),
    ],
)
def test_a_range_is_read_or_refused(header: str, span: tuple[int, int] | None) -> None:
    assert read_range(header, 100) == span


@given(st.integers(1, 10**12), st.integers(0, 10**12), st.integers(0, 10**12))
def test_a_range_never_reaches_past_the_object(size: int, first: int, last: int) -> None:
    span = read_range(f"bytes={first}-{last}", size)
    assert span is None or 0 <= span[0] < span[1] <= size
