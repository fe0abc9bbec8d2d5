"""Export every completed job: all exports begun, waited for together, downloaded one by one.

The server makes the files side by side, and one look tells how far all of them are.

    python -m examples.exporting https://cvat.example TOKEN "COCO 1.0" datasets
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from attrs import frozen
from typing_extensions import override

from cvatfn import (
    CallError,
    Failure,
    Outcome,
    Success,
    Transport,
    call,
    collect,
    connect,
    download_url,
    models,
    paginate,
    prefetching,
    wait_all,
)
from cvatfn.api import jobs
from cvatfn.auth import AccessToken
from cvatfn.filters import Jobs
from cvatfn.polling import PollTimedOut, RequestFailed
from cvatfn.transfer import Saving, TransferError
from examples.running import run


@frozen
class NoFile:
    """The server made an export and does not say where it is."""

    job: int

    @override
    def __str__(self) -> str:
        return f"the export of job {self.job} went elsewhere"


Error: TypeAlias = CallError | TransferError | RequestFailed | PollTimedOut | NoFile


def export_completed(
    cvat: Transport,
    format: str,
    folder: Path,
    progress: Callable[[models.Request], object] | None = None,
) -> Outcome[dict[int, Outcome[Path, Error]], CallError]:
    """Export the annotations of all jobs that are completed.

    :param cvat: what sends.
    :param format: the format's name, such as `"COCO 1.0"`.
    :param folder: where the files go, each under the number of its job.
    :param progress: is shown how far each export is.
    :returns: by job, its file, or why there is none; or why the jobs could not be listed.
    """
    listing = paginate(cvat, prefetching(jobs.list, 4), filter=Jobs.state == "completed")
    match collect(listing):
        case Success(found):
            begun = {job.id: _begun(cvat, job.id, format) for job in found}
        case Failure() as failure:
            return failure
    works = {job: each.unwrap() for job, each in begun.items() if isinstance(each, Success)}
    made = dict(zip(works, wait_all(cvat, works.values(), progress=progress), strict=True))
    return Success(
        {
            job: _saved(cvat, job, made[job], folder) if isinstance(each, Success) else each
            for job, each in begun.items()
        }
    )


def _begun(cvat: Transport, job: int, format: str) -> Outcome[models.RqId, CallError]:
    return call(cvat, jobs.create_dataset_export, job, format=format, save_images=False)


def _saved(
    cvat: Transport, job: int, made: Outcome[models.Request, Error], folder: Path
) -> Outcome[Path, Error]:
    match made:
        case Success(models.Request(result_url=str(url))):
            to = Saving(folder / f"job {job}.zip", overwrite=True)
            saved = download_url(cvat, url, to)
        case Success():
            return Failure(NoFile(job))
        case Failure() as failure:
            return failure
    match saved:
        case Success(file):
            return Success(file.path or folder)
        case Failure() as failure:
            return failure


def main(url: str, token: str, format: str, folder: str) -> int:
    """Export all completed jobs into a folder."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    with connect(url, auth=AccessToken(token)) as cvat:
        match export_completed(cvat, format, Path(folder)):
            case Success(jobs_done):
                return max([_told(job, each) for job, each in jobs_done.items()], default=0)
            case Failure(error):
                print(error, file=sys.stderr)
                return 1


def _told(job: int, outcome: Outcome[Path, Error]) -> int:
    match outcome:
        case Success(path):
            print(f"job {job}: {path}")
            return 0
        case Failure(error):
            print(f"job {job}: {error}", file=sys.stderr)
            return 1


if __name__ == "__main__":
    run(main)
