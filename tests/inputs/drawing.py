"""Values that a schema of the document allows, drawn from the schema alone.

Rule: what is drawn comes from the document, never from the library's types or strategies. The one
library that does this, hypothesis-jsonschema, is not kept: it does not run on Hypothesis 6.170, and
knows no schema that holds itself.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

from hypothesis import strategies as st

from cvatfn import File
from tests.inputs.document import DEFINITIONS, Schema

__all__ = ["ANYTHING", "TEXT", "allowed"]

DEEPEST: Final = 3
"""How many objects may stand inside one another; deeper ones have what they must and no more."""

Drawn = st.SearchStrategy[Any]

TEXT: Final = st.characters(codec="utf-8")

ANYTHING: Final[Drawn] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(TEXT, max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(TEXT, max_size=5), inner, max_size=2)
    ),
    max_leaves=4,
)
"""Whatever JSON can say."""

_OFFSETS: Final = st.integers(-14 * 60, 14 * 60).map(lambda told: timezone(timedelta(minutes=told)))
_FORMATS: Final[dict[str, Drawn]] = {
    "date-time": st.datetimes(
        min_value=datetime(1970, 1, 2),
        max_value=datetime(2100, 1, 1),
        timezones=_OFFSETS | st.just(UTC),
    ).map(datetime.isoformat),
    "email": st.from_regex(r"\A[a-z]{1,9}@[a-z]{1,9}\.[a-z]{2,3}\Z"),
    "uri": st.from_regex(r"\Ahttps?://[a-z]{1,9}/[a-z?=]{0,9}\Z"),
    "uuid": st.uuids().map(str),
}
_FILES: Final = st.builds(File, st.text("abcé .-", min_size=1, max_size=9), st.binary(max_size=20))


def allowed(schema: Schema, *, whole: bool = False, depth: int = 0) -> Drawn:
    """What a schema allows.

    :param schema: draft 4, with references into the document.
    :param whole: whether everything optional is there, and nothing is null.
    :param depth: inside of how many objects.
    """
    match schema:
        case {"$ref": str(named)}:
            held = DEFINITIONS[named.rpartition("/")[2]]
            return _later(held, whole=whole, depth=depth)
        case {"allOf": [only]}:
            return allowed(only, whole=whole, depth=depth)
        case {"anyOf": [only, {"type": "null"}]}:
            drawn = allowed(only, whole=whole, depth=depth)
            return drawn if whole else st.none() | drawn
        case {"anyOf": parts} | {"oneOf": parts}:
            return st.one_of([allowed(part, whole=whole, depth=depth) for part in parts])
        case {"enum": texts}:
            return st.sampled_from(texts)
        case {"type": "object"}:
            return _object(schema, whole=whole, depth=depth + 1)
        case {"type": "array", "items": items}:
            low = schema.get("minItems", 1 if whole and depth < DEEPEST else 0)
            high = schema.get("maxItems", max(low, 2 if depth < DEEPEST else 0))
            inner = allowed(items, whole=whole, depth=depth)
            return st.lists(inner, min_size=low, max_size=high)
        case {"type": "string"}:
            return _text(schema)
        case _:
            return _plain(schema)


def _later(schema: Schema, *, whole: bool, depth: int) -> Drawn:
    """What a schema allows, looked at when it is drawn: schemas may hold themselves."""
    return st.deferred(lambda: allowed(schema, whole=whole, depth=depth))


def _object(schema: Schema, *, whole: bool, depth: int) -> Drawn:
    if "properties" not in schema:
        values = schema.get("additionalProperties")
        held = ANYTHING if values is None else allowed(values, whole=whole, depth=depth)
        return st.dictionaries(st.text(TEXT, max_size=5), held, min_size=int(whole), max_size=2)
    drawn = {
        name: _later(held, whole=whole, depth=depth) for name, held in schema["properties"].items()
    }
    needed = schema.get("required", ())
    required = {name: held for name, held in drawn.items() if name in needed}
    optional = {name: held for name, held in drawn.items() if name not in needed}
    if depth > DEEPEST:
        return st.fixed_dictionaries(required)
    if whole:
        return st.fixed_dictionaries({**required, **optional})
    return st.fixed_dictionaries(required, optional=optional)


def _text(schema: Schema) -> Drawn:
    low, high = schema.get("minLength", 0), schema.get("maxLength")
    if "format" in schema:
        name = schema["format"].removesuffix(" or empty")
        return _FORMATS[name] | st.just("") if name != schema["format"] else _FORMATS[name]
    if "pattern" in schema:
        pattern: str = schema["pattern"]
        matching = st.from_regex(pattern)
        return matching.filter(lambda text: high is None or len(text) <= high)
    return st.text(TEXT, min_size=low, max_size=min(high or low + 9, low + 9))


def _plain(schema: Schema) -> Drawn:
    low, high = schema.get("minimum"), schema.get("maximum")
    match schema.get("type"):
        case "integer":
            return st.integers(low, high)
        case "number":
            floats = st.floats(low, high, allow_nan=False, allow_infinity=False)
            return floats | st.integers(-9 if low is None else low, 9 if high is None else high)
        case "boolean":
            return st.booleans()
        case "file":
            return _FILES
        case _:
            assert not schema, schema  # nothing is said: all goes
            return ANYTHING
