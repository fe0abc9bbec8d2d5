"""Files on their way, awaited: uploads, imports, downloads and exports.

Rule: the conversations are those of `cvatfn.transfer`, with the same promises. What touches a disk
is done in threads, what is under way at once in tasks. A cancelled transfer leaves what the next
one can go on with: a part beside the place of the file, a journal; never half a file.

An `Effort` is shared by both worlds: `time.sleep`, its default, becomes the event loop's own, and
what any other `sleep` returns is awaited where it can be.
"""

from __future__ import annotations

from typing import ParamSpec

from cvatfn import models
from cvatfn.aio.driving import led
from cvatfn.aio.types import AsyncTransport
from cvatfn.codecs.files import FileLike
from cvatfn.endpoints import Endpoint
from cvatfn.outcome import Outcome
from cvatfn.preparing import prepare
from cvatfn.transfer.downloading import Download, To, downloaded, saving_of, url_downloaded
from cvatfn.transfer.errors import TransferError
from cvatfn.transfer.exporting import Exported, ExportError, Exporting, exported, exporting_of
from cvatfn.transfer.importing import (
    Importing,
    dataset_imported,
    imported,
    importing_of,
    project_restored,
    task_restored,
)
from cvatfn.transfer.sending import Uploading
from cvatfn.transfer.uploading import Media, data_given
from cvatfn.transport.whom import server_of

__all__ = [
    "download",
    "download_url",
    "export",
    "import_annotations",
    "import_dataset",
    "restore_project",
    "restore_task",
    "upload_data",
]

P = ParamSpec("P")


async def upload_data(
    transport: AsyncTransport,
    task_id: int,
    files: Media = (),
    spec: models.DataRequestLike | None = None,
    options: Uploading = Uploading(),  # noqa: B008 - frozen
) -> Outcome[models.RqId, TransferError]:
    """Give a task its media; `cvatfn.upload_data`, awaited.

    :param transport: what sends.
    :param task_id: the task, which must have no media yet.
    :param files: the media: paths, open files, bytes, `File`s; or `OnShare`, `AtUrls`, `InCloud`.
    :param spec: how to treat them, as a model or a dict.
    :param options: how to send local files; `parallel` requests are under way at once.
    :returns: the id of the request that stands for the server's work; or why there is none.
    """
    flow = data_given(task_id, files, spec, options, server=server_of(transport))
    return await led(flow, transport, options.effort)


async def download(
    transport: AsyncTransport,
    endpoint: Endpoint[P, object],
    to: To,
    /,
    *args: P.args,
    **params: P.kwargs,
) -> Outcome[Download, TransferError]:
    """Ask an endpoint and write its answer to a file; `cvatfn.download`, awaited.

    :param transport: what sends.
    :param endpoint: which operation.
    :param to: where the file goes: a path, a folder, an open file, or a `Saving`.
    :param args: the endpoint's parameters.
    :param params: the same, by name.
    :returns: the file; or why there is none.

    >>> import anyio
    >>> from pathlib import Path
    >>> from tempfile import mkdtemp
    >>> from cvatfn import Response, aio
    >>> from cvatfn.api import tasks
    >>> transport = aio.in_memory(lambda request: Response(200, body=b"a picture"))
    >>> place = Path(mkdtemp()) / "7.jpg"
    >>> anyio.run(aio.download, transport, tasks.retrieve_preview, place, 7).unwrap().size
    9
    """
    saving = saving_of(to)
    flow = downloaded(endpoint, saving, prepare(endpoint, *args, **params))
    return await led(flow, transport, saving.effort)


async def download_url(
    transport: AsyncTransport, url: str, to: To, /
) -> Outcome[Download, TransferError]:
    """Write what a URL of the server names to a file; `cvatfn.download_url`, awaited.

    :param transport: a connection to the URL's own origin; nothing is sent to another one.
    :param url: an absolute URL, such as a `result_url`, or a path with its query.
    :param to: where the file goes: a path, a folder, an open file, or a `Saving`.
    :returns: the file; or why there is none, such as `ForeignOrigin`.
    """
    saving = saving_of(to)
    return await led(url_downloaded(url, saving), transport, saving.effort)


async def export(
    transport: AsyncTransport,
    endpoint: Endpoint[P, models.RqId],
    to: To | Exporting,
    /,
    *args: P.args,
    **params: P.kwargs,
) -> Outcome[Exported, ExportError]:
    """Have the server make a file, wait for it and download it; `cvatfn.export`, awaited.

    :param transport: what sends.
    :param endpoint: what to export.
    :param to: where the file goes: a path, a folder, an open file, a `Saving` or an `Exporting`.
    :param args: the endpoint's parameters.
    :param params: the same, by name.
    :returns: the file and the work that made it; or why there is none.
    """
    flow = exported(endpoint, to, prepare(endpoint, *args, **params))
    return await led(flow, transport, exporting_of(to).saving.effort)


async def import_annotations(
    transport: AsyncTransport,
    endpoint: Endpoint[P, models.RqId | None],
    file: FileLike | Importing,
    /,
    *args: P.args,
    **params: P.kwargs,
) -> Outcome[models.RqId, TransferError]:
    """Send a file of annotations; `cvatfn.transfer.import_annotations`, awaited.

    :param transport: what sends.
    :param endpoint: into what: `tasks.create_annotations` or `jobs.create_annotations`.
    :param file: the file, or an `Importing` that says more.
    :param args: the endpoint's parameters; the file is no part of them.
    :param params: the same, by name.
    :returns: the id of the request that stands for the server's work; or why there is none.
    """
    prepared = prepare(endpoint, *args, **params)
    flow = imported(endpoint, prepared, file, server=server_of(transport))
    return await led(flow, transport, importing_of(file).effort)


async def import_dataset(
    transport: AsyncTransport, project_id: int, file: FileLike | Importing, format: str
) -> Outcome[models.RqId, TransferError]:
    """Send a dataset into a project; `cvatfn.transfer.import_dataset`, awaited.

    :param transport: what sends.
    :param project_id: the project.
    :param file: the file, or an `Importing` that says more.
    :param format: the dataset's format, such as `COCO 1.0`.
    :returns: the id of the request that stands for the server's work; or why there is none.
    """
    flow = dataset_imported(project_id, file, format, server=server_of(transport))
    return await led(flow, transport, importing_of(file).effort)


async def restore_task(
    transport: AsyncTransport, file: FileLike | Importing
) -> Outcome[models.RqId, TransferError]:
    """Send a task's backup; `cvatfn.transfer.restore_task`, awaited.

    :param transport: what sends; `in_organization` decides whose the task will be.
    :param file: the file, or an `Importing` that says more.
    :returns: the id of the request that stands for the server's work; or why there is none.
    """
    flow = task_restored(file, server=server_of(transport))
    return await led(flow, transport, importing_of(file).effort)


async def restore_project(
    transport: AsyncTransport, file: FileLike | Importing
) -> Outcome[models.RqId, TransferError]:
    """Send a project's backup; `cvatfn.transfer.restore_project`, awaited.

    :param transport: what sends; `in_organization` decides whose the project will be.
    :param file: the file, or an `Importing` that says more.
    :returns: the id of the request that stands for the server's work; or why there is none.
    """
    flow = project_restored(file, server=server_of(transport))
    return await led(flow, transport, importing_of(file).effort)
