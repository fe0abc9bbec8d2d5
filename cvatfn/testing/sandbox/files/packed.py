"""What holds images and is none itself: archives, and documents with pages.

Rule: what a file says of its size is believed only as far as a limit. Names lead nowhere but into
the task.
"""

from __future__ import annotations

import tarfile
from bz2 import BZ2File
from collections.abc import Iterator, Sequence
from gzip import GzipFile
from io import BytesIO
from lzma import LZMAError, LZMAFile
from threading import Lock
from typing import TYPE_CHECKING, Final
from zipfile import is_zipfile
from zlib import error as ZlibError  # noqa: N812 - an exception, misnamed

from cvatfn.forking import making
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.files.exports.archives import LARGEST, MOST, Entry, read_zip
from cvatfn.testing.sandbox.files.images import LARGEST_IMAGE, inside, png
from cvatfn.testing.sandbox.files.kinds import kind_of
from cvatfn.testing.sandbox.state.media import Received

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

__all__ = ["unpacked"]

NO_PDFIUM: Final = "the sandbox looks into PDF files with pypdfium2: install `cvatfn[sandbox]`"
MOST_PAGES: Final = 1000
"""How many pages a document may have."""
SCALE: Final = 200 / 72
"""How many pixels a point of a page has: 200 to the inch, as CVAT draws them."""


def unpacked(files: Sequence[Received]) -> Outcome[tuple[Received, ...], str]:
    """Files with what is in archives and documents in the place of these.

    :param files: as they were uploaded.
    """
    found: list[Received] = []
    for file in files:
        match _held(file):
            case Failure(why):
                return Failure(f"{file.name!r} cannot be unpacked: {why}")
            case Success(held):
                found.extend(held)
    return Success(tuple({file.name: file for file in found}.values()))  # the last of a name counts


def _held(file: Received) -> Outcome[Sequence[Received], str]:
    """What is in a file: itself, where it is no archive."""
    kind = kind_of(file.name)
    if kind == "pdf":
        return _pages(file)
    if is_zipfile(BytesIO(file.content)):
        read = read_zip(file.content)
    elif kind == "archive":
        read = _read_tar(file.content)
    else:
        return Success((file,))
    match read:
        case Failure() as unread:
            return unread
        case Success(entries):
            return Success(tuple(Received(*entry) for entry in entries if _is_media(entry[0])))


def _is_media(name: str) -> bool:
    """Whether a file of an archive is looked at; what else was packed is passed over."""
    hidden = name.startswith("__MACOSX/") or "/." in f"/{name}"
    return not hidden and kind_of(name) in ("image", "point_cloud")


def _read_tar(content: bytes) -> Outcome[tuple[Entry, ...], str]:
    try:
        plain = _uncompressed(content)
        if plain is None:
            return Failure(f"the archive unpacks to more than {LARGEST} bytes")
        with tarfile.open(fileobj=plain, mode="r:") as archive:
            return _entries(archive)
    except (tarfile.TarError, LZMAError, ZlibError, OSError, EOFError, ValueError) as error:
        return Failure(str(error))


def _uncompressed(content: bytes) -> BytesIO | None:
    """A tar file itself; `None` where it is too large.

    `tarfile` would undo gzip, too, but reads as much of a header as the header says that it has.
    """
    plain = BytesIO()
    with _coded(content) as coded:
        while piece := coded.read(_PIECE):
            plain.write(piece)
            if plain.tell() > LARGEST:
                return None
    plain.seek(0)
    return plain


def _coded(content: bytes) -> BytesIO | GzipFile | BZ2File | LZMAFile:
    file = BytesIO(content)
    if content.startswith(b"\x1f\x8b"):
        return GzipFile(fileobj=file)
    if content.startswith(b"BZh"):
        return BZ2File(file)
    if content.startswith((b"\xfd7zXZ", b"\x5d\0\0")):
        return LZMAFile(file)
    return file


_PIECE: Final = 1 << 20


def _entries(archive: tarfile.TarFile) -> Outcome[tuple[Entry, ...], str]:
    entries: list[Entry] = []
    size = 0
    for number, member in enumerate(archive):  # one by one: a list of all might be endless
        size += member.size
        if number >= MOST:
            return Failure(f"the archive has more than {MOST} entries")
        if size > LARGEST:
            return Failure(f"the archive unpacks to more than {LARGEST} bytes")
        opened = archive.extractfile(member) if member.isreg() else None
        if opened is not None:
            entries.append((inside(member.name), opened.read()))
    return Success(tuple(entries))


def _pages(file: Received) -> Outcome[Sequence[Received], str]:
    try:
        import pypdfium2
    except ImportError:  # pragma: no cover - the extra is installed where this is tested
        return Failure(NO_PDFIUM)
    try:
        with making(), _ONE_AT_A_TIME, pypdfium2.PdfDocument(file.content) as document:
            if len(document) > MOST_PAGES:
                return Failure(f"it has more than {MOST_PAGES} pages")
            sizes = [document.get_page_size(number) for number in range(len(document))]
            if any(width * height * SCALE**2 > LARGEST_IMAGE for width, height in sizes):
                return Failure(f"a page has more than {LARGEST_IMAGE} pixels")
            return Success(tuple(_drawn(document, file.name)))
    except (pypdfium2.PdfiumError, ValueError, MemoryError) as error:
        return Failure(str(error))


_ONE_AT_A_TIME: Final = Lock()
"""PDFium is not made for threads; it keeps nothing from one document to the next."""


def _drawn(document: PdfDocument, name: str) -> Iterator[Received]:
    stem = name.rpartition(".")[0]
    for number in range(len(document)):
        page = document[number].render(scale=SCALE).to_pil().convert("RGB")
        yield Received(f"{stem}_{number:04d}.png", png(page), "image/png")
