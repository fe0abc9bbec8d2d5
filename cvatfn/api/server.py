"""Facts about the server: version, formats, plugins and shared files.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

# The functions are declarations: their bodies never run.
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from cvatfn import models
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.endpoints import get

__all__ = ["list_share", "retrieve_about", "retrieve_annotation_formats", "retrieve_plugins"]


@get("/api/server/about", logins=("basic", "token", "access_token", "session", "anonymous"))
def retrieve_about() -> models.About:
    """Get the server's name and version; no login is needed.

    :returns: `About`, with status 200.
    """
    ...


@get("/api/server/annotation/formats")
def retrieve_annotation_formats() -> models.DatasetFormats:
    """List the formats the server can import and export annotations in.

    :returns: `DatasetFormats`, with status 200.
    """
    ...


@get("/api/server/plugins")
def retrieve_plugins() -> models.Plugins:
    """Find out which optional parts, such as analytics and models, the server runs.

    :returns: `Plugins`, with status 200.
    """
    ...


@get("/api/server/share")
def list_share(
    *, directory: str | Unset = UNSET, search: str | Unset = UNSET
) -> tuple[models.FileInfo, ...]:
    """List files and folders of the share that is mounted on the server.

    :param directory: folder of the share to look into, its root if not given.
    :param search: text to look for in the names and other telling fields.
    :returns: a tuple of `FileInfo`, with status 200.
    """
    ...
