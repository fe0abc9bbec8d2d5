"""What a release has to be before anybody gets it, asked step by step; nothing is uploaded.

`check` asks what CI asks of every change. `release` asks all of it, and whether the changelog, the
version and the repository are ready.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from cvatfn import __version__
from supply import building, changelog, installing
from supply.wanted import PROJECT, ROOT, wants

__all__ = ["check", "next_steps", "release", "verified"]

OUT = ROOT / "dist"
NOWHERE = """But its metadata lead nowhere: does the repository have an address by now? Then
write it into [project.urls], make the README's links absolute, and begin again.

"""
# Those that look at the project's own files, and would miss one first.
QUICK = (
    *("tests/supply", "tests/test_design.py", "tests/test_faces.py", "tests/test_generator.py"),
    *("tests/test_promises.py", "tests/docs/test_harness.py", "tests/test_typing_files.py"),
)


def _archives() -> tuple[Path, Path]:
    (source,), (wheel,) = OUT.glob("*.tar.gz"), OUT.glob("*.whl")
    return source, wheel


def check(*, whole: bool = False) -> Iterator[str]:
    """Look at what was built, from outside and from inside.

    :param whole: run all tests of the source archive, not those alone that would fail first
    """
    source, wheel = _archives()
    yield from _told("archives and metadata are well made", _well_made(source, wheel))
    text = changelog.CHANGELOG.read_text(encoding="utf-8")
    yield from _told("the changelog has its form", changelog.faults(text, __version__))
    with TemporaryDirectory() as name:
        folder = Path(name)
        bare = installing.installed(wheel, folder)
        yield from _told("the core works alone", installing.core_works(bare, __version__))
        extras = wants(PROJECT.read_text(encoding="utf-8")).extras
        for extra in extras:
            place = installing.installed(wheel, folder, extra)
            yield from _told(f"{extra} works alone", installing.extra_works(place, bare, extra))
        everything = installing.installed(wheel, folder, *extras)
        yield from _told("types are known", installing.types_are_known(everything))
        tests = () if whole else QUICK
        passed = installing.sources_pass(source, folder / "unpacked", tests, "ci")
        yield from _told("the source archive passes its tests", passed)


def verified() -> Iterator[str]:
    """Whether the type of everything that is exported is known, in an installed copy."""
    building.archives(ROOT, OUT, 0o022, building.HERE, "wheel")
    (wheel,) = OUT.glob("*.whl")
    with TemporaryDirectory() as folder:
        extras = wants(PROJECT.read_text(encoding="utf-8")).extras
        place = installing.installed(wheel, Path(folder), *extras)
        yield from installing.types_are_known(place)


def release() -> Iterator[str]:
    """Everything that `check` asks, and whether it is time."""
    text = changelog.CHANGELOG.read_text(encoding="utf-8")
    unready = [*changelog.unready(text, __version__), *_uncommitted()]
    yield from unready
    if not unready:
        yield from _told("built, three times over", building.build(OUT))
        yield from check(whole=True)


def _told(what: str, wrong: Iterator[str] | list[str]) -> Iterator[str]:
    found = list(wrong)
    print(f"{'no: ' if found else ''}{what}", flush=True)
    yield from found


def _well_made(source: Path, wheel: Path) -> Iterator[str]:
    for command in (
        ("twine", "check", "--strict", str(source), str(wheel)),
        ("check-wheel-contents", str(wheel)),
        ("validate-pyproject", str(PROJECT)),
    ):
        tool = Path(sys.executable).parent / command[0]
        done = subprocess.run(  # noqa: S603 - our own
            [str(tool), *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
        )
        if done.returncode:
            yield f"{command[0]}: {done.stdout.strip()}{done.stderr.strip()}"


def _uncommitted() -> Iterator[str]:
    done = subprocess.run(
        ["git", "status", "--porcelain"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    yield from (f"not committed: {line}" for line in done.stdout.splitlines())


def next_steps() -> str:
    """What is left to a person, once all is well."""
    source, wheel = _archives()
    named = " ".join(f"dist/{each.name}" for each in (source, wheel))
    nowhere = "urls" not in tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    return f"""
{__version__} is ready. {NOWHERE if nowhere else ""}What is left to you:

1. Tag it: git tag --annotate v{__version__} --message "cvatfn {__version__}"
2. Push the commit and the tag to where the repository is hosted.
3. Upload the two files, as they are: {named}
   Whoever builds the tag gets the same: `make build` shows their digests.
4. Begin the next one: what changes goes under [Unreleased] in CHANGELOG.md.
"""
