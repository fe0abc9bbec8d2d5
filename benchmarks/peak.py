"""How much memory moving files takes, above the import of what moves them.

Rule: each measurement is a fresh process that imports one client, notes how much memory it has had
at most, does one thing, and prints by how much it has had more.

>>> # python -m benchmarks.peak by_cvatfn upload http://127.0.0.1:8080 a.jpg b.jpg
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Final

__all__ = ["peak"]

STATUS: Final = Path("/proc/self/status")


def peak(client: str, does: str, host: str, paths: Sequence[Path]) -> int:
    """Memory above the import, in bytes.

    :param client: a module of this package.
    :param does: which of its functions.
    :param host: the server's origin.
    :param paths: the files.
    """
    command = [sys.executable, "-m", __name__, client, does, host]
    told = "\n".join(map(str, paths))
    done = subprocess.run(command, check=True, input=told, stdout=subprocess.PIPE, text=True)  # noqa: S603 - own code
    return int(done.stdout)


def _most() -> int:
    """The most memory that this process has had.

    Where there is a `/proc`, it is asked: of `ru_maxrss` Linux lets a child inherit its parent's.
    """
    if STATUS.exists():
        (line,) = (line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    import resource  # not there on Windows

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def _main(client: str, does: str, host: str) -> None:
    paths = tuple(map(Path, sys.stdin.read().split("\n")))
    move: object = getattr(import_module(f"benchmarks.{client}"), does)
    assert callable(move)
    before = _most()
    move(host, paths)
    print(_most() - before)


if __name__ == "__main__":
    _main(*sys.argv[1:])
