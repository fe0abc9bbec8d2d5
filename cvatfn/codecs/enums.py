"""Enums that newer servers may extend: an unknown text becomes a member that keeps its text.

Rule: what was read can always be written back. Two unknown members with the same text are equal and
hash alike; while a class has seen fewer than `REMEMBERED` of them they are also identical. A text
that UTF-8 cannot hold is not remembered: no decoder could be built of a class that has it.
"""

from __future__ import annotations

from enum import Enum
from typing import Self

__all__ = ["OpenEnum"]

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

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = value
        member._value_ = value
        is_full = len(cls._value2member_map_) >= len(cls.__members__) + REMEMBERED
        if is_full or value != value.encode("utf-8", "replace").decode():
            return member
        # setdefault, not assignment: two threads that meet a new text get the same member.
        known = cls._value2member_map_.setdefault(value, member)
        return known if isinstance(known, cls) else member
