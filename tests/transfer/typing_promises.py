"""What users may rely on in files on their way, as type checkers see it; only they run this file.

Each line with a `type: ignore` must be an error, as in `tests/typing/promises.py`.
"""

# pyright: reportUnnecessaryTypeIgnoreComment=error

from __future__ import annotations

from io import BytesIO, StringIO
from pathlib import Path
from typing import assert_never, assert_type

from cvatfn import Failure, Outcome, Success, Transport, models
from cvatfn.api import events, jobs, projects, tasks
from cvatfn.errors import CallError, TransportError
from cvatfn.messages import Response
from cvatfn.polling import PollTimedOut, RequestFailed
from cvatfn.transfer.downloading import Download, Saving, download, download_url
from cvatfn.transfer.errors import DiskError, Implausible, TransferError
from cvatfn.transfer.exporting import Exported, ExportError, Exporting, export
from cvatfn.transfer.importing import (
    Importing,
    import_annotations,
    import_dataset,
    restore_project,
    restore_task,
)
from cvatfn.transfer.progress import Counting
from cvatfn.transfer.streaming import Streamed, stream, stream_url


def downloads(transport: Transport) -> None:
    to = Path("x")
    got = download(transport, tasks.retrieve_preview, to, 7)
    assert_type(got, Outcome[Download, TransferError])
    assert_type(download_url(transport, "/x", to), Outcome[Download, TransferError])
    download(transport, tasks.retrieve_preview, "x", id=7)
    download(transport, tasks.retrieve_preview, BytesIO(), 7)
    download(transport, jobs.retrieve_data, Saving(to, overwrite=True), 7, type="frame", number=1)
    download(transport, tasks.retrieve_preview, to, "7")  # type: ignore[arg-type]
    download(transport, tasks.retrieve_preview, to)  # type: ignore[call-arg]
    download(transport, tasks.retrieve_preview, to, 7, idd=7)  # type: ignore[call-arg]
    download(transport, tasks.retrieve_preview, to, 7, overwrite=True)  # type: ignore[call-arg]
    download(transport, jobs.retrieve_data, to, 7, type="fram")  # type: ignore[arg-type]
    download(transport, tasks.retrieve_preview, StringIO(), 7)  # type: ignore[arg-type]
    download(transport, tasks.retrieve_preview, b"x", 7)  # type: ignore[arg-type]
    download(transport, tasks.retrieve_preview, 5, 7)  # type: ignore[arg-type]
    download_url(transport, "/x", to, overwrite=True)  # type: ignore[call-arg]
    Saving(to, True)  # type: ignore[call-arg]
    Saving(to, progress=Counting(), max_size="1")  # type: ignore[arg-type]
    Saving(to, progress=print)  # type: ignore[arg-type]
    match got:
        case Success(file):
            assert_type(file.path, Path | None)
            assert_type(file.size, int)
            assert_type(file.name, str | None)
        case Failure(error):
            assert_type(error, TransferError)


def streams(transport: Transport) -> None:
    assert_type(stream(transport, tasks.retrieve_preview, 7), Outcome[Streamed, CallError])
    assert_type(stream_url(transport, "/x"), Outcome[Streamed, CallError])
    stream(transport, tasks.retrieve_preview, "7")  # type: ignore[arg-type]
    stream(transport, tasks.retrieve_preview)  # type: ignore[call-arg]
    stream(transport, tasks.retrieve_preview, 7, idd=7)  # type: ignore[call-arg]
    with stream_url(transport, "/x").unwrap() as pieces:
        assert_type(pieces, Streamed)
        assert_type(pieces.response, Response)
        for piece in pieces:
            assert_type(piece, Outcome[bytes, TransportError])


def exports(transport: Transport) -> None:
    to = Path("x")
    done = export(transport, tasks.create_dataset_export, to, 7, format="COCO 1.0")
    assert_type(done, Outcome[Exported, ExportError])
    export(
        transport,
        jobs.create_dataset_export,
        Exporting(Saving(to), watch=lambda work: work.progress),
        7,
        format="COCO 1.0",
        save_images=True,
        filename="x.zip",
        location="cloud_storage",
        cloud_storage_id=3,
    )
    export(transport, projects.create_backup_export, BytesIO(), 7)
    export(transport, events.create_export, to, task_id=7)
    export(transport, tasks.create_dataset_export, to, 7)  # type: ignore[call-arg]
    export(transport, tasks.create_dataset_export, to, 7, format=1)  # type: ignore[arg-type]
    export(transport, tasks.create_dataset_export, to, "7", format="x")  # type: ignore[arg-type]
    export(transport, tasks.create_dataset_export, to, 7, fromat="x")  # type: ignore[call-arg]
    export(transport, tasks.create_backup_export, to, 7, location="clod")  # type: ignore[arg-type]
    export(transport, tasks.retrieve, to, 7)  # type: ignore[arg-type]
    match done:
        case Success(exported):
            assert_type(exported.request, models.Request)
            assert_type(exported.file, Download | None)
        case Failure(error):
            assert_type(error, ExportError)


def errors_can_be_told_apart(error: ExportError) -> str:
    match error:
        case RequestFailed(work):
            return work.message
        case PollTimedOut() | DiskError() | Implausible():
            return str(error)
        case _:
            return of_a_call(error)


def of_a_call(error: CallError) -> str:
    return error.endpoint


def a_forgotten_error_is_found(error: TransferError) -> str:
    match error:
        case DiskError() | Implausible():
            return str(error)
        case _:
            assert_never(error)  # type: ignore[arg-type]


def imports(transport: Transport) -> None:
    file = Path("x")
    begun = import_annotations(transport, tasks.create_annotations, file, 7, format="COCO 1.0")
    assert_type(begun, Outcome[models.RqId, TransferError])
    assert_type(restore_task(transport, file), Outcome[models.RqId, TransferError])
    assert_type(restore_project(transport, file), Outcome[models.RqId, TransferError])
    dataset = import_dataset(transport, 7, Importing(file, piece=1 << 20), "COCO 1.0")
    assert_type(dataset, Outcome[models.RqId, TransferError])
    import_annotations(transport, jobs.create_annotations, b"x", 7, import_mode="append")
    import_annotations(transport, tasks.create_annotations, file, "7")  # type: ignore[arg-type]
    import_annotations(transport, tasks.create_annotations, file)  # type: ignore[call-arg]
    import_annotations(transport, tasks.create_annotations, file, 7, fromat="x")  # type: ignore[call-arg]
    import_annotations(transport, jobs.create_annotations, b"x", 7, import_mode="add")  # type: ignore[arg-type]
    import_annotations(transport, tasks.retrieve, file, 7)  # type: ignore[arg-type]
    import_annotations(transport, tasks.create_annotations, "x", 7)  # type: ignore[arg-type]
    import_dataset(transport, 7, file)  # type: ignore[call-arg]
    restore_task(transport, StringIO())  # type: ignore[arg-type]
    Importing(file, 1 << 20)  # type: ignore[call-arg]
    Importing(file, effort=5)  # type: ignore[arg-type]
