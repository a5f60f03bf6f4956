"""In which order the tests go to the workers: the longest files first, so that no worker waits long for the last one."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
KEPT = TESTS / "durations.json"  # seconds of each file, by its path below tests/; `make durations` writes it
UNKNOWN = 30.0  # seconds of a file that was never measured: early rather than last
LONG = 60.0  # seconds of a file whose tests are spread over the workers one by one


def kept() -> Mapping[str, float]:
    """Seconds of each file that was measured."""
    found: Mapping[str, float] = json.loads(KEPT.read_text(encoding="utf-8"))
    return found


def group_of(file: str, marked: str | None, durations: Mapping[str, float], *, story: bool) -> str | None:
    """With whom a test goes to one worker: the group that its file says, or else its file, so that what a file makes once is
    made once. None for a test of a LONG file: those go one by one. A story stays whole: it shares a demonstration.
    """
    if marked is not None:
        return marked
    return None if durations.get(file, 0) > LONG and not story else file


def longest_first(places: Iterable[tuple[str, str]], durations: Mapping[str, float]) -> list[str]:
    """The groups in the order in which they go out. `places`: a file and a group that it has tests in, or itself for none."""
    seconds: dict[str, float] = defaultdict(float)
    for file, group in set(places):
        seconds[group] += durations.get(file, UNKNOWN)
    return sorted(seconds, key=lambda group: (-seconds[group], group))


def arrange(items: list[pytest.Item]) -> None:
    """Give every test its group, and put the longest first. Within a group the order stays as it was, which is random."""
    durations, places = kept(), {}
    for item in items:
        file = item.path.relative_to(TESTS).as_posix()
        mark = item.get_closest_marker("xdist_group")
        group = group_of(
            file, mark and str(mark.args[0]), durations, story=item.get_closest_marker("story") is not None
        )
        if group is not None and mark is None:
            item.add_marker(pytest.mark.xdist_group(group))
        places[item] = (file, group or file)
    rank = {group: number for number, group in enumerate(longest_first(places.values(), durations))}
    items.sort(key=lambda item: rank[places[item][1]])
