"""Background work on the server: its ids, its progress and its results.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from attrs import field, frozen
from msgspec import Meta

from cvatfn.codecs.clearing import shown
from cvatfn.codecs.enums import OpenEnum
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.models.page import Page
from cvatfn.models.users import UserIdentifiers

__all__ = [
    "PaginatedRequestList",
    "Request",
    "RequestDataOperation",
    "RequestStatus",
    "RequestStatusLike",
    "RqId",
    "RqStatus",
    "RqStatusStateEnum",
    "RqStatusStateEnumLike",
]


@frozen(kw_only=True)
class RequestDataOperation:
    """What a background request does, and to which project, task or job."""

    type: str
    target: str
    project_id: int | None
    task_id: int | None
    job_id: int | None
    org_id: int | Unset | None = UNSET  # since CVAT 2.65.0
    format: str | Unset | None = UNSET
    function_id: str | Unset | None = UNSET
    lightweight: bool | Unset | None = UNSET  # since CVAT 2.44.3


class RequestStatus(OpenEnum):
    """Whether a background request is queued, started, failed or finished."""

    QUEUED = "queued"
    STARTED = "started"
    FAILED = "failed"
    FINISHED = "finished"


RequestStatusLike: TypeAlias = RequestStatus | Literal["queued", "started", "failed", "finished"]


@frozen(kw_only=True)
class Request:
    """Background work: its status, progress and operation, and in the end its result."""

    status: RequestStatus
    message: str
    id: str
    operation: RequestDataOperation
    progress: float | None
    created_date: Annotated[datetime, Meta(tz=True)]
    started_date: Annotated[datetime, Meta(tz=True)] | None
    finished_date: Annotated[datetime, Meta(tz=True)] | None
    expiry_date: Annotated[datetime, Meta(tz=True)] | None
    owner: UserIdentifiers
    result_url: str | None = field(repr=shown)
    result_id: int | None


PaginatedRequestList: TypeAlias = Page[Request]


@frozen(kw_only=True)
class RqId:
    """The id of the background request that was started; poll it until it is finished."""

    rq_id: str


class RqStatusStateEnum(OpenEnum):
    """How far the processing of a task's data is (deprecated)."""

    QUEUED = "Queued"
    STARTED = "Started"
    FINISHED = "Finished"
    FAILED = "Failed"


RqStatusStateEnumLike: TypeAlias = (
    RqStatusStateEnum | Literal["Queued", "Started", "Finished", "Failed"]
)


@frozen(kw_only=True)
class RqStatus:
    """The state, message and progress of a task's data processing (deprecated)."""

    state: RqStatusStateEnum
    message: str | Unset = UNSET
    progress: float | Unset = UNSET
