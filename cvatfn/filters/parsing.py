"""Texts in JSON Logic, read back as filters; they may come from anyone.

Rule: what CVAT does not understand is a `Problem` that says where it is; nothing makes this raise.
"""

from __future__ import annotations

from functools import reduce
from typing import Final, Literal, Never, TypeAlias

from typing_extensions import TypeIs

from cvatfn.codecs import native
from cvatfn.codecs.plain import is_array, is_mapping
from cvatfn.codecs.problems import Problem, at_index, at_key
from cvatfn.filters.filter import Filter
from cvatfn.filters.rules import (
    Among,
    Between,
    Compared,
    Condition,
    Containing,
    Joined,
    Operator,
    Present,
    Rule,
    Scalar,
)
from cvatfn.outcome import Failure, Outcome, Success

__all__ = ["DEEPEST", "parsed"]

DEEPEST: Final = 100
"""How many rules may stand inside one another."""

Read: TypeAlias = Outcome[Filter[Never], Problem]


def parsed(text: str) -> Outcome[Filter[Never], Problem]:
    """Read a filter from its JSON Logic text.

    CVAT understands `and`, `or`, `!`, `!!`, `var`, `==`, `<`, `<=`, `>`, `>=` and `in`, in the
    forms that filters are written in.

    :param text: any text.
    :returns: the filter, or what is wrong and where.

    >>> parsed('{"and":[{"var":"assignee"},{"<=":[1,{"var":"id"},9]}]}').unwrap()
    F.assignee.present & F.id.between(1, 9)
    >>> print(parsed('{"or":[{"var":"id"},{"like":[{"var":"name"},"%"]}]}').failure())
    $.or[1]: there is no operator 'like'
    """
    try:
        data = native.read_json(text.encode())
    except native.REFUSALS as refusal:
        deep = isinstance(refusal, RecursionError)
        return Failure(Problem("$", _TOO_DEEP if deep else f"is no JSON: {refusal}"))
    return _read(data, "$", 0)


_TOO_DEEP: Final = f"is nested more than {DEEPEST} deep"


def _read(data: object, path: str, depth: int) -> Read:
    if depth > DEEPEST:
        return Failure(Problem("$", _TOO_DEEP))
    if not is_mapping(data) or len(data) != 1:
        return Failure(Problem(path, "a rule is an object with one operator in it"))
    ((word, given),) = data.items()
    here = at_key(path, str(word))
    if _is_chain(word):
        return _chain(word, given, here, depth)
    if word == "!" or word == "!!":
        inner = _read(given, here, depth + 1)
        return _denied(inner) if word == "!" else inner
    if not _is_comparison(word):
        return Failure(Problem(path, f"there is no operator {str(word)[:40]!r}"))
    found = _condition(word, given)
    if found is None:
        return Failure(Problem(here, "these are no arguments of this operator"))
    return Success(Filter(found))


def _chain(word: Literal["and", "or"], given: object, path: str, depth: int) -> Read:
    if not is_array(given) or not given:
        return Failure(Problem(path, "takes a list of at least one rule"))
    rules: list[Rule] = []
    for index, part in enumerate(given):
        match _read(part, at_index(path, index), depth + 1):
            case Success(found):
                rules.append(found.rule)
            case Failure() as refused:
                return refused
    return Success(Filter(reduce(lambda left, right: Joined(word, left, right), rules)))


def _denied(read: Read) -> Read:
    match read:
        case Success(found):
            return Success(~found)
        case Failure():
            return read


def _is_chain(word: object) -> TypeIs[Literal["and", "or"]]:
    return word in ("and", "or")


Comparison: TypeAlias = Operator | Literal["in", "var"]


def _is_comparison(word: object) -> TypeIs[Comparison]:
    return word in ("==", "<", "<=", ">", ">=", "in", "var")


def _condition(word: Comparison, given: object) -> Condition | None:
    if word == "var":
        return Present(given) if isinstance(given, str) else None
    match [*given] if is_array(given) else []:
        case [first, second] if word == "in":
            return _contained(first, second)
        case [field, value] if word == "==" and _is_scalar(value):
            name = _name(field)
            return None if name is None else Compared(name, word, value)
        case [field, value] if word != "in" and _is_known(value):
            name = _name(field)
            return None if name is None else Compared(name, word, value)
        case [low, field, high] if word == "<=" and _is_known(low) and _is_known(high):
            name = _name(field)
            return None if name is None else Between(name, low, high)
        case _:
            return None


def _contained(first: object, second: object) -> Condition | None:
    """What `in` says: its two forms differ in where the field stands."""
    name, other = _name(first), _name(second)
    if name is not None and is_array(second):
        values = tuple(filter(_is_scalar, second))
        # A list never finds null: that null is in it makes no difference.
        known = tuple(value for value in values if value is not None)
        return Among(name, known) if len(values) == len(second) else None
    return Containing(other, first) if other is not None and isinstance(first, str) else None


def _name(given: object) -> str | None:
    """The name in `{"var": name}`."""
    name = given["var"] if is_mapping(given) and set(given) == {"var"} else None
    return name if isinstance(name, str) else None


def _is_scalar(value: object) -> TypeIs[Scalar]:
    return value is None or _is_known(value)


def _is_known(value: object) -> TypeIs[str | int | float]:
    """Whether a value has an order; CVAT breaks over null, instead of finding nothing."""
    return isinstance(value, str | int | float)
