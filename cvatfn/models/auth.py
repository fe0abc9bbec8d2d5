"""Logging in, registering, passwords and access tokens.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, NotRequired, TypeAlias, TypedDict

from attrs import field, frozen
from msgspec import Meta

from cvatfn.codecs.building import fill
from cvatfn.codecs.secrets import mask
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.models.page import Page
from cvatfn.models.users import BasicUser

__all__ = [
    "AccessTokenRead",
    "AccessTokenWriteRequest",
    "AccessTokenWriteRequestDict",
    "AccessTokenWriteRequestLike",
    "LoginSerializerExRequest",
    "LoginSerializerExRequestDict",
    "LoginSerializerExRequestLike",
    "PaginatedAccessTokenReadList",
    "PasswordChangeRequest",
    "PasswordChangeRequestDict",
    "PasswordChangeRequestLike",
    "PasswordResetConfirmRequest",
    "PasswordResetConfirmRequestDict",
    "PasswordResetConfirmRequestLike",
    "PasswordResetSerializerExRequest",
    "PasswordResetSerializerExRequestDict",
    "PasswordResetSerializerExRequestLike",
    "PatchedAccessTokenWriteRequest",
    "PatchedAccessTokenWriteRequestDict",
    "PatchedAccessTokenWriteRequestLike",
    "RegisterSerializerEx",
    "RegisterSerializerExRequest",
    "RegisterSerializerExRequestDict",
    "RegisterSerializerExRequestLike",
    "RestAuthDetail",
    "Token",
]


@frozen(kw_only=True)
class AccessTokenRead:
    """An access token; its secret value is there only right after creation.

    .. versionadded:: CVAT 2.48.1
    """

    id: int
    name: str
    created_date: Annotated[datetime, Meta(tz=True)]
    updated_date: Annotated[datetime, Meta(tz=True)]
    expiry_date: Annotated[datetime, Meta(tz=True)] | None
    last_used_date: Annotated[datetime, Meta(tz=True)] | None
    read_only: bool
    owner: BasicUser
    value: str | Unset = field(default=UNSET, repr=mask)


class AccessTokenWriteRequestDict(TypedDict):
    """`AccessTokenWriteRequest` as a dict."""

    name: str
    expiry_date: NotRequired[datetime | Unset | None]
    read_only: NotRequired[bool | Unset]


@frozen(kw_only=True, init=False)
class AccessTokenWriteRequest:
    """Sent to create an access token: its name, expiry date and whether it only reads.

    .. versionadded:: CVAT 2.48.1
    """

    name: Annotated[str, Meta(min_length=1, max_length=50)]
    expiry_date: Annotated[datetime, Meta(tz=True)] | Unset | None = UNSET
    read_only: bool | Unset = UNSET

    def __init__(
        self,
        *,
        name: str,
        expiry_date: datetime | Unset | None = UNSET,
        read_only: bool | Unset = UNSET,
    ) -> None:
        fill(self, locals())


AccessTokenWriteRequestLike: TypeAlias = AccessTokenWriteRequest | AccessTokenWriteRequestDict


class LoginSerializerExRequestDict(TypedDict):
    """`LoginSerializerExRequest` as a dict."""

    username: NotRequired[str | Unset]
    email: NotRequired[str | Unset]
    password: str


@frozen(kw_only=True, init=False)
class LoginSerializerExRequest:
    """Sent to log in: the password, and the username or the e-mail address."""

    username: str | Unset = UNSET
    email: (
        Annotated[str, Meta(pattern=r"^\Z|[^@\s]@[^@\s]", description="email address")] | Unset
    ) = UNSET
    password: Annotated[str, Meta(min_length=1)] = field(repr=mask)

    def __init__(
        self,
        *,
        username: str | Unset = UNSET,
        email: str | Unset = UNSET,
        password: str,
    ) -> None:
        fill(self, locals())


LoginSerializerExRequestLike: TypeAlias = LoginSerializerExRequest | LoginSerializerExRequestDict


PaginatedAccessTokenReadList: TypeAlias = Page[AccessTokenRead]


class PasswordChangeRequestDict(TypedDict):
    """`PasswordChangeRequest` as a dict."""

    old_password: str
    new_password1: str
    new_password2: str


@frozen(kw_only=True, init=False)
class PasswordChangeRequest:
    """Sent to change your password: the old one, and the new one twice."""

    old_password: Annotated[str, Meta(min_length=1)] = field(repr=mask)
    new_password1: Annotated[str, Meta(min_length=8, max_length=256)] = field(repr=mask)
    new_password2: Annotated[str, Meta(min_length=8, max_length=256)] = field(repr=mask)

    def __init__(
        self,
        *,
        old_password: str,
        new_password1: str,
        new_password2: str,
    ) -> None:
        fill(self, locals())


PasswordChangeRequestLike: TypeAlias = PasswordChangeRequest | PasswordChangeRequestDict


class PasswordResetConfirmRequestDict(TypedDict):
    """`PasswordResetConfirmRequest` as a dict."""

    new_password1: str
    new_password2: str
    uid: str
    token: str


@frozen(kw_only=True, init=False)
class PasswordResetConfirmRequest:
    """Sent to finish a password reset: the e-mail's token, and the new password twice."""

    new_password1: Annotated[str, Meta(min_length=8, max_length=256)] = field(repr=mask)
    new_password2: Annotated[str, Meta(min_length=8, max_length=256)] = field(repr=mask)
    uid: Annotated[str, Meta(min_length=1)]
    token: Annotated[str, Meta(min_length=1)] = field(repr=mask)

    def __init__(
        self,
        *,
        new_password1: str,
        new_password2: str,
        uid: str,
        token: str,
    ) -> None:
        fill(self, locals())


