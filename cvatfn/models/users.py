"""User accounts.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Literal, NotRequired, TypeAlias, TypedDict

from attrs import field, frozen
from msgspec import Meta

from cvatfn.codecs.building import OrBlank, fill
from cvatfn.codecs.clearing import shown
from cvatfn.codecs.enums import OpenEnum
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.models.page import Page

__all__ = [
    "BasicUser",
    "BasicUserRequest",
    "BasicUserRequestDict",
    "BasicUserRequestLike",
    "CreatedViaEnum",
    "CreatedViaEnumLike",
    "CvatUsageReasonEnum",
    "CvatUsageReasonEnumLike",
    "MetaUser",
    "PaginatedMetaUserList",
    "PatchedUserRequest",
    "PatchedUserRequestDict",
    "PatchedUserRequestLike",
    "PlannedActivitiesEnum",
    "PlannedActivitiesEnumLike",
    "User",
    "UserIdentifiers",
]


@frozen(kw_only=True)
class BasicUser:
    """A user in brief: id and names."""

    url: str = field(repr=shown)
    id: int
    username: str
    first_name: str
    last_name: str


class BasicUserRequestDict(TypedDict):
    """`BasicUserRequest` as a dict."""

    username: str
    first_name: NotRequired[str | Unset]
    last_name: NotRequired[str | Unset]


@frozen(kw_only=True, init=False)
class BasicUserRequest:
    """Given to name a user, such as the owner of a cloud storage."""

    username: Annotated[str, Meta(min_length=1, max_length=150, pattern=r"^[\w.@+-]+\Z")]
    first_name: Annotated[str, Meta(max_length=150)] | Unset = UNSET
    last_name: Annotated[str, Meta(max_length=150)] | Unset = UNSET

    def __init__(
        self,
        *,
        username: str,
        first_name: str | Unset = UNSET,
        last_name: str | Unset = UNSET,
    ) -> None:
        fill(self, locals())


BasicUserRequestLike: TypeAlias = BasicUserRequest | BasicUserRequestDict


class CreatedViaEnum(OpenEnum):
    """How a user's account came about: registration, invitation, single sign-on and so on.

    .. versionadded:: CVAT 2.75.0
    """

    REGISTRATION = "registration"
    SOCIAL = "social"
    SSO = "sso"
    LDAP = "ldap"
    INVITATION = "invitation"


CreatedViaEnumLike: TypeAlias = (
    CreatedViaEnum | Literal["registration", "social", "sso", "ldap", "invitation"]
)


class CvatUsageReasonEnum(OpenEnum):
    """What a user said they use CVAT for: work, research, teaching or themselves.

    .. versionadded:: CVAT 2.79.0
    """

    WORK_PROJECT = "work_project"
    ACADEMIC_RESEARCH = "academic_research"
    TEACHING_OR_COURSEWORK = "teaching_or_coursework"
    PERSONAL_PROJECT = "personal_project"


CvatUsageReasonEnumLike: TypeAlias = (
    CvatUsageReasonEnum
    | Literal["work_project", "academic_research", "teaching_or_coursework", "personal_project"]
)


class PlannedActivitiesEnum(OpenEnum):
    """What a user said they mean to do: annotate, review, connect models and so on.

    .. versionadded:: CVAT 2.79.0
    """

    SET_UP_PROJECTS = "set_up_projects"
    ANNOTATE_DATA = "annotate_data"
    REVIEW_QUALITY = "review_quality"
    MANAGE_ANNOTATORS = "manage_annotators"
    CONNECT_MODELS = "connect_models"
    EVALUATE_FOR_ORGANIZATION = "evaluate_for_organization"


PlannedActivitiesEnumLike: TypeAlias = (
    PlannedActivitiesEnum
    | Literal[
        "set_up_projects",
        "annotate_data",
        "review_quality",
        "manage_annotators",
        "connect_models",
        "evaluate_for_organization",
    ]
)


@frozen(kw_only=True)
class User:
    """A user's account in full: groups, rights, dates and answers given at registration."""

    username: str
    groups: tuple[str, ...]
    url: str = field(repr=shown)
    id: int
    first_name: str
    last_name: str
    email: str
    is_staff: bool
    is_superuser: bool
    is_active: bool
    last_login: Annotated[datetime, Meta(tz=True)] | None
    date_joined: Annotated[datetime, Meta(tz=True)]
    has_analytics_access: bool | None
    cvat_usage_reason: CvatUsageReasonEnum | Unset = UNSET  # since CVAT 2.79.0
    primary_role: str | Unset = UNSET  # since CVAT 2.79.0
    planned_activities: tuple[PlannedActivitiesEnum, ...] | Unset = UNSET  # since CVAT 2.79.0
    data_types: tuple[str, ...] | Unset = UNSET  # since CVAT 2.79.0
    discovery_source: str | Unset = UNSET  # since CVAT 2.79.0
    email_verified: bool | Unset | None = UNSET  # since CVAT 2.76.0
    created_via: CreatedViaEnum | Unset | None = UNSET  # since CVAT 2.75.0


