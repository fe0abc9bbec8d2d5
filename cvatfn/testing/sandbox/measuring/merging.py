"""What several people drew, merged into one: by what they have in common.

How it goes, on each frame: shapes of the same kind and label are paired between every two people;
pairs grow into clusters in which everyone is alike to everyone, and nobody has two shapes; of each
cluster the shape that is most in the middle stays. How many of the people have it, and how alike
their shapes are, is its score. Tags are voted for.

Rule: the order of the people decides nothing but which of two equally good shapes stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import combinations
from typing import TypeAlias

from attrs import evolve, frozen

from cvatfn import models
from cvatfn.testing.sandbox.measuring.annotations import Annotation, Box, box_of
from cvatfn.testing.sandbox.measuring.assigning import paired
from cvatfn.testing.sandbox.measuring.likeness import AREAS, corners_of, likeness_of, regions
from cvatfn.testing.sandbox.measuring.measures import AT_ONCE, Measures
from cvatfn.testing.sandbox.measuring.points import box_overlap
from cvatfn.testing.sandbox.measuring.regions import overlap

__all__ = ["Merged", "merged"]

Source: TypeAlias = Sequence[Annotation]
Place: TypeAlias = tuple[int, int]
"""Whose shape, and which one of theirs."""
Likeness: TypeAlias = Callable[[Place, Place], float]


@frozen
class Merged:
    """An annotation that stays.

    :param annotation: one of those that were merged.
    :param score: from 0 to 1, how much the people agree on it.
    """

    annotation: Annotation
    score: float


def merged(
    sources: Sequence[Source], size: tuple[int, int], measures: Measures
) -> tuple[Merged, ...]:
    """Merge what several people have on one frame.

    :param sources: by person, their annotations.
    :param size: the width and the height of the image.
    :param measures: by what shapes are compared; `iou_threshold` above all.
    """
    tags = models.AnnotationTypeEnum.TAG
    kinds = [kind for kind in models.AnnotationTypeEnum if kind in AT_ONCE - {tags}]
    return (
        *_voted([_of(source, tags) for source in sources]),
        *(
            each
            for kind in kinds
            for each in _shapes([_of(source, kind) for source in sources], size, measures)
        ),
    )


def _of(source: Source, kind: models.AnnotationTypeEnum) -> tuple[Annotation, ...]:
    return tuple(sorted((each for each in source if each.kind is kind), key=lambda each: each.id))


def _voted(sources: Sequence[Source]) -> Iterator[Merged]:
    first: dict[int, Annotation] = {}
    votes: dict[int, set[int]] = {}
    for person, source in enumerate(sources):
        for tag in source:
            first.setdefault(tag.label, tag)
            votes.setdefault(tag.label, set()).add(person)
    for label, tag in sorted(first.items()):
        yield Merged(tag, len(votes[label]) / len(sources))


def _shapes(
    sources: Sequence[Source], size: tuple[int, int], measures: Measures
) -> Iterator[Merged]:
    if not any(sources):
        return
    likenesses = {
        (left, right): likeness_of(sources[left], sources[right], size, measures)
        for left, right in combinations(range(len(sources)), 2)
    }

    def likeness(one: Place, other: Place) -> float:
        if one == other:
            return 1.0
        (left, mine), (right, theirs) = sorted((one, other))
        return likenesses[left, right](sources[left][mine], sources[right][theirs])

    for cluster in _clusters(sources, likeness, measures.iou_threshold):
        members = [sources[person][index] for person, index in cluster]
        chosen = _middle(cluster, members, likeness)
        alike = sum(likeness(cluster[chosen], place) for place in cluster) / len(cluster)
        top = max(member.z_order for member in members)
        score = len(cluster) / len(sources) * alike
        yield Merged(evolve(members[chosen], z_order=top), score)


def _clusters(
    sources: Sequence[Source], likeness: Likeness, threshold: float
) -> Iterator[list[Place]]:
    nearby = _neighbours(sources, likeness, threshold)
    visited: set[Place] = set()
    for first in nearby:
        if first in visited:
            continue
        cluster: list[Place] = []
        waiting = [first]
        while waiting:
            place = waiting.pop(0)
            fits = all(
                place[0] != other[0] and likeness(place, other) >= threshold for other in cluster
            )
            if place not in visited and fits:
                visited.add(place)
                cluster.append(place)
                waiting += nearby[place]
        yield sorted(cluster)


def _neighbours(
    sources: Sequence[Source], likeness: Likeness, threshold: float
) -> Mapping[Place, list[Place]]:
    """Who goes with whom of every other person."""
    places = [[(person, index) for index in range(len(of))] for person, of in enumerate(sources)]
    found: dict[Place, list[Place]] = {place: [] for of in places for place in of}

    def same(one: Place, other: Place) -> bool:
        return sources[one[0]][one[1]].label == sources[other[0]][other[1]].label

    for left, right in combinations(places, 2):
        for one, other in paired(left, right, likeness, same, threshold, labels_first=True).matches:
            found[one].append(other)
            found[other].append(one)
    return found


def _middle(cluster: Sequence[Place], members: Source, likeness: Likeness) -> int:
    """Which of a cluster stays: what lies nearest to the mean of all boxes.

    Skeletons have no box that says much; there it is what is most alike to all.
    """
    if members[0].shape is models.ShapeType.SKELETON:
        nearness = [sum(likeness(place, other) for other in cluster) for place in cluster]
    else:
        nearness = _nearness(members)
    return max(range(len(members)), key=nearness.__getitem__)


def _nearness(members: Source) -> list[float]:
    boxes = [box_of(list(corners_of(member))) for member in members]
    mean = tuple(side / len(boxes) for side in reduce(_sums, boxes))
    if members[0].shape not in AREAS:
        return [box_overlap((mean[0], mean[1], mean[2], mean[3]), box) for box in boxes]
    square = evolve(members[0], shape=models.ShapeType.RECTANGLE, points=mean, rotation=0.0)
    region = regions((square, *members))
    return [overlap(region(square), region(member)) for member in members]


def _sums(one: Box, other: Box) -> Box:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2], one[3] + other[3]
