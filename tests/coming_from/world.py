"""The world that the page's programs run in.

Rule: both clients begin at the same world, so that what they leave can be compared. The ids are
those that the page speaks of: task 42 in project 7, its job 11, cloud storage 3, organization 5.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from attrs import evolve

from cvatfn import Transport, call, models
from cvatfn.api import issues, jobs, labels, organizations, projects, tasks
from cvatfn.auth import Basic
from cvatfn.codecs.files import File
from cvatfn.testing.pictures import SCENES, painted
from cvatfn.testing.sandbox import Sandbox, World
from tests.sandbox.kit import settle

__all__ = ["pets"]

_FIRST: Final = {"organization": 5, "project": 7, "task": 42, "job": 11}
"""Which ids are given first."""
_DOGS: Final = 12
"""How many tasks there are beside task 42: with it, more than a page has."""


@cache
def pets() -> World:
    """Two people, an organization, a project with thirteen tasks, one annotated, a storage."""
    begun = World.with_user("ada", "s3cret").joined("bob", "builder")
    ids = {**begun.ids, **{kind: first - 1 for kind, first in _FIRST.items()}}
    breakfast, evening, noon = (painted(name) for name in sorted(SCENES))
    cloud = {"noon.png": noon, "train/evening.png": evening, "train/old/breakfast.png": breakfast}
    sandbox = Sandbox(evolve(begun, ids=ids, clouds={3: cloud}), auth=Basic("ada", "s3cret"))
    call(sandbox, organizations.create, {"slug": "acme"}).unwrap()
    body: models.ProjectWriteRequestDict = {"name": "pets", "labels": [{"name": "cat"}]}
    project = call(sandbox, projects.create, body).unwrap().id
    _annotated(sandbox, project)
    for number in range(1, _DOGS + 1):
        call(sandbox, tasks.create, {"name": f"dogs {number}", "project_id": project}).unwrap()
    return sandbox.world


def _annotated(sandbox: Transport, project: int) -> None:
    """A task with three pictures, two boxes and an issue."""
    task = call(sandbox, tasks.create, {"name": "cats", "project_id": project}).unwrap().id
    files = [File(name, painted(name), "image/png") for name in sorted(SCENES)]
    data: models.DataRequestDict = {"client_files": files, "image_quality": 90}
    made = call(sandbox, tasks.create_data, task, data).unwrap()
    assert made is not None
    settle(sandbox, made.rq_id)
    (label,) = call(sandbox, labels.list, project_id=project).unwrap().results
    shapes: list[models.LabeledShapeRequestDict] = [
        {"type": "rectangle", "frame": frame, "label_id": label.id, "points": [1.0, 2.0, 9.0, 8.0]}
        for frame in (0, 2)
    ]
    call(sandbox, tasks.update_annotations, task, {"shapes": shapes}).unwrap()
    (job,) = call(sandbox, jobs.list, task_id=task).unwrap().results
    said: models.IssueWriteRequestDict = {
        "job": job.id,
        "frame": 0,
        "position": [1.0, 2.0, 9.0, 8.0],
        "message": "A cat?",
    }
    call(sandbox, issues.create, said).unwrap()
