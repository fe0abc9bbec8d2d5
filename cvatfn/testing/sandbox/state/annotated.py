"""What is annotated: projects, tasks and their jobs, with labels."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
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
    replicas: int = 0


@frozen(kw_only=True)
class Job:
    """A stretch of a task's frames, or some of them, and what was annotated there.

    :param type: for annotation, the ground truth, or a replica of another job for consensus.
    :param parent: of a replica, the job it repeats.
    :param frames: the frames between start and stop that it has, in order; `None` for all.
    :param changed: when its honeypots were exchanged, if ever.
    """

    id: int
    task: int
    start: int
    stop: int
    type: models.JobType = models.JobType.ANNOTATION
    parent: int | None = None
    frames: tuple[int, ...] | None = None
    changed: datetime | None = None
    created: datetime
    updated: datetime
    assignee: int | None = None
    assigned: datetime | None = None
    stage: models.JobStage = models.JobStage.ANNOTATION
    state: models.OperationStatus = models.OperationStatus.NEW
    annotations: models.LabeledData = NOTHING

    @property
    def numbers(self) -> Sequence[int]:
        """The numbers of its frames in the task, in order."""
        return range(self.start, self.stop + 1) if self.frames is None else self.frames

    def has(self, frame: int) -> bool:
        """Whether a frame is one of its.

        :param frame: the frame's number in the task.
        """
        if self.frames is None:
            return self.start <= frame <= self.stop
        place = bisect_left(self.frames, frame)
        return place < len(self.frames) and self.frames[place] == frame

    @property
    def is_ground_truth(self) -> bool:
        """Whether it holds what is right."""
        return self.type is models.JobType.GROUND_TRUTH


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
