"""From bytes to pictures: archives unpacked, chunks taken apart, images read.

Rule: bytes in, values out; nothing is asked for and nothing is written. The bytes are a stranger's:
whatever they are, they come to no exception, and to no more memory than the caller allows.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from attrs import evolve, field, frozen
from typing_extensions import override

from cvatfn.outcome import Failure, Outcome, Success

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["USUAL", "BadArchive", "Chunk", "Limits", "NotAnImage", "image", "unpacked"]

ENTRY: Final = b"PK\x01\x02"
"""What every entry in a zip's directory begins with (APPNOTE.TXT, section 4.3.12)."""

BY_CHANCE: Final = 1_000
"""How often that may stand in the contents too, before it is taken for entries."""

BOUNDED: Final = (ZIP_STORED, ZIP_DEFLATED)
"""The methods that `zipfile` unpacks no further than it is asked to; CVAT uses no others."""

ELSEWHERE: Final = ("EPS", "WMF")
"""The formats that Pillow leaves to other programs: no bytes of a stranger go there."""

NO_PILLOW: Final = "images are read with Pillow: install `cvatfn[images]`"


@frozen
class Limits:
    """How much an archive may unpack to.

    :param entries: how many files and folders.
    :param total: how many bytes, all files together.
    """

    entries: int = 10_000
    total: int = 1 << 30


USUAL: Final = Limits()


@frozen
class BadArchive:
    """What came cannot be unpacked, or would unpack to more than is allowed.

    :param reason: what is wrong with it.
    :param subject: what it is.

    >>> print(BadArchive("is video/mp4, not a zip archive", "chunk 3 of task 7"))
    chunk 3 of task 7 is video/mp4, not a zip archive
    """

    reason: str
    subject: str = "the archive"

    @override
    def __str__(self) -> str:
        return f"{self.subject} {self.reason}"


@frozen
class NotAnImage:
    """The bytes are no image that can be read.

    :param reason: what is wrong with them; mostly what Pillow said.
    """

    reason: str

    @override
    def __str__(self) -> str:
        return f"no image that can be read: {self.reason}"


def _size(content: bytes) -> str:
    return f"<{len(content)} bytes>"


@frozen
class Chunk:
    """A run of frames as CVAT packs them: a zip archive with a picture for each, or a video.

    :param content: the bytes.
    :param content_type: the media type, such as `application/zip` or `video/mp4`.
    :param checksum: the CRC-32 that the server sent and the bytes have; `None`: it sent none.

    >>> Chunk(b"PK", "application/zip")
    Chunk(content=<2 bytes>, content_type='application/zip', checksum=None)
    """

    content: bytes = field(repr=_size)
    content_type: str
    checksum: int | None = None

    def frames(self, limits: Limits = USUAL) -> Outcome[tuple[bytes, ...], BadArchive]:
        """Take the chunk apart.

        :param limits: how much it may unpack to.
        :returns: the frames in their order; a failure for a video, which says that it is one.

        >>> print(Chunk(b"", "video/mp4").frames().failure())
        the chunk is video/mp4, not a zip archive
        """
        if self.content_type.startswith("video/"):
            return Failure(BadArchive(f"is {self.content_type}, not a zip archive", "the chunk"))
        match unpacked(self.content, limits):
            case Success(files):
                return Success(tuple(content for _, content in files))
            case Failure(bad):
                return Failure(evolve(bad, subject="the chunk"))


def unpacked(
    archive: bytes, limits: Limits = USUAL
) -> Outcome[tuple[tuple[str, bytes], ...], BadArchive]:
    """The files of a zip archive, which may be a hostile one.

    :param archive: its bytes.
    :param limits: how much it may unpack to; what would be more is refused unread.
    :returns: names and contents in their order. Names are as the archive has them: think before
        you use one as a path.

    >>> print(unpacked(b"no zip").failure())
    the archive cannot be unpacked: File is not a zip file
    """
    if archive.count(ENTRY) > limits.entries + BY_CHANCE:  # before there is an object for each
        return Failure(_too_many(limits))
    try:
        with ZipFile(BytesIO(archive)) as opened:
            infos = opened.infolist()
            if len(infos) > limits.entries:
                return Failure(_too_many(limits))
            if sum(info.file_size for info in infos) > limits.total:
                return Failure(BadArchive(f"unpacks to more than {limits.total} bytes"))
            if any(info.compress_type not in BOUNDED for info in infos):
                return Failure(BadArchive("is packed in a way that is not read"))
            files = [info for info in infos if not info.is_dir()]
            return Success(tuple((info.filename, _read(opened, info)) for info in files))
    except Exception as error:  # whatever zipfile and zlib raise: it is no archive
        return Failure(BadArchive(f"cannot be unpacked: {_said(error)}"))


def image(data: bytes) -> Outcome[Image, NotAnImage]:
    """Read an image with Pillow, wholly; of an animated one, the first frame.

    An image with more than twice `PIL.Image.MAX_IMAGE_PIXELS` is refused before it is unpacked;
    from once on, Pillow warns. EPS and WMF are refused, since other programs would read those.

    :param data: the bytes of an image file.
    :returns: the image, or why it is none.
    :raises ImportError: Pillow is missing; the extra `images` brings it.

    >>> print(image(b"no picture").failure())
    no image that can be read: Pillow cannot identify its format
    """
    try:
        from PIL import Image, UnidentifiedImageError
    except ImportError as error:
        raise ImportError(NO_PILLOW) from error
    try:
        Image.init()
        known = tuple(name for name in Image.ID if name not in ELSEWHERE)
        opened = Image.open(BytesIO(data), formats=known)
        opened.load()
    except UnidentifiedImageError:  # its text names the object that it was given
        return Failure(NotAnImage("Pillow cannot identify its format"))
    except Exception as error:  # whatever Pillow's readers raise: it is no image
        return Failure(NotAnImage(_said(error)))
    return Success(opened)


def _too_many(limits: Limits) -> BadArchive:
    return BadArchive(f"holds more than {limits.entries} files")


def _read(archive: ZipFile, info: ZipInfo) -> bytes:
    # Asked for a number of bytes, zipfile unpacks that many; asked for all, as many as there are.
    with archive.open(info) as entry:
        content = entry.read(info.file_size + 1)
    if len(content) != info.file_size:
        raise EOFError(f"{info.filename!r} is shorter than it says")
    return content


def _said(error: Exception) -> str:
    return str(error) or type(error).__name__
