"""The example: shapes of one label get another, and nothing else changes."""

from __future__ import annotations

from collections import Counter

import pytest

from cvatfn import call, collect, models, paginate
from cvatfn.api import labels, tasks
from examples.relabelling import NoSuchLabel, main, relabel
from tests.examples.conftest import Server
from tests.sandbox.kit import make_task, picture


def _annotated(server: Server) -> tuple[int, dict[str, int]]:
    """A task of three jobs, with cats and dogs in two of them."""
    images = [picture(f"{number}.png") for number in range(6)]
    task = make_task(server.cvat, images, segment_size=2)
    found = collect(paginate(server.cvat, labels.list, task_id=task.id)).unwrap()
    ids = {label.name: label.id for label in found}
    drawn = enumerate([(0, "cat"), (1, "dog"), (1, "cat"), (4, "cat")])
    shapes = [
        models.LabeledShapeRequest(
            type="rectangle", frame=frame, label_id=ids[name], points=[1, 2, 3 + at, 4]
        )
        for at, (frame, name) in drawn
    ]
    call(server.cvat, tasks.update_annotations, task.id, {"shapes": shapes}).unwrap()
    return task.id, ids


def _points(server: Server, task: int) -> Counter[tuple[int, tuple[float, ...]]]:
    read = call(server.cvat, tasks.retrieve_annotations, task).unwrap()
    return Counter((shape.label_id, shape.points) for shape in read.shapes)


def test_shapes_of_one_label_get_another(server: Server) -> None:
    task, ids = _annotated(server)
    before = _points(server, task)
    assert relabel(server.cvat, task, "cat", "dog").unwrap() == 3
    assert _points(server, task) == Counter(
        {(ids["dog"], points): count for (_, points), count in before.items()}
    )
    assert relabel(server.cvat, task, "cat", "dog").unwrap() == 0


def test_a_label_that_is_none_is_told_before_anything_is_done(server: Server) -> None:
    task, _ = _annotated(server)
    before = _points(server, task)
    error = relabel(server.cvat, task, "cat", "tiger").failure()
    assert error == NoSuchLabel("tiger", ("cat", "dog"))
    assert _points(server, task) == before


def test_the_program(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    task, _ = _annotated(server)
    assert main(server.url, server.token, str(task), "dog", "cat") == 0
    assert capsys.readouterr().out == "shapes of dog that are cat now: 1\n"
    assert main(server.url, server.token, str(task), "x", "cat") == 1
    assert capsys.readouterr().err == "there is no label 'x', only 'cat', 'dog'\n"
