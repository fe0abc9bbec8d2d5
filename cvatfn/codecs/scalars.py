"""Single values, held to their exact types: the hooks of everything that is no container.

Rule: nothing is coerced. `"5"` is no integer; only texts become enums, dates, UUIDs and bytes,
since JSON has no other form for them, and subclasses of the scalars become plain ones.
"""

from __future__ import annotations

import math
from base64 import b64decode
from collections.abc import Callable
from datetime import datetime
from enum import Enum
from numbers import Integral, Real
from types import NoneType
from typing import Final, TypeAlias
from uuid import UUID

from cvatfn.codecs.files import File, as_file
from cvatfn.codecs.plain import is_mapping

__all__ = ["SCALARS", "Hook", "Misfit", "misfit"]

Hook: TypeAlias = Callable[[object, object], object]
"""What structures a value as a type: it takes both, and raises for what does not fit."""


class Misfit(Exception):  # noqa: N818 - never leaves the codecs
    """One value does not fit its type."""


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


def _text(value: object, kind: object) -> object:
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _enum(value, kind)  # our enums are texts first, and cattrs goes by the first base
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
    return int(value)


def _number(value: object, _: object) -> object:
    if isinstance(value, bool) or not isinstance(value, Real):
        raise misfit("float", value)
    if isinstance(value, int):
        return int(value)  # a whole number stays one: JSON knows no difference
    if not math.isfinite(value):
        raise Misfit(f"expected a finite float, got {value}")
    return float(value)


def _moment(value: object, _: object) -> object:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError as error:
            raise Misfit(f"expected a date and time in ISO 8601, got {value!r}") from error
    if not isinstance(value, datetime):
        raise misfit("datetime", value)
    return value


def _uuid(value: object, _: object) -> object:
    if isinstance(value, str):
        try:
            return UUID(value)
        except ValueError as error:
            raise Misfit(f"expected a UUID, got {value!r}") from error
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


def _nothing(value: object, _: object) -> object:
    if value is None:
        return None
    raise misfit("null", value)


def _enum(value: object, kind: object) -> object:
    if not (isinstance(kind, type) and issubclass(kind, Enum)):
        raise TypeError(f"{kind} is no enum")
    if isinstance(value, kind):
        return value
    if type(value) is not str:
        raise misfit(f"text of {kind.__name__}", value)
    return kind(value)


SCALARS: Final[tuple[tuple[type, Hook], ...]] = (
    (Enum, _enum),
    (str, _text),
    (int, _integer),
    (float, _number),
    (bool, _exact(bool, "bool")),
    (datetime, _moment),
    (UUID, _uuid),
    (bytes, _bytes),
    (File, _file),
    (NoneType, _nothing),
)
