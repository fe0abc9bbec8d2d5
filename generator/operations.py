"""From the paths of a document to `Operation`s.

Rule: as for schemas; what is not understood whole is an error that names the operation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import evolve
from openapi_pydantic.v3.v3_0 import OpenAPI, PathItem, Reference
from openapi_pydantic.v3.v3_0 import Operation as Described
from openapi_pydantic.v3.v3_0 import Parameter as Taken

from generator.answers import answers, logins
from generator.errors import Unusable
from generator.facts import Definition, Enumeration, Listing, Lives, Named, Operation, Parameter
from generator.imports import API
from generator.names import function_name
from generator.parameters import (
    Surroundings,
    body,
    in_order,
    named_apart,
    parameter,
    template,
)
from generator.schemas import Schemas
from generator.tables import AnswerOverride, Listed, Overrides, Tables

__all__ = ["operations"]


def operations(
    document: OpenAPI, schemas: Schemas, definitions: Iterable[Definition], tables: Tables
) -> tuple[Operation, ...]:
    """All operations of a document, in its order.

    :param document: the document.
    :param schemas: its named schemas.
    :param definitions: what they define.
    :param tables: the facts that correct and complete the document.
    """
    defined = tuple(definitions)
    around = Surroundings(
        schemas,
        tuple(found for found in defined if isinstance(found, Enumeration)),
        tables.ledger.parameters,
    )
    listings = frozenset(found.name for found in defined if isinstance(found, Listing))
    read = [
        _operation(path, item, method, described, document, around, tables)
        for path, item in document.paths.items()
        for method, described in _methods(item)
    ]
    return _named_apart(_with_words(found, listings, tables) for found in read)


def _operation(
    path: str,
    item: PathItem,
    method: str,
    described: Described,
    document: OpenAPI,
    around: Surroundings,
    tables: Tables,
) -> Operation:
    key = f"{method} {path}"
    if not described.operationId or not described.tags:
        raise Unusable(f"{key}: no operationId or no tag")
    lives = tables.ledger.operations.get(key, Lives())
    given = [*(item.parameters or ()), *(described.parameters or ())]
    given += _added(described.operationId, given, tables.overrides)
    parameters, sent = named_apart(
        in_order([parameter(one, key, around, lives) for one in given], path),
        body(described.requestBody, key, around.schemas),
    )
    override = _override(described.operationId, tables.overrides)
    answered = answers(described, key, around.schemas, override, tables.overrides.produces)
    ways = _security(described, document, tables.overrides)
    return Operation(
        id=described.operationId,
        tag=described.tags[0],
        name=described.operationId,
        method=method,
        path=template(path, parameters),
        parameters=parameters,
        body=sent,
        statuses=answered.statuses,
        answers=answered.types,
        empty=answered.empty,
        errors=answered.errors,
        produces=answered.produces,
        logins=logins(ways, tables.overrides.logins, key),
        lives=lives,
        deprecated=described.deprecated,
    )


def _methods(item: PathItem) -> Iterator[tuple[str, Described]]:
    methods = {
        "GET": item.get,
        "PUT": item.put,
        "POST": item.post,
        "PATCH": item.patch,
        "DELETE": item.delete,
    }
    return ((method, found) for method, found in methods.items() if found is not None)


def _security(
    described: Described, document: OpenAPI, overrides: Overrides
) -> tuple[Mapping[str, object], ...]:
    """The ways to log in, an empty one where none is needed."""
    said = document.security if described.security is None else described.security
    free = any(described.operationId in entry.operations for entry in overrides.anonymous)
    return (*(said or ({},)), *([{}] if free else ()))


def _added(
    operation: str, given: Iterable[Taken | Reference], overrides: Overrides
) -> Iterator[Taken]:
    """The parameters that an operation takes and the document lacks."""
    described = {one.name for one in given if isinstance(one, Taken)}
    for entry in overrides.parameters:
        if operation in entry.operations:
            if entry.name in described:
                raise Unusable(
                    f"overrides.toml, parameters: {operation} {entry.name}: the document has it"
                )
            said = {"name": entry.name, "in": "query", "schema": entry.content}
            yield Taken.model_validate(said)


def _override(operation: str, overrides: Overrides) -> AnswerOverride | None:
    found = (entry for entry in overrides.answers if operation in entry.operations)
    return next(found, None)


def _with_words(operation: Operation, listings: frozenset[str], tables: Tables) -> Operation:
    """The operation with what a listing's parameters take besides their type."""
    named = {kind.kind.name for kind in operation.answers if isinstance(kind.kind, Named)}
    if not named & listings:
        return operation
    listed = tables.listings.listings.get(operation.id)
    return evolve(
        operation,
        parameters=tuple(_with_word(found, listed, tables) for found in operation.parameters),
    )


def _with_word(parameter: Parameter, listed: Listed | None, tables: Tables) -> Parameter:
    kind = tables.listings.values.get(parameter.wire)
    return evolve(
        parameter,
        word=tables.overrides.words.get(parameter.wire),
        value=(kind, listed.fields) if kind and listed else None,
    )


def _named_apart(operations: Iterable[Operation]) -> tuple[Operation, ...]:
    taken: dict[str, set[str]] = {}
    named: list[Operation] = []
    for found in operations:
        names = taken.setdefault(found.tag, set(API))
        named.append(evolve(found, name=function_name(found.id, found.tag, names)))
        names.add(named[-1].name)
    return tuple(named)
