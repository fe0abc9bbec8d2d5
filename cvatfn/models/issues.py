"""Issues that reviewers raise on frames, and the comments on them.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, NotRequired, TypeAlias, TypedDict

from attrs import field, frozen
from msgspec import Meta

from cvatfn.codecs.building import fill
from cvatfn.codecs.clearing import shown
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.models.page import Page
from cvatfn.models.users import BasicUser

__all__ = [
    "CommentRead",
    "CommentWriteRequest",
    "CommentWriteRequestDict",
    "CommentWriteRequestLike",
    "CommentsSummary",
    "IssueRead",
    "IssueWriteRequest",
    "IssueWriteRequestDict",
    "IssueWriteRequestLike",
    "IssuesSummary",
    "PaginatedCommentReadList",
    "PaginatedIssueReadList",
    "PatchedCommentWriteRequest",
    "PatchedCommentWriteRequestDict",
    "PatchedCommentWriteRequestLike",
    "PatchedIssueWriteRequest",
    "PatchedIssueWriteRequestDict",
    "PatchedIssueWriteRequestLike",
]


@frozen(kw_only=True)
class CommentRead:
    """A message under an issue, with its author and dates."""

    id: int
    issue: int
    owner: BasicUser | None
    message: str
    created_date: Annotated[datetime, Meta(tz=True)]
    updated_date: Annotated[datetime, Meta(tz=True)]


class CommentWriteRequestDict(TypedDict):
    """`CommentWriteRequest` as a dict."""

    issue: int
    message: NotRequired[str | Unset]


@frozen(kw_only=True, init=False)
class CommentWriteRequest:
    """Sent to add a comment: the issue and the message."""

    issue: int
    message: Annotated[str, Meta(min_length=1)] | Unset = UNSET

    def __init__(
        self,
        *,
        issue: int,
        message: str | Unset = UNSET,
    ) -> None:
        fill(self, locals())


CommentWriteRequestLike: TypeAlias = CommentWriteRequest | CommentWriteRequestDict


@frozen(kw_only=True)
class CommentsSummary:
    """How many comments an issue has, and the URL that lists them."""

    count: int
    url: str = field(repr=shown)


@frozen(kw_only=True)
class IssueRead:
    """An issue on a frame: where it is, who opened it, whether it is resolved."""

    id: int
    frame: int
    position: tuple[float, ...]
    job: int
    owner: BasicUser | None
    assignee: BasicUser | None
    created_date: Annotated[datetime, Meta(tz=True)] | None
    updated_date: Annotated[datetime, Meta(tz=True)] | None
    resolved: bool
    comments: CommentsSummary


class IssueWriteRequestDict(TypedDict):
    """`IssueWriteRequest` as a dict."""

    frame: int
    position: Iterable[float]
    job: int
    assignee: NotRequired[int | Unset | None]
    message: str
    resolved: NotRequired[bool | Unset]


@frozen(kw_only=True, init=False)
class IssueWriteRequest:
    """Sent to open an issue: job, frame, position and the first message."""

    frame: Annotated[int, Meta(ge=0, le=2147483647)]
    position: tuple[float, ...]
    job: int
    assignee: int | Unset | None = UNSET
    message: Annotated[str, Meta(min_length=1)]
    resolved: bool | Unset = UNSET

    def __init__(
        self,
        *,
        frame: int,
        position: Iterable[float],
        job: int,
        assignee: int | Unset | None = UNSET,
        message: str,
        resolved: bool | Unset = UNSET,
    ) -> None:
        fill(self, locals())


IssueWriteRequestLike: TypeAlias = IssueWriteRequest | IssueWriteRequestDict


@frozen(kw_only=True)
class IssuesSummary:
    """How many issues a job has, and the URL to list them at."""

    url: str = field(repr=shown)
    count: int


PaginatedCommentReadList: TypeAlias = Page[CommentRead]


PaginatedIssueReadList: TypeAlias = Page[IssueRead]


class PatchedCommentWriteRequestDict(TypedDict, total=False):
    """`PatchedCommentWriteRequest` as a dict."""

    message: str | Unset


@frozen(kw_only=True, init=False)
class PatchedCommentWriteRequest:
    """Sent to change a comment's message: only what is given is changed."""

    message: Annotated[str, Meta(min_length=1)] | Unset = UNSET

    def __init__(
        self,
        *,
        message: str | Unset = UNSET,
    ) -> None:
        fill(self, locals())


PatchedCommentWriteRequestLike: TypeAlias = (
    PatchedCommentWriteRequest | PatchedCommentWriteRequestDict
)


class PatchedIssueWriteRequestDict(TypedDict, total=False):
    """`PatchedIssueWriteRequest` as a dict."""

    position: Iterable[float] | Unset
    assignee: int | Unset | None
    resolved: bool | Unset


@frozen(kw_only=True, init=False)
class PatchedIssueWriteRequest:
    """Sent to move, assign or resolve an issue: only what is given is changed."""

    position: tuple[float, ...] | Unset = UNSET
    assignee: int | Unset | None = UNSET
    resolved: bool | Unset = UNSET

    def __init__(
        self,
        *,
        position: Iterable[float] | Unset = UNSET,
        assignee: int | Unset | None = UNSET,
        resolved: bool | Unset = UNSET,
    ) -> None:
        fill(self, locals())


PatchedIssueWriteRequestLike: TypeAlias = PatchedIssueWriteRequest | PatchedIssueWriteRequestDict
