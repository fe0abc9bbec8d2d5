"""Where the media of an upload are, as a command line says it: files, folders, or elsewhere.

Rule: a folder stands for the media below it, each under its path from there; a file that is named
is taken whatever it is.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from mimetypes import guess_type
from pathlib import Path
from typing import Final

import click
from attrs import field, frozen

from cvatfn.cli.exits import Stopped
from cvatfn.codecs.clearing import shown
from cvatfn.codecs.files import File
from cvatfn.transfer.errors import DiskError
from cvatfn.transfer.partial import disk_error
from cvatfn.transfer.uploading import AtUrls, InCloud, Media, OnShare

__all__ = ["Source", "is_media", "media_of"]


@frozen(kw_only=True)
class Source:
    """Where media are, as it was said.

    :param files: files and folders of this machine.
    :param share: paths on the server's share.
    :param exclude: what is left out below those.
    :param urls: what the server is to fetch from the web.
    :param cloud: the number of a cloud storage.
    :param keys: the files there.
    """

    files: tuple[str, ...] = ()
    share: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    urls: tuple[str, ...] = field(default=(), repr=shown)
    cloud: int | None = None
    keys: tuple[str, ...] = ()


def media_of(source: Source) -> Media:
    """The media.

    :param source: where they are, as it was said.
    :raises click.UsageError: nowhere, or in two places.
    :raises Stopped: a folder cannot be read, or holds none.

    >>> media_of(Source(share=("cats/",)))
    OnShare(paths=('cats/',), exclude=())
    """
    said = [bool(source.files), bool(source.share), bool(source.urls), source.cloud is not None]
    if sum(said) != 1:
        raise click.UsageError("say where the media are, once: FILES, --share, --url or --cloud")
    if bool(source.keys) != (source.cloud is not None):
        raise click.UsageError("--cloud and --key belong together")
    if source.exclude and not source.share:
        raise click.UsageError("--exclude is for what is below --share")
    if source.share:
        return OnShare(source.share, source.exclude)
    if source.urls:
        return AtUrls(source.urls)
    if source.cloud is not None:
        return InCloud(source.cloud, source.keys)
    return _found(source.files)


def is_media(name: str) -> bool:
    """Whether CVAT can take a file of that name, as far as the name tells.

    :param name: the file's name.

    >>> [is_media(name) for name in ("cat.png", "cats.mp4", "cats.zip", "scan.pcd", "notes.txt")]
    [True, True, True, True, False]
    """
    kind = guess_type(name)[0] or ""
    return kind.startswith(("image/", "video/")) or Path(name).suffix.lower() in _OTHERS


_OTHERS: Final = frozenset({".pdf", ".zip", ".pcd", ".bin", ".mkv", ".webp", ".avif", ".heic"})


def _found(paths: Sequence[str]) -> list[File]:
    files: list[File] = []
    for path in map(Path, paths):
        try:
            files += _below(path) if path.is_dir() else [_named(path)]
        except OSError as error:
            raise Stopped(disk_error(error.filename or path, error)) from None
    return files


def _named(path: Path) -> File:
    path.stat()
    return File(path.name, path)


def _below(folder: Path) -> list[File]:
    found = sorted(_walked(folder))
    if not found:
        raise Stopped(DiskError(str(folder), "holds no images, videos or archives"))
    return [File(path.relative_to(folder).as_posix(), path) for path in found]


def _walked(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder, onerror=_raised):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if is_media(name) and not name.startswith("."):
                yield Path(place) / name


def _raised(error: OSError) -> None:
    raise error
