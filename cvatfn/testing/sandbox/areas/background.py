"""Background work: what goes on after a request was answered.

How it goes: work is queued when it is asked for, started one tick of the world's clock later, and
finished three ticks after it was asked for; then, and not before, it has its effect. Every request
moves the clock on by a tick, so looking often enough always brings the end, and setting the clock
forward brings it at once. All that steps this machine is in `settled`; `_STARTED` and `_FINISHED`
are its table.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from attrs import evolve

from cvatfn import models
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.areas.delivering import path_of
from cvatfn.testing.sandbox.gates.asking import Asked, Done, done
from cvatfn.testing.sandbox.gates.listing import Columns, paged
from cvatfn.testing.sandbox.gates.replies import conflicting, forbidden, page_not_found, unbuilt
from cvatfn.testing.sandbox.state.works import (
    Background,
    CreateData,
    ExportBackup,
    ExportDataset,
    ExportEvents,
    ImportAnnotations,
    ImportBackup,
    ImportDataset,
    Work,
)
from cvatfn.testing.sandbox.state.world import World, put

__all__ = [
    "begun",
    "cancel",
    "creation_of",
    "list_requests",
    "retrieve",
    "settled",
    "started",
    "subresource",
]

Effect = Callable[[World, Background], Outcome[World, str]]

_STARTED: Final = 1
"""After how many ticks work is started."""
_FINISHED: Final = 3
"""After how many ticks work is finished, or has failed."""
_KEPT: Final = timedelta(days=1)
_IMPORT_KEPT: Final = timedelta(hours=1)


def creation_of(task: int) -> str:
    """The id of the work that makes a task's frames.

    >>> creation_of(7)
    'action=create&target=task&target_id=7'
    """
    return f"action=create&target=task&target_id={task}"


def started(world: World, number: str, user: int, work: Work) -> tuple[World, str]:
    """Queue work.

    :param number: its id.
    :param user: who asked for it.
    :param work: what is to be done.
    """
    queued = Background(id=number, user=user, work=work, created=world.now)
    return evolve(world, backgrounds=put(world.backgrounds, number, queued)), number


def begun(world: World, asked: Asked, number: str, work: Work) -> Done:
    """Queue work and answer its id, unless the same is under way.

    :param number: its id.
    :param work: what is to be done.
    """
    same = world.backgrounds.get(number)
    if same is not None and same.finished is None:
        return conflicting(models.RqId(rq_id=number))
    world, number = started(world, number, asked.account.id, work)
    return done(world, models.RqId(rq_id=number), 202)


def settled(world: World, effect: Effect) -> World:
    """The world after all work whose time has come had its effect.

    :param world: the world at its present time.
    :param effect: does one piece of work.
    """
    for work in tuple(world.backgrounds.values()):
        if work.finished is None and world.now >= _due(world, work):
            match effect(world, work):
                case Success(after):
                    world, failure = after, None
                case Failure(why):
                    failure = why
            made = world.backgrounds.get(work.id, work)
            ended = evolve(made, finished=_due(world, work), failure=failure)
            world = evolve(world, backgrounds=put(world.backgrounds, work.id, ended))
    return world


def list_requests(world: World, asked: Asked) -> Done:
    """One's own background work; a superuser sees everyone's."""
    rows = [
        work
        for work in world.backgrounds.values()
        if asked.account.is_superuser or work.user == asked.account.id
    ]
    page = paged(
        world,
        asked,
        rows,
        _columns(world),
        lambda row: shown(world, row),
        order="-created_date",
        unfiltered=("created_date",),
        plain=True,
    )
    return _fresh(page)


def retrieve(world: World, asked: Asked) -> Done:
    """How far one piece of work is."""
    work = world.backgrounds.get(asked.needed("id", str))
    if work is None:
        # CVAT answers this one in plain text that calls itself a page
        return page_not_found("There is no request with this id.")
    if not asked.account.is_superuser and work.user != asked.account.id:
        return forbidden()
    return _fresh(done(world, shown(world, work)))


def cancel(_world: World, _asked: Asked) -> Done:
    """Refuse: work is over too soon to be stopped."""
    return unbuilt("a way to stop background work yet")


def shown(world: World, work: Background) -> models.Request:
    """Background work as CVAT shows it.

    :param world: its clock says how far the work is.
    :param work: the work.
    """
    status = _status(world, work)
    began = status is not models.RequestStatus.QUEUED
    return models.Request(
        status=status,
        message=work.failure or "",
        id=work.id,
        operation=_operation(world, work.work),
        progress=0.0,  # CVAT's own reads 0.0 to the end for these, too
        created_date=work.created,
        started_date=work.created + _STARTED * world.tick if began else None,
        finished_date=work.finished,
        expiry_date=None if work.finished is None else work.finished + _kept(work.work),
        owner=models.UserIdentifiers(id=work.user, username=world.accounts[work.user].username),
        result_url=_result_url(work),
        result_id=work.result_id,
    )


def _due(world: World, work: Background) -> datetime:
    return work.created + _FINISHED * world.tick


def _status(world: World, work: Background) -> models.RequestStatus:
    if work.failure is not None:
        return models.RequestStatus.FAILED
    if work.finished is not None:
        return models.RequestStatus.FINISHED
    if world.now >= work.created + _STARTED * world.tick:
        return models.RequestStatus.STARTED
    return models.RequestStatus.QUEUED


def _kept(work: Work) -> timedelta:
    imported = isinstance(work, ImportAnnotations | ImportDataset | ImportBackup)
    return _IMPORT_KEPT if imported else _KEPT


def _result_url(background: Background) -> str | None:
    work = background.work
    if background.result is None or not isinstance(
        work, ExportDataset | ExportBackup | ExportEvents
    ):
        return None
    return f"{work.delivery.origin}{path_of(work)}?{urlencode({'rq_id': background.id})}"


def _operation(world: World, work: Work) -> models.RequestDataOperation:
    kind, target = _kind(work)
    project, task, job = _places(world, work)
    return models.RequestDataOperation(
        type=kind,
        target=target,
        project_id=project,
        task_id=task,
        job_id=job,
        org_id=None,
        format=work.format if isinstance(work, ExportDataset) else None,
        lightweight=None,
    )


def _kind(work: Work) -> tuple[str, str]:
    """The type of an operation, and what kind of thing it is about."""
    match work:
        case CreateData():
            return "create:task", "task"
        case ExportDataset():
            return f"export:{subresource(work)}", work.target
        case ExportBackup():
            return "export:backup", work.target
        case ExportEvents():
            return "export:events", "events"
        case ImportAnnotations():
            return "import:annotations", work.target
        case ImportDataset():
            return "import:dataset", "project"
        case ImportBackup():
            return "import:backup", work.target


def subresource(work: ExportDataset) -> str:
    """What is exported: with images it is a dataset, without them annotations.

    :param work: the export.
    """
    return "dataset" if work.save_images else "annotations"


def _places(world: World, work: Work) -> tuple[int | None, int | None, int | None]:
    """The project, the task and the job that work is about."""
    match work:
        case ExportEvents() | ImportBackup():
            return None, None, None
        case CreateData():
            return _project(world, work.task), work.task, None
        case ImportDataset():
            return work.project, None, None
        case _:
            pass
    match work.target:
        case "project":
            return work.id, None, None
        case "task":
            return _project(world, work.id), work.id, None
        case "job":
            job = world.jobs.get(work.id)
            task = None if job is None else job.task
            return _project(world, task), task, work.id


def _project(world: World, number: int | None) -> int | None:
    task = None if number is None else world.tasks.get(number)
    return None if task is None else task.project


def _columns(world: World) -> Columns[Background]:
    def operation(row: Background) -> models.RequestDataOperation:
        return _operation(world, row.work)

    return {
        "status": lambda row: _status(world, row).value,
        "created_date": lambda row: row.created,
        "action": lambda row: operation(row).type.partition(":")[0],
        "target": lambda row: operation(row).target,
        "subresource": lambda row: operation(row).type.partition(":")[2] or None,
        "format": lambda row: operation(row).format or None,
        "task_id": lambda row: operation(row).task_id,
        "job_id": lambda row: operation(row).job_id,
        "project_id": lambda row: operation(row).project_id,
        "org": lambda _: None,
        "org_id": lambda _: None,
    }


def _fresh(answered: Done) -> Done:
    """An answer that nothing on its way may keep: who polls wants to know how far work is now."""
    match answered:
        case Success(outgoing):
            answer = outgoing.answer
            kept = evolve(answer, headers=(*answer.headers, _NEVER_KEPT))
            return Success(evolve(outgoing, answer=kept))
        case Failure() as refusal:
            return refusal


_NEVER_KEPT: Final = (
    "Cache-Control",
    "max-age=0, no-cache, no-store, must-revalidate, private",
)
