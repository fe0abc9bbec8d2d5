"""Single values, held to their exact types: the hooks of everything that is no container.

Rule: nothing is coerced. `"5"` is no integer; only texts become enums, dates, UUIDs and bytes,
since JSON has no other form for them, and subclasses of the scalars become plain ones.
"""

from __future__ import annotations

import math
from base64 import b64decode
from collections.abc import Callable, Sequence
from datetime import datetime
from enum import Enum
from numbers import Integral, Real
from types import NoneType
from typing import Final, TypeAlias
from uuid import UUID

from cvatfn.codecs.enums import listed
from cvatfn.codecs.files import File, as_file
from cvatfn.codecs.hints import did_you_mean
from cvatfn.codecs.kinds import class_of
from cvatfn.codecs.params import LONGEST_INT
from cvatfn.codecs.plain import is_mapping
from cvatfn.codecs.showing import written

__all__ = ["LISTED", "SCALARS", "Hook", "Misfit", "Misfits", "misfit", "nothing", "number", "text"]

Hook: TypeAlias = Callable[[object, object], object]
"""What structures a value as a type: it takes both, and raises for what does not fit."""


class Misfit(Exception):  # noqa: N818 - never leaves the codecs
    """One value does not fit its type."""


class Misfits(Exception):  # noqa: N818 - never leaves the codecs
    """One value does not fit in several ways.

    :param errors: the ways.
    """

    def __init__(self, errors: Sequence[Exception]) -> None:
        super().__init__(*errors)
        self.errors: Final = tuple(errors)


def misfit(expected: str, value: object) -> Misfit:
    """What to raise for a value of another type.

    >>> print(misfit("int", None))
    expected int, got null
    """
    got = "null" if value is None else type(value).__name__
    return Misfit(f"expected {expected}, got {got}")


def _exact(kind: type, expected: str) -> Hook:
    def hook(value: object, _: object) -> object:
        if type(value) is kind:
            return value
        raise misfit(expected, value)

    return hook


def text(value: object, _: object) -> object:
    """A text, as a plain one.

    :param value: anything.
    :raises Misfit: it is none, or half of a character is in it.
    """
    # `str` takes its subclasses too: members of enums are texts.
    if not isinstance(value, str):
        raise misfit("str", value)
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise Misfit("holds a lone surrogate, which UTF-8 cannot carry") from error
    return value if type(value) is str else str.__str__(value)


def _integer(value: object, _: object) -> object:
    # NumPy's integers and floats are `Integral` and `Real` too: what people compute with fits.
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise misfit("int", value)
    whole = int(value)
    if abs(whole) >= LONGEST_INT:
        raise Misfit("is too long a number to be written")
    return whole


def number(value: object, _: object) -> object:
    """A finite number, as a plain one: whole ones stay whole, since JSON knows no difference.

    :param value: anything.
    :raises Misfit: it is none.
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        raise misfit("float", value)
    if isinstance(value, Integral):
        return _integer(value, None)
    if not math.isfinite(value):
        raise Misfit(f"expected a finite float, got {value}")
    return float(value)


def _moment(value: object, _: object) -> object:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError as error:
            said = f"expected a date and time in ISO 8601, got {written(value)}"
            raise Misfit(said) from error
    if not isinstance(value, datetime):
        raise misfit("datetime", value)
    return value


def _uuid(value: object, _: object) -> object:
    if isinstance(value, str):
        try:
            return UUID(value)
        except ValueError as error:
            raise Misfit(f"expected a UUID, got {written(value)}") from error
    if isinstance(value, UUID):
        return value
    raise misfit("UUID", value)


def _bytes(value: object, _: object) -> object:
    if isinstance(value, str):
        try:
            return b64decode(value, validate=True)  # how JSON carries bytes here
        except ValueError as error:
            raise Misfit("expected bytes in base64") from error
    if isinstance(value, bytes):
        return value
    raise misfit("bytes", value)


def _file(value: object, _: object) -> object:
    file = as_file(value)
    if file is not None:
        return file
    if not is_mapping(value):
        raise misfit("File, bytes, path or open file", value)
    name, content_type = value.get("name"), value.get("content_type")
    content = _bytes(value.get("content"), None)
    if isinstance(name, str) and isinstance(content_type, str) and isinstance(content, bytes):
        return File(name, content, content_type)
    raise misfit("File, bytes, path or open file", value)


def nothing(value: object, _: object) -> object:
    """Null.

    :param value: anything.
    :raises Misfit: it is something.
    """
    if value is None:
        return None
    raise misfit("null", value)


def _enum(value: object, kind: object) -> object:
    enum = _class_of_enum(kind)
    if isinstance(value, enum):
        return value
    if type(value) is not str:
        raise misfit(f"text of {enum.__name__}", value)
    return enum(value)


def _listed(value: object, kind: object) -> object:
    """A member, whatever it is, since somebody made it on purpose; or a text that is listed."""
    enum = _class_of_enum(kind)
    if isinstance(value, enum):
        return value
    if not isinstance(value, str):
        raise misfit(f"text of {enum.__name__}", value)
    given = str.__str__(value)
    member = listed(enum, given)
    if member is not None:
        return member
    texts = [str(each.value) for each in enum]
    hint = did_you_mean(given, texts) or f", which are {', '.join(texts)}"
    raise Misfit(f"{written(given)} is none of the texts of {enum.__name__}{hint}")


def _class_of_enum(kind: object) -> type[Enum]:
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    raise TypeError(f"{kind} is no enum")


def _by_class(enum: Hook) -> Hook:
    """The hook of texts, and of enums: ours are texts first, and cattrs goes by the first base."""

    def hook(value: object, kind: object) -> object:
        return (enum if issubclass(class_of(kind), Enum) else text)(value, kind)

    return hook


_PLAIN: Final[tuple[tuple[type, Hook], ...]] = (
    (int, _integer),
    (float, number),
    (bool, _exact(bool, "bool")),
    (datetime, _moment),
    (UUID, _uuid),
    (bytes, _bytes),
    (File, _file),
    (NoneType, nothing),
)

SCALARS: Final[tuple[tuple[type, Hook], ...]] = ((Enum, _enum), (str, _by_class(_enum)), *_PLAIN)
"""The hooks of what is read: enums are open."""

LISTED: Final[tuple[tuple[type, Hook], ...]] = (
    (Enum, _listed),
    (str, _by_class(_listed)),
    *_PLAIN,
)
"""The hooks of what a caller gives: a text is one that its enum lists."""
