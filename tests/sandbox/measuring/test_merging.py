"""What several people drew, merged."""

from __future__ import annotations

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from cvatfn.testing.sandbox.measuring.annotations import Annotation
from cvatfn.testing.sandbox.measuring.measures import Measures
from cvatfn.testing.sandbox.measuring.merging import Merged, merged
from tests.sandbox.measuring.drawings import (
    CAT,
    DOG,
    SIZE,
    Shape,
    frames,
    shape,
    skeleton,
    tag,
)

BY = Measures()


def _merged(*sources: list[Annotation]) -> tuple[Merged, ...]:
    return merged(sources, SIZE, BY)


def _by(person: int, side: tuple[Annotation, ...]) -> list[Annotation]:
    return [evolve(each, job=person, id=each.id + 100 * person) for each in side]


@given(frames(), st.integers(1, 3))
def test_what_everybody_has_stays_with_a_full_score(
    side: tuple[Annotation, ...], people: int
) -> None:
    found = _merged(*(_by(person, side) for person in range(people)))
    assert len(found) == len(side)
    assert all(each.score == pytest.approx(1) for each in found)
    kept = {(each.annotation.label, each.annotation.place) for each in found}
    assert kept == {(each.label, each.place) for each in side}


@given(frames(), frames(), frames())
def test_what_stays_was_drawn_by_somebody(
    one: tuple[Annotation, ...], two: tuple[Annotation, ...], three: tuple[Annotation, ...]
) -> None:
    sources = [_by(person, side) for person, side in enumerate((one, two, three))]
    found = _merged(*sources)
    drawn = {each.id: each for source in sources for each in source}
    for each in found:
        source = drawn[each.annotation.id]
        assert evolve(each.annotation, z_order=source.z_order) == source
        assert 0 < each.score <= 1
    ids = [each.annotation.id for each in found]
    assert len(ids) == len({*ids})
    assert max(map(len, sources)) == 0 or found


def test_the_shape_in_the_middle_stays() -> None:
    three = [
        [shape(1, Shape.RECTANGLE, 0, 0, 20, 20)],
        [shape(2, Shape.RECTANGLE, 2, 2, 22, 22, z_order=3)],
        [shape(3, Shape.RECTANGLE, 4, 4, 24, 24)],
    ]
    (found,) = _merged(*three)
    assert found.annotation.id == 2
    assert found.annotation.z_order == 3
    likenesses = [324 / 476, 1, 324 / 476]
    assert found.score == pytest.approx(sum(likenesses) / 3)


def test_who_stands_alone_has_a_small_score() -> None:
    alone = shape(1, Shape.RECTANGLE, 0, 0, 20, 20)
    (found,) = _merged([alone], [], [])
    assert found == Merged(alone, 1 / 3)


def test_labels_part_what_places_join() -> None:
    found = _merged(
        [shape(1, Shape.RECTANGLE, 0, 0, 20, 20)],
        [shape(2, Shape.RECTANGLE, 0, 0, 20, 20)],
        [shape(3, Shape.RECTANGLE, 0, 0, 20, 20, label=DOG)],
    )
    assert [each.annotation.label for each in found] == [CAT, DOG]
    assert [each.score for each in found] == pytest.approx([2 / 3, 1 / 3])


def test_nobody_has_two_shapes_in_one() -> None:
    both = [shape(1, Shape.RECTANGLE, 0, 0, 20, 20), shape(2, Shape.RECTANGLE, 1, 1, 21, 21)]
    found = _merged(both, [shape(3, Shape.RECTANGLE, 0, 0, 20, 20)])
    assert sorted(each.score for each in found) == [0.5, 1.0]


def test_nobody_has_two_shapes_in_one_by_way_of_others() -> None:
    def at(id: int, place: int) -> Annotation:
        return shape(id, Shape.RECTANGLE, place, place, place + 60, place + 60)

    found = _merged([at(1, 0), at(2, 6)], [at(3, 1)], [at(4, 5)])
    assert len(found) == 2
    assert {1, 2} & {each.annotation.id for each in found}


def test_tags_are_voted_for() -> None:
    found = _merged([tag(1), tag(2, DOG)], [tag(3)], [tag(4)])
    assert [each.annotation.id for each in found] == [1, 2]
    assert [each.score for each in found] == pytest.approx([1, 1 / 3])


def test_of_skeletons_the_one_most_alike_to_all_stays() -> None:
    found = _merged(
        [skeleton(1, 10, 10, 40, 40)], [skeleton(2, 12, 10, 40, 42)], [skeleton(3, 14, 10, 40, 44)]
    )
    assert [each.annotation.id for each in found] == [2]


@pytest.mark.parametrize("kind", [Shape.POLYLINE, Shape.POINTS])
def test_lines_and_points_are_merged_by_their_boxes(kind: Shape) -> None:
    found = _merged(
        [shape(1, kind, 0, 0, 40, 30)],
        [shape(2, kind, 1, 0, 41, 30)],
        [shape(3, kind, 2, 0, 42, 30)],
    )
    assert [each.annotation.id for each in found] == [2]
