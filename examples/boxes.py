"""A pipeline's step of one's own: from annotations to the boxes around their shapes.

It is a pure function of cvatfn's models, so it is tested with properties, on annotations that
`cvatfn.testing.strategies` makes up (`tests/examples/test_boxes.py`).

    python -m examples.boxes https://cvat.example TOKEN TASK
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from attrs import frozen

from cvatfn import Failure, Success, call, connect, models
from cvatfn.api import tasks
from cvatfn.auth import AccessToken
from examples.running import run


@frozen
class Box:
    """A rectangle around something on a frame; lengths are in pixels."""

    frame: int
    label_id: int
    left: float
    top: float
    width: float
    height: float


def boxes(annotations: models.LabeledData) -> Iterator[Box]:
    """The boxes around all shapes that have an outline.

    A mask says its box itself: its last four numbers are left, top, right and bottom, the latter
    two included. Turned shapes and skeletons are left out.

    :param annotations: of a task or a job.
    """
    for shape in annotations.shapes:
        corners = _corners(shape)
        if corners is not None and not shape.rotation:
            left, top, right, bottom = corners
            yield Box(shape.frame, shape.label_id, left, top, right - left, bottom - top)


def _corners(shape: models.LabeledShape) -> tuple[float, float, float, float] | None:
    points = shape.points
    match shape.type:
        case models.ShapeType.MASK if len(points) >= 4:
            left, top, right, bottom = points[-4:]
            return left, top, right + 1, bottom + 1
        case (
            models.ShapeType.RECTANGLE
            | models.ShapeType.POLYGON
            | models.ShapeType.POLYLINE
            | models.ShapeType.POINTS
        ) if len(points) >= 2:
            across, down = points[::2], points[1::2]
            return min(across), min(down), max(across), max(down)
        case _:
            return None


def main(url: str, token: str, task: str) -> int:
    """Tell the boxes of a task, one a line."""
    with connect(url, auth=AccessToken(token)) as cvat:
        match call(cvat, tasks.retrieve_annotations, int(task)):
            case Success(annotations):
                for box in boxes(annotations):
                    print(box)
                return 0
            case Failure(error):
                print(error, file=sys.stderr)
                return 1


if __name__ == "__main__":
    run(main)
