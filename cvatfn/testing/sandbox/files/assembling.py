"""From the files of a task to its frames.

Rule: a task is one video, or one sound, or point clouds, or images, and nothing mixed. Which of its
frames there are is said by `start_frame`, `stop_frame` and the step of `frame_filter`, which count
what the files have. What is wrong is a sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from attrs import evolve, frozen

from cvatfn import models
from cvatfn.codecs.unset import Unset
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.files.audio import length_of
from cvatfn.testing.sandbox.files.contexts import split_contexts
from cvatfn.testing.sandbox.files.images import frames_of, ordered, visible
from cvatfn.testing.sandbox.files.kinds import is_manifest, kind_of
from cvatfn.testing.sandbox.files.manifests import names_in
from cvatfn.testing.sandbox.files.packed import unpacked
from cvatfn.testing.sandbox.files.pointclouds import clouds_of, is_cloud
from cvatfn.testing.sandbox.files.video import footage_of
from cvatfn.testing.sandbox.state.media import Frame, MediaKind, Received, step_of

__all__ = ["Assembled", "assembled", "mapped"]

PACKED: Final = ("archive", "pdf")


@frozen(kw_only=True)
class Assembled:
    """What the files of a task came to.

    :param start: which of what the files have the first frame is.
    :param is_packed: whether the frames came out of an archive or a document.
    """

    kind: MediaKind
    frames: tuple[Frame, ...] = ()
    size: int
    start: int
    source: Received | None = None
    chapters: tuple[models.Chapter, ...] = ()
    is_packed: bool = False


def assembled(
    files: Sequence[Received], sent: models.DataRequest, seed: str
) -> Outcome[Assembled, str]:
    """Make frames of files.

    :param files: every file of a task, wherever it came from.
    :param sent: how to treat them.
    :param seed: what a random order comes from.
    """
    manifests = [file for file in files if is_manifest(file.name)]
    media = [file for file in files if not is_manifest(file.name)]
    if len(manifests) > 1:
        return Failure("a task has one manifest at most")
    kinds = [kind_of(file.name) for file in media]
    alone = [kind for kind in kinds if kind in ("video", "audio", *PACKED)]
    if alone and len(media) > 1:
        return Failure(f"a task is one {alone[0]} or many images, not both")
    if not media:
        return Failure("no media were uploaded")
    if "video" in kinds:
        return _video(media[0], sent)
    if "audio" in kinds:
        return _audio(media[0], sent)
    match unpacked(media):
        case Failure() as refused:
            return refused
        case Success(found):
            return _pictures(found, manifests, sent, seed, is_packed=bool(alone))


def mapped(
    files: Sequence[Received], mapping: Sequence[Sequence[str]]
) -> Outcome[tuple[Received, ...], str]:
    """Files in the order in which jobs are to have them.

    :param files: every file that may become a frame; those of no job do not.
    :param mapping: for each job the names of its files.
    """
    names = [name for job in mapping for name in job]
    wanted = [file for file in files if file.name in names]
    return _listed(wanted, names, "job_file_mapping")


def _pictures(
    files: Sequence[Received],
    manifests: Sequence[Received],
    sent: models.DataRequest,
    seed: str,
    *,
    is_packed: bool,
) -> Outcome[Assembled, str]:
    files, contexts = split_contexts(files)
    contexts = visible(contexts)
    clouds = [file for file in files if is_cloud(file)]
    if not files:
        return Failure("no media were uploaded")
    match _arranged(clouds or files, manifests, sent, seed, is_packed=is_packed):
        case Failure() as refused:
            return refused
        case Success(files):
            start = sent.start_frame or 0
            files = files[start : _stop(sent, len(files)) + 1 : _step(sent)]
    if not files:
        return Failure("no frames are left by start_frame, stop_frame and frame_filter")
    match clouds_of(files, contexts) if clouds else frames_of(files, contexts):
        case Failure() as refused:
            return refused
        case Success(frames):
            pass
    kind: MediaKind = "point_cloud" if clouds else "image"
    return Success(
        Assembled(kind=kind, frames=frames, size=len(frames), start=start, is_packed=is_packed)
    )


def _video(file: Received, sent: models.DataRequest) -> Outcome[Assembled, str]:
    start = sent.start_frame or 0
    wanted = range(start, _stop(sent, _ENDLESS) + 1, _step(sent))
    match footage_of(file, wanted):
        case Failure() as refused:
            return refused
        case Success(footage) if footage.frames:
            pass
        case Success():
            return Failure(f"{file.name!r} has no frames that are wanted")
    return Success(
        Assembled(
            kind="video",
            frames=footage.frames,
            size=len(footage.frames),
            start=start,
            source=file,
            chapters=footage.chapters,
        )
    )


def _audio(file: Received, sent: models.DataRequest) -> Outcome[Assembled, str]:
    match length_of(file):
        case Failure() as refused:
            return refused
        case Success(length):
            start, stop = sent.start_frame or 0, _stop(sent, length)
    if stop < start:
        return Failure("nothing is left of the sound by start_frame and stop_frame")
    return Success(Assembled(kind="audio", size=stop - start + 1, start=start, source=file))


_ENDLESS: Final = 1 << 31
"""More frames than any request can name."""


def _stop(sent: models.DataRequest, length: int) -> int:
    """The last frame that is wanted, counted as the files have it."""
    stop = length - 1 if isinstance(sent.stop_frame, Unset) else sent.stop_frame
    return min(stop, length - 1)


def _step(sent: models.DataRequest) -> int:
    return step_of(sent.frame_filter or "")


def _arranged(
    files: Sequence[Received],
    manifests: Sequence[Received],
    sent: models.DataRequest,
    seed: str,
    *,
    is_packed: bool,
) -> Outcome[tuple[Received, ...], str]:
    """Files in the order in which they become frames."""
    method = sent.sorting_method or models.SortingMethod.LEXICOGRAPHICAL
    predefined = method is models.SortingMethod.PREDEFINED
    if sent.job_file_mapping:
        return mapped(files, sent.job_file_mapping)
    if manifests and method is models.SortingMethod.RANDOM:
        return Failure("a manifest says an order; sorting_method cannot be random beside it")
    if manifests and not predefined and not _is_cached(sent):
        return Failure("a manifest needs use_cache, or the sorting_method predefined")
    if predefined and manifests:
        match names_in(evolve(manifests[0], name=_inside(manifests[0], files))):
            case Failure() as refused:
                return refused
            case Success(names):
                return _listed(files, names, "the manifest")
    if predefined and is_packed:
        return Failure("the order of an archive is said by a manifest beside it")
    return Success(ordered(files, method, seed))


def _is_cached(sent: models.DataRequest) -> bool:
    return sent.use_cache is True or sent.storage_method is models.StorageMethod.CACHE


def _inside(manifest: Received, files: Sequence[Received]) -> str:
    """The name by which a manifest's names are understood: they may be the task's own names."""
    folder = manifest.name.rpartition("/")[0]
    beside = all(file.name.startswith(f"{folder}/") for file in files)
    return manifest.name if beside else "manifest.jsonl"


def _listed(
    files: Sequence[Received], names: Sequence[str], where: str
) -> Outcome[tuple[Received, ...], str]:
    by_name = {file.name: file for file in files}
    if len(set(names)) < len(names):
        return Failure(f"{where} names a file twice")
    odd = sorted(by_name.keys() ^ set(names))
    if odd:
        return Failure(f"{where} does not fit the files: {', '.join(odd[:5])}")
    return Success(tuple(by_name[name] for name in names))
