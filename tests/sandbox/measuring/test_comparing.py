"""What is true of every comparison, whatever is compared."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from cvatfn import models
from cvatfn.testing.sandbox.measuring.annotations import Annotation
from cvatfn.testing.sandbox.measuring.attributes import AttributeRule, AttributeRules, differing
from cvatfn.testing.sandbox.measuring.comparing import compared, sides_of
from cvatfn.testing.sandbox.measuring.conflicts import WARNING
from cvatfn.testing.sandbox.measuring.measures import Measures
from cvatfn.testing.sandbox.measuring.results import Result, result_of, summed
from tests.sandbox.measuring.drawings import (
    DOG,
    NAMES,
    SIZE,
    Shape,
    frames,
    shape,
    skeleton,
    tag,
)

Type = models.AnnotationConflictType
AT_DEFAULTS = Measures()
STRICT = Measures(strict=True, check_covered_annotations=False)
measures = st.sampled_from([Measures(), STRICT, Measures(panoptic_comparison=False)])


def _result(
    truth: Sequence[Annotation], given: Sequence[Annotation], by: Measures = AT_DEFAULTS
) -> Result:
    return result_of(3, sides_of(truth, given, by), SIZE, by, NAMES)


def _types(result: Result) -> list[str]:
    return [conflict.type.value for conflict in result.conflicts]


def _elsewhere(side: Sequence[Annotation]) -> tuple[Annotation, ...]:
    """The same annotations in another job, with other ids."""
    return tuple(evolve(each, job=2, id=each.id + 100) for each in side)


SEGMENTS = (Shape.POLYGON, Shape.MASK)


def _at_one(side: Sequence[Annotation]) -> tuple[Annotation, ...]:
    """Parts of one thing with the same attributes.

    What a group makes one thing is compared each part with each of the other's; so where its parts
    differ, it differs from itself.
    """
    first: dict[object, tuple[models.AttributeVal, ...]] = {}
    return tuple(
        evolve(each, attributes=first.setdefault((each.group, each.label), each.attributes))
        if each.group and each.shape in SEGMENTS
        else each
        for each in side
    )


@given(frames().map(_at_one), measures)
def test_what_is_compared_with_itself_is_right(side: tuple[Annotation, ...], by: Measures) -> None:
    result = _result(side, _elsewhere(side), by)
    assert result.tally.accuracy == (1.0 if side else 0.0)
    assert result.tally.valid == result.tally.total == result.tally.given == result.tally.truth
    assert set(_types(result)) <= {"covered_annotation"}


@given(frames(), frames(), measures, st.randoms(use_true_random=False))
def test_the_order_of_annotations_says_nothing(
    truth: tuple[Annotation, ...],
    given: tuple[Annotation, ...],
    by: Measures,
    random: Random,
) -> None:
    given = _elsewhere(given)
    mixed, others = list(truth), list(given)
    random.shuffle(mixed)
    random.shuffle(others)
    assert _result(mixed, others, by) == _result(truth, given, by)


@given(frames(), frames(), measures)
def test_every_annotation_is_found_missing_or_taken_for_another(
    truth: tuple[Annotation, ...], given: tuple[Annotation, ...], by: Measures
) -> None:
    matching = compared(sides_of(truth, _elsewhere(given), by), SIZE, by)
    assert {pair.truth for pair in matching.pairs} | {*matching.missing} == {*truth}
    assert {pair.given for pair in matching.pairs} | {*matching.extra} == {*_elsewhere(given)}
    assert not {pair.truth for pair in matching.pairs} & {*matching.missing}


@given(frames(), frames(), measures)
def test_the_sums_of_the_confusion_matrix_are_the_counts(
    truth: tuple[Annotation, ...], given: tuple[Annotation, ...], by: Measures
) -> None:
    result = _result(truth, _elsewhere(given), by)
    tally, rows = result.tally, result.confusion.rows
    mismatched = tally.total - tally.valid - tally.missing - tally.extra
    assert tally.truth == tally.valid + tally.missing + mismatched
    assert tally.given == tally.valid + tally.extra + mismatched
    assert tally.total == sum(map(sum, rows))
    assert tally.missing == _types(result).count("missing_annotation")
    assert tally.extra == _types(result).count("extra_annotation")
    assert mismatched == _types(result).count("mismatching_label")
    assert 0 <= tally.accuracy <= min(tally.precision, tally.recall) or not tally.valid
    assert 0 <= result.mean_iou <= 1


@given(frames(), frames(), measures)
def test_conflicts_name_annotations_that_are_there(
    truth: tuple[Annotation, ...], given: tuple[Annotation, ...], by: Measures
) -> None:
    given = _elsewhere(given)
    there = {(each.job, each.id, each.type, each.shape) for each in (*truth, *given)}
    for conflict in _result(truth, given, by).conflicts:
        named = [
            (each.job_id, each.obj_id, each.type, each.shape_type)
            for each in conflict.annotation_ids
        ]
        assert named
        assert {*named} <= there
        assert conflict.frame == 3


@given(st.lists(st.tuples(frames(), frames()), max_size=3))
def test_sums_do_not_depend_on_how_they_are_made(
    sides: list[tuple[tuple[Annotation, ...], tuple[Annotation, ...]]],
) -> None:
    results = [_result(truth, _elsewhere(given)) for truth, given in sides]
    whole = summed(results)
    assert whole.tally == whole.confusion.tally
    assert whole.looks == len(results)
    backwards = summed(reversed(results))
    assert backwards.tally == whole.tally
    assert {*backwards.conflicts} == {*whole.conflicts}


def test_a_label_that_differs_is_told_with_both_annotations() -> None:
    truth = shape(1, Shape.RECTANGLE, 0, 0, 10, 10)
    given = shape(2, Shape.RECTANGLE, 0, 0, 10, 10, label=DOG, job=2)
    (conflict,) = _result([truth], [given]).conflicts
    assert conflict.type is Type.MISMATCHING_LABEL
    assert [each.obj_id for each in conflict.annotation_ids] == [2, 1]


def test_labels_come_before_likeness_where_that_is_strict() -> None:
    truth = shape(1, Shape.RECTANGLE, 0, 0, 10, 10)
    near = shape(2, Shape.RECTANGLE, 0, 0, 10, 10, label=DOG, job=2)
    same = shape(3, Shape.RECTANGLE, 0, 0, 10, 7, job=2)
    assert _types(_result([truth], [near, same])) == ["extra_annotation", "mismatching_label"]
    assert _types(_result([truth], [near, same], STRICT)) == ["extra_annotation"]


def test_differences_are_told_of_or_keep_two_from_being_the_same() -> None:
    truth = shape(1, Shape.RECTANGLE, 0, 0, 10, 10, colour="red")
    given = shape(2, Shape.RECTANGLE, 0, 0, 10, 10, colour="blue", job=2)
    (conflict,) = _result([truth], [given]).conflicts
    assert conflict.type is Type.MISMATCHING_ATTRIBUTES
    assert conflict.attribute_names == ("colour",)
    assert conflict.severity is WARNING
    assert _types(_result([truth], [given], STRICT)) == ["missing_annotation", "extra_annotation"]


def test_a_line_the_other_way_round_is_told_of() -> None:
    truth = shape(1, Shape.POLYLINE, 0, 0, 30, 0, 60, 10)
    given = shape(2, Shape.POLYLINE, 60, 10, 30, 0, 0, 0, job=2)
    assert _types(_result([truth], [given])) == ["mismatching_direction"]
    assert not _types(_result([truth], [given], Measures(match_orientation=False)))
    assert _types(_result([truth], [given], STRICT)) == ["missing_annotation", "extra_annotation"]


def test_groups_that_do_not_answer_to_each_other_are_told_of() -> None:
    truth = [shape(n, Shape.RECTANGLE, 20 * n, 0, 20 * n + 9, 9, group=1) for n in range(3)]
    apart = [evolve(each, job=2, id=each.id + 100, group=0) for each in truth]
    assert _types(_result(truth, apart)) == ["mismatching_groups"] * 3
    assert not _types(_result(truth, apart, Measures(match_groups=False)))
    assert not _types(_result(truth, _elsewhere(truth)))


def test_who_is_alone_goes_with_no_group() -> None:
    truth = shape(1, Shape.RECTANGLE, 0, 0, 9, 9)
    given = [
        shape(2, Shape.RECTANGLE, 0, 0, 9, 9, job=2, group=1),
        shape(3, Shape.RECTANGLE, 30, 30, 39, 39, job=2, group=1),
    ]
    assert _types(_result([truth], given)) == ["extra_annotation", "mismatching_groups"]


def test_what_lies_under_something_else_is_told_of() -> None:
    below = shape(1, Shape.POLYGON, 10, 10, 20, 10, 20, 20, 10, 20, job=2)
    above = shape(2, Shape.RECTANGLE, 5, 5, 30, 30, z_order=1, job=2)
    result = _result([], [below, above])
    covered = [each for each in result.conflicts if each.type is Type.COVERED_ANNOTATION]
    assert [each.annotation_ids[0].obj_id for each in covered] == [1]
    beside = shape(2, Shape.RECTANGLE, 15, 5, 30, 30, z_order=1, job=2)
    assert "covered_annotation" not in _types(_result([], [below, beside]))


def test_only_what_is_seen_of_segments_counts() -> None:
    truth = shape(1, Shape.POLYGON, 0, 0, 20, 0, 20, 20, 0, 20)
    whole = shape(2, Shape.POLYGON, 0, 0, 40, 0, 40, 20, 0, 20, job=2)
    above = shape(3, Shape.POLYGON, 20, 0, 60, 0, 60, 20, 20, 20, label=DOG, z_order=1, job=2)
    by = Measures(low_overlap_threshold=0.9)
    assert "low_overlap" not in _types(_result([truth], [whole, above], by))
    blind = Measures(low_overlap_threshold=0.9, panoptic_comparison=False)
    assert "low_overlap" in _types(_result([truth], [whole, above], blind))


def test_a_polygon_goes_with_a_mask_and_a_group_of_segments_is_one_thing() -> None:
    truth = shape(1, Shape.POLYGON, 10, 10, 30, 10, 30, 20, 10, 20)
    mask = shape(2, Shape.MASK, 0, 200, 10, 10, 29, 19, job=2)
    assert _result([truth], [mask]).tally.valid == 1
    halves = [
        shape(3, Shape.POLYGON, 10, 10, 20, 10, 20, 20, 10, 20, job=2, group=1),
        shape(4, Shape.POLYGON, 20, 10, 30, 10, 30, 20, 20, 20, job=2, group=1),
    ]
    by = Measures(match_groups=False)
    assert _types(_result([truth], halves, by)) == []
    alone = [evolve(half, group=0) for half in halves]
    assert "missing_annotation" not in _types(_result([truth], alone, by))
    assert "extra_annotation" in _types(_result([truth], alone, by))


def test_elements_of_skeletons_are_compared_by_themselves_where_that_is_asked() -> None:
    by = Measures(kinds=frozenset([models.AnnotationTypeEnum.SKELETON_KEYPOINT]), strict=True)
    truth, given = skeleton(1, 10, 10, 40, 40), skeleton(2, 10, 10, 70, 70, job=2)
    matching = compared(sides_of([truth], [given], by), SIZE, by)
    assert [(pair.truth.id, pair.given.id) for pair in matching.matches] == [(14, 24)]
    assert [each.id for each in (*matching.missing, *matching.extra)] == [15, 25]


def test_empty_frames_count_as_annotated_where_they_should() -> None:
    sides = sides_of([], [], Measures())
    empty = result_of(0, sides, SIZE, Measures(), NAMES, empty_is_annotated=True)
    assert empty.tally.counts == (1, 0, 0, 1, 1, 1)
    assert _result([], []).tally.counts == (0, 0, 0, 0, 0, 0)
    half = sides_of([], [tag(1)], Measures())
    some = result_of(0, half, SIZE, Measures(), NAMES, empty_is_annotated=True)
    assert some.tally.counts == (0, 0, 1, 1, 1, 1)


@pytest.mark.parametrize(
    ("rule", "differs"),
    [
        (AttributeRule(), True),
        (AttributeRule(enabled=False), False),
        (AttributeRule(comparator="levenshtein", threshold=0.7), False),
        (AttributeRule(comparator="levenshtein", threshold=0.8), True),
    ],
)
def test_attributes_are_compared_by_their_rules(rule: AttributeRule, *, differs: bool) -> None:
    one = shape(1, Shape.RECTANGLE, 0, 0, 1, 1, colour="abcd")
    other = shape(2, Shape.RECTANGLE, 0, 0, 1, 1, colour="abce")
    assert bool(differing(one, other, AttributeRules(rule))) is differs
    own = AttributeRules(AttributeRule(enabled=not differs), ((7, rule),))
    assert bool(differing(one, other, own)) is differs
