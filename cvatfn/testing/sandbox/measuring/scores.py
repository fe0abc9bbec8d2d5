"""Numbers made of comparisons: who was taken for whom, and how good that is.

Rule: rows are what was given, columns the ground truth, and the last of each stands for what has no
counterpart. All else is computed from that, by CVAT's formulas; what has nothing to divide by is 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from math import ceil
from typing import Final, Literal, TypeAlias

from attrs import frozen

__all__ = [
    "AGGREGATIONS",
    "METRICS",
    "NOBODY",
    "NOTHING",
    "UNMATCHED",
    "Aggregation",
    "Confusion",
    "Metric",
    "Tally",
    "by_label",
    "confusion_of",
    "parted",
    "score",
    "worst",
]

Metric: TypeAlias = Literal["accuracy", "precision", "recall", "jaccard_index", "dice"]
Aggregation: TypeAlias = Literal["micro", "mean", "label"]

METRICS: Final[tuple[Metric, ...]] = ("accuracy", "precision", "recall", "jaccard_index", "dice")
AGGREGATIONS: Final[tuple[Aggregation, ...]] = ("micro", "mean", "label")
UNMATCHED: Final = "unmatched"
"""The name of the last row and column."""


@frozen
class Tally:
    """How many annotations there are of each sort.

    :param valid: those that are right.
    :param total: all, those that are the same counted once.
    :param given: those that were given.
    :param truth: those of the ground truth.
    """

    valid: int = 0
    missing: int = 0
    extra: int = 0
    total: int = 0
    given: int = 0
    truth: int = 0

    @property
    def accuracy(self) -> float:
        """How many of all are right."""
        return self.valid / (self.total or 1)

    @property
    def precision(self) -> float:
        """How many of those that were given are right."""
        return self.valid / (self.given or 1)

    @property
    def recall(self) -> float:
        """How many of the ground truth were found."""
        return self.valid / (self.truth or 1)

    def weighed(self, times: float) -> Tally:
        """As many times as many, rounded up each.

        :param times: how many times.
        """
        return Tally(*(ceil(count * times) for count in self.counts))

    def plus(self, other: Tally) -> Tally:
        """The sums of two.

        :param other: the other one.
        """
        pairs = zip(self.counts, other.counts, strict=True)
        return Tally(*(one + another for one, another in pairs))

    @property
    def counts(self) -> tuple[int, ...]:
        """All counts, in the order of the fields."""
        return self.valid, self.missing, self.extra, self.total, self.given, self.truth


@frozen
class Confusion:
    """How often which label was given where the ground truth has which.

    :param labels: their names; `UNMATCHED` is no part of them.
    :param rows: one row and one column more than there are labels.

    >>> confusion_of(["cat", "dog"], [("cat", "cat"), ("cat", "dog"), (None, "dog")]).rows
    ((1, 1, 0), (0, 0, 0), (0, 1, 0))
    """

    labels: tuple[str, ...]
    rows: tuple[tuple[int, ...], ...]

    @property
    def tally(self) -> Tally:
        """The counts that it comes to."""
        given = [sum(row) for row in self.rows]
        return Tally(
            valid=sum(row[index] for index, row in enumerate(self.rows)),
            missing=sum(self.rows[-1]),
            extra=sum(row[-1] for row in self.rows),
            total=sum(given),
            given=sum(given[:-1]),
            truth=sum(sum(row[:-1]) for row in self.rows),
        )

    def plus(self, other: Confusion) -> Confusion:
        """The sums of two; labels that only one of them has are put behind those of the first.

        :param other: the other one.
        """
        labels = tuple(dict.fromkeys((*self.labels, *other.labels)))
        cells: dict[tuple[str, str], int] = {}
        for side in (self, other):
            names = (*side.labels, UNMATCHED)
            for given, row in zip(names, side.rows, strict=True):
                for truth, count in zip(names, row, strict=True):
                    cells[given, truth] = cells.get((given, truth), 0) + count
        names = (*labels, UNMATCHED)
        rows = tuple(tuple(cells.get((given, truth), 0) for truth in names) for given in names)
        return Confusion(labels, rows)

    def weighed(self, times: float) -> Confusion:
        """As many times as many, rounded up each.

        :param times: how many times.
        """
        rows = tuple(tuple(ceil(count * times) for count in row) for row in self.rows)
        return Confusion(self.labels, rows)


NOBODY: Final = Confusion((), ((0,),))
"""What is without labels and counts."""
NOTHING: Final = Tally()
"""The counts of what is not there."""


def confusion_of(
    labels: Iterable[str], pairs: Iterable[tuple[str | None, str | None]]
) -> Confusion:
    """Count who was taken for whom.

    :param labels: the names that have a row and a column in any case; others follow them.
    :param pairs: what was given and what the ground truth has; `None` for what has no counterpart.
    """
    pairs = tuple(pairs)
    met = (name for pair in pairs for name in pair if name is not None)
    known = dict.fromkeys(name for name in (*labels, *met) if name != UNMATCHED)
    names = (*known, UNMATCHED)
    places = {name: index for index, name in enumerate(names)}
    rows = [[0] * len(names) for _ in names]
    for given, truth in pairs:
        rows[places[given or UNMATCHED]][places[truth or UNMATCHED]] += 1
    return Confusion(names[:-1], tuple(map(tuple, rows)))


def by_label(confusion: Confusion, metric: Metric) -> tuple[float, ...]:
    """A metric for every label, and at the end for what has no counterpart.

    :param confusion: who was taken for whom.
    :param metric: which one.

    >>> by_label(Confusion(("cat",), ((6, 2), (14, 0))), "recall")
    (0.3, 0.0)
    """
    right = [row[index] for index, row in enumerate(confusion.rows)]
    given = [sum(row) for row in confusion.rows]
    truth = [sum(column) for column in zip(*confusion.rows, strict=True)]
    total = sum(given)
    return tuple(
        _FORMULAS[metric](*counts, total) for counts in zip(right, given, truth, strict=True)
    )


def parted(text: str) -> tuple[Metric, Aggregation]:
    """A metric and how it is aggregated, of CVAT's name of both.

    :param text: such as `mean_recall`; what is not known is taken for accuracy.

    >>> parted("mean_recall"), parted("jaccard_index")
    (('recall', 'mean'), ('jaccard_index', 'micro'))
    """
    for aggregation in AGGREGATIONS:
        for metric in METRICS:
            if text == (metric if aggregation == "micro" else f"{aggregation}_{metric}"):
                return metric, aggregation
    return "accuracy", "micro"


def score(
    tally: Tally, confusion: Confusion, metric: Metric, aggregation: Aggregation = "micro"
) -> float:
    """One number for all labels.

    :param tally: the counts, from which `micro` is computed.
    :param confusion: who was taken for whom, from which the others are.
    :param metric: which one.
    :param aggregation: over all annotations, as the mean of all labels, or that of the worst label.
    """
    if aggregation == "micro":
        return _over_all(tally, metric)
    values = tuple(_of_labels(confusion, metric).values())
    if not values:
        return 0.0
    return min(values) if aggregation == "label" else sum(values) / len(values)


def worst(confusion: Confusion, metric: Metric) -> tuple[str, ...]:
    """The labels that did worst.

    :param confusion: who was taken for whom.
    :param metric: by which metric.
    """
    values = _of_labels(confusion, metric)
    return tuple(name for name, value in values.items() if value == min(values.values()))


def _of_labels(confusion: Confusion, metric: Metric) -> Mapping[str, float]:
    """A metric for every label that occurs on either side."""
    columns = list(zip(*confusion.rows, strict=True))
    values = by_label(confusion, metric)
    return {
        name: values[index]
        for index, name in enumerate(confusion.labels)
        if any(confusion.rows[index]) or any(columns[index])
    }


def _over_all(tally: Tally, metric: Metric) -> float:
    match metric:
        case "accuracy":
            return tally.accuracy
        case "precision":
            return tally.precision
        case "recall":
            return tally.recall
        case "jaccard_index":
            return _share(tally.valid, tally.given + tally.truth - tally.valid)
        case "dice":
            return _share(2 * tally.valid, tally.given + tally.truth)


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


Formula: TypeAlias = Callable[[int, int, int, int], float]

_FORMULAS: Final[Mapping[Metric, Formula]] = {
    "accuracy": lambda right, given, truth, whole: _share(whole - given - truth + 2 * right, whole),
    "precision": lambda right, given, _truth, _whole: _share(right, given),
    "recall": lambda right, _given, truth, _whole: _share(right, truth),
    "jaccard_index": lambda right, given, truth, _whole: _share(right, given + truth - right),
    "dice": lambda right, given, truth, _whole: _share(2 * right, given + truth),
}
"""Of how often a label is right, is given and is true, and of how many annotations there are."""
