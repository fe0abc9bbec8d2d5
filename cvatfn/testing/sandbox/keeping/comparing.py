"""What is different between two worlds, so that a test can say what a call was to change.

Rule: things are told apart by kind and id, as the world keeps them; what changed of a thing is told
field by field. The clock and the counters move with every request, and are told apart from the
rest. Secrets are masked, bytes and long values shortened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum
from hashlib import blake2b
from typing import Final, TypeAlias

import attrs
from attrs import frozen
from typing_extensions import override

from cvatfn.codecs.building import fields_of
from cvatfn.codecs.plain import Array, is_array, is_mapping
from cvatfn.codecs.problems import at_index, at_key
from cvatfn.codecs.secrets import MASK, mask
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.testing.sandbox.state.world import World

__all__ = ["Change", "Comparison", "Shown", "Thing", "compare"]

Shown: TypeAlias = str | int | float | datetime | timedelta | Unset | None
"""A value as a comparison tells it: a plain one as it is, anything else in a few words."""

LONGEST: Final = 80
"""How many characters are told of a value that is no text."""


@frozen
class Thing:
    """A thing that is in one world only.

    :param kind: the name of the mapping that it is in: `tasks`, `jobs`...
    :param id: its key there.

    >>> print(Thing("tasks", 7))
    tasks 7
    """

    kind: str
    id: str | int

    @override
    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


@frozen
class Change:
    """A field that differs.

    :param kind: the name of the mapping that the thing is in.
    :param id: its key there.
    :param field: the field, and what is changed in it: `name`, `media.frames[0].width`.
    :param before: what it held; `UNSET` for nothing.
    :param after: what it holds.

    >>> print(Change("tasks", 7, "name", "cats", "dogs"))
    tasks 7: name: 'cats' -> 'dogs'
    """

    kind: str
    id: str | int
    field: str
    before: Shown
    after: Shown

    @override
    def __str__(self) -> str:
        return f"{self.kind} {self.id}: {self.field}: {_said(self.before)} -> {_said(self.after)}"


@frozen
class Comparison:
    """What is different between two worlds.

    :param added: things that were not there before.
    :param changed: fields of things that are in both, in the order of their things.
    :param removed: things that are not there any more.
    :param passing: what passes with every request: the fields of the world itself, such as its
        clock and its counters, with an empty `kind`.
    """

    added: tuple[Thing, ...] = ()
    changed: tuple[Change, ...] = ()
    removed: tuple[Thing, ...] = ()
    passing: tuple[Change, ...] = ()

    def of(self, *kinds: str) -> Comparison:
        """What is different in things of some kinds only.

        :param kinds: names of mappings: `tasks`, `jobs`...
        """
        return Comparison(
            tuple(thing for thing in self.added if thing.kind in kinds),
            tuple(change for change in self.changed if change.kind in kinds),
            tuple(thing for thing in self.removed if thing.kind in kinds),
        )

    @override
    def __str__(self) -> str:
        lines = [
            *(f"+ {thing}" for thing in self.added),
            *(f"~ {change}" for change in self.changed),
            *(f"- {thing}" for thing in self.removed),
        ]
        return "\n".join(lines) or "nothing but time has passed" * bool(self.passing) or "the same"


def compare(before: World, after: World) -> Comparison:
    """What is different between two worlds; pure.

    :param before: one world.
    :param after: another, later or not.
    :returns: things added, fields changed, things removed. Two worlds are equal when there is
        nothing of these and nothing passing.

    >>> from cvatfn import call
    >>> from cvatfn.api import users
    >>> from cvatfn.testing.sandbox import World
    >>> ada = World.with_user("ada", "s3cret")
    >>> print(compare(ada, ada.joined("bob", "pa55")))
    + accounts 2
    >>> from attrs import evolve
    >>> moved = evolve(ada.accounts[1], email="ada@example.com", password="other")
    >>> print(compare(ada, evolve(ada, accounts={1: moved})))
    ~ accounts 1: password: '***' -> '***'
    ~ accounts 1: email: 'ada@sandbox.example' -> 'ada@example.com'
    """
    added: list[Thing] = []
    changed: list[Change] = []
    removed: list[Thing] = []
    passing: list[Change] = []
    for field in fields_of(World):
        old: object = getattr(before, field.name)
        new: object = getattr(after, field.name)
        secret = field.repr is mask
        if old is new:
            continue
        if not is_mapping(old) or not is_mapping(new) or field.name in _COUNTERS:
            told = _differences(old, new, field.name, secret=secret)
            passing += [Change("", "", *difference) for difference in told]
            continue
        added += [Thing(field.name, _id(key, secret)) for key in new if key not in old]
        removed += [Thing(field.name, _id(key, secret)) for key in old if key not in new]
        for key in old:
            if key in new:
                told = _differences(old[key], new[key], "", secret=False)
                changed += [Change(field.name, _id(key, secret), *each) for each in told]
    return Comparison(tuple(added), tuple(changed), tuple(removed), tuple(passing))


_COUNTERS: Final = ("ids",)

Difference: TypeAlias = tuple[str, Shown, Shown]
Naming: TypeAlias = Callable[[object], str]


def _id(key: object, secret: bool) -> str | int:
    return MASK if secret else key if isinstance(key, int) else str(key)


def _differences(old: object, new: object, path: str, *, secret: bool) -> Iterator[Difference]:
    """What differs of a value: its fields, the members or elements it has, or all of it."""
    if old is new or (old == new and type(old) is type(new)):
        return
    if secret:
        yield path, MASK if old is not UNSET else UNSET, MASK if new is not UNSET else UNSET
    elif attrs.has(type(old)) and type(old) is type(new):
        for field in fields_of(type(old)):
            held: object = getattr(old, field.name)
            now: object = getattr(new, field.name)
            at = f"{path}.{field.name}" if path else field.name
            yield from _differences(held, now, at, secret=field.repr is mask)
    elif is_mapping(old) and is_mapping(new):
        yield from _below(old, new, lambda key: at_key(path, str(key)).removeprefix("."))
    elif is_array(old) and is_array(new) and (_is_of_things(old) or _is_of_things(new)):
        pairs = _numbered(old), _numbered(new)
        yield from _below(*pairs, lambda key: at_index(path, key if isinstance(key, int) else 0))
    else:
        yield path or "value", _shown(old), _shown(new)


def _below(
    old: Mapping[object, object], new: Mapping[object, object], at: Naming
) -> Iterator[Difference]:
    for key in {**old, **new}:
        yield from _differences(old.get(key, UNSET), new.get(key, UNSET), at(key), secret=False)


def _is_of_things(values: Array) -> bool:
    return bool(values) and all(attrs.has(type(value)) for value in values)


def _numbered(values: Array) -> Mapping[object, object]:
    """Elements by their ids where each has one of its own, else by their places."""
    ids: Sequence[object] = [getattr(value, "id", None) for value in values]
    own = len({*ids}) == len(ids) and all(isinstance(each, int) for each in ids)
    return dict(zip(ids if own else range(len(values)), values, strict=True))


def _shown(value: object) -> Shown:
    match value:
        case Enum():
            return str(value.value)
        case str() | int() | float() | datetime() | timedelta() | Unset() | None:
            return value
        case bytes():
            return f"<{len(value)} bytes, {blake2b(value, digest_size=4).hexdigest()}>"
        case _ if is_array(value) and _is_of_things(value):
            return f"<{len(value)} {type(value[0]).__name__}>"
        case _:
            return _in_short(value)


def _in_short(value: object) -> str:
    if attrs.has(type(value)):
        number: object = getattr(value, "id", None)
        return f"<{type(value).__name__}{'' if number is None else f' {number}'}>"
    told = repr(value)
    return told if len(told) <= LONGEST else f"{told[: LONGEST - 3]}..."


def _said(value: Shown) -> str:
    if value is UNSET:
        return "nothing"
    return str(value) if isinstance(value, datetime | timedelta) else repr(value)
