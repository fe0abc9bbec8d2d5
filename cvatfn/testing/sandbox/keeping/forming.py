"""The form of any type, made along its annotation.

Rule: what a class of the state holds is said once, by its annotations; a new class needs no line
here. A type that no file can hold is told in a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from types import NoneType
from typing import Annotated, Any, Final, get_args, get_origin

import attrs

from cvatfn.codecs.building import field_types, fields_of
from cvatfn.codecs.kinds import class_of, is_union
from cvatfn.codecs.remembering import remembered
from cvatfn.codecs.secrets import mask
from cvatfn.codecs.unset import Unset
from cvatfn.testing.sandbox.keeping.containers import (
    Fields,
    fixed,
    hushed,
    many,
    mapping,
    optional,
    union,
    whole,
)
from cvatfn.testing.sandbox.keeping.forms import Form
from cvatfn.testing.sandbox.keeping.leaves import BYTES, FUNCTION, OPEN, is_function, scalar_form

__all__ = ["form_of"]


@remembered
def form_of(kind: object) -> Form:
    """The form of a type, made along its annotation.

    :param kind: a type such as the classes of a state name it.
    :raises TypeError: it has no form, in a sentence that says so.

    >>> from cvatfn.testing.sandbox.keeping.forms import Reading, Writing
    >>> form = form_of(tuple[int, ...] | None)
    >>> form.write((1, 2), Writing(), None), form.read([1, 2], Reading({}, {}), None)
    ([1, 2], (1, 2))
    """
    origin, arguments = get_origin(kind), get_args(kind)
    base = class_of(kind)
    if origin is Annotated:
        return form_of(arguments[0])
    if is_union(kind):
        return _choice(arguments)
    if kind is Any or kind is object:
        return OPEN
    if is_function(kind):
        return FUNCTION
    if kind is bytes:
        return BYTES
    if origin is tuple and arguments[1:] != (Ellipsis,):
        return fixed(tuple(map(form_of, arguments)))
    if origin in _GATHERED:
        return many(form_of(arguments[0]), _GATHERED[origin])
    if attrs.has(base) and not arguments:
        return whole(base, _fields)
    if issubclass(base, Mapping) and len(arguments) == 2:
        return mapping(arguments[0], form_of(arguments[0]), form_of(arguments[1]))
    scalar = scalar_form(kind)
    if scalar is not None:
        return scalar
    raise TypeError(f"{kind} has no form in which a world could be saved")


_GATHERED: Final[Mapping[object, Callable[[list[object]], object]]] = {
    tuple: tuple,
    list: list,
    Sequence: tuple,
    frozenset: frozenset,
    AbstractSet: frozenset,
}


_NOTHING: Final[frozenset[object]] = frozenset({NoneType, Unset})


def _choice(parts: tuple[object, ...]) -> Form:
    nothing = _NOTHING.intersection(parts)
    forms = {part: form_of(part) for part in parts if part not in _NOTHING}
    only = next(iter(forms.values())) if len(forms) == 1 else union(forms)
    return optional(only, nothing)


@remembered
def _fields(kind: type) -> Fields:
    hints = field_types(kind)
    own = fields_of(kind)
    return Fields(
        {each.name: _field_form(kind, each, hints[each.name]) for each in own},
        {each.name: each.alias or each.name for each in own},
        frozenset(each.name for each in own if each.default is attrs.NOTHING),
        frozenset(name for name, hint in hints.items() if Unset in _parts(hint)),
    )


def _field_form(kind: type, field: attrs.Attribute[object], hint: object) -> Form:
    try:
        form = form_of(hint)
    except TypeError as error:
        raise TypeError(f"{kind.__name__}.{field.name}: {error}") from error
    return hushed(form) if field.repr is mask else form


def _parts(hint: object) -> tuple[object, ...]:
    return get_args(hint) if is_union(hint) else (hint,)
