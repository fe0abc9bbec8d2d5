"""What a call comes to: a value or an error, both of a known type.

`Outcome[T, E]` is the union of `Success[T]` and `Failure[E]` from `returns`. A union, not their
common base `Result`, because only on a union do mypy, pyright, ty and pyrefly all narrow a `match`
exactly and prove it exhaustive (docs/decisions/0001-outcome-is-a-union.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias, TypeVar

from returns.result import Failure, Result, Success

__all__ = ["Failure", "Outcome", "Success", "as_result", "collect"]

T = TypeVar("T")
E = TypeVar("E")

Outcome: TypeAlias = Success[T] | Failure[E]
"""What a call comes to: a `match` over it is exact and exhaustive for every type checker."""


def as_result(outcome: Outcome[T, E]) -> Result[T, E]:
    """See an outcome as a `returns` container, for `.map` and its kin.

    :param outcome: what a function of this library returned.
    :returns: the same object under its base type; nothing is copied.

    >>> as_result(Success(20)).map(lambda size: size + 1).unwrap()
    21
    """
    return outcome


def collect(outcomes: Iterable[Outcome[T, E]]) -> Outcome[tuple[T, ...], E]:
    """Gather many outcomes into one, stopping at the first failure.

    :param outcomes: outcomes in order; none after the first failure is asked for.
    :returns: all values as a tuple, or the first error.

    >>> collect([Success(1), Success(2)])
    <Success: (1, 2)>
    >>> collect([Success(1), Failure("late"), Success(3)])
    <Failure: late>
    """
    values: list[T] = []
    for outcome in outcomes:
        match outcome:
            case Success(value):
                values.append(value)
            case Failure():
                return outcome
    return Success(tuple(values))
