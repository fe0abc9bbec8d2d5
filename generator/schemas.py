"""From the schemas of a document to types: `Typed` for those in place, definitions for named ones.

Rule: only forms that are understood whole are taken; anything else is an error that names the
place, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from attrs import evolve
from openapi_pydantic.v3.v3_0 import DataType, Reference, Schema

from generator.errors import Unusable
from generator.facts import (
    Alias,
    Choice,
    Definition,
    Enumeration,
    Field,
    Limit,
    Listing,
    Lives,
    Many,
    Model,
    Named,
    Scalar,
    Table,
    Typed,
)
from generator.names import class_name, field_name
from generator.tables import Observed, Tables, release

__all__ = ["Schemas", "as_read", "definitions", "is_request", "schema_of", "typed"]

Schemas: TypeAlias = Mapping[str, Schema]

PAGE_FIELDS = {"count", "next", "previous", "results"}

SCALARS: Mapping[tuple[DataType | None, str | None], str] = {
    (DataType.INTEGER, None): "int",
    (DataType.NUMBER, None): "float",
    (DataType.BOOLEAN, None): "bool",
    (DataType.STRING, None): "str",
    (DataType.STRING, "date-time"): "datetime",
    (DataType.STRING, "uuid"): "UUID",
    (DataType.STRING, "binary"): "File",
    (DataType.OBJECT, None): "JSONObject",
    (None, None): "JSON",
}
"""Python's names of types; a format that is not here changes nothing."""


def typed(schema: Reference | Schema, schemas: Schemas, place: str) -> Typed:
    """The type that a schema in place describes.

    :param schema: the schema.
    :param schemas: those that references may name.
    :param place: where it stands, for errors.
    :raises Unusable: the schema has a form that is not understood.
    """
    if isinstance(schema, Reference):
        return Typed(_named(schema, schemas, place))
    nullable = bool(schema.nullable)
    parts = schema.allOf or schema.oneOf or schema.anyOf
    if parts:
        return evolve(_one_of(parts, schemas, place), nullable=nullable)
    if schema.enum:
        return Typed(Choice(_texts(schema, place)), nullable=nullable)
    if schema.type is DataType.ARRAY:
        if schema.items is None:
            raise Unusable(f"{place}: an array of nothing in particular")
        item = typed(schema.items, schemas, f"{place}[]")
        return Typed(Many(item), _limits(schema), nullable)
    if schema.type is DataType.OBJECT and not isinstance(schema.additionalProperties, bool | None):
        value = typed(schema.additionalProperties, schemas, f"{place}{{}}")
        return Typed(Table(value), (), nullable)
    if schema.properties:
        raise Unusable(f"{place}: an object in place; give it a name under components/schemas")
    return Typed(_scalar(schema), _limits(schema), nullable)


def as_read(kind: Typed) -> Typed:
    """A type as it is read: a newer server may add to a choice, and a file is its bytes.

    :param kind: the type as the document has it.
    """
    match kind.kind:
        case Choice():
            return evolve(kind, kind=Scalar("str"))
        case Scalar("File"):
            return evolve(kind, kind=Scalar("bytes"))
        case Many(item):
            return evolve(kind, kind=Many(as_read(item)))
        case Table(value):
            return evolve(kind, kind=Table(as_read(value)))
        case _:
            return kind


def definitions(schemas: Schemas, tables: Tables) -> tuple[Definition, ...]:
    """What the named schemas of a document define, in its order.

    :param schemas: `components/schemas`.
    :param tables: the facts that correct and complete them.
    """
    return tuple(_definition(name, schema, schemas, tables) for name, schema in schemas.items())


def schema_of(content: Mapping[str, object]) -> Reference | Schema:
    """An OpenAPI schema that a table has.

    :param content: the schema, or a `$ref` to one.
    """
    return (Reference if "$ref" in content else Schema).model_validate(content)


