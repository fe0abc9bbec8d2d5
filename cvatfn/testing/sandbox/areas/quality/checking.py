"""One job, compared with the ground truth, by every enabled requirement.

Rule: settings of which no requirement is enabled are as releases up to 2.73 knew them: everything
is compared at once, by their flat values. Otherwise every enabled requirement compares its own kind
of annotation, and the report is the sum of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from attrs import evolve, frozen

from cvatfn import models
from cvatfn.testing.sandbox.areas.quality.choosing import chooser
from cvatfn.testing.sandbox.areas.quality.flat import flat_measures
from cvatfn.testing.sandbox.areas.quality.looking import (
    catalogue_of,
    frames_of,
    seen_on,
    size_of,
)
from cvatfn.testing.sandbox.areas.quality.standing import chain_of, effective, requirements_in
from cvatfn.testing.sandbox.measuring.annotations import Annotation
from cvatfn.testing.sandbox.measuring.attributes import IGNORED, AttributeRule, AttributeRules
from cvatfn.testing.sandbox.measuring.comparing import Sides, sides_of
from cvatfn.testing.sandbox.measuring.measures import Measures
from cvatfn.testing.sandbox.measuring.results import Catalogue, Result, result_of, summed
from cvatfn.testing.sandbox.state.annotated import Job
from cvatfn.testing.sandbox.state.quality import (
    BASE,
    Checked,
    Comparison,
    QualitySettings,
    Requirement,
    Values,
)
from cvatfn.testing.sandbox.state.world import World

__all__ = [
    "COMPUTED",
    "NOTHING_THERE",
    "Check",
    "checks_of",
    "compared_job",
    "foremost",
    "unchecked",
]

Calculation: TypeAlias = models.QualityReportRequirementCalculation
Status: TypeAlias = models.QualityReportRequirementCalculationStatusEnum

COMPUTED: Final = Calculation(status=Status.COMPUTED)
"""There was something to compare."""
NOTHING_THERE: Final = Calculation(
    status=Status.NOT_COMPUTED, reason=models.ReasonEnum.NO_ANNOTATIONS
)
"""There was nothing."""
REASONS: Final = (
    models.ReasonEnum.NO_ANNOTATIONS,
    models.ReasonEnum.FILTER_NO_MATCHES,
    models.ReasonEnum.REQUIRED_ATTRIBUTES_MISSING,
)
"""Why there was nothing to compare; of several, the last one is told."""


@frozen(kw_only=True)
class Check:
    """One comparison that settings ask for.

    :param requirement: what asks for it, with nothing left open; `None` for the flat settings.
    :param is_chosen: which annotations it looks at, of its kind.
    """

    requirement: Requirement | None
    measures: Measures
    catalogue: Catalogue
    is_chosen: Callable[[Annotation], bool]
    empty_is_annotated: bool = False


def checks_of(world: World, settings: QualitySettings, task: int) -> tuple[Check, ...]:
    """The comparisons that settings ask for.

    :param settings: the settings.
    :param task: the id of the task that is to be judged.
    """
    enabled = [each for each in requirements_in(world, settings.id) if each.enabled]
    if enabled:
        return tuple(_check(world, requirement, task) for requirement in enabled)
    catalogue = catalogue_of(world, world.tasks[task])
    return (
        Check(
            requirement=None,
            measures=flat_measures(settings.flat),
            catalogue=catalogue,
            is_chosen=lambda _: True,
            empty_is_annotated=settings.flat.empty_is_annotated,
        ),
    )


def unchecked(world: World, settings: QualitySettings) -> tuple[Checked, ...]:
    """What comparisons come to where there is nothing to compare.

    :param settings: what asks for them.
    """
    enabled = [each for each in requirements_in(world, settings.id) if each.enabled]
    if not enabled:
        return (Checked(requirement=None, calculation=COMPUTED),)
    return tuple(
        Checked(requirement=evolve(each, values=effective(world, each)), calculation=NOTHING_THERE)
        for each in enabled
    )


def compared_job(
    world: World, settings: QualitySettings, checks: Sequence[Check], truth: Job, job: Job
) -> Comparison:
    """Compare a job with the ground truth.

    :param settings: what it is judged by.
    :param checks: the comparisons that these ask for.
    :param truth: the job of the ground truth.
    :param job: the job.
    """
    own = frames_of(world, job)
    frames = sorted(own & frames_of(world, truth))
    there, here = seen_on(truth, frames), seen_on(job, frames)
    return Comparison(
        settings=settings,
        frames=tuple(frames),
        frame_count=len(frames),
        total_frames=len(own),
        checks=tuple(_checked(world, check, job, there, here) for check in checks),
        requirements=len(requirements_in(world, settings.id)),
    )


def foremost(one: Calculation, other: Calculation) -> Calculation:
    """Of two reasons, that which says more; that there was something says most.

    :param one: of some frames.
    :param other: of others.
    """
    return max(one, other, key=_rank)


def _rank(calculation: Calculation) -> int:
    if calculation.status is Status.COMPUTED:
        return len(REASONS)
    return next((place for place, why in enumerate(REASONS) if why is calculation.reason), -1)


def _check(world: World, requirement: Requirement, task: int) -> Check:
    values = effective(world, requirement)
    kind = values.annotation_type or models.AnnotationTypeEnum.TAG
    catalogue = catalogue_of(world, world.tasks[task], kind)
    filters = [each.filter for each in chain_of(world, requirement)]
    return Check(
        requirement=evolve(requirement, values=values),
        measures=_measures(kind, values),
        catalogue=catalogue,
        is_chosen=chooser(filters, catalogue),
    )


def _measures(kind: models.AnnotationTypeEnum, values: Values) -> Measures:
    """By what a requirement compares; values that are left open are those of a base requirement."""
    whole: dict[str, Any] = {  # Any: the values of each name are of their own type
        name: getattr(BASE if getattr(values, name) is None else values, name) for name in _SAME
    }
    rules = _rules(values.attribute_comparison)
    return Measures(kinds=frozenset([kind]), attributes=rules, strict=True, **whole)


_SAME: Final = (
    "iou_threshold",
    "point_size",
    "point_size_base",
    "line_thickness",
    "match_orientation",
    "line_orientation_threshold",
    "match_groups",
    "group_match_threshold",
    "check_covered_annotations",
    "object_visibility_threshold",
    "panoptic_comparison",
)
"""What requirements and measures call by the same names."""


def _rules(comparison: models.AttributeComparison | None) -> AttributeRules:
    if comparison is None:
        return IGNORED
    default = IGNORED.default
    if comparison.default:
        default = _rule(comparison.default, default)
    return AttributeRules(
        default, tuple((rule.spec_id, _rule(rule, default)) for rule in comparison.rules or ())
    )


def _rule(
    sent: models.AttributeComparisonDefaultRule | models.AttributeComparisonRule,
    default: AttributeRule,
) -> AttributeRule:
    texts = sent.comparator is models.ComparatorEnum.LEVENSHTEIN
    return AttributeRule(
        enabled=sent.enabled if isinstance(sent.enabled, bool) else default.enabled,
        comparator=("levenshtein" if texts else "exact") if sent.comparator else default.comparator,
        threshold=(
            sent.threshold if isinstance(sent.threshold, int | float) else default.threshold
        ),
    )


def _checked(
    world: World,
    check: Check,
    job: Job,
    there: Mapping[int, tuple[Annotation, ...]],
    here: Mapping[int, tuple[Annotation, ...]],
) -> Checked:
    results: list[tuple[int, Result]] = []
    calculation = NOTHING_THERE if check.requirement is not None else COMPUTED
    for frame, truth in there.items():
        sides = sides_of(truth, here[frame], check.measures)
        chosen = Sides(
            tuple(filter(check.is_chosen, sides.truth)), tuple(filter(check.is_chosen, sides.given))
        )
        result = result_of(
            frame,
            chosen,
            size_of(world.tasks[job.task], frame),
            check.measures,
            check.catalogue,
            empty_is_annotated=check.empty_is_annotated,
        )
        results.append((frame, result))
        calculation = foremost(calculation, _calculation(sides, chosen, check.measures))
    return Checked(
        requirement=check.requirement,
        frames=tuple(results),
        total=summed(result for _, result in results),
        calculation=calculation,
    )


def _calculation(sides: Sides, chosen: Sides, measures: Measures) -> Calculation:
    """Whether there was something to compare on a frame."""
    if not sides.truth and not sides.given:
        return NOTHING_THERE
    if not chosen.truth and not chosen.given:
        return Calculation(status=Status.NOT_COMPUTED, reason=models.ReasonEnum.FILTER_NO_MATCHES)
    required = measures.attributes.required
    for side in (chosen.truth, chosen.given):
        had = {value.spec_id for each in side for value in each.attributes}
        if side and required - had:
            why = models.ReasonEnum.REQUIRED_ATTRIBUTES_MISSING
            return Calculation(status=Status.NOT_COMPUTED, reason=why)
    return COMPUTED
