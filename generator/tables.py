"""The fact files in `schema/`: what they hold, typed, and how they are read.

Rule: every entry must have something to act on. A correction of a field that is gone is an error,
so the tables never outlive the document they correct.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from generator.errors import Unusable
from generator.facts import Lives

__all__ = [
    "UNCLAIMED",
    "Anonymous",
    "AnswerOverride",
    "Area",
    "Blank",
    "FieldOverride",
    "Ledger",
    "Listed",
    "Listings",
    "Nullable",
    "Observed",
    "Overrides",
    "ParameterOverride",
    "SchemaOverride",
    "Secrets",
    "Sentences",
    "Tables",
    "TypeOf",
    "load",
    "newest_document",
    "release",
]

T = TypeVar("T")


UNCLAIMED = "unclaimed"
"""The module of schemas that no area's prefix fits: those that a new release brought."""


class Area(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A module of models: what it is about and what its schemas' names begin with."""

    about: str
    prefixes: tuple[str, ...]


class Sentences(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What docstrings say, by name; of what nobody has described yet, no more than its name."""

    tags: dict[str, str]
    operations: dict[str, str]
    models: dict[str, str]
    parameters: dict[str, str]

    def tag(self, name: str) -> str:
        """What a tag's operations are about."""
        return self.tags.get(name, f"What CVAT has under {name}.")

    def operation(self, id: str) -> str:
        """What an operation does."""
        return self.operations.get(id, f"{_spaced(id)}.")

    def model(self, name: str) -> str:
        """What a schema is."""
        return self.models.get(name, f"The schema {name}.")

    def parameter(self, wire: str) -> str:
        """What a parameter is, without a full stop."""
        return self.parameters.get(wire, _spaced(wire).lower())


class Ledger(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first and last release of everything, by `METHOD /path`, `Schema.field`..."""

    versions: tuple[str, ...]
    operations: dict[str, Lives]
    parameters: dict[str, Lives]
    fields: dict[str, Lives]
    values: dict[str, Lives]


class Observed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How often a field was in a recorded answer, was not in it, and was null."""

    seen: int
    missing: int
    null: int


class Anonymous(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Operations that need no login although the document asks for one.

    `recorded` says whether that was seen.
    """

    operations: tuple[str, ...]
    why: str
    recorded: bool


class AnswerOverride(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What operations answer where the document is wrong or silent.

    `content` is an OpenAPI schema, or nothing where successes hold none; `empty` says that some
    successes hold none; `statuses` and `produces` replace the document's where given. `recorded`
    says whether a recorded answer of each operation is read wrongly without the correction.
    """

    operations: tuple[str, ...]
    why: str
    recorded: bool
    content: dict[str, object] | None = None
    empty: bool = False
    statuses: tuple[int, ...] | None = None
    produces: tuple[str, ...] | None = None


class FieldOverride(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How fields of response models are, as `Schema.field`; what is not given stays as derived.

    `content` is an OpenAPI schema in the place of the document's.
    """

    fields: tuple[str, ...]
    why: str
    always: bool | None = None
    null: bool | None = None
    content: dict[str, object] | None = None


class SchemaOverride(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An OpenAPI schema that the document lacks: what older releases send, under a name."""

    name: str
    why: str
    content: dict[str, object]


class ParameterOverride(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A query parameter that operations take and the document lacks.

    `content` is the OpenAPI schema of its values.
    """

    operations: tuple[str, ...]
    name: str
    why: str
    content: dict[str, object]


class Secrets(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The fields that are never shown, as `Schema.field`."""

    fields: tuple[str, ...]
    why: str


class Overrides(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything the document does not say, or says wrong.

    `baseline` is the oldest supported release; `logins` names the document's security schemes as
    endpoints do; `words` are texts that a parameter of every listing takes besides its type.
    """

    baseline: str
    produces: str
    logins: dict[str, str]
    words: dict[str, str]
    secrets: Secrets
    anonymous: tuple[Anonymous, ...] = ()
    answers: tuple[AnswerOverride, ...] = ()
    parameters: tuple[ParameterOverride, ...] = ()
    fields: tuple[FieldOverride, ...] = ()
    schemas: tuple[SchemaOverride, ...] = ()


class Listed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a listing can be filtered, sorted and searched by.

    `fields` is the name of the class that holds the fields; it can be sorted by what it can be
    filtered by, unless `sort` says otherwise. If it is `plain`, fields are equal to values or not,
    and nothing else; `note` is what else its users should know.
    """

    fields: str
    filter: tuple[str, ...]
    sort: tuple[str, ...] | None = None
    search: tuple[str, ...] = ()
    plain: bool = False
    note: str = ""

    @property
    def sorted(self) -> tuple[str, ...]:
        """The names of the fields it can be sorted by."""
        return self.filter if self.sort is None else self.sort


class TypeOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The type of fields, as `listing.field`, that the document does not describe."""

    fields: tuple[str, ...]
    type: str
    why: str


class Nullable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Fields, as `listing.field`, that may be null although the document does not say so."""

    fields: tuple[str, ...]
    why: str


class Blank(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Fields, as `listing.field`, that may be an empty text, which the document does not list."""

    fields: tuple[str, ...]
    why: str


class Listings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What listings can be filtered, sorted and searched by, by the operation's id.

    `values` are the parameters that take values of a class in `cvatfn.filters` besides texts.
    """

    values: dict[str, str] = {}
    listings: dict[str, Listed] = {}
    types: tuple[TypeOf, ...] = ()
    null: tuple[Nullable, ...] = ()
    blank: tuple[Blank, ...] = ()


class Tables(msgspec.Struct, frozen=True):
    """All fact files beside the document."""

    areas: dict[str, Area]
    sentences: Sentences
    overrides: Overrides
    ledger: Ledger
    observed: dict[str, dict[str, Observed]]
    listings: Listings = Listings()


def load(folder: Path, *, ledger: Path | None = None) -> Tables:
    """Read the fact files of a folder.

    :param folder: where `areas.toml`, `sentences.toml`, `overrides.toml` and the others are.
    :param ledger: the version ledger, if it is not the folder's `ledger.json`.
    :raises Unusable: a file is missing or does not have its form.
    """
    return Tables(
        areas=_read(folder / "areas.toml", dict[str, Area]),
        sentences=_read(folder / "sentences.toml", Sentences),
        overrides=_read(folder / "overrides.toml", Overrides),
        ledger=_read(ledger or folder / "ledger.json", Ledger),
        observed=_read(folder / "observed.json", dict[str, dict[str, Observed]]),
        listings=_read(folder / "listings.toml", Listings),
    )


def newest_document(folder: Path) -> Path:
    """The document of the newest release in a folder, by the version in the file's name.

    :raises Unusable: there is none.
    """
    found = {path: path.stem.removeprefix("cvat-") for path in folder.glob("cvat-*.json")}
    if not found:
        raise Unusable(f"{folder}: no cvat-<version>.json")
    return max(found, key=lambda path: release(found[path]))


def release(version: str) -> tuple[int, ...]:
    """A version as numbers, to compare it.

    >>> release("2.9.1") < release("2.40")
    True
    """
    return tuple(int(part) for part in version.split("."))


def _spaced(name: str) -> str:
    return " ".join(re.split(r"[_\W]+", name)).strip().capitalize()


def _read(path: Path, kind: type[T]) -> T:
    try:
        return msgspec.convert(_parsed(path), kind)
    except (OSError, ValueError) as error:
        raise Unusable(f"{path}: {error}") from error


def _parsed(path: Path) -> Mapping[str, object]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".toml":
        return tomllib.loads(text)
    parsed: Mapping[str, object] = msgspec.json.decode(text)
    return parsed
