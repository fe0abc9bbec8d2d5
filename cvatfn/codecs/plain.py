"""What data look like from outside: objects, arrays, anything that can be walked.

Rule: these say no more than `isinstance` does, but give the checkers element types to hold on to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from typing_extensions import TypeIs

__all__ = ["Array", "is_array", "is_mapping", "is_sequence", "is_walkable"]

Array: TypeAlias = tuple[object, ...] | list[object]


def is_mapping(value: object) -> TypeIs[Mapping[object, object]]:
    """Whether a value is a dict or looks like one.

    >>> is_mapping({"a": 1}), is_mapping([])
    (True, False)
    """
    return isinstance(value, Mapping)


def is_array(value: object) -> TypeIs[Array]:
    """Whether a value is a tuple or a list.

    >>> is_array((1, 2)), is_array("ab")
    (True, False)
    """
    return isinstance(value, tuple | list)


def is_sequence(value: object) -> TypeIs[Sequence[object]]:
    """Whether a value has its elements in a row: texts and bytes are no rows.

    >>> is_sequence(range(2)), is_sequence("ab"), is_sequence({1, 2})
    (True, False, False)
    """
    texts = (str, bytes, bytearray, memoryview)
    return isinstance(value, Sequence) and not isinstance(value, texts)


def is_walkable(value: object) -> TypeIs[Iterable[object]]:
    """Whether a value can be walked as a sequence of elements: texts and dicts cannot.

    >>> is_walkable(range(2)), is_walkable("ab"), is_walkable({})
    (True, False, False)
    """
    return isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping)
