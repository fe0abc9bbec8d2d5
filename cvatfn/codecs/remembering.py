"""Remember what a type led to: decoders, hooks and field tables are made once for each type.

Rule: the memory is bounded, since types may be made at run time.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar, cast

__all__ = ["remembered"]

A = TypeVar("A")
R = TypeVar("R")


def remembered(function: Callable[[A], R]) -> Callable[[A], R]:
    """Keep a function's last results.

    This is `functools.lru_cache` with the function's own type: checkers take no type for hashable.

    :param function: a pure function of one hashable argument.

    >>> remembered(len)("abc")
    3
    """
    # The wrapper takes what the function takes; its type in typeshed says only `Hashable`.
    return cast("Callable[[A], R]", lru_cache(maxsize=4096)(function))
