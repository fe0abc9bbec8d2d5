"""How a type is spelled: as a model's attribute, as what a signature takes, as an answer.

Rule: an attribute is what the native decoder reads, with limits; a signature takes more, and states
no limits: they are checked against the attribute.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from generator.facts import Choice, Limit, Many, Named, Parameter, Scalar, Table, Typed

__all__ = ["argument", "attribute", "literal", "quoted", "wanted"]

AWARE: Limit = ("tz", True)
"""A time without a zone is a different time for everyone who reads it."""


def attribute(kind: Typed, *, limits: bool, optional: bool = False, home: str = "") -> str:
    """A type as a value of it is held.

    :param kind: the type.
    :param limits: whether its limits are stated.
    :param optional: whether there may be no value at all.
    :param home: what to put before the name of a model.

    >>> attribute(Typed(Scalar("int"), (("ge", 0),), nullable=True), limits=True, optional=True)
    'Annotated[int, Meta(ge=0)] | Unset | None'
    """
    match kind.kind:
        case Scalar(name):
            held = name
        case Choice(values):
            held = literal((*values, "") if kind.blank else values)
        case Named(name):
            held = f"{home}{name}"
            if limits and kind.blank:
                held = f"Annotated[{held}, OrBlank]"
        case Many(item):
            held = f"tuple[{attribute(item, limits=limits, home=home)}, ...]"
        case Table(value):
            held = f"dict[str, {attribute(value, limits=limits, home=home)}]"
    return _union([_limited(held, kind, limits=limits)], kind, optional=optional)


def argument(kind: Typed, *, optional: bool = False, home: str = "") -> str:
    """A type as a signature takes it: models as dicts too, enums as texts, tuples as iterables.

    :param kind: the type.
    :param optional: whether it need not be given.
    :param home: what to put before the name of a model.

    >>> argument(Typed(Many(Typed(Named("LabelRequest", dressed=True)))))
    'Iterable[LabelRequestLike]'
    """
    return _union([_taken(kind, home)], kind, optional=optional)


def wanted(parameter: Parameter) -> str:
    """A parameter's type as an endpoint states it: what a signature takes, with its limits.

    :param parameter: a parameter of an operation.
    """
    taken = _limited(_taken(parameter.type, "models."), parameter.type, limits=True)
    words = [] if parameter.word is None else [literal((parameter.word,))]
    values = [] if parameter.value is None else [_value(*parameter.value)]
    return _union([taken, *words, *values], parameter.type, optional=not parameter.required)


def _value(kind: str, columns: str) -> str:
    """The class of values, of the library's own, that are taken in place of a text."""
    return f"filters.{kind}[filters.{columns}]"


def literal(values: Iterable[str]) -> str:
    """A choice of texts.

    >>> literal(["1d", "2d"])
    'Literal["1d", "2d"]'
    """
    return f"Literal[{', '.join(map(quoted, values))}]"


def quoted(text: str) -> str:
    """A text as a literal of Python, the way the formatter has it."""
    return json.dumps(text, ensure_ascii=False)


def _limited(held: str, kind: Typed, *, limits: bool) -> str:
    stated = kind.limits if limits else ()
    if kind.kind == Scalar("datetime"):
        stated = (*stated, AWARE)
    if not stated:
        return held
    return f"Annotated[{held}, Meta({', '.join(map(_stated, stated))})]"


def _stated(limit: Limit) -> str:
    keyword, value = limit
    return f"{keyword}={_pattern(value) if isinstance(value, str) else repr(value)}"


def _pattern(text: str) -> str:
    """A regular expression, raw where that is what a person would write."""
    raw = "\\" in text and '"' not in text and not text.endswith("\\")
    return f'r"{text}"' if raw else quoted(text)


def _taken(kind: Typed, home: str) -> str:
    match kind.kind:
        case Scalar("File"):
            return "FileLike"
        case Scalar(name):
            return name
        case Choice(values):
            return literal((*values, "") if kind.blank else values)
        case Named(name, dressed):
            taken = f"{home}{name}{'Like' if dressed else ''}"
            return f'{taken} | Literal[""]' if kind.blank else taken
        case Many(item):
            return f"Iterable[{argument(item, home=home)}]"
        case Table(value):
            return f"Mapping[str, {argument(value, home=home)}]"


def _union(parts: Sequence[str], kind: Typed, *, optional: bool) -> str:
    """A type with what may stand in its place, nothing last."""
    anything = isinstance(kind.kind, Scalar) and kind.kind.name == "JSON"
    others = (
        *(["Unset"] if optional else []),
        *(["None"] if kind.nullable and not anything else []),
    )
    return " | ".join((*parts, *others))
