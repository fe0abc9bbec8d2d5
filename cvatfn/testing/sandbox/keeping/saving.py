"""A world in one file, and back.

The file is a zip archive: `world.json` says everything, and beside it are the bytes that it names,
each once. It can be looked at with any tool, and edited with some care.

Rule: a file is not trusted. It is read within limits, nothing in it is executed, and what does not
fit is told with its place. A saved world holds its passwords and tokens, as it must: the file is
for its owner only.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from os import PathLike
from pathlib import Path
from tempfile import mkstemp
from typing import Final, TypeAlias, cast

from attrs import field, frozen
from typing_extensions import override

from cvatfn.codecs import native
from cvatfn.codecs.plain import is_mapping
from cvatfn.codecs.problems import Problem
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.files.exports.archives import (
    BAD_ZIP,
    LARGEST,
    MOST,
    read_zip,
    written_zip,
)
from cvatfn.testing.sandbox.keeping.forming import form_of
from cvatfn.testing.sandbox.keeping.forms import Reading, Writing
from cvatfn.testing.sandbox.keeping.references import dangling
from cvatfn.testing.sandbox.state.functions import Call
from cvatfn.testing.sandbox.state.world import World

__all__ = ["KeepingError", "load", "read_world", "save", "written_world"]

FORMAT: Final = "cvatfn sandbox world"
VERSION: Final = 1
DOCUMENT: Final = "world.json"
CONTENTS: Final = "bytes/"
LONGEST: Final = 1 << 26
"""How many bytes `world.json` may have; read, it takes some twenty times as much memory."""

PathText: TypeAlias = str | PathLike[str]


@frozen
class KeepingError:
    """Why a world was not saved or not loaded.

    :param source: the file.
    :param problems: what is wrong, each with its place in the world; never empty.

    >>> print(KeepingError("cats.world", (Problem("$.now", "is missing"),)))
    cats.world: $.now: is missing
    """

    source: str
    problems: tuple[Problem, ...] = field()

    @override
    def __str__(self) -> str:
        # What is said of the whole is said of the file.
        said = (each.message if each.path == "$" else str(each) for each in self.problems)
        return "\n".join(f"{self.source}: {problem}" for problem in said)


def save(world: World, path: PathText) -> Outcome[int, KeepingError]:
    """Write a world into one file, in place of the one that is there.

    The file holds the world's passwords, tokens and keys, so only its owner may read it (mode
    0600). It is written beside its place and put there when it is whole. Of functions it says all
    but their code.

    :param world: the world.
    :param path: the file.
    :returns: how many bytes it has; a failure says what could not be written.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     saved = save(World.with_user("ada", "s3cret"), Path(folder) / "cats.world")
    ...     loaded = load(Path(folder) / "cats.world")
    >>> loaded.unwrap() == World.with_user("ada", "s3cret")
    True
    """
    match written_world(world):
        case Failure(problems):
            return Failure(KeepingError(str(path), problems))
        case Success(content):
            pass
    try:
        _put(Path(path), content)
    except OSError as error:
        return Failure(_broken(path, error.strerror or str(error)))
    return Success(len(content))


def load(
    path: PathText, *, functions: Mapping[str, Call] | None = None
) -> Outcome[World, KeepingError]:
    """Read a world from a file that `save` wrote.

    What the file says is held to the types of the state, and to what refers to what; so its
    readers need not be afraid of where it comes from.

    :param path: the file.
    :param functions: by id, the code of functions that the world has; a function that is given none
        is listed, and cannot be called.
    :returns: the world; or what is wrong, and where.

    >>> print(load("/nowhere/cats.world").failure())
    /nowhere/cats.world: No such file or directory
    """
    try:
        with Path(path).open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) else None
        return Failure(_broken(path, said or str(error)))
    if len(content) > LARGEST:
        return Failure(_broken(path, f"is larger than {LARGEST} bytes"))
    match read_world(content, functions=functions):
        case Failure(problems):
            return Failure(KeepingError(str(path), problems))
        case Success() as loaded:
            return loaded


def written_world(world: World) -> Outcome[bytes, tuple[Problem, ...]]:
    """A world as the bytes of a file; pure: the same world always gives the same bytes.

    :param world: the world.
    :returns: a zip archive; or what a file cannot hold.
    """
    writing = Writing()
    try:
        said = form_of(World).write(world, writing, None)
        document = native.encode({"format": FORMAT, "version": VERSION, "world": said})
    except native.REFUSALS as error:
        return _wrong(str(error) or "is nested too deeply")
    if writing.problems:
        return Failure(tuple(writing.problems))
    size = len(document) + sum(map(len, writing.contents.values()))
    if len(document) > LONGEST or size > LARGEST or len(writing.contents) >= MOST:
        return _wrong("is larger than what would be loaded again")
    contents = sorted((CONTENTS + name, content) for name, content in writing.contents.items())
    return Success(written_zip([(DOCUMENT, document), *contents], world.now))


def read_world(
    content: bytes, *, functions: Mapping[str, Call] | None = None
) -> Outcome[World, tuple[Problem, ...]]:
    """Read what `written_world` wrote; pure.

    :param content: the archive.
    :param functions: by id, the code of functions that the world has.
    :returns: the world; or what is wrong, and where.

    >>> read_world(written_world(World.empty()).unwrap()).unwrap() == World.empty()
    True
    """
    match read_zip(content):
        case Failure(said):
            return _wrong(said.removeprefix(BAD_ZIP).rstrip())
        case Success(entries):
            files = dict(entries)
    document = files.get(DOCUMENT)
    if document is None:
        return _wrong(f"there is no {DOCUMENT} in it")
    if len(document) > LONGEST:
        return _wrong(f"{DOCUMENT} is larger than {LONGEST} bytes")
    contents = {
        name.removeprefix(CONTENTS): held
        for name, held in files.items()
        if name.startswith(CONTENTS)
    }
    reading = Reading(contents, functions or {})
    try:
        return _read(native.read_json(document), reading)
    except RecursionError:
        return _wrong("is nested too deeply")
    except native.REFUSALS as error:
        return _wrong(str(error))


def _read(said: object, reading: Reading) -> Outcome[World, tuple[Problem, ...]]:
    if not is_mapping(said) or said.get("format") != FORMAT:
        return _wrong(f"{DOCUMENT} is not that of a {FORMAT}")
    version = said.get("version")
    if version != VERSION or type(version) is not int:
        known = f"this release of cvatfn reads version {VERSION}"
        return _wrong(f"is of version {str(version)[:20]}, and {known}")
    # `form_of(World)` reads worlds, or notes what is wrong
    world = cast("World", form_of(World).read(said.get("world"), reading, None))
    if reading.problems:
        return Failure(tuple(reading.problems))
    loose = tuple(dangling(world))
    return Failure(loose) if loose else Success(world)


def _wrong(said: str) -> Failure[tuple[Problem, ...]]:
    return Failure((Problem("$", said),))


def _broken(path: PathText, said: str) -> KeepingError:
    return KeepingError(str(path), (Problem("$", said),))


def _put(path: Path, content: bytes) -> None:
    """Write a file of mode 0600 beside its place, and put it there."""
    number, name = mkstemp(prefix=f".{path.name[:100]}.", suffix=".part", dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(number, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise
