"""Whether the attributes of two annotations agree.

Rule: an attribute has a rule of its own or the rule of all others; an attribute that only one of
the two has is a difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from attrs import frozen

from cvatfn.testing.sandbox.measuring.annotations import Annotation

__all__ = ["ALL_EXACTLY", "IGNORED", "AttributeRule", "AttributeRules", "differing"]


@frozen
class AttributeRule:
    """How one attribute is compared.

    :param threshold: how alike two texts have to be, from 0 to 1, where they need not be equal.
    """

    enabled: bool = True
    comparator: Literal["exact", "levenshtein"] = "exact"
    threshold: float = 1.0


@frozen
class AttributeRules:
    """How attributes are compared.

    :param default: the rule of those without one.
    :param own: by the ids of attributes, their own rules.
    """

    default: AttributeRule
    own: tuple[tuple[int, AttributeRule], ...] = ()

    def of(self, attribute: int) -> AttributeRule:
        """The rule of one attribute.

        :param attribute: its id.
        """
        return dict(self.own).get(attribute, self.default)

    @property
    def required(self) -> frozenset[int]:
        """The attributes that have a rule of their own, and are compared."""
        return frozenset(attribute for attribute, rule in self.own if rule.enabled)


ALL_EXACTLY: Final = AttributeRules(AttributeRule())
"""Every value has to be the same."""
IGNORED: Final = AttributeRules(AttributeRule(enabled=False))
"""No value is looked at."""


def differing(left: Annotation, right: Annotation, rules: AttributeRules) -> tuple[int, ...]:
    """The attributes in which two annotations differ, by their ids, in order.

    :param left: the one annotation.
    :param right: the other one.
    :param rules: how to compare.
    """
    mine = {value.spec_id: value.value for value in left.attributes}
    theirs = {value.spec_id: value.value for value in right.attributes}
    return tuple(
        spec
        for spec in sorted(mine.keys() | theirs.keys())
        if not _agree(mine.get(spec), theirs.get(spec), rules.of(spec))
    )


def _agree(mine: str | None, theirs: str | None, rule: AttributeRule) -> bool:
    if not rule.enabled or mine == theirs:
        return True
    if mine is None or theirs is None or rule.comparator == "exact":
        return False
    longest = max(len(mine), len(theirs), 1)
    return 1 - _edits(mine, theirs) / longest >= rule.threshold


def _edits(mine: Sequence[str], theirs: Sequence[str]) -> int:
    """How many letters have to be put in, taken out or exchanged (Levenshtein)."""
    before = list(range(len(theirs) + 1))
    for row, letter in enumerate(mine, 1):
        after = [row]
        for column, other in enumerate(theirs, 1):
            exchanged = before[column - 1] + (letter != other)
            after.append(min(exchanged, before[column] + 1, after[-1] + 1))
        before = after
    return before[-1]
