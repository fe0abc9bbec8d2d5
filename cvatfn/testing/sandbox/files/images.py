"""What is done to images: measured, ordered, made smaller. Pillow does the work.

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

from cvatfn import models
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.files.contexts import contexts_of
from cvatfn.testing.sandbox.state.media import Frame, Received

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFile import ImageFile

__all__ = [
    "LARGEST_IMAGE",
    "blank",
    "compressed",
    "frames_of",
    "inside",
    "media_type",
    "ordered",
    "png",
    "preview",
    "rgb",
    "rgb_of",
    "visible",
]

NO_PILLOW: Final = "the sandbox looks at images with Pillow: install `cvatfn[sandbox]`"

ROTATED: Final = (5, 6, 7, 8)
"""The values of the EXIF field `Orientation` that swap width and height."""

NO_CONTEXTS: Final[Mapping[str, tuple[Received, ...]]] = MappingProxyType({})
LARGEST_IMAGE: Final = 1 << 26
"""How many pixels an image may claim to have; 8192 by 8192, which Pillow, too, finds plausible."""


def inside(name: str) -> str:
    r"""A file's name that leads nowhere but into the folder it is put in.

    :param name: as it was uploaded.

    >>> inside("../a/./b.png"), inside("..\\b.png")
    ('a/b.png', 'b.png')
    """
    parts = name.replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in ("", ".", "..")) or "file"


def ordered(
    files: Sequence[Received], method: models.SortingMethod, seed: str = ""
) -> tuple[Received, ...]:
    """Files in the order in which they become frames.

    :param files: in the order of the upload.
    :param method: how to sort.
    :param seed: what a random order comes from; the same one gives the same order.

    >>> files = [Received(name, b"") for name in ("10.png", "9.png")]
    >>> [file.name for file in ordered(files, models.SortingMethod.NATURAL)]
    ['9.png', '10.png']
    """
    match method:
        case models.SortingMethod.PREDEFINED:
            return tuple(files)
        case models.SortingMethod.NATURAL:
            return tuple(sorted(files, key=lambda file: _natural(file.name)))
        case models.SortingMethod.RANDOM:
            return tuple(sorted(files, key=lambda file: _shuffled(seed, file.name)))
        case _:
            return tuple(sorted(files, key=lambda file: file.name))


def frames_of(
    files: Sequence[Received], contexts: Mapping[str, tuple[Received, ...]] = NO_CONTEXTS
) -> Outcome[tuple[Frame, ...], str]:
    """Images, measured.

    :param files: one for each frame.
    :param contexts: context images, by the folder and name of their frame.
    """
    frames: list[Frame] = []
    for file in files:
        match _size(file.content):
            case None:
                return Failure(f"{file.name!r} is no image that can be read")
            case (width, height) if width * height > LARGEST_IMAGE:
                return Failure(f"{file.name!r} claims more than {LARGEST_IMAGE} pixels")
            case (width, height):
                related = contexts_of(file.name, contexts)
                frames.append(Frame(file.name, width, height, file.content, related))
    return Success(tuple(frames))


def visible(contexts: Mapping[str, tuple[Received, ...]]) -> Mapping[str, tuple[Received, ...]]:
    """Context files without those that are no images.

    :param contexts: by the folder and name of their frame.
    """
    return {
        key: tuple(file for file in held if _size(file.content)) for key, held in contexts.items()
    }


def blank(text: str) -> bytes:
    """A picture for what has none: an icon of a few words, as PNG.

    :param text: what it says.
    """
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (256, 256), "#e8edf2")
    ImageDraw.Draw(image).text((128, 128), text, fill="#5b6b7b", anchor="mm")
    return png(image)


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
    return _jpeg(rgb(picture), quality)


def preview(frame: Frame) -> bytes:
    """A small picture of a frame, at most 256 pixels wide and high.

    :param frame: the frame.
    """
    small = rgb(frame)
    small.thumbnail((256, 256))
    return _jpeg(small, 75)


def rgb(picture: Frame | Received) -> Image:
    """A picture, opened: red, green and blue, turned as its EXIF says.

    :param picture: the picture.
    """
    from PIL import ImageOps

    with _opened(picture.content) as image:
        return ImageOps.exif_transpose(image).convert("RGB")


def rgb_of(size: tuple[int, int], pixels: bytes, stride: int) -> Image:
    """A picture made of its pixels.

    :param size: width and height.
    :param pixels: red, green and blue, line by line.
    :param stride: how many bytes a line has.
    """
    from PIL import Image

    return Image.frombytes("RGB", size, pixels, "raw", "RGB", stride)


def png(image: Image) -> bytes:
    """A picture as PNG, written fast rather than small.

    :param image: the picture.
    """
    written = BytesIO()
    image.save(written, "PNG", compress_level=1)
    return written.getvalue()


def _opened(content: bytes) -> ImageFile:
    try:
        from PIL import Image
    except ImportError as error:  # pragma: no cover - the extra is installed where this is tested
        raise ImportError(NO_PILLOW) from error
    return Image.open(BytesIO(content))


def _size(content: bytes) -> tuple[int, int] | None:
    """Width and height, as they are shown; of what is no image, nothing."""
    try:
        with _opened(content) as image:
            width, height = image.size
            if width * height <= LARGEST_IMAGE:
                image.load()  # lest it breaks off when somebody looks at it
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


def _shuffled(seed: str, name: str) -> bytes:
    return blake2b(f"{seed}\0{name}".encode()).digest()


def _natural(name: str) -> list[tuple[int, int, str]]:
    """A key by which `img2` comes before `img10`."""
    return list(_chunks(name))


def _chunks(name: str) -> Iterator[tuple[int, int, str]]:
    for digits, others in re.findall(r"([0-9]+)|([^0-9]+)", name):
        yield (0, int(digits[:4000]), "") if digits else (1, 0, others)
