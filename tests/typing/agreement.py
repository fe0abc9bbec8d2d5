"""Whether ty and pyrefly see what mypy and pyright see in the files that speak for users.

`python -m tests.typing.agreement` runs both. Rule: an error is found on every line that ignores one
for mypy or pyright, and on no other. Where a checker is wrong, its line says so, as in `# but ty:
loses T`. Such a line is told and counted, and must go once the checker has learned better.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from attrs import frozen

__all__ = ["CHECKERS", "FILES", "Checker", "disagreements", "errors", "exceptions"]

ROOT = Path(__file__).parent.parent.parent
FILES = [
    *(ROOT / "tests" / "typing" / name for name in ("aio.py", "calls.py", "promises.py")),
    *sorted((ROOT / "examples").glob("*.py")),
]
IGNORED = re.compile(r"# (type|pyright): ignore\b")


@frozen
class Checker:
    """A type checker.

    :param command: how it is run, with the files behind it.
    :param error: what a line of its output looks like that tells of an error.
    """

    command: tuple[str, ...]
    error: str


CHECKERS: Mapping[str, Checker] = {
    "ty": Checker(
        (
            *("ty", "check", "--project", str(ROOT), "--python", sys.prefix),
            *("--output-format", "concise"),
        ),
        r"^(?P<file>.+?):(?P<line>\d+):\d+: error\[",
    ),
    "pyrefly": Checker(
        (
            *("pyrefly", "check", "--config", str(ROOT / "pyproject.toml")),
            *("--python-interpreter-path", sys.executable),
            *("--output-format", "min-text", "--relative-to", str(ROOT)),
        ),
        r"^ERROR (?P<file>.+?):(?P<line>\d+):",
    ),
}


def errors(checker: Checker, files: Collection[Path]) -> frozenset[tuple[Path, int]]:
    """The lines on which a checker finds something.

    :param checker: one of `CHECKERS`.
    :param files: what it looks at.
    :raises RuntimeError: it could not do its work.
    """
    command, *arguments = checker.command
    done = subprocess.run(  # noqa: S603 - our own
        [str(Path(sys.executable).parent / command), *arguments, *map(str, files)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    told = re.finditer(checker.error, done.stdout, re.MULTILINE)
    found = frozenset((ROOT / each["file"], int(each["line"])) for each in told)
    if done.returncode != min(len(found), 1):
        raise RuntimeError(done.stderr or done.stdout)
    return found


def exceptions(name: str, files: Iterable[Path]) -> dict[tuple[Path, int], str]:
    """The lines on which a checker is known to be wrong, and in what.

    :param name: the checker's.
    :param files: where to look.
    """
    marked = (
        (file, line, re.search(rf"# but {name}: (.+)", text)) for file, line, text in _lines(files)
    )
    return {(file, line): mark[1].strip() for file, line, mark in marked if mark}


def disagreements(
    name: str, files: Collection[Path], found: Collection[tuple[Path, int]]
) -> Iterator[str]:
    """Where a checker sees something else than is written.

    :param name: the checker's.
    :param files: what it looked at.
    :param found: the lines on which it finds an error.
    """
    wrong = exceptions(name, files)
    for file, line, text in _lines(files):
        wanted, seen = IGNORED.search(text) is not None, (file, line) in found
        if (wanted != seen) and (file, line) not in wrong:
            said = "finds no error" if wanted else "finds an error"
            yield f"{_place(file, line)}: {name} {said}: {text.strip()}"
        if (wanted == seen) and (file, line) in wrong:
            yield f"{_place(file, line)}: {name} is no longer wrong: {wrong[file, line]}"


def _lines(files: Iterable[Path]) -> Iterator[tuple[Path, int, str]]:
    for file in files:
        for line, text in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            yield file, line, text


def _place(file: Path, line: int) -> str:
    return f"{file.relative_to(ROOT) if file.is_relative_to(ROOT) else file}:{line}"


def main() -> int:
    """Ask each checker, and tell its exceptions and what does not agree."""
    failed = 0
    for name, checker in CHECKERS.items():
        known = exceptions(name, FILES)
        for (file, line), why in known.items():
            print(f"{_place(file, line)}: but {name}: {why}")
        told = [*disagreements(name, FILES, errors(checker, FILES))]
        for each in told:
            print(f"wrong: {each}", file=sys.stderr)
        print(f"{name}: {len(FILES)} files, {len(known)} exceptions, {len(told)} disagreements")
        failed += len(told)
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
