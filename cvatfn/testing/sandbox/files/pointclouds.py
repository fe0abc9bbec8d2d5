"""Point clouds: files of points in space, as PCD; those of KITTI are brought into that form.

Rule: the points are never looked at, only what the head of a file says of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.files.contexts import contexts_of
from cvatfn.testing.sandbox.files.kinds import kind_of
from cvatfn.testing.sandbox.state.media import Frame, Received

__all__ = ["clouds_of", "is_cloud"]

POINT: Final = 16
"""How many bytes a point of KITTI has: three coordinates and an intensity, 4 bytes each."""
HEAD: Final = """\
VERSION .7
FIELDS x y z intensity
SIZE 4 4 4 4
TYPE F F F F
COUNT 1 1 1 1
WIDTH {points}
HEIGHT 1
VIEWPOINT 0 0 0 1 0 0 0
POINTS {points}
DATA binary
"""


def is_cloud(file: Received) -> bool:
    """Whether a file is a point cloud, by its name.

    >>> is_cloud(Received("a.PCD", b""))
    True
    """
    return kind_of(file.name) == "point_cloud"


def clouds_of(
    files: Sequence[Received], contexts: Mapping[str, tuple[Received, ...]]
) -> Outcome[tuple[Frame, ...], str]:
    """Point clouds, each with the images that belong to it.

    :param files: the clouds in order.
    :param contexts: images, by the folder and name of their frame.
    """
    frames: list[Frame] = []
    for file in files:
        match _pcd(file):
            case Failure() as refused:
                return refused
            case Success(cloud):
                pass
        match _size(cloud):
            case None:
                return Failure(f"{file.name!r} is no point cloud that can be read")
            case (width, height):
                related = _related(file.name, contexts)
                frames.append(Frame(cloud.name, width, height, cloud.content, related))
    return Success(tuple(frames))


def _pcd(file: Received) -> Outcome[Received, str]:
    """A cloud as PCD; the bytes of its points stay what they are."""
    if not file.name.lower().endswith(".bin"):
        return Success(file)
    if not file.content or len(file.content) % POINT:
        return Failure(f"{file.name!r} is no point cloud that can be read")
    head = HEAD.format(points=len(file.content) // POINT).encode()
    return Success(Received(f"{file.name[:-4]}.pcd", head + file.content))


def _size(cloud: Received) -> tuple[int, int] | None:
    """The width and height that a head tells; a cloud without order has a height of 1."""
    head = cloud.content[:4096]
    width, height, data = (_HEAD[name].search(head) for name in ("WIDTH", "HEIGHT", "DATA"))
    return None if not (width and height and data) else (int(width[1]), int(height[1]))


_HEAD: Final = {
    "WIDTH": re.compile(rb"^WIDTH[ \t]+([0-9]{1,9})\s", re.MULTILINE),
    "HEIGHT": re.compile(rb"^HEIGHT[ \t]+([0-9]{1,9})\s", re.MULTILINE),
    "DATA": re.compile(rb"^DATA[ \t]+(ascii|binary|binary_compressed)\s", re.MULTILINE),
}


def _related(name: str, contexts: Mapping[str, tuple[Received, ...]]) -> tuple[Received, ...]:
    """The images of a cloud: beside it, or, as KITTI has it, beside the folder of all clouds."""
    folder, _, last = name.rpartition("/")
    parent = folder.rpartition("/")[0]
    return contexts_of(name, contexts) or contexts_of(f"{parent}/{last}".lstrip("/"), contexts)
