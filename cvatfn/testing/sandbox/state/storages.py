"""Cloud storages, as they were connected."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias

from attrs import field, frozen

from cvatfn import models
from cvatfn.codecs.secrets import mask

__all__ = ["CloudStorage", "Credential"]

Credential: TypeAlias = tuple[str, str | bytes]
"""A part of what opens a cloud storage: its name in the request, and a text or a file."""


@frozen(kw_only=True)
class CloudStorage:
    """A bucket or container that was connected; its files are in `World.clouds`."""

    id: int
    owner: int | None
    organization: int | None = None
    provider_type: models.ProviderTypeEnum
    resource: str
    display_name: str
    credentials_type: models.CredentialsTypeEnum
    credentials: tuple[Credential, ...] = field(default=(), repr=mask)
    specific_attributes: str = ""
    description: str = ""
    manifests: tuple[str, ...] = ()
    created: datetime
    updated: datetime
