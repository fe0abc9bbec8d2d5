"""Which module each schema goes to, and where in it.

Rule: a module for each area of the API, and within a module what is needed before what needs it,
otherwise in the document's order; so every alias can be evaluated while the module is imported, and
no two modules need each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from generator.errors import Unusable
from generator.facts import (
    Alias,
    Definition,
    Enumeration,
    Listing,
    Many,
    Model,
    Named,
    Table,
    Typed,
)
from generator.tables import UNCLAIMED, Area

__all__ = ["arranged", "homes", "named"]


def homes(definitions: Iterable[Definition], table: Mapping[str, Area]) -> dict[str, str]:
    """Which area each schema belongs to: that of the longest prefix its name begins with.

    :param definitions: the schemas; `Patched` and `Paginated` are passed over in their names.
    :param table: the prefixes of each area.
    :raises Unusable: a prefix fits nothing, or two areas have the same one.
    """
    prefixes: dict[str, str] = {}
    for area, held in table.items():
        for prefix in held.prefixes:
            if prefixes.setdefault(prefix, area) != area:
                raise Unusable(f"areas.toml: {prefix} in {prefixes[prefix]} and in {area}")
    chosen = {found.name: _prefix(found.name, prefixes) for found in definitions}
    unused = sorted(set(prefixes) - {prefix for prefix in chosen.values() if prefix is not None})
    if unused:
        raise Unusable(f"areas.toml: {', '.join(unused)}: no schema begins so")
    return {
        name: UNCLAIMED if prefix is None else prefixes[prefix] for name, prefix in chosen.items()
    }


def arranged(
    definitions: Iterable[Definition], homes: Mapping[str, str]
) -> dict[str, tuple[Definition, ...]]:
    """What each area defines, in the order in which it has to.

    :param definitions: the schemas.
    :param homes: the area of each.
    :raises Unusable: two areas need each other.
    """
    members: dict[str, list[Definition]] = {area: [] for area in sorted(set(homes.values()))}
    for found in definitions:
        members[homes[found.name]].append(found)
    _check_order(members, homes)
    return {area: _sorted(held) for area, held in members.items()}


def _needs(definition: Definition) -> frozenset[str]:
    """The schemas that a schema names."""
    match definition:
        case Model(fields=fields):
            types = [field.type for field in fields]
        case Alias(parts=parts):
            types = list(parts)
        case Listing(item=item):
            types = [item]
        case Enumeration():
            types = []
    return frozenset(name for kind in types for name in named(kind))


def named(kind: Typed) -> Iterator[str]:
    """The schemas that a type names.

    :param kind: the type.
    """
    match kind.kind:
        case Named(name):
            yield name
        case Many(held) | Table(held):
            yield from named(held)
        case _:
            return


def _prefix(schema: str, prefixes: Iterable[str]) -> str | None:
    name = schema.removeprefix("Patched").removeprefix("Paginated")
    fitting = [prefix for prefix in prefixes if name.startswith(prefix)]
    return max(fitting, key=len, default=None)


def _check_order(members: Mapping[str, Sequence[Definition]], homes: Mapping[str, str]) -> None:
    graph = {
        area: {homes[name] for found in held for name in _needs(found)} - {area}
        for area, held in members.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        raise Unusable(f"areas.toml: {' -> '.join(circle)}: areas that need each other") from error


def _sorted(definitions: Sequence[Definition]) -> tuple[Definition, ...]:
    """What is needed before what needs it; a schema that needs itself comes when it comes."""
    by_name = {found.name: found for found in definitions}
    done: dict[str, Definition] = {}

    def visit(found: Definition, above: frozenset[str]) -> None:
        for name in by_name:
            if name in _needs(found) and name not in done and name not in above:
                visit(by_name[name], above | {name})
        done.setdefault(found.name, found)

    for found in definitions:
        visit(found, frozenset({found.name}))
    return tuple(done.values())
