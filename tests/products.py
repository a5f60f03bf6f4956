"""Parts of large products that leave out no value: for tests through the database of a rule that is asked in full elsewhere."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Trial = TypeVar("Trial", bound=tuple[object, ...])


def each_value_of_each_answer(trials: Iterable[Trial], answer: Callable[[Trial], object]) -> Iterator[Trial]:
    """Trials in which, for every answer that occurs, every value of every fact occurs that occurs with that answer."""
    seen: set[tuple[object, int, object]] = set()
    for trial in trials:
        told = answer(trial)
        shown = {(told, place, value) for place, value in enumerate(trial)}
        if not shown <= seen:
            seen |= shown
            yield trial
