"""Moving files, and walking listings, with what is below: urllib3, http.client, curl, msgspec.

Rule: as in `by_cvatfn.py`; none of these knows CVAT, so uploads are one request, and nothing is
asked, checked, or made to survive a fault.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import Final

from msgspec.json import Decoder
from urllib3 import PoolManager

from cvatfn import models

__all__ = [
    "curl_download",
    "curl_upload",
    "http_client_upload",
    "http_client_upload_in_blocks",
    "tasks",
    "urllib3_download",
]

PIECE: Final = 1 << 20
ACCEPT: Final = {"Accept": "application/vnd.cvat+json", "Authorization": "Bearer a.token"}


def urllib3_download(host: str, paths: Sequence[Path]) -> None:
    """A loop of `read`s and `write`s.

    :param host: the server's origin.
    :param paths: where to, one path.
    """
    (to,) = paths
    pool = PoolManager()
    response = pool.request("GET", f"{host}/file", preload_content=False)
    with to.open("wb", buffering=0) as file:
        while piece := response.read(PIECE):
            file.write(piece)
    pool.clear()


def http_client_upload(host: str, paths: Sequence[Path]) -> None:
    """One PUT that streams a file, in blocks of 8 KiB as they are unless told otherwise.

    :param host: the server's origin.
    :param paths: the file, one path.
    """
    _put(HTTPConnection(host.removeprefix("http://")), paths)


def http_client_upload_in_blocks(host: str, paths: Sequence[Path]) -> None:
    """The same in blocks of 1 MiB.

    :param host: the server's origin.
    :param paths: the file, one path.
    """
    _put(HTTPConnection(host.removeprefix("http://"), blocksize=PIECE), paths)


def _put(connection: HTTPConnection, paths: Sequence[Path]) -> None:
    (path,) = paths
    with path.open("rb") as file:
        headers = {"Content-Length": str(path.stat().st_size)}
        connection.request("PUT", f"/{path.name}", file, headers)
    assert connection.getresponse().status == 201
    connection.close()


def curl_download(host: str, paths: Sequence[Path]) -> None:
    """The command `curl`, silently, into a file.

    :param host: the server's origin.
    :param paths: where to, one path.
    """
    (to,) = paths
    _curl("-o", str(to), f"{host}/file")


def curl_upload(host: str, paths: Sequence[Path]) -> None:
    """The command `curl` with all files in one form.

    :param host: the server's origin.
    :param paths: the files.
    """
    fields = (f'form = "client_files[{index}]=@{path}"' for index, path in enumerate(paths))
    _curl("-K", "-", f"{host}/api/tasks/1/data", told="\n".join(fields))


def _curl(*arguments: str, told: str = "") -> None:
    command = ["curl", "-s", "-S", "-f", *arguments]
    subprocess.run(command, check=True, input=told, capture_output=True, text=True)  # noqa: S603 - own words


def tasks(host: str) -> tuple[models.TaskRead, ...]:
    """All tasks in pages of 100, eight at a time, read natively.

    :param host: the server's origin.
    """
    pool = PoolManager(maxsize=8)
    page = partial(_page, pool, host, Decoder(models.PaginatedTaskReadList))
    first = page(1)
    with ThreadPoolExecutor(8) as threads:
        others = threads.map(page, range(2, -(-first.count // 100) + 1))
        found = tuple(task for each in (first, *others) for task in each.results)
    pool.clear()
    return found


def _page(
    pool: PoolManager, host: str, decoder: Decoder[models.PaginatedTaskReadList], number: int
) -> models.PaginatedTaskReadList:
    url = f"{host}/api/tasks?page_size=100&page={number}"
    return decoder.decode(pool.request("GET", url, headers=ACCEPT).data)
