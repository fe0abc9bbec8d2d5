"""The data of a task made anew from its backup.

Rule: files are measured again, and what the backup says of frames has to be true of them.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve

from cvatfn import models
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.areas.backups import DATA, SavedMedia
from cvatfn.testing.sandbox.files.audio import length_of
from cvatfn.testing.sandbox.files.images import frames_of
from cvatfn.testing.sandbox.files.pointclouds import clouds_of
from cvatfn.testing.sandbox.state.media import Frame, Media, Received
from cvatfn.testing.sandbox.state.world import World

__all__ = ["remade"]


def remade(
    world: World, saved: SavedMedia | None, own: Mapping[str, bytes], store: Mapping[str, bytes]
) -> Outcome[tuple[World, Media | None], str]:
    """Make the data of a task anew.

    :param world: before.
    :param saved: what was saved of them; `None` of a task without data.
    :param own: the files of the backup by name.
    :param store: those of the cloud storage that has what is not among them.
    :returns: the world that numbered them, and they; or why not.
    """
    if saved is None:
        return Success((world, None))
    named = [*saved.frames, *(name for names in saved.related for name in names)]
    named += [] if saved.source is None else [saved.source]
    files = {**store, **own}
    missing = [DATA + name for name in named if name not in files]
    if missing or not named:
        return Failure(f"images are missing: {', '.join(missing[:3])}")
    match _frames(saved, files):
        case Failure() as failure:
            return failure
        case Success(frames):
            source = None if saved.source is None else _file(saved.source, files)
    match _length(saved, source):
        case Failure() as failure:
            return failure
        case Success(length):
            world, number = world.numbered("data")
    light = any(name not in own for name in named)
    media = Media(
        id=number,
        kind=saved.kind,
        frames=frames,
        length=length,
        image_quality=saved.image_quality,
        chunk_size=saved.chunk_size,
        start_frame=saved.start_frame,
        stop_frame=saved.stop_frame,
        frame_filter=saved.frame_filter,
        created=world.now,
        deleted=saved.deleted,
        source=source,
        chapters=saved.chapters,
        zipped=saved.zipped,
        validation=saved.validation,
        storage=models.StorageType.CLOUD_STORAGE if light else models.StorageType.LOCAL,
        cloud=saved.cloud if light else None,
    )
    return Success((world, media)) if _holds(media) else Failure("frames are named that are not")


def _frames(saved: SavedMedia, files: Mapping[str, bytes]) -> Outcome[tuple[Frame, ...], str]:
    """The frames with their context, honeypots as such."""
    received = [_file(name, files) for name in saved.frames]
    read = clouds_of(received, {}) if saved.kind == "point_cloud" else frames_of(received)
    match read:
        case Failure() as failure:
            return failure
        case Success(frames):
            pass
    related = saved.related or ((),) * len(frames)
    reals = saved.reals or (None,) * len(frames)
    if len(related) != len(frames) or len(reals) != len(frames):
        return Failure("not every frame is told of")
    return Success(
        tuple(
            evolve(frame, related=tuple(_file(name, files) for name in names), real=real)
            for frame, names, real in zip(frames, related, reals, strict=True)
        )
    )


def _file(name: str, files: Mapping[str, bytes]) -> Received:
    return Received(name, files[name])


def _length(saved: SavedMedia, source: Received | None) -> Outcome[int | None, str]:
    """How long a sound is: no longer than it lasts."""
    if saved.kind != "audio" or source is None:
        return Success(None) if saved.frames else Failure("there are no images")
    match length_of(source):
        case Failure() as failure:
            return failure
        case Success(length):
            return Success(max(1, min(length, saved.length or length)))


def _holds(media: Media) -> bool:
    """Whether data name no frame that is not there."""
    validation = media.validation
    reals = [frame.real for frame in media.frames if frame.real is not None]
    named = [] if validation is None else [*validation.frames, *validation.disabled]
    if validation is not None and not validation.frames:
        return False
    return all(0 <= frame < media.size for frame in (*media.deleted, *reals, *named))
