"""Give every shape of one label another label, in all jobs of a task: read, convert, patch.

Only the shapes that change are sent. What was read becomes what can be written by `convert`.

    python -m examples.relabelling https://cvat.example TOKEN TASK cat tiger
"""

from __future__ import annotations

import sys
from typing import TypeAlias

from attrs import evolve, frozen
from typing_extensions import override

from cvatfn import (
    CallError,
    Failure,
    Outcome,
    Success,
    Transport,
    call,
    collect,
    connect,
    convert,
    models,
    paginate,
)
from cvatfn.api import jobs, labels
from cvatfn.auth import AccessToken
from cvatfn.codecs.problems import DecodeError
from examples.running import run


@frozen
class NoSuchLabel:
    """The task has no label of this name."""

    name: str
    known: tuple[str, ...]

    @override
    def __str__(self) -> str:
        return f"there is no label {self.name!r}, only {', '.join(map(repr, self.known))}"


Error: TypeAlias = CallError | DecodeError | NoSuchLabel


def relabel(cvat: Transport, task: int, old: str, new: str) -> Outcome[int, Error]:
    """Give the shapes of one label another one.

    :param cvat: what sends.
    :param task: the task's id.
    :param old: the name of the label that the shapes have.
    :param new: the name of the label that they get.
    :returns: how many shapes were changed; what was done before a failure stays done.
    """
    match collect(paginate(cvat, labels.list, task_id=task)):
        case Success(found):
            ids = {label.name: label.id for label in found}
        case Failure() as failure:
            return failure
    for name in (old, new):
        if name not in ids:
            return Failure(NoSuchLabel(name, tuple(ids)))
    changed = 0
    for outcome in paginate(cvat, jobs.list, task_id=task):
        match outcome:
            case Success(job):
                done = _relabelled(cvat, job.id, ids[old], ids[new])
            case Failure() as failure:
                return failure
        match done:
            case Success(count):
                changed += count
            case Failure() as failure:
                return failure
    return Success(changed)


def _relabelled(cvat: Transport, job: int, old: int, new: int) -> Outcome[int, Error]:
    match call(cvat, jobs.retrieve_annotations, job):
        case Success(read):
            shapes = [shape for shape in read.shapes if shape.label_id == old]
        case Failure() as failure:
            return failure
    if not shapes:
        return Success(0)
    # The attributes belong to the old label: the new one has others, or none.
    changed = tuple(evolve(shape, label_id=new, attributes=()) for shape in shapes)
    match convert(changed, tuple[models.LabeledShapeRequest, ...]):
        case Success(written):
            body = models.PatchedLabeledDataRequest(shapes=written)
        case Failure() as unwritten:
            return unwritten
    match call(cvat, jobs.partial_update_annotations, job, body, action="update"):
        case Success():
            return Success(len(changed))
        case Failure() as failure:
            return failure


def main(url: str, token: str, task: str, old: str, new: str) -> int:
    """Relabel a task, and say how many shapes it was."""
    with connect(url, auth=AccessToken(token)) as cvat:
        match relabel(cvat, int(task), old, new):
            case Success(count):
                print(f"shapes of {old} that are {new} now: {count}")
                return 0
            case Failure(error):
                print(error, file=sys.stderr)
                return 1


if __name__ == "__main__":
    run(main)
