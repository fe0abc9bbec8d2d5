"""What is in a cloud storage: `walk_storage`, the whole tree of its files.

CVAT lists one folder at a time, in pages that each name a token for the next one.

Rule: every step leads on. Tokens that go round in a circle, a path longer than any storage can
hold, and too many pages in a row that lead on without a file are errors: only a server that names
files without end makes a walk endless.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final, TypeAlias

from attrs import field, frozen

from cvatfn.api import cloudstorages
from cvatfn.calling import called
from cvatfn.codecs.problems import Problem, at_index, at_key
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.endpoints import WithResponse, with_response
from cvatfn.errors import CallError
from cvatfn.flows import Flow, driven
from cvatfn.interpreting import misfit
from cvatfn.models.cloudstorages import CloudStorageContent, FileInfoTypeEnum
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.pagination import unfold
from cvatfn.preparing import prepare
from cvatfn.trail import Trail
from cvatfn.transport.types import Transport

__all__ = ["Folder", "StorageFile", "found_at", "walk_storage"]


@frozen
class StorageFile:
    """A file in a cloud storage.

    :param path: its whole name: the folders it is in, and its own name, parted by `/`.
    :param mime_type: what CVAT takes it for, such as `image`.
    """

    path: str
    mime_type: str


def walk_storage(
    transport: Transport,
    id: int,
    *,
    prefix: str = "",
    manifest_path: str | Unset = UNSET,
    page_size: int | Unset = UNSET,
) -> Iterator[Outcome[StorageFile, CallError]]:
    """Walk all files of a cloud storage, folder by folder, each folder page by page.

    A storage that shows only what is below a folder (the `prefix` in its `specific_attributes`) has
    to be walked from there: CVAT tells names, and below another folder finds nothing. Neither does
    it find what is in a folder without a name at the top (`/cat.jpg`): such files are passed over.

    :param transport: what sends.
    :param id: the cloud storage.
    :param prefix: what the paths begin with, such as `train/` or `train/cat`; empty for all there
        are.
    :param manifest_path: a manifest in the storage whose files are meant.
    :param page_size: how many entries to ask for at a time.
    :returns: the files, each when it is asked for; a failure is the last outcome.

    >>> from cvatfn import Response, in_memory
    >>> def answer(request):
    ...     inner = dict(request.query).get("prefix") == "sub/"
    ...     file = '{"name": "1.jpg", "type": "REG", "mime_type": "image"}'
    ...     folder = '{"name": "sub", "type": "DIR", "mime_type": "DIR"}'
    ...     content = file if inner else f"{folder}, {file}"
    ...     return Response(200, body=f'{{"next": null, "content": [{content}]}}'.encode())
    >>> [found.unwrap().path for found in walk_storage(in_memory(answer), 7)]
    ['1.jpg', 'sub/1.jpg']
    """
    step = partial(found_at, id, manifest_path=manifest_path, page_size=page_size)
    return unfold(lambda at: driven(step(at), transport), Folder(prefix))


def found_at(
    id: int,
    at: Folder,
    *,
    manifest_path: str | Unset,
    page_size: int | Unset,
) -> Flow[Outcome[tuple[list[StorageFile], Folder | None], CallError]]:
    """A step of that walk as a flow: the files of a page, and where to go next.

    :param id: the cloud storage.
    :param at: the page.
    :param manifest_path: a manifest in the storage whose files are meant.
    :param page_size: how many entries to ask for at a time.
    """
    endpoint = with_response(cloudstorages.retrieve_content_v2)
    prepared = prepare(
        endpoint,
        id,
        prefix=at.prefix or UNSET,
        next_token=at.trail.at or UNSET,
        manifest_path=manifest_path,
        page_size=page_size,
    )
    match (yield from called(endpoint, prepared)):
        case Success(answer):
            return _turned(at, answer)
        case Failure() as failure:
            return failure


_Folders: TypeAlias = "tuple[str, _Folders] | None"
"""Folders that are still to be walked: the next one, and the others."""


@frozen
class Folder:
    """A page of a folder: where a walk stands.

    :param prefix: what the paths of the folder begin with.
    :param trail: the way by tokens to the page; the first one has none.
    :param waiting: what else is to be walked.
    :param barren: how many pages in a row led on without a file.
    """

    prefix: str
    trail: Trail = field(factory=Trail)
    waiting: _Folders = None
    barren: int = 0

    @property
    def base(self) -> str:
        """What goes before the names: CVAT tells of each what follows the prefix's last slash."""
        return self.prefix[: self.prefix.rfind("/") + 1]


_LONGEST: Final = 1024
"""The most bytes that S3 and Google allow a name to have; Azure allows as many characters."""

_BARREN: Final = 1_000
"""How many pages in a row may hold no file and yet lead on: to folders, or to another page."""


def _turned(
    at: Folder, answer: WithResponse[CloudStorageContent]
) -> Outcome[tuple[list[StorageFile], Folder | None], CallError]:
    files: list[StorageFile] = []
    waiting = at.waiting
    page = answer.value
    for index, entry in enumerate(page.content):
        path = at.base + entry.name
        if len(path) > _LONGEST:
            where = at_key(at_index("$.content", index), "name")
            return _wrong(answer, where, "makes a longer path than a storage can hold")
        if entry.type is not FileInfoTypeEnum.DIR:
            files.append(StorageFile(path, entry.mime_type))
        elif path:  # CVAT takes a folder without a name at the top for the top itself
            waiting = (f"{at.base}{entry.name.removesuffix('/')}/", waiting)
    leads_on = page.next or waiting is not at.waiting  # an empty folder is one less to be walked
    barren = 0 if files else at.barren + 1 if leads_on else at.barren
    if barren > _BARREN:
        return _wrong(answer, "$.content", f"holds no file, as on {_BARREN} pages before")
    if page.next:
        trail = at.trail.on(page.next)
        if trail is None:
            return _wrong(answer, "$.next", "is a token from before: the walk would never end")
        return Success((files, Folder(at.prefix, trail, waiting, barren)))
    if waiting is None:
        return Success((files, None))
    folder, others = waiting
    return Success((files, Folder(folder, waiting=others, barren=barren)))


def _wrong(
    answer: WithResponse[CloudStorageContent], path: str, message: str
) -> Failure[CallError]:
    endpoint = cloudstorages.retrieve_content_v2
    return Failure(misfit(endpoint, answer.response, None, (Problem(path, message),), walked=True))
