"""From generated text to files: formatted as the house has it, compared, written.

Rule: `check` and `write` see the very same files, so what one finds the other would change. Files
without the mark of the generator are somebody's work and are never touched.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from generator.api import api_modules
from generator.errors import Unusable
from generator.facts import Catalogue
from generator.filters import filter_modules
from generator.models import model_modules
from generator.tables import Tables
from generator.texts import ORIGIN

__all__ = ["differing", "rendered", "write"]

FIRST_PARTY = 'lint.isort.known-first-party = ["cvatfn"]'
"""Where the files are formatted, the rest of the package is not beside them to be recognized."""

FOLDERS = ("cvatfn/models", "cvatfn/api", "cvatfn/filters")


def rendered(catalogue: Catalogue, tables: Tables, settings: Path) -> dict[str, str]:
    """Every generated file, formatted, by its path from the repository's root.

    :param catalogue: what to write.
    :param tables: how to arrange and describe it.
    :param settings: the `pyproject.toml` that says how code is formatted.
    :raises Unusable: the formatter is missing or refuses the code.
    """
    modules = (
        model_modules(catalogue, tables),
        api_modules(catalogue, tables),
        filter_modules(catalogue),
    )
    return _formatted(
        {
            f"{folder}/{name}": text
            for folder, held in zip(FOLDERS, modules, strict=True)
            for name, text in held.items()
        },
        settings,
    )


def differing(files: Mapping[str, str], root: Path) -> tuple[str, ...]:
    """The paths at which a repository does not hold what it should.

    :param files: what it should hold.
    :param root: where it is.
    """
    wrong = {path for path, text in files.items() if _text(root / path) != text}
    return tuple(sorted(wrong | set(_orphans(files, root))))


def write(files: Mapping[str, str], root: Path) -> tuple[str, ...]:
    """Make a repository hold the files, and no other generated ones.

    :param files: what it is to hold.
    :param root: where it is.
    :returns: the paths that changed.
    """
    changed = differing(files, root)
    for path in changed:
        target = root / path
        if path in files:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(files[path], encoding="utf-8")
        else:
            target.unlink()
    return changed


def _orphans(files: Mapping[str, str], root: Path) -> Iterable[str]:
    found = (path for folder in FOLDERS for path in (root / folder).glob("*.py"))
    for path in found:
        name = path.relative_to(root).as_posix()
        if name not in files and ORIGIN in (_text(path) or ""):
            yield name


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def _formatted(files: Mapping[str, str], settings: Path) -> dict[str, str]:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        (root / "pyproject.toml").write_bytes(settings.read_bytes())
        _ruff(root, "check", "--fix", "--select", "I,RUF022", "--config", FIRST_PARTY, ".")
        _ruff(root, "format", ".")
        return {path: (root / path).read_text(encoding="utf-8") for path in files}


def _ruff(folder: Path, *arguments: str) -> None:
    command = (sys.executable, "-m", "ruff", *arguments, "--no-cache", "--quiet")
    done = subprocess.run(  # noqa: S603 - our own interpreter, no shell
        command, cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Unusable(f"ruff {arguments[0]}: {done.stdout}{done.stderr}")
