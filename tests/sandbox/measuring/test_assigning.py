"""The best assignment is the best there is."""

from __future__ import annotations

from itertools import permutations, product
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from cvatfn.testing.sandbox.measuring.assigning import assigned, paired

Table = dict[tuple[int, int], float]

tables = st.dictionaries(
    st.tuples(st.integers(0, 4), st.integers(0, 4)),
    st.integers(1, 8).map(lambda eighths: eighths / 8),  # sums of these are exact
    max_size=12,
)


def _best(table: Table) -> float:
    """The largest sum of all assignments, tried one by one."""
    columns = range(5)
    return max(
        sum(table.get(pair, 0.0) for pair in enumerate(order)) for order in permutations(columns)
    )


@given(tables)
def test_no_other_assignment_comes_to_more(table: Table) -> None:
    found = assigned(table)
    assert sum(table[pair] for pair in found) == _best(table)
    assert len({row for row, _ in found}) == len({column for _, column in found}) == len(found)


@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_the_table_says_nothing(table: Table, random: Random) -> None:
    entries = list(table.items())
    random.shuffle(entries)
    assert assigned(dict(entries)) == assigned(table)


@given(tables)
def test_rows_and_columns_may_change_places(table: Table) -> None:
    turned = {(column, row): like for (row, column), like in table.items()}
    assert sum(turned[pair] for pair in assigned(turned)) == _best(table)


@given(st.sets(st.integers(0, 9)), st.sets(st.integers(0, 9)), st.integers(0, 8))
def test_nobody_is_lost_and_nobody_is_in_two_pairs(
    left: set[int], right: set[int], eighths: int
) -> None:
    found = paired(
        sorted(left),
        sorted(right),
        lambda a, b: 1 - abs(a - b) / 8,
        lambda a, b: a % 2 == b % 2,
        eighths / 8,
    )
    pairs = (*found.matches, *found.mismatches)
    assert sorted([*(a for a, _ in pairs), *found.left]) == sorted(left)
    assert sorted([*(b for _, b in pairs), *found.right]) == sorted(right)
    assert all(1 - abs(a - b) / 8 >= eighths / 8 for a, b in pairs)
    assert all((a % 2 == b % 2) == ((a, b) in found.matches) for a, b in pairs)
    both = product(found.left, found.right)
    assert not any(abs(a - b) < 8 and 1 - abs(a - b) / 8 >= eighths / 8 for a, b in both)


def test_many_alike_are_assigned_at_once() -> None:
    table = {(row, column): 1.0 for row in range(60) for column in range(50)}
    assert len(assigned(table)) == 50
