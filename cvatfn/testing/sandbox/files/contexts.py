"""Context images: pictures that are shown beside a frame and are no frames themselves.

Rule: the context of `a/b.png` is what lies in `a/related_images/b_png/`, as CVAT has it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from cvatfn.testing.sandbox.state.media import Received

__all__ = ["contexts_of", "split_contexts"]

FOLDER: Final = "related_images"


def split_contexts(
    files: Sequence[Received],
) -> tuple[tuple[Received, ...], Mapping[str, tuple[Received, ...]]]:
    """Part frames from their context.

    :param files: all files of a task.
    :returns: the files that become frames; the others by the folder and name of their frame.

    >>> names = ("a.png", "related_images/a_png/side.png")
    >>> frames, contexts = split_contexts([Received(name, b"") for name in names])
    >>> [file.name for file in frames], list(contexts)
    (['a.png'], ['a_png'])
    """
    frames: list[Received] = []
    contexts: dict[str, tuple[Received, ...]] = {}
    for file in files:
        folders = file.name.split("/")[:-1]
        if FOLDER not in folders:
            frames.append(file)
        elif folders.index(FOLDER) == len(folders) - 2:  # any other belongs to no frame
            key = "/".join((*folders[:-2], folders[-1]))
            contexts[key] = (*contexts.get(key, ()), file)
    return tuple(frames), contexts


def contexts_of(name: str, contexts: Mapping[str, tuple[Received, ...]]) -> tuple[Received, ...]:
    """The context of a frame, by name.

    :param name: the frame's name, folders included.
    :param contexts: as they were parted.
    """
    folder, slash, last = name.rpartition("/")
    found = contexts.get(f"{folder}{slash}{last.replace('.', '_')}", ())
    return tuple(sorted(found, key=lambda file: file.name))
