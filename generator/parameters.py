"""From the parameters and the body of an operation to those of a signature.

Rule: the order is path (as in the template), body, required query, optional query, headers. Where
two would have the same name the later one gives way, but a path parameter gives way to all: what
it is called is not on the wire, and an endpoint finds its path parameters by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import evolve, frozen
from openapi_pydantic.v3.v3_0 import Parameter as Described
from openapi_pydantic.v3.v3_0 import ParameterLocation, Reference, RequestBody

from generator.errors import Unusable
from generator.facts import Body, Choice, Enumeration, Lives, Named, Parameter, Place, Typed
from generator.names import free, header_name, parameter_name, snake
from generator.schemas import Schemas, typed

__all__ = ["Surroundings", "body", "in_order", "named_apart", "parameter", "template"]

PLACES: Mapping[ParameterLocation, Place] = {
    ParameterLocation.PATH: "path",
    ParameterLocation.QUERY: "query",
    ParameterLocation.HEADER: "header",
}


@frozen
class Surroundings:
    """What parameters are read with: the document's schemas and enums, the ledger's entries."""

    schemas: Schemas
    enums: tuple[Enumeration, ...]
    lives: Mapping[str, Lives]


def parameter(
    given: Described | Reference, operation: str, around: Surroundings, whole: Lives
) -> Parameter:
    """A parameter under the name it has on the wire.

    :param given: the document's parameter.
    :param operation: the operation's method and path, as in the ledger.
    :param around: what to read it with.
    :param whole: the releases of the operation, which the parameter need not repeat.
    :raises Unusable: it is of a kind that is not understood.
    """
    if isinstance(given, Reference) or given.param_schema is None:
        raise Unusable(f"{operation}: a parameter without a schema in place")
    if given.param_in not in PLACES:
        raise Unusable(f"{operation}: {given.name} travels in a {given.param_in.value}")
    place = PLACES[given.param_in]
    described = typed(given.param_schema, around.schemas, f"{operation} {given.name}")
    own = around.lives.get(f"{operation} {place}:{given.name}", Lives())
    return Parameter(
        name=given.name,
        wire=given.name,
        place=place,
        type=_by_name(described, around.enums),
        required=given.required,
        lives=Lives(
            None if own.since == whole.since else own.since,
            None if own.until == whole.until else own.until,
        ),
        deprecated=given.deprecated,
    )


def body(given: RequestBody | Reference | None, operation: str, schemas: Schemas) -> Body | None:
    """The body of an operation, in the media types it may come in.

    :raises Unusable: it is of a kind that is not understood.
    """
    if given is None:
        return None
    if isinstance(given, Reference):
        raise Unusable(f"{operation}: a body that is not described in place")
    place = f"{operation} body"
    types = {
        typed(held.media_type_schema, schemas, place)
        for held in given.content.values()
        if held.media_type_schema is not None
    }
    if len(types) != 1:
        raise Unusable(f"{place}: {len(types)} types")
    (kind,) = types
    name = snake(kind.kind.name) if isinstance(kind.kind, Named) else "body"
    return Body(name, kind, tuple(given.content), given.required)


def in_order(parameters: Iterable[Parameter], path: str) -> tuple[Parameter, ...]:
    """Parameters as a signature has them; the document's order decides the rest.

    >>> from generator.facts import Scalar
    >>> kind = Typed(Scalar("int"))
    >>> page = Parameter("page", "page", "query", kind, required=False)
    >>> id = Parameter("id", "id", "path", kind, required=True)
    >>> [found.name for found in in_order([page, id], "/api/tasks/{id}")]
    ['id', 'page']
    """

    def rank(found: Parameter) -> tuple[int, int]:
        if found.place == "path":
            return 0, path.index(f"{{{found.wire}}}")
        return (3 if found.place == "header" else 2 - found.required), 0

    return tuple(sorted(parameters, key=rank))


def named_apart(
    parameters: Iterable[Parameter], body: Body | None
) -> tuple[tuple[Parameter, ...], Body | None]:
    """Give every parameter, and the body, a Python name of its own.

    :param parameters: the parameters in the order of the signature.
    :param body: the body, which comes right behind the path.
    """
    found = tuple(parameters)
    others = [one for one in found if one.place != "path"]
    on_the_wire = [one.wire for one in others]
    in_path = _named([one for one in found if one.place == "path"], on_the_wire)
    taken = [one.name for one in in_path]
    named = body and evolve(body, name=free(body.name, taken))
    return in_path + _named(others, [*taken, *([named.name] if named else [])]), named


def template(path: str, parameters: Iterable[Parameter]) -> str:
    """The path with its placeholders called as the parameters are: they are not on the wire."""
    for found in parameters:
        if found.place == "path":
            path = path.replace(f"{{{found.wire}}}", f"{{{found.name}}}")
    return path


def _named(parameters: Iterable[Parameter], taken: Iterable[str]) -> tuple[Parameter, ...]:
    names = list(taken)
    named: list[Parameter] = []
    for found in parameters:
        name = header_name if found.place == "header" else parameter_name
        named.append(evolve(found, name=name(found.wire, names)))
        names.append(named[-1].name)
    return tuple(named)


def _by_name(described: Typed, enums: Iterable[Enumeration]) -> Typed:
    """A choice in place as the one named enum with the same values, where there is one."""
    if not isinstance(described.kind, Choice):
        return described
    values = set(described.kind.values)
    same = [enum for enum in enums if {value for value, _ in enum.values} == values]
    return (
        evolve(described, kind=Named(same[0].name, dressed=True)) if len(same) == 1 else described
    )
