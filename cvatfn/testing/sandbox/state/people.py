"""Who there is: accounts, and what they log in with."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum
from typing import Final

from attrs import field, frozen

from cvatfn import models
from cvatfn.codecs.jsonvalue import JSON
from cvatfn.codecs.secrets import mask

__all__ = [
    "BIRTH",
    "Account",
    "BrowserSession",
    "Invitation",
    "Key",
    "Membership",
    "Organization",
    "Privilege",
]

BIRTH: Final = datetime(2026, 1, 1, 9, 0, tzinfo=UTC)
"""When a world's clock starts, unless told otherwise."""


class Privilege(Enum):
    """The group a person is in, from the least to the most: what one may do on the whole server."""

    WORKER = "worker"
    USER = "user"
    ADMIN = "admin"


@frozen(kw_only=True)
class Account:
    """A person with a login.

    :param privilege: the person's group; that of superusers is `ADMIN`, whatever stands here.
    :param is_active: whether the person may log in; who was invited and did not register may not.
    """

    id: int
    username: str
    password: str = field(repr=mask)
    email: str = ""
    first_name: str = ""
    last_name: str = ""
    is_superuser: bool = False
    privilege: Privilege = Privilege.USER
    is_active: bool = True
    joined: datetime = BIRTH
    last_login: datetime | None = None


@frozen
class BrowserSession:
    """Whose session a cookie stands for, and the token that its writes must repeat."""

    user: int
    csrftoken: str = field(repr=mask)


@frozen(kw_only=True)
class Key:
    """A personal access token."""

    id: int
    user: int
    name: str
    value: str = field(repr=mask)
    read_only: bool
    created: datetime
    updated: datetime
    expiry: datetime | None = None
    last_used: datetime | None = None


@frozen(kw_only=True)
class Organization:
    """People who work on the same things."""

    id: int
    slug: str
    name: str
    description: str = ""
    contact: JSON = field(factory=dict[str, JSON], hash=False)
    owner: int
    created: datetime
    updated: datetime


@frozen(kw_only=True)
class Membership:
    """A person's place in an organization.

    :param invitation: the key of the invitation by which the person came.
    :param is_active: whether the invitation was accepted.
    """

    id: int
    user: int
    organization: int
    role: models.RoleEnum
    is_active: bool = True
    joined: datetime | None = None
    invitation: str | None = None


@frozen(kw_only=True)
class Invitation:
    """What lets a person become a member; the membership is there already, and not active."""

    key: str = field(repr=mask)
    owner: int
    membership: int
    created: datetime
