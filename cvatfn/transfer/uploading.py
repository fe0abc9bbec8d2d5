"""Giving a task its media: from this machine, the web, the server's share or a cloud storage.

How it goes with local files: `Upload-Start`; small files together (`Upload-Multiple`), large ones
in pieces that survive a fault (TUS), several of both at once; `Upload-Finish` with all that says
how the files are to be treated, as JSON, which can say what no form can.

Rule: here is what is asked and in which order; `sending.py` is how local files get there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final, TypeAlias

from attrs import evolve, field, frozen

from cvatfn import models
from cvatfn.api import requests, tasks
from cvatfn.codecs.clearing import shown
from cvatfn.codecs.files import FileLike, as_file
from cvatfn.codecs.problems import Problem
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.errors import InvalidParams
from cvatfn.flows import Flow, done
from cvatfn.forking import making
from cvatfn.messages import Request
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.preparing import prepare
from cvatfn.transfer.errors import TransferError
from cvatfn.transfer.flows import Effort, led
from cvatfn.transfer.journal import journal_in
from cvatfn.transfer.progress import finishing
from cvatfn.transfer.sending import CHECKED, Uploading, sent
from cvatfn.transfer.sources import Local, found
from cvatfn.transfer.starting import started
from cvatfn.transport.types import Transport
from cvatfn.transport.whom import server_of

__all__ = ["AtUrls", "InCloud", "Media", "OnShare", "data_given", "upload_data"]

QUALITY: Final = 70
"""What CVAT's own clients say where nobody said how well frames are to be kept."""


@frozen
class OnShare:
    """Media on the share that the server has mounted.

    :param paths: files and folders, from the share's root; a folder ends in `/`.
    :param exclude: those below them that are left out.
    """

    paths: Sequence[str]
    exclude: Sequence[str] = ()


@frozen
class AtUrls:
    """Media that the server fetches from the web.

    :param urls: `http` or `https` URLs that the server can reach.
    """

    urls: Sequence[str] = field(repr=shown)


@frozen
class InCloud:
    """Media in a cloud storage that is attached to the server.

    :param storage: the cloud storage's id.
    :param keys: the files' names there.
    """

    storage: int
    keys: Sequence[str]


Media: TypeAlias = Iterable[FileLike] | OnShare | AtUrls | InCloud
"""Where media are: files of this machine, or what the server itself can reach."""


def upload_data(
    transport: Transport,
    task_id: int,
    files: Media = (),
    spec: models.DataRequestLike | None = None,
    options: Uploading = Uploading(),  # noqa: B008 - frozen
) -> Outcome[models.RqId, TransferError]:
    """Give a task its media, and have the server begin to work on them.

    Local files may be of any number and size; memory stays constant. Each needs a name of its own:
    a path's last part, unless it is given as `File("folder/cat.png", path)`. Faults that may pass
    are waited out, and what broke goes on where it was. `wait_for` waits for the server's work.

    :param transport: what sends; it must bear threads.
    :param task_id: the task, which must have no media yet.
    :param files: the media: paths, open files, bytes, `File`s; or `OnShare`, `AtUrls`, `InCloud`.
    :param spec: how to treat them, as a model or a dict; with `sorting_method="predefined"` they
        keep the order in which they are given. The quality of compressed frames is 70 unless told.
    :param options: how to send local files.
    :returns: the id of the request that stands for the server's work; or why there is none.

    >>> from cvatfn import File, call
    >>> from cvatfn.testing.sandbox import Sandbox, World
    >>> from cvatfn.auth import Basic
    >>> from cvatfn.testing.pictures import painted
    >>> from cvatfn.transport import authenticated
    >>> sandbox = Sandbox(World.with_user("ada", "s3cret"))
    >>> ada = authenticated(sandbox, Basic("ada", "s3cret"), sandbox.world.origin)
    >>> task = call(ada, tasks.create, {"name": "shapes"}).unwrap()
    >>> upload_data(ada, task.id, [File("noon.png", painted("noon.png"))], {"image_quality": 90})
    <Success: RqId(rq_id='action=create&target=task&target_id=1')>
    """
    flow = data_given(task_id, files, spec, options, server=server_of(transport))
    return led(flow, transport, options.effort)


def data_given(
    task_id: int,
    files: Media = (),
    spec: models.DataRequestLike | None = None,
    options: Uploading = Uploading(),  # noqa: B008 - frozen
    *,
    server: str | None = None,
) -> Flow[Outcome[models.RqId, TransferError]]:
    """The same as a flow.

    :param task_id: the task, which must have no media yet.
    :param files: the media.
    :param spec: how to treat them, as a model or a dict.
    :param options: how to send local files.
    :param server: the origin of the server, where it is known: a journal is for one.
    """
    with finishing(options.progress):
        return (yield from _given(task_id, files, spec, options, server))


