"""Builds what would be released, several times over, and looks whether it is the same each time.

An archive depends on what is committed and on nothing else: not on the folder, the hour, the time
zone, the language or the umask of whoever builds it, and not on what else lies about there.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from packaging.metadata import Metadata

from supply.wanted import PROJECT, ROOT, wants

__all__ = ["HERE", "archives", "build", "contents", "differences", "digest", "faults"]

HERE = {"TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "1"}
ELSEWHERE = {"TZ": "Pacific/Chatham", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "2"}
WRITTEN_BY_THE_BUILD = {"PKG-INFO"}


def build(out: Path) -> list[str]:
    """Build the tree as it lies there, then what is committed elsewhere, then from the archive.

    :param out: a folder, which is emptied, for what was built from the tree
    :returns: each way in which they differ, and each fault of what was built
    """
    shutil.rmtree(out, ignore_errors=True)
    with TemporaryDirectory() as folder:
        clean, again, unpacked = (Path(folder, name) for name in ("clean tree", "again", "archive"))
        tracked = _copied(clean)
        archives(ROOT, out, 0o022, HERE)
        archives(clean, again, 0o077, ELSEWHERE)
        (archive,) = out.glob("*.tar.gz")
        with tarfile.open(archive) as tar:
            tar.extractall(unpacked, filter="data")
        (tree,) = unpacked.iterdir()
        archives(tree, unpacked, 0o002, ELSEWHERE, "wheel")
        wrong = [*differences(out, again), *differences(out, unpacked, "*.whl")]
        return [*wrong, *faults(out, tracked)]


def _copied(to: Path) -> list[str]:
    """Lay what is committed, as it now reads, elsewhere: for its owner only, and as of now."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)  # noqa: S607
    names = [name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).exists()]
    for name in names:
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, to / name)
        (to / name).chmod(0o700 if os.access(ROOT / name, os.X_OK) else 0o600)
    return names


def archives(
    tree: Path, out: Path, umask: int, environment: Mapping[str, str], *targets: str
) -> None:
    """Run the build backend that is installed, so that it is the one that is locked.

    :param tree: what to build
    :param out: where to put it
    :param umask: of whoever builds
    :param environment: theirs
    :param targets: `wheel` or `sdist`; both unless given
    """
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    only = [word for target in targets for word in ("--target", target)]
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(out), *only]
    done = subprocess.run(  # noqa: S603 - our own
        command,
        cwd=tree,
        umask=umask,
        env={**inherited, **environment},
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr.decode())


def differences(one: Path, other: Path, kind: str = "*") -> list[str]:
    """How the archives in two folders differ: byte by byte, told by the files in them."""
    both = [each for folder in (one, other) for each in folder.glob(kind)]
    names = sorted({each.name for each in both if each.is_file()})
    return [said for name in names for said in _differences(one / name, other / name)]


def _differences(one: Path, other: Path) -> Iterator[str]:
    if not (one.exists() and other.exists()):
        yield f"{one.name}: was built once only"
    elif one.read_bytes() != other.read_bytes():
        here, there = contents(one), contents(other)
        names = sorted(here.keys() | there.keys())
        told = [name for name in names if here.get(name) != there.get(name)]
        yield f"{one.name}: differs in {', '.join(told) or 'its order, times or modes'}"


def contents(archive: Path) -> dict[str, bytes]:
    """What is in a wheel, or in a source archive without its outermost folder."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as held:
            return {name: held.read(name) for name in held.namelist()}
    with tarfile.open(fileobj=io.BytesIO(archive.read_bytes())) as tar:
        files = [(member.name.partition("/")[2], tar.extractfile(member)) for member in tar]
        return {name: file.read() for name, file in files if file is not None}


def faults(out: Path, tracked: list[str]) -> list[str]:
    """What is in the archives and should not be, or should be and is not.

    :param out: the folder with one source archive and one wheel
    :param tracked: the files that are committed, by their paths from the root
    """
    (source,), (wheel,) = out.glob("*.tar.gz"), out.glob("*.whl")
    package = {name for name in tracked if name.startswith("cvatfn/")}
    told = contents(wheel)
    return [
        *_apart(source.name, set(contents(source)), {*tracked, *WRITTEN_BY_THE_BUILD}),
        *_apart(wheel.name, {name for name in told if ".dist-info/" not in name}, package),
        *_told(next(data for name, data in told.items() if name.endswith(".dist-info/METADATA"))),
    ]


def _apart(name: str, held: set[str], wanted: set[str]) -> Iterator[str]:
    yield from (f"{name}: {each} is a stray file" for each in sorted(held - wanted))
    yield from (f"{name}: {each} is missing" for each in sorted(wanted - held))


def _told(metadata: bytes) -> Iterator[str]:
    """What the metadata of the wheel leave unsaid; that they are valid is seen by reading them."""
    said = Metadata.from_email(metadata, validate=True)
    for name in (
        *("summary", "description", "description_content_type", "keywords", "license_expression"),
        *("license_files", "requires_python", "classifiers", "provides_extra"),
    ):
        if not getattr(said, name):
            yield f"METADATA: {name} is not said"
    core = {str(each) for each in said.requires_dist or () if each.marker is None}
    if core != {str(each) for each in wants(PROJECT.read_text(encoding="utf-8")).core}:
        yield "METADATA: the dependencies are not those of pyproject.toml"


def digest(archive: Path) -> str:
    """The SHA-256 of an archive, as an index states it."""
    return hashlib.sha256(archive.read_bytes()).hexdigest()
