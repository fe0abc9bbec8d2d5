"""How alike two drawings are: what is known of it without drawing them."""

from __future__ import annotations

from itertools import pairwise
from math import exp, pi

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from cvatfn import models
from cvatfn.testing.sandbox.measuring.annotations import FURTHEST, Annotation, box_of
from cvatfn.testing.sandbox.measuring.likeness import likeness_of
from cvatfn.testing.sandbox.measuring.lines import line_likeness
from cvatfn.testing.sandbox.measuring.measures import Measures
from cvatfn.testing.sandbox.measuring.points import box_overlap
from cvatfn.testing.sandbox.measuring.regions import (
    SIDE,
    canvas_around,
    overlap,
    region_of,
    size_of,
)
from tests.sandbox.measuring.drawings import SIZE, Shape, any_annotation, shape, skeleton

AT_DEFAULTS = Measures()
corners = st.integers(-50, 50)
boxes = st.tuples(corners, corners, st.integers(4, 60), st.integers(4, 60)).map(
    lambda box: (float(box[0]), float(box[1]), float(box[0] + box[2]), float(box[1] + box[3]))
)
anything = st.floats(allow_nan=False, allow_infinity=False)


def _like(one: Annotation, other: Annotation, by: Measures = AT_DEFAULTS) -> float:
    return likeness_of([one], [other], SIZE, by)(one, other)


@given(any_annotation(1), any_annotation(2))
def test_likeness_is_a_share_and_the_same_both_ways(one: Annotation, other: Annotation) -> None:
    if one.shape is other.shape:
        assert 0 <= _like(one, other) <= 1
        assert _like(one, other) == pytest.approx(_like(other, one))
        assert _like(one, one) == 1


@given(boxes, boxes)
def test_pixels_say_of_boxes_what_their_corners_say(
    one: tuple[float, float, float, float], other: tuple[float, float, float, float]
) -> None:
    left, right = shape(1, Shape.RECTANGLE, *one), shape(2, Shape.RECTANGLE, *other)
    canvas = canvas_around([left, right])
    by_pixels = overlap(region_of(left, canvas), region_of(right, canvas))
    assert by_pixels == pytest.approx(box_overlap(one, other), abs=0.06)
    assert _like(left, right) == box_overlap(one, other)


@given(boxes)
def test_a_mask_and_a_polygon_of_the_same_place_are_the_same(
    box: tuple[float, float, float, float],
) -> None:
    left, top, right, bottom = box
    mask = shape(
        1, Shape.MASK, 0, (right - left) * (bottom - top), left, top, right - 1, bottom - 1
    )
    polygon = shape(2, Shape.POLYGON, left, top, right, top, right, bottom, left, bottom)
    canvas = canvas_around([mask, polygon])
    assert overlap(region_of(mask, canvas), region_of(polygon, canvas)) > 0.9


def test_the_runs_of_a_mask_are_where_they_should_be() -> None:
    """Of three rows of four pixels: the last one, all, the first one."""
    mask = shape(1, Shape.MASK, 3, 6, 3, 0, 0, 3, 2)
    parts = [
        shape(2, Shape.MASK, 0, 1, 3, 0, 3, 0),
        shape(3, Shape.MASK, 0, 4, 0, 1, 3, 1),
        shape(4, Shape.MASK, 0, 1, 0, 2, 0, 2),
    ]
    canvas = canvas_around([mask, *parts])
    joined = 0
    for part in parts:
        joined |= region_of(part, canvas)
    assert region_of(mask, canvas) == joined
    assert size_of(mask) == 6


def test_sizes_are_those_of_geometry() -> None:
    assert size_of(shape(1, Shape.RECTANGLE, 0, 0, 40, 20)) == pytest.approx(800, rel=0.03)
    assert size_of(shape(1, Shape.ELLIPSE, 50, 50, 80, 30)) == pytest.approx(600 * pi, rel=0.03)
    turned = shape(1, Shape.RECTANGLE, 0, 0, 40, 20, rotation=30)
    assert size_of(turned) == pytest.approx(800, rel=0.03)


