"""Webhooks, the events that set them off, and their deliveries.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Literal, NotRequired, TypeAlias, TypedDict

from attrs import field, frozen
from msgspec import Meta

from cvatfn.codecs.building import fill
from cvatfn.codecs.clearing import shown
from cvatfn.codecs.enums import OpenEnum
from cvatfn.codecs.jsonvalue import JSON
from cvatfn.codecs.secrets import mask
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.models.page import Page
from cvatfn.models.users import BasicUser

__all__ = [
    "AllWebhookType",
    "AllWebhookTypeLike",
    "EventGroup",
    "Events",
    "EventsEnum",
    "EventsEnumLike",
    "PaginatedWebhookDeliveryReadList",
    "PaginatedWebhookReadList",
    "PatchedWebhookWriteRequest",
    "PatchedWebhookWriteRequestDict",
    "PatchedWebhookWriteRequestLike",
    "WebhookContentType",
    "WebhookContentTypeLike",
    "WebhookDeliveryRead",
    "WebhookRead",
    "WebhookType",
    "WebhookTypeLike",
    "WebhookWriteRequest",
    "WebhookWriteRequestDict",
    "WebhookWriteRequestLike",
    "WebhooksEvent",
    "WebhooksEventOrKey",
]


class AllWebhookType(OpenEnum):
    """For which type of webhook events are listed; all joins the three types.

    .. versionadded:: CVAT 2.76.0
    """

    ORGANIZATION = "organization"
    PROJECT = "project"
    SERVER = "server"
    ALL = "all"


AllWebhookTypeLike: TypeAlias = AllWebhookType | Literal["organization", "project", "server", "all"]


@frozen(kw_only=True)
class EventGroup:
    """The heading under which events for webhooks are shown together.

    .. versionadded:: CVAT 2.73.0
    """

    display_name: str


class EventsEnum(OpenEnum):
    """What triggers a webhook: an object created, updated or deleted, or a request ended."""

    COMPLETED_REQUEST_CALCULATE_QUALITY = (
        "completed:request[calculate:quality]"  # since CVAT 2.73.0
    )
    COMPLETED_REQUEST_CREATE_TASK = "completed:request[create:task]"  # since CVAT 2.73.0
    COMPLETED_REQUEST_EXPORT_ANNOTATIONS = (
        "completed:request[export:annotations]"  # since CVAT 2.73.0
    )
    COMPLETED_REQUEST_EXPORT_BACKUP = "completed:request[export:backup]"  # since CVAT 2.73.0
    COMPLETED_REQUEST_EXPORT_DATASET = "completed:request[export:dataset]"  # since CVAT 2.73.0
    COMPLETED_REQUEST_MERGE_JOB = "completed:request[merge:job]"  # since CVAT 2.73.0
    COMPLETED_REQUEST_MERGE_TASK = "completed:request[merge:task]"  # since CVAT 2.73.0
    CREATE_COMMENT = "create:comment"
    CREATE_INVITATION = "create:invitation"
    CREATE_ISSUE = "create:issue"
    CREATE_JOB = "create:job"
    CREATE_MEMBERSHIP = "create:membership"
    CREATE_ORGANIZATION = "create:organization"  # since CVAT 2.76.0
    CREATE_PROJECT = "create:project"
    CREATE_TASK = "create:task"
    CREATE_USER = "create:user"  # since CVAT 2.76.0
    DELETE_COMMENT = "delete:comment"
    DELETE_INVITATION = "delete:invitation"
    DELETE_ISSUE = "delete:issue"
    DELETE_JOB = "delete:job"
    DELETE_MEMBERSHIP = "delete:membership"
    DELETE_ORGANIZATION = "delete:organization"
    DELETE_PROJECT = "delete:project"
    DELETE_TASK = "delete:task"
    DELETE_USER = "delete:user"  # since CVAT 2.76.0
    UPDATE_COMMENT = "update:comment"
    UPDATE_ISSUE = "update:issue"
    UPDATE_JOB = "update:job"
    UPDATE_MEMBERSHIP = "update:membership"
    UPDATE_ORGANIZATION = "update:organization"
    UPDATE_PROJECT = "update:project"
    UPDATE_TASK = "update:task"
    UPDATE_USER = "update:user"  # since CVAT 2.76.0


EventsEnumLike: TypeAlias = (
    EventsEnum
    | Literal[
        "completed:request[calculate:quality]",
        "completed:request[create:task]",
        "completed:request[export:annotations]",
        "completed:request[export:backup]",
        "completed:request[export:dataset]",
        "completed:request[merge:job]",
        "completed:request[merge:task]",
        "create:comment",
        "create:invitation",
        "create:issue",
        "create:job",
        "create:membership",
        "create:organization",
        "create:project",
        "create:task",
        "create:user",
        "delete:comment",
        "delete:invitation",
        "delete:issue",
        "delete:job",
        "delete:membership",
        "delete:organization",
        "delete:project",
        "delete:task",
        "delete:user",
        "update:comment",
        "update:issue",
        "update:job",
        "update:membership",
        "update:organization",
        "update:project",
        "update:task",
        "update:user",
    ]
)


@frozen(kw_only=True)
class WebhooksEvent:
    """An event a webhook can listen to, and the group it is shown in.

    .. versionadded:: CVAT 2.73.0
    """

    key: str
    group: EventGroup


WebhooksEventOrKey: TypeAlias = WebhooksEvent | EventsEnum


@frozen(kw_only=True)
class Events:
    """The events that webhooks of one type can listen to."""

    webhook_type: AllWebhookType
    events: tuple[WebhooksEventOrKey, ...]


@frozen(kw_only=True)
class WebhookDeliveryRead:
    """One call a webhook made: event, request, response, status code and duration."""

    id: int
    webhook_id: int
    event: str
    status_code: int | None
    redelivery: bool
    attempt: int | Unset | None = UNSET  # since CVAT 2.68.0
    request_duration: int | Unset | None = UNSET  # since CVAT 2.68.0
    created_date: Annotated[datetime, Meta(tz=True)]
    updated_date: Annotated[datetime, Meta(tz=True)]
    changed_fields: str
    request: JSON
    response: JSON


PaginatedWebhookDeliveryReadList: TypeAlias = Page[WebhookDeliveryRead]


class WebhookContentType(OpenEnum):
    """The format a webhook sends its messages in."""

    APPLICATION_JSON = "application/json"


WebhookContentTypeLike: TypeAlias = WebhookContentType | Literal["application/json"]


class WebhookType(OpenEnum):
    """Whether a webhook watches one project, an organization or the whole server."""

    ORGANIZATION = "organization"
    PROJECT = "project"
    SERVER = "server"  # since CVAT 2.76.0


WebhookTypeLike: TypeAlias = WebhookType | Literal["organization", "project", "server"]


@frozen(kw_only=True)
class WebhookRead:
    """A webhook: where it calls, on which events, and how its last delivery went."""

    id: int
    url: str = field(repr=shown)
    target_url: str = field(repr=shown)
    description: str
    type: WebhookType
    content_type: WebhookContentType
    is_active: bool
    enable_ssl: bool
    created_date: Annotated[datetime, Meta(tz=True)]
    updated_date: Annotated[datetime, Meta(tz=True)]
    owner: BasicUser | None
    project_id: int | None
    organization: int | None
    events: tuple[EventsEnum, ...]
    last_status: int | Unset = UNSET
    last_delivery_date: Annotated[datetime, Meta(tz=True)] | Unset = UNSET


PaginatedWebhookReadList: TypeAlias = Page[WebhookRead]


class PatchedWebhookWriteRequestDict(TypedDict, total=False):
    """`PatchedWebhookWriteRequest` as a dict."""

    target_url: str | Unset
    description: str | Unset
    content_type: WebhookContentTypeLike | Unset
    secret: str | Unset
    is_active: bool | Unset
    enable_ssl: bool | Unset
    events: Iterable[EventsEnumLike] | Unset


@frozen(kw_only=True, init=False)
class PatchedWebhookWriteRequest:
    """Sent to change a webhook's settings: only what is given is changed."""

    target_url: (
        Annotated[
            str,
            Meta(
                min_length=1,
                max_length=8192,
                pattern=r"^[A-Za-z][A-Za-z0-9+.-]*:\S+\Z",
                description="URI",
            ),
        ]
        | Unset
    ) = field(default=UNSET, repr=shown)
    description: Annotated[str, Meta(max_length=128)] | Unset = UNSET
    content_type: WebhookContentType | Unset = UNSET
    secret: Annotated[str, Meta(max_length=64)] | Unset = field(default=UNSET, repr=mask)
    is_active: bool | Unset = UNSET
    enable_ssl: bool | Unset = UNSET
    events: tuple[EventsEnum, ...] | Unset = UNSET

    def __init__(
        self,
        *,
        target_url: str | Unset = UNSET,
        description: str | Unset = UNSET,
        content_type: WebhookContentTypeLike | Unset = UNSET,
        secret: str | Unset = UNSET,
        is_active: bool | Unset = UNSET,
        enable_ssl: bool | Unset = UNSET,
        events: Iterable[EventsEnumLike] | Unset = UNSET,
    ) -> None:
        fill(self, locals())


