"""The other side of a soak, in a process of its own: a sandbox, and the hop on the way to it.

What goes wrong is drawn from a seed, and what was done and what has become of the world is told at
the end. A process of its own, so that the memory, the threads and the sockets of the client are all
there are in its process.

    python -m tests.soak.serving SEED FOLDER     it tells two URLs; at the end of its input it ends
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Final

from attrs import define, field

from cvatfn.codecs.json import dumps, loads
from cvatfn.testing.sandbox import Sandbox, World, load, save, serve
from tests.hop.faults import Faults
from tests.hop.hop import Hop

__all__ = ["LOGIN", "Other", "other_side"]

LOGIN: Final = ("ada", "s3cret")


def faults(seed: int) -> Faults:
    """About one request in five meets one."""
    return Faults(
        seed=seed,
        refuse=0.03,
        cut_requests=0.03,
        cut_requests_unseen=0.03,
        cut_answers=0.03,
        drop_answers=0.02,
        status=0.03,
        status_after=0.02,
        delay=0.03,
    )


@define
class Other:
    """The other side, as the client sees it; `world` and `done` are known at the end."""

    faulty: str
    straight: str
    world: World = field(factory=World.empty)
    done: Counter[str] = field(factory=Counter[str])


@contextmanager
def other_side(seed: int, folder: Path) -> Generator[Other]:
    """Serve a sandbox in another process while a block runs.

    :param seed: what the faults are drawn from.
    :param folder: where to leave the world.
    """
    command = [sys.executable, "-m", "tests.soak.serving", str(seed), str(folder)]
    with Popen(command, stdin=PIPE, stdout=PIPE) as process:  # noqa: S603 - our own words
        assert process.stdin is not None
        assert process.stdout is not None
        faulty, straight = loads(tuple[str, str], process.stdout.readline()).unwrap()
        other = Other(faulty, straight)
        try:
            yield other
        finally:
            process.stdin.close()
            told = process.stdout.read()
        other.done = Counter(loads(dict[str, int], told).unwrap())
    other.world = load(folder / "world").unwrap()


def main(seed: int, folder: Path) -> None:
    sandbox = Sandbox(World.with_user(*LOGIN))
    with serve(sandbox) as url:
        hop = Hop(url, faults(seed))
        with hop as faulty:
            sys.stdout.buffer.write(dumps((faulty, url)) + b"\n")
            sys.stdout.buffer.flush()
            sys.stdin.buffer.read()
        done = hop.done
    save(sandbox.world, folder / "world").unwrap()
    sys.stdout.buffer.write(dumps(dict(done)))


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
