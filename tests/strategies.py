"""Values of any type that a signature can name, within its limits, for the property tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from enum import Enum
from types import NoneType
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin, is_typeddict

import attrs
from hypothesis import strategies as st
from msgspec import Meta

from cvatfn.codecs.building import field_types
from cvatfn.codecs.files import File
from cvatfn.codecs.kinds import is_union
from cvatfn.codecs.multipart import form, holds_file
from cvatfn.codecs.remembering import remembered
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.endpoints import Endpoint
from cvatfn.outcome import Success

TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
DEEPEST = 3
"""How many models may stand inside one another, so that examples stay small."""


def values(annotation: object, depth: int = 0) -> st.SearchStrategy[Any]:
    """Draw what fits an annotation; models are instances, absent fields are `UNSET`."""
    return _values((annotation, depth))


@remembered
def _values(asked: tuple[object, int]) -> st.SearchStrategy[Any]:
    annotation, depth = asked
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _limited(arguments[0], [held for held in arguments[1:] if isinstance(held, Meta)])
    if is_union(annotation):
        return st.one_of([values(part, depth) for part in _alternatives(arguments, depth)])
    if origin is tuple:
        size = 2 if depth < DEEPEST else 0
        return st.lists(values(arguments[0], depth), max_size=size).map(tuple)
    if origin is dict:
        return st.dictionaries(TEXT, values(arguments[1], depth), max_size=2)
    if origin is Literal:
        return st.sampled_from(arguments)
    if annotation is Any:
        return JSON
    return _of_class(annotation, depth)


def _alternatives(parts: tuple[object, ...], depth: int) -> list[object]:
    kept = [part for part in parts if not is_typeddict(part)]
    return [Unset] if depth >= DEEPEST and Unset in kept else kept


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)

_SCALARS: dict[object, Callable[[], st.SearchStrategy[Any]]] = {
    str: lambda: TEXT,
    int: lambda: st.integers(-(2**63), 2**63 - 1),
    float: lambda: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans,
    bytes: lambda: st.binary(max_size=20),
    NoneType: st.none,
    Unset: lambda: st.just(UNSET),
    File: lambda: st.builds(File, TEXT.filter(bool), st.binary(max_size=40)),
}


def _of_class(annotation: object, depth: int) -> st.SearchStrategy[Any]:
    if annotation in _SCALARS:
        return _SCALARS[annotation]()
    base = get_origin(annotation) or annotation
    if isinstance(base, type) and issubclass(base, Enum):
        kind = cast("Callable[[str], object]", base)  # an enum is called with a text
        return st.one_of(
            st.sampled_from(list(base)), TEXT.filter(bool).map(lambda text: kind(f"new {text}"))
        )
    if isinstance(base, type) and attrs.has(base):
        return _model(base, get_args(annotation), depth)
    known: st.SearchStrategy[Any] = st.from_type(cast("type[Any]", base))  # datetime and UUID
    return known


def _model(base: type, arguments: tuple[object, ...], depth: int) -> st.SearchStrategy[Any]:
    parameters: tuple[object, ...] = getattr(base, "__parameters__", ())
    bound = dict(zip(parameters, arguments, strict=False))

    def hint(kind: Any) -> object:
        free: tuple[object, ...] = getattr(kind, "__parameters__", ())
        if kind in bound:
            return bound[kind]
        return kind[tuple(bound[name] for name in free)] if free else kind

    fields = {name: values(hint(kind), depth + 1) for name, kind in field_types(base).items()}
    return st.fixed_dictionaries(fields).map(lambda given: base(**given))


def _limited(kind: object, limits: list[Meta]) -> st.SearchStrategy[Any]:
    (limit,) = limits
    if kind is int:
        return st.integers(_int(limit.ge), _int(limit.le))
    if kind is float:
        return st.floats(_float(limit.ge), _float(limit.le), allow_nan=False, allow_infinity=False)
    if kind is str and limit.pattern:
        longest = limit.max_length or 20
        return st.from_regex(limit.pattern, fullmatch=True).map(lambda text: text.strip()[:longest])
    if kind is str:
        low = limit.min_length or 0
        return st.text(
            st.characters(codec="utf-8"),
            min_size=low,
            max_size=min(limit.max_length or low + 12, low + 12),
        )
    if get_origin(kind) is tuple:
        low = limit.min_length or 0
        item = values(get_args(kind)[0], 1)
        return st.lists(item, min_size=low, max_size=limit.max_length or low + 2).map(tuple)
    return st.datetimes(timezones=st.just(UTC))


def _int(bound: float | None) -> int | None:
    return None if bound is None else int(bound)


def _float(bound: float | None) -> float | None:
    return None if bound is None else float(bound)


@remembered
def params(endpoint: Endpoint[..., object]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw parameters that fit an endpoint; what need not be given may be absent."""
    required: dict[str, st.SearchStrategy[Any]] = {}
    optional: dict[str, st.SearchStrategy[Any]] = {}
    for parameter in endpoint.parameters:
        drawn = values(_present(parameter.type))
        if parameter.place == "path":
            drawn = drawn.filter(lambda value: str(value) not in ("", ".", ".."))
        if parameter.place == "header" and str in get_args(parameter.type):
            drawn = HEADER
        (required if parameter.required else optional)[parameter.name] = drawn
    if endpoint.body is not None:
        drawn = values(_present(endpoint.body.type)).filter(_fits_body)
        (required if endpoint.body.required else optional)[endpoint.body.name] = drawn
    return st.fixed_dictionaries(required, optional=optional)


HEADER: st.SearchStrategy[Any] = st.text(st.characters(codec="ascii", categories=["L", "N", "P"]))


def _present(annotation: object) -> object:
    """A type without `Unset`."""
    if not is_union(annotation):
        return annotation
    return Union[tuple(part for part in get_args(annotation) if part is not Unset)]  # noqa: UP007


def _fits_body(value: object) -> bool:
    """A file goes as a form, and a form carries nothing nested."""
    return not holds_file(value) or isinstance(form(value), Success)
