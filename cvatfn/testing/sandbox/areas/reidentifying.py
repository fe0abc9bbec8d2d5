"""Re-identification: boxes of one frame and the next that show the same thing become a track.

Rule: a function compares two frames at a time and answers, for each box of the first, the number of
its match in the second, or less than zero. All other annotations stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, cast

from cvatfn import models
from cvatfn.codecs.json import unstructure
from cvatfn.codecs.jsonvalue import JSON
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.areas.annotating import annotations_of
from cvatfn.testing.sandbox.areas.frames import NO_DATA
from cvatfn.testing.sandbox.areas.invoking import invoked
from cvatfn.testing.sandbox.files.detected import is_sequence
from cvatfn.testing.sandbox.state.annotated import Job, Task
from cvatfn.testing.sandbox.state.functions import Function
from cvatfn.testing.sandbox.state.world import World

__all__ = ["reidentified"]

Box = models.LabeledShape


def reidentified(
    world: World,
    function: Function,
    task: Task,
    job: Job | None,
    jobs: Sequence[Job],
    sent: models.FunctionCallRequest,
) -> Outcome[Mapping[str, object], str]:
    """The annotations of a task or job, in which rectangles are joined to tracks.

    :param function: what compares frames.
    :param task: the task.
    :param job: the job, if it is about one.
    :param jobs: where the annotations are.
    :param sent: how.
    """
    data = annotations_of(jobs)
    boxes = [shape for shape in data.shapes if shape.type is models.ShapeType.RECTANGLE]
    if task.media is None:
        return Failure(NO_DATA)
    first, last = (0, len(task.media.frames) - 1) if job is None else (job.start, job.stop)
    by_frame = {
        frame: [box for box in boxes if box.frame == frame] for frame in range(first, last + 1)
    }
    paths = [[box] for box in by_frame[first]]
    for frame in range(first, last):
        here, there = by_frame[frame], by_frame[frame + 1]
        match _matched(world, function, task, job, sent, here, there):
            case Failure() as failed:
                return failed
            case Success(matches):
                pass
        joined = {id(here[one]): there[other] for one, other in matches.items()}
        for path in paths:
            follower = joined.get(id(path[-1]))
            path += [] if follower is None else [follower]
        taken = {id(box) for box in joined.values()}
        paths += [[box] for box in there if id(box) not in taken]
    others = [shape for shape in data.shapes if shape.type is not models.ShapeType.RECTANGLE]
    return Success(
        {
            "tags": list(map(_sent, data.tags)),
            "shapes": list(map(_sent, others)),
            "tracks": [*map(_sent, data.tracks), *(_track(path, last) for path in paths)],
        }
    )


def _matched(
    world: World,
    function: Function,
    task: Task,
    job: Job | None,
    sent: models.FunctionCallRequest,
    here: Sequence[Box],
    there: Sequence[Box],
) -> Outcome[Mapping[int, int], str]:
    """Which box of a frame is which one of the next, by their places; no box is matched twice."""
    if not here or not there:
        return Success({})
    arguments = {
        "frame0": here[0].frame,
        "frame1": there[0].frame,
        "boxes0": [unstructure(box) for box in here],
        "boxes1": [unstructure(box) for box in there],
        **{
            name: value
            for name, value in unstructure(sent).items()
            if name in ("threshold", "max_distance")
        },
    }
    # a model's plain form is JSON
    match invoked(world, function, task, job, cast("Mapping[str, JSON]", arguments)):
        case Failure(trouble):
            return Failure(trouble.said)
        case Success(answer):
            pass
    if not is_sequence(answer) or len(answer) > len(here):
        return Failure(f"{function.id!r} did not answer a number for each box")
    pairs: dict[int, int] = {}
    for place, match in enumerate(answer):
        if not isinstance(match, int) or match >= len(there) or match in pairs.values():
            return Failure(f"{function.id!r} did not answer a number for each box")
        if match >= 0:
            pairs[place] = match
    return Success(pairs)


def _track(path: Sequence[Box], last: int) -> Mapping[str, object]:
    boxes = [_key(box) for box in path]
    first, end = path[0], path[-1]
    if end.frame != last:
        boxes.append({**_key(end), "outside": True, "frame": end.frame + 1})
    return {
        "label_id": first.label_id,
        "frame": first.frame,
        "source": "auto",
        "attributes": [],
        "shapes": boxes,
    }


_KEY: Final = ("type", "frame", "occluded", "z_order", "rotation", "points")


def _key(box: Box) -> Mapping[str, object]:
    held = unstructure(box)
    return {**{name: held[name] for name in _KEY}, "outside": False, "attributes": []}


def _sent(item: object) -> Mapping[str, object]:
    return {name: value for name, value in unstructure(item).items() if value is not None}
