"""What the page's tables name in the column of this library, looked up.

Rule: what is called, what has a part taken, what is given by name and what stands alone has to be
there. A name among the parameters of something is the reader's own.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import logging
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from functools import cache
from inspect import signature
from types import ModuleType
from typing import Final

import attrs

from cvatfn import Response, aio, api, catalogue, connect, models
from cvatfn.endpoints import Answer, Endpoint, Parameter, RequestBody
from cvatfn.errors import Rejected
from cvatfn.transport import Connection

__all__ = ["missing_of"]

MODULES: Final = "", ".auth", ".errors", ".filters", ".polling", ".transfer", ".transport"
FIELDS: Final = Answer, Parameter, RequestBody, Rejected, models.Request, models.DataMetaRead
"""What the fields belong to that the tables name without more words."""


@cache
def _known() -> Mapping[str, object]:
    """By name, what may be called or taken a part of; `transport` and the like are of a type."""
    places = [importlib.import_module(f"cvatfn{each}") for each in MODULES]
    public = {name: getattr(place, name) for place in places for name in place.__all__}
    tags = {tag: importlib.import_module(f"cvatfn.api.{tag}") for tag in api.TAGS}
    readers = {"transport": Connection, "endpoint": Endpoint, "pool": Executor}
    told = {"error": Rejected, "response": Response(200, {"X-Request-Id": "7"})}
    modules = {"aio": aio, "attrs": attrs, "logging": logging, "models": models}
    return {**vars(builtins), **public, **tags, **modules, **readers, **told}


@cache
def _fields() -> frozenset[str]:
    parameters = signature(connect).parameters
    return frozenset(parameters).union(*(attrs.fields_dict(each) for each in FIELDS))


@cache
def _given() -> frozenset[str]:
    """What is given by name: to `connect`, and to any endpoint."""
    named = (parameter.name for each in catalogue() for parameter in each.parameters)
    return frozenset(signature(connect).parameters).union(named)


def missing_of(span: str) -> Iterator[str]:
    """What of a piece of code in a table is not there; code that is a part of a sentence is passed.

    :param span: what stands between the backticks.
    """
    try:
        call = ast.parse(f"_({span})", mode="eval").body
    except SyntaxError:
        return
    assert isinstance(call, ast.Call)
    for argument in call.args:
        if isinstance(argument, ast.Name) and not _is_there(argument.id):
            yield argument.id
    for each in ast.walk(call):
        match each:
            case ast.Call(func=ast.Name(id=name)) if name != "_" and name not in _known():
                yield name
            case ast.Attribute() if not _is_part(ast.unparse(each)):
                yield ast.unparse(each)
            case ast.keyword(arg=str(name)) if name not in _given():
                yield f"{name}="
            case _:
                pass


def _is_there(name: str) -> bool:
    return name in _known() or name in _fields()


def _is_part(path: str) -> bool:
    first, *rest = path.split(".")
    found: object = importlib.import_module("cvatfn") if first == "cvatfn" else _known().get(first)
    for name in rest:
        if isinstance(found, ModuleType) and not hasattr(found, name):
            found = _submodule(found, name)
        else:
            found = getattr(found, name, None)
    return found is not None


def _submodule(module: ModuleType, name: str) -> object:
    try:
        return importlib.import_module(f"{module.__name__}.{name}")
    except ModuleNotFoundError:
        return None