def is_request(name: str) -> bool:
    """Whether a schema is for bodies: its name ends in `Request`, and says of what.

    >>> is_request("TaskWriteRequest"), is_request("Request"), is_request("TaskRead")
    (True, False, False)
    """
    return name.endswith("Request") and name != "Request"


def _definition(name: str, schema: Schema, schemas: Schemas, tables: Tables) -> Definition:
    class_name(name)  # raises where it can be none
    parts = schema.oneOf or schema.anyOf
    if schema.enum:
        return _enumeration(name, _texts(schema, name), tables)
    if parts:
        return Alias(name, tuple(as_read(typed(part, schemas, name)) for part in parts))
    properties = schema.properties
    if not properties:
        raise Unusable(f"{name}: a named schema that is no object, enum or choice")
    if properties.keys() == PAGE_FIELDS:
        results = typed(properties["results"], schemas, f"{name}.results")
        if isinstance(results.kind, Many):
            return Listing(name, results.kind.item)
    return _model(name, schema, schemas, tables)


def _enumeration(name: str, values: tuple[str, ...], tables: Tables) -> Enumeration:
    ledger = tables.ledger.values
    lives = {value: ledger.get(f"{name}={value}", Lives()) for value in values}
    whole = _common(lives.values())
    baseline = tables.overrides.baseline
    said = (
        (value, _worth_saying(_beyond(lived, whole), baseline)) for value, lived in lives.items()
    )
    return Enumeration(name, tuple(said), whole)


def _model(name: str, schema: Schema, schemas: Schemas, tables: Tables) -> Model:
    properties = schema.properties or {}
    lives = {wire: tables.ledger.fields.get(f"{name}.{wire}", Lives()) for wire in properties}
    whole = _common(lives.values())
    request = is_request(name)
    fields: list[Field] = []
    for wire, held in properties.items():
        place = f"{name}.{wire}"
        given = Field(
            name=field_name(name, wire),
            type=typed(_corrected(held, place, tables), schemas, place),
            required=wire in (schema.required or ()),
            deprecated=isinstance(held, Schema) and bool(held.deprecated),
            secret=place in tables.overrides.secrets.fields,
            lives=_worth_saying(_beyond(lives[wire], whole), tables.overrides.baseline),
        )
        fields.append(given if request else _as_sent(given, place, tables))
    return Model(name, tuple(fields), request, whole)


def _corrected(held: Reference | Schema, place: str, tables: Tables) -> Reference | Schema:
    """What the document says of a field, or what is said in its place."""
    told = [entry.content for entry in tables.overrides.fields if place in entry.fields]
    content = next((said for said in told if said is not None), None)
    return held if content is None else schema_of(content)


def _as_sent(given: Field, place: str, tables: Tables) -> Field:
    """A field of an answer as servers send it, which is not what the document requires."""
    model, _, wire = place.partition(".")
    seen = tables.observed.get(model, {}).get(wire, Observed(0, 0, 0))
    told = [entry for entry in tables.overrides.fields if place in entry.fields]
    always = [entry.always for entry in told if entry.always is not None]
    null = [entry.null for entry in told if entry.null is not None]
    derived = not seen.missing and _is_of_baseline(given.lives, tables.overrides.baseline)
    nullable = given.type.nullable or seen.null > 0
    return evolve(
        given,
        required=always[0] if always else derived,
        type=evolve(as_read(given.type), nullable=null[0] if null else nullable),
    )


def _is_of_baseline(lives: Lives, baseline: str) -> bool:
    late = lives.since is not None and release(lives.since) > release(baseline)
    return not late and lives.until is None


def _worth_saying(lives: Lives, baseline: str) -> Lives:
    """Nothing, of what every supported server has."""
    return Lives() if _is_of_baseline(lives, baseline) else lives


def _common(lives: Iterable[Lives]) -> Lives:
    """The life of a whole, from those of its parts."""
    parts = tuple(lives)
    since = [part.since for part in parts if part.since is not None]
    until = [part.until for part in parts if part.until is not None]
    return Lives(
        min(since, key=release) if since and len(since) == len(parts) else None,
        max(until, key=release) if until and len(until) == len(parts) else None,
    )


