"""Endpoints that are in no OpenAPI document: the files that `result_url` leads to, and one of old.

Declared as anyone declares endpoints of their own.
"""

from __future__ import annotations

from typing import Final

from cvatfn.endpoints import get

__all__ = ["DOWNLOADS"]


@get("/api/projects/{id}/dataset/download", produces="*/*")
def retrieve_project(id: int, *, rq_id: str) -> bytes:  # type: ignore[empty-body]  # declares
    """Download the file that an export of a project made."""


@get("/api/projects/{id}/dataset/", produces="*/*")
def retrieve_dataset(id: int) -> bytes:  # type: ignore[empty-body]  # declares
    """Download a project at once; gone since exports are background work."""


@get("/api/tasks/{id}/dataset/download", produces="*/*")
def retrieve_task(id: int, *, rq_id: str) -> bytes:  # type: ignore[empty-body]  # declares
    """Download the file that an export of a task made."""


@get("/api/jobs/{id}/dataset/download", produces="*/*")
def retrieve_job(id: int, *, rq_id: str) -> bytes:  # type: ignore[empty-body]  # declares
    """Download the file that an export of a job made."""


@get("/api/projects/{id}/backup/download", produces="*/*")
def retrieve_project_backup(id: int, *, rq_id: str) -> bytes:  # type: ignore[empty-body]  # declares
    """Download a backup of a project."""


@get("/api/tasks/{id}/backup/download", produces="*/*")
def retrieve_task_backup(id: int, *, rq_id: str) -> bytes:  # type: ignore[empty-body]  # declares
    """Download a backup of a task."""


@get("/api/events/download", produces="*/*")
def retrieve_events(*, rq_id: str) -> bytes:  # type: ignore[empty-body]  # declares
    """Download the table that an export of events made."""


DOWNLOADS: Final = (
    retrieve_dataset,
    retrieve_project,
    retrieve_task,
    retrieve_job,
    retrieve_project_backup,
    retrieve_task_backup,
    retrieve_events,
)
