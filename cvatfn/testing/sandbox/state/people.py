"""Who there is: accounts and what they log in with, organizations and who is in them."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum
from typing import Final

from attrs import field, frozen

from cvatfn import models
from cvatfn.codecs.jsonvalue import JSON
from cvatfn.codecs.secrets import mask
from cvatfn.codecs.unset import UNSET, Unset

__all__ = [
    "BIRTH",
    "Account",
    "Answers",
    "BrowserSession",
    "Growth",
    "Invitation",
    "Key",
    "Mail",
    "Membership",
    "Organization",
    "PasswordReset",
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
class Answers:
    """What people said of themselves when CVAT asked them; nothing where it did not."""

    cvat_usage_reason: models.CvatUsageReasonEnum | Unset = UNSET
    primary_role: str | Unset = UNSET
    planned_activities: tuple[models.PlannedActivitiesEnum, ...] | Unset = UNSET
    data_types: tuple[str, ...] | Unset = UNSET
    discovery_source: str | Unset = UNSET


@frozen(kw_only=True)
class Account:
    """A person with a login.

    :param privilege: the person's group; that of superusers is `ADMIN`, whatever stands here.
    :param is_active: whether the person may log in.
    :param email_verified: whether the address is the person's own; whoever was invited and has not
        registered yet has an account that is neither active nor verified.
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
    email_verified: bool = True
    has_analytics_access: bool = False
    created_via: models.CreatedViaEnum | None = None
    answers: Answers = Answers()
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
    owner: int | None
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
    invitation: str | None = field(default=None, repr=mask)


@frozen(kw_only=True)
class Invitation:
    """What lets a person become a member; the membership is there already, and not active.

    :param sent: when it was last sent; what never was, because nobody had to be asked, never
        expires.
    """

    key: str = field(repr=mask)
    owner: int | None
    membership: int
    created: datetime
    sent: datetime | None = None


@frozen(kw_only=True)
class PasswordReset:
    """What lets a person who forgot the password set another one."""

    secret: str = field(repr=mask)
    created: datetime


@frozen(kw_only=True)
class Mail:
    """What a real server would have sent by mail.

    :param link: what its reader is to follow; it holds a secret.
    """

    recipient: str
    subject: str
    link: str = field(repr=mask)
    sent: datetime


@frozen(kw_only=True)
class Growth:
    """What a person was shown of prompts, and said to notices."""

    github_prompt_shown: bool = False
    github_prompt_support_clicked: bool = False
    promotion_notifications_allowed: bool = False
