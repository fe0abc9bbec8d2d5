"""Manifests: files that name the images of a task or of a cloud storage, in order.

Rule: a line is a JSON object; those that have no name tell of the manifest itself. Names are
relative to the manifest's own folder.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from cvatfn.codecs.json import loads
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.state.media import Received

__all__ = ["names_in"]


def names_in(manifest: Received) -> Outcome[tuple[str, ...], str]:
    r"""The files that a manifest names.

    :param manifest: the manifest.

    >>> content = b'{"version":"1.1"}\n{"type":"images"}\n{"name":"a","extension":".png"}'
    >>> names_in(Received("k/manifest.jsonl", content)).unwrap()
    ('k/a.png',)
    """
    folder = posixpath.dirname(manifest.name)
    names: list[str] = []
    for line in filter(None, map(bytes.strip, manifest.content.splitlines())):
        match loads(dict[str, object], line):
            case Failure():
                return Failure(f"{manifest.name} is no manifest")
            case Success(entry):
                names.extend(_name(entry, folder))
    return Success(tuple(names))


def _name(entry: dict[str, object], folder: str) -> Iterator[str]:
    if "name" in entry and "extension" in entry:
        yield posixpath.join(folder, f"{entry['name']}{entry['extension']}")
