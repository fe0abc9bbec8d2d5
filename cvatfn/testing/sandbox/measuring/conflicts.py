"""What is wrong on a frame that was compared, told one by one.

Rule: a conflict names annotations that are there, that of the ground truth last. They come in
CVAT's order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from attrs import frozen

from cvatfn import models
from cvatfn.testing.sandbox.measuring.annotations import Annotation, grouped
from cvatfn.testing.sandbox.measuring.assigning import paired
from cvatfn.testing.sandbox.measuring.attributes import differing
from cvatfn.testing.sandbox.measuring.comparing import Matching, Pair, Sides, turned_round
from cvatfn.testing.sandbox.measuring.likeness import AREAS, regions
from cvatfn.testing.sandbox.measuring.measures import Measures
from cvatfn.testing.sandbox.measuring.regions import weight

__all__ = ["LOW_OVERLAP", "WARNING", "Conflict", "conflicts_of"]

Type: TypeAlias = models.AnnotationConflictType
Told: TypeAlias = tuple[Type, tuple[Annotation, ...]]

LOW_OVERLAP: Final = Type("low_overlap")
"""What releases up to 2.73 told of pairs that are not very alike."""
WARNING: Final = models.AnnotationConflictSeverity("warning")
"""How releases up to 2.73 told of what does not count."""
GRAVE: Final = (Type.MISSING_ANNOTATION, Type.EXTRA_ANNOTATION, Type.MISMATCHING_LABEL)


@frozen
class Conflict:
    """One thing that is wrong.

    :param frame: the number of the frame.
    :param attribute_names: the attributes in which two annotations differ.
    :param strict: whether everything that is told is grave.
    """

    frame: int
    type: models.AnnotationConflictType
    annotation_ids: tuple[models.AnnotationId, ...]
    attribute_names: tuple[str, ...] = ()
    strict: bool = False

    @property
    def severity(self) -> models.AnnotationConflictSeverity:
        """How grave it is."""
        grave = self.strict or self.type in GRAVE
        return models.AnnotationConflictSeverity.ERROR if grave else WARNING


def conflicts_of(
    frame: int,
    sides: Sides,
    matching: Matching,
    size: tuple[int, int],
    measures: Measures,
    names: Mapping[int, str],
) -> tuple[Conflict, ...]:
    """What is wrong on a frame.

    :param frame: its number.
    :param sides: what was compared.
    :param matching: what came of it.
    :param size: the width and the height of the image.
    :param measures: by what it was compared.
    :param names: the names of attributes by their ids.
    """
    found = [
        *_unalike(matching, measures),
        *((Type.MISSING_ANNOTATION, (each,)) for each in matching.missing),
        *((Type.EXTRA_ANNOTATION, (each,)) for each in matching.extra),
        *(_told(Type.MISMATCHING_LABEL, pair) for pair in matching.mismatches),
        *(
            _told(Type.MISMATCHING_DIRECTION, pair)
            for pair in matching.pairs
            if turned_round(pair.truth, pair.given, size, measures)
        ),
        *((Type.COVERED_ANNOTATION, (each,)) for each in _covered(sides.given, measures)),
    ]
    differences = [
        (_told(Type.MISMATCHING_ATTRIBUTES, pair), specs)
        for pair in matching.matches
        if pair.truth.shape is not None
        and (specs := differing(pair.truth, pair.given, measures.attributes))
    ]
    regrouped = [
        _told(Type.MISMATCHING_GROUPS, pair) for pair in _regrouped(sides, matching, measures)
    ]
    told = (*((each, ()) for each in found), *differences, *((each, ()) for each in regrouped))
    return tuple(
        Conflict(
            frame,
            type,
            tuple(_id(annotation) for annotation in annotations),
            tuple(sorted(names.get(spec, str(spec)) for spec in specs)),
            measures.strict,
        )
        for (type, annotations), specs in told
    )


def _id(annotation: Annotation) -> models.AnnotationId:
    return models.AnnotationId(
        obj_id=annotation.id,
        job_id=annotation.job,
        type=annotation.type,
        shape_type=annotation.shape,
    )


def _told(type: models.AnnotationConflictType, pair: Pair) -> Told:
    return type, (pair.given, pair.truth)


def _unalike(matching: Matching, measures: Measures) -> Iterator[Told]:
    """Pairs that are not very alike; what is strict has no word for them."""
    for pair in matching.pairs:
        low = 0 < pair.likeness < measures.low_overlap_threshold
        if low and pair.truth.shape is not None and not measures.strict:
            yield _told(LOW_OVERLAP, pair)


def _covered(given: Sequence[Annotation], measures: Measures) -> Iterator[Annotation]:
    """What lies under something else, but for a share that is too small to be seen."""
    if not measures.check_covered_annotations:
        return
    layers = sorted((each for each in given if each.shape in AREAS), key=lambda each: each.z_order)
    region = regions(layers)
    above = 0
    covered: list[Annotation] = []
    for annotation in reversed(layers):
        own = region(annotation)
        if own & above and weight(own & ~above) < measures.object_visibility_threshold * weight(
            own
        ):
            covered.append(annotation)
        above |= own
    yield from reversed(covered)


def _regrouped(sides: Sides, matching: Matching, measures: Measures) -> Iterator[Pair]:
    """Pairs whose groups do not answer to each other."""
    if not measures.match_groups:
        return
    pairs = [pair for pair in matching.pairs if pair.truth.shape is not None]
    truth_of = _groups(sides.truth)
    given_of = _groups(sides.given)
    goes_with = {pair.truth: pair.given for pair in pairs}

    def common(truth: tuple[Annotation, ...], given: tuple[Annotation, ...]) -> float:
        shared = sum(1 for each in truth if goes_with.get(each) in given)
        return shared / (len(truth) + len(given) - shared)

    found = paired(
        tuple(dict.fromkeys(truth_of.values())),
        tuple(dict.fromkeys(given_of.values())),
        common,
        lambda _truth, _given: True,
        measures.group_match_threshold,
    )
    answers = {given: truth for truth, given in found.matches}
    for pair in pairs:
        truth, given = truth_of[pair.truth], given_of[pair.given]
        alone = len(truth) == 1 and len(given) != 1
        if alone or answers.get(given) != truth:
            yield pair


def _groups(side: Sequence[Annotation]) -> Mapping[Annotation, tuple[Annotation, ...]]:
    shapes = [each for each in side if each.shape is not None]
    return {each: group for group in grouped(shapes) for each in group}
