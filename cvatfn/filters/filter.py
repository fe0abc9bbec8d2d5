"""`Filter`: which of the listed objects are wanted, as a value.

Rule: a filter is its JSON Logic text. Filters with the same text are equal, and what is written is
the same in every run.
"""

from __future__ import annotations

from keyword import iskeyword
from typing import Final, Generic, TypeVar, final

import msgspec
from attrs import frozen
from typing_extensions import override

from cvatfn.filters.rules import (
    Among,
    Between,
    Compared,
    Condition,
    Containing,
    Joined,
    Mark,
    Not,
    Piece,
    Present,
    Rule,
    flat,
    folded,
    json_logic,
    rebuilt,
    written,
)

__all__ = ["Filter"]

C_co = TypeVar("C_co", covariant=True)
D = TypeVar("D")


@final
@frozen(eq=False, repr=False)
class Filter(Generic[C_co]):
    """A condition that the listed objects must meet; made by comparing fields.

    Joined by `&` (and) and `|` (or), denied by `~`. `C` says of whose fields it speaks: a
    `Filter[Tasks]` is taken where tasks are listed, a `Filter[Never]`, made with `F`, everywhere.
    What `~` denies is all the rest: objects whose field is null are among it.

    :param rule: what it says, as data.

    >>> from cvatfn.filters import Tasks
    >>> wanted = (Tasks.status == "completed") & ~Tasks.name.contains("draft")
    >>> wanted
    (F.status == 'completed') & ~F.name.contains('draft')
    >>> wanted.text
    '{"and":[{"==":[{"var":"status"},"completed"]},{"!":{"in":["draft",{"var":"name"}]}}]}'
    """

    rule: Rule

    @property
    def text(self) -> str:
        """The filter in JSON Logic, as CVAT takes it: compact, and no two texts for one filter."""
        return "".join(written(flat(self.rule), _json, _JSON_SIGNS))

    @property
    def data(self) -> dict[str, object]:
        """The same as plain dicts and lists.

        >>> from cvatfn.filters import F
        >>> (F.id != 7).data
        {'!': {'==': [{'var': 'id'}, 7]}}
        """
        return folded(flat(self.rule), json_logic, _data)

    @property
    def names(self) -> frozenset[str]:
        """The names of the fields it speaks of.

        >>> from cvatfn.filters import F
        >>> sorted(((F.id == 7) | F.name.contains("a")).names)
        ['id', 'name']
        """
        return frozenset(piece.field for piece in flat(self.rule) if not isinstance(piece, str))

    def __and__(self, other: Filter[D]) -> Filter[C_co | D]:
        return Filter(Joined("and", self.rule, _rule(other)))

    def __or__(self, other: Filter[D]) -> Filter[C_co | D]:
        return Filter(Joined("or", self.rule, _rule(other)))

    def __invert__(self) -> Filter[C_co]:
        return Filter(self.rule.rule if isinstance(self.rule, Not) else Not(self.rule))

    # It never returns. That it says `None` makes pyright refuse `and`, `or`, `not` and `if`.
    def __bool__(self) -> None:
        raise TypeError(
            "a filter is neither true nor false: join filters by & and |, deny them by ~, each "
            "comparison in parentheses; for a < field < b there is field.between(a, b)"
        )

    @override
    def __eq__(self, other: object) -> bool:
        return self.text == other.text if isinstance(other, Filter) else NotImplemented

    @override
    def __hash__(self) -> int:
        return hash(self.text)

    @override
    def __repr__(self) -> str:
        pieces = written(flat(self.rule), _shown, _SIGNS)
        # The parentheses around a whole chain or comparison say nothing.
        bare = not isinstance(self.rule, Not) and pieces[0].startswith("(")
        return "".join(pieces)[1:-1] if bare else "".join(pieces)

    @override
    def __reduce__(self) -> tuple[object, tuple[tuple[Piece, ...]]]:
        return _unpickled, (tuple(flat(self.rule)),)


def _rule(other: object) -> Rule:
    if isinstance(other, Filter):
        return other.rule
    kind = type(other).__name__
    raise TypeError(f"a filter is joined with a filter, not {kind}: parenthesize each comparison")


def _unpickled(pieces: tuple[Piece, ...]) -> Filter[object]:
    return Filter(rebuilt(pieces))


def _json(condition: Condition) -> str:
    return msgspec.json.encode(json_logic(condition)).decode()


_JSON_SIGNS: Final[dict[Mark, tuple[str, str, str]]] = {
    "and": ('{"and":[', ",", "]}"),
    "or": ('{"or":[', ",", "]}"),
    "!": ('{"!":', "", "}"),
}


def _data(mark: Mark, parts: list[dict[str, object]]) -> dict[str, object]:
    return {mark: parts[0] if mark == "!" else parts}


_SIGNS: Final[dict[Mark, tuple[str, str, str]]] = {
    "and": ("(", " & ", ")"),
    "or": ("(", " | ", ")"),
    "!": ("~", "", ""),
}


def _shown(condition: Condition) -> str:
    field = _shown_field(condition.field)
    match condition:
        case Compared(_, operator, value):
            return f"({field} {operator} {value!r})"
        case Between(_, low, high):
            return f"{field}.between({low!r}, {high!r})"
        case Among(_, values):
            return f"{field}.one_of({[*values]!r})"
        case Containing(_, text):
            return f"{field}.contains({text!r})"
        case Present():
            return f"{field}.present"


def _shown_field(name: str) -> str:
    # Python has more letters in its names, but takes some of them for others (NFKC).
    plain = name.isascii() and name.isidentifier() and not iskeyword(name)
    return f"F.{name}" if plain and not name.startswith("_") else f"F[{name!r}]"
