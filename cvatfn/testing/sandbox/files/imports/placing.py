"""Where what an annotation file holds belongs in a task: names and numbers looked up.

Rule: a label or a frame that the task does not have is an error, an attribute that the label does
not have is passed over, as in CVAT. Tracks are cut where a job ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final, TypeAlias, cast

from attrs import evolve, frozen

from cvatfn import models
from cvatfn.codecs.dicts import check
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.files.imports.found import (
    Found,
    FoundKey,
    FoundShape,
    FoundTag,
    FoundTrack,
    Values,
)
from cvatfn.testing.sandbox.state.annotated import StoredLabel

__all__ = ["Goal", "placed"]

Item: TypeAlias = Mapping[str, object]
Stretch: TypeAlias = tuple[int, int]


@frozen
class Goal:
    """Where annotations are to go.

    :param frames: the names of the task's frames, in order.
    :param numbers: their numbers in what was uploaded.
    :param labels: the task's labels.
    :param stretches: the first and the last frame of each job that takes some, in order.
    :param taken: the frames that those jobs have.
    """

    frames: Sequence[str]
    numbers: range
    labels: Sequence[StoredLabel]
    stretches: Sequence[Stretch]
    taken: frozenset[int]

    def takes(self, frame: int) -> bool:
        """Whether one of the jobs has a frame.

        :param frame: its number in the task.
        """
        return frame in self.taken


class _NowhereError(LookupError):
    """A label or a picture is not in the task; never leaves `placed`."""


def placed(found: Found, goal: Goal) -> Outcome[models.LabeledDataRequest, str]:
    """Annotations as they would be sent to a task, without what none of the jobs takes.

    :param found: what was found.
    :param goal: where it is to go.
    """
    names = _names(goal.frames)
    tags: list[Item] = []
    shapes: list[Item] = []
    tracks: list[Item] = []
    try:
        for picture in found.pictures:
            frame = _frame(picture.name, names, goal.numbers)
            own = [_common(tag, _label(tag.label, None, goal), frame) for tag in picture.tags]
            drawn = [_shape(shape, frame, None, goal) for shape in picture.shapes]
            if goal.takes(frame):
                tags.extend(own)
                shapes.extend(drawn)
        for track in found.tracks:
            moved = _moved(track, goal)
            if _is_mask(moved):
                shapes.extend(_stills(moved, goal))
            else:
                tracks.extend(_tracks(moved, goal))
    except _NowhereError as nowhere:
        return Failure(str(nowhere))
    sent = {"tags": tags, "shapes": shapes, "tracks": tracks}
    match check(models.LabeledDataRequest, sent):
        case Failure(problems):
            return Failure("; ".join(map(str, problems[:20])))
        case Success(data):
            # it was checked for this very type
            return Success(cast("models.LabeledDataRequest", data))


def _stem(name: str) -> str:
    return str(PurePosixPath(name).with_suffix("")) if PurePosixPath(name).name else name


_NUMBERED: Final = re.compile(r"(?:.*/)?frame_([0-9]{1,18})")
"""The name that CVAT gives to the frames of a video."""


def _names(frames: Sequence[str]) -> Mapping[str, int]:
    """Numbers of frames by name, and by name without its ending; the first one counts."""
    names = [(name, index) for index, name in enumerate(frames)]
    stems = [(_stem(name), index) for name, index in names]
    return dict([*reversed(stems), *reversed(names)])


def _frame(name: str, names: Mapping[str, int], numbers: range) -> int:
    stem = _stem(name)
    for key in (name, stem):
        if key in names:
            return names[key]
    told = _NUMBERED.fullmatch(stem)
    if told and int(told[1]) in numbers:
        return numbers.index(int(told[1]))
    raise _NowhereError(f"the task has no frame that is called {name!r}")


def _label(name: str, parent: int | None, goal: Goal) -> StoredLabel:
    for label in goal.labels:
        if (label.name, label.parent) == (name, parent):
            return label
    raise _NowhereError(f"the task has no label that is called {name!r}")


def _common(item: FoundTag | FoundShape, label: StoredLabel, frame: int) -> Item:
    return {
        "label_id": label.id,
        "frame": frame,
        "group": item.group,
        "source": item.source,
        "attributes": _values(item.attributes, label),
    }


def _values(values: Values, label: StoredLabel, *, mutable: bool | None = None) -> Sequence[Item]:
    """Values by the ids of their attributes: of all, of the mutable ones or of the others."""
    specs = {
        spec.name: spec for spec in label.attributes if mutable is None or spec.mutable is mutable
    }
    return [
        {"spec_id": specs[name].id, "value": _value(specs[name], value)}
        for name, value in values
        if name in specs
    ]


def _value(spec: models.Attribute, value: str) -> str:
    # other tools write truths as Python does
    ticked = spec.input_type is models.InputTypeEnum.CHECKBOX
    return value.lower() if ticked and value in ("True", "False") else value


def _shape(shape: FoundShape, frame: int, parent: int | None, goal: Goal) -> Item:
    label = _label(shape.label, parent, goal)
    elements = [_shape(element, frame, label.id, goal) for element in shape.elements]
    return {
        **_common(shape, label, frame),
        **_drawn(shape),
        **({"elements": elements} if parent is None else {}),
    }


def _drawn(shape: FoundShape | FoundKey) -> Item:
    return {
        "type": shape.type.value,
        "points": shape.points,
        "occluded": shape.occluded,
        "outside": shape.outside,
        "rotation": shape.rotation,
        "z_order": shape.z_order,
    }


def _moved(track: FoundTrack, goal: Goal) -> FoundTrack:
    """A track whose frames have their numbers in the task; an end behind the last frame is none."""
    keys: list[FoundKey] = []
    for key in sorted(track.keys, key=lambda key: key.frame):
        if key.frame in goal.numbers:
            keys.append(evolve(key, frame=goal.numbers.index(key.frame)))
        elif not key.outside:
            raise _NowhereError(f"the task has no frame {key.frame}")
    elements = tuple(_moved(element, goal) for element in track.elements)
    return evolve(track, keys=tuple(keys), elements=elements)


def _is_mask(track: FoundTrack) -> bool:
    return any(key.type is models.ShapeType.MASK for key in track.keys)


def _stills(track: FoundTrack, goal: Goal) -> Iterator[Item]:
    """A track of masks as shapes: CVAT has no such tracks."""
    for key in track.keys:
        if goal.takes(key.frame) and not key.outside:
            still = FoundShape(
                label=track.label,
                type=key.type,
                points=key.points,
                source=track.source,
                group=track.group,
                occluded=key.occluded,
                z_order=key.z_order,
                attributes=key.attributes,
            )
            yield _shape(still, key.frame, None, goal)


def _tracks(track: FoundTrack, goal: Goal) -> Iterator[Item]:
    """The parts of a track that the jobs take: each its own, and of two the first."""
    behind = 0
    for start, stop in goal.stretches:
        part = _cut(track, max(start, behind), stop)
        behind = max(behind, stop + 1)
        begins = bool(part.keys) and part.keys[0].frame == track.keys[0].frame
        if begins or not all(key.outside for key in (*part.keys, *_inner(part))):
            yield _track(part, None, goal)


def _inner(track: FoundTrack) -> Iterator[FoundKey]:
    return (key for element in track.elements for key in element.keys)


def _cut(track: FoundTrack, start: int, stop: int) -> FoundTrack:
    """A track's keys on some frames; what lies in between is a key where the cut begins."""
    inside = [key for key in track.keys if start <= key.frame <= stop]
    keys = [evolve(key, is_key=True) for key in inside[:1]]
    keys.extend(key for key in inside[1:] if key.is_key)
    elements = tuple(_cut(element, start, stop) for element in track.elements)
    return evolve(track, keys=tuple(keys), elements=elements)


def _track(track: FoundTrack, parent: int | None, goal: Goal) -> Item:
    label = _label(track.label, parent, goal)
    first = track.keys[0]
    elements = [_track(element, label.id, goal) for element in track.elements if element.keys]
    return {
        "label_id": label.id,
        "frame": first.frame,
        "group": track.group,
        "source": track.source,
        "attributes": _values(first.attributes, label, mutable=False),
        "shapes": [
            {
                **_drawn(key),
                "frame": key.frame,
                "attributes": _values(key.attributes, label, mutable=True),
            }
            for key in track.keys
        ],
        **({"elements": elements} if parent is None else {}),
    }
