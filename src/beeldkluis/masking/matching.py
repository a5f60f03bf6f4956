"""Which box goes on with which track: the cheapest pairs of all, by the Hungarian method."""

from collections.abc import Callable, Mapping
from math import inf


def cheapest(costs: Mapping[tuple[int, int], float]) -> dict[int, int]:
    """Pairs (left, right) that are possible and what each costs: as many pairs as can be, and of those the cheapest.

    Most boxes have one track in reach: what does not touch is solved apart, so that a crowd costs little.
    """
    found: dict[int, int] = {}
    for lefts, rights in _islands(costs):
        found |= _solved(lefts, rights, costs)
    return found


def _islands(costs: Mapping[tuple[int, int], float]) -> list[tuple[list[int], list[int]]]:
    """Groups of which no left can pair with a right of another group."""
    of_left: dict[int, list[int]] = {}
    of_right: dict[int, list[int]] = {}
    for left, right in costs:
        of_left.setdefault(left, []).append(right)
        of_right.setdefault(right, []).append(left)
    found, seen = [], set[int]()
    for start in of_left:
        if start in seen:
            continue
        lefts, rights, waiting = {start}, set[int](), [start]
        while waiting:
            for right in set(of_left[waiting.pop()]) - rights:
                rights.add(right)
                fresh = set(of_right[right]) - lefts
                lefts |= fresh
                waiting.extend(fresh)
        seen |= lefts
        found.append((sorted(lefts), sorted(rights)))
    return found


def _solved(lefts: list[int], rights: list[int], costs: Mapping[tuple[int, int], float]) -> dict[int, int]:
    """The Hungarian method with potentials, rows one by one (O(n^3)); a pair that is not possible costs more than all others."""
    turned = len(lefts) > len(rights)
    rows, columns = (rights, lefts) if turned else (lefts, rights)
    worst = 1.0 + sum(abs(cost) for cost in costs.values())

    def cost(row: int, column: int) -> float:
        pair = (columns[column], rows[row]) if turned else (rows[row], columns[column])
        return costs.get(pair, worst)

    row_of = _assigned(len(rows), len(columns), cost)
    pairs = [(rows[row], columns[column]) for column, row in row_of.items()]
    ordered = [(right, left) for left, right in pairs] if turned else pairs
    return {left: right for left, right in ordered if (left, right) in costs}


def _assigned(rows: int, columns: int, cost: Callable[[int, int], float]) -> dict[int, int]:
    """The row of each column that has one; there are no more rows than columns. Places count from 1 within, 0 is no place."""
    of_row, of_column = [0.0] * (rows + 1), [0.0] * (columns + 1)
    row_at, came_from = [0] * (columns + 1), [0] * (columns + 1)
    for row in range(1, rows + 1):
        row_at[0], at = row, 0
        least, used = [inf] * (columns + 1), [False] * (columns + 1)
        while row_at[at]:
            used[at] = True
            step, following = inf, 0
            for column in range(1, columns + 1):
                if used[column]:
                    continue
                left = cost(row_at[at] - 1, column - 1) - of_row[row_at[at]] - of_column[column]
                if left < least[column]:
                    least[column], came_from[column] = left, at
                if least[column] < step:
                    step, following = least[column], column
            for column in range(columns + 1):
                if used[column]:
                    of_row[row_at[column]] += step
                    of_column[column] -= step
                else:
                    least[column] -= step
            at = following
        while at:
            row_at[at] = row_at[came_from[at]]
            at = came_from[at]
    return {column - 1: row_at[column] - 1 for column in range(1, columns + 1) if row_at[column]}
