"""From a type to what fits it: models, the dicts in their place, and all that they are made of.

Rule: a strategy is made of an annotation, once for each. It draws within the limits that the
annotation states, and the least first.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from enum import Enum
from itertools import zip_longest
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, TypeVar, Union, cast, get_args, get_origin
from typing import is_typeddict as is_twin

import attrs
from hypothesis import strategies as st
from msgspec import Meta
from typing_extensions import TypeForm

from cvatfn.codecs.building import field_types, members
from cvatfn.codecs.enums import OpenEnum
from cvatfn.codecs.files import File
from cvatfn.codecs.kinds import class_of, is_union
from cvatfn.codecs.plain import is_mapping
from cvatfn.codecs.remembering import remembered
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.filters.filter import Filter
from cvatfn.filters.order import Key, Order
from cvatfn.models import Page
from cvatfn.testing.strategies.plain import NAME, SCALARS
from cvatfn.testing.strategies.showing import built, named, shown_by_fields

__all__ = ["dicts", "fitting", "models", "values"]

T = TypeVar("T")

DEEPEST: Final = 3
"""How many models may stand inside one another, so that examples stay small."""
BEYOND: Final = 20
"""How many may not, whatever is left out of them."""


def models(kind: type[T]) -> st.SearchStrategy[T]:
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
    return _models(kind)


@st.composite
@named("models")
def _models(draw: st.DrawFn, kind: type[T]) -> T:
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


def values(annotation: TypeForm[T]) -> st.SearchStrategy[T]:
    """Draw what fits an annotation.

    :param annotation: any type that a signature can name: `Page[TaskRead]`, `JobStage | None`,
        `Annotated[int, Meta(ge=0)]`, `TaskWriteRequestDict`.
    :raises TypeError: there is no strategy for it.

    >>> from hypothesis import find
    >>> from cvatfn.models import JobStage
    >>> find(values(tuple[JobStage, ...]), lambda stages: len(stages) == 1)
    (<JobStage.ANNOTATION: 'annotation'>,)
    """
    return _values(annotation)


@st.composite
@named("values")
def _values(draw: st.DrawFn, annotation: TypeForm[T]) -> T:
    return draw(cast("st.SearchStrategy[T]", fitting(annotation)))  # made for this very type


__test__: Final[dict[str, object]] = {made.__name__: made for made in (dicts,)}
"""The decorator hides their examples from doctest."""


def _loose(draw: st.DrawFn, value: object) -> object:
    """A value, or what may be written in its place."""
    if isinstance(value, File):
        return value
    if attrs.has(type(value)):
        return value if draw(st.booleans()) else _loose_members(draw, value)
    if isinstance(value, OpenEnum) and not value.is_known:
        return value  # as a text it would be taken for a mistake
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


def fitting(annotation: object, depth: int = 0) -> st.SearchStrategy[object]:
    """What fits an annotation.

    :param annotation: any type.
    :param depth: inside of how many models.
    """
    return _made((annotation, depth))


@remembered
def _made(asked: tuple[object, int]) -> st.SearchStrategy[object]:
    annotation, depth = asked
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _limited(arguments[0], [held for held in arguments[1:] if isinstance(held, Meta)])
    if is_union(annotation):
        return st.one_of([fitting(part, depth) for part in _alternatives(arguments, depth)])
    if origin is tuple and arguments[1:] != (...,):
        return _together(arguments, depth)
    if origin in MANY:
        return built(_several(lambda: fitting(arguments[0], depth), depth), MANY[origin])
    if origin in (dict, Mapping):
        return built(_several(lambda: _together(arguments, depth), depth), dict)
    if _is_of_listing(annotation):
        return _of_listing(annotation)
    if origin is Literal:
        return st.sampled_from(arguments)
    if is_twin(annotation):
        return dicts(_model_of(annotation))
    return _of_class(annotation, depth)


def _together(parts: Iterable[object], depth: int) -> st.SearchStrategy[tuple[object, ...]]:
    return st.tuples(*(fitting(part, depth) for part in parts))


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
    """Whether a type is drawn where there are others: what the endpoints hold, and nothing else.

    Models stand for their dict twins. What other programs make of a type is theirs to draw.
    """
    origin = get_origin(part)
    if origin is not None:
        return origin in FORMS or _is_of_listing(part)
    return part in SCALARS or (isinstance(part, type) and (attrs.has(part) or _is_enum(part)))


def _is_enum(kind: type) -> bool:
    return issubclass(kind, Enum)


def _is_of_listing(annotation: object) -> bool:
    """Whether it is a filter or an order of a listing whose fields are known."""
    held = get_args(annotation)
    return get_origin(annotation) in (Filter, Order) and any(
        isinstance(field, Key) for field in vars(class_of(held[0])).values()
    )


def _of_listing(annotation: object) -> st.SearchStrategy[object]:
    from cvatfn.testing.strategies.filtering import filters, orders  # they hold what fits

    listing: type[object] = class_of(get_args(annotation)[0])
    return filters(listing) if get_origin(annotation) is Filter else orders(listing)


def _of_class(annotation: object, depth: int) -> st.SearchStrategy[object]:
    if annotation in SCALARS:
        return SCALARS[annotation]()
    base: type[object] = class_of(annotation)
    if issubclass(base, OpenEnum):
        new = built(NAME, lambda text: base(f"new {text}"))
        return st.one_of(st.sampled_from([*base]), new)
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
        name: fitting(_bound(kind, bound), depth + 1) for name, kind in field_types(base).items()
    }
    make = cast("Callable[..., object]", base)  # a class is called with its fields
    shown_by_fields(base)
    return built(st.fixed_dictionaries(fields), lambda given: make(**given))


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
        matching = st.from_regex(limit.pattern, fullmatch=True)
        return built(matching, lambda text: text.strip()[:longest])
    if kind is str:
        high = min(limit.max_length or low + 12, low + 12)
        return st.text(st.characters(codec="utf-8"), min_size=low, max_size=high)
    if get_origin(kind) is tuple:
        high = limit.max_length or low + 2
        elements = st.lists(fitting(get_args(kind)[0], 1), min_size=low, max_size=high)
        return built(elements, tuple)
    return fitting(kind)  # a time with its zone


def _int(bound: float | None) -> int | None:
    return None if bound is None else int(bound)


def _float(bound: float | None) -> float | None:
    return None if bound is None else float(bound)


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
