"""Settings in the form of releases up to 2.73: one set of values for everything.

Rule: an answer has the fields of both generations, because the real answers that are known are of
the older one, and whoever reads the newer one passes over what it does not know. A change in the
older form changes what the newer form has no word for, and nothing else.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

from attrs import evolve, frozen
from msgspec import Meta

from cvatfn import models
from cvatfn.codecs.building import members
from cvatfn.codecs.enums import OpenEnum
from cvatfn.codecs.json import loads, structure, unstructure
from cvatfn.codecs.problems import Problem, at_key
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.messages import Request
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.gates.replies import Refusal, wrong_fields
from cvatfn.testing.sandbox.measuring.attributes import ALL_EXACTLY, IGNORED
from cvatfn.testing.sandbox.measuring.measures import Measures
from cvatfn.testing.sandbox.state.quality import FlatSettings, QualitySettings

__all__ = ["flat_fields", "flat_measures", "flat_parameters", "with_flat"]

Share: TypeAlias = Annotated[float, Meta(ge=0, le=1)]

TYPES = ("bbox", "points", "mask", "polygon", "polyline", "skeleton", "label", "ellipse")
"""What is compared, by the names that reports have for it."""


@frozen(kw_only=True)
class FlatRequest:
    """Sent to change settings in the older form: only what is given is changed."""

    target_metric: models.QualityTargetMetric | Unset = UNSET
    target_metric_threshold: Share | Unset = UNSET
    iou_threshold: Share | Unset = UNSET
    oks_sigma: Share | Unset = UNSET
    point_size_base: models.QualityPointSizeBase | Unset = UNSET
    line_thickness: Share | Unset = UNSET
    low_overlap_threshold: Share | Unset = UNSET
    compare_line_orientation: bool | Unset = UNSET
    line_orientation_threshold: Share | Unset = UNSET
    compare_groups: bool | Unset = UNSET
    group_match_threshold: Share | Unset = UNSET
    check_covered_annotations: bool | Unset = UNSET
    object_visibility_threshold: Share | Unset = UNSET
    panoptic_comparison: bool | Unset = UNSET
    compare_attributes: bool | Unset = UNSET
    empty_is_annotated: bool | Unset = UNSET


def with_flat(settings: QualitySettings, request: Request) -> Outcome[QualitySettings, Refusal]:
    """Settings after a request in the older form.

    :param settings: before.
    :param request: the request; its body was seen to be JSON.
    """
    if not isinstance(request.body, bytes) or not request.body:
        return Success(settings)
    match loads(FlatRequest, request.body):
        case Failure(error):
            return wrong_fields(error.problems)
        case Success(sent):
            pass
    unknown = [
        Problem(at_key("$", name), f'"{value.value}" is not a valid choice.')
        for name, value in members(sent)
        if isinstance(value, OpenEnum) and not value.is_known
    ]
    if unknown:
        return wrong_fields(unknown)
    changed = structure(FlatSettings, {**unstructure(settings.flat), **unstructure(sent)})
    return Success(evolve(settings, flat=changed.unwrap()))


def flat_fields(flat: FlatSettings) -> dict[str, object]:
    """Settings as answers show them in the older form.

    :param flat: the settings.
    """
    return unstructure(flat)


def flat_parameters(settings: QualitySettings, *, inherited: bool) -> dict[str, object]:
    """Settings as a report shows what it was computed by.

    :param settings: the settings.
    :param inherited: whether they are those of a task's project.
    """
    shown = unstructure(settings.flat)
    del shown["target_metric"], shown["target_metric_threshold"]
    return {
        "included_annotation_types": list(TYPES),
        "ignored_attributes": [],
        **shown,
        "inherited": inherited,
        "job_filter": settings.job_filter,
    }


def flat_measures(flat: FlatSettings) -> Measures:
    """By what everything is compared at once.

    :param flat: the settings.
    """
    return Measures(
        iou_threshold=flat.iou_threshold,
        low_overlap_threshold=flat.low_overlap_threshold,
        point_size=flat.oks_sigma,
        point_size_base=flat.point_size_base,
        line_thickness=flat.line_thickness,
        match_orientation=flat.compare_line_orientation,
        line_orientation_threshold=flat.line_orientation_threshold,
        match_groups=flat.compare_groups,
        group_match_threshold=flat.group_match_threshold,
        check_covered_annotations=flat.check_covered_annotations,
        object_visibility_threshold=flat.object_visibility_threshold,
        panoptic_comparison=flat.panoptic_comparison,
        attributes=ALL_EXACTLY if flat.compare_attributes else IGNORED,
    )
