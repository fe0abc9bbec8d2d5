"""What is annotated: projects, tasks and their jobs, with labels."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from attrs import frozen

from cvatfn import models
from cvatfn.testing.sandbox.state.media import Media

__all__ = ["NOTHING", "Job", "Project", "StoredLabel", "Task"]

NOTHING: Final = models.LabeledData(version=0, tags=(), shapes=(), tracks=(), intervals=())
"""The annotations of what has none."""


@frozen(kw_only=True)
class Project:
    """A group of tasks that have their labels in common."""

    id: int
    name: str
    owner: int | None
    organization: int | None = None
    assignee: int | None = None
    assigned: datetime | None = None
    bug_tracker: str = ""
    created: datetime
    updated: datetime
    source_storage: models.Storage | None = None
    target_storage: models.Storage | None = None


@frozen(kw_only=True)
class Task:
    """A task; its media come later, its jobs with them."""

    id: int
    name: str
    owner: int | None
    organization: int | None = None
    project: int | None = None
    assignee: int | None = None
    assigned: datetime | None = None
    bug_tracker: str = ""
    subset: str = ""
    segment_size: int = 0
    overlap: int | None = None
    created: datetime
    updated: datetime
    media: Media | None = None
    source_storage: models.Storage | None = None
    target_storage: models.Storage | None = None


@frozen(kw_only=True)
class Job:
    """A stretch of a task's frames, and what was annotated there.

    :param parent: the job that a replica is one of.
    """

    id: int
    task: int
    type: models.JobType = models.JobType.ANNOTATION
    parent: int | None = None
    start: int
    stop: int
    created: datetime
    updated: datetime
    assignee: int | None = None
    assigned: datetime | None = None
    stage: models.JobStage = models.JobStage.ANNOTATION
    state: models.OperationStatus = models.OperationStatus.NEW
    annotations: models.LabeledData = NOTHING


@frozen(kw_only=True)
class StoredLabel:
    """A label of a task or of a project; elements of skeletons have a parent."""

    id: int
    task: int | None
    project: int | None = None
    name: str
    color: str
    type: models.LabelType
    svg: str = ""
    parent: int | None = None
    attributes: tuple[models.Attribute, ...] = ()
