"""Confusion matrices, as JSON and as tables.

Rule: what has nothing to divide by is 0 in JSON. In a table it is `nan` where a label was never
given, as CVAT's own tables have it, and a mean leaves it out.
"""

from __future__ import annotations

import csv
from io import StringIO
from math import nan

from cvatfn import models
from cvatfn.codecs.json import unstructure
from cvatfn.testing.sandbox.areas.quality.checking import COMPUTED
from cvatfn.testing.sandbox.measuring.scores import (
    AGGREGATIONS,
    METRICS,
    UNMATCHED,
    Confusion,
    by_label,
    parted,
    score,
    worst,
)
from cvatfn.testing.sandbox.state.quality import Checked

__all__ = ["labels_of", "matrix", "summed_up", "table"]


def labels_of(confusion: Confusion) -> list[str]:
    """The names of all rows and columns.

    :param confusion: who was taken for whom.
    """
    return [*confusion.labels, UNMATCHED]


def matrix(confusion: Confusion) -> dict[str, object]:
    """A confusion matrix with the metrics of every label.

    :param confusion: who was taken for whom.
    """
    return {
        "labels": labels_of(confusion),
        "rows": [list(row) for row in confusion.rows],
        "axes": {"cols": "gt", "rows": "ds"},
        **{metric: list(by_label(confusion, metric)) for metric in METRICS},
    }


def summed_up(check: Checked) -> dict[str, object]:
    """The metric of a requirement in all its aggregations, and who did worst.

    :param check: what the comparison came to.
    """
    wanted = None if check.requirement is None else check.requirement.values.metric
    metric, aggregation = parted(wanted.value if wanted else "accuracy")
    tally, confusion = check.total.tally, check.total.confusion
    computed = check.calculation == COMPUTED
    values = {
        each: score(tally, confusion, metric, each) if computed else None for each in AGGREGATIONS
    }
    return unstructure(
        models.QualityReportTargetMetricSummary(
            metric=models.QualityReportTargetMetricSummaryMetricEnum(metric),
            aggregation=models.AggregationEnum(aggregation),
            values=models.QualityReportTargetMetricValues(**values),
            worst_labels=worst(confusion, metric) if computed else (),
        )
    )


def table(confusion: Confusion) -> str:
    """A confusion matrix as a table (RFC 4180), with metrics at its sides.

    :param confusion: who was taken for whom.
    """
    given = [any(row) for row in confusion.rows[:-1]]
    dice = [
        value if known else nan
        for value, known in zip(by_label(confusion, "dice")[:-1], given, strict=True)
    ]
    counted = [value for value, known in zip(dice, given, strict=True) if known]
    written = StringIO(newline="")
    writer = csv.writer(written)
    names = labels_of(confusion)
    writer.writerow(["DS (row) \\ GT (col) label", *names, "precision"])
    precisions = by_label(confusion, "precision")
    for name, row, precision in zip(names, confusion.rows, precisions, strict=True):
        writer.writerow([name, *row, precision])
    writer.writerow(["recall", *by_label(confusion, "recall")])
    writer.writerow(["dice coefficient", *dice, nan])
    writer.writerow(["jaccard index", *by_label(confusion, "jaccard_index")[:-1], nan])
    writer.writerow([""])
    writer.writerow(["avg. accuracy (micro)", confusion.tally.accuracy])
    mean = sum(counted) / len(counted) if counted else nan
    writer.writerow(["avg. dice coefficient (macro)", mean])
    return written.getvalue()
