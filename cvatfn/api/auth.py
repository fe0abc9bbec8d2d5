"""Logging in and out, registering, passwords and personal access tokens.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

# The functions are declarations: their bodies never run.
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from typing import Annotated, Literal

from cvatfn import filters, models
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.endpoints import Body, Query, delete, get, patch, post

__all__ = [
    "create_access_tokens",
    "create_login",
    "create_logout",
    "create_password_change",
    "create_password_reset",
    "create_password_reset_confirm",
    "create_register",
    "destroy_access_tokens",
    "list_access_tokens",
    "partial_update_access_tokens",
    "retrieve_access_tokens",
    "retrieve_access_tokens_self",
    "retrieve_rules",
]


@get("/api/auth/access_tokens", since="2.48.1")
def list_access_tokens(
    *,
    filter: str | filters.Filter[filters.AccessTokens] | Unset = UNSET,
    name: str | Unset = UNSET,
    page: int | Unset = UNSET,
    page_size: int | Literal["all"] | Unset = UNSET,
    read_only: Annotated[bool | Unset, Query(since="2.65.0")] = UNSET,
    search: str | Unset = UNSET,
    sort: str | filters.Order[filters.AccessTokens] | Unset = UNSET,
) -> models.PaginatedAccessTokenReadList:
    """List your access tokens, a page at a time; their secret values are not shown.

    :param filter: condition that the listed objects must meet: a `Filter`, or JSON Logic as text.
    :param name: name of the objects, in full.
    :param page: number of the page, counted from 1.
    :param page_size: number of entries on a page, up to a limit of the server.
    :param read_only: whether the tokens can only read.
    :param search: text to look for in the names and other telling fields.
    :param sort: what to sort by: an `Order`, or a field with a minus sign in front for descending
        order.
    :returns: a page of `AccessTokenRead`, with status 200.

    .. versionadded:: CVAT 2.48.1
    """
    ...


@post("/api/auth/access_tokens", since="2.48.1")
def create_access_tokens(
    access_token_write_request: Annotated[models.AccessTokenWriteRequestLike, Body()],
) -> models.AccessTokenRead:
    """Create an access token; its secret value is in this answer and in no later one.

    :param access_token_write_request: what to send; a model or a dict.
    :returns: `AccessTokenRead`, with status 201.

    .. versionadded:: CVAT 2.48.1
    """
    ...


@get("/api/auth/access_tokens/self", logins=("access_token",), since="2.48.1")
def retrieve_access_tokens_self() -> models.AccessTokenRead:
    """Get the access token that this very call was authenticated with.

    :returns: `AccessTokenRead`, with status 200.

    .. versionadded:: CVAT 2.48.1
    """
    ...


@get("/api/auth/access_tokens/{id}", since="2.48.1")
def retrieve_access_tokens(id: int) -> models.AccessTokenRead:
    """Get one of your access tokens, without its secret value.

    :param id: id of the object the call is about.
    :returns: `AccessTokenRead`, with status 200.

    .. versionadded:: CVAT 2.48.1
    """
    ...


@patch("/api/auth/access_tokens/{id}", since="2.48.1")
def partial_update_access_tokens(
    id: int,
    patched_access_token_write_request: Annotated[
        models.PatchedAccessTokenWriteRequestLike | Unset, Body()
    ] = UNSET,
) -> models.AccessTokenRead:
    """Rename an access token, move its expiry date or make it read-only.

    :param id: id of the object the call is about.
    :param patched_access_token_write_request: what to send; a model or a dict.
    :returns: `AccessTokenRead`, with status 200.

    .. versionadded:: CVAT 2.48.1
    """
    ...


@delete("/api/auth/access_tokens/{id}", since="2.48.1")
def destroy_access_tokens(id: int) -> None:
    """Revoke an access token; calls that use it fail from then on.

    :param id: id of the object the call is about.
    :returns: nothing, with status 204.

    .. versionadded:: CVAT 2.48.1
    """
    ...


@post(
    "/api/auth/login", status=200, logins=("basic", "token", "access_token", "session", "anonymous")
)
def create_login(
    login_serializer_ex_request: Annotated[models.LoginSerializerExRequestLike, Body()],
) -> models.Token:
    """Log in by name or e-mail and password, for session cookies and a token key.

    :param login_serializer_ex_request: what to send; a model or a dict.
    :returns: `Token`, with status 200.
    """
    ...


@post(
    "/api/auth/logout",
    status=200,
    logins=("basic", "token", "access_token", "session", "anonymous"),
)
def create_logout() -> models.RestAuthDetail:
    """End the session and invalidate the token key that came with it.

    :returns: `RestAuthDetail`, with status 200.
    """
    ...


@post("/api/auth/password/change", status=200, logins=("basic", "token", "session"))
def create_password_change(
    password_change_request: Annotated[models.PasswordChangeRequestLike, Body()],
) -> models.RestAuthDetail:
    """Set a new password for yourself, knowing the old one.

    :param password_change_request: what to send; a model or a dict.
    :returns: `RestAuthDetail`, with status 200.
    """
    ...


@post(
    "/api/auth/password/reset",
    status=200,
    logins=("basic", "token", "access_token", "session", "anonymous"),
)
def create_password_reset(
    password_reset_serializer_ex_request: Annotated[
        models.PasswordResetSerializerExRequestLike, Body()
    ],
) -> models.RestAuthDetail:
    """Have an e-mail sent with a link for setting a forgotten password anew.

    :param password_reset_serializer_ex_request: what to send; a model or a dict.
    :returns: `RestAuthDetail`, with status 200.
    """
    ...


@post(
    "/api/auth/password/reset/confirm",
    status=200,
    logins=("basic", "token", "access_token", "session", "anonymous"),
)
def create_password_reset_confirm(
    password_reset_confirm_request: Annotated[models.PasswordResetConfirmRequestLike, Body()],
) -> models.RestAuthDetail:
    """Set a new password with the user id and token of a password reset e-mail.

    :param password_reset_confirm_request: what to send; a model or a dict.
    :returns: `RestAuthDetail`, with status 200.
    """
    ...


@post("/api/auth/register", logins=("basic", "token", "access_token", "session", "anonymous"))
def create_register(
    register_serializer_ex_request: Annotated[models.RegisterSerializerExRequestLike, Body()],
) -> models.RegisterSerializerEx:
    """Open a new user account, which may need its e-mail address verified.

    :param register_serializer_ex_request: what to send; a model or a dict.
    :returns: `RegisterSerializerEx`, with status 201.
    """
    ...


@get("/api/auth/rules", produces="*/*", logins=("anonymous",))
def retrieve_rules() -> bytes:
    """Download the bundle of access rules that the permission service evaluates.

    :returns: the bytes of a file, with status 200.
    """
    ...
