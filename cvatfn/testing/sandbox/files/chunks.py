"""Chunks: many frames in one file, as a page that plays them would fetch them.

Rule: a chunk holds the frames it is asked for, in their order, and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from attrs import field, frozen

from cvatfn import models
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.files.audio import written_mp3
from cvatfn.testing.sandbox.files.exports.archives import written_zip
from cvatfn.testing.sandbox.files.images import compressed, media_type
from cvatfn.testing.sandbox.files.video import written_mp4
from cvatfn.testing.sandbox.state.media import Frame, Media, Received

__all__ = ["Piece", "chunk_of", "contexts_in", "picture_of"]

ORIGINAL_QUALITY: Final = 67
"""CVAT's measure for videos that look as they were uploaded."""
CONTEXT_QUALITY: Final = 95


@frozen
class Piece:
    """Something to look at, and its media type."""

    content: bytes = field(repr=False)
    kind: str


def chunk_of(
    media: Media, numbers: Sequence[int], made: datetime, *, original: bool
) -> Outcome[Piece, str]:
    """Frames as one file.

    :param media: where they are.
    :param numbers: which ones, one or more, in order.
    :param made: the date that it bears.
    :param original: whether as good as they were uploaded.
    """
    wanted = media.original_chunks if original else media.compressed_chunks
    if media.source is not None and media.kind == "audio":
        first, last = media.absolute(numbers[0]), media.absolute(numbers[-1])
        match written_mp3(media.source, first, last):
            case Failure() as unread:
                return unread
            case Success(sound):
                return Success(Piece(sound, "audio/mpeg"))
    frames = [media.frames[number] for number in numbers]
    if wanted is models.ChunkType.VIDEO:
        quality = ORIGINAL_QUALITY if original else media.image_quality
        return Success(Piece(written_mp4(frames, quality), "video/mp4"))
    pictures = [picture_of(media, frame, original=original) for frame in frames]
    entries = [
        (f"{place:06d}.{_suffix(picture)}", picture.content)
        for place, picture in enumerate(pictures)
    ]
    return Success(Piece(written_zip(entries, made), "application/zip"))


def picture_of(media: Media, frame: Frame, *, original: bool) -> Piece:
    """One frame.

    :param media: what it is a frame of.
    :param frame: the frame.
    :param original: whether as good as it was uploaded; a video's frames are never less, unless
        its chunks are images.
    """
    if media.kind == "point_cloud":
        return Piece(frame.content, "application/octet-stream")
    if original or (media.kind == "video" and not media.zipped):
        return Piece(frame.content, media_type(frame))
    return Piece(compressed(frame, media.image_quality), "image/jpeg")


def contexts_in(related: Sequence[Received], made: datetime) -> Piece:
    """The context of a frame as one file.

    :param related: images, one or more.
    :param made: the date that it bears.
    """
    entries = [
        (f"{file.name.rpartition('/')[2]}.jpg", compressed(file, CONTEXT_QUALITY))
        for file in related
    ]
    return Piece(written_zip(entries, made), "application/zip")


def _suffix(picture: Piece) -> str:
    cloud = picture.kind == "application/octet-stream"
    return "pcd" if cloud else picture.kind.rpartition("/")[2]
