"""Automatic annotation: a function goes through a task or job in the background.

Rule: it is background work like any other, with a list of its own. One at a time goes through a
task; what a function found lands in the task when all frames were looked at, or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, cast

from attrs import evolve

from cvatfn import models
from cvatfn.codecs.dicts import check
from cvatfn.codecs.json import unstructure
from cvatfn.codecs.jsonvalue import JSON
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.areas.annotating import written
from cvatfn.testing.sandbox.areas.background import began_at, started, status_of
from cvatfn.testing.sandbox.areas.changes import places_of
from cvatfn.testing.sandbox.areas.frames import NO_DATA
from cvatfn.testing.sandbox.areas.functions import no_function, said_no
from cvatfn.testing.sandbox.areas.invoking import invoked
from cvatfn.testing.sandbox.areas.logbook import logged, server_row
from cvatfn.testing.sandbox.areas.reidentifying import reidentified
from cvatfn.testing.sandbox.files.detected import annotations_of, is_object, is_sequence
from cvatfn.testing.sandbox.files.labelmaps import task_labels
from cvatfn.testing.sandbox.gates.asking import Asked, Done, done
from cvatfn.testing.sandbox.gates.permitting import is_admin, may_see_job, may_see_task
from cvatfn.testing.sandbox.gates.replies import Refusal, forbidden, not_there
from cvatfn.testing.sandbox.state.annotated import Job, Task
from cvatfn.testing.sandbox.state.functions import Function
from cvatfn.testing.sandbox.state.lookups import jobs_of
from cvatfn.testing.sandbox.state.works import Background, CallFunction
from cvatfn.testing.sandbox.state.world import World, dropped

__all__ = ["create", "destroy", "list_calls", "make_annotated", "retrieve"]


def create(world: World, asked: Asked) -> Done:
    """Begin to annotate a task, or one of its jobs."""
    sent = asked.needed("function_call_request", models.FunctionCallRequest)
    match _target(world, asked, sent):
        case Failure() as refusal:
            return refusal
        case Success((task, job)):
            pass
    if sent.function not in world.functions:
        return no_function(sent.function)
    number = f"action=autoannotate&target=task&target_id={task.id}"
    same = world.backgrounds.get(number)
    if same is not None and same.finished is None:
        return said_no(409, f"Only one running request is allowed for the same task #{task.id}")
    work = CallFunction(task=task.id, job=None if job is None else job.id, settings=sent)
    world, number = started(world, asked, number, work)
    places = places_of(world, task if job is None else job)
    payload = {"function": {"id": sent.function}, "category": "batch"}
    row = server_row(world, "call:function", asked.account.id, places, payload)
    world = logged(world, [row])
    return done(world, shown(world, world.backgrounds[number], work))


def list_calls(world: World, asked: Asked) -> Done:
    """The calls for tasks that one may see; those that failed are not listed, as in CVAT."""
    calls = [
        shown(world, each, each.work)
        for each in world.backgrounds.values()
        if isinstance(each.work, CallFunction)
        and each.failure is None
        and _may_see(world, asked, each.work)
    ]
    return done(world, tuple(calls))


def retrieve(world: World, asked: Asked) -> Done:
    """How far one call is."""
    match _found(world, asked):
        case Failure() as refusal:
            return refusal
        case Success((call, work)):
            return done(world, shown(world, call, work))


def destroy(world: World, asked: Asked) -> Done:
    """Cancel a call, or forget one that is over; who asked for it may."""
    match _found(world, asked):
        case Failure() as refusal:
            return refusal
        case Success((call, _)):
            pass
    if not is_admin(asked.account) and asked.account.id != call.user:
        return forbidden()
    return done(evolve(world, backgrounds=dropped(world.backgrounds, call.id)), None, 204)


def make_annotated(world: World, work: CallFunction) -> Outcome[World, str]:
    """Let a function go through the frames, and keep what it found.

    :param world: before.
    :param work: the function, the task or job, and how.
    :returns: the world with the annotations, or why there are none.
    """
    sent, task = work.settings, world.tasks.get(work.task)
    function = world.functions.get(sent.function)
    job = None if work.job is None else world.jobs.get(work.job)
    if task is None or (job is None and work.job is not None):
        return Failure("the task or job is gone")
    if function is None:
        return Failure(f"there is no function {sent.function!r}")
    if job is not None and job.task != task.id:
        return Failure("Job task id does not match task id")
    jobs = jobs_of(world, task.id) if job is None else (job,)
    if sent.cleanup is True:
        match written(world, models.LabeledDataRequest(), "put", jobs):
            case Failure(refusal):
                return Failure(str(refusal.body))
            case Success(cleaned):
                world = cleaned.world
                jobs = tuple(world.jobs[each.id] for each in jobs)
    match function.kind:
        case "detector":
            found = _detected(world, function, task, job, sent)
            action = "create"
        case "reid":
            found = reidentified(world, function, task, job, jobs, sent)
            action = "put"
        case _:
            return Success(world)  # these are called frame by frame, and by hand
    match found:
        case Failure() as failed:
            return failed
        case Success(data):
            return _kept(world, data, action, jobs)


def shown(world: World, call: Background, work: CallFunction) -> models.FunctionCall:
    """A call as CVAT shows it.

    :param world: its clock says how far the call is.
    :param call: the call.
    :param work: what it does.
    """
    status = status_of(world, call)
    waits = status is models.RequestStatus.QUEUED
    return models.FunctionCall(
        id=call.id,
        function=models.FunctionCallParams(
            id=work.settings.function,
            task=work.task,
            job=UNSET if work.job is None else work.job,
            threshold=work.settings.threshold
            if isinstance(work.settings.threshold, float | int)
            else None,
        ),
        status=status.value,
        progress=_WHOLE if status is models.RequestStatus.FINISHED else 0,
        enqueued=call.created,
        started=None if waits else began_at(world, call),
        ended=call.finished,
        exc_info=call.failure,
    )


_WHOLE: Final = 100


def _target(
    world: World, asked: Asked, sent: models.FunctionCallRequest
) -> Outcome[tuple[Task, Job | None], Refusal]:
    """The task, and the job if one is named; who may see it may annotate it.

    A job of another task is found out when the work begins; but nobody holds up a task by naming a
    job of their own.
    """
    job = None if isinstance(sent.job, Unset) else world.jobs.get(sent.job)
    if job is None and not isinstance(sent.job, Unset):
        return not_there("Job")
    task = world.tasks.get(sent.task)
    if task is None:
        return not_there("Task")
    seen = job is None or may_see_job(world, asked.account, job)
    if job is None or job.task != task.id:
        seen = seen and may_see_task(world, asked.account, task)
    return Success((task, job)) if seen else forbidden()


def _found(world: World, asked: Asked) -> Outcome[tuple[Background, CallFunction], Refusal]:
    number = asked.needed("id", str)
    call = world.backgrounds.get(number)
    if call is None or not isinstance(call.work, CallFunction):
        return said_no(404, f"{number} lambda job is not found")
    if not _may_see(world, asked, call.work):
        return forbidden()
    return Success((call, call.work))


def _may_see(world: World, asked: Asked, work: CallFunction) -> bool:
    job = None if work.job is None else world.jobs.get(work.job)
    if job is not None:
        return may_see_job(world, asked.account, job)
    task = world.tasks.get(work.task)
    if task is None:
        return is_admin(asked.account)
    return may_see_task(world, asked.account, task)


def _detected(
    world: World,
    function: Function,
    task: Task,
    job: Job | None,
    sent: models.FunctionCallRequest,
) -> Outcome[Mapping[str, object], str]:
    media = task.media
    if media is None:
        return Failure(NO_DATA)
    labels = task_labels(world, task)
    arguments = cast("Mapping[str, JSON]", unstructure(sent))  # a model's plain form is JSON
    first, last = (0, len(media.frames) - 1) if job is None else (job.start, job.stop)
    tags: list[dict[str, object]] = []
    shapes: list[dict[str, object]] = []
    for frame in range(first, last + 1):
        if frame in media.deleted:
            continue
        match invoked(world, function, task, job, {**arguments, "frame": frame}):
            case Failure(trouble):
                return Failure(trouble.said)
            case Success(answer):
                pass
        found = [each for each in answer if is_object(each)] if is_sequence(answer) else []
        polygons = sent.conv_mask_to_poly is True or sent.convMaskToPoly is True
        more_tags, more_shapes = annotations_of(found, labels, frame, polygons=polygons)
        tags += more_tags
        shapes += more_shapes
    return Success({"tags": tags, "shapes": shapes})


def _kept(
    world: World, data: Mapping[str, object], action: str, jobs: Sequence[Job]
) -> Outcome[World, str]:
    match check(models.LabeledDataRequest, data):
        case Failure(problems):
            return Failure("; ".join(map(str, problems[:_MOST_PROBLEMS])))
        case Success(sent) if isinstance(sent, models.LabeledDataRequest):
            pass
        case _:
            return Failure("the function found no annotations")
    match written(world, sent, action, jobs):
        case Failure(refusal):
            return Failure(str(refusal.body))
        case Success(outgoing):
            return Success(outgoing.world)


_MOST_PROBLEMS: Final = 10
