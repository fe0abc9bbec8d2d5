"""Who goes with whom: the assignment of most likeness, by the Hungarian method.

Rule: pairs that are not worth considering are not in the table, and nobody is made to go with
anybody. The answer depends on the table alone, not on the order of its entries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import inf
from typing import Final, Generic, TypeVar

from attrs import frozen

__all__ = ["Paired", "assigned", "paired"]

A = TypeVar("A")
B = TypeVar("B")


@frozen
class Paired(Generic[A, B]):
    """Two sides, paired.

    :param matches: who go together and are of the same label.
    :param mismatches: who go together but for their labels.
    :param left: who of the first side goes with nobody.
    :param right: who of the second side goes with nobody.
    """

    matches: tuple[tuple[A, B], ...] = ()
    mismatches: tuple[tuple[A, B], ...] = ()
    left: tuple[A, ...] = ()
    right: tuple[B, ...] = ()


def paired(
    left: Sequence[A],
    right: Sequence[B],
    likeness: Callable[[A, B], float],
    same: Callable[[A, B], bool],
    threshold: float,
    *,
    labels_first: bool = False,
) -> Paired[A, B]:
    """Pair two sides; of pairs that are as good as each other, those of the same label.

    :param left: the first side, without duplicates.
    :param right: the second side.
    :param likeness: from 0, nothing in common, to 1.
    :param same: whether two are of the same label.
    :param threshold: the least likeness of a pair.
    :param labels_first: whether who are of the same label are paired before all others.

    >>> paired([1.0], [1.2, 5.0], lambda a, b: 1 - abs(a - b) / 4, lambda a, b: True, 0.5)
    Paired(matches=((1.0, 1.2),), mismatches=(), left=(), right=(5.0,))
    """
    table = {(i, j): likeness(a, b) for i, a in enumerate(left) for j, b in enumerate(right)}
    worth = {pair: like for pair, like in table.items() if like > 0 and like >= threshold}
    alike = {(i, j): like for (i, j), like in worth.items() if same(left[i], right[j])}
    first = assigned(alike) if labels_first else ()
    rows, columns = {i for i, _ in first}, {j for _, j in first}
    rest = {
        pair: like + _TIE * (pair in alike)
        for pair, like in worth.items()
        if pair[0] not in rows and pair[1] not in columns
    }
    pairs = sorted((*first, *assigned(rest)))
    taken, given = {i for i, _ in pairs}, {j for _, j in pairs}
    return Paired(
        tuple((left[i], right[j]) for i, j in pairs if (i, j) in alike),
        tuple((left[i], right[j]) for i, j in pairs if (i, j) not in alike),
        tuple(a for i, a in enumerate(left) if i not in taken),
        tuple(b for j, b in enumerate(right) if j not in given),
    )


def assigned(table: Mapping[tuple[int, int], float]) -> tuple[tuple[int, int], ...]:
    """The pairs whose likenesses come to the largest sum, nobody being in two of them.

    :param table: likenesses above 0 and up to 1, by row and column.

    >>> assigned({(0, 0): 0.9, (0, 1): 0.8, (1, 0): 0.7})
    ((0, 1), (1, 0))
    """
    found = [pair for part in _parts(table) for pair in _assigned(part)]
    return tuple(sorted(found))


_TIE: Final = 1e-9
"""How much more a pair of the same label is worth."""


def _parts(
    table: Mapping[tuple[int, int], float],
) -> Iterator[Mapping[tuple[int, int], float]]:
    """A table cut where nobody of the one part could go with anybody of the other."""
    rows: dict[int, list[int]] = {}
    columns: dict[int, list[int]] = {}
    for i, j in sorted(table):
        rows.setdefault(i, []).append(j)
        columns.setdefault(j, []).append(i)
    seen: set[int] = set()
    for first in rows:
        if first in seen:
            continue
        waiting, reached, part = [first], set[int](), dict[tuple[int, int], float]()
        seen.add(first)
        while waiting:
            i = waiting.pop()
            for j in rows[i]:
                part[i, j] = table[i, j]
                if j not in reached:
                    reached.add(j)
                    waiting += (other for other in columns[j] if other not in seen)
                    seen.update(columns[j])
        yield part


def _assigned(part: Mapping[tuple[int, int], float]) -> Iterator[tuple[int, int]]:
    rows = sorted({i for i, _ in part})
    columns = sorted({j for _, j in part})
    if len(rows) > len(columns):
        yield from ((i, j) for j, i in _assigned({(j, i): like for (i, j), like in part.items()}))
        return
    costs = [[1 - part.get((i, j), 0.0) for j in columns] for i in rows]
    for i, column in zip(rows, _cheapest(costs), strict=True):
        if (i, columns[column]) in part:
            yield i, columns[column]


def _cheapest(costs: Sequence[Sequence[float]]) -> list[int]:
    """For each row the column that it gets, so that the sum of costs is least (Kuhn, Munkres).

    Not going with anybody costs 1, as does every pair that is not in the table; there are at least
    as many columns as rows.
    """
    width = len(costs[0])
    of_rows, of_columns = [0.0] * (len(costs) + 1), [0.0] * (width + 1)
    owner, way = [0] * (width + 1), [0] * (width + 1)
    for row in range(1, len(costs) + 1):
        owner[0], column = row, 0
        least, done = [inf] * (width + 1), [False] * (width + 1)
        while owner[column]:
            done[column] = True
            here, step, following = owner[column], inf, 0
            for other in range(1, width + 1):
                if done[other]:
                    continue
                reduced = costs[here - 1][other - 1] - of_rows[here] - of_columns[other]
                if reduced < least[other]:
                    least[other], way[other] = reduced, column
                if least[other] < step:
                    step, following = least[other], other
            for other in range(width + 1):
                if done[other]:
                    of_rows[owner[other]] += step
                    of_columns[other] -= step
                else:
                    least[other] -= step
            column = following
        while column:
            owner[column], column = owner[way[column]], way[column]
    columns = [0] * len(costs)
    for column in range(1, width + 1):
        if owner[column]:
            columns[owner[column] - 1] = column - 1
    return columns
