"""Fields: what filters compare and orders sort by; each kind offers what CVAT can do with it.

Rule: a field knows, by type, of whose listing it is (`C`), what may be compared with it (`V`, with
`None` where it may be null) and of whose listing it can sort (`S`: the same one, unless stated
otherwise). Comparing a field gives a `Filter`, so fields themselves have no equality and no hash.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import datetime
from enum import Enum
from typing import Final, Generic, Never, TypeAlias, final

from attrs import frozen
from typing_extensions import TypeVar, override

from cvatfn.codecs.params import encodable
from cvatfn.filters.filter import Filter
from cvatfn.filters.order import Key
from cvatfn.filters.rules import Among, Between, Compared, Containing, Operator, Present, Scalar

__all__ = [
    "AnyField",
    "AnyFields",
    "F",
    "Field",
    "Known",
    "Moment",
    "Number",
    "Scale",
    "Text",
    "Value",
]

Known: TypeAlias = str | int | float | bool | datetime
"""A value that is not null; between two of a kind there is an order."""
Value: TypeAlias = Known | None
"""What a field can be compared with: enums are texts, times have their offset."""

C_co = TypeVar("C_co", covariant=True)
V_contra = TypeVar("V_contra", bound=Value, contravariant=True)
T_contra = TypeVar("T_contra", bound=Known, contravariant=True)
S_co = TypeVar("S_co", covariant=True, default=C_co)


@frozen(eq=False)
class Field(Key[S_co], Generic[C_co, V_contra, S_co]):
    """A field that is equal to a value or not: an enum, a boolean, and all other kinds besides.

    Whatever cannot be written in a filter is a ValueError: a time without an offset above all.

    >>> from cvatfn.filters import Tasks
    >>> Tasks.status == "completed", Tasks.project_id != None
    (F.status == 'completed', ~(F.project_id == None))
    """

    @override
    def __eq__(self, other: V_contra) -> Filter[C_co]:  # type: ignore[override]  # builds, asks not
        return _compared(self, "==", other)

    @override
    def __ne__(self, other: V_contra) -> Filter[C_co]:  # type: ignore[override]  # as above
        return ~_compared(self, "==", other)  # not every listing knows JSON Logic's own `!=`

    def one_of(self, values: Iterable[V_contra]) -> Filter[C_co]:
        """The field is one of several values; of none, when there are none.

        :param values: the values; those of a set are sorted, so that the text is always the same.

        >>> from cvatfn.filters import F, Tasks
        >>> Tasks.id.one_of([3, 1])
        F.id.one_of([3, 1])
        >>> F.subset.one_of(["train", None])
        F.subset.one_of(['train']) | (F.subset == None)
        """
        if isinstance(values, str | bytes):
            raise ValueError(f"one text, {values!r}, where several values belong")
        given = [_scalar(value) for value in values]
        if isinstance(values, AbstractSet):
            given.sort(key=lambda value: (type(value).__name__, value is not None and value))
        known = tuple(value for value in given if value is not None)
        among: Filter[C_co] = Filter(Among(self.name, known))
        # A list never finds null: in SQL, null is not equal to null.
        null: Filter[C_co] = Filter(Compared(self.name, "==", None))
        return among if len(known) == len(given) else among | null

    @property
    def present(self) -> Filter[C_co]:
        """The field is not null.

        >>> from cvatfn.filters import Tasks
        >>> (~Tasks.assignee.present).text
        '{"!":{"var":"assignee"}}'
        """
        return Filter(Present(self.name))


@final
@frozen(eq=False)
class Text(Field[C_co, V_contra, S_co], Generic[C_co, V_contra, S_co]):
    """A field that holds a text.

    >>> from cvatfn.filters import Tasks
    >>> Tasks.name == "cats"
    F.name == 'cats'
    """

    def contains(self, text: str) -> Filter[C_co]:
        """The text is somewhere in the field, upper and lower case told apart.

        :param text: what to find.

        >>> from cvatfn.filters import Tasks
        >>> Tasks.name.contains("cat").text
        '{"in":["cat",{"var":"name"}]}'
        """
        return _containing(self, text)


@frozen(eq=False)
class Scale(Field[C_co, V_contra, S_co], Generic[C_co, T_contra, V_contra, S_co]):
    """A field whose values have an order; null is neither more nor less than anything."""

    def __lt__(self, other: T_contra) -> Filter[C_co]:
        return _compared(self, "<", _known(other))

    def __le__(self, other: T_contra) -> Filter[C_co]:
        return _compared(self, "<=", _known(other))

    def __gt__(self, other: T_contra) -> Filter[C_co]:
        return _compared(self, ">", _known(other))

    def __ge__(self, other: T_contra) -> Filter[C_co]:
        return _compared(self, ">=", _known(other))

    def between(self, low: T_contra, high: T_contra) -> Filter[C_co]:
        """The field is neither less than one value nor more than another.

        :param low: the least.
        :param high: the most.

        >>> from cvatfn.filters import Tasks
        >>> Tasks.id.between(1, 9).text
        '{"<=":[1,{"var":"id"},9]}'
        """
        return Filter(Between(self.name, _scalar(_known(low)), _scalar(_known(high))))


@final
@frozen(eq=False)
class Number(Scale[C_co, int, V_contra, S_co], Generic[C_co, V_contra, S_co]):
    """A field that holds a whole number.

    >>> from cvatfn.filters import Tasks
    >>> (Tasks.id >= 3) & (Tasks.project_id == None)
    (F.id >= 3) & (F.project_id == None)
    """


@final
@frozen(eq=False)
class Moment(Scale[C_co, datetime, V_contra, S_co], Generic[C_co, V_contra, S_co]):
    """A field that holds a point in time.

    >>> from datetime import UTC, datetime
    >>> from cvatfn.filters import Tasks
    >>> Tasks.updated_date < datetime(2026, 1, 1, tzinfo=UTC)
    F.updated_date < '2026-01-01T00:00:00+00:00'
    """


@final
@frozen(eq=False)
class AnyField(Scale[Never, Known, Value, Never]):
    """A field of which nothing is known but its name; see `F`."""

    def contains(self, text: str) -> Filter[Never]:
        """The text is somewhere in the field, upper and lower case told apart.

        :param text: what to find.
        """
        return _containing(self, text)


@final
@frozen
class AnyFields:
    """Fields of any name; see `F`."""

    def __getattr__(self, name: str) -> AnyField:
        """The field of a name.

        :raises AttributeError: the name begins with an underscore, as Python's own do.
        """
        if name.startswith("_"):
            raise AttributeError(f"{name}: a field of such a name is F[{name!r}]")
        return self[name]

    def __getitem__(self, name: str) -> AnyField:
        """The field of a name that cannot be an attribute's.

        :param name: any text.

        >>> F["a b"] > 3
        F['a b'] > 3
        """
        return AnyField(_encodable(name))


F: Final = AnyFields()
"""Fields of any name and kind, for servers whose fields this release does not know.

