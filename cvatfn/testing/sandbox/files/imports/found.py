"""What an annotation file holds, by names and by the numbers of frames in what was uploaded.

Rule: a reader knows files and no world. Where things belong in a task is looked up in `placing`,
for every format.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from attrs import evolve, frozen

from cvatfn import models
from cvatfn.testing.sandbox.files.exports.subjects import DEFAULT
from cvatfn.testing.sandbox.files.masks import mask_of, outlines

__all__ = [
    "FILE",
    "Found",
    "FoundKey",
    "FoundPicture",
    "FoundShape",
    "FoundTag",
    "FoundTask",
    "FoundTrack",
    "Values",
    "with_polygons",
]

FILE: Final = "file"
"""The source of what comes from a file that does not tell one, as CVAT calls it."""

Values: TypeAlias = tuple[tuple[str, str], ...]
"""Names of attributes with their values."""


@frozen(kw_only=True)
class FoundTag:
    """A tag of a picture."""

    label: str
    source: str = FILE
    group: int = 0
    attributes: Values = ()


@frozen(kw_only=True)
class FoundShape:
    """A shape on a picture; a skeleton has elements and no points."""

    label: str
    type: models.ShapeType
    points: tuple[float, ...] = ()
    source: str = FILE
    group: int = 0
    occluded: bool = False
    outside: bool = False
    rotation: float = 0.0
    z_order: int = 0
    attributes: Values = ()
    elements: tuple[FoundShape, ...] = ()


@frozen(kw_only=True)
class FoundPicture:
    """A picture, and what is on it.

    :param name: leads nowhere but into the folder it is put in, as names of frames do.
    """

    name: str
    subset: str = DEFAULT
    tags: tuple[FoundTag, ...] = ()
    shapes: tuple[FoundShape, ...] = ()


@frozen(kw_only=True)
class FoundKey:
    """A track on one frame.

    :param frame: its number in what was uploaded.
    :param is_key: whether somebody said so, or it lies in between.
    """

    frame: int
    type: models.ShapeType
    points: tuple[float, ...] = ()
    is_key: bool = True
    occluded: bool = False
    outside: bool = False
    rotation: float = 0.0
    z_order: int = 0
    attributes: Values = ()


@frozen(kw_only=True)
class FoundTrack:
    """A track; a skeleton's has elements, which have none themselves.

    :param task: the id of the task it was in, where the file tells.
    """

    label: str
    source: str = FILE
    group: int = 0
    task: int | None = None
    keys: tuple[FoundKey, ...] = ()
    elements: tuple[FoundTrack, ...] = ()


@frozen(kw_only=True)
class FoundTask:
    """A task that a file is about.

    :param folder: where its images are, with a slash at the end.
    :param numbers: the numbers of its frames in what was uploaded.
    """

    id: int
    subset: str
    folder: str
    numbers: range


@frozen(kw_only=True)
class Found:
    """All that is in some files."""

    pictures: tuple[FoundPicture, ...] = ()
    tracks: tuple[FoundTrack, ...] = ()
    tasks: tuple[FoundTask, ...] = ()


def with_polygons(found: Found) -> Found:
    """What was found, with a polygon in the place of each part of a mask.

    :param found: as it was read. Parts of one mask are a group.
    """
    groups = [shape.group for picture in found.pictures for shape in picture.shapes]
    free = max(groups, default=0) + 1
    pictures: list[FoundPicture] = []
    for picture in found.pictures:
        shapes: list[FoundShape] = []
        for shape in picture.shapes:
            if shape.type is not models.ShapeType.MASK:
                shapes.append(shape)
                continue
            rings = outlines(mask_of(shape.points))
            group = shape.group or (free if len(rings) > 1 else 0)
            free += group == free
            polygon = evolve(shape, type=models.ShapeType.POLYGON, group=group)
            shapes.extend(evolve(polygon, points=ring) for ring in rings)
        pictures.append(evolve(picture, shapes=tuple(shapes)))
    return evolve(found, pictures=tuple(pictures))
