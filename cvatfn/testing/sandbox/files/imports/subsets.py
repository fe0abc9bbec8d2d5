"""What an archive brings for each subset: pictures, and what is on them.

Rule: where a file names its pictures, these are they. One that knows numbers only, as CVAT's for
videos, is about the images that lie beside it, in their order: those of its first task, then those
of the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from attrs import evolve, frozen

from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.files.exports.archives import Entry
from cvatfn.testing.sandbox.files.imports.found import (
    Found,
    FoundPicture,
    FoundTask,
    FoundTrack,
)

__all__ = ["FoundSubset", "subsets_of"]


@frozen
class FoundSubset:
    """A part of a dataset.

    :param found: what is in it; frames are numbered from its first picture on.
    """

    name: str
    found: Found


def subsets_of(found: Found, entries: Sequence[Entry]) -> Outcome[tuple[FoundSubset, ...], str]:
    """Part what was found by subsets.

    :param found: as it was read.
    :param entries: the archive.
    """
    if found.pictures or not found.tasks:
        names = dict.fromkeys(picture.subset for picture in found.pictures)
        return Success(tuple(FoundSubset(name, _of(found, name)) for name in names))
    parts: list[FoundSubset] = []
    for subset in dict.fromkeys(task.subset for task in found.tasks):
        tasks = [task for task in found.tasks if task.subset == subset]
        match _numbered(subset, tasks, found.tracks, entries):
            case Failure() as failure:
                return failure
            case Success(part):
                parts.append(FoundSubset(subset, part))
    return Success(tuple(parts))


def _of(found: Found, subset: str) -> Found:
    return Found(pictures=tuple(each for each in found.pictures if each.subset == subset))


def _numbered(
    subset: str, tasks: Sequence[FoundTask], tracks: Sequence[FoundTrack], entries: Sequence[Entry]
) -> Outcome[Found, str]:
    """The pictures and tracks of some tasks, the frames of all counted through."""
    folder = tasks[0].folder
    images = [name.removeprefix(folder) for name, _ in entries if name.startswith(folder)]
    size = sum(len(task.numbers) for task in tasks)
    if len(images) != size:
        # deleted frames are not among the images, and the format does not tell which they were
        return Failure(f"{subset!r} has {size} frames and {len(images)} images")
    pictures = tuple(FoundPicture(name=image, subset=subset) for image in images)
    moved: list[FoundTrack] = []
    first = 0
    for task in tasks:
        places = {number: first + place for place, number in enumerate(task.numbers)}
        own = [track for track in tracks if track.task in (None, task.id)]
        for frame in _strange(own, places):
            return Failure(f"the task {task.id} has no frame {frame}")
        moved.extend(_moved(track, places) for track in own)
        first += len(task.numbers)
    return Success(Found(pictures=pictures, tracks=tuple(moved)))


def _strange(tracks: Sequence[FoundTrack], places: Mapping[int, int]) -> Iterator[int]:
    """The frames on which tracks are seen and that are not there."""
    for track in tracks:
        for key in track.keys:
            if key.frame not in places and not key.outside:
                yield key.frame


def _moved(track: FoundTrack, places: Mapping[int, int]) -> FoundTrack:
    keys = tuple(evolve(key, frame=places[key.frame]) for key in track.keys if key.frame in places)
    return evolve(track, keys=keys, elements=tuple(_moved(each, places) for each in track.elements))
