"""The log of what users and the server did.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

# The functions are declarations: their bodies never run.
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from cvatfn import models
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.endpoints import Body, Header, Query, get, post

__all__ = ["create", "create_export", "list"]


@get("/api/events", status=(200, 201, 202), produces="*/*", deprecated=True)
def list(
    *,
    action: Literal["download"] | Unset = UNSET,
    filename: str | Unset = UNSET,
    from_: Annotated[Annotated[datetime, Meta(tz=True)] | Unset, Query("from")] = UNSET,
    job_id: int | Unset = UNSET,
    org_id: int | Unset = UNSET,
    project_id: int | Unset = UNSET,
    query_id: str | Unset = UNSET,
    task_id: int | Unset = UNSET,
    to: Annotated[datetime, Meta(tz=True)] | Unset = UNSET,
    user_id: int | Unset = UNSET,
) -> bytes:
    """Get the event log as a file (deprecated: use events_create_export).

    :param action: what to do with the annotations or events, or what the listed requests do.
    :param filename: name of the file that is read or made.
    :param from_: time of the earliest event to include.
    :param job_id: id of the job that the objects or events belong to.
    :param org_id: id of the organization whose objects or events are meant.
    :param project_id: id of the project that the objects or events belong to.
    :param query_id: id of an earlier request for the log, to go on with it.
    :param task_id: id of the task that the objects or events belong to.
    :param to: time of the latest event to include.
    :param user_id: id of the user the events or invitations concern.
    :returns: the bytes of a file, with status 200, 201 or 202.
    """
    ...


@post("/api/events")
def create(
    client_events_request: Annotated[models.ClientEventsRequestLike, Body()],
    *,
    org: str | Unset = UNSET,
    org_id: int | Unset = UNSET,
    x_organization: Annotated[str | Unset, Header("X-Organization")] = UNSET,
) -> models.ClientEvents:
    """Report events of a client program to the server's log.

    :param client_events_request: what to send; a model or a dict.
    :param org: slug of the organization to act in, empty for the personal workspace.
    :param org_id: id of the organization whose objects or events are meant.
    :param x_organization: slug of the organization to act in, the same as org but in a header.
    :returns: `ClientEvents`, with status 201.
    """
    ...


@post("/api/events/export", status=202, since="2.38.0")
def create_export(
    *,
    cloud_storage_id: int | Unset = UNSET,
    filename: str | Unset = UNSET,
    from_: Annotated[Annotated[datetime, Meta(tz=True)] | Unset, Query("from")] = UNSET,
    job_id: int | Unset = UNSET,
    location: models.LocationEnumLike | Unset = UNSET,
    org_id: int | Unset = UNSET,
    project_id: int | Unset = UNSET,
    task_id: int | Unset = UNSET,
    to: Annotated[datetime, Meta(tz=True)] | Unset = UNSET,
    user_id: int | Unset = UNSET,
) -> models.RqId:
    """Start exporting the event log as CSV, narrowed by time, user or object.

    :param cloud_storage_id: id of the cloud storage to read the file from or write it to.
    :param filename: name of the file that is read or made.
    :param from_: time of the earliest event to include.
    :param job_id: id of the job that the objects or events belong to.
    :param location: whether the file comes from or goes to a cloud storage or the local side.
    :param org_id: id of the organization whose objects or events are meant.
    :param project_id: id of the project that the objects or events belong to.
    :param task_id: id of the task that the objects or events belong to.
    :param to: time of the latest event to include.
    :param user_id: id of the user the events or invitations concern.
    :returns: `RqId`, with status 202.

    .. versionadded:: CVAT 2.38.0
    """
    ...