def test_a_box_turned_by_a_half_is_where_it_was() -> None:
    box = shape(1, Shape.RECTANGLE, 10, 10, 50, 30)
    assert _like(box, shape(2, Shape.RECTANGLE, 10, 10, 50, 30, rotation=180)) > 0.95
    assert _like(box, shape(2, Shape.RECTANGLE, 10, 10, 50, 30, rotation=90)) < 0.5


@given(st.lists(anything, min_size=6, max_size=12).filter(lambda points: len(points) % 2 == 0))
def test_hostile_points_take_no_more_room_than_others(points: list[float]) -> None:
    polygon = shape(1, Shape.POLYGON, *points)
    canvas = canvas_around([polygon])
    assert max(canvas.width, canvas.height) <= SIDE
    assert region_of(polygon, canvas)
    assert max(map(abs, box_of(polygon.corners))) <= FURTHEST
    for kind in (Shape.POLYLINE, Shape.POINTS):
        other = shape(2, kind, *reversed(points))
        assert 0 <= _like(shape(1, kind, *points), other) <= 1


def test_a_mask_of_a_million_rows_is_drawn_small() -> None:
    huge = shape(1, Shape.MASK, 5, 10**12 - 5, 0, 0, 10**6 - 1, 10**6 - 1)
    canvas = canvas_around([huge])
    assert canvas.width <= SIDE
    assert region_of(huge, canvas).bit_count() > canvas.width * canvas.height * 0.9


@given(st.floats(0, 100), st.floats(0.001, 0.1))
def test_points_fall_off_as_a_bell_does(distance: float, size: float) -> None:
    by = Measures(point_size=size)
    like = _like(shape(1, Shape.POINTS, 0, 0), shape(2, Shape.POINTS, distance, 0), by)
    area = SIZE[0] * SIZE[1]
    expected = exp(-(distance**2) / (8 * area * size**2))
    assert like == pytest.approx(expected if expected >= by.iou_threshold else 0.0, abs=1e-9)


def test_points_are_as_large_as_their_group_or_the_image() -> None:
    one = shape(1, Shape.POINTS, 0, 0, 10, 10)
    other = shape(2, Shape.POINTS, 0, 0, 10, 11)
    base = models.QualityPointSizeBase
    by_group = _like(one, other, Measures(point_size_base=base.GROUP_BBOX_SIZE))
    by_image = _like(one, other, Measures(point_size_base=base.IMAGE_SIZE))
    near = 10 * 10.5  # the area of the box between the two
    assert by_group == pytest.approx((1 + exp(-1 / (8 * near * 0.09**2))) / 2)
    assert by_image == pytest.approx((1 + exp(-1 / (8 * SIZE[0] * SIZE[1] * 0.09**2))) / 2)


def test_skeletons_are_as_alike_as_their_elements() -> None:
    one, other = skeleton(1, 10, 10, 40, 40), skeleton(2, 10, 10, 40, 70)
    half = _like(one, other)
    assert half == pytest.approx(0.5, abs=0.05)
    assert _like(one, skeleton(3, 60, 60, 70, 70)) == 0
    head, foot = other.elements
    hidden = evolve(other, elements=(head, evolve(foot, occluded=True)))
    assert _like(one, hidden) == pytest.approx(0.5)  # of the two that are seen, one is alike
    both = evolve(one, elements=(one.elements[0], evolve(one.elements[1], occluded=True)))
    assert _like(both, hidden) == pytest.approx(1)  # what neither shows does not count


@given(st.lists(st.tuples(corners, corners), min_size=2, max_size=6, unique=True))
def test_more_points_on_a_line_change_nothing(points: list[tuple[int, int]]) -> None:
    line = [(float(x), float(y)) for x, y in points]
    halves = [
        place for (x, y), (u, v) in pairwise(line) for place in ((x, y), ((x + u) / 2, (y + v) / 2))
    ]
    finer = [*halves, line[-1]]
    assert line_likeness(line, finer, 0.01, 1e4, oriented=True) == pytest.approx(1)
    assert line_likeness(line, finer[::-1], 0.01, 1e4, oriented=False) == pytest.approx(1)
