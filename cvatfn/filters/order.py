"""`Order`: what a listing is sorted by, as a value.

Rule: an order is a sequence of names, a minus sign before those that count backwards.
"""

from __future__ import annotations

from typing import Generic, TypeVar, final

from attrs import frozen

from cvatfn.codecs.params import encodable

__all__ = ["Key", "Order", "Unsortable", "ordered"]

C_co = TypeVar("C_co", covariant=True)
S = TypeVar("S")
S_co = TypeVar("S_co", covariant=True)


@final
class Unsortable:
    """In place of whose listing can be sorted by a field: nobody's."""


@final
@frozen
class Order(Generic[C_co]):
    """What a listing is sorted by: by the first name, where that is the same by the next.

    Made by `ordered`, or by `-` before a field. `C` says of whose fields it speaks, as `Filter`'s.

    :param names: names of fields, with a minus sign before those that count backwards.
    :raises ValueError: there is no name, or one that the parameter has no way to say.

    >>> Order(("status", "-updated_date")).text
    'status,-updated_date'
    """

    names: tuple[str, ...]

    def __attrs_post_init__(self) -> None:
        if isinstance(self.names, str):  # a sequence of texts, too
            raise ValueError(f"one text, {self.names!r}, where a tuple of names belongs")
        unfit = [name for name in self.names if not _is_name(name.removeprefix("-"))]
        if unfit or not self.names:
            raise ValueError(f"a listing cannot be sorted by {unfit or 'nothing'}")

    @property
    def text(self) -> str:
        """The order as CVAT takes it."""
        return ",".join(self.names)

    def __neg__(self) -> Order[C_co]:
        return Order(tuple(map(_reversed, self.names)))


@frozen(eq=False)
class Key(Generic[S_co]):
    """A field that a listing can be sorted by.

    :param name: its name in CVAT's `sort` and `filter`.

    >>> -Key("created_date")
    Order(names=('-created_date',))
    """

    name: str

    def __neg__(self) -> Order[S_co]:
        return Order((f"-{_forwards(self.name)}",))


def ordered(first: Key[S] | Order[S], *others: Key[S] | Order[S]) -> Order[S]:
    """Sort by fields: by the first one, where that is the same by the next one.

    :param first: a field, with `-` before it to count backwards.
    :param others: the same.
    :raises ValueError: a field's name is one that the parameter has no way to say.

    >>> from cvatfn.filters import Tasks
    >>> ordered(Tasks.status, -Tasks.updated_date).text
    'status,-updated_date'
    """
    names: list[str] = []
    for key in (first, *others):
        names += key.names if isinstance(key, Order) else (_forwards(key.name),)
    return Order(tuple(names))


def _is_name(text: str) -> bool:
    # CVAT strips the blanks around a name, and takes a minus sign before it for an order.
    plain = text == text.strip() and not text.startswith("-") and "," not in text
    return text != "" and plain and encodable(text)


def _forwards(name: str) -> str:
    """A field's name, of which no minus sign is a part."""
    if name.startswith("-"):
        raise ValueError(f"a listing cannot be sorted by {[name]}")
    return name


def _reversed(name: str) -> str:
    return name.removeprefix("-") if name.startswith("-") else f"-{name}"
