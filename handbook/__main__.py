"""`python -m handbook`: build the site into `build/docs`, look it over, say where to open it.

    python -m handbook                    build the site, warnings being errors
    python -m handbook links              ask for every link that leads out of the repository
    python -m handbook pictures           draw the pictures of the pages anew

Rule: a page is written only where it has changed, so that Sphinx reads no more than it has to.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from handbook.built import faults
from handbook.outward import asked
from handbook.sources import laid_out

ROOT: Final = Path(__file__).resolve().parent.parent
BUILT: Final = ROOT / "build" / "docs"


def main(arguments: list[str]) -> int:
    """Run the command.

    :param arguments: the command line, without the program's name.
    :returns: the exit status.
    """
    match arguments:
        case []:
            return build()
        case ["links"]:
            return asked(ROOT)
        case ["pictures"]:
            return draw()
        case _:
            print(__doc__, file=sys.stderr)
            return 2


def build() -> int:
    """Build the site.

    :returns: 0, or 1 where Sphinx warned or the site has faults.
    """
    from sphinx.cmd.build import main as sphinx

    sources, site = BUILT / "sources", BUILT / "html"
    put(sources, {**laid_out(ROOT), **_static()})
    options = ["-W", "--keep-going", "-q", "-b", "html", "-c", str(ROOT / "docs")]
    workers = ["-j", str(min(os.cpu_count() or 1, 8))]
    failed = sphinx([*options, *workers, "-d", str(BUILT / "seen"), str(sources), str(site)])
    if failed:
        return 1
    wrong = tuple(faults(site))
    for fault in wrong:
        print(fault, file=sys.stderr)
    if wrong:
        return 1
    print(f"The documentation is built. Open it: {(site / 'index.html').as_uri()}")
    return 0


def draw() -> int:
    """Draw the pictures of the pages anew; those of the benchmarks are the benchmarks' own.

    :returns: 0.
    """
    from handbook.pictures import FOLDER, drawn

    for name, content in drawn().items():
        (ROOT / FOLDER / name).write_bytes(content)
        print(f"drawn: {FOLDER / name}")
    return 0


def put(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Make a folder hold the files and no others.

    :param folder: which one.
    :param files: what it is to hold, by path.
    """
    for old in [path for path in folder.rglob("*") if path.is_file()]:
        if old.relative_to(folder).as_posix() not in files:
            old.unlink()
    for name, held in files.items():
        path, content = folder / name, held.encode() if isinstance(held, str) else held
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def _static() -> dict[str, bytes]:
    """What the pages look like."""
    folder = ROOT / "docs"
    found = [path for path in (folder / "_static").rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
