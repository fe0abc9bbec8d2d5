"""The two numbers of a frame: its place in the task, and its place in what was uploaded.

Rule: the API counts the frames that a task has; files that leave CVAT count all that there were
before `start_frame`, `stop_frame` and `frame_filter` chose among them.
"""

from __future__ import annotations

import re

from cvatfn.testing.sandbox.state.media import Media

__all__ = ["numbers_of", "stride_of"]


def stride_of(frame_filter: str) -> int:
    """How many frames lie between one that was chosen and the next, itself among them.

    :param frame_filter: as CVAT writes it; what it does not know is one frame after the other.

    >>> stride_of("step=5"), stride_of("")
    (5, 1)
    """
    found = re.fullmatch(r"step=([0-9]{1,9})", frame_filter)
    return max(1, int(found[1])) if found else 1


def numbers_of(media: Media) -> range:
    """The numbers of a task's frames in what was uploaded, in order.

    :param media: the frames.
    """
    step = stride_of(media.frame_filter)
    return range(media.start_frame, media.start_frame + step * len(media.frames), step)
