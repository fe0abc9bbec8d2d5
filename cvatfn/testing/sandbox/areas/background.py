"""Background work: what goes on after a request was answered.

How it goes: work is queued when it is asked for, started two ticks of the world's clock later, and
finished three ticks after it was asked for; then, and not before, it has its effect. Every request
moves the clock on by a tick, so the first look sees it queued, the second started, the third
finished; setting the clock forward brings the end at once. As long as it is queued, it can be
cancelled, and is as if it had never been asked for. All that steps this machine is in `settled`;
`_STARTED` and `_FINISHED` are its table.
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
from cvatfn.testing.sandbox.gates.permitting import is_admin
from cvatfn.testing.sandbox.gates.replies import Refusal, conflicting, forbidden, page_not_found
from cvatfn.testing.sandbox.state.works import (
    Background,
    CalculateQuality,
    CallFunction,
    CreateData,
    ExportBackup,
    ExportDataset,
    ExportEvents,
    ImportAnnotations,
    ImportBackup,
    ImportDataset,
    MergeConsensus,
    Work,
)
from cvatfn.testing.sandbox.state.world import World, dropped, put

__all__ = [
    "began_at",
    "begun",
    "cancel",
    "creation_of",
    "list_requests",
    "retrieve",
    "settled",
    "shown",
    "started",
    "status_of",
    "subresource",
]

Effect = Callable[[World, Background], Outcome[World, str]]

_STARTED: Final = 2
"""After how many ticks work is started."""
_FINISHED: Final = 3
"""After how many ticks work is finished, or has failed."""

_A_DAY: Final = timedelta(days=1)
_UNSET_TIMES: Final = timedelta(seconds=500), timedelta(days=365)
_IMPORT_TIMES: Final = timedelta(hours=1), timedelta(days=30)
_EXPORT_TIMES: Final = _A_DAY, _A_DAY
_REPORT_TIMES: Final = timedelta(minutes=2), timedelta(minutes=2)
_MERGE_TIMES: Final = timedelta(minutes=5), timedelta(minutes=5)
"""How long a server remembers work that finished, and work that failed."""

_SAVING: Final = "Task is being saved in database"
"""What the work on a task's data says of itself."""


def creation_of(task: int) -> str:
    """The id of the work that makes a task's frames.

    >>> creation_of(7)
    'action=create&target=task&target_id=7'
    """
    return f"action=create&target=task&target_id={task}"


def started(world: World, asked: Asked, number: str, work: Work) -> tuple[World, str]:
    """Queue work.

    :param asked: the request that asks for it.
    :param number: its id.
    :param work: what is to be done.
    :param organization: what it was asked within, and what it makes belongs to.
    """
    queued = Background(
        id=number,
        user=asked.account.id,
        organization=asked.organization_id,
        work=work,
        created=world.now,
    )
    return evolve(world, backgrounds=put(world.backgrounds, number, queued)), number


def begun(world: World, asked: Asked, number: str, work: Work) -> Done:
    """Queue work and answer its id, unless the same is under way.

    :param number: its id.
    :param work: what is to be done.
    """
    same = world.backgrounds.get(number)
    if same is not None and same.finished is None:
        return conflicting(models.RqId(rq_id=number))
    world, number = started(world, asked, number, work)
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
        if (is_admin(asked.account) or work.user == asked.account.id)
        and not isinstance(work.work, CallFunction)  # these have a list of their own
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
    match _asked_for(world, asked):
        case Failure() as refusal:
            return refusal
        case Success(work):
            return _fresh(done(world, shown(world, work)))


def cancel(world: World, asked: Asked) -> Done:
    """Drop work that is still queued."""
    match _asked_for(world, asked):
        case Failure() as refusal:
            return refusal
        case Success(work) if status_of(world, work) is models.RequestStatus.QUEUED:
            return done(evolve(world, backgrounds=dropped(world.backgrounds, work.id)), None)
        case Success():
            # plain text that calls itself a page, as where there is no such work
            return Failure(Refusal(400, b"Work that has started already goes on to its end."))


def shown(world: World, work: Background) -> models.Request:
    """Background work as CVAT shows it.

    :param world: its clock says how far the work is.
    :param work: the work.
    """
    status = status_of(world, work)
    began = status is not models.RequestStatus.QUEUED
    return models.Request(
        status=status,
        message=_message(work, status),
        id=work.id,
        operation=_operation(world, work),
        progress=0.0,  # CVAT's own reads 0.0 to the end for these, too
        created_date=work.created,
        started_date=began_at(world, work) if began else None,
        finished_date=work.finished,
        expiry_date=None if work.finished is None else work.finished + _kept(work),
        owner=models.UserIdentifiers(id=work.user, username=world.accounts[work.user].username),
        result_url=_result_url(work),
        result_id=work.result_id,
    )


