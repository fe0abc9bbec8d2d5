"""Prompts and notices that users were shown.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

from __future__ import annotations

from typing import TypeAlias, TypedDict

from attrs import frozen

from cvatfn.codecs.building import fill
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.models.page import Page
from cvatfn.models.users import BasicUser

__all__ = [
    "PaginatedUserGrowthDataList",
    "PatchedUserGrowthDataRequest",
    "PatchedUserGrowthDataRequestDict",
    "PatchedUserGrowthDataRequestLike",
    "UserGrowthData",
]


@frozen(kw_only=True)
class UserGrowthData:
    """Which prompts a user was shown, and whether promotional notices are welcome.

    .. versionadded:: CVAT 2.74.1
    """

    id: int
    owner: BasicUser
    github_prompt_shown: bool
    github_prompt_support_clicked: bool
    github_prompt_enabled: bool
    promotion_notifications_allowed: bool


PaginatedUserGrowthDataList: TypeAlias = Page[UserGrowthData]


class PatchedUserGrowthDataRequestDict(TypedDict, total=False):
    """`PatchedUserGrowthDataRequest` as a dict."""

    github_prompt_shown: bool | Unset
    github_prompt_support_clicked: bool | Unset
    promotion_notifications_allowed: bool | Unset


@frozen(kw_only=True, init=False)
class PatchedUserGrowthDataRequest:
    """Sent to note answers to prompts and notices: only what is given is changed.

    .. versionadded:: CVAT 2.74.1
    """

    github_prompt_shown: bool | Unset = UNSET
    github_prompt_support_clicked: bool | Unset = UNSET
    promotion_notifications_allowed: bool | Unset = UNSET

    def __init__(
        self,
        *,
        github_prompt_shown: bool | Unset = UNSET,
        github_prompt_support_clicked: bool | Unset = UNSET,
        promotion_notifications_allowed: bool | Unset = UNSET,
    ) -> None:
        fill(self, locals())


PatchedUserGrowthDataRequestLike: TypeAlias = (
    PatchedUserGrowthDataRequest | PatchedUserGrowthDataRequestDict
)
