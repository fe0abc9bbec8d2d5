"""Files, there and back, over loopback: how long it takes, and how much memory.

Rule: each row first has every contender move its files once, to a server that looks at what
arrives, or to a file that is looked at; only then the time is taken, with a server that does not.
What a download wrote is removed before the next one, as freeing its place is nobody's merit.
"""

from __future__ import annotations

import filecmp
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from typing import Final, TypeAlias

from attrs import frozen

from benchmarks import by_cvat_sdk, by_cvatfn, by_others, files
from benchmarks.measuring import Contender, Timing, raced, timed_small
from benchmarks.peak import peak
from benchmarks.receiver import receiving, taken_from
from benchmarks.table import Row, Target

__all__ = ["Sizes", "transfers"]

Move: TypeAlias = Callable[[str, Sequence[Path]], None]
"""Moves files to a server, or one file from it."""

CURL: Final = "curl"
STREAMED: Final = "http.client, one PUT"
SDK: Final = "cvat-sdk"
LIMIT: Final = "the limit"
MOST: Final = 15_000_000

DOWNLOADS: Final[dict[str, Move]] = {
    "cvatfn: download_url": by_cvatfn.download,
    CURL: by_others.curl_download,
    f"{SDK}: Downloader": by_cvat_sdk.download,
    "urllib3, read and write": by_others.urllib3_download,
}
UPLOADS: Final[dict[str, Move]] = {
    "cvatfn: upload_data": by_cvatfn.upload,
    STREAMED: by_others.http_client_upload,
    "http.client, blocks of 1 MiB": by_others.http_client_upload_in_blocks,
    f"{SDK}: DataUploader": by_cvat_sdk.upload,
}
FORMS: Final[dict[str, Move]] = {
    "cvatfn: upload_data": by_cvatfn.upload,
    f"{SDK}: DataUploader": by_cvat_sdk.upload,
    f"{CURL}, one form": by_others.curl_upload,
}


@frozen
class Sizes:
    """How much is moved.

    :param large: bytes of the large file.
    :param pictures: how many small files.
    """

    large: int = 1 << 30
    pictures: int = 1_000


@frozen
class _Moved:
    """The files, the place for what comes back, and both servers."""

    large: Path
    pictures: tuple[Path, ...]
    back: Path
    checking: str
    host: str


def transfers(rounds: int, sizes: Sizes) -> Iterator[Row]:
    """A large file from the server, one to it, many small ones to it; and the memory for each.

    :param rounds: how often to measure.
    :param sizes: how much is moved.
    """
    with _prepared(sizes) as moved:
        yield _download(moved, rounds)
        large, small = (moved.large,), moved.pictures
        told = _size(moved.large)
        yield _upload(moved, rounds, f"Upload of {told} by TUS", UPLOADS, large, AT_MOST)
        told = f"{len(small):,} files of {files.PICTURE / 1e3:.0f} kB"
        yield _upload(moved, rounds, f"Upload of {told}", FORMS, small, AT_LEAST)
        yield _whole(moved.host, rounds, f"Upload of {told}, from the start of Python on", small)
        yield _memory(moved.host, f"download of {_size(moved.large)}", "download", (moved.back,))
        yield _memory(moved.host, f"upload of {_size(moved.large)}", "upload", large)
        yield _memory(moved.host, f"upload of {told}", "upload", small)


AT_MOST: Final = Target(STREAMED, "at most", 1.2)
AT_LEAST: Final = Target(f"{SDK}: DataUploader", "at least", 4)


@contextmanager
def _prepared(sizes: Sizes) -> Generator[_Moved]:
    with TemporaryDirectory(prefix="cvatfn-bench-") as name:
        folder = Path(name)
        large = files.large(folder / "large.zip", sizes.large)
        pictures = files.pictures(folder / "pictures", sizes.pictures)
        with receiving(large, checking=True) as checking, receiving(large) as host:
            yield _Moved(large, pictures, folder / "back.zip", checking, host)


def _download(moved: _Moved, rounds: int) -> Row:
    back, host = moved.back, moved.host

    def timed(run: Callable[[], object]) -> int:
        back.unlink(missing_ok=True)
        return timed_small(run)

    for move in _there(DOWNLOADS).values():
        back.unlink(missing_ok=True)
        move(host, (back,))
        assert filecmp.cmp(moved.large, back, shallow=False)
    mine, *others = raced(_contenders(DOWNLOADS, host, (back,)), rounds, timed)
    return Row(
        f"Download of {_size(moved.large)} over loopback to a file",
        "s",
        1e9,
        mine,
        tuple(others),
        Target(CURL, "at most", 1.0),
    )


def _upload(
    moved: _Moved,
    rounds: int,
    title: str,
    moves: dict[str, Move],
    paths: tuple[Path, ...],
    target: Target,
) -> Row:
    expected = files.sums(paths)
    for name, move in _there(moves).items():
        move(moved.checking, paths)
        assert taken_from(moved.checking) == expected, name
    mine, *others = raced(_contenders(moves, moved.host, paths), rounds, timed_small)
    return Row(f"{title}, over loopback", "s", 1e9, mine, tuple(others), target)


def _whole(host: str, rounds: int, title: str, paths: tuple[Path, ...]) -> Row:
    """What a script costs that does nothing else: its imports too; how `peak` runs it."""
    contenders = (
        Contender("cvatfn: upload_data", partial(peak, "by_cvatfn", "upload", host, paths)),
        Contender(AT_LEAST.against, partial(peak, "by_cvat_sdk", "upload", host, paths)),
        *(contender for contender in _contenders(FORMS, host, paths) if CURL in contender.name),
    )
    mine, *others = raced(contenders, rounds, timed_small)
    return Row(title, "s", 1e9, mine, tuple(others), AT_LEAST)


def _memory(host: str, title: str, does: str, paths: tuple[Path, ...]) -> Row:
    def taken(client: str) -> Timing:
        if does == "download":
            paths[0].unlink(missing_ok=True)
        most = peak(client, does, host, paths)
        return Timing(client.removeprefix("by_").replace("_", "-"), most, most)

    limit = Timing(LIMIT, MOST, MOST)
    return Row(
        f"Peak memory above the import: {title}",
        "MB",
        1e6,
        taken("by_cvatfn"),
        (limit, taken("by_cvat_sdk")),
        Target(LIMIT, "at most", 1),
    )


def _contenders(
    moves: dict[str, Move], host: str, paths: tuple[Path, ...]
) -> tuple[Contender, ...]:
    there = _there(moves).items()
    return tuple(Contender(name, partial(move, host, paths)) for name, move in there)


def _there(moves: dict[str, Move]) -> dict[str, Move]:
    """Those that this machine has."""
    return {name: move for name, move in moves.items() if CURL not in name or which(CURL)}


def _size(path: Path) -> str:
    return f"{path.stat().st_size >> 20:,} MiB"
