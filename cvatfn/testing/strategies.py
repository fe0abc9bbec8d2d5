"""Hypothesis strategies for whatever cvatfn's types can hold, for property tests of one's own.

`models` draws any model, `dicts` what may be written in the place of one, `params` what an endpoint
takes, `answers` what a server may say to it; `values` draws what fits an annotation.

Rule: what is drawn fits, within the limits of CVAT's schema, and shrinks to the least that does: no
optional field, no element, the first text of an enum. Nothing is looked at before the first draw.
Enums are open, so that texts which this release does not know are drawn, too.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from enum import Enum
from itertools import zip_longest
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, TypeVar, Union, cast, get_args, get_origin
from typing import is_typeddict as is_twin
from uuid import UUID

import attrs
from hypothesis import strategies as st
from msgspec import Meta
from typing_extensions import TypeForm

from cvatfn.codecs.building import field_types, members, plain
from cvatfn.codecs.enums import OpenEnum
from cvatfn.codecs.files import File
from cvatfn.codecs.kinds import class_of, is_union
from cvatfn.codecs.multipart import form, holds_file
from cvatfn.codecs.plain import is_mapping
from cvatfn.codecs.remembering import remembered
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.endpoints import CVAT_JSON, Endpoint, Parameter
from cvatfn.messages import Response
from cvatfn.models import Page
from cvatfn.outcome import Success
from cvatfn.testing.sandbox.gates.replies import Answer, answer_response

__all__ = ["answers", "dicts", "models", "params", "values"]

T = TypeVar("T")

DEEPEST: Final = 3
"""How many models may stand inside one another, so that examples stay small."""
BEYOND: Final = 20
"""How many may not, whatever is left out of them."""


@st.composite
def models(draw: st.DrawFn, kind: type[T]) -> T:
    """Draw instances of a model.

    :param kind: any class of `cvatfn.models`, or an attrs class of one's own.

    >>> from hypothesis import find
    >>> from cvatfn.models import AttributeValRequest, IssueRead, PatchedIssueWriteRequest
    >>> find(models(AttributeValRequest), lambda model: True)
    AttributeValRequest(spec_id=0, value='')
    >>> find(models(PatchedIssueWriteRequest), lambda model: True)
    PatchedIssueWriteRequest(position=UNSET, assignee=UNSET, resolved=UNSET)
    >>> models(IssueRead)
    models(IssueRead)
    """
    return draw(cast("st.SearchStrategy[T]", _model(kind, (), 0)))  # it makes instances of `kind`


@st.composite
def dicts(draw: st.DrawFn, kind: type[object]) -> dict[str, object]:
    """Draw dicts that may be written in the place of a request model.

    What is inside is mixed as programs mix it: models and dicts, enums and texts, tuples and lists.

    :param kind: a request model; `values(TaskWriteRequestDict)` draws the same, by its exact type.

    >>> from hypothesis import find
    >>> from cvatfn.models import LabeledImageRequest
    >>> find(dicts(LabeledImageRequest), lambda tag: isinstance(tag.get("attributes"), tuple))
    {'label_id': 0, 'frame': 0, 'attributes': ()}
    """
    return _loose_members(draw, draw(models(kind)))


@st.composite
def values(draw: st.DrawFn, annotation: TypeForm[T]) -> T:
    """Draw what fits an annotation.

    :param annotation: any type that a signature can name: `Page[TaskRead]`, `JobStage | None`,
        `Annotated[int, Meta(ge=0)]`, `TaskWriteRequestDict`.
    :raises TypeError: there is no strategy for it.

    >>> from hypothesis import find
    >>> from cvatfn.models import JobStage
    >>> find(values(tuple[JobStage, ...]), lambda stages: len(stages) == 1)
    (<JobStage.ANNOTATION: 'annotation'>,)
    """
    return draw(cast("st.SearchStrategy[T]", _fitting(annotation)))  # made for this very type


@st.composite
def params(draw: st.DrawFn, endpoint: Endpoint[..., object]) -> dict[str, object]:
    """Draw parameters that an endpoint takes, the body among them; none is refused by `prepare`.

    :param endpoint: any endpoint.

    >>> from hypothesis import find
    >>> from cvatfn.api import tasks
    >>> find(params(tasks.list), lambda given: "page_size" in given)
    {'page_size': 'all'}
    """
    return draw(_params(endpoint))


@st.composite
def answers(draw: st.DrawFn, endpoint: Endpoint[..., object]) -> Response:
    """Draw responses of success: with a status the endpoint has, and a body that fits its type.

    :param endpoint: any endpoint.

    >>> from hypothesis import find
    >>> from cvatfn.api import tasks
    >>> find(answers(tasks.create_dataset_export), lambda response: True).body
    b'{"rq_id":""}'
    """
    good = [answer for answer in endpoint.answers if 200 <= answer.status < 300]
    answer = draw(st.sampled_from(good))
    if answer.status == 204 or answer.type is None:
        return Response(answer.status)
    value = draw(_fitting(answer.type))
    if value is None and NoneType not in get_args(answer.type):
        return Response(answer.status, {"Content-Type": CVAT_JSON}, b"null")  # it is no absence
    return answer_response(Answer(value, answer.status))


__test__: Final[dict[str, object]] = {
    made.__name__: made for made in (models, dicts, values, params, answers)
}
"""The decorator hides their examples from doctest."""


@remembered
def _params(endpoint: Endpoint[..., object]) -> st.SearchStrategy[dict[str, object]]:
    required = {each.name: _param(each) for each in endpoint.parameters if each.required}
    optional = {each.name: _param(each) for each in endpoint.parameters if not each.required}
    if endpoint.body is not None:
        body = _fitting(_present(endpoint.body.type)).filter(_fits_body)
        (required if endpoint.body.required else optional)[endpoint.body.name] = body
    return st.fixed_dictionaries(required, optional=optional)


def _param(parameter: Parameter) -> st.SearchStrategy[object]:
    if parameter.place == "header" and str in plain(parameter.type):
        return HEADER
    drawn = _fitting(_present(parameter.type))
    if parameter.place == "path":
        return drawn.filter(lambda value: str(value) not in ("", ".", ".."))
    return drawn


def _present(annotation: object) -> object:
    """A type without `Unset`: what need not be given is left out instead."""
    if not is_union(annotation):
        return annotation
    return Union[tuple(part for part in get_args(annotation) if part is not Unset)]  # noqa: UP007


def _fits_body(value: object) -> bool:
    """A file goes as a form, and a form carries nothing nested."""
    return not holds_file(value) or isinstance(form(value), Success)


def _loose(draw: st.DrawFn, value: object) -> object:
    """A value, or what may be written in its place."""
    if isinstance(value, File):
        return value
    if attrs.has(type(value)):
        return value if draw(st.booleans()) else _loose_members(draw, value)
    if isinstance(value, Enum):
        return value if draw(st.booleans()) else value.value
    if isinstance(value, tuple):  # a list is somebody's JSON, to be left as it is
        elements = [_loose(draw, element) for element in cast("tuple[object, ...]", value)]
        return tuple(elements) if draw(st.booleans()) else elements
    if is_mapping(value):
        return {key: _loose(draw, held) for key, held in value.items()}
    return value


def _loose_members(draw: st.DrawFn, model: object) -> dict[str, object]:
    return {name: _loose(draw, held) for name, held in members(model) if held is not UNSET}


def _fitting(annotation: object, depth: int = 0) -> st.SearchStrategy[object]:
    """What fits an annotation, inside so many models."""
    return _made((annotation, depth))


@remembered
def _made(asked: tuple[object, int]) -> st.SearchStrategy[object]:
    annotation, depth = asked
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _limited(arguments[0], [held for held in arguments[1:] if isinstance(held, Meta)])
    if is_union(annotation):
        return st.one_of([_fitting(part, depth) for part in _alternatives(arguments, depth)])
    if origin is tuple and arguments[1:] != (...,):
        return _together(arguments, depth)
    if origin in MANY:
        return _several(lambda: _fitting(arguments[0], depth), depth).map(MANY[origin])
    if origin in (dict, Mapping):
        return _several(lambda: _together(arguments, depth), depth).map(dict)
    if origin is Literal:
        return st.sampled_from(arguments)
    if is_twin(annotation):
        return dicts(_model_of(annotation))
    return _of_class(annotation, depth)


def _together(parts: Iterable[object], depth: int) -> st.SearchStrategy[tuple[object, ...]]:
    return st.tuples(*(_fitting(part, depth) for part in parts))


def _several(
    element: Callable[[], st.SearchStrategy[Any]], depth: int
) -> st.SearchStrategy[list[Any]]:
    """A few elements, and none inside of many models: there they are not even looked at."""
    return st.lists(element(), max_size=2) if depth < DEEPEST else st.builds(list[Any])


def _alternatives(parts: Iterable[object], depth: int) -> list[object]:
    """What of a union is drawn, the least first: examples shrink to it."""
    kept = sorted(filter(_is_known, parts), key=_is_something)
    return [Unset] if depth >= DEEPEST and Unset in kept else kept


def _is_something(part: object) -> bool:
    return part is not Unset and part is not NoneType


def _is_known(part: object) -> bool:
    """Whether a type is drawn where there are others: one that answers hold, and nothing else.

    Models stand for their dict twins. What only programs make, such as a filter, is theirs to draw.
    """
    origin = get_origin(part)
    if origin is not None:
        return origin in FORMS
    return part in SCALARS or (isinstance(part, type) and (attrs.has(part) or _is_enum(part)))


def _is_enum(kind: type) -> bool:
    return issubclass(kind, Enum)


def _of_class(annotation: object, depth: int) -> st.SearchStrategy[object]:
    if annotation in SCALARS:
        return SCALARS[annotation]()
    base: type[object] = class_of(annotation)
    if issubclass(base, OpenEnum):
        return st.one_of(st.sampled_from([*base]), NAME.map(lambda text: base(f"new {text}")))
    if attrs.has(base):
        return _model(base, get_args(annotation), depth)
    if base is object:
        raise TypeError(f"there is no strategy for {annotation!r}")
    return st.from_type(base)  # what Hypothesis knows itself, or was told of


def _model(base: type, arguments: tuple[object, ...], depth: int) -> st.SearchStrategy[object]:
    parameters: tuple[object, ...] = getattr(base, "__parameters__", ())
    if depth > BEYOND:
        raise TypeError(f"there is no strategy for {base!r}: it holds others without an end")
    bound = dict(zip_longest(parameters, arguments, fillvalue=Any))
    fields = {
        name: _fitting(_bound(kind, bound), depth + 1) for name, kind in field_types(base).items()
    }
    make = cast("Callable[..., object]", base)  # a class is called with its fields
    return st.fixed_dictionaries(fields).map(lambda given: make(**given))


def _bound(kind: Any, bound: Mapping[object, object]) -> object:  # any form of type there is
    free: tuple[object, ...] = getattr(kind, "__parameters__", ())
    if kind in bound:
        return bound[kind]
    return kind[tuple(bound[name] for name in free)] if free else kind


def _model_of(twin: object) -> type[object]:
    """The request model that a dict twin stands for: it lies beside it, under the shorter name."""
    name: str = getattr(twin, "__name__", "")
    module = sys.modules[str(getattr(twin, "__module__", ""))]
    found: object = getattr(module, name.removesuffix("Dict"), None)
    if not isinstance(found, type) or not attrs.has(found):
        raise TypeError(f"there is no strategy for {twin!r}: it is no twin of a model")
    return found


def _limited(kind: object, limits: list[Meta]) -> st.SearchStrategy[object]:
    """What fits a type within the limits that CVAT's schema sets."""
    (limit,) = limits
    low = limit.min_length or 0
    if kind is int:
        return st.integers(_int(limit.ge), _int(limit.le))
    if kind is float:
        return st.floats(_float(limit.ge), _float(limit.le), allow_nan=False, allow_infinity=False)
    if kind is str and limit.pattern:
        longest = limit.max_length or 20
        # A `$` lets a line end behind it, which is no part of what is meant.
        return st.from_regex(limit.pattern, fullmatch=True).map(lambda text: text.strip()[:longest])
    if kind is str:
        high = min(limit.max_length or low + 12, low + 12)
        return st.text(st.characters(codec="utf-8"), min_size=low, max_size=high)
    if get_origin(kind) is tuple:
        high = limit.max_length or low + 2
        return st.lists(_fitting(get_args(kind)[0], 1), min_size=low, max_size=high).map(tuple)
    return _fitting(kind)  # a time with its zone