def began_at(world: World, work: Background) -> datetime:
    """When work is started, or will be.

    :param work: the work.
    """
    return work.created + _STARTED * world.tick


def _asked_for(world: World, asked: Asked) -> Outcome[Background, Refusal]:
    work = world.backgrounds.get(asked.needed("id", str))
    if work is None or isinstance(work.work, CallFunction):
        # CVAT answers this one in plain text that calls itself a page
        return page_not_found("There is no request with this id.")
    if not is_admin(asked.account) and work.user != asked.account.id:
        return forbidden()
    return Success(work)


def _due(world: World, work: Background) -> datetime:
    return work.created + _FINISHED * world.tick


def status_of(world: World, work: Background) -> models.RequestStatus:
    """How far work is, by the world's clock.

    :param work: the work.
    """
    if work.failure is not None:
        return models.RequestStatus.FAILED
    if work.finished is not None:
        return models.RequestStatus.FINISHED
    if world.now >= began_at(world, work):
        return models.RequestStatus.STARTED
    return models.RequestStatus.QUEUED


def _message(work: Background, status: models.RequestStatus) -> str:
    saving = status is models.RequestStatus.STARTED and isinstance(work.work, CreateData)
    return _SAVING if saving else work.failure or ""


def _kept(work: Background) -> timedelta:
    match work.work:
        case CreateData():
            finished, failed = _UNSET_TIMES
        case ImportAnnotations() | ImportDataset() | ImportBackup():
            finished, failed = _IMPORT_TIMES
        case CalculateQuality():
            finished, failed = _REPORT_TIMES
        case MergeConsensus():
            finished, failed = _MERGE_TIMES
        case _:
            finished, failed = _EXPORT_TIMES
    return finished if work.failure is None else failed


def _result_url(background: Background) -> str | None:
    work = background.work
    if background.result is None or not isinstance(
        work, ExportDataset | ExportBackup | ExportEvents
    ):
        return None
    return f"{work.delivery.origin}{path_of(work)}?{urlencode({'rq_id': background.id})}"


def _operation(world: World, background: Background) -> models.RequestDataOperation:
    work = background.work
    kind, target = _kind(work)
    project, task, job = _places(world, work)
    return models.RequestDataOperation(
        type=kind,
        target=target,
        project_id=project,
        task_id=task,
        job_id=job,
        org_id=_organization(world, project, task),
        format=work.format if isinstance(work, ExportDataset) else None,
        lightweight=True if isinstance(work, ExportBackup) and work.lightweight else None,
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
        case CallFunction():
            return "autoannotate:task", "task"
        case CalculateQuality():
            return "calculate:quality", work.target
        case MergeConsensus():
            return f"merge:{work.target}", work.target


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
        case CallFunction():
            return _project(world, work.task), work.task, work.job
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


def _organization(world: World, project: int | None, task: int | None) -> int | None:
    """The organization of what work is about, whoever asked for it from wherever."""
    owner = world.projects.get(project or 0) if task is None else world.tasks.get(task)
    return None if owner is None else owner.organization


def _columns(world: World) -> Columns[Background]:
    def operation(row: Background) -> models.RequestDataOperation:
        return _operation(world, row)

    def slug(row: Background) -> str | None:
        there = None if row.organization is None else world.organizations.get(row.organization)
        return None if there is None else there.slug

    return {
        "status": lambda row: status_of(world, row).value,
        "created_date": lambda row: row.created,
        "action": lambda row: operation(row).type.partition(":")[0],
        "target": lambda row: operation(row).target,
        "subresource": lambda row: operation(row).type.partition(":")[2] or None,
        "format": lambda row: operation(row).format or None,
        "task_id": lambda row: operation(row).task_id,
        "job_id": lambda row: operation(row).job_id,
        "project_id": lambda row: operation(row).project_id,
        "org": lambda row: _slug(world, operation(row).org_id or 0),
        "org_id": lambda row: operation(row).org_id or None,
    }


def _slug(world: World, number: int) -> str | None:
    organization = world.organizations.get(number)
    return None if organization is None else organization.slug


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
