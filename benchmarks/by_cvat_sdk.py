"""Moving files with CVAT's official client, by what its high-level API uses.

Rule: as in `by_cvatfn.py`, and as in `official.py` nothing of it is switched off.
"""

# pyright: reportMissingModuleSource=false
# Checked against the stubs in `typings`; the package itself is there after `make bench` only.

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cvat_sdk import make_client
from cvat_sdk.core.downloading import Downloader
from cvat_sdk.core.uploading import DataUploader

__all__ = ["download", "upload"]

TOKEN: Final = "a.token"


def download(host: str, paths: Sequence[Path]) -> None:
    """Save a prepared file.

    :param host: the server's origin.
    :param paths: where to, one path.
    """
    (to,) = paths
    with make_client(host, access_token=TOKEN) as client:
        Downloader(client).download_file(f"{host}/file", to)


def upload(host: str, paths: Sequence[Path]) -> None:
    """Give a task its media; `Task.upload_data` does this, and waits.

    :param host: the server's origin.
    :param paths: the files.
    """
    with make_client(host, access_token=TOKEN) as client:
        uploader = DataUploader(client)
        uploader.upload_files(f"{host}/api/tasks/1/data", list(paths), image_quality=70)
