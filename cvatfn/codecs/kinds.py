"""What kind of type an annotation is: the questions that several codecs ask.

Rule: these look at the form of an annotation only; nothing is imported and no model resolved.
"""

from __future__ import annotations

from types import UnionType
from typing import Any, Union, get_origin

__all__ = ["class_of", "is_open", "is_union"]


def is_union(kind: object) -> bool:
    """Whether a type is a union, however it is written.

    >>> is_union(int | None), is_union(Union[int, None]), is_union(int)
    (True, True, False)
    """
    return get_origin(kind) in (Union, UnionType)


def class_of(kind: object) -> type:
    """The class of a type without its arguments; `object` where there is none.

    >>> class_of(tuple[int, ...]), class_of(...)
    (<class 'tuple'>, <class 'object'>)
    """
    base = get_origin(kind) or kind
    return base if isinstance(base, type) else object


def is_open(kind: object) -> bool:
    """Whether a type says nothing of what a value is.

    >>> is_open(Any), is_open(object), is_open(int)
    (True, True, False)
    """
    return kind is object or kind is Any
