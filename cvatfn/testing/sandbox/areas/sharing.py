"""The share that is mounted on the server: one folder of it at a time."""

from __future__ import annotations

from collections.abc import Iterator

from cvatfn import models
from cvatfn.outcome import Failure
from cvatfn.testing.sandbox.files.kinds import kind_of
from cvatfn.testing.sandbox.gates.asking import Asked, Done, done
from cvatfn.testing.sandbox.gates.replies import Refusal
from cvatfn.testing.sandbox.state.world import World

__all__ = ["list_share"]


def list_share(world: World, asked: Asked) -> Done:
    """The folders and files in a folder of the share, folders first."""
    directory = (asked.given("directory", str) or "").removeprefix("/")
    folder = f"{directory.rstrip('/')}/" if directory else ""
    names = [path[len(folder) :] for path in world.share if path.startswith(folder)]
    if folder and not any(names):
        return Failure(Refusal(400, f"{directory} is an invalid directory"))
    begin = asked.given("search", str) or ""
    found = sorted({info for info in _infos(names) if info[1].startswith(begin)})
    return done(
        world,
        [
            models.FileInfo(
                name=name,
                type=models.FileInfoTypeEnum(kind),
                mime_type="DIR" if kind == "DIR" else kind_of(name),
            )
            for kind, name in found
        ],
    )


def _infos(names: list[str]) -> Iterator[tuple[str, str]]:
    """What is seen in a folder: what its files are called up to their next slash."""
    for name in filter(None, names):
        first, slash, _ = name.partition("/")
        yield ("DIR" if slash else "REG"), first