PasswordResetConfirmRequestLike: TypeAlias = (
    PasswordResetConfirmRequest | PasswordResetConfirmRequestDict
)


class PasswordResetSerializerExRequestDict(TypedDict):
    """`PasswordResetSerializerExRequest` as a dict."""

    email: str


@frozen(kw_only=True, init=False)
class PasswordResetSerializerExRequest:
    """Sent to ask for a password reset e-mail: the address of the account."""

    email: Annotated[str, Meta(min_length=1, pattern=r"[^@\s]@[^@\s]", description="email address")]

    def __init__(
        self,
        *,
        email: str,
    ) -> None:
        fill(self, locals())


PasswordResetSerializerExRequestLike: TypeAlias = (
    PasswordResetSerializerExRequest | PasswordResetSerializerExRequestDict
)


class PatchedAccessTokenWriteRequestDict(TypedDict, total=False):
    """`PatchedAccessTokenWriteRequest` as a dict."""

    name: str | Unset
    expiry_date: datetime | Unset | None
    read_only: bool | Unset


@frozen(kw_only=True, init=False)
class PatchedAccessTokenWriteRequest:
    """Sent to change an access token: only what is given is changed.

    .. versionadded:: CVAT 2.48.1
    """

    name: Annotated[str, Meta(min_length=1, max_length=50)] | Unset = UNSET
    expiry_date: Annotated[datetime, Meta(tz=True)] | Unset | None = UNSET
    read_only: bool | Unset = UNSET

    def __init__(
        self,
        *,
        name: str | Unset = UNSET,
        expiry_date: datetime | Unset | None = UNSET,
        read_only: bool | Unset = UNSET,
    ) -> None:
        fill(self, locals())


PatchedAccessTokenWriteRequestLike: TypeAlias = (
    PatchedAccessTokenWriteRequest | PatchedAccessTokenWriteRequestDict
)


@frozen(kw_only=True)
class RegisterSerializerEx:
    """The new account, and whether its e-mail address is still to be verified."""

    username: str
    email: str
    first_name: str
    last_name: str
    email_verification_required: bool
    key: str | None = field(repr=mask)


class RegisterSerializerExRequestDict(TypedDict):
    """`RegisterSerializerExRequest` as a dict."""

    username: str
    email: NotRequired[str | Unset]
    password1: str
    password2: str
    first_name: NotRequired[str | Unset]
    last_name: NotRequired[str | Unset]


@frozen(kw_only=True, init=False)
class RegisterSerializerExRequest:
    """Sent to register: username, e-mail address and the password twice."""

    username: Annotated[str, Meta(min_length=5, max_length=150)]
    email: (
        Annotated[
            str,
            Meta(
                min_length=1, max_length=254, pattern=r"[^@\s]@[^@\s]", description="email address"
            ),
        ]
        | Unset
    ) = UNSET
    password1: Annotated[str, Meta(min_length=8, max_length=256)] = field(repr=mask)
    password2: Annotated[str, Meta(min_length=8, max_length=256)] = field(repr=mask)
    first_name: Annotated[str, Meta(min_length=1, max_length=150)] | Unset = UNSET
    last_name: Annotated[str, Meta(min_length=1, max_length=150)] | Unset = UNSET

    def __init__(
        self,
        *,
        username: str,
        email: str | Unset = UNSET,
        password1: str,
        password2: str,
        first_name: str | Unset = UNSET,
        last_name: str | Unset = UNSET,
    ) -> None:
        fill(self, locals())


RegisterSerializerExRequestLike: TypeAlias = (
    RegisterSerializerExRequest | RegisterSerializerExRequestDict
)


@frozen(kw_only=True)
class RestAuthDetail:
    """A line of text that tells how a login or password operation went."""

    detail: str


@frozen(kw_only=True)
class Token:
    """The key of the login, for the Authorization header."""

    key: str = field(repr=mask)
