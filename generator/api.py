"""What the modules of `cvatfn/api` look like: endpoints as decorated signatures.

Rule: what `cvatfn.endpoints` assumes anyway is left out, so a declaration says what is special.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from generator.facts import (
    Body,
    Catalogue,
    Listing,
    Many,
    Named,
    Operation,
    Parameter,
    Scalar,
    Typed,
)
from generator.imports import API, imported
from generator.names import module_name
from generator.spelling import argument, attribute, quoted, wanted
from generator.tables import Sentences, Tables
from generator.texts import docstring, notes, origin

__all__ = ["api_modules"]

STATUSES = {"GET": 200, "PUT": 200, "POST": 201, "PATCH": 200, "DELETE": 204}
LOGINS = ("basic", "token", "access_token", "session")
JSON_BODY = "application/json"
DECLARATIONS = """\
# The functions are declarations: their bodies never run.
# mypy: disable-error-code="empty-body"\
"""


def api_modules(catalogue: Catalogue, tables: Tables) -> dict[str, str]:
    """The files of `cvatfn/api`, by name, not formatted yet.

    :param catalogue: what to write.
    :param tables: the sentences and what is assumed.
    :raises Unusable: an operation, tag or parameter has no sentence.
    """
    listings = {
        found.name: found.item for found in catalogue.definitions if isinstance(found, Listing)
    }
    modules = {
        f"{module_name(tag)}.py": _module(tag, catalogue, listings, tables)
        for tag in catalogue.tags
    }
    names = sorted(module_name(tag) for tag in catalogue.tags)
    return modules | {"__init__.py": _index(names, catalogue.version)}


def _module(tag: str, catalogue: Catalogue, listings: Mapping[str, Typed], tables: Tables) -> str:
    held = [found for found in catalogue.operations if found.tag == tag]
    code = "\n\n\n".join(_endpoint(found, listings, tables) for found in held)
    return "\n\n".join(
        (
            docstring((tables.sentences.tag(tag), origin(catalogue.version))),
            DECLARATIONS,
            "from __future__ import annotations",
            imported(code, API),
            f"__all__ = [{', '.join(quoted(found.name) for found in held)}]",
            code,
        )
    )


def _endpoint(operation: Operation, listings: Mapping[str, Typed], tables: Tables) -> str:
    decorator = ", ".join(_decorator(operation, tables.overrides.produces))
    signature = ", ".join(_signature(operation))
    about = docstring(_about(operation, listings, tables.sentences), "    ")
    return (
        f"@{operation.method.lower()}({decorator})\n"
        f"def {operation.name}({signature}) -> {_answer(operation)}:\n{about}\n    ..."
    )


def _decorator(operation: Operation, produces: str) -> Iterator[str]:
    yield quoted(operation.path)
    if operation.statuses != (STATUSES[operation.method],):
        yield f"status={_one_or_more(operation.statuses)}"
    if operation.errors:
        errors = (f"{status}: {_error(kind)}" for status, kind in operation.errors)
        yield f"errors={{{', '.join(errors)}}}"
    if operation.produces != (produces,):
        yield f"produces={_one_or_more(tuple(map(quoted, operation.produces)))}"
    if operation.logins != LOGINS:
        only = "," if len(operation.logins) == 1 else ""
        yield f"logins=({', '.join(map(quoted, operation.logins))}{only})"
    if operation.lives.since:
        yield f"since={quoted(operation.lives.since)}"
    if operation.lives.until:
        yield f"until={quoted(operation.lives.until)}"
    if operation.deprecated:
        yield "deprecated=True"


def _one_or_more(values: tuple[object, ...]) -> str:
    return f"{values[0]}" if len(values) == 1 else f"({', '.join(map(str, values))})"


def _error(kind: Typed | None) -> str:
    return "None" if kind is None else quoted(attribute(kind, limits=False, home="models."))


def _signature(operation: Operation) -> Iterator[str]:
    by_keyword = [found for found in operation.parameters if found.place != "path"]
    for found in operation.parameters:
        if found.place == "path":
            yield f"{found.name}: {wanted(found)}"
    if operation.body:
        yield _body(operation.body)
    if by_keyword:
        yield "*"
    yield from map(_by_keyword, by_keyword)


def _body(body: Body) -> str:
    types = body.content_types if body.content_types != (JSON_BODY,) else ()
    marker = f"Body({', '.join(map(quoted, types))})"
    taken = argument(body.type, optional=not body.required, home="models.")
    return f"{body.name}: Annotated[{taken}, {marker}]{'' if body.required else ' = UNSET'}"


def _by_keyword(parameter: Parameter) -> str:
    taken = wanted(parameter)
    marker = _marker(parameter)
    marked = f"Annotated[{taken}, {marker}]" if marker else taken
    return f"{parameter.name}: {marked}{'' if parameter.required else ' = UNSET'}"


def _marker(parameter: Parameter) -> str | None:
    header = parameter.place == "header"
    facts = [
        *([quoted(parameter.wire)] if header or parameter.wire != parameter.name else []),
        *([f"since={quoted(parameter.lives.since)}"] if parameter.lives.since else []),
        *([f"until={quoted(parameter.lives.until)}"] if parameter.lives.until else []),
        *(["deprecated=True"] if parameter.deprecated else []),
    ]
    return f"{'Header' if header else 'Query'}({', '.join(facts)})" if facts else None


def _answer(operation: Operation) -> str:
    types = [attribute(kind, limits=False, home="models.") for kind in operation.answers]
    return " | ".join([*types, *(["None"] if operation.empty else [])])


def _about(
    operation: Operation, listings: Mapping[str, Typed], sentences: Sentences
) -> Iterator[str]:
    yield sentences.operation(operation.id)
    in_path = [found for found in operation.parameters if found.place == "path"]
    others = [found for found in operation.parameters if found.place != "path"]
    yield "\n".join(
        (
            *(_described(found, sentences) for found in in_path),
            *(
                [f":param {operation.body.name}: what to send; a model or a dict."]
                if operation.body
                else ()
            ),
            *(_described(found, sentences) for found in others),
            f":returns: {_returned(operation, listings)}.",
        )
    )
    yield from notes(operation.lives)


def _described(parameter: Parameter, sentences: Sentences) -> str:
    said = sentences.parameter(parameter.wire)
    return f":param {parameter.name}: {said}{' (deprecated)' if parameter.deprecated else ''}."


def _returned(operation: Operation, listings: Mapping[str, Typed]) -> str:
    said = [_said(kind, listings) for kind in operation.answers]
    if operation.empty:
        said.append("nothing")
    *first, last = map(str, operation.statuses)
    statuses = f"{', '.join(first)} or {last}" if first else last
    return f"{' or '.join(said)}, with status {statuses}"


def _said(kind: Typed, listings: Mapping[str, Typed]) -> str:
    match kind.kind:
        case Named(name) if name in listings:
            return f"a page of `{attribute(listings[name], limits=False)}`"
        case Named(name):
            return f"`{name}`"
        case Scalar("bytes"):
            return "the bytes of a file"
        case Scalar("JSON" | "JSONObject"):
            return "JSON"
        case Many(item):
            return f"a tuple of {_said(item, listings)}"
        case _:
            return f"`{attribute(kind, limits=False)}`"


def _index(names: Sequence[str], version: str) -> str:
    return INDEX.format(
        origin=origin(version),
        imports="\n".join(f"    from cvatfn.api import {name} as {name}" for name in names),
        tags=", ".join(map(quoted, names)),
    )


INDEX = '''"""The endpoints of the API, in one module for each of its tags.

{origin}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

TAGS = ({tags},)
"""The modules' names."""

if TYPE_CHECKING:
{imports}
else:
    from importlib import import_module

    __all__ = ["TAGS", *TAGS]

    def __getattr__(name: str) -> object:
        if name not in TAGS:
            raise AttributeError(f"module {{__name__!r}} has no attribute {{name!r}}")
        return import_module(f"{{__name__}}.{{name}}")

    def __dir__() -> list[str]:
        return __all__
'''
