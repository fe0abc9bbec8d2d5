"""What the comparison of frames comes to, in numbers and conflicts, and how it is added up.

Rule: sums are made of sums; nothing is computed from a share or a mean that was computed before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import reduce
from itertools import chain
from math import ceil
from typing import Final

from attrs import evolve, frozen

from cvatfn import models
from cvatfn.testing.sandbox.measuring.annotations import Annotation
from cvatfn.testing.sandbox.measuring.comparing import Matching, Pair, Sides, compared
from cvatfn.testing.sandbox.measuring.conflicts import WARNING, Conflict, conflicts_of
from cvatfn.testing.sandbox.measuring.measures import Measures
from cvatfn.testing.sandbox.measuring.scores import (
    NOBODY,
    NOTHING,
    Confusion,
    Tally,
    confusion_of,
)

__all__ = ["NONE", "Catalogue", "Result", "result_of", "summed"]


@frozen(kw_only=True)
class Catalogue:
    """The names that results speak in.

    :param labels: by id, the names of all labels; elements go by that of their skeleton, too.
    :param columns: the labels that a confusion matrix has in any case.
    :param attributes: by id, the names of attributes.
    """

    labels: Mapping[int, str]
    columns: tuple[str, ...]
    attributes: Mapping[int, str]


@frozen(kw_only=True)
class Result:
    """What one frame, or many, came to.

    :param confusion: who was taken for whom.
    :param tally: the counts of that, and of empty frames where these count as annotated.
    :param shapes: the counts of shapes, whatever their labels.
    :param labels: how many pairs of shapes have the same label, and how many have not.
    :param likenesses: the mean likenesses of shapes on the frames, summed.
    :param looks: how many frames were looked at.
    :param conflicts: what is wrong.
    """

    confusion: Confusion = NOBODY
    tally: Tally = NOTHING
    shapes: Tally = NOTHING
    labels: tuple[int, int] = (0, 0)
    likenesses: float = 0.0
    looks: int = 0
    conflicts: tuple[Conflict, ...] = ()

    @property
    def mean_iou(self) -> float:
        """How alike shapes and what comes nearest to them are, as the mean of all frames."""
        return self.likenesses / self.looks if self.looks else 0.0

    @property
    def by_type(self) -> Mapping[str, int]:
        """How many conflicts there are of each type."""
        return dict(Counter(conflict.type.value for conflict in self.conflicts))

    @property
    def warnings(self) -> int:
        """How many conflicts do not count."""
        return sum(conflict.severity is WARNING for conflict in self.conflicts)

    def plus(self, other: Result) -> Result:
        """The sums of two; of what both tell, one conflict stays.

        :param other: the other one.
        """
        return Result(
            confusion=self.confusion.plus(other.confusion),
            tally=self.tally.plus(other.tally),
            shapes=self.shapes.plus(other.shapes),
            labels=(self.labels[0] + other.labels[0], self.labels[1] + other.labels[1]),
            likenesses=self.likenesses + other.likenesses,
            looks=self.looks + other.looks,
            conflicts=tuple(dict.fromkeys((*self.conflicts, *other.conflicts))),
        )

    def weighed(self, times: float) -> Result:
        """As many annotations as if more frames had been looked at; conflicts stay as they are.

        :param times: how many times more.
        """
        valid, invalid = self.labels
        return evolve(
            self,
            confusion=self.confusion.weighed(times),
            tally=self.tally.weighed(times),
            shapes=self.shapes.weighed(times),
            labels=(ceil(valid * times), ceil(invalid * times)),
        )


NONE: Final = Result()
"""Where there was nothing to look at."""


def summed(results: Iterable[Result]) -> Result:
    """The sums of any number of results.

    :param results: what to add up.
    """
    return reduce(Result.plus, results, NONE)


def result_of(
    frame: int,
    sides: Sides,
    size: tuple[int, int],
    measures: Measures,
    catalogue: Catalogue,
    *,
    empty_is_annotated: bool = False,
) -> Result:
    """Compare one frame.

    :param frame: its number, for conflicts.
    :param sides: what the ground truth has on it, and what is to be judged.
    :param size: the width and the height of the image.
    :param measures: by what to compare.
    :param catalogue: the names of labels and attributes.
    :param empty_is_annotated: whether a side without annotations counts as one that says so.
    """
    matching = compared(sides, size, measures)
    shapes = _of_shapes(matching)
    confusion = confusion_of(catalogue.columns, _takings(matching, catalogue.labels))
    likenesses = (*(pair.likeness for pair in shapes.pairs), *shapes.nearest)
    return Result(
        confusion=confusion,
        tally=_filled(confusion.tally) if empty_is_annotated else confusion.tally,
        shapes=_shape_tally(shapes),
        labels=(len(shapes.matches), len(shapes.mismatches)),
        likenesses=sum(likenesses) / len(likenesses) if likenesses else 0.0,
        looks=1,
        conflicts=conflicts_of(frame, sides, matching, size, measures, catalogue.attributes),
    )


def _takings(
    matching: Matching, names: Mapping[int, str]
) -> Iterable[tuple[str | None, str | None]]:
    def name(annotation: Annotation) -> str:
        return names.get(annotation.label, f"#{annotation.label}")

    return chain(
        ((name(pair.given), name(pair.truth)) for pair in matching.pairs),
        ((name(each), None) for each in matching.extra),
        ((None, name(each)) for each in matching.missing),
    )


def _of_shapes(matching: Matching) -> Matching:
    def kept(pairs: tuple[Pair, ...]) -> tuple[Pair, ...]:
        return tuple(pair for pair in pairs if _is_shape(pair.truth))

    return Matching(
        kept(matching.matches),
        kept(matching.mismatches),
        tuple(filter(_is_shape, matching.missing)),
        tuple(filter(_is_shape, matching.extra)),
        matching.nearest,
    )


def _is_shape(annotation: Annotation) -> bool:
    return annotation.type is not models.AnnotationConflictAnnotationType.TAG


def _shape_tally(shapes: Matching) -> Tally:
    pairs, missing, extra = len(shapes.pairs), len(shapes.missing), len(shapes.extra)
    return Tally(pairs, missing, extra, pairs + missing + extra, pairs + extra, pairs + missing)


def _filled(tally: Tally) -> Tally:
    """Counts in which an empty side says one thing: that there is nothing."""
    empty = not tally.total
    return evolve(
        tally,
        valid=1 if empty else tally.valid,
        total=1 if empty else tally.total,
        given=tally.given or 1,
        truth=tally.truth or 1,
    )
