"""Cloud storages, what is in them, and where files come from and go to.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Literal, NotRequired, TypeAlias, TypedDict

from attrs import field, frozen
from msgspec import Meta

from cvatfn.codecs.building import fill
from cvatfn.codecs.enums import OpenEnum
from cvatfn.codecs.files import File, FileLike
from cvatfn.codecs.secrets import mask
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.models.page import Page
from cvatfn.models.users import BasicUser, BasicUserRequest, BasicUserRequestLike

__all__ = [
    "CloudStorageContent",
    "CloudStorageRead",
    "CloudStorageWriteRequest",
    "CloudStorageWriteRequestDict",
    "CloudStorageWriteRequestLike",
    "CredentialsTypeEnum",
    "CredentialsTypeEnumLike",
    "FileInfo",
    "FileInfoTypeEnum",
    "FileInfoTypeEnumLike",
    "LocationEnum",
    "LocationEnumLike",
    "PaginatedCloudStorageReadList",
    "PatchedCloudStorageWriteRequest",
    "PatchedCloudStorageWriteRequestDict",
    "PatchedCloudStorageWriteRequestLike",
    "ProviderTypeEnum",
    "ProviderTypeEnumLike",
    "Storage",
    "StorageRequest",
    "StorageRequestDict",
    "StorageRequestLike",
]


class FileInfoTypeEnum(OpenEnum):
    """Whether an entry is a regular file (REG) or a folder (DIR)."""

    REG = "REG"
    DIR = "DIR"


FileInfoTypeEnumLike: TypeAlias = FileInfoTypeEnum | Literal["REG", "DIR"]


@frozen(kw_only=True)
class FileInfo:
    """A file or folder in a listing of a share or cloud storage."""

    name: str
    type: FileInfoTypeEnum
    mime_type: str


@frozen(kw_only=True)
class CloudStorageContent:
    """One page of files and folders, and the token for the next page, if there is one."""

    next: str | None
    content: tuple[FileInfo, ...]


class CredentialsTypeEnum(OpenEnum):
    """What kind of credentials a cloud storage is opened with, or none at all."""

    KEY_SECRET_KEY_PAIR = "KEY_SECRET_KEY_PAIR"
    ACCOUNT_NAME_TOKEN_PAIR = "ACCOUNT_NAME_TOKEN_PAIR"
    KEY_FILE_PATH = "KEY_FILE_PATH"
    ANONYMOUS_ACCESS = "ANONYMOUS_ACCESS"
    CONNECTION_STRING = "CONNECTION_STRING"


CredentialsTypeEnumLike: TypeAlias = (
    CredentialsTypeEnum
    | Literal[
        "KEY_SECRET_KEY_PAIR",
        "ACCOUNT_NAME_TOKEN_PAIR",
        "KEY_FILE_PATH",
        "ANONYMOUS_ACCESS",
        "CONNECTION_STRING",
    ]
)


class ProviderTypeEnum(OpenEnum):
    """Who runs a cloud storage: Amazon S3 or the like, Azure or Google."""

    AWS_S3_BUCKET = "AWS_S3_BUCKET"
    AZURE_CONTAINER = "AZURE_CONTAINER"
    GOOGLE_CLOUD_STORAGE = "GOOGLE_CLOUD_STORAGE"


ProviderTypeEnumLike: TypeAlias = (
    ProviderTypeEnum | Literal["AWS_S3_BUCKET", "AZURE_CONTAINER", "GOOGLE_CLOUD_STORAGE"]
)


@frozen(kw_only=True)
class CloudStorageRead:
    """A connected bucket or container: its provider, resource name and manifests."""

    id: int
    owner: BasicUser | None
    manifests: tuple[str, ...]
    created_date: Annotated[datetime, Meta(tz=True)]
    updated_date: Annotated[datetime, Meta(tz=True)]
    provider_type: ProviderTypeEnum
    resource: str
    display_name: str
    credentials_type: CredentialsTypeEnum
    specific_attributes: str
    description: str
    organization: int | None


class CloudStorageWriteRequestDict(TypedDict):
    """`CloudStorageWriteRequest` as a dict."""

    provider_type: ProviderTypeEnumLike
    resource: str
    display_name: str
    owner: NotRequired[BasicUserRequestLike | Unset]
    credentials_type: CredentialsTypeEnumLike
    session_token: NotRequired[str | Unset]
    account_name: NotRequired[str | Unset]
    key: NotRequired[str | Unset]
    secret_key: NotRequired[str | Unset]
    connection_string: NotRequired[str | Unset]
    key_file: NotRequired[FileLike | Unset]
    specific_attributes: NotRequired[str | Unset]
    description: NotRequired[str | Unset]
    manifests: NotRequired[Iterable[str] | Unset]


@frozen(kw_only=True, init=False)
class CloudStorageWriteRequest:
    """Sent to connect a cloud storage: provider, resource and matching credentials."""

    provider_type: ProviderTypeEnum
    resource: Annotated[str, Meta(min_length=1, max_length=222)]
    display_name: Annotated[str, Meta(min_length=1, max_length=63)]
    owner: BasicUserRequest | Unset = UNSET
    credentials_type: CredentialsTypeEnum
    session_token: Annotated[str, Meta(max_length=440)] | Unset = field(default=UNSET, repr=mask)
    account_name: Annotated[str, Meta(max_length=24)] | Unset = UNSET
    key: Annotated[str, Meta(max_length=40)] | Unset = field(default=UNSET, repr=mask)
    secret_key: Annotated[str, Meta(max_length=64)] | Unset = field(default=UNSET, repr=mask)
    connection_string: Annotated[str, Meta(max_length=1024)] | Unset = field(
        default=UNSET, repr=mask
    )
    key_file: File | Unset = field(default=UNSET, repr=mask)
    specific_attributes: Annotated[str, Meta(max_length=1024)] | Unset = UNSET
    description: str | Unset = UNSET
    manifests: tuple[Annotated[str, Meta(min_length=1, max_length=1024)], ...] | Unset = UNSET

    def __init__(
        self,
        *,
        provider_type: ProviderTypeEnumLike,
        resource: str,
        display_name: str,
        owner: BasicUserRequestLike | Unset = UNSET,
        credentials_type: CredentialsTypeEnumLike,
        session_token: str | Unset = UNSET,
        account_name: str | Unset = UNSET,
        key: str | Unset = UNSET,
        secret_key: str | Unset = UNSET,
        connection_string: str | Unset = UNSET,
        key_file: FileLike | Unset = UNSET,
        specific_attributes: str | Unset = UNSET,
        description: str | Unset = UNSET,
        manifests: Iterable[str] | Unset = UNSET,
    ) -> None:
        fill(self, locals())


CloudStorageWriteRequestLike: TypeAlias = CloudStorageWriteRequest | CloudStorageWriteRequestDict


class LocationEnum(OpenEnum):
    """Whether files go through a cloud storage or directly between you and the server."""

    CLOUD_STORAGE = "cloud_storage"
    LOCAL = "local"


LocationEnumLike: TypeAlias = LocationEnum | Literal["cloud_storage", "local"]


PaginatedCloudStorageReadList: TypeAlias = Page[CloudStorageRead]


class PatchedCloudStorageWriteRequestDict(TypedDict, total=False):
    """`PatchedCloudStorageWriteRequest` as a dict."""

    provider_type: ProviderTypeEnumLike | Unset
    resource: str | Unset
    display_name: str | Unset
    owner: BasicUserRequestLike | Unset
    credentials_type: CredentialsTypeEnumLike | Unset
    session_token: str | Unset
    account_name: str | Unset
    key: str | Unset
    secret_key: str | Unset
    connection_string: str | Unset
    key_file: FileLike | Unset
    specific_attributes: str | Unset
    description: str | Unset
    manifests: Iterable[str] | Unset


@frozen(kw_only=True, init=False)
class PatchedCloudStorageWriteRequest:
    """Sent to change a cloud storage's settings: only what is given is changed."""

    provider_type: ProviderTypeEnum | Unset = UNSET
    resource: Annotated[str, Meta(min_length=1, max_length=222)] | Unset = UNSET
    display_name: Annotated[str, Meta(min_length=1, max_length=63)] | Unset = UNSET
    owner: BasicUserRequest | Unset = UNSET
    credentials_type: CredentialsTypeEnum | Unset = UNSET
    session_token: Annotated[str, Meta(max_length=440)] | Unset = field(default=UNSET, repr=mask)
    account_name: Annotated[str, Meta(max_length=24)] | Unset = UNSET
    key: Annotated[str, Meta(max_length=40)] | Unset = field(default=UNSET, repr=mask)
    secret_key: Annotated[str, Meta(max_length=64)] | Unset = field(default=UNSET, repr=mask)
    connection_string: Annotated[str, Meta(max_length=1024)] | Unset = field(
        default=UNSET, repr=mask
    )
    key_file: File | Unset = field(default=UNSET, repr=mask)
    specific_attributes: Annotated[str, Meta(max_length=1024)] | Unset = UNSET
    description: str | Unset = UNSET
    manifests: tuple[Annotated[str, Meta(min_length=1, max_length=1024)], ...] | Unset = UNSET

    def __init__(
        self,
        *,
        provider_type: ProviderTypeEnumLike | Unset = UNSET,
        resource: str | Unset = UNSET,
        display_name: str | Unset = UNSET,
        owner: BasicUserRequestLike | Unset = UNSET,
        credentials_type: CredentialsTypeEnumLike | Unset = UNSET,
        session_token: str | Unset = UNSET,
        account_name: str | Unset = UNSET,
        key: str | Unset = UNSET,
        secret_key: str | Unset = UNSET,
        connection_string: str | Unset = UNSET,
        key_file: FileLike | Unset = UNSET,
        specific_attributes: str | Unset = UNSET,
        description: str | Unset = UNSET,
        manifests: Iterable[str] | Unset = UNSET,
    ) -> None:
        fill(self, locals())


PatchedCloudStorageWriteRequestLike: TypeAlias = (
    PatchedCloudStorageWriteRequest | PatchedCloudStorageWriteRequestDict
)


@frozen(kw_only=True)
class Storage:
    """Where a project, task or job imports from or exports to by default."""

    id: int
    location: LocationEnum
    cloud_storage_id: int | None


class StorageRequestDict(TypedDict, total=False):
    """`StorageRequest` as a dict."""

    location: LocationEnumLike | Unset
    cloud_storage_id: int | Unset | None


@frozen(kw_only=True, init=False)
class StorageRequest:
    """Given to set a default place for imports or exports."""

    location: LocationEnum | Unset = UNSET
    cloud_storage_id: int | Unset | None = UNSET

    def __init__(
        self,
        *,
        location: LocationEnumLike | Unset = UNSET,
        cloud_storage_id: int | Unset | None = UNSET,
    ) -> None:
        fill(self, locals())


StorageRequestLike: TypeAlias = StorageRequest | StorageRequestDict
