"""The files that blocks find in their folder, as a reader has files of her own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final
from zipfile import ZipFile

from cvatfn.testing.pictures import SCENES, painted
from tests.sandbox.films import bytes_of, document, film

__all__ = ["MADE", "furnish"]


def furnish(folder: Path, names: Iterable[str]) -> None:
    """Put pictures into `images/`, make an empty `datasets/`, and put what else is named beside.

    :param folder: an empty folder.
    :param names: which of those that can be made.
    """
    for name in ("datasets", "images"):
        (folder / name).mkdir()
    for name in SCENES:
        (folder / "images" / name).write_bytes(_painted(name))
    for name in names:
        (folder / name).write_bytes(MADE[name]())


_painted: Final = cache(painted)


def _archive() -> bytes:
    written = BytesIO()
    with ZipFile(written, "w") as archive:
        for name in SCENES:
            archive.writestr(name, _painted(name))
    return written.getvalue()


MADE: Final[Mapping[str, Callable[[], bytes]]] = {
    "drive.mp4": lambda: bytes_of(film(6, name="drive.mp4", codec="mpeg4")),
    "pictures.zip": _archive,
    "scan.pdf": lambda: bytes_of(document(3)),
}
"""By name, files with more in them."""
