"""Containers and their like: the hooks of sequences, objects, choices, unions and limits.

Rule: an element that does not fit does not end the search; all problems are gathered, each with its
place. Only after a hundred such elements of an answer, and a thousand of what a caller gives, it is
given up: to say what is wrong with each takes a thousand times as much memory as they do.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from types import NoneType, UnionType
from typing import Annotated, Final, Literal, Union, get_args

import attrs
from cattrs import Converter
from cattrs.errors import IterableValidationError, IterableValidationNote
from msgspec import Meta

from cvatfn.codecs.building import field_types
from cvatfn.codecs.files import File
from cvatfn.codecs.kinds import class_of
from cvatfn.codecs.params import limit_broken
from cvatfn.codecs.plain import is_mapping, is_walkable
from cvatfn.codecs.scalars import Hook, Misfit, misfit
from cvatfn.codecs.unset import UNSET, Unset

__all__ = ["FACTORIES", "Search", "hook_of", "is_model", "searching"]


@attrs.define
class Search:
    """How far the search for what does not fit has come.

    :param left: how many more elements that do not fit are looked for.
    """

    left: int

    @property
    def over(self) -> bool:
        """Whether it was given up."""
        return self.left <= 0


_SEARCH: Final = ContextVar[Search]("_SEARCH")
"""The search of this thread: the hooks of a type are made once, for all searches."""


@contextmanager
def searching(most: int) -> Generator[Search]:
    """Look through one value; hooks are run in this block only.

    :param most: how many elements that do not fit are looked for.
    """
    search = Search(most)
    token = _SEARCH.set(search)
    try:
        yield search
    finally:
        _SEARCH.reset(token)


def is_model(kind: object) -> bool:
    """Whether a type is a model, or a generic one with its arguments.

    >>> from cvatfn.models import Page
    >>> is_model(Page[int]), is_model(int)
    (True, False)
    """
    base = class_of(kind)
    return attrs.has(base) and base is not File


def hook_of(converter: Converter, kind: object) -> Hook:
    """The hook of a type, looked up when it is first run: models may hold themselves.

    :param converter: what knows the hooks.
    :param kind: any type.
    """
    found: list[Hook] = []

    def hook(value: object, _: object) -> object:
        if not found:
            found.append(_open if kind is object or _is_any(kind) else _found(converter, kind))
        return found[0](value, kind)

    return hook


def _found(converter: Converter, kind: object) -> Hook:
    hook: Hook = converter.get_structure_hook(kind)
    return hook


def _is_any(kind: object) -> bool:
    return getattr(kind, "__name__", None) == "Any" and not isinstance(kind, type)


def _open(value: object, _: object) -> object:
    return value


def _literal(_: Converter, kind: object) -> Hook:
    choices = get_args(kind)

    def hook(value: object, _: object) -> object:
        for choice in choices:
            # `True == 1`, but they are different choices.
            if value == choice and (type(value) is type(choice) or isinstance(value, str)):
                return choice
        raise Misfit(f"expected one of {', '.join(map(repr, choices))}, got {value!r}")

    return hook


def _tuple(converter: Converter, kind: object) -> Hook:
    arguments = get_args(kind)
    endless = arguments[1:] == (Ellipsis,)
    items = [hook_of(converter, part) for part in (arguments[:1] if endless else arguments)]

    def hook(value: object, _: object) -> object:
        if not is_walkable(value):
            raise misfit("a sequence", value)
        elements = tuple(value)
        if not endless and len(elements) != len(items):
            raise Misfit(f"expected {len(items)} elements, got {len(elements)}")
        hooks = items * len(elements) if endless else items
        return tuple(_each(zip(range(len(elements)), hooks, elements, strict=True), tuple))

    return hook


def _dict(converter: Converter, kind: object) -> Hook:
    key_hook, item = (hook_of(converter, part) for part in get_args(kind))

    def hook(value: object, _: object) -> object:
        if not is_mapping(value):
            raise misfit("an object", value)
        keys = _each(((str(key), key_hook, key) for key in value), dict)
        held = _each(((str(key), item, value[key]) for key in value), dict)
        return dict(zip(keys, held, strict=True))

    return hook


def _each(steps: Iterable[tuple[int | str, Hook, object]], kind: type) -> list[object]:
    """Structure every element, and only then raise what is wrong with some."""
    structured: list[object] = []
    errors: list[Exception] = []
    search = _SEARCH.get()
    for place, hook, element in steps:
        try:
            structured.append(hook(element, None))
        except RecursionError:
            raise
        except Exception as error:
            # cattrs reads the place off the exception's notes.
            error.add_note(IterableValidationNote(f"at {place}", place, object))
            errors.append(error)
            search.left -= 1
            if search.over:
                break
    if errors:
        said = f"while structuring a {kind.__name__}"
        raise IterableValidationError(said, errors, kind)  # pyright: ignore[reportCallIssue]  # it reads the base's __new__
    return structured


def _union(converter: Converter, kind: object) -> Hook:
    parts = get_args(kind)
    nullable, absent = NoneType in parts, Unset in parts
    kinds = [part for part in parts if part not in (NoneType, Unset)]
    hooks = [hook_of(converter, part) for part in kinds]
    models = (
        dict(zip(kinds, hooks, strict=True)) if len(kinds) > 1 and all(map(is_model, kinds)) else {}
    )

    def hook(value: object, _: object) -> object:
        if (value is None and nullable) or (value is UNSET and absent):
            return value
        if models and is_mapping(value):
            return models[_likest(tuple(models), value)](value, None)
        for alternative in hooks[:-1]:
            try:
                return alternative(value, None)
            except RecursionError:
                raise
            except Exception:  # noqa: S112 - the next alternative may fit; the last one tells
                continue
        return hooks[-1](value, None)

    return hook


def _likest(kinds: Sequence[object], value: Mapping[object, object]) -> object:
    """The model that names most of an object's keys and, of those, lacks the fewest."""

    def likeness(kind: object) -> tuple[int, int]:
        named = field_types(class_of(kind)).keys()
        return len(named & value.keys()), -len(named)

    return max(kinds, key=likeness)


def _limited(converter: Converter, kind: object) -> Hook:
    limits = [extra for extra in get_args(kind)[1:] if isinstance(extra, Meta)]
    return _held(hook_of(converter, get_args(kind)[0]), limits)


def _held(inner: Hook, limits: Sequence[Meta]) -> Hook:
    def hook(value: object, _: object) -> object:
        structured = inner(value, None)
        for limit in limits:
            for said in limit_broken(structured, limit):
                raise Misfit(said)
            if limit.tz and isinstance(structured, datetime) and structured.utcoffset() is None:
                raise Misfit("has no time zone")
        return structured

    return hook


FACTORIES: Final[tuple[tuple[tuple[object, ...], Callable[[Converter, object], Hook]], ...]] = (
    ((Literal,), _literal),
    ((tuple,), _tuple),
    ((dict,), _dict),
    ((Union, UnionType), _union),
    ((Annotated,), _limited),
)
