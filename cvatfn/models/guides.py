"""Annotation guides and the images in them.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, TypeAlias, TypedDict
from uuid import UUID

from attrs import frozen
from msgspec import Meta

from cvatfn.codecs.building import fill
from cvatfn.codecs.files import File, FileLike
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.models.users import BasicUser

__all__ = [
    "AnnotationGuideRead",
    "AnnotationGuideWriteRequest",
    "AnnotationGuideWriteRequestDict",
    "AnnotationGuideWriteRequestLike",
    "AssetRead",
    "AssetWriteRequest",
    "AssetWriteRequestDict",
    "AssetWriteRequestLike",
    "PatchedAnnotationGuideWriteRequest",
    "PatchedAnnotationGuideWriteRequestDict",
    "PatchedAnnotationGuideWriteRequestLike",
]


@frozen(kw_only=True)
class AnnotationGuideRead:
    """Markdown instructions for annotators, and the project or task they belong to."""

    id: int
    task_id: int | None
    project_id: int | None
    created_date: Annotated[datetime, Meta(tz=True)]
    updated_date: Annotated[datetime, Meta(tz=True)]
    markdown: str


class AnnotationGuideWriteRequestDict(TypedDict, total=False):
    """`AnnotationGuideWriteRequest` as a dict."""

    task_id: int | Unset | None
    project_id: int | Unset | None
    markdown: str | Unset


@frozen(kw_only=True, init=False)
class AnnotationGuideWriteRequest:
    """Sent to create a guide: its markdown and the project or task it is for."""

    task_id: int | Unset | None = UNSET
    project_id: int | Unset | None = UNSET
    markdown: str | Unset = UNSET

    def __init__(
        self,
        *,
        task_id: int | Unset | None = UNSET,
        project_id: int | Unset | None = UNSET,
        markdown: str | Unset = UNSET,
    ) -> None:
        fill(self, locals())


AnnotationGuideWriteRequestLike: TypeAlias = (
    AnnotationGuideWriteRequest | AnnotationGuideWriteRequestDict
)


@frozen(kw_only=True)
class AssetRead:
    """A file uploaded for a guide: its name, owner and the uuid to fetch it by."""

    uuid: UUID
    filename: str
    created_date: Annotated[datetime, Meta(tz=True)]
    owner: BasicUser | None
    guide_id: int


class AssetWriteRequestDict(TypedDict):
    """`AssetWriteRequest` as a dict."""

    guide_id: int
    file: FileLike


@frozen(kw_only=True, init=False)
class AssetWriteRequest:
    """Sent to upload an image file to a guide."""

    guide_id: int
    file: File

    def __init__(
        self,
        *,
        guide_id: int,
        file: FileLike,
    ) -> None:
        fill(self, locals())


AssetWriteRequestLike: TypeAlias = AssetWriteRequest | AssetWriteRequestDict


class PatchedAnnotationGuideWriteRequestDict(TypedDict, total=False):
    """`PatchedAnnotationGuideWriteRequest` as a dict."""

    task_id: int | Unset | None
    project_id: int | Unset | None
    markdown: str | Unset


@frozen(kw_only=True, init=False)
class PatchedAnnotationGuideWriteRequest:
    """Sent to change an annotation guide: only what is given is changed."""

    task_id: int | Unset | None = UNSET
    project_id: int | Unset | None = UNSET
    markdown: str | Unset = UNSET

    def __init__(
        self,
        *,
        task_id: int | Unset | None = UNSET,
        project_id: int | Unset | None = UNSET,
        markdown: str | Unset = UNSET,
    ) -> None:
        fill(self, locals())


PatchedAnnotationGuideWriteRequestLike: TypeAlias = (
    PatchedAnnotationGuideWriteRequest | PatchedAnnotationGuideWriteRequestDict
)