MetaUser: TypeAlias = User | BasicUser


PaginatedMetaUserList: TypeAlias = Page[MetaUser]


class PatchedUserRequestDict(TypedDict, total=False):
    """`PatchedUserRequest` as a dict."""

    username: str | Unset
    first_name: str | Unset
    last_name: str | Unset
    email: str | Unset
    groups: Iterable[str] | Unset
    is_staff: bool | Unset
    is_superuser: bool | Unset
    is_active: bool | Unset
    cvat_usage_reason: CvatUsageReasonEnumLike | Literal[""] | Unset
    primary_role: str | Unset
    planned_activities: Iterable[PlannedActivitiesEnumLike] | Unset
    data_types: Iterable[str] | Unset
    discovery_source: str | Unset


@frozen(kw_only=True, init=False)
class PatchedUserRequest:
    """Sent to change a user's account: only what is given is changed."""

    username: (
        Annotated[str, Meta(min_length=1, max_length=150, pattern=r"^[\w.@+-]+\Z")] | Unset
    ) = UNSET
    first_name: Annotated[str, Meta(max_length=150)] | Unset = UNSET
    last_name: Annotated[str, Meta(max_length=150)] | Unset = UNSET
    email: (
        Annotated[
            str, Meta(max_length=254, pattern=r"^\Z|[^@\s]@[^@\s]", description="email address")
        ]
        | Unset
    ) = UNSET
    groups: tuple[Annotated[str, Meta(min_length=1)], ...] | Unset = UNSET
    is_staff: bool | Unset = UNSET
    is_superuser: bool | Unset = UNSET
    is_active: bool | Unset = UNSET
    cvat_usage_reason: Annotated[CvatUsageReasonEnum, OrBlank] | Unset = UNSET  # since CVAT 2.79.0
    primary_role: Annotated[str, Meta(max_length=255)] | Unset = UNSET  # since CVAT 2.79.0
    planned_activities: Annotated[tuple[PlannedActivitiesEnum, ...], Meta(max_length=6)] | Unset = (
        UNSET  # since CVAT 2.79.0
    )
    data_types: Annotated[tuple[str, ...], Meta(max_length=6)] | Unset = UNSET  # since CVAT 2.79.0
    discovery_source: Annotated[str, Meta(max_length=255)] | Unset = UNSET  # since CVAT 2.79.0

    def __init__(
        self,
        *,
        username: str | Unset = UNSET,
        first_name: str | Unset = UNSET,
        last_name: str | Unset = UNSET,
        email: str | Unset = UNSET,
        groups: Iterable[str] | Unset = UNSET,
        is_staff: bool | Unset = UNSET,
        is_superuser: bool | Unset = UNSET,
        is_active: bool | Unset = UNSET,
        cvat_usage_reason: CvatUsageReasonEnumLike | Literal[""] | Unset = UNSET,
        primary_role: str | Unset = UNSET,
        planned_activities: Iterable[PlannedActivitiesEnumLike] | Unset = UNSET,
        data_types: Iterable[str] | Unset = UNSET,
        discovery_source: str | Unset = UNSET,
    ) -> None:
        fill(self, locals())


PatchedUserRequestLike: TypeAlias = PatchedUserRequest | PatchedUserRequestDict


@frozen(kw_only=True)
class UserIdentifiers:
    """A user by id and username only."""

    id: int
    username: str
