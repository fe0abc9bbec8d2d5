"""What background work is about, as CVAT names it: a kind, a target, and the ids of what is there.

Rule: what work says of itself is made of what was asked for; where it is, the world says.
"""

from __future__ import annotations

from cvatfn import models
from cvatfn.codecs.unset import UNSET
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
from cvatfn.testing.sandbox.state.world import World

__all__ = ["operation_of", "subresource"]


def operation_of(world: World, background: Background) -> models.RequestDataOperation:
    """What work is about.

    :param background: the work.
    """
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
        # what has no formats is not said to have none
        format=UNSET
        if isinstance(work, CalculateQuality | MergeConsensus)
        else work.format
        if isinstance(work, ExportDataset)
        else None,
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
