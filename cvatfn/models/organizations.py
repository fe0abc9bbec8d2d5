"""Organizations, their members and the invitations into them.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, NotRequired, TypeAlias, TypedDict

from attrs import frozen
from msgspec import Meta

from cvatfn.codecs.building import fill
from cvatfn.codecs.enums import OpenEnum
from cvatfn.codecs.jsonvalue import JSON
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.models.page import Page
from cvatfn.models.users import BasicUser

__all__ = [
    "AcceptInvitationRead",
    "BasicOrganization",
    "InvitationRead",
    "InvitationWriteRequest",
    "InvitationWriteRequestDict",
    "InvitationWriteRequestLike",
    "MembershipRead",
    "OrganizationRead",
    "OrganizationWriteRequest",
    "OrganizationWriteRequestDict",
    "OrganizationWriteRequestLike",
    "PaginatedInvitationReadList",
    "PaginatedMembershipReadList",
    "PaginatedOrganizationReadList",
    "PatchedMembershipWriteRequest",
    "PatchedMembershipWriteRequestDict",
    "PatchedMembershipWriteRequestLike",
    "PatchedOrganizationWriteRequest",
    "PatchedOrganizationWriteRequestDict",
    "PatchedOrganizationWriteRequestLike",
    "RoleEnum",
    "RoleEnumLike",
]


@frozen(kw_only=True)
class AcceptInvitationRead:
    """The organization you joined by accepting an invitation."""

    organization_slug: str


@frozen(kw_only=True)
class BasicOrganization:
    """An organization in brief: its id and slug."""

    id: int
    slug: str


class RoleEnum(OpenEnum):
    """What a member may do in an organization, from worker up to owner."""

    WORKER = "worker"
    SUPERVISOR = "supervisor"
    MAINTAINER = "maintainer"
    OWNER = "owner"


RoleEnumLike: TypeAlias = RoleEnum | Literal["worker", "supervisor", "maintainer", "owner"]


@frozen(kw_only=True)
class InvitationRead:
    """An invitation into an organization: sender, invited user, role and its state."""

    key: str
    created_date: Annotated[datetime, Meta(tz=True)]
    owner: BasicUser | None
    role: RoleEnum
    user: BasicUser
    organization: int
    expired: bool | None
    accepted: bool | Unset = UNSET  # since CVAT 2.65.0
    organization_info: BasicOrganization


class InvitationWriteRequestDict(TypedDict):
    """`InvitationWriteRequest` as a dict."""

    role: RoleEnumLike
    email: str


@frozen(kw_only=True, init=False)
class InvitationWriteRequest:
    """Sent to invite somebody: the e-mail address and the role to have."""

    role: RoleEnum
    email: Annotated[str, Meta(min_length=1, pattern=r"[^@\s]@[^@\s]", description="email address")]

    def __init__(
        self,
        *,
        role: RoleEnumLike,
        email: str,
    ) -> None:
        fill(self, locals())


InvitationWriteRequestLike: TypeAlias = InvitationWriteRequest | InvitationWriteRequestDict


@frozen(kw_only=True)
class MembershipRead:
    """A user's place in an organization: role, joining date and invitation."""

    id: int
    user: BasicUser
    organization: int
    is_active: bool
    joined_date: Annotated[datetime, Meta(tz=True)] | None
    role: RoleEnum
    invitation: str | None


@frozen(kw_only=True)
class OrganizationRead:
    """An organization: slug, name, description, contact and owner."""

    id: int
    slug: str
    name: str
    description: str
    created_date: Annotated[datetime, Meta(tz=True)]
    updated_date: Annotated[datetime, Meta(tz=True)]
    contact: JSON
    owner: BasicUser | None


class OrganizationWriteRequestDict(TypedDict):
    """`OrganizationWriteRequest` as a dict."""

    slug: str
    name: NotRequired[str | Unset]
    description: NotRequired[str | Unset]
    contact: NotRequired[JSON | Unset]


@frozen(kw_only=True, init=False)
class OrganizationWriteRequest:
    """Sent to found an organization: a unique slug and, if wanted, name and contact."""

    slug: Annotated[str, Meta(min_length=1, max_length=16, pattern=r"^[-a-zA-Z0-9_]+\Z")]
    name: Annotated[str, Meta(max_length=64)] | Unset = UNSET
    description: str | Unset = UNSET
    contact: JSON | Unset = UNSET

    def __init__(
        self,
        *,
        slug: str,
        name: str | Unset = UNSET,
        description: str | Unset = UNSET,
        contact: JSON | Unset = UNSET,
    ) -> None:
        fill(self, locals())


OrganizationWriteRequestLike: TypeAlias = OrganizationWriteRequest | OrganizationWriteRequestDict


PaginatedInvitationReadList: TypeAlias = Page[InvitationRead]


PaginatedMembershipReadList: TypeAlias = Page[MembershipRead]


PaginatedOrganizationReadList: TypeAlias = Page[OrganizationRead]


class PatchedMembershipWriteRequestDict(TypedDict, total=False):
    """`PatchedMembershipWriteRequest` as a dict."""

    role: RoleEnumLike | Unset


@frozen(kw_only=True, init=False)
class PatchedMembershipWriteRequest:
    """Sent to change a member's role: only what is given is changed."""

    role: RoleEnum | Unset = UNSET

    def __init__(
        self,
        *,
        role: RoleEnumLike | Unset = UNSET,
    ) -> None:
        fill(self, locals())


PatchedMembershipWriteRequestLike: TypeAlias = (
    PatchedMembershipWriteRequest | PatchedMembershipWriteRequestDict
)


class PatchedOrganizationWriteRequestDict(TypedDict, total=False):
    """`PatchedOrganizationWriteRequest` as a dict."""

    slug: str | Unset
    name: str | Unset
    description: str | Unset
    contact: JSON | Unset


@frozen(kw_only=True, init=False)
class PatchedOrganizationWriteRequest:
    """Sent to change an organization: only what is given is changed."""

    slug: (
        Annotated[str, Meta(min_length=1, max_length=16, pattern=r"^[-a-zA-Z0-9_]+\Z")] | Unset
    ) = UNSET
    name: Annotated[str, Meta(max_length=64)] | Unset = UNSET
    description: str | Unset = UNSET
    contact: JSON | Unset = UNSET

    def __init__(
        self,
        *,
        slug: str | Unset = UNSET,
        name: str | Unset = UNSET,
        description: str | Unset = UNSET,
        contact: JSON | Unset = UNSET,
    ) -> None:
        fill(self, locals())


PatchedOrganizationWriteRequestLike: TypeAlias = (
    PatchedOrganizationWriteRequest | PatchedOrganizationWriteRequestDict
)
