"""What is in a cloud storage: one folder at a time, a page at a time.

Rule: as a bucket answers to `delimiter=/`. A folder is what keys have in common up to their next
slash; folders and files are counted together, in the order of their keys, and what a page ends with
is where the next one begins. Names are what follows the last slash of the prefix.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from hashlib import blake2b
from typing import Final
from urllib.parse import parse_qsl

from cvatfn import models
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.files.kinds import kind_of
from cvatfn.testing.sandbox.files.manifests import names_in
from cvatfn.testing.sandbox.gates.replies import Refusal, invalid
from cvatfn.testing.sandbox.state.media import Received
from cvatfn.testing.sandbox.state.storages import CloudStorage

__all__ = ["LARGEST", "keys_of", "page_of", "prefix_of"]

LARGEST: Final = 1000
"""How many entries a page has at most, and unless asked otherwise."""


def prefix_of(storage: CloudStorage) -> str:
    """What the keys of a storage have to begin with to be shown.

    :param storage: its `specific_attributes` are written like a query.
    """
    return dict(parse_qsl(storage.specific_attributes)).get("prefix", "")


def keys_of(
    files: Mapping[str, bytes], storage: CloudStorage, manifest: str | None
) -> Outcome[Collection[str], Refusal]:
    """The keys that are listed: all there are, or those that a manifest names.

    :param files: the files of the storage.
    :param storage: the storage.
    :param manifest: the key of the manifest; the names in it are relative to its folder.
    """
    if manifest is None:
        return Success(files.keys())
    if manifest not in files:
        said = f"The file '{manifest}' not found on the cloud storage '{storage.resource}'"
        return Failure(Refusal(404, said))
    match names_in(Received(manifest, files[manifest])):
        case Failure(why):
            return invalid(why)
        case Success() as named:
            return named


def page_of(
    keys: Collection[str], own: str, prefix: str, size: int, token: str | None
) -> Outcome[models.CloudStorageContent, Refusal]:
    """A page of what is at a prefix.

    :param keys: the keys of the storage.
    :param own: the storage's own prefix.
    :param prefix: what was asked for; one that begins with a slash is taken without it.
    :param size: how many entries the page has at most.
    :param token: where it begins; `None` for the beginning.

    >>> page_of(["a.png", "b/c.png"], "", "", 1, None).unwrap().content[0].name
    'a.png'
    """
    prefix = prefix.removeprefix("/")
    ahead = own[len(prefix) :] if own.startswith(prefix) else ""
    if not ahead and not prefix.startswith(own):
        return Success(models.CloudStorageContent(next=None, content=()))
    if prefix and "/" in ahead:  # on the way to where the storage begins
        folder = _entry(own, prefix)
        return Success(models.CloudStorageContent(next=None, content=(_info(folder, prefix),)))
    place = own if ahead else prefix
    begin = _begin(place, token)
    if begin is None:
        return invalid("Wrong value for the next_token parameter was found.")
    entries = sorted({_entry(key, place) for key in keys if key.startswith(place)})
    rest = [entry for entry in entries if entry > begin]
    shown, more = rest[:size], len(rest) > size
    content = sorted(_infos(shown, place), key=lambda info: info.type)
    token = _token(place, shown[-1]) if more else None
    return Success(models.CloudStorageContent(next=token, content=tuple(content)))


def _entry(key: str, place: str) -> str:
    """The file or folder that a key is seen as; a folder ends in a slash."""
    end = key.find("/", len(place))
    return key if end < 0 else key[: end + 1]


def _infos(entries: list[str], place: str) -> Iterator[models.FileInfo]:
    for entry in entries:
        # a key that ends in a slash stands for its folder, not for a file in it
        if entry != place or not place.endswith("/"):
            yield _info(entry, place)


def _info(entry: str, place: str) -> models.FileInfo:
    name = entry[place.rfind("/") + 1 :]
    if entry.endswith("/"):
        return models.FileInfo(
            name=name.removesuffix("/"), type=models.FileInfoTypeEnum.DIR, mime_type="DIR"
        )
    return models.FileInfo(name=name, type=models.FileInfoTypeEnum.REG, mime_type=kind_of(name))


def _token(place: str, last: str) -> str:
    """Where a page ends, as a text that is good for this place only."""
    return blake2b(f"{place}\0{last}".encode(), digest_size=4).hexdigest() + last.encode().hex()


def _begin(place: str, token: str | None) -> str | None:
    """What the page before ended with; `None` for a token that was never given."""
    if not token:
        return ""
    try:
        last = bytes.fromhex(token[8:]).decode()
    except ValueError:
        return None
    return last if token == _token(place, last) else None
