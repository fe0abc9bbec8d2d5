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
from numbers import Real
from types import NoneType, UnionType
from typing import Annotated, Final, Literal, Union, get_args

import attrs
from cattrs import Converter
from cattrs.errors import IterableValidationError, IterableValidationNote
from msgspec import Meta

from cvatfn.codecs.building import OrBlank, field_types, members
from cvatfn.codecs.files import File
from cvatfn.codecs.kinds import class_of
from cvatfn.codecs.params import limit_broken
from cvatfn.codecs.plain import is_array, is_mapping, is_sequence, is_walkable
from cvatfn.codecs.scalars import Hook, Misfit, Misfits, misfit, number, text
from cvatfn.codecs.showing import in_words, written
from cvatfn.codecs.unset import UNSET, Unset

__all__ = ["FACTORIES", "Search", "as_it_came", "hook_of", "is_model", "json_value", "searching"]


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
            found.append(_found(converter, kind))
        return found[0](value, kind)

    return hook


def _found(converter: Converter, kind: object) -> Hook:
    hook: Hook = converter.get_structure_hook(kind)
    return hook


def as_it_came(value: object, _: object) -> object:
    """Whatever was read, where the type says nothing of it.

    :param value: anything.
    """
    return value


def json_value(value: object, _: object) -> object:
    """What JSON can say, where the type says nothing else: the hook of what a caller gives.

    :param value: anything.
    :raises Exception: JSON has no form for it, or for something in it.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return text(value, None)
    if isinstance(value, Real):
        return number(value, None)
    if is_mapping(value) or is_model(type(value)):
        held = value if is_mapping(value) else dict(members(value))
        return _items({key: each for key, each in held.items() if each is not UNSET}, text)
    if is_sequence(value):
        return _each(((index, json_value, each) for index, each in enumerate(value)), list)
    raise misfit("what JSON can say", value)


def _items(value: Mapping[object, object], key_hook: Hook, item: Hook = json_value) -> object:
    keys = [(in_words(key), key_hook, key) for key in value]
    held = [(in_words(key), item, each) for key, each in value.items()]
    done = _each([*keys, *held], dict)
    return dict(zip(done[: len(keys)], done[len(keys) :], strict=True))


def _literal(_: Converter, kind: object) -> Hook:
    choices = get_args(kind)

    def hook(value: object, _: object) -> object:
        for choice in choices:
            # `True == 1`, but they are different choices.
            if value == choice and (type(value) is type(choice) or isinstance(value, str)):
                return choice
        raise Misfit(f"expected one of {', '.join(map(repr, choices))}, got {written(value)}")

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
        return _items(value, key_hook, item)

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
    held, *extras = get_args(kind)
    limits = [extra for extra in extras if isinstance(extra, Meta)]
    hook = _within(hook_of(converter, held), limits)
    return _or_blank(class_of(held), hook) if OrBlank in limits else hook


def _or_blank(enum: Callable[[str], object], inner: Hook) -> Hook:
    def hook(value: object, _: object) -> object:
        return enum("") if isinstance(value, str) and value == "" else inner(value, None)

    return hook


def _within(inner: Hook, limits: Sequence[Meta]) -> Hook:
    def hook(value: object, _: object) -> object:
        if is_walkable(value) and not is_array(value):
            value = tuple(value)  # some can be walked once, and there are two to do it
        wrong: list[Exception] = []
        try:
            structured = inner(value, None)
        except IterableValidationError as error:
            structured = value  # too many elements are still too many, whatever they are
            wrong.append(error)
        wrong += [Misfit(said) for limit in limits for said in _broken(structured, limit)]
        if wrong:
            raise wrong[0] if len(wrong) == 1 else Misfits(wrong)
        return structured

    return hook


def _broken(value: object, limit: Meta) -> Sequence[str]:
    zoneless = limit.tz and isinstance(value, datetime) and value.utcoffset() is None
    return ("has no time zone",) if zoneless else limit_broken(value, limit)


FACTORIES: Final[tuple[tuple[tuple[object, ...], Callable[[Converter, object], Hook]], ...]] = (
    ((Literal,), _literal),
    ((tuple,), _tuple),
    ((dict,), _dict),
    ((Union, UnionType), _union),
    ((Annotated,), _limited),
)
