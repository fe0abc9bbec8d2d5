"""Records of what users and the server did.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, NotRequired, TypeAlias, TypedDict

from attrs import frozen
from msgspec import Meta

from cvatfn.codecs.building import fill
from cvatfn.codecs.unset import UNSET, Unset

__all__ = [
    "ClientEvents",
    "ClientEventsRequest",
    "ClientEventsRequestDict",
    "ClientEventsRequestLike",
    "Event",
    "EventRequest",
    "EventRequestDict",
    "EventRequestLike",
]


@frozen(kw_only=True)
class Event:
    """An entry of the event log: what happened, when, to what and by whom."""

    scope: str
    obj_name: str | Unset | None = UNSET
    obj_id: int | Unset | None = UNSET
    obj_val: str | Unset | None = UNSET
    source: str | Unset | None = UNSET
    timestamp: Annotated[datetime, Meta(tz=True)]
    count: int | Unset | None = UNSET
    duration: int | Unset = UNSET
    project_id: int | Unset | None = UNSET
    task_id: int | Unset | None = UNSET
    job_id: int | Unset | None = UNSET
    user_id: int | Unset | None = UNSET
    user_name: str | Unset | None = UNSET
    user_email: str | Unset | None = UNSET
    org_id: int | Unset | None = UNSET
    org_slug: str | Unset | None = UNSET
    payload: str | Unset | None = UNSET


@frozen(kw_only=True)
class ClientEvents:
    """The events of a client program that the server took into its log."""

    events: tuple[Event, ...] | Unset = UNSET
    timestamp: Annotated[datetime, Meta(tz=True)]


class EventRequestDict(TypedDict):
    """`EventRequest` as a dict."""

    scope: str
    obj_name: NotRequired[str | Unset | None]
    obj_id: NotRequired[int | Unset | None]
    obj_val: NotRequired[str | Unset | None]
    source: NotRequired[str | Unset | None]
    timestamp: datetime
    count: NotRequired[int | Unset | None]
    duration: NotRequired[int | Unset]
    project_id: NotRequired[int | Unset | None]
    task_id: NotRequired[int | Unset | None]
    job_id: NotRequired[int | Unset | None]
    user_id: NotRequired[int | Unset | None]
    user_name: NotRequired[str | Unset | None]
    user_email: NotRequired[str | Unset | None]
    org_id: NotRequired[int | Unset | None]
    org_slug: NotRequired[str | Unset | None]
    payload: NotRequired[str | Unset | None]


@frozen(kw_only=True, init=False)
class EventRequest:
    """Given to report one event: its scope, time, duration and the objects concerned."""

    scope: Annotated[str, Meta(min_length=1)]
    obj_name: Annotated[str, Meta(min_length=1)] | Unset | None = UNSET
    obj_id: int | Unset | None = UNSET
    obj_val: Annotated[str, Meta(min_length=1)] | Unset | None = UNSET
    source: Annotated[str, Meta(min_length=1)] | Unset | None = UNSET
    timestamp: Annotated[datetime, Meta(tz=True)]
    count: int | Unset | None = UNSET
    duration: int | Unset = UNSET
    project_id: int | Unset | None = UNSET
    task_id: int | Unset | None = UNSET
    job_id: int | Unset | None = UNSET
    user_id: int | Unset | None = UNSET
    user_name: Annotated[str, Meta(min_length=1)] | Unset | None = UNSET
    user_email: Annotated[str, Meta(min_length=1)] | Unset | None = UNSET
    org_id: int | Unset | None = UNSET
    org_slug: Annotated[str, Meta(min_length=1)] | Unset | None = UNSET
    payload: Annotated[str, Meta(min_length=1)] | Unset | None = UNSET

    def __init__(
        self,
        *,
        scope: str,
        obj_name: str | Unset | None = UNSET,
        obj_id: int | Unset | None = UNSET,
        obj_val: str | Unset | None = UNSET,
        source: str | Unset | None = UNSET,
        timestamp: datetime,
        count: int | Unset | None = UNSET,
        duration: int | Unset = UNSET,
        project_id: int | Unset | None = UNSET,
        task_id: int | Unset | None = UNSET,
        job_id: int | Unset | None = UNSET,
        user_id: int | Unset | None = UNSET,
        user_name: str | Unset | None = UNSET,
        user_email: str | Unset | None = UNSET,
        org_id: int | Unset | None = UNSET,
        org_slug: str | Unset | None = UNSET,
        payload: str | Unset | None = UNSET,
    ) -> None:
        fill(self, locals())


EventRequestLike: TypeAlias = EventRequest | EventRequestDict


class ClientEventsRequestDict(TypedDict):
    """`ClientEventsRequest` as a dict."""

    events: NotRequired[Iterable[EventRequestLike] | Unset]
    previous_event: NotRequired[EventRequestLike | Unset | None]
    timestamp: datetime


@frozen(kw_only=True, init=False)
class ClientEventsRequest:
    """Sent to report a batch of events, and the one before it to measure working time."""

    events: tuple[EventRequest, ...] | Unset = UNSET
    previous_event: EventRequest | Unset | None = UNSET
    timestamp: Annotated[datetime, Meta(tz=True)]

    def __init__(
        self,
        *,
        events: Iterable[EventRequestLike] | Unset = UNSET,
        previous_event: EventRequestLike | Unset | None = UNSET,
        timestamp: datetime,
    ) -> None:
        fill(self, locals())


ClientEventsRequestLike: TypeAlias = ClientEventsRequest | ClientEventsRequestDict
