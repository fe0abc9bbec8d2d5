"""Which jobs and which annotations are looked at, by the filters in settings and requirements.

Rule: a filter of annotations may ask for the things in `TERMS`. Where an annotation has several
values of a term, one that fits is enough. A requirement looks at what its own filter and those of
all its parents let through.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

from cvatfn import models
from cvatfn.filters import Filter, parsed
from cvatfn.filters.fields import Value
from cvatfn.filters.rules import Condition, flat, folded
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.filtering import composed, matches
from cvatfn.testing.sandbox.measuring.annotations import Annotation
from cvatfn.testing.sandbox.measuring.likeness import AREAS
from cvatfn.testing.sandbox.measuring.regions import size_of
from cvatfn.testing.sandbox.measuring.results import Catalogue
from cvatfn.testing.sandbox.state.annotated import Job
from cvatfn.testing.sandbox.state.world import World

__all__ = ["chooser", "is_included", "wrong_filter", "wrong_job_filter"]

Values: TypeAlias = Callable[[Annotation, Catalogue], tuple[Value, ...]]

JOB_TERMS: Final = ("id", "type", "state", "stage", "assignee", "task_id", "task_name")
"""What a filter of jobs may ask for."""


def wrong_job_filter(text: str) -> str | None:
    """What is wrong with a filter of jobs; `None` for nothing.

    :param text: the filter; an empty one asks for nothing.
    """
    return _wrong(text, JOB_TERMS)


def wrong_filter(text: str, kind: models.AnnotationTypeEnum | None) -> str | None:
    """What is wrong with a filter of annotations; `None` for nothing.

    :param text: the filter; an empty one asks for nothing.
    :param kind: what it is to choose from; only elements can be asked for their skeleton.
    """
    of_elements = kind is None or kind is models.AnnotationTypeEnum.SKELETON_KEYPOINT
    return _wrong(text, tuple(TERMS) if of_elements else tuple(_OF_SHAPES))


def is_included(world: World, job: Job, text: str) -> bool:
    """Whether a filter of jobs lets a job through.

    :param job: the job.
    :param text: the filter, which was seen to be right.
    """
    match _read(text):
        case None:
            return True
        case filter:
            pass
    assignee = None if job.assignee is None else world.accounts[job.assignee].username
    row: Mapping[str, Value] = {
        "id": job.id,
        "type": job.type.value,
        "state": job.state.value,
        "stage": job.stage.value,
        "assignee": assignee,
        "task_id": job.task,
        "task_name": world.tasks[job.task].name,
    }
    return matches(filter, row)


def chooser(texts: Sequence[str], catalogue: Catalogue) -> Callable[[Annotation], bool]:
    """A function that says whether all of some filters let an annotation through.

    :param texts: the filters, which were seen to be right.
    :param catalogue: the names of labels and attributes.
    """
    filters = [filter for text in texts if (filter := _read(text)) is not None]

    def is_chosen(annotation: Annotation) -> bool:
        def met(condition: Condition) -> bool:
            values = TERMS[condition.field](annotation, catalogue)
            alone: Filter[object] = Filter(condition)
            return any(matches(alone, {condition.field: value}) for value in values)

        return all(folded(flat(filter.rule), met, composed) for filter in filters)

    return is_chosen


def _wrong(text: str, terms: Sequence[str]) -> str | None:
    if not text.strip():
        return None
    match parsed(text):
        case Failure(problem):
            return f"filter: {problem}"
        case Success(filter):
            unknown = sorted(filter.names - set(terms))
            return f"filter: term '{unknown[0]}' is not supported" if unknown else None


def _read(text: str) -> Filter[object] | None:
    if not text.strip():
        return None
    read: Outcome[Filter[object], object] = parsed(text)
    return read.unwrap()


def _area(annotation: Annotation, _: Catalogue) -> tuple[Value, ...]:
    return (size_of(annotation),) if annotation.shape in AREAS else ()


def _if_track(values: Values) -> Values:
    track = models.AnnotationConflictAnnotationType.TRACK
    return lambda annotation, names: values(annotation, names) if annotation.type is track else ()


def _of_skeleton(values: Values) -> Values:
    def found(annotation: Annotation, names: Catalogue) -> tuple[Value, ...]:
        return () if annotation.skeleton is None else values(annotation.skeleton, names)

    return found


def _kind(annotation: Annotation, _: Catalogue) -> tuple[Value, ...]:
    return () if annotation.kind is None else (annotation.kind.value,)


def _id(annotation: Annotation, _: Catalogue) -> tuple[Value, ...]:
    return (annotation.id,)


_PLAIN: Final[Mapping[str, Values]] = {
    "label": lambda annotation, names: (names.labels.get(annotation.label),),
    "type": _kind,
    "area": _area,
    "source": lambda annotation, _: (annotation.source,),
    "occluded": lambda annotation, _: (annotation.occluded,),
    "track_id": _if_track(_id),
    "outside": lambda _annotation, _: (False,),
    "keyframe": lambda annotation, _: (annotation.is_key,),
    "attribute.name": lambda annotation, names: tuple(
        names.attributes.get(value.spec_id) for value in annotation.attributes
    ),
    "attribute.value": lambda annotation, _: tuple(value.value for value in annotation.attributes),
}
_OF_SHAPES: Final[Mapping[str, Values]] = {
    **{f"shape.{name}": values for name, values in _PLAIN.items()},
    "shape.track": _if_track(_id),
    **{f"shape.track.{name}": _if_track(values) for name, values in _PLAIN.items()},
}
TERMS: Final[Mapping[str, Values]] = {
    **_OF_SHAPES,
    "shape.skeleton": _of_skeleton(_id),
    **{
        f"shape.skeleton{name.removeprefix('shape')}": _of_skeleton(values)
        for name, values in _OF_SHAPES.items()
    },
}
"""What a filter of annotations may ask for, and what values an annotation has of it."""
