"""What is done to images: measured, made smaller, packed and unpacked. Pillow does the work.

Rule: bytes in, bytes out; nothing is read from or written to a disk. A file that is no image is
said to be none, in words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from io import BytesIO
from types import MappingProxyType
from typing import TYPE_CHECKING, Final
from zipfile import BadZipFile, ZipFile, is_zipfile

from cvatfn import models
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.files.contexts import contexts_of
from cvatfn.testing.sandbox.state.media import Frame, Received

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFile import ImageFile

__all__ = ["compressed", "frames_of", "inside", "media_type", "ordered", "preview", "unpacked"]

NO_PILLOW: Final = "the sandbox looks at images with Pillow: install `cvatfn[sandbox]`"

ROTATED: Final = (5, 6, 7, 8)
"""The values of the EXIF field `Orientation` that swap width and height."""

NO_CONTEXTS: Final[Mapping[str, tuple[Received, ...]]] = MappingProxyType({})
LARGEST_ARCHIVE: Final = 1 << 30
"""How many bytes an archive may unpack to."""


def unpacked(files: Sequence[Received]) -> Outcome[tuple[Received, ...], str]:
    """Files with the images of archives in the place of the archives.

    :param files: as they were uploaded.
    """
    found: list[Received] = []
    for file in files:
        if not is_zipfile(BytesIO(file.content)):
            found.append(file)
            continue
        match _entries(file):
            case Failure() as refused:
                return refused
            case Success(entries):
                found.extend(entries)
    return Success(tuple({file.name: file for file in found}.values()))  # the last of a name counts


def inside(name: str) -> str:
    r"""A file's name that leads nowhere but into the folder it is put in.

    :param name: as it was uploaded.

    >>> inside("../a/./b.png"), inside("..\\b.png")
    ('a/b.png', 'b.png')
    """
    parts = name.replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in ("", ".", "..")) or "file"


def ordered(files: Sequence[Received], method: models.SortingMethod) -> tuple[Received, ...]:
    """Files in the order in which they become frames.

    :param files: in the order of the upload.
    :param method: how to sort; `random` is the same at every run.
    """
    match method:
        case models.SortingMethod.PREDEFINED:
            return tuple(files)
        case models.SortingMethod.NATURAL:
            return tuple(sorted(files, key=lambda file: _natural(file.name)))
        case models.SortingMethod.RANDOM:
            return tuple(sorted(files, key=lambda file: blake2b(file.name.encode()).digest()))
        case _:
            return tuple(sorted(files, key=lambda file: file.name))


def frames_of(
    files: Sequence[Received], contexts: Mapping[str, tuple[Received, ...]] = NO_CONTEXTS
) -> Outcome[tuple[Frame, ...], str]:
    """Images, measured.

    :param files: one for each frame.
    :param contexts: context images, by the folder and name of their frame; what is no image among
        them is left out.
    """
    seen = {
        key: tuple(file for file in held if _size(file.content)) for key, held in contexts.items()
    }
    frames: list[Frame] = []
    for file in files:
        match _size(file.content):
            case None:
                return Failure(f"{file.name!r} is no image that can be read")
            case (width, height):
                related = contexts_of(file.name, seen)
                frames.append(Frame(file.name, width, height, file.content, related))
    return Success(tuple(frames))


def media_type(frame: Frame) -> str:
    """The media type of a frame as it was uploaded.

    :param frame: the frame.
    """
    with _opened(frame.content) as image:
        return image.get_format_mimetype() or "application/octet-stream"


def compressed(picture: Frame | Received, quality: int) -> bytes:
    """A picture as JPEG.

    :param picture: the picture.
    :param quality: from 1 to 100.
    """
    with _opened(picture.content) as image:
        return _jpeg(image.convert("RGB"), quality)


def preview(frame: Frame) -> bytes:
    """A small picture of a frame, at most 256 pixels wide and high.

    :param frame: the frame.
    """
    with _opened(frame.content) as image:
        small = image.convert("RGB")
        small.thumbnail((256, 256))
        return _jpeg(small, 75)


def _opened(content: bytes) -> ImageFile:
    try:
        from PIL import Image
    except ImportError as error:  # pragma: no cover - the extra is installed where this is tested
        raise ImportError(NO_PILLOW) from error
    return Image.open(BytesIO(content))


def _size(content: bytes) -> tuple[int, int] | None:
    try:
        with _opened(content) as image:
            width, height = image.size
            turned = image.getexif().get(274) in ROTATED
    except ImportError:
        raise
    except Exception:  # whatever Pillow's readers raise: it is no image
        return None
    return (height, width) if turned else (width, height)


def _jpeg(image: Image, quality: int) -> bytes:
    written = BytesIO()
    image.save(written, "JPEG", quality=quality)
    return written.getvalue()


def _entries(file: Received) -> Outcome[tuple[Received, ...], str]:
    try:
        with ZipFile(BytesIO(file.content)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            if sum(info.file_size for info in infos) > LARGEST_ARCHIVE:
                return Failure(f"{file.name!r} unpacks to too much")
            return Success(
                tuple(Received(inside(info.filename), archive.read(info)) for info in infos)
            )
    except (BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        return Failure(f"{file.name!r} cannot be unpacked: {error}")


def _natural(name: str) -> list[tuple[int, int, str]]:
    """A key by which `img2` comes before `img10`."""
    return list(_chunks(name))


def _chunks(name: str) -> Iterator[tuple[int, int, str]]:
    for digits, others in re.findall(r"([0-9]+)|([^0-9]+)", name):
        yield (0, int(digits[:4000]), "") if digits else (1, 0, others)
