"""Endpoints that are in no OpenAPI document: where the pieces of an upload go (TUS 1.0.0).

An upload's own path is that of its endpoint with the id of the file after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from cvatfn.endpoints import Endpoint, Verb, patch

__all__ = ["PIECES"]


def task_data(id: int, file_id: str) -> None:
    """A piece of a file of a task's data."""


def task_annotations(id: int, file_id: str) -> None:
    """A piece of a file with annotations for a task."""


def job_annotations(id: int, file_id: str) -> None:
    """A piece of a file with annotations for a job."""


def project_dataset(id: int, file_id: str) -> None:
    """A piece of a dataset for a project."""


def task_backup(file_id: str) -> None:
    """A piece of a task's backup."""


def project_backup(file_id: str) -> None:
    """A piece of a project's backup."""


head: Final = Verb("HEAD", 200)

_PATHS: Final[tuple[tuple[str, Callable[..., None]], ...]] = (
    ("/api/tasks/{id}/data/{file_id}", task_data),
    ("/api/tasks/{id}/annotations/{file_id}", task_annotations),
    ("/api/jobs/{id}/annotations/{file_id}", job_annotations),
    ("/api/projects/{id}/dataset/{file_id}", project_dataset),
    ("/api/tasks/backup/{file_id}", task_backup),
    ("/api/projects/backup/{file_id}", project_backup),
)


def _declared(path: str, function: Callable[..., None]) -> Iterator[Endpoint[..., object]]:
    yield head(path, produces="*/*")(function)
    yield patch(path, produces="*/*", status=204)(function)


PIECES: Final = tuple(
    endpoint for path, function in _PATHS for endpoint in _declared(path, function)
)
"""Each path twice: `HEAD` asks how much has come, `PATCH` brings more."""
