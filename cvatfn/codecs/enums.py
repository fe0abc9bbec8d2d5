"""Enums that newer servers may extend: an unknown text becomes a member that keeps its text.

Rule: what was read can always be written back. Two unknown members with the same text are equal and
hash alike; while a class has seen fewer than `REMEMBERED` of them they are also identical. What is
remembered is no part of the list: a text that a caller gives is held to the list alone.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum
from typing import ClassVar, Final, Self

from typing_extensions import override

__all__ = ["OpenEnum", "closed_enums", "listed"]

REMEMBERED = 256
"""How many unknown texts one class keeps, so that a hostile server cannot fill the memory."""


class OpenEnum(str, Enum):
    """A closed list of texts that stays readable when a server sends another one.

    Source of the lists: the `enum` keywords of CVAT's OpenAPI document.

    >>> class Light(OpenEnum):
    ...     RED = "red"
    >>> Light("red") is Light.RED, Light("blue").value, Light("blue").is_known
    (True, 'blue', False)
    """

    @property
    def is_known(self) -> bool:
        """Whether this release of the library has a name for the text."""
        return type(self).__members__.get(self.name) is self

    def __str__(self) -> str:
        """The text as it goes over the wire."""
        return str.__str__(self)

    @override
    def __init_subclass__(cls) -> None:
        # Not among the values that Enum knows: the native decoder takes those for the list.
        cls._unlisted = {}

    _unlisted: ClassVar[dict[str, OpenEnum]]
    _value_: str  # or checkers go by the other attributes

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str) or _CLOSED.get():
            return None
        member = str.__new__(cls, value)
        member._name_ = value
        member._value_ = value
        if len(cls._unlisted) >= REMEMBERED:
            return member
        # setdefault, not assignment: two threads that meet a new text get the same member.
        known = cls._unlisted.setdefault(value, member)
        return known if isinstance(known, cls) else member


_CLOSED: Final = ContextVar("closed_enums", default=False)


@contextmanager
def closed_enums() -> Generator[None]:
    """While it lasts, a text that no list has becomes no member: what is written is held to lists.

    >>> class Light(OpenEnum):
    ...     RED = "red"
    >>> with closed_enums():
    ...     Light("blue")
    Traceback (most recent call last):
    ValueError: 'blue' is not a valid Light
    """
    before = _CLOSED.set(True)
    try:
        yield
    finally:
        _CLOSED.reset(before)


def listed(kind: type[Enum], text: str) -> Enum | None:
    """The member of an enum that has a text; `None` where the enum does not list it.

    :param kind: an enum, open or not.
    :param text: the text, or a member of another enum of texts.

    >>> class Light(OpenEnum):
    ...     RED = "red"
    >>> listed(Light, "red"), listed(Light, "blue")
    (<Light.RED: 'red'>, None)
    """
    try:
        member = kind(text)
    except ValueError:
        return None
    return None if isinstance(member, OpenEnum) and not member.is_known else member