What is made of them is taken by every listing, and may be joined with what is made of others.

>>> from cvatfn.filters import Tasks
>>> (F.priority > 3) & (Tasks.status == "completed")
(F.priority > 3) & (F.status == 'completed')
"""


def _compared(field: Key[object], operator: Operator, value: Value) -> Filter[Never]:
    return Filter(Compared(field.name, operator, _scalar(value)))


def _known(value: Value) -> Value:
    """A value to compare by order; CVAT breaks over null there, instead of finding nothing."""
    if value is None:
        raise ValueError("null is neither more nor less than anything; for null there is ==")
    return value


def _containing(field: Key[object], text: str) -> Filter[Never]:
    return Filter(Containing(field.name, _encodable(text)))


def _scalar(value: object) -> Scalar:
    """A value as JSON has it."""
    match value:
        case Enum():
            return _scalar(value.value)
        case datetime():
            if value.utcoffset() is None:
                raise ValueError(f"{value!r} has no offset, so it is another time for everyone")
            return value.isoformat()
        case str():
            return _encodable(value)
        case float() if not math.isfinite(value):
            raise ValueError(f"JSON has no number {value}")
        case int() if abs(value) > _LARGEST:
            raise ValueError("JSON readers take no number as large as that")
        case None | bool():
            return value
        # What only derives from a number, such as NumPy's, is no JSON.
        case int():
            return int.__int__(value)
        case float():
            return float.__float__(value)
        case _:
            raise ValueError(f"no field is compared with {type(value).__name__}")


_LARGEST: Final = 1 << 4096
"""Python and the native decoder refuse longer ones, each at its own limit."""


def _encodable(text: object) -> str:
    if not isinstance(text, str):
        raise ValueError(f"a text is needed here, not {type(text).__name__}")
    if not encodable(text):
        raise ValueError(f"{text!r} holds a lone surrogate, which UTF-8 cannot carry")
    return str.__str__(text)  # as with numbers: a text, and nothing that derives from it