def _int(bound: float | None) -> int | None:
    return None if bound is None else int(bound)


def _float(bound: float | None) -> float | None:
    return None if bound is None else float(bound)


TEXT: Final = st.text(st.characters(codec="utf-8"), max_size=12)
NAME: Final = TEXT.filter(bool)
HEADER: Final = st.text(st.characters(codec="ascii", categories=["L", "N", "P"]))
JSON: Final[st.SearchStrategy[object]] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)
SCALARS: Final[Mapping[object, Callable[[], st.SearchStrategy[object]]]] = {
    Any: lambda: JSON,
    File: lambda: st.builds(File, NAME, st.binary(max_size=40)),
    NoneType: st.none,
    UUID: st.uuids,
    Unset: lambda: st.just(UNSET),
    bool: st.booleans,
    bytes: lambda: st.binary(max_size=20),
    datetime: lambda: st.datetimes(timezones=st.just(UTC)),
    float: lambda: st.floats(allow_nan=False, allow_infinity=False),
    int: lambda: st.integers(-(2**63), 2**63 - 1),
    str: lambda: TEXT,
}
MANY: Final[Mapping[object, Callable[[Iterable[Any]], object]]] = {
    Collection: tuple,
    Iterable: tuple,
    Sequence: tuple,
    frozenset: frozenset,
    list: list,
    set: set,
    tuple: tuple,
}
"""What holds elements of one type, and how it is made of them."""
FORMS: Final = (*MANY, Annotated, Literal, Mapping, Page, Union, UnionType, dict)
"""What else may be among the types of a union."""
