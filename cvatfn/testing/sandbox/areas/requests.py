"""Requests, as CVAT calls background work: listed, looked at, cancelled.

Rule: people see their own, admins everyone's; calls of functions have a listing of their own.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

from attrs import evolve

from cvatfn import models
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.areas.background import began_at, status_of
from cvatfn.testing.sandbox.areas.delivering import path_of
from cvatfn.testing.sandbox.areas.formerly import present_id
from cvatfn.testing.sandbox.areas.operations import operation_of
from cvatfn.testing.sandbox.gates.asking import Asked, Done, done
from cvatfn.testing.sandbox.gates.listing import Columns, paged
from cvatfn.testing.sandbox.gates.permitting import is_admin
from cvatfn.testing.sandbox.gates.replies import Refusal, forbidden, page_not_found
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
)
from cvatfn.testing.sandbox.state.world import World, dropped

__all__ = ["cancel", "list_requests", "retrieve", "shown"]

_A_DAY: Final = timedelta(days=1)
_UNSET_TIMES: Final = timedelta(seconds=500), timedelta(days=365)
_IMPORT_TIMES: Final = timedelta(hours=1), timedelta(days=30)
_EXPORT_TIMES: Final = _A_DAY, _A_DAY
_REPORT_TIMES: Final = timedelta(minutes=2), timedelta(minutes=2)
_MERGE_TIMES: Final = timedelta(minutes=5), timedelta(minutes=5)
"""How long a server remembers work that finished, and work that failed."""

_SAVING: Final = "Task is being saved in database"
"""What the work on a task's data says of itself."""


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
        operation=operation_of(world, work),
        progress=0.0,  # CVAT's own reads 0.0 to the end for these, too
        created_date=work.created,
        started_date=began_at(world, work) if began else None,
        finished_date=work.finished,
        expiry_date=None if work.finished is None else work.finished + _kept(work),
        owner=models.UserIdentifiers(id=work.user, username=world.accounts[work.user].username),
        result_url=_result_url(work),
        result_id=work.result_id,
    )


def _asked_for(world: World, asked: Asked) -> Outcome[Background, Refusal]:
    work = world.backgrounds.get(present_id(asked.needed("id", str)))
    if work is None or isinstance(work.work, CallFunction):
        # CVAT answers this one in plain text that calls itself a page
        return page_not_found("There is no request with this id.")
    if not is_admin(asked.account) and work.user != asked.account.id:
        return forbidden()
    return Success(work)


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


def _columns(world: World) -> Columns[Background]:
    def operation(row: Background) -> models.RequestDataOperation:
        return operation_of(world, row)

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
