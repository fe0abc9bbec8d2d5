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
    obj_name: str | None | Unset = UNSET
    obj_id: int | None | Unset = UNSET
    obj_val: str | None | Unset = UNSET
    source: str | None | Unset = UNSET
    timestamp: Annotated[datetime, Meta(tz=True)]
    count: int | None | Unset = UNSET
    duration: int | Unset = UNSET
    project_id: int | None | Unset = UNSET
    task_id: int | None | Unset = UNSET
    job_id: int | None | Unset = UNSET
    user_id: int | None | Unset = UNSET
    user_name: str | None | Unset = UNSET
    user_email: str | None | Unset = UNSET
    org_id: int | None | Unset = UNSET
    org_slug: str | None | Unset = UNSET
    payload: str | None | Unset = UNSET


@frozen(kw_only=True)
class ClientEvents:
    """The events of a client program that the server took into its log."""

    events: tuple[Event, ...] | Unset = UNSET
    timestamp: Annotated[datetime, Meta(tz=True)]


class EventRequestDict(TypedDict):
    """`EventRequest` as a dict."""

    scope: str
    obj_name: NotRequired[str | None | Unset]
    obj_id: NotRequired[int | None | Unset]
    obj_val: NotRequired[str | None | Unset]
    source: NotRequired[str | None | Unset]
    timestamp: datetime
    count: NotRequired[int | None | Unset]
    duration: NotRequired[int | Unset]
    project_id: NotRequired[int | None | Unset]
    task_id: NotRequired[int | None | Unset]
    job_id: NotRequired[int | None | Unset]
    user_id: NotRequired[int | None | Unset]
    user_name: NotRequired[str | None | Unset]
    user_email: NotRequired[str | None | Unset]
    org_id: NotRequired[int | None | Unset]
    org_slug: NotRequired[str | None | Unset]
    payload: NotRequired[str | None | Unset]


@frozen(kw_only=True, init=False)
class EventRequest:
    """Given to report one event: its scope, time, duration and the objects concerned."""

    scope: Annotated[str, Meta(min_length=1)]
    obj_name: Annotated[str, Meta(min_length=1)] | None | Unset = UNSET
    obj_id: int | None | Unset = UNSET
    obj_val: Annotated[str, Meta(min_length=1)] | None | Unset = UNSET
    source: Annotated[str, Meta(min_length=1)] | None | Unset = UNSET
    timestamp: Annotated[datetime, Meta(tz=True)]
    count: int | None | Unset = UNSET
    duration: int | Unset = UNSET
    project_id: int | None | Unset = UNSET
    task_id: int | None | Unset = UNSET
    job_id: int | None | Unset = UNSET
    user_id: int | None | Unset = UNSET
    user_name: Annotated[str, Meta(min_length=1)] | None | Unset = UNSET
    user_email: Annotated[str, Meta(min_length=1)] | None | Unset = UNSET
    org_id: int | None | Unset = UNSET
    org_slug: Annotated[str, Meta(min_length=1)] | None | Unset = UNSET
    payload: Annotated[str, Meta(min_length=1)] | None | Unset = UNSET

    def __init__(
        self,
        *,
        scope: str,
        obj_name: str | None | Unset = UNSET,
        obj_id: int | None | Unset = UNSET,
        obj_val: str | None | Unset = UNSET,
        source: str | None | Unset = UNSET,
        timestamp: datetime,
        count: int | None | Unset = UNSET,
        duration: int | Unset = UNSET,
        project_id: int | None | Unset = UNSET,
        task_id: int | None | Unset = UNSET,
        job_id: int | None | Unset = UNSET,
        user_id: int | None | Unset = UNSET,
        user_name: str | None | Unset = UNSET,
        user_email: str | None | Unset = UNSET,
        org_id: int | None | Unset = UNSET,
        org_slug: str | None | Unset = UNSET,
        payload: str | None | Unset = UNSET,
    ) -> None:
        fill(self, locals())


EventRequestLike: TypeAlias = EventRequest | EventRequestDict


class ClientEventsRequestDict(TypedDict):
    """`ClientEventsRequest` as a dict."""

    events: NotRequired[Iterable[EventRequestLike] | Unset]
    previous_event: NotRequired[EventRequestLike | None | Unset]
    timestamp: datetime


@frozen(kw_only=True, init=False)
class ClientEventsRequest:
    """Sent to report a batch of events, and the one before it to measure working time."""

    events: tuple[EventRequest, ...] | Unset = UNSET
    previous_event: EventRequest | None | Unset = UNSET
    timestamp: Annotated[datetime, Meta(tz=True)]

    def __init__(
        self,
        *,
        events: Iterable[EventRequestLike] | Unset = UNSET,
        previous_event: EventRequestLike | None | Unset = UNSET,
        timestamp: datetime,
    ) -> None:
        fill(self, locals())


ClientEventsRequestLike: TypeAlias = ClientEventsRequest | ClientEventsRequestDict
