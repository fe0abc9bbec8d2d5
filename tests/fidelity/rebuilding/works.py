"""Background work, as far as it had come when it was looked at.

Rule: the world's clock decides how far work is, so work that was under way is dated by that clock.
What has failed or is finished was so when it was looked at, and has had its effect.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, Literal, TypeAlias

from attrs import evolve

from cvatfn import models
from cvatfn.testing.sandbox.state.media import Received
from cvatfn.testing.sandbox.state.works import (
    Background,
    CreateData,
    Delivery,
    ExportBackup,
    ExportDataset,
    ExportEvents,
    ImportAnnotations,
    ImportBackup,
    ImportDataset,
    Result,
    Work,
)
from cvatfn.testing.sandbox.state.world import World, put
from tests.fidelity.rebuilding.annotated import with_job, with_project, with_task
from tests.fidelity.rebuilding.people import with_account, with_organization
from tests.fidelity.recorded import Recorded

__all__ = ["export_of", "request"]

Target: TypeAlias = Literal["project", "task", "job"]

NO_FILE: Final = Received("file.zip", b"")


def request(world: World, seen: models.Request, _: Recorded) -> World:
    """Background work, and what it is about."""
    operation = seen.operation
    making = WORKS.get(operation.type)
    if making is None:
        return world
    world = _with_places(with_account(world, seen.owner.id), operation)
    over = seen.status in (models.RequestStatus.FINISHED, models.RequestStatus.FAILED)
    ended = seen.finished_date or seen.created_date
    made = Background(
        id=seen.id,
        user=seen.owner.id,
        organization=operation.org_id or None,
        work=making(seen, world.origin),
        created=seen.created_date if over else _since(world, seen.status),
        finished=ended if over else None,
        failure=seen.message if seen.status is models.RequestStatus.FAILED else None,
        result=None if seen.result_url is None else _file(seen, ended),
        result_id=seen.result_id,
    )
    return evolve(world, backgrounds=put(world.backgrounds, seen.id, made))


def export_of(target: str, number: int, told: Mapping[str, str], origin: str) -> Work:
    """The work of an export, from what its id tells.

    :param target: of what kind the exported thing is.
    :param number: its id.
    :param told: the parts of the work's id.
    :param origin: where the server was asked.
    """
    subresource, delivery = told.get("subresource", ""), Delivery(origin)
    if subresource == "backup":
        return ExportBackup(
            target="project" if target == "project" else "task", id=number, delivery=delivery
        )
    return ExportDataset(
        target="project" if target == "project" else "job" if target == "job" else "task",
        id=number,
        format=told.get("format", "").replace("_", " ").replace("~", "."),
        save_images=subresource == "dataset",
        delivery=delivery,
    )


def _since(world: World, status: models.RequestStatus) -> datetime:
    """When work was asked for that the next step finds in a state: one step is one tick."""
    ticks = 1 if status is models.RequestStatus.QUEUED else 0
    return world.now + ticks * world.tick


def _file(seen: models.Request, made: datetime) -> Result:
    target = seen.operation.target
    return Result(f"{target}_{seen.operation.type.partition(':')[2]}.zip", b"PK", made)


def _with_places(world: World, operation: models.RequestDataOperation) -> World:
    world = with_organization(world, operation.org_id or None)
    world = with_project(world, operation.project_id)
    world = world if operation.task_id is None else with_task(world, operation.task_id)
    return world if operation.job_id is None else with_job(world, operation.job_id)


def _subject(operation: models.RequestDataOperation) -> tuple[Target, int]:
    match operation.target:
        case "project":
            return "project", operation.project_id or 0
        case "job":
            return "job", operation.job_id or 0
        case _:
            return "task", operation.task_id or 0


def _create(seen: models.Request, _: str) -> Work:
    return CreateData(seen.operation.task_id or 0, models.DataRequest(), ())


def _export(seen: models.Request, origin: str) -> Work:
    target, number = _subject(seen.operation)
    return ExportDataset(
        target=target,
        id=number,
        format=seen.operation.format or "",
        save_images=seen.operation.type == "export:dataset",
        delivery=Delivery(origin),
    )


def _back_up(seen: models.Request, origin: str) -> Work:
    target, number = _subject(seen.operation)
    kind: Literal["project", "task"] = "project" if target == "project" else "task"
    return ExportBackup(target=kind, id=number, delivery=Delivery(origin))


def _export_events(seen: models.Request, origin: str) -> Work:
    return ExportEvents(id=seen.id, wanted={}, since=None, until=None, delivery=Delivery(origin))


def _annotate(seen: models.Request, _: str) -> Work:
    target, number = _subject(seen.operation)
    kind: Literal["task", "job"] = "job" if target == "job" else "task"
    return ImportAnnotations(target=kind, id=number, format="CVAT 1.1", append=False, file=NO_FILE)


def _fill(seen: models.Request, _: str) -> Work:
    return ImportDataset(project=seen.operation.project_id or 0, format="CVAT 1.1", file=NO_FILE)


def _restore(seen: models.Request, _: str) -> Work:
    kind: Literal["project", "task"] = "project" if seen.operation.target == "project" else "task"
    return ImportBackup(target=kind, file=NO_FILE)


WORKS: Final[Mapping[str, Callable[[models.Request, str], Work]]] = {
    "create:task": _create,
    "export:annotations": _export,
    "export:backup": _back_up,
    "export:dataset": _export,
    "export:events": _export_events,
    "import:annotations": _annotate,
    "import:backup": _restore,
    "import:dataset": _fill,
}
"""By the type of an operation, how to make its work; given where the server was asked."""
