"""Loose ends: where a thing of a world names another one that is not there.

Rule: a field names what it refers to. `task` and `task_id` are tasks, because `World.tasks` is; the
words that say who rather than what (`owner`, `assignee`...) are people; a `parent` is of the same
kind as its child. So a new class of the state needs no line here. Work in the background and what
is kept of the past may name what has gone since.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final, get_args

import attrs
from attrs import frozen

from cvatfn.codecs.building import field_types, fields_of
from cvatfn.codecs.kinds import class_of
from cvatfn.codecs.plain import is_array, is_mapping
from cvatfn.codecs.problems import Problem, at_index, at_key
from cvatfn.codecs.remembering import remembered
from cvatfn.testing.sandbox.state.world import World

__all__ = ["dangling"]

_PEOPLE: Final = ("user", "owner", "assignee", "author", "account")
_SYNONYMS: Final[Mapping[str, str]] = {
    **dict.fromkeys(_PEOPLE, "accounts"),
    "cloud": "clouds",
    "cloud_storage": "clouds",
    "membership": "memberships",
}
_KEYS: Final[Mapping[str, str]] = {"uploads": "tasks", "storages": "clouds"}
"""What the keys of a mapping are, where they are not ids of its own things."""
_VALUES: Final[Mapping[str, str]] = {"tokens": "accounts"}
"""What plain numbers in a mapping refer to."""
_PAST: Final = frozenset({"work"})
"""Fields that tell of what was asked for: it may have been removed since."""


def dangling(world: World) -> Iterator[Problem]:
    """Find what refers to nothing.

    :param world: the world.
    :returns: each loose end, with its place.

    >>> from cvatfn.testing.sandbox.state.people import BrowserSession
    >>> for problem in dangling(World(sessions={"x": BrowserSession(7, "y")})):
    ...     print(problem)
    $.sessions[***].user: 7 is in no accounts
    """
    known = {name: _ids(getattr(world, name)) for name in _kinds_of(World)}
    for field in fields_of(World):
        held: object = getattr(world, field.name)
        if not is_mapping(held):
            continue
        walk = _Walk(known, field.name)
        secret = callable(field.repr)
        for key, value in held.items():
            shown = "***" if secret else str(key)
            place = f"$.{field.name}[{shown}]"
            yield from walk.named(place, _KEYS.get(field.name), key)
            yield from walk.named(place, _VALUES.get(field.name), value)
            yield from walk.below(value, place)


@remembered
def _kinds_of(kind: type) -> tuple[str, ...]:
    """The names of mappings by id; `ids`, which counts them, is none."""
    hints = field_types(kind)
    return tuple(name for name in hints if name != "ids" and len(get_args(hints[name])) == 2)


@remembered
def _keys_of(kind: str) -> type:
    """The type of the ids of a kind of things."""
    return class_of(get_args(field_types(World)[kind])[0])


def _ids(held: object) -> Collection[object]:
    return held.keys() if is_mapping(held) else ()


@frozen
class _Walk:
    """A walk through the things of one kind."""

    known: Mapping[str, Collection[object]]
    kind: str

    def named(self, place: str, kind: str | None, value: object) -> Iterator[Problem]:
        # of the type of the ids there: a job's `state` is no id, be there a `World.states` or not
        if kind is not None and type(value) is _keys_of(kind) and value not in self.known[kind]:
            shown = value if isinstance(value, int) else "what it names"
            yield Problem(place, f"{shown} is in no {kind}")

    def below(self, value: object, place: str) -> Iterator[Problem]:
        if attrs.has(type(value)):
            for field in fields_of(type(value)):
                held: object = getattr(value, field.name)
                at = at_key(place, field.name)
                if field.name not in _PAST:
                    yield from self.named(at, self._meant(field.name), held)
                    yield from self.below(held, at)
        elif is_mapping(value):
            for key, held in value.items():
                yield from self.below(held, at_key(place, str(key)))
        elif is_array(value) and value and not isinstance(value[0], int | float | str | bytes):
            for index, held in enumerate(value):
                yield from self.below(held, at_index(place, index))

    def _meant(self, name: str) -> str | None:
        """The kind of what a field names, if it names anything."""
        stem = name.removesuffix("_id")
        if stem == "parent":
            return self.kind
        meant = _SYNONYMS.get(stem, f"{stem}s")
        return meant if meant in self.known else None
