"""The judge: what an independent validator of JSON Schema says of a value, and where.

Rule: a verdict is the set of the places where something is wrong; it is empty where nothing is.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache, reduce
from itertools import pairwise
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from jsonschema import Draft4Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend  # pyright: ignore[reportUnknownVariableType]  # no types

from cvatfn import File
from cvatfn.codecs.problems import at_index, at_key
from tests.inputs.document import DEFINITIONS, Schema

__all__ = ["Place", "path_of", "target", "wrong"]

Place = tuple[str | int, ...]


def wrong(schema: Schema, value: Any) -> frozenset[str]:
    """The places of a value that a schema forbids, as JSON paths.

    :param schema: draft 4, with references into the document.
    :param value: plain JSON, with files among it.

    >>> sorted(wrong({"required": ["a"], "properties": {"b": {"type": "string"}}}, {"b": 1}))
    ['$.a', '$.b']
    """
    errors = _validator(json.dumps(schema)).iter_errors(value)
    return frozenset(path_of(place) for error in errors for place in _places(error))


def path_of(place: Place) -> str:
    """A place as a JSON path.

    >>> path_of(("labels", 0, "name"))
    '$.labels[0].name'
    """

    def under(path: str, part: str | int) -> str:
        return at_index(path, part) if isinstance(part, int) else at_key(path, part)

    return reduce(under, place, "$")


def target(schema: Schema) -> Schema:
    """What is said of a value that is there: references followed, null and wrappers left out."""
    if "$ref" in schema:
        return target(DEFINITIONS[schema["$ref"].rpartition("/")[2]])
    if _takes_null(schema):
        return target(schema["anyOf"][0])
    return target(schema["allOf"][0]) if len(schema.get("allOf", ())) == 1 else schema


def _takes_null(schema: Schema) -> bool:
    parts: list[Schema] = schema.get("anyOf", [])
    return parts[1:] == [{"type": "null"}]


def _places(error: ValidationError) -> Iterator[Place]:
    """Where an error is; of keys that are missing or too many, the keys themselves."""
    place = tuple(error.absolute_path)
    schema: Any = error.schema
    held: Any = error.instance
    match error.validator:
        case "required":
            yield from ((*place, name) for name in schema["required"] if name not in held)
        case "additionalProperties":
            yield from ((*place, name) for name in held if name not in schema["properties"])
        case "anyOf" if _takes_null(schema):
            for cause in error.context or ():
                if cause.schema_path[0] == 0:  # that it is not null either says nothing
                    yield from _places(cause)
        case _:
            yield place


@cache
def _validator(schema: str) -> Validator:
    whole = {"allOf": [json.loads(schema)], "definitions": DEFINITIONS}
    judge: Validator = _JUDGE(whole, format_checker=_FORMATS)
    return judge


def _is_file(_: object, value: object) -> bool:
    return isinstance(value, File)


def _is_finite(_: object, value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


_JUDGE: Final[Any] = extend(  # type: ignore[no-untyped-call]  # its stub has no types
    Draft4Validator,
    type_checker=Draft4Validator.TYPE_CHECKER.redefine_many(
        {"file": _is_file, "number": _is_finite}
    ),
)


def _is_moment(text: str) -> bool:
    """RFC 3339, read as widely as ISO 8601 is; the offset is what makes it a moment."""
    return datetime.fromisoformat(text).utcoffset() is not None


def _is_email(text: str) -> bool:
    """The least there is to an address: somebody at some place, with no blank between."""
    pairs = pairwise(text.split("@"))
    return any(bool(before[-1:].strip() and after[:1].strip()) for before, after in pairs)


def _is_uri(text: str) -> bool:
    return bool(urlsplit(text).scheme) and not any(map(str.isspace, text))


def _is_uuid(text: str) -> bool:
    return bool(UUID(text))


_FORMATS: Final = FormatChecker(formats=())
_KNOWN: Final[dict[str, Callable[[str], bool]]] = {
    "date-time": _is_moment,
    "email": _is_email,
    "uri": _is_uri,
    "uuid": _is_uuid,
}


def _check(name: str, holds: Callable[[str], bool], *, or_empty: bool) -> None:
    def fits(value: object) -> bool:
        return not isinstance(value, str) or (or_empty and not value) or holds(value)

    _FORMATS.checks(name, raises=ValueError)(fits)


for _name, _holds in _KNOWN.items():
    _check(_name, _holds, or_empty=False)
    _check(f"{_name} or empty", _holds, or_empty=True)
