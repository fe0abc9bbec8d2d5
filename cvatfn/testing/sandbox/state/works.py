"""Work in the background: what is to be done, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, TypeAlias

from attrs import field, frozen

from cvatfn import models
from cvatfn.testing.sandbox.state.media import Received

__all__ = [
    "Background",
    "CalculateQuality",
    "CallFunction",
    "CreateData",
    "Delivery",
    "Export",
    "ExportBackup",
    "ExportDataset",
    "ExportEvents",
    "Import",
    "ImportAnnotations",
    "ImportBackup",
    "ImportDataset",
    "MergeConsensus",
    "Result",
    "Work",
]


@frozen
class CreateData:
    """Make frames and jobs of uploaded files.

    :param unfinished: names of files that were begun and did not become whole.
    """

    task: int
    settings: models.DataRequest
    files: tuple[Received, ...]
    unfinished: tuple[str, ...] = ()


@frozen
class Delivery:
    """Where the file of an export goes: to who follows a link, or into a cloud storage.

    :param origin: where the sandbox was asked; the link begins with it.
    :param filename: the name that was wished for.
    :param cloud: the id of a cloud storage.
    """

    origin: str
    filename: str | None = None
    cloud: int | None = None


@frozen(kw_only=True)
class ExportDataset:
    """Write the annotations of a project, task or job into a file, with or without images."""

    target: Literal["project", "task", "job"]
    id: int
    format: str
    save_images: bool
    delivery: Delivery


@frozen(kw_only=True)
class ExportBackup:
    """Write all of a project or task into a file it can be restored from.

    :param lightweight: whether images that lie in a cloud storage are left there.
    """

    target: Literal["project", "task"]
    id: int
    lightweight: bool = False
    delivery: Delivery


@frozen(kw_only=True)
class ExportEvents:
    """Write what happened into a table.

    :param id: sets one export apart from the next.
    """

    id: str
    wanted: Mapping[str, int]
    since: datetime | None
    until: datetime | None
    delivery: Delivery


@frozen(kw_only=True)
class ImportAnnotations:
    """Read annotations from a file into a task or job, in place of those it has or beside them."""

    target: Literal["task", "job"]
    id: int
    format: str
    append: bool
    masks_to_polygons: bool = True
    file: Received


@frozen(kw_only=True)
class ImportDataset:
    """Read images and annotations from a file into a project, as a new task."""

    project: int
    format: str
    masks_to_polygons: bool = True
    file: Received


@frozen(kw_only=True)
class ImportBackup:
    """Make a project or task anew from a backup."""

    target: Literal["project", "task"]
    file: Received


@frozen(kw_only=True)
class CallFunction:
    """Have a function annotate a task, or one of its jobs.

    :param settings: what was asked for.
    """

    task: int
    job: int | None
    settings: models.FunctionCallRequest


@frozen(kw_only=True)
class CalculateQuality:
    """Compute a quality report."""

    target: Literal["project", "task"]
    id: int


@frozen(kw_only=True)
class MergeConsensus:
    """Merge the replicas of one job, or of all jobs of a task, into the jobs they are of."""

    target: Literal["task", "job"]
    id: int


Export: TypeAlias = ExportDataset | ExportBackup | ExportEvents
Import: TypeAlias = ImportAnnotations | ImportDataset | ImportBackup
Work: TypeAlias = CreateData | Export | Import | CallFunction | CalculateQuality | MergeConsensus


@frozen
class Result:
    """A file that background work made."""

    name: str
    content: bytes = field(repr=False)
    made: datetime
    content_type: str = "application/zip"


@frozen(kw_only=True)
class Background:
    """Work that the server does by itself: queued, then started, then finished or failed."""

    id: str
    user: int
    organization: int | None = None
    work: Work
    created: datetime
    finished: datetime | None = None
    failure: str | None = None
    result: Result | None = None
    result_id: int | None = None