def _given(
    task_id: int,
    files: Media,
    spec: models.DataRequestLike | None,
    options: Uploading,
    server: str | None,
) -> Flow[Outcome[models.RqId, TransferError]]:
    match _checked(spec):
        case Failure() as refused:
            return refused
        case Success(data):
            pass
    if isinstance(data.image_quality, Unset):
        data = evolve(data, image_quality=QUALITY)
    match files:
        case OnShare(paths, exclude):
            data = evolve(data, server_files=paths, server_files_exclude=exclude or UNSET)
            return (yield from _told_where(task_id, data, options.effort))
        case AtUrls(urls):
            data = evolve(data, remote_files=urls)
            return (yield from _told_where(task_id, data, options.effort))
        case InCloud(storage, keys):
            data = evolve(data, cloud_storage_id=storage, server_files=keys)
            return (yield from _told_where(task_id, data, options.effort))
        case _:
            pass
    brought = () if isinstance(data.client_files, Unset) else data.client_files
    if _is_single(files):
        wrong = Problem("files", "is no list of files: give one file as `[file]`")
        return Failure(InvalidParams(tasks.create_data.name, (wrong,)))
    try:
        local = yield from done(lambda: (*files, *brought))
    except Exception as error:  # a caller's generator may raise anything: a folder is not there
        wrong = Problem("files", f"cannot be listed: {type(error).__name__}: {error}")
        return Failure(InvalidParams(tasks.create_data.name, (wrong,)))
    if not local:
        return (yield from _told_where(task_id, data, options.effort))
    stack = ExitStack()
    try:
        match (yield from done(lambda: found(tasks.create_data.name, local, stack))):
            case Failure() as refused:
                return refused
            case Success(measured):
                return (yield from _uploaded(task_id, measured, data, options, server, stack))
    finally:
        yield from done(stack.close)


def _checked(spec: models.DataRequestLike | None) -> Outcome[models.DataRequest, InvalidParams]:
    if spec is None:
        return Success(models.DataRequest())
    # cattrs is slow to import. What is read here is a caller's: no unknown key is passed over.
    with making():
        from cvatfn.codecs import dicts

    match dicts.check(models.DataRequest, spec):
        case Failure(problems):
            return Failure(InvalidParams(tasks.create_data.name, problems))
        case Success(models.DataRequest() as data):
            return Success(data)
        case Success(other):
            raise AssertionError(f"checked, and yet it is {other!r}")  # pragma: no cover


def _is_single(files: object) -> bool:
    """Whether this is one file, the lines of which would be taken for files."""
    return as_file(files) is not None or not isinstance(files, Iterable)


def _told_where(
    task_id: int, data: models.DataRequest, effort: Effort
) -> Flow[Outcome[models.RqId, TransferError]]:
    """Nothing is sent but where the media are."""
    if not (data.server_files or data.remote_files):
        wrong = Problem("files", "are none: give files, or `OnShare`, `AtUrls` or `InCloud`")
        return Failure(InvalidParams(tasks.create_data.name, (wrong,)))
    match prepare(tasks.create_data, task_id, data):
        case Failure() as refused:
            return refused
        case Success(request):
            pass
    match _creation_of(task_id):
        case Failure() as refused:
            return refused
        case Success(creation):
            return (yield from started(effort, tasks.create_data, request, creation, once=True))


def _creation_of(task_id: int) -> Outcome[Request, InvalidParams]:
    """The request that lists the work which gave a task its media."""
    match prepare(requests.list, action="create", target="task", task_id=task_id):
        case Failure(InvalidParams(problems=problems)):  # an id that is none, such as "7"
            return Failure(InvalidParams(tasks.create_data.name, problems))
        case Success() as listing:
            return listing


def _uploaded(
    task_id: int,
    files: tuple[Local, ...],
    data: models.DataRequest,
    options: Uploading,
    server: str | None,
    stack: ExitStack,
) -> Flow[Outcome[models.RqId, TransferError]]:
    ended = evolve(data, client_files=UNSET)
    if data.sorting_method == models.SortingMethod.PREDEFINED and not data.upload_file_order:
        ended = evolve(ended, upload_file_order=tuple(local.name for local in files))
    match _creation_of(task_id):  # first of all: it checks the id, which `CHECKED` does not
        case Failure() as refused:
            return refused
        case Success(creation):
            pass
    match prepare(CHECKED, task_id, ended, upload_finish=True):
        case Failure() as refused:
            return refused
        case Success(finish):
            pass
    path = None if options.journal is None else Path(options.journal)
    match (yield from done(lambda: journal_in(stack, path, f"task {task_id}", server))):
        case Failure() as unusable:
            return unusable
        case Success(journal):
            pass
    broken = yield from sent(task_id, files, data.image_quality, options, journal)
    if broken is not None:
        return broken
    effort, doubted = options.effort, journal.resumed
    outcome = yield from started(
        effort, tasks.create_data, finish, creation, doubted=doubted, once=True
    )
    if isinstance(outcome, Success):
        journal.over()
    return outcome
