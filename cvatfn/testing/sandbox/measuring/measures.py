"""By what annotations are compared.

Rule: the defaults are CVAT's own.
"""

from __future__ import annotations

from typing import Final

from attrs import frozen

from cvatfn import models
from cvatfn.testing.sandbox.measuring.attributes import ALL_EXACTLY, AttributeRules

__all__ = ["AT_ONCE", "Measures"]

AT_ONCE: Final = frozenset(models.AnnotationTypeEnum) - {
    models.AnnotationTypeEnum.SKELETON_KEYPOINT
}
"""All that can be compared at the same time: elements of skeletons go with their skeletons."""


@frozen(kw_only=True)
class Measures:
    """By what annotations are compared.

    :param kinds: which annotations are looked at.
    :param iou_threshold: how alike two annotations have to be to be the same.
    :param low_overlap_threshold: below which likeness a pair is told of.
    :param point_size: how large points are, as a share of the side of their object.
    :param point_size_base: what their object is.
    :param line_thickness: how far apart lines may run, as a share of the image's side.
    :param match_orientation: whether lines have a direction.
    :param line_orientation_threshold: how much more alike they are when one is turned round.
    :param match_groups: whether groups are compared.
    :param group_match_threshold: the share of members that groups have in common to be the same.
    :param check_covered_annotations: whether it is told what lies under something else.
    :param object_visibility_threshold: the share that is to be seen of what is not covered.
    :param panoptic_comparison: whether only what is to be seen of polygons and masks counts.
    :param attributes: how attributes are compared.
    :param strict: whether what differs in attributes or direction is not the same, and labels come
        before likeness, as releases from 2.74 on have it; before, differences were told of.
    """

    kinds: frozenset[models.AnnotationTypeEnum] = AT_ONCE
    iou_threshold: float = 0.4
    low_overlap_threshold: float = 0.8
    point_size: float = 0.09
    point_size_base: models.QualityPointSizeBase = models.QualityPointSizeBase.GROUP_BBOX_SIZE
    line_thickness: float = 0.01
    match_orientation: bool = True
    line_orientation_threshold: float = 0.1
    match_groups: bool = True
    group_match_threshold: float = 0.5
    check_covered_annotations: bool = True
    object_visibility_threshold: float = 0.05
    panoptic_comparison: bool = True
    attributes: AttributeRules = ALL_EXACTLY
    strict: bool = False
