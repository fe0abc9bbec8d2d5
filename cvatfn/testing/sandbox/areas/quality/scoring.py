"""Whether requirements are met: scores against thresholds.

Rule: a requirement that found nothing to compare has no score, and is met. The flat settings have
one target, which is met or not.
"""

from __future__ import annotations

from collections.abc import Iterator

from cvatfn import models
from cvatfn.testing.sandbox.areas.quality.checking import COMPUTED
from cvatfn.testing.sandbox.measuring.scores import parted, score
from cvatfn.testing.sandbox.state.quality import Checked, Comparison, QualitySettings

__all__ = ["components", "meets", "score_of", "standings"]


def score_of(check: Checked) -> float | None:
    """The score of a requirement; `None` where there was nothing to compare.

    :param check: what the comparison came to.
    """
    if check.requirement is None or check.calculation != COMPUTED:
        return None
    return score(check.total.tally, check.total.confusion, *parted(_metric(check).value))


def components(check: Checked) -> models.QualityReportScoreComponents:
    """What a score is made of.

    :param check: what the comparison came to.
    """
    tally = check.total.tally
    return models.QualityReportScoreComponents(
        valid_count=tally.valid, missing_count=tally.missing, extra_count=tally.extra
    )


def meets(comparison: Comparison) -> bool:
    """Whether all enabled requirements are met.

    :param comparison: the contents of a report.
    """
    return all(_is_met(comparison.settings, check) for check in comparison.checks)


def standings(comparison: Comparison) -> models.QualityReportRequirementsSummary:
    """How the requirements fared.

    :param comparison: the contents of a report.
    """
    enabled = [check for check in comparison.checks if check.requirement is not None]
    return models.QualityReportRequirementsSummary(
        total=comparison.requirements,
        enabled=len(enabled),
        completed=sum(_is_met(comparison.settings, check) for check in enabled),
        not_computed=sum(check.calculation != COMPUTED for check in enabled),
        items=tuple(_items(enabled)),
    )


def _items(checks: list[Checked]) -> Iterator[models.QualityReportRequirementSummaryItem]:
    for check in checks:
        if check.requirement is not None:
            yield models.QualityReportRequirementSummaryItem(
                requirement_id=check.requirement.id,
                name=check.requirement.name,
                metric=_metric(check),
                score=score_of(check),
                score_components=components(check),
                calculation=check.calculation,
                threshold=_threshold(check),
            )


def _is_met(settings: QualitySettings, check: Checked) -> bool:
    if check.requirement is None:
        wanted = parted(settings.flat.target_metric.value)
        reached = score(check.total.tally, check.total.confusion, *wanted)
        return reached >= settings.flat.target_metric_threshold
    found = score_of(check)
    return found is None or found >= _threshold(check)


def _metric(check: Checked) -> models.QualityTargetMetric:
    metric = None if check.requirement is None else check.requirement.values.metric
    return metric or models.QualityTargetMetric.ACCURACY


def _threshold(check: Checked) -> float:
    score = None if check.requirement is None else check.requirement.values.required_score
    return score or 0.0
