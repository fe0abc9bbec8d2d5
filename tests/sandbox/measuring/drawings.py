"""Annotations to compare: made by hand, and made up."""

from __future__ import annotations

from typing import Final

from attrs import evolve
from hypothesis import strategies as st

from cvatfn import models
from cvatfn.testing.sandbox.measuring.annotations import Annotation
from cvatfn.testing.sandbox.measuring.results import Catalogue

Kind = models.AnnotationConflictAnnotationType
Shape = models.ShapeType

SIZE: Final = (100, 80)
CAT: Final = 1
DOG: Final = 2
PERSON: Final = 3
NAMES: Final = Catalogue(
    labels={CAT: "cat", DOG: "dog", PERSON: "person", 4: "person.head", 5: "person.foot"},
    columns=("cat", "dog", "person"),
    attributes={7: "colour"},
)
_COORDINATES: Final = st.integers(0, 70).map(float)


def shape(
    id: int,
    kind: models.ShapeType,
    *points: float,
    label: int = CAT,
    job: int = 1,
    group: int = 0,
    z_order: int = 0,
    rotation: float = 0.0,
    colour: str | None = None,
) -> Annotation:
    """A shape."""
    attributes = () if colour is None else (models.AttributeVal(spec_id=7, value=colour),)
    return Annotation(
        id=id,
        job=job,
        type=Kind.SHAPE,
        shape=kind,
        label=label,
        points=points,
        group=group,
        z_order=z_order,
        rotation=rotation,
        attributes=attributes,
    )


def tag(id: int, label: int = CAT, job: int = 1) -> Annotation:
    """A tag."""
    return Annotation(id=id, job=job, type=Kind.TAG, label=label)


def skeleton(id: int, *points: float, label: int = PERSON, job: int = 1) -> Annotation:
    """A skeleton of a head and a foot."""
    places = ((4, points[:2]), (5, points[2:]))
    elements = tuple(
        shape(10 * id + part, Shape.POINTS, *place, label=part, job=job) for part, place in places
    )
    return Annotation(
        id=id, job=job, type=Kind.SHAPE, shape=Shape.SKELETON, label=label, elements=elements
    )


@st.composite
def any_annotation(draw: st.DrawFn, id: int = 0) -> Annotation:
    """Any annotation that can be compared."""
    kind = draw(st.sampled_from([None, *Shape]).filter(lambda each: each is not Shape.CUBOID))
    label = draw(st.sampled_from([CAT, DOG]))
    if kind is None:
        return tag(id, label)
    if kind is Shape.SKELETON:
        return skeleton(id, *(draw(_COORDINATES) for _ in range(4)))
    left, top = draw(_COORDINATES), draw(_COORDINATES)
    wide, high = draw(st.integers(1, 20)), draw(st.integers(1, 20))
    points = {
        Shape.RECTANGLE: (left, top, left + wide, top + high),
        Shape.ELLIPSE: (left, top, left + wide, top - high),
        Shape.MASK: (0, wide * high, left, top, left + wide - 1, top + high - 1),
        Shape.POLYLINE: (left, top, left + wide, top + high),
        Shape.POINTS: (left, top, left + wide, top),
        Shape.POLYGON: (left, top, left + wide, top, left, top + high),
    }[kind]
    return shape(
        id,
        kind,
        *points,
        label=label,
        group=draw(st.integers(0, 2)),
        z_order=draw(st.integers(0, 2)),
        colour=draw(st.sampled_from([None, "red", "blue"])),
    )


@st.composite
def frames(draw: st.DrawFn) -> tuple[Annotation, ...]:
    """What is on one frame: no two things at the same place."""
    found = draw(st.lists(any_annotation(), max_size=6, unique_by=_place))
    return tuple(_numbered(one, number) for number, one in enumerate(found, 1))


def _place(annotation: Annotation) -> object:
    # a tag has no place but its label
    return annotation.label if annotation.shape is None else (annotation.place, annotation.label)


def _numbered(annotation: Annotation, number: int) -> Annotation:
    return evolve(annotation, id=number)
