"""What a filter says, as data: conditions on fields, denied and joined.

Rule: nothing here recurses, so that no rule is too deep for it. `flat` is the one way to look into
a rule: it gives a sequence, in which chains such as `a & b & c` are one list however they were
joined.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import reduce
from typing import Literal, TypeAlias, TypeVar, assert_never

from attrs import frozen

__all__ = [
    "Among",
    "Between",
    "Compared",
    "Condition",
    "Containing",
    "Joined",
    "Mark",
    "Not",
    "Operator",
    "Piece",
    "Present",
    "Rule",
    "Scalar",
    "flat",
    "folded",
    "json_logic",
    "rebuilt",
    "written",
]

T = TypeVar("T")

Scalar: TypeAlias = str | int | float | bool | None
"""What JSON can say without lists and objects; times are texts in ISO 8601."""
Operator: TypeAlias = Literal["==", "<", "<=", ">", ">="]


@frozen
class Compared:
    """A field compared with a value."""

    field: str
    operator: Operator
    value: Scalar


@frozen
class Between:
    """A field from one value to another, both included."""

    field: str
    low: Scalar
    high: Scalar


@frozen
class Among:
    """A field that is one of several values."""

    field: str
    values: tuple[Scalar, ...]


@frozen
class Containing:
    """A field with a text in it, upper and lower case told apart."""

    field: str
    text: str


@frozen
class Present:
    """A field that is not null."""

    field: str


@frozen(eq=False, repr=False)
class Not:
    """What a rule is not; as deep as that is, so it is compared and shown by its `flat` form."""

    rule: Rule


@frozen(eq=False, repr=False)
class Joined:
    """Two rules of which both must hold, or at least one; see `Not`."""

    word: Literal["and", "or"]
    left: Rule
    right: Rule


Condition: TypeAlias = Compared | Between | Among | Containing | Present
Rule: TypeAlias = Condition | Not | Joined

Mark: TypeAlias = Literal["and", "or", "!"]
"""What opens a list of rules; `!` opens a list of one."""
Piece: TypeAlias = Condition | Mark | Literal["end"]


def flat(rule: Rule) -> Iterator[Piece]:
    """A rule in one sequence: a mark, the parts it holds, `end`.

    :param rule: any rule.

    >>> a, b = Present("a"), Present("b")
    >>> list(flat(Joined("and", a, Joined("and", Not(b), a))))
    ['and', Present(field='a'), '!', Present(field='b'), 'end', Present(field='a'), 'end']
    """
    left: list[Rule | None] = [rule]
    while left:
        found = left.pop()
        match found:
            case None:
                yield "end"
            case Not(denied):
                yield "!"
                left += [None, denied]
            case Joined(word):
                yield word
                left += [None, *reversed(_parts(found))]
            case _:
                yield found


def _parts(chain: Joined) -> list[Rule]:
    """All that a chain of the same word joins, in order."""
    parts: list[Rule] = []
    left: list[Rule] = [chain]
    while left:
        found = left.pop()
        if isinstance(found, Joined) and found.word == chain.word:
            left += [found.right, found.left]
        else:
            parts.append(found)
    return parts


def folded(
    pieces: Iterable[Piece],
    condition: Callable[[Condition], T],
    composed: Callable[[Mark, list[T]], T],
) -> T:
    """What a rule comes to, from its conditions upwards.

    :param pieces: the rule, as `flat` gives it.
    :param condition: what a condition comes to.
    :param composed: what a mark makes of what its parts come to.

    >>> rule = Joined("or", Present("a"), Not(Present("b")))
    >>> folded(flat(rule), lambda found: 1, lambda mark, sizes: 1 + sum(sizes))
    4
    """
    outermost: list[T] = []
    opened: list[tuple[Mark, list[T]]] = [("and", outermost)]
    for piece in pieces:
        if piece == "end":
            mark, parts = opened.pop()
            opened[-1][1].append(composed(mark, parts))
        elif isinstance(piece, str):
            opened.append((piece, []))
        else:
            opened[-1][1].append(condition(piece))
    (whole,) = outermost
    return whole


def rebuilt(pieces: Iterable[Piece]) -> Rule:
    """The rule that `flat` made a sequence of.

    :param pieces: the sequence.

    >>> rebuilt(flat(Present("a")))
    Present(field='a')
    """

    def composed(mark: Mark, parts: list[Rule]) -> Rule:
        if mark == "!":
            return Not(parts[0])
        return reduce(lambda left, right: Joined(mark, left, right), parts)

    def itself(found: Condition) -> Rule:
        return found

    return folded(pieces, itself, composed)


def written(
    pieces: Iterable[Piece],
    condition: Callable[[Condition], str],
    signs: Mapping[Mark, tuple[str, str, str]],
) -> list[str]:
    """A rule as the pieces of a text.

    :param pieces: the rule, as `flat` gives it.
    :param condition: the text of a condition.
    :param signs: what opens, parts and closes the list that a mark opens.

    >>> signs = {"and": ("(", " & ", ")"), "or": ("(", " | ", ")"), "!": ("~", "", "")}
    >>> rule = Joined("or", Present("a"), Not(Present("b")))
    >>> "".join(written(flat(rule), lambda found: found.field, signs))
    '(a | ~b)'
    """
    texts: list[str] = []
    opened: list[tuple[str, str, str]] = [("", "", "")]
    first = True
    for piece in pieces:
        if piece == "end":
            texts.append(opened.pop()[2])
            first = False
            continue
        if not first:
            texts.append(opened[-1][1])
        first = isinstance(piece, str)
        if isinstance(piece, str):
            opened.append(signs[piece])
            texts.append(opened[-1][0])
        else:
            texts.append(condition(piece))
    return texts


def json_logic(condition: Condition) -> dict[str, object]:
    """A condition in JSON Logic, the way CVAT reads it.

    :param condition: the condition.

    >>> json_logic(Among("id", (1, 2)))
    {'in': [{'var': 'id'}, [1, 2]]}
    """
    field = {"var": condition.field}
    match condition:
        case Compared(_, operator, value):
            return {operator: [field, value]}
        case Between(_, low, high):
            return {"<=": [low, field, high]}
        case Among(_, values):
            return {"in": [field, [*values]]}
        case Containing(_, text):
            return {"in": [text, field]}
        case Present(name):
            return {"var": name}
        case _:
            assert_never(condition)
