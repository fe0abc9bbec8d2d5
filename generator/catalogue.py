"""The whole of what is written out, from the document and the tables."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import evolve
from openapi_pydantic.v3.v3_0 import OpenAPI, Reference, Schema

from generator.areas import homes, named
from generator.errors import Unusable
from generator.facts import Catalogue, Listing, Model
from generator.listings import columns
from generator.operations import operations
from generator.schemas import Schemas, definitions
from generator.tables import UNCLAIMED, Overrides, Tables, release

__all__ = ["catalogue", "undescribed"]


def catalogue(document: OpenAPI, tables: Tables) -> Catalogue:
    """Put the document and the tables together.

    :param document: an OpenAPI document.
    :param tables: the facts that correct and complete it.
    :raises Unusable: they do not fit each other, or hold what cannot be written as Python.
    """
    schemas = _schemas(document, tables.overrides)
    defined = definitions(schemas, tables)
    found = Catalogue(
        title=document.info.title,
        version=document.info.version,
        definitions=defined,
        operations=operations(document, schemas, defined, tables),
    )
    _check_tables(found, tables)
    _check_older(found, tables)
    return evolve(found, columns=columns(found, tables.listings))


def undescribed(catalogue: Catalogue, tables: Tables) -> tuple[str, ...]:
    """What a person still has to say of a new release: a line for each table that lacks something.

    :param catalogue: what is in the document.
    :param tables: what is said of it.
    """
    sentences, definitions = tables.sentences, catalogue.definitions
    claimed = homes(definitions, tables.areas)
    operations = [operation.id for operation in catalogue.operations]
    wires = [one.wire for operation in catalogue.operations for one in operation.parameters]
    names = [one.name for one in definitions if not isinstance(one, Listing)]
    filtered = _filtered(catalogue, tables)
    lacking = (
        ("sentences.toml, tags", set(catalogue.tags) - set(sentences.tags)),
        ("sentences.toml, operations", set(operations) - set(sentences.operations)),
        ("sentences.toml, models", set(names) - set(sentences.models)),
        ("sentences.toml, parameters", set(wires) - set(sentences.parameters)),
        ("areas.toml", {name for name, area in claimed.items() if area == UNCLAIMED}),
        ("listings.toml", filtered - set(tables.listings.listings)),
        ("ledger.json, versions", {catalogue.version} - set(tables.ledger.versions)),
    )
    return tuple(
        f"schema/{table}: nothing about {', '.join(sorted(found))}"
        for table, found in lacking
        if found
    )


def _filtered(catalogue: Catalogue, tables: Tables) -> set[str]:
    """The operations with parameters that take values of the library's own."""
    return {
        operation.id
        for operation in catalogue.operations
        for found in operation.parameters
        if found.wire in tables.listings.values
    }


def _schemas(document: OpenAPI, overrides: Overrides) -> Schemas:
    described = (document.components and document.components.schemas) or {}
    added = {entry.name: Schema.model_validate(entry.content) for entry in overrides.schemas}
    twice = sorted(described.keys() & added.keys())
    if twice:
        raise Unusable(f"overrides.toml, schemas: {', '.join(twice)}: the document has it")
    named = {**described, **added}
    aliased = [name for name, schema in named.items() if isinstance(schema, Reference)]
    if aliased:
        raise Unusable(f"{aliased[0]}: a schema that is only a reference")
    return {name: schema for name, schema in named.items() if not isinstance(schema, Reference)}


def _check_tables(catalogue: Catalogue, tables: Tables) -> None:
    """An entry about what is not there would be forgotten; the upgrade that orphans it says so."""
    overrides, sentences = tables.overrides, tables.sentences
    models = [found for found in catalogue.definitions if isinstance(found, Model)]
    fields = {f"{model.name}.{field.name}": model for model in models for field in model.fields}
    answered = {place for place, model in fields.items() if not model.request}
    operations = {operation.id for operation in catalogue.operations}
    wires = {one.wire for operation in catalogue.operations for one in operation.parameters}
    for table, entries, known in (
        ("overrides.toml, secrets", overrides.secrets.fields, fields),
        ("overrides.toml, fields", _all(entry.fields for entry in overrides.fields), answered),
        ("overrides.toml, answers", _all(one.operations for one in overrides.answers), operations),
        (
            "overrides.toml, anonymous",
            _all(one.operations for one in overrides.anonymous),
            operations,
        ),
        (
            "overrides.toml, parameters",
            _all(one.operations for one in overrides.parameters),
            operations,
        ),
        ("overrides.toml, words", overrides.words, wires),
        ("listings.toml", tables.listings.listings, _filtered(catalogue, tables)),
        ("sentences.toml, tags", sentences.tags, catalogue.tags),
        ("sentences.toml, operations", sentences.operations, operations),
        ("sentences.toml, models", sentences.models, {one.name for one in catalogue.definitions}),
        ("sentences.toml, parameters", sentences.parameters, wires),
    ):
        unknown = sorted(set(entries) - set(known))
        if unknown:
            raise Unusable(f"{table}: {', '.join(unknown)}: not in the document")


def _check_older(catalogue: Catalogue, tables: Tables) -> None:
    """A field that is older than the model in it once held something else, which must be said."""
    baseline = release(tables.overrides.baseline)
    models = {found.name: found for found in catalogue.definitions if isinstance(found, Model)}
    for model in models.values():
        for field in () if model.request else model.fields:
            own = field.lives.since or model.lives.since
            for held in (models[name] for name in named(field.type) if name in models):
                begun = held.lives.since
                late = begun is not None and release(begun) > baseline
                if begun and late and (own is None or release(own) < release(begun)):
                    raise Unusable(
                        f"{model.name}.{field.name}: what did releases before {begun} send there? "
                        "Say it in overrides.toml, fields"
                    )


def _all(many: Iterable[Iterable[str]]) -> Iterable[str]:
    return (name for names in many for name in names)
