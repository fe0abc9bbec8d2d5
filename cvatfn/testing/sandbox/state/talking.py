"""What is said about the work: issues with their comments, and guides with their assets."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from attrs import frozen

from cvatfn.testing.sandbox.state.media import Received

__all__ = ["Asset", "Comment", "Guide", "Issue"]


@frozen(kw_only=True)
class Issue:
    """What somebody found wrong on a frame of a job."""

    id: int
    job: int
    frame: int
    position: tuple[float, ...]
    owner: int | None
    assignee: int | None = None
    resolved: bool = False
    created: datetime
    updated: datetime


@frozen(kw_only=True)
class Comment:
    """A message about an issue; the first one came with it."""

    id: int
    issue: int
    owner: int | None
    message: str
    created: datetime
    updated: datetime


@frozen(kw_only=True)
class Guide:
    """How to annotate a task, or the tasks of a project."""

    id: int
    task: int | None = None
    project: int | None = None
    markdown: str = ""
    created: datetime
    updated: datetime


@frozen(kw_only=True)
class Asset:
    """A file that a guide shows."""

    uuid: UUID
    guide: int
    owner: int | None
    file: Received
    created: datetime
