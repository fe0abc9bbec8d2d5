"""CVAT's OpenAPI document, read as JSON Schema: what the judge goes by.

Rule: this reading is its own and knows nothing of the generator's. Where it asks for more or for
less than the document's letter does, that is one of `RULES`, by name; where servers differ from the
document, the correction and its reason are those of `schema/overrides.toml`.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

from attrs import frozen
from typing_extensions import TypeIs

__all__ = [
    "DEFINITIONS",
    "OPERATIONS",
    "RULES",
    "Asked",
    "Operation",
    "Schema",
    "is_list",
    "is_object",
]

Schema: TypeAlias = dict[str, Any]

RULES: Final[Mapping[str, str]] = {
    "unknown keys": "an object with named properties takes no others; read-only ones are others",
    "whole lines": "a `$` of ECMA-262 is the end of the text, and no line end may follow it",
    "optional text": "an address without `minLength: 1` may be empty: there is none then",
    "null anywhere": "`nullable` lets null stand for whatever it is said of, a choice among it",
    "files": "`format: binary` is a file, not a text",
}
"""How the document is meant where its letter leaves it open."""


@frozen
class Asked:
    """A parameter: its name on the wire, its place, and what it may be."""

    name: str
    place: str
    required: bool
    schema: Schema


@frozen
class Operation:
    """What an operation takes: its parameters, and its body by media type."""

    path: str
    parameters: tuple[Asked, ...]
    bodies: Mapping[str, Schema]
    body_required: bool


def is_object(value: object) -> TypeIs[dict[str, Any]]:
    """Whether a value of JSON is an object."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeIs[list[Any]]:
    """Whether a value of JSON is an array."""
    return isinstance(value, list)


_SCHEMA: Final = Path(__file__).parents[2] / "schema"
_DOCUMENT: Final[Any] = json.loads((_SCHEMA / "cvat-2.80.0.json").read_text(encoding="utf-8"))
_OVERRIDES: Final[Any] = tomllib.loads((_SCHEMA / "overrides.toml").read_text(encoding="utf-8"))

_SAID: Final = ("$ref", "enum", "maximum", "minimum", "maxItems", "minItems", "maxLength")
_SAID_TOO: Final = ("minLength", "required", "type")


def _meant(said: Any) -> Schema:
    """A schema of OpenAPI 3.0 as one of JSON Schema, draft 4."""
    kept = {key: said[key] for key in (*_SAID, *_SAID_TOO) if key in said}
    if "$ref" in kept:
        return {"$ref": kept["$ref"].replace("components/schemas", "definitions")}
    for key in {"allOf", "oneOf", "anyOf"} & said.keys():
        kept[key] = [_meant(part) for part in said[key]]
    if "items" in said:
        kept["items"] = _meant(said["items"])
    if isinstance(said.get("additionalProperties"), dict):
        kept["additionalProperties"] = _meant(said["additionalProperties"])
    if "properties" in said:
        kept["properties"] = {name: _meant(held) for name, held in said["properties"].items()}
        kept.setdefault("additionalProperties", False)  # "unknown keys"
    if "pattern" in said:  # "whole lines"
        kept["pattern"] = said["pattern"].removesuffix("$") + r"\Z"
    if said.get("format") == "binary":  # "files"
        kept["type"] = "file"
    elif "format" in said and said["type"] == "string":
        may_be_empty = said["format"] in ("email", "uri") and "minLength" not in said
        kept["format"] = f"{said['format']} or empty" if may_be_empty else said["format"]
    return {"anyOf": [kept, {"type": "null"}]} if said.get("nullable") else kept  # "null anywhere"


def _corrected_schemas() -> dict[str, Any]:
    schemas = dict(_DOCUMENT["components"]["schemas"])
    for entry in _OVERRIDES.get("schemas", ()):
        schemas[entry["name"]] = entry["content"]
    for entry in _OVERRIDES.get("fields", ()):
        for field in entry["fields"] if "content" in entry else ():
            name, _, wire = field.partition(".")
            properties = schemas[name]["properties"] | {wire: entry["content"]}
            schemas[name] = schemas[name] | {"properties": properties}
    return schemas


def _is_listing(said: Any) -> bool:
    return "/Paginated" in json.dumps(said["responses"].get("200", {}))


def _parameter(said: Any, *, of_listing: bool) -> Asked:
    assert said.get("style", "form") in ("form", "simple")  # of one text each: there are no arrays
    assert said["schema"]["type"] in ("string", "integer", "number", "boolean")
    schema = _meant(said["schema"])
    if of_listing and said["name"] in _OVERRIDES["words"]:
        schema = {"anyOf": [schema, {"enum": [_OVERRIDES["words"][said["name"]]]}]}
    return Asked(said["name"], said["in"], said.get("required", False), schema)


def _operation(path: str, said: Any) -> Operation:
    added = [
        Asked(entry["name"], "query", required=False, schema=_meant(entry["content"]))
        for entry in _OVERRIDES["parameters"]
        if said["operationId"] in entry["operations"]
    ]
    body, listing = said.get("requestBody", {"content": {}}), _is_listing(said)
    return Operation(
        path,
        (*(_parameter(each, of_listing=listing) for each in said.get("parameters", ())), *added),
        {media: _meant(held["schema"]) for media, held in body["content"].items()},
        body.get("required", False),
    )


DEFINITIONS: Final[Mapping[str, Schema]] = {
    name: _meant(said) for name, said in _corrected_schemas().items()
}
"""The named schemas."""

OPERATIONS: Final[Mapping[str, Operation]] = {
    said["operationId"].replace("_", ".", 1): _operation(path, said)
    for path, methods in _DOCUMENT["paths"].items()
    for said in methods.values()
}
"""The operations, by the names that endpoints have."""
