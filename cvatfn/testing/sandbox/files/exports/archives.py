"""Zip archives: written as the same bytes for the same content, and read without trust.

Rule: what an archive says of itself is believed only as far as a limit. Names lead nowhere but into
the archive.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from typing import Final, TypeAlias
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError  # noqa: N812 - an exception, misnamed

from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.files.images import inside

__all__ = ["BAD_ZIP", "Entry", "read_zip", "written_zip"]

Entry: TypeAlias = tuple[str, bytes]
"""A name in the archive, and what is under it."""

FIRST_YEAR: Final = 1980
LAST_YEAR: Final = 2107

BAD_ZIP: Final = "zipfile.BadZipFile: "
"""With this CVAT begins to tell why a file is no archive; a line break ends it, as recorded."""
LARGEST: Final = 1 << 30
"""How many bytes an archive may unpack to."""
MOST: Final = 100_000
"""How many entries it may have."""


def written_zip(entries: Iterable[Entry], made: datetime) -> bytes:
    """Write an archive.

    :param entries: names and contents, in order.
    :param made: the date that every entry bears, to two seconds.

    >>> from datetime import UTC
    >>> day = datetime(2026, 1, 1, tzinfo=UTC)
    >>> written_zip([("a.txt", b"a")], day) == written_zip([("a.txt", b"a")], day)
    True
    """
    year = min(max(made.year, FIRST_YEAR), LAST_YEAR)  # all that the format can say
    date = (year, made.month, made.day, made.hour, made.minute, made.second)
    written = BytesIO()
    with ZipFile(written, "w") as archive:
        for name, content in entries:
            info = ZipInfo(name, date)
            info.compress_type = ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, content)
    return written.getvalue()


def read_zip(content: bytes) -> Outcome[tuple[Entry, ...], str]:
    """Read an archive whole.

    :param content: the archive.
    :returns: names and contents, in order, without the folders; or why not.

    >>> from datetime import UTC
    >>> day = datetime(2026, 1, 1, tzinfo=UTC)
    >>> read_zip(written_zip([("../a.txt", b"a")], day)).unwrap()
    (('a.txt', b'a'),)
    >>> print(read_zip(b"a").failure().strip())
    zipfile.BadZipFile: File is not a zip file
    """
    try:
        with ZipFile(BytesIO(content)) as archive:
            infos = [info for info in archive.infolist() if not info.filename.endswith("/")]
            if len(infos) > MOST:
                return Failure(f"the archive has more than {MOST} entries")
            if sum(info.file_size for info in infos) > LARGEST:
                return Failure(f"the archive unpacks to more than {LARGEST} bytes")
            if any(info.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for info in infos):
                return Failure("the archive is compressed in a way that the sandbox does not read")
            return Success(tuple((inside(info.filename), _entry(archive, info)) for info in infos))
    except BadZipFile as error:
        return Failure(f"{BAD_ZIP}{error}\n")
    except _UNREADABLE as error:
        return Failure(str(error))


_UNREADABLE: Final = (ZlibError, RuntimeError, OSError, EOFError, ValueError)
"""Whatever zipfile raises at what is no archive, or is locked or cut off."""


def _entry(archive: ZipFile, info: ZipInfo) -> bytes:
    # A size to read to keeps zipfile from unpacking more than the entry said it was.
    with archive.open(info) as opened:
        return opened.read(info.file_size + 1)
