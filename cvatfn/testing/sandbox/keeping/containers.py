"""Forms of what holds other values: tuples, mappings, classes of the state, and unions of them.

Rule: these take the forms of what is in them. In a union an object says which class it is; nothing
is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from types import NoneType
from typing import Final, cast

import attrs
from attrs import frozen

from cvatfn.codecs.kinds import class_of
from cvatfn.codecs.plain import is_array, is_mapping
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.testing.sandbox.keeping.forms import (
    MOST_PROBLEMS,
    Form,
    Place,
    Reading,
    Writing,
    noted,
)

__all__ = ["Fields", "fixed", "hushed", "many", "mapping", "optional", "union", "whole"]

TAG: Final = "$"
"""The key under which an object of a union names its class; no field can have that name."""
"""The key under which an object of a union names its class; no field can have that name."""


def fixed(forms: tuple[Form, ...]) -> Form:
    """A tuple of so many elements.

    :param forms: those of its elements.
    """

    def written(value: object, writing: Writing, place: Place) -> object:
        if not is_array(value) or len(value) != len(forms):
            return noted(writing.problems, place, f"expected {len(forms)} elements")
        return [
            form.write(held, writing, (place, index))
            for index, (form, held) in enumerate(zip(forms, value, strict=True))
        ]

    def read(data: object, reading: Reading, place: Place) -> object:
        if not is_array(data) or len(data) != len(forms):
            return noted(reading.problems, place, f"expected {len(forms)} elements")
        return tuple(
            form.read(held, reading, (place, index))
            for index, (form, held) in enumerate(zip(forms, data, strict=True))
        )

    return Form(written, read)


def many(form: Form, gather: Callable[[list[object]], object]) -> Form:
    """A sequence of any length, or a set.

    :param form: that of its elements.
    :param gather: makes it of them.
    """

    def written(value: object, writing: Writing, place: Place) -> object:
        if isinstance(value, frozenset):
            value = sorted(cast("frozenset[object]", value), key=repr)
        if not is_array(value):
            return noted(
                writing.problems, place, f"expected a sequence, got {type(value).__name__}"
            )
        return [form.write(held, writing, (place, index)) for index, held in enumerate(value)]

    def read(data: object, reading: Reading, place: Place) -> object:
        if not is_array(data):
            return noted(reading.problems, place, f"expected an array, got {_name_of(data)}")
        return gather([form.read(held, reading, (place, at)) for at, held in enumerate(data)])

    return Form(written, read)


def mapping(key_kind: object, keys: Form, form: Form) -> Form:
    """A mapping: an object where keys are texts or numbers, else pairs; in their order.

    :param key_kind: the type of its keys.
    :param keys: their form.
    :param form: that of its values.
    """
    simple = key_kind is str or key_kind is int

    def written(value: object, writing: Writing, place: Place) -> object:
        if not is_mapping(value):
            return noted(writing.problems, place, f"expected a mapping, got {_name_of(value)}")
        pairs = [
            (keys.write(key, writing, place), form.write(held, writing, (place, str(key))))
            for key, held in value.items()
        ]
        return {str(key): held for key, held in pairs} if simple else [list(pair) for pair in pairs]

    def read(data: object, reading: Reading, place: Place) -> object:
        found: dict[object, object] = {}
        for key, held in _pairs(data, reading, place, simple=simple):
            at = (place, str(key))
            got = _number(key, reading, at) if key_kind is int else keys.read(key, reading, at)
            value = form.read(held, reading, at)
            if not reading.problems:
                found[got] = value
        return found

    return Form(written, read)


@frozen
class Fields:
    """The fields of a class.

    :param forms: by name.
    :param aliases: by name, what the constructor calls them.
    :param required: those without a default.
    :param optional: those that may be absent.
    """

    forms: Mapping[str, Form]
    aliases: Mapping[str, str]
    required: frozenset[str]
    optional: frozenset[str]


def whole(kind: type, fields: Callable[[type], Fields]) -> Form:
    """An attrs class: an object with its fields, without those that are absent.

    :param kind: the class.
    :param fields: gives its fields, when the first value is met: classes may hold themselves.
    """
    build = cast("Callable[..., object]", kind)  # what it takes, `fields` knows

    def written(value: object, writing: Writing, place: Place) -> object:
        if type(value) is not kind:
            said = f"expected {kind.__name__}, got {type(value).__name__}"
            return noted(writing.problems, place, said)
        known = fields(kind)
        held: dict[str, object] = {name: getattr(value, name) for name in known.forms}
        return {
            name: form.write(held[name], writing, (place, name))
            for name, form in known.forms.items()
            if held[name] is not UNSET or name not in known.optional
        }

    def read(data: object, reading: Reading, place: Place) -> object:
        if not is_mapping(data):
            said = f"expected {kind.__name__} as an object, got {_name_of(data)}"
            return noted(reading.problems, place, said)
        known, before = fields(kind), len(reading.problems)
        values: dict[str, object] = {}
        for key in data:
            if key not in known.forms and key != TAG:
                noted(reading.problems, (place, str(key)), f"is no field of {kind.__name__}")
        for name, form in known.forms.items():
            if name in data:
                values[known.aliases[name]] = form.read(data[name], reading, (place, name))
            elif name in known.optional:
                values[known.aliases[name]] = UNSET
            elif name in known.required:
                noted(reading.problems, (place, name), "is missing")
        if len(reading.problems) > before or len(reading.problems) >= MOST_PROBLEMS:
            return None
        try:
            return build(**values)
        except (TypeError, ValueError, LookupError) as error:
            return noted(reading.problems, place, str(error))

    return Form(written, read)


def union(forms: Mapping[object, Form]) -> Form:
    """One of several types: those that JSON has no form for say which they are.

    :param forms: the alternatives.
    :raises TypeError: two of them have one name.
    """
    tagged = {_tag(kind): (kind, form) for kind, form in forms.items() if kind not in _PLAIN}
    plain = {kind: form for kind, form in forms.items() if kind in _PLAIN}
    if len(tagged) + len(plain) != len(forms):
        raise TypeError(
            f"two of {', '.join(map(str, forms))} have one name, so a file cannot tell them"
        )

    def written(value: object, writing: Writing, place: Place) -> object:
        for name, (kind, form) in tagged.items():
            if _is_of(value, kind):
                said = form.write(value, writing, place)
                return (
                    {TAG: name, **said}
                    if is_mapping(said) and _is_class(kind)
                    else {TAG: name, "value": said}
                )
        for kind, form in plain.items():
            if _is_plain(value, kind):
                return form.write(value, writing, place)
        return noted(writing.problems, place, f"no alternative fits {type(value).__name__}")

    def read(data: object, reading: Reading, place: Place) -> object:
        if is_mapping(data):
            name = data.get(TAG)
            if not isinstance(name, str) or name not in tagged:
                said = f"{TAG!r} has to be one of {', '.join(sorted(tagged))}"
                return noted(reading.problems, place, said)
            kind, form = tagged[name]
            held = data if _is_class(kind) else data.get("value")
            return form.read(held, reading, place)
        for kind, form in plain.items():
            if _is_plain(data, kind):
                return form.read(data, reading, place)
        return noted(reading.problems, place, f"no alternative fits {_name_of(data)}")

    return Form(written, read)


def optional(form: Form, nothing: AbstractSet[object]) -> Form:
    """What may be nothing.

    :param form: that of anything else.
    :param nothing: which of null and absent it may be.
    """

    def written(value: object, writing: Writing, place: Place) -> object:
        if value is UNSET and Unset in nothing:
            return dict(_ABSENT)
        return None if value is None and NoneType in nothing else form.write(value, writing, place)

    def read(data: object, reading: Reading, place: Place) -> object:
        if data == _ABSENT and Unset in nothing:
            return UNSET
        return None if data is None and NoneType in nothing else form.read(data, reading, place)

    return Form(written, read)


def hushed(form: Form) -> Form:
    """What is secret: that it does not fit is told, and nothing else of it.

    :param form: the form of what is told in full.
    """

    def written(value: object, writing: Writing, place: Place) -> object:
        apart = Writing(writing.contents)
        said = form.write(value, apart, place)
        return noted(writing.problems, place, _HUSHED) if apart.problems else said

    def read(data: object, reading: Reading, place: Place) -> object:
        apart = Reading(reading.contents, reading.functions)
        value = form.read(data, apart, place)
        return noted(reading.problems, place, _HUSHED) if apart.problems else value

    return Form(written, read)


_HUSHED: Final = "is secret, and does not fit its type"
_ABSENT: Final = {TAG: "UNSET"}
"""What is absent where it cannot be left out."""


def _name_of(data: object) -> str:
    return "null" if data is None else type(data).__name__


def _number(key: object, reading: Reading, place: Place) -> object:
    text = str(key)
    if text.removeprefix("-").isdecimal() and text.isascii() and len(text) < 20:
        return int(text)
    return noted(reading.problems, place, "is no whole number")


def _pairs(
    data: object, reading: Reading, place: Place, *, simple: bool
) -> Sequence[tuple[object, object]]:
    if simple and is_mapping(data):
        return list(data.items())
    if not simple and is_array(data) and all(is_array(pair) and len(pair) == 2 for pair in data):
        return [(pair[0], pair[1]) for pair in data if is_array(pair)]
    noted(reading.problems, place, "expected an object" if simple else "expected pairs")
    return ()


_PLAIN: Final[tuple[object, ...]] = (str, int, float, bool)


def _is_plain(value: object, kind: object) -> bool:
    return isinstance(kind, type) and type(value) in (kind, int if kind is float else kind)


def _tag(kind: object) -> str:
    return class_of(kind).__name__


def _is_of(value: object, kind: object) -> bool:
    base = class_of(kind)
    return type(value) is base if attrs.has(base) else isinstance(value, base)


def _is_class(kind: object) -> bool:
    return attrs.has(class_of(kind))
