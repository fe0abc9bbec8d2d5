"""Moving files, and walking listings, with CVAT's official client, by what its pages recommend.

Rule: as in `by_cvatfn.py`, and as in `official.py` nothing of it is switched off.
"""

# pyright: reportMissingModuleSource=false
# Checked against the stubs in `typings`; the package itself is there after `make bench` only.

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cvat_sdk import make_client
from cvat_sdk.api_client.models import TaskRead
from cvat_sdk.core.downloading import Downloader
from cvat_sdk.core.helpers import get_paginated_collection
from cvat_sdk.core.uploading import DataUploader

from benchmarks.official import client

__all__ = ["download", "keep", "tasks", "upload"]

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


def tasks(host: str) -> list[TaskRead]:
    """All tasks, in pages of 100.

    :param host: the server's origin.
    """
    return get_paginated_collection(client(host, TOKEN).tasks_api.list_endpoint, page_size=100)


def keep(host: str, _paths: Sequence[Path]) -> None:
    """Keep all tasks.

    :param host: the server's origin.
    """
    assert tasks(host)
