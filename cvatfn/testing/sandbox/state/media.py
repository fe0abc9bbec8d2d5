"""What comes as files: the frames of a task, and uploads under way."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Literal, TypeAlias

from attrs import field, frozen

from cvatfn import models

__all__ = ["Arriving", "Frame", "Media", "MediaKind", "Received", "Upload", "Validation", "step_of"]

MediaKind: TypeAlias = Literal["image", "video", "point_cloud", "audio"]
"""What the frames of a task were made of."""


@frozen
class Received:
    """A file that the sandbox holds."""

    name: str
    content: bytes = field(repr=False)
    content_type: str = "application/octet-stream"


@frozen
class Frame:
    """One image, as it was uploaded, and the images that go with it as its context.

    :param content: of a video's frame, the decoded image; of a point cloud, the points.
    :param real: of a honeypot, the number of the frame in the validation pool that it repeats.
    """

    name: str
    width: int
    height: int
    content: bytes = field(repr=False)
    related: tuple[Received, ...] = ()
    real: int | None = None


@frozen(kw_only=True)
class Validation:
    """Which frames of a task are for validation.

    :param mode: whether they stay where they are, with a ground truth job beside the others, or
        make a pool at the end that the honeypots of the other jobs are taken from.
    :param frames: their numbers.
    :param per_job: in a pool, how many honeypots each job has.
    :param disabled: those of them that do not count for the time being.
    """

    mode: models.ValidationMode
    frames: tuple[int, ...]
    per_job: int | None = None
    disabled: tuple[int, ...] = ()

    @property
    def is_pool(self) -> bool:
        """Whether the task has honeypots."""
        return self.mode is models.ValidationMode.GT_POOL

    @property
    def active(self) -> tuple[int, ...]:
        """Those that count."""
        return tuple(frame for frame in self.frames if frame not in self.disabled)


@frozen(kw_only=True)
class Media:
    """What a task is about: images in the order of their frames, or a sound.

    :param frames: none where it is a sound.
    :param length: how many milliseconds a sound has.
    :param source: the video or sound, as it was uploaded.
    :param chapters: those that a video's file names.
    :param zipped: whether a video's compressed chunks are images, and no videos.
    """

    id: int
    kind: MediaKind = "image"
    frames: tuple[Frame, ...]
    length: int | None = None
    image_quality: int
    chunk_size: int
    start_frame: int
    stop_frame: int
    frame_filter: str
    created: datetime
    deleted: tuple[int, ...] = ()
    storage: models.StorageType = models.StorageType.LOCAL
    cloud: int | None = None
    source: Received | None = None
    chapters: tuple[models.Chapter, ...] = ()
    zipped: bool = False
    validation: Validation | None = None

    @property
    def size(self) -> int:
        """How many frames there are; CVAT calls the milliseconds of a sound its frames."""
        return len(self.frames) if self.length is None else self.length

    @property
    def step(self) -> int:
        """Of how many frames of the source one became a frame of the task."""
        return step_of(self.frame_filter)

    @property
    def mode(self) -> str:
        """CVAT's word for whether frames follow one another in time."""
        return "interpolation" if self.kind in ("video", "audio") else "annotation"

    @property
    def media_type(self) -> str:
        """CVAT's word for what one frame is; that of a video is an image."""
        return "image" if self.kind == "video" else self.kind

    @property
    def dimension(self) -> str:
        """CVAT's word for what is drawn on."""
        return {"audio": "1d", "point_cloud": "3d"}.get(self.kind, "2d")

    @property
    def original_chunks(self) -> models.ChunkType:
        """What chunks come as, as good as they were uploaded."""
        kinds = {"video": models.ChunkType.VIDEO, "audio": models.ChunkType.AUDIO_MP3}
        return kinds.get(self.kind, models.ChunkType.IMAGESET)

    @property
    def compressed_chunks(self) -> models.ChunkType:
        """What chunks come as, to be looked at."""
        return models.ChunkType.IMAGESET if self.zipped else self.original_chunks

    def absolute(self, frame: int) -> int:
        """The number that a frame had in the source.

        :param frame: its number in the task.
        """
        return self.start_frame + frame * self.step


def step_of(frame_filter: str) -> int:
    """The step that a frame filter asks for.

    >>> step_of("step=5"), step_of("step = 2"), step_of("")
    (5, 2, 1)
    """
    found = re.search(r"step\s*=\s*([1-9][0-9]{0,8})", frame_filter)
    return int(found[1]) if found else 1


@frozen
class Upload:
    """Files received for a task whose upload is under way."""

    files: tuple[Received, ...] = ()


@frozen(kw_only=True)
class Arriving:
    """A file that comes in pieces, and is not whole yet.

    :param task: the task whose data it is one of; `None` for a file that is to be imported.
    """

    user: int
    task: int | None
    name: str
    length: int
    offset: int = 0
    pieces: tuple[bytes, ...] = field(default=(), repr=False)
