"""The files that are sent and received: made once, on the local disk, the same in each run.

Rule: no two blocks are equal, so that a server notices what comes twice, or in the wrong order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from random import Random
from typing import Final
from zlib import crc32

from benchmarks.receiver import Arrived

__all__ = ["large", "pictures", "sums"]

SEED: Final = 3
BLOCK: Final = 1 << 20
PICTURE: Final = 100_000


def large(path: Path, size: int) -> Path:
    """One large file.

    :param path: where to.
    :param size: bytes; blocks of 1 MiB.
    :returns: where it is.
    """
    block = bytearray(Random(SEED).randbytes(BLOCK))  # noqa: S311 - the same in each run
    with path.open("wb", buffering=0) as file:
        for number in range(size // BLOCK):
            block[:8] = number.to_bytes(8, "big")
            file.write(block)
    return path


def pictures(folder: Path, count: int) -> tuple[Path, ...]:
    """Files of 100 kB that begin and end as JPEG does; nobody here looks inside.

    :param folder: where to; made here.
    :param count: how many.
    :returns: where they are.
    """
    folder.mkdir()
    random = Random(SEED)  # noqa: S311 - the same in each run
    paths = tuple(folder / f"frame_{number:06d}.jpg" for number in range(count))
    for path in paths:
        path.write_bytes(b"\xff\xd8\xff\xe0" + random.randbytes(PICTURE - 6) + b"\xff\xd9")
    return paths


def sums(paths: Iterable[Path]) -> Mapping[str, Arrived]:
    """What a checking server has to tell when these files arrived.

    :param paths: the files.
    """
    return {path.name: Arrived(path.stat().st_size, _crc(path)) for path in paths}


def _crc(path: Path) -> int:
    crc = 0
    with path.open("rb", buffering=0) as file:
        while piece := file.read(BLOCK):
            crc = crc32(piece, crc)
    return crc
