"""Scores are what CVAT's formulas make of the counts: those of real reports among them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvatfn.testing.sandbox.measuring.scores import (
    AGGREGATIONS,
    METRICS,
    Aggregation,
    Confusion,
    Metric,
    Tally,
    by_label,
    parted,
    score,
    worst,
)
from tests.fidelity.recorded import FOLDER, NO_RECORDINGS

recorded = pytest.mark.skipif(not FOLDER.is_dir(), reason=NO_RECORDINGS)

THREE = Confusion(("car", "bus"), ((2, 1, 1), (0, 1, 0), (1, 0, 0)))
"""Two cars and a bus are right; a bus was taken for a car, one is missing, one too many."""


@pytest.mark.parametrize(
    ("metric", "micro", "mean", "label"),
    [
        ("accuracy", 1 / 2, 2 / 3, 1 / 2),
        ("precision", 3 / 5, 3 / 4, 1 / 2),
        ("recall", 3 / 5, 7 / 12, 1 / 2),
        ("jaccard_index", 3 / 7, 9 / 20, 2 / 5),
        ("dice", 3 / 5, 13 / 21, 4 / 7),
    ],
)
def test_every_metric_has_three_aggregations(
    metric: Metric, micro: float, mean: float, label: float
) -> None:
    found = [score(THREE.tally, THREE, metric, each) for each in AGGREGATIONS]
    assert found == pytest.approx([micro, mean, label])
    assert set(worst(THREE, metric)) <= {"car", "bus"}


def test_names_of_metrics_say_how_they_are_aggregated() -> None:
    names = [
        (metric if aggregation == "micro" else f"{aggregation}_{metric}", metric, aggregation)
        for metric in METRICS
        for aggregation in AGGREGATIONS
    ]
    assert all(parted(name) == (metric, aggregation) for name, metric, aggregation in names)


@st.composite
def confusions(draw: st.DrawFn) -> Confusion:
    size = draw(st.integers(1, 4))
    row = st.tuples(*[st.integers(0, 5)] * size)
    rows = draw(st.tuples(*[row] * size))
    return Confusion(tuple("abc"[: size - 1]), rows)


@given(confusions(), st.sampled_from(METRICS), st.sampled_from(AGGREGATIONS))
def test_scores_are_shares(confusion: Confusion, metric: Metric, aggregation: Aggregation) -> None:
    # nobody has no counterpart on both sides
    rows = (*confusion.rows[:-1], (*confusion.rows[-1][:-1], 0))
    confusion = Confusion(confusion.labels, rows)
    assert -1 <= min(by_label(confusion, metric)) <= max(by_label(confusion, metric)) <= 1
    assert -1 <= score(confusion.tally, confusion, metric, aggregation) <= 1


@given(confusions(), confusions())
def test_counts_of_a_sum_are_sums_of_counts(one: Confusion, other: Confusion) -> None:
    assert one.plus(other).tally == one.tally.plus(other.tally)
    assert one.weighed(1) == one
    assert one.weighed(2).tally == one.tally.plus(one.tally)


def _reports() -> Iterator[dict[str, Any]]:
    path = FOLDER / "quality.jsonl"
    for line in path.read_text().splitlines() if path.is_file() else ():
        row: dict[str, Any] = json.loads(line)
        body: dict[str, Any] = row["response_body"] or {}
        if row["operation"] == "quality_retrieve_report_data" and "json" in body:
            yield body["json"]


def _annotations(report: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield report["comparison_summary"]["annotations"]
    for frame in report.get("frame_results", {}).values():
        yield frame["annotations"]


def _tally(counts: dict[str, Any]) -> Tally:
    names = ("valid", "missing", "extra", "total", "ds", "gt")
    return Tally(*(counts[f"{name}_count"] for name in names))


@recorded
def test_counts_and_scores_of_real_reports_follow_from_their_matrices() -> None:
    seen = 0
    for report in _reports():
        for held in _annotations(report):
            kept = held["confusion_matrix"]
            if kept is None:
                continue
            confusion = Confusion(tuple(kept["labels"][:-1]), tuple(map(tuple, kept["rows"])))
            tally = confusion.tally
            assert tally == _tally(held)
            assert [tally.accuracy, tally.precision, tally.recall] == pytest.approx(
                [held["accuracy"], held["precision"], held["recall"]]
            )
            if kept["jaccard_index"] is not None:  # else by the formulas of an older release
                for metric in ("accuracy", "precision", "recall", "jaccard_index"):
                    assert by_label(confusion, metric) == pytest.approx(kept[metric])
            seen += 1
    assert seen > 50


@recorded
def test_real_reports_are_the_sums_of_their_frames() -> None:
    seen = 0
    for report in _reports():
        frames = report.get("frame_results")
        if frames is None:
            continue
        summary = report["comparison_summary"]
        whole = Tally()
        for frame in frames.values():
            whole = whole.plus(_tally(frame["annotations"]))
        assert whole == _tally(summary["annotations"])
        assert summary["conflict_count"] == sum(each["conflict_count"] for each in frames.values())
        shape = summary["annotation_components"]["shape"]
        if summary["jobs"] is None:
            means = [each["annotation_components"]["shape"]["mean_iou"] for each in frames.values()]
            assert shape["mean_iou"] == pytest.approx(sum(means) / len(means))
        else:
            assert shape["mean_iou"] == 0
        assert summary["frame_share"] == summary["frame_count"] / summary["total_frames"]
        shown = summary["conflict_count"] / summary["frame_count"]
        assert summary["mean_conflict_count"] == pytest.approx(shown)
        seen += 1
    assert seen > 10


@recorded
def test_real_projects_are_tasks_weighed_by_what_of_them_was_validated() -> None:
    """Project 17: of one task 2 frames in 4 were validated, of the other one 4 in 8."""
    one, other = Tally(1, 3, 0, 4, 1, 4), Tally(2, 4, 1, 7, 3, 6)
    (project,) = [report for report in _reports() if report["id"] == 18]
    counts = project["comparison_summary"]["annotations"]
    assert one.weighed(4 / 2).plus(other.weighed(8 / 4)) == _tally(counts)
