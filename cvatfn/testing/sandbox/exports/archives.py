"""Zip archives that are the same bytes for the same content."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from typing import Final, TypeAlias
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

__all__ = ["Entry", "written_zip"]

Entry: TypeAlias = tuple[str, bytes]
"""A name in the archive, and what is under it."""

FIRST_YEAR: Final = 1980
LAST_YEAR: Final = 2107


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
