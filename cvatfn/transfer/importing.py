"""Files that the server takes in: annotations, datasets, backups.

Rule: however large, a file goes in pieces that survive a fault, and the work on it is started once.
The endpoint says what the file is; its parameters are the endpoint's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial
from os import PathLike
from pathlib import Path
from typing import ParamSpec, TypeVar

from attrs import evolve, field, frozen

from cvatfn import models
from cvatfn.api import projects, requests, tasks
from cvatfn.codecs.files import FileLike
from cvatfn.codecs.problems import Problem
from cvatfn.endpoints import Endpoint
from cvatfn.errors import InvalidParams, Rejected
from cvatfn.flows import Flow, done
from cvatfn.messages import Request
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.outdated import explained
from cvatfn.preparing import prepare
from cvatfn.transfer.errors import DiskError, TransferError
from cvatfn.transfer.flows import PATIENT, Effort, asked, led
from cvatfn.transfer.journal import Journal, Line, Past, journal_in
from cvatfn.transfer.progress import Progress, finishing, silent
from cvatfn.transfer.resumable import Target, uploaded
from cvatfn.transfer.sources import Local, found
from cvatfn.transfer.starting import started
from cvatfn.transfer.tus import Arrived, Spot, Terms, resumed
from cvatfn.transport.types import Transport
from cvatfn.transport.whom import server_of

__all__ = [
    "Importing",
    "dataset_imported",
    "import_annotations",
    "import_dataset",
    "imported",
    "importing_of",
    "project_restored",
    "restore_project",
    "restore_task",
    "task_restored",
]

P = ParamSpec("P")
T = TypeVar("T")


@frozen
class Importing:
    """What is imported, and how it is sent.

    :param file: a path, an open file, bytes, or a `File`.
    :param piece: in pieces of which size it goes, in bytes; faults make them smaller.
    :param progress: who is told how far it is.
    :param journal: a file to note there what was done: the same call with the same journal goes on
        where another process was stopped. It is for one import to one server, and one process at a
        time.
    :param effort: how hard to try.
    :raises ValueError: `piece` is not positive.
    """

    file: FileLike
    piece: int = field(default=1 << 24, kw_only=True)
    progress: Progress = field(default=silent, kw_only=True)
    journal: str | PathLike[str] | None = field(default=None, kw_only=True)
    effort: Effort = field(default=PATIENT, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.piece < 1:
            raise ValueError("piece must be at least 1")


def import_annotations(
    transport: Transport,
    endpoint: Endpoint[P, models.RqId | None],
    file: FileLike | Importing,
    /,
    *args: P.args,
    **params: P.kwargs,
) -> Outcome[models.RqId, TransferError]:
    """Send a file of annotations, and have the server begin to read it.

    :param transport: what sends.
    :param endpoint: into what: `tasks.create_annotations` or `jobs.create_annotations`.
    :param file: the file, or an `Importing` that says more.
    :param args: the endpoint's parameters; the file is no part of them.
    :param params: the same, by name: `format="COCO 1.0"`, `import_mode="append"` ...
    :returns: the id of the request that stands for the server's work; or why there is none.
    """
    prepared = prepare(endpoint, *args, **params)
    flow = imported(endpoint, prepared, file, server=server_of(transport))
    return _led(flow, transport, file)


def import_dataset(
    transport: Transport, project_id: int, file: FileLike | Importing, format: str
) -> Outcome[models.RqId, TransferError]:
    """Send a dataset, and have the server make tasks of it in a project.

    :param transport: what sends.
    :param project_id: the project.
    :param file: the file, or an `Importing` that says more.
    :param format: the dataset's format, such as `COCO 1.0`.
    :returns: the id of the request that stands for the server's work; or why there is none.
    """
    flow = dataset_imported(project_id, file, format, server=server_of(transport))
    return _led(flow, transport, file)


def restore_task(
    transport: Transport, file: FileLike | Importing
) -> Outcome[models.RqId, TransferError]:
    """Send a task's backup, and have the server make a new task of it.

    :param transport: what sends; `in_organization` decides whose the task will be.
    :param file: the file, or an `Importing` that says more.
    :returns: the id of the request that stands for the server's work, whose `result_id` will be the
        new task; or why there is none.
    """
    return _led(task_restored(file, server=server_of(transport)), transport, file)


def restore_project(
    transport: Transport, file: FileLike | Importing
) -> Outcome[models.RqId, TransferError]:
    """Send a project's backup, and have the server make a new project of it.

    :param transport: what sends; `in_organization` decides whose the project will be.
    :param file: the file, or an `Importing` that says more.
    :returns: the id of the request that stands for the server's work, whose `result_id` will be the
        new project; or why there is none.
    """
    return _led(project_restored(file, server=server_of(transport)), transport, file)


def dataset_imported(
    project_id: int, file: FileLike | Importing, format: str, *, server: str | None = None
) -> Flow[Outcome[models.RqId, TransferError]]:
    """`import_dataset` as a flow.

    :param project_id: the project.
    :param file: the file, or an `Importing` that says more.
    :param format: the dataset's format.
    :param server: the origin of the server, where it is known: a journal is for one.
    """
    prepared = prepare(projects.create_dataset, project_id, format=format)
    return imported(projects.create_dataset, prepared, file, server=server)


def task_restored(
    file: FileLike | Importing, *, server: str | None = None
) -> Flow[Outcome[models.RqId, TransferError]]:
    """`restore_task` as a flow.

    :param file: the file, or an `Importing` that says more.
    :param server: the origin of the server, where it is known.
    """
    prepared = prepare(tasks.create_backup)
    return imported(tasks.create_backup, prepared, file, server=server)


def project_restored(
    file: FileLike | Importing, *, server: str | None = None
) -> Flow[Outcome[models.RqId, TransferError]]:
    """`restore_project` as a flow.

    :param file: the file, or an `Importing` that says more.
    :param server: the origin of the server, where it is known.
    """
    prepared = prepare(projects.create_backup)
    return imported(projects.create_backup, prepared, file, server=server)


def imported(
    endpoint: Endpoint[..., models.RqId | None],
    prepared: Outcome[Request, InvalidParams],
    file: FileLike | Importing,
    *,
    server: str | None = None,
) -> Flow[Outcome[models.RqId, TransferError]]:
    """Any import as a flow.

    :param endpoint: what takes the file.
    :param prepared: what `prepare` made of its parameters.
    :param file: the file, or an `Importing` that says more.
    :param server: the origin of the server, where it is known: a journal is for one.
    """
    how = importing_of(file)
    with finishing(how.progress):
        match prepared:
            case Failure() as refused:
                return refused
            case Success(request):
                return (yield from _sent(endpoint, request, how, server))


def importing_of(file: FileLike | Importing) -> Importing:
    """What is imported, with all that may be said of it.

    :param file: the file.
    """
    return file if isinstance(file, Importing) else Importing(file)


def _led(flow: Flow[T], transport: Transport, file: FileLike | Importing) -> T:
    return led(flow, transport, importing_of(file).effort)


@frozen
class _Import:
    """One import: what is asked, what is sent."""

    endpoint: Endpoint[..., models.RqId | None]
    request: Request
    local: Local
    how: Importing
    journal: Journal

    def saying(self, step: str, filename: str) -> Request:
        """The request that says how far the upload is, and what the file is called."""
        query = [pair for pair in self.request.query if pair[0] != "filename"]
        return evolve(
            self.request,
            query=(*query, ("filename", filename)),
            headers=self.request.headers.replaced({step: "true"}),
        )

    def write(self, line: Line) -> Flow[Failure[DiskError] | None]:
        """Note what was done."""
        return done(partial(self.journal.write, line))


def _sent(
    endpoint: Endpoint[..., models.RqId | None],
    request: Request,
    how: Importing,
    server: str | None,
) -> Flow[Outcome[models.RqId, TransferError]]:
    if request.body is not None or ("location", "cloud_storage") in request.query:
        wrong = "is sent by the request itself: that is what `call` is for"
        return Failure(InvalidParams(endpoint.name, (Problem("file", wrong),)))
    path = None if how.journal is None else Path(how.journal)
    stack = ExitStack()
    try:
        match (yield from done(lambda: found(endpoint.name, [how.file], stack))):
            case Failure() as refused:
                return refused
            case Success(measured):
                [local] = measured
        subject = f"{request.target} {local.name}"
        match (yield from done(lambda: journal_in(stack, path, subject, server))):
            case Failure() as unusable:
                return unusable
            case Success(journal):
                pass
        work = _Import(endpoint, request, local, how, journal)
        how.progress.start(local.name, local.size)
        outcome = yield from _flow(work, journal.past)
        if isinstance(outcome, Success):
            journal.over()
    finally:
        yield from done(stack.close)
    return (yield from explained(endpoint, request, outcome))


def _flow(work: _Import, past: Past) -> Flow[Outcome[models.RqId, TransferError]]:
    match (yield from _uploaded(work, past)):
        case Failure() as broken:
            return broken
        case Success(arrived):
            pass
    finish = work.saying("Upload-Finish", arrived.filename)
    listing, doubted = _listing(work.request), work.journal.resumed
    outcome = yield from started(work.how.effort, work.endpoint, finish, listing, doubted=doubted)
    match outcome:
        case Failure(Rejected(status=400 | 404)) if not arrived.sure and not past.lost:
            # It was lost at the last moment, and nothing was taken: once more from the beginning.
            work.how.progress.advance(-work.local.size)
            return (yield from _flow(work, Past(past.started, lost=True)))
        case _:
            return outcome


def _uploaded(work: _Import, past: Past) -> Flow[Outcome[Arrived, TransferError]]:
    local, how = work.local, work.how
    marks = {local.name: local.mark}
    mark, spot = past.standing.get(local.name, ("", None))
    if spot is not None and past.sent.get(local.name) == local.mark:
        how.progress.advance(local.size)
        return Success(Arrived(spot.filename))
    target = Target(work.endpoint, work.request)
    if not past.started:
        start = work.saying("Upload-Start", local.name)
        reply = yield from asked(how.effort, start)
        broken = target.failed(start, reply) or (yield from work.write(Line("started")))
        if broken is not None:
            return broken

    def keep(spot: Spot) -> Failure[DiskError] | None:
        return work.journal.write(Line("standing", marks, spot))

    terms = Terms(local.name, local.size, most=how.piece)
    state = resumed(terms, spot) if spot is not None and mark == local.mark else None
    outcome = yield from uploaded(
        how.effort, target, terms, local, how.progress, state=state, keep=keep
    )
    if isinstance(outcome, Success) and outcome.unwrap().sure:
        return (yield from work.write(Line("sent", marks))) or outcome
    return outcome


def _listing(request: Request) -> Request | None:
    """Lists the requests for work on what a request's path names."""
    _, area, subject, *rest = request.path.strip("/").split("/")
    target = area.removesuffix("s")
    where: Mapping[str, str] = {f"{target}_id": subject} if rest else {}
    query = {"action": "import", "target": target, "subresource": rest[0] if rest else subject}
    listing = prepare(requests.list).unwrap()
    return evolve(listing, query=tuple({**query, **where}.items()))
