"""Pages as modules for type checkers, with each line where it is in the page.

Rule: checkers are asked once for all pages, strict, and without settings of our own.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.docs.given import DECLARED
from tests.docs.pages import ROOT, Block, Page, named, slug
from tests.docs.running import tests_of

__all__ = ["complaints_of_mypy", "complaints_of_pyright", "modules", "written"]


def modules(page: Page) -> Iterator[tuple[str, str]]:
    """What checkers are given of a page: names of files, and their texts.

    A comment that says what has to fail becomes one that allows it; strict checkers complain of
    those that allow what does not fail.

    :param page: the page.
    """
    asked = [block for block in page.blocks if _is_asked(block)]
    together = [block for block in asked if not _stands_alone(page, block)]
    if together:
        yield f"{slug(page.path)}.py", _module(together)
    for block in asked:
        if _stands_alone(page, block):
            name = named(block) or f"{slug(page.path)}_{block.line}.py"
            given = [DECLARED] if page.is_anew else []
            yield name.replace("/", "_"), _module([block], given)


def _is_asked(block: Block) -> bool:
    untyped = block.marked("untyped") is not None or block.missing is not None
    return block.language == "python" and not untyped


def _stands_alone(page: Page, block: Block) -> bool:
    return page.is_alone(block) or named(block) is not None or bool(tests_of(block))


def _module(blocks: Sequence[Block], given: Sequence[str] = ()) -> str:
    lines = list[str]()
    for block in blocks:
        lines += [""] * (block.line - 1 - len(lines))
        lines += block.source.splitlines()
    head = ["# pyright: strict, reportUnnecessaryTypeIgnoreComment=true", *given]
    text = "\n".join([*head, *lines[len(head) :]])
    return re.sub(r"# error: ([\w, -]+)$", r"# type: ignore[\1]", text, flags=re.MULTILINE) + "\n"


def written(pages: Sequence[Page], folder: Path) -> Mapping[str, str]:
    """Write the modules of pages.

    :param pages: the pages.
    :param folder: where to.
    :returns: by the name of a file, the path of its page.
    """
    origins = dict[str, str]()
    for page in pages:
        for name, text in modules(page):
            assert name not in origins, f"{page.path} and {origins[name]} have a file {name}"
            origins[name] = page.path
            (folder / name).write_text(text, encoding="utf-8")
    return origins


def complaints_of_mypy(folder: Path, origins: Mapping[str, str]) -> str:
    """What mypy has to say, at the lines of the pages.

    :param folder: where the modules are.
    :param origins: by the name of a file, the path of its page.
    """
    # Two processes that write to one cache may break each other.
    cache = ROOT / ".mypy_cache" / f"pages-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    options = ["--strict", "--config-file=", f"--cache-dir={cache}", "--no-error-summary"]
    return _said([sys.executable, "-m", "mypy", *options, "."], folder, origins)


def complaints_of_pyright(folder: Path, origins: Mapping[str, str]) -> str:
    """What pyright has to say, at the lines of the pages.

    :param folder: where the modules are.
    :param origins: by the name of a file, the path of its page.
    """
    options = ["--pythonpath", sys.executable, "."]
    said = _said([sys.executable, "-m", "pyright", *options], folder, origins)
    errors = "\n".join(line for line in said.splitlines() if " error: " in line)
    return errors if errors or "0 errors" in said else said


def _said(command: Sequence[str], folder: Path, origins: Mapping[str, str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)  # noqa: S603 - our own
    said = done.stdout + done.stderr
    for name, path in origins.items():
        said = re.sub(rf"(?:\S*/)?\b{re.escape(name)}:", f"{path}:", said)
    return said or ("" if done.returncode == 0 else f"it ended with {done.returncode}")
