"""msgspec's own classes with the fields of cvatfn's models: how fast reading could be at all.

Rule: made of the models themselves, so that both read the same fields and check the same limits.
"""

from __future__ import annotations

from types import GenericAlias, UnionType
from typing import Annotated, Union, get_args, get_origin

import attrs
import msgspec

from cvatfn.codecs.building import field_types, fields_of

__all__ = ["many", "struct_of"]


def struct_of(kind: object) -> object:
    """A type with each attrs class in it replaced by a `Struct`.

    :param kind: a model, or any type with models in it.
    """
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return Annotated[struct_of(arguments[0]), *arguments[1:]]
    if origin in (Union, UnionType):
        return Union[tuple(map(struct_of, arguments))]  # noqa: UP007 - made of values
    if origin is tuple:
        return many(struct_of(arguments[0]))
    if isinstance(kind, type) and attrs.has(kind):
        return _struct(kind)
    return kind


def many(kind: object) -> object:
    """A tuple of any length.

    :param kind: of what.
    """
    return GenericAlias(tuple, (kind, ...))


def _struct(model: type) -> type[msgspec.Struct]:
    types = field_types(model)
    fields = [
        (field.name, struct_of(types[field.name]))
        if field.default is attrs.NOTHING
        else (field.name, struct_of(types[field.name]), field.default)
        for field in fields_of(model)
    ]
    return msgspec.defstruct(model.__name__, fields, kw_only=True, frozen=True)
