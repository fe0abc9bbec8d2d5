"""From the names of what listings can be filtered and sorted by to fields with types.

Rule: the type of a field is that of the listing's parameter of the same name, else that of the same
field of what is listed; only where there is neither does a table say it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import evolve

from generator.errors import Unusable
from generator.facts import (
    Alias,
    Catalogue,
    Column,
    Columns,
    Definition,
    Listing,
    Model,
    Named,
    Operation,
    Scalar,
    Typed,
)
from generator.tables import Listed, Listings

__all__ = ["columns"]


def columns(catalogue: Catalogue, table: Listings) -> tuple[Columns, ...]:
    """The fields of every listing, by the names of their classes.

    :param catalogue: the operations and what they answer.
    :param table: what each listing can be filtered and sorted by.
    :raises Unusable: a field has no type, or the table says what is known or of no use.
    """
    definitions = {found.name: found for found in catalogue.definitions}
    stated = {place: Scalar(one.type) for one in table.types for place in one.fields}
    nullable = {place for one in table.null for place in one.fields}
    blank = {place for one in table.blank for place in one.fields}
    used: set[str] = set()
    made: list[Columns] = []
    for operation in catalogue.operations:
        listed = table.listings.get(operation.id)
        if listed is None:
            continue
        types = dict(_types(operation, listed, definitions))
        for name in sorted({*listed.filter, *listed.sorted}):
            place = f"{operation.id}.{name}"
            if place in stated and name not in types:
                types[name] = Typed(stated[place])
                used.add(place)
            if name not in types:
                raise Unusable(f"listings.toml, types: nothing about {place}")
            if place in nullable and not types[name].nullable:
                types[name] = evolve(types[name], nullable=True)
                used.add(place)
            if place in blank and not types[name].blank:
                types[name] = evolve(types[name], blank=True)
                used.add(place)
        made.append(_columns(operation, listed, types))
    idle = sorted((set(stated) | nullable | blank) - used)
    if idle:
        raise Unusable(f"listings.toml: {', '.join(idle)}: there is nothing to correct")
    return tuple(sorted(made, key=lambda found: found.name))


def _columns(operation: Operation, listed: Listed, types: Mapping[str, Typed]) -> Columns:
    return Columns(
        listed.fields,
        f"{operation.tag}.{operation.name}",
        tuple(
            Column(
                name,
                types[name],
                filtered=name in listed.filter,
                sorted=name in listed.sorted,
                plain=listed.plain,
            )
            for name in sorted({*listed.filter, *listed.sorted})
        ),
        listed.search,
        listed.note,
    )


def _types(
    operation: Operation, listed: Listed, definitions: Mapping[str, Definition]
) -> Iterator[tuple[str, Typed]]:
    """The types that the document knows, without limits: what is asked need not be there."""
    fields = dict(_fields(operation.answers, definitions))
    taken = {found.wire: found.type for found in operation.parameters if found.place == "query"}
    for name in {*listed.filter, *listed.sorted}:
        found = taken.get(name) or fields.get(name)
        if found is not None:
            held = fields.get(name, found)
            yield name, Typed(found.kind, nullable=held.nullable, blank=held.blank)


def _fields(
    answers: Iterable[Typed], definitions: Mapping[str, Definition]
) -> Iterator[tuple[str, Typed]]:
    """The fields of what is listed; where that is one of several models, the first one's last."""
    for kind in answers:
        found = definitions.get(kind.kind.name) if isinstance(kind.kind, Named) else None
        match found:
            case Listing(_, item):
                yield from _fields((item,), definitions)
            case Alias(_, parts):
                yield from _fields(reversed(parts), definitions)
            case Model(_, fields):
                yield from ((field.name, field.type) for field in fields)
            case _:
                pass