PatchedWebhookWriteRequestLike: TypeAlias = (
    PatchedWebhookWriteRequest | PatchedWebhookWriteRequestDict
)


class WebhookWriteRequestDict(TypedDict):
    """`WebhookWriteRequest` as a dict."""

    target_url: str
    description: NotRequired[str | Unset]
    type: WebhookTypeLike
    content_type: NotRequired[WebhookContentTypeLike | Unset]
    secret: NotRequired[str | Unset]
    is_active: NotRequired[bool | Unset]
    enable_ssl: NotRequired[bool | Unset]
    project_id: NotRequired[int | Unset | None]
    events: Iterable[EventsEnumLike]


@frozen(kw_only=True, init=False)
class WebhookWriteRequest:
    """Sent to set up or replace a webhook: target URL, events and secret."""

    target_url: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=8192,
            pattern=r"^[A-Za-z][A-Za-z0-9+.-]*:\S+\Z",
            description="URI",
        ),
    ] = field(repr=shown)
    description: Annotated[str, Meta(max_length=128)] | Unset = UNSET
    type: WebhookType
    content_type: WebhookContentType | Unset = UNSET
    secret: Annotated[str, Meta(max_length=64)] | Unset = field(default=UNSET, repr=mask)
    is_active: bool | Unset = UNSET
    enable_ssl: bool | Unset = UNSET
    project_id: int | Unset | None = UNSET
    events: tuple[EventsEnum, ...]

    def __init__(
        self,
        *,
        target_url: str,
        description: str | Unset = UNSET,
        type: WebhookTypeLike,
        content_type: WebhookContentTypeLike | Unset = UNSET,
        secret: str | Unset = UNSET,
        is_active: bool | Unset = UNSET,
        enable_ssl: bool | Unset = UNSET,
        project_id: int | Unset | None = UNSET,
        events: Iterable[EventsEnumLike],
    ) -> None:
        fill(self, locals())


WebhookWriteRequestLike: TypeAlias = WebhookWriteRequest | WebhookWriteRequestDict
