"""Endpoints that are in no OpenAPI document: the files that `result_url` leads to.

Declared as anyone declares endpoints of their own.
"""

from __future__ import annotations

from cvatfn.endpoints import get

__all__ = ["retrieve_job", "retrieve_task"]


@get("/api/tasks/{id}/dataset/download", produces="*/*")
def retrieve_task(id: int, *, rq_id: str) -> bytes:  # type: ignore[empty-body]  # declares
    """Download the file that an export of a task made."""


@get("/api/jobs/{id}/dataset/download", produces="*/*")
def retrieve_job(id: int, *, rq_id: str) -> bytes:  # type: ignore[empty-body]  # declares
    """Download the file that an export of a job made."""