def _beyond(own: Lives, whole: Lives) -> Lives:
    """What there is to say of a part that is not said of the whole."""
    return Lives(
        None if own.since == whole.since else own.since,
        None if own.until == whole.until else own.until,
    )


def _named(reference: Reference, schemas: Schemas, place: str) -> Named:
    name = reference.ref.removeprefix("#/components/schemas/")
    if name not in schemas:
        raise Unusable(f"{place}: {reference.ref} is nowhere")
    return Named(name, dressed=is_request(name) or bool(schemas[name].enum))


def _one_of(parts: Sequence[Reference | Schema], schemas: Schemas, place: str) -> Typed:
    """One schema with a wrapper around it, or an enum that may also be an empty text."""
    blank = [part for part in parts if _is_blank(part, schemas, place)]
    rest = [part for part in parts if part not in blank]
    if len(rest) != 1:
        raise Unusable(f"{place}: a choice in place; give it a name under components/schemas")
    return evolve(typed(rest[0], schemas, place), blank=bool(blank))


def _is_blank(part: Reference | Schema, schemas: Schemas, place: str) -> bool:
    found = schemas[_named(part, schemas, place).name] if isinstance(part, Reference) else part
    return found.enum == [""]


def _scalar(schema: Schema) -> Scalar:
    name = SCALARS.get((schema.type, schema.schema_format))
    return Scalar(name or SCALARS[schema.type, None])


def _texts(schema: Schema, place: str) -> tuple[str, ...]:
    values: list[object] = list(schema.enum or ())
    texts = tuple(value for value in values if isinstance(value, str))
    if len(texts) != len(values):
        raise Unusable(f"{place}: an enum of something else than texts")
    return texts


def _limits(schema: Schema) -> tuple[Limit, ...]:
    """The limits of a type as keywords of `msgspec.Meta`."""
    shape = _shape(schema)
    given = (
        ("ge", _plain(schema.minimum)),
        ("le", _plain(schema.maximum)),
        ("min_length", schema.minItems if schema.minLength is None else schema.minLength),
        ("max_length", schema.maxItems if schema.maxLength is None else schema.maxLength),
        ("pattern", _python_pattern(schema.pattern) if shape is None else shape[0]),
        ("description", None if shape is None else shape[1]),
    )
    return tuple((keyword, value) for keyword, value in given if value is not None)


SHAPES: Mapping[str, tuple[str, str]] = {
    "email": (r"[^@\s]@[^@\s]", "email address"),
    "uri": (r"^[A-Za-z][A-Za-z0-9+.-]*:\S+\Z", "URI"),
}
"""The formats that a text is held to: what no server could take for one, and its name in words."""


def _shape(schema: Schema) -> tuple[str, str] | None:
    """The pattern of a text's format, and what the format is called.

    Where CVAT refuses an empty text its document says `minLength: 1`; where it does not say so, an
    empty text stands for none, whatever the format.
    """
    shape = SHAPES.get(schema.schema_format or "")
    if shape is None or schema.pattern is not None or schema.type is not DataType.STRING:
        return None
    pattern, words = shape
    return (pattern if schema.minLength else rf"^\Z|{pattern}"), words


def _python_pattern(pattern: str | None) -> str | None:
    r"""A pattern as Python means it: a `$` of ECMA-262 does not let a line end behind it.

    >>> _python_pattern("^[a-z]+$"), _python_pattern(r"^\$")
    ('^[a-z]+\\Z', '^\\$')
    """
    ends = pattern is not None and re.search(r"(?<!\\)(\\\\)*\$\Z", pattern) is not None
    return f"{pattern[:-1]}\\Z" if pattern is not None and ends else pattern


def _plain(number: float | None) -> float | int | None:
    """The number as it was written: the reader makes every limit a float."""
    return int(number) if number is not None and number == int(number) else number
