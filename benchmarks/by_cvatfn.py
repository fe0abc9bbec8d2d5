"""Moving files with cvatfn, as its users do.

Rule: each function is all there is to it, from an import to a closed connection; so `peak.py` can
run one alone. `by_cvat_sdk.py` and `by_others.py` have functions of the same shapes.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cvatfn import connect
from cvatfn.auth import AccessToken
from cvatfn.transfer.downloading import download_url
from cvatfn.transfer.uploading import upload_data

__all__ = ["download", "upload"]

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
