"""Moving files, and walking listings, with cvatfn, as its users do.

Rule: each function is all there is to it, from an import to a closed connection; so `peak.py` can
run one alone. `by_cvat_sdk.py` and `by_others.py` have functions of the same shapes.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cvatfn import collect, connect, models
from cvatfn.api.tasks import list as tasks_list
from cvatfn.auth import AccessToken
from cvatfn.pagination import pages, paginate, prefetching
from cvatfn.transfer.downloading import download_url
from cvatfn.transfer.uploading import upload_data

__all__ = ["download", "first_page", "first_task", "keep", "tasks", "upload", "walk"]

TOKEN: Final = AccessToken("a.token")


def download(host: str, paths: Sequence[Path]) -> None:
    """Save a prepared file.

    :param host: the server's origin.
    :param paths: where to, one path.
    """
    (to,) = paths
    with connect(host, auth=TOKEN) as connection:
        download_url(connection, f"{host}/file", to).unwrap()


def upload(host: str, paths: Sequence[Path]) -> None:
    """Give a task its media: large files by TUS, small ones together.

    :param host: the server's origin.
    :param paths: the files.
    """
    with connect(host, auth=TOKEN) as connection:
        upload_data(connection, 1, paths).unwrap()


def tasks(host: str, ahead: int = 8) -> tuple[models.TaskRead, ...]:
    """All tasks, in pages of 100.

    :param host: the server's origin.
    :param ahead: how many pages are asked for before they are needed.
    """
    with connect(host, auth=TOKEN) as connection:
        walk = paginate(connection, prefetching(tasks_list, ahead), page_size=100)
        return collect(walk).unwrap()


def first_task(host: str) -> models.TaskRead:
    """The first task of all.

    :param host: the server's origin.
    """
    with connect(host, auth=TOKEN) as connection:
        return next(paginate(connection, prefetching(tasks_list, 8), page_size=100)).unwrap()


def first_page(host: str) -> models.PaginatedTaskReadList:
    """The first 100 tasks.

    :param host: the server's origin.
    """
    with connect(host, auth=TOKEN) as connection:
        return next(pages(connection, tasks_list, page_size=100)).unwrap()


def walk(host: str, _paths: Sequence[Path]) -> None:
    """Look at all tasks, and keep none.

    :param host: the server's origin.
    """
    with connect(host, auth=TOKEN) as connection:
        for task in paginate(connection, prefetching(tasks_list, 8), page_size=100):
            assert task.unwrap().id


def keep(host: str, _paths: Sequence[Path]) -> None:
    """Keep all tasks.

    :param host: the server's origin.
    """
    assert tasks(host)
