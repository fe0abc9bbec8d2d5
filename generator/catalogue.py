"""The whole of what is written out, from the document and the tables."""

from __future__ import annotations

from collections.abc import Iterable

from openapi_pydantic.v3.v3_0 import OpenAPI, Reference

from generator.errors import Unusable
from generator.facts import Catalogue, Model
from generator.operations import operations
from generator.schemas import Schemas, definitions
from generator.tables import Tables

__all__ = ["catalogue"]


def catalogue(document: OpenAPI, tables: Tables) -> Catalogue:
    """Put the document and the tables together.

    :param document: an OpenAPI document.
    :param tables: the facts that correct and complete it.
    :raises Unusable: they do not fit each other, or hold what cannot be written as Python.
    """
    schemas = _schemas(document)
    defined = definitions(schemas, tables)
    found = Catalogue(
        title=document.info.title,
        version=document.info.version,
        definitions=defined,
        operations=operations(document, schemas, defined, tables),
    )
    _check_tables(found, tables)
    return found


def _schemas(document: OpenAPI) -> Schemas:
    named = (document.components and document.components.schemas) or {}
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
    for table, named, known in (
        ("overrides.toml, secrets", overrides.secrets.fields, fields),
        ("overrides.toml, fields", _all(entry.fields for entry in overrides.fields), answered),
        ("overrides.toml, answers", _all(one.operations for one in overrides.answers), operations),
        (
            "overrides.toml, anonymous",
            _all(one.operations for one in overrides.anonymous),
            operations,
        ),
        ("overrides.toml, words", overrides.words, wires),
        ("sentences.toml, tags", sentences.tags, catalogue.tags),
        ("sentences.toml, operations", sentences.operations, operations),
        ("sentences.toml, models", sentences.models, {one.name for one in catalogue.definitions}),
        ("sentences.toml, parameters", sentences.parameters, wires),
    ):
        unknown = sorted(set(named) - set(known))
        if unknown:
            raise Unusable(f"{table}: {', '.join(unknown)}: not in the document")


def _all(many: Iterable[Iterable[str]]) -> Iterable[str]:
    return (name for names in many for name in names)
