"""The example: properties of a step of one's own pipeline, on annotations that are made up."""

from __future__ import annotations

import math

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from cvatfn import call, models
from cvatfn.api import labels, tasks
from cvatfn.testing import strategies
from examples.boxes import Box, boxes, main
from tests.examples.conftest import Server
from tests.sandbox.kit import make_task

OUTLINED = ("rectangle", "polygon", "polyline", "points")
PIXELS = st.floats(-1e4, 1e4)


@given(strategies.models(models.LabeledData))
def test_whatever_the_annotations_are_boxes_are_made_of_shapes(read: models.LabeledData) -> None:
    found = list(boxes(read))
    assert len(found) <= len(read.shapes)
    assert {box.label_id for box in found} <= {shape.label_id for shape in read.shapes}


@given(strategies.models(models.LabeledShape), st.lists(st.tuples(PIXELS, PIXELS), min_size=1))
def test_a_box_is_the_least_that_holds_all_points(
    shape: models.LabeledShape, points: list[tuple[float, float]]
) -> None:
    for kind in OUTLINED:
        (box,) = boxes(_one(shape, kind, [each for point in points for each in point]))
        across, down = zip(*points, strict=True)
        assert (box.left, box.top) == (min(across), min(down))
        assert math.isclose(box.left + box.width, max(across), abs_tol=1e-9)
        assert math.isclose(box.top + box.height, max(down), abs_tol=1e-9)
        assert (box.frame, box.label_id) == (shape.frame, shape.label_id)


def _one(shape: models.LabeledShape, kind: str, points: list[float]) -> models.LabeledData:
    placed = evolve(shape, type=models.ShapeType(kind), points=tuple(points), rotation=0.0)
    return models.LabeledData(version=0, tags=(), shapes=(placed,), tracks=())


@given(strategies.models(models.LabeledShape))
def test_a_mask_says_its_box_itself(shape: models.LabeledShape) -> None:
    (box,) = boxes(_one(shape, "mask", [3, 2, 4, 10, 20, 12, 23]))
    assert box == Box(shape.frame, shape.label_id, 10, 20, 3, 4)
    assert not list(boxes(_one(shape, "mask", [1, 2])))


@given(strategies.models(models.LabeledShape), st.sampled_from(["ellipse", "skeleton", "star"]))
def test_what_has_no_outline_has_no_box(shape: models.LabeledShape, kind: str) -> None:
    assert not list(boxes(_one(shape, kind, [1, 2, 3, 4])))


def test_the_program(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    task = make_task(server.cvat)
    label = call(server.cvat, labels.list, task_id=task.id).unwrap().results[0].id
    shape = models.LabeledShapeRequest(
        type="polygon", frame=1, label_id=label, points=[1, 2, 9, 4, 5, 8]
    )
    call(server.cvat, tasks.update_annotations, task.id, {"shapes": [shape]}).unwrap()
    assert main(server.url, server.token, str(task.id)) == 0
    assert capsys.readouterr().out == f"{Box(1, label, 1.0, 2.0, 8.0, 6.0)}\n"
    assert main(server.url, server.token, "99") == 1
