"""Images that annotation guides show.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

# The functions are declarations: their bodies never run.
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from cvatfn import models
from cvatfn.endpoints import Body, delete, get, post

__all__ = ["create", "destroy", "retrieve"]


@post("/api/assets")
def create(
    asset_write_request: Annotated[models.AssetWriteRequestLike, Body("multipart/form-data")],
) -> models.AssetRead:
    """Upload an image for use in an annotation guide.

    :param asset_write_request: what to send; a model or a dict.
    :returns: `AssetRead`, with status 201.
    """
    ...


@get("/api/assets/{uuid}", produces="*/*")
def retrieve(uuid: UUID) -> bytes:
    """Download the file of a guide's asset.

    :param uuid: uuid of the asset.
    :returns: the bytes of a file, with status 200.
    """
    ...


@delete("/api/assets/{uuid}")
def destroy(uuid: UUID) -> None:
    """Delete an asset; guides that show it keep a dead link.

    :param uuid: uuid of the asset.
    :returns: nothing, with status 204.
    """
    ...
