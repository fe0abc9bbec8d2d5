"""What a fuzzer found: inputs that broke a promise, each kind once, made as small as they will be.

Rule: two inputs are one finding where the same exception is raised at the same place. What is told
of a finding is enough to see it again: the file, and the command that runs it.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Final

from attrs import frozen

from tests.fuzzing.target import Target

__all__ = ["Finding", "broken", "found_in", "minimal", "saved"]

_TRIES: Final = 2_000
"""How many smaller inputs are tried."""
_FRAMES: Final = 3


@frozen
class Finding:
    """An input that breaks a promise.

    :param mark: the same for all inputs that break it at the same place.
    :param said: what was raised, and where.
    """

    mark: str
    said: str


def broken(target: Target, data: bytes) -> Finding | None:
    """Run a target: what it raises, if it does.

    :param target: the target.
    :param data: what it reads.
    """
    try:
        target.run(data)
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
        places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames]
        if isinstance(error, RecursionError):  # how deep it was is chance
            places = places[:0]
        name = f"{type(error).__name__} {places}"
        mark = blake2b(name.encode(), digest_size=6).hexdigest()
        return Finding(mark, "".join(traceback.format_exception(error)))
    return None


def minimal(target: Target, data: bytes, finding: Finding) -> bytes:
    """The input without whatever it does not need.

    :param target: the target.
    :param data: the input.
    :param finding: what it comes to.
    """
    left = _TRIES
    smaller = True
    while smaller and left > 0:
        smaller = False
        for shorter in _shorter(data):
            left -= 1
            found = broken(target, shorter)
            if found is not None and found.mark == finding.mark:
                data, smaller = shorter, True
                break
            if left <= 0:
                break
    return data


def _shorter(data: bytes) -> Iterator[bytes]:
    size = len(data) // 2
    while size:
        for start in range(0, len(data), size):
            yield data[:start] + data[start + size :]
        size //= 2


def saved(folder: Path, target: Target, data: bytes, finding: Finding) -> Path:
    """Put a finding into a folder: its input, and beside it what was raised.

    :param folder: of the target's findings.
    :param target: the target.
    :param data: the input.
    :param finding: what it comes to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / finding.mark
    path.write_bytes(minimal(target, data, finding))
    path.with_suffix(".txt").write_text(finding.said, encoding="utf-8", errors="backslashreplace")
    return path


def found_in(folder: Path) -> list[Path]:
    """The inputs in a folder of findings; the fuzzer's own among them: what it took for a hang, a
    crash of the process or too much memory.

    :param folder: the folder.
    """
    return sorted(path for path in folder.glob("*") if path.suffix != ".txt")
