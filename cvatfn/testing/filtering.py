"""What a filter selects, by CVAT's own rules: for tests, and for the sandbox.

Rule: a condition is met or it is not, as in SQL's `WHERE`. Null equals null and nothing else, and
is neither less nor more than anything; what `~` denies is all the rest, null included. Values of
different kinds are never equal, except that a text in ISO 8601 stands for a time. (CVAT itself
also takes numbers that are written as texts.)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from operator import eq, ge, gt, le, lt
from typing import Any, Final, TypeAlias

from cvatfn.filters.fields import Value
from cvatfn.filters.filter import Filter
from cvatfn.filters.rules import (
    Among,
    Between,
    Compared,
    Condition,
    Containing,
    Mark,
    Operator,
    Present,
    Scalar,
    flat,
    folded,
)

__all__ = ["Row", "composed", "contained", "matches"]

Row: TypeAlias = Mapping[str, Value]
"""One object's fields by name; enums are their texts, and people their usernames."""


def contained(text: str, value: str) -> bool:
    """Whether a field contains a text: what `contains` asks everywhere but in `requests.list`.

    :param text: the text in the filter.
    :param value: the field's.
    """
    return text in value


def matches(
    filter: Filter[object], row: Row, *, contains: Callable[[str, str], bool] = contained
) -> bool:
    """Whether an object meets a filter.

    :param filter: the filter; `cvatfn.filters.parsed` reads one from its text.
    :param row: the object's fields.
    :param contains: given the text in the filter and the field's, whether that is a find.
    :raises KeyError: the row has no field of a name in the filter.

    >>> from cvatfn.filters import F
    >>> task = {"name": "cats", "status": "annotation", "project_id": None}
    >>> matches(F.name.contains("cat") & (F.status != "completed"), task)
    True
    >>> matches(F.project_id < 3, task), matches(~(F.project_id < 3), task)
    (False, True)
    """

    def met(condition: Condition) -> bool:
        return _met(condition, row[condition.field], contains)

    return folded(flat(filter.rule), met, composed)


def composed(mark: Mark, parts: list[bool]) -> bool:
    """What `and`, `or` and `!` make of what their parts come to.

    :param mark: one of the three.
    :param parts: whether each part is met.

    >>> composed("or", [False, True]), composed("!", [True])
    (True, False)
    """
    match mark:
        case "and":
            return all(parts)
        case "or":
            return any(parts)
        case "!":
            return not parts[0]


def _met(condition: Condition, value: Value, contains: Callable[[str, str], bool]) -> bool:
    match condition:
        case Present():
            return value is not None
        case Compared(_, "==", None):
            return value is None
        case Compared(_, operator, asked):
            return _compared(operator, value, asked)
        case Between(_, low, high):
            return _compared(">=", value, low) and _compared("<=", value, high)
        case Among(_, values):
            return any(_compared("==", value, asked) for asked in values)
        case Containing(_, text):
            return isinstance(value, str) and contains(text, str.__str__(value))


def _compared(operator: Operator, value: Value, asked: Scalar) -> bool:
    match value, asked:
        case bool(), bool():
            return _OPERATORS[operator](value, asked)
        case (bool(), _) | (_, bool()):
            return False
        case int() | float(), int() | float():
            return _OPERATORS[operator](value, asked)
        case str(), str():
            return _OPERATORS[operator](str.__str__(value), asked)
        case datetime(), str():
            moment = _moment(asked)
            return moment is not None and _OPERATORS[operator](_aware(value), moment)
        case _:
            return False


_OPERATORS: Final[Mapping[Operator, Callable[[Any, Any], bool]]] = {
    "==": eq,
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
}
"""Called with two values of the same kind only."""


def _moment(text: str) -> datetime | None:
    try:
        return _aware(datetime.fromisoformat(text))
    except ValueError:
        return None


def _aware(moment: datetime) -> datetime:
    """A time that has no offset is meant as the server's own, which is UTC."""
    return moment if moment.utcoffset() is not None else moment.replace(tzinfo=UTC)
