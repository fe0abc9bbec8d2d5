"""What is run of a page: Python blocks in the order of the page, tests by pytest, consoles.

Rule: a block that does not do what its page says raises, with the line of the page; none is left
out without a reason that the page gives.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
import io
import json
import logging
import os
import re
import sys
import tokenize
import tomllib
from collections import defaultdict
from collections.abc import Callable, Generator
from doctest import ELLIPSIS, OutputChecker
from pathlib import Path
from typing import IO, Final, TypeAlias

import pytest
import yaml
from attrs import field, frozen

from cvatfn.testing.sandbox import SandboxServer, serving
from cvatfn.transport import Connection
from tests.docs.consoles import run_console, run_script
from tests.docs.files import MADE, furnish
from tests.docs.given import Beginning, began
from tests.docs.pages import Block, Page, named, slug
from tests.docs.worlds import WORLDS

__all__ = ["URLS", "run"]

URLS: Final = ("https://cvat.example", "http://127.0.0.1:8080")
"""Where the sandbox answers, on a page."""
TOKEN: Final = re.compile(r'(AccessToken\(|\bCVATFN_TOKEN=)"\.\.\."')
"""Where a token stands that nobody may read."""


@frozen
class Place:
    """Where the blocks of a page run.

    :param page: the page.
    :param folder: the folder they run in.
    :param server: what answers them.
    :param beginning: what each of them finds, where each begins anew.
    :param names: the namespace they share.
    :param kept: what its consoles have said that holds on.
    """

    page: Page
    folder: Path
    server: SandboxServer
    beginning: Beginning | None = None
    names: dict[str, object] = field(factory=dict[str, object])
    kept: list[str] = field(factory=list[str])

    def at(self, block: Block) -> str:
        """Where a block is, as tools and terminals know it."""
        return f"{self.page.path}:{block.line}"

    def pointed(self, source: str) -> str:
        """A source that means the sandbox where it means a server."""
        for url in URLS:
            source = source.replace(url, self.server.url)
        return TOKEN.sub(rf'\g<1>"{self.server.token}"', source)

    def shown(self, printed: str) -> str:
        """What was printed, as a page shows it."""
        known = next((url for url in URLS if any(url in b.source for b in self.page.blocks)), "")
        return printed.replace(self.server.url, known or self.server.url)


def run(page: Page, folder: Path) -> list[str]:
    """Run a page.

    :param page: the page.
    :param folder: an empty folder.
    :returns: the modules without which some of its blocks could not be run.
    """
    furnish(folder, [name for name in MADE if any(name in each.source for each in page.blocks)])
    with (
        contextlib.chdir(folder),
        _undone(folder),
        serving(WORLDS[page.world]()) as server,
    ):
        sys.path.insert(0, str(folder))  # as a shell there would have it
        os.environ["CVATFN_TOKEN"] = server.token
        place = Place(page, folder, server, began(server) if page.is_anew else None)
        with contextlib.ExitStack() as left_open:
            missing = {name for block in page.blocks for name in _run(place, block)}
            for held in place.names.values():
                if isinstance(held, Connection):
                    left_open.enter_context(held)
        return sorted(missing)


@contextlib.contextmanager
def _undone(folder: Path) -> Generator[None]:
    """What a page does to the process is undone.

    To the environment, to the root logger, and to what can be imported: nothing from its folder is
    known afterwards.
    """
    environment, path, root = dict(os.environ), [*sys.path], logging.getLogger()
    handlers, level = [*root.handlers], root.level
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        os.environ.clear()
        os.environ.update(environment)
        sys.path[:] = path
        for name, module in [*sys.modules.items()]:
            if Path(getattr(module, "__file__", None) or "/").is_relative_to(folder):
                del sys.modules[name]


def _run(place: Place, block: Block) -> list[str]:
    """Run a block, unless a module that it needs is missing, which is said then."""
    if block.marked("not run") is not None:
        return []
    if block.missing is not None:
        return [block.missing]
    way = WAYS.get(block.language)
    assert way is not None, f"{place.at(block)}: nobody knows how to run {block.language!r}"
    way(place, block)
    return []


def _python(place: Place, block: Block) -> None:
    if block.marked("types") is not None:
        compile(block.source, place.at(block), "exec")
    elif (name := named(block)) is not None:
        file = place.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(place.pointed(block.source), encoding="utf-8")
    elif tests_of(block):
        file = place.folder / f"test_{slug(place.page.path)}_{block.line}.py"
        file.write_text(place.pointed(block.source), encoding="utf-8")
        _ask_pytest(file)
    else:
        _execute(place, block)


def tests_of(block: Block) -> list[str]:
    """The names of the tests that a Python block defines."""
    return re.findall(r"^(?:async )?def (test_\w+)", block.source, re.MULTILINE)


def _execute(place: Place, block: Block) -> None:
    if place.beginning is None:
        _executed(place, block, {} if place.page.is_alone(block) else place.names)
    else:
        with place.beginning.again(place.server) as names:
            _executed(place, block, names)


def _executed(place: Place, block: Block, names: dict[str, object]) -> None:
    printed: dict[int, list[str]] = defaultdict(list)

    def noted(
        *values: object, sep: str = " ", end: str = "\n", file: IO[str] | None = None
    ) -> None:
        asked = inspect.currentframe()
        if file is None and asked is not None and asked.f_back is not None:
            printed[asked.f_back.f_lineno].append(sep.join(map(str, values)) + end)
        print(*values, sep=sep, end=end, file=file)

    padded = "\n" * (block.line - 1) + place.pointed(block.source)
    names |= {"__name__": "__main__", "print": noted}
    written = io.StringIO()
    with contextlib.redirect_stdout(written):
        exec(compile(padded, place.page.path, "exec"), names)  # noqa: S102 - our own
    for line, said in _said(block).items():
        got = place.shown("".join(printed.pop(line, [])))
        _hold(f"{place.page.path}:{line}", said, got)
    if block.printed is not None:
        _hold(place.at(block), block.printed, place.shown(written.getvalue()))


def _said(block: Block) -> dict[int, str]:
    """By the line of a `print`, in the page, what the comment after it says it prints."""
    tree = ast.parse(block.source)
    comments = _comments(block.source)
    said = dict[int, str]()
    for call in ast.walk(tree):
        is_print = isinstance(call, ast.Call) and ast.unparse(call.func) == "print"
        if not is_print or not isinstance(call, ast.Call) or call.end_lineno is None:
            continue
        beside = comments.get(call.end_lineno, (0, ""))[1]
        below = list[str]()
        while (after := comments.get(call.end_lineno + 1 + len(below))) is not None:
            if after[0] != call.col_offset:
                break
            below.append(after[1])
        if beside or below:
            lines = below or [beside]
            said[block.line - 1 + call.lineno] = "".join(f"{line}\n" for line in lines)
    return said


def _comments(source: str) -> dict[int, tuple[int, str]]:
    """By its line, where a comment begins and what it says."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {
        token.start[0]: (token.start[1], re.sub("^# ?", "", token.string))
        for token in tokens
        if token.type == tokenize.COMMENT
    }


def _hold(where: str, said: str, got: str) -> None:
    assert said.replace("...", "").strip(), f"{where}: says nothing of what is printed"
    held = OutputChecker().check_output(said.rstrip() + "\n", got.rstrip() + "\n", ELLIPSIS)
    assert held, f"{where}: the page says\n{said}\nand this is printed\n{got}"


SETTINGS: Final = """\
[pytest]
filterwarnings =
    error
    ignore::pytest.PytestAssertRewriteWarning
"""
"""What is imported here already cannot be imported anew by a pytest within."""


def _ask_pytest(file: Path) -> None:
    """Have pytest run a file, in this process and as if it were the only one."""
    settings = file.parent / "pytest.ini"
    settings.write_text(SETTINGS, encoding="utf-8")
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-c", str(settings), str(file)]
    said = io.StringIO()
    with contextlib.redirect_stdout(said), _undone(file.parent):
        code = pytest.main(options)
    assert code == pytest.ExitCode.OK, said.getvalue()
    assert re.search(r"^\d+ passed", said.getvalue(), re.MULTILINE), said.getvalue()
    assert "skipped" not in said.getvalue(), said.getvalue()


def _console(place: Place, block: Block) -> None:
    source = place.pointed(block.source)
    for said, got in run_console(source, block.printed, place.folder, place.kept):
        _hold(place.at(block), place.shown(said), place.shown(got))


def _script(place: Place, block: Block) -> None:
    source = place.pointed(block.source)
    (got,) = run_script(source, place.folder, place.kept)
    if block.printed is not None:
        _hold(place.at(block), place.shown(block.printed), place.shown(got))


def _parsed(read: Callable[[str], object]) -> Way:
    def parse(place: Place, block: Block) -> None:
        try:
            read(block.source)
        except (SyntaxError, ValueError, yaml.YAMLError) as error:
            raise AssertionError(f"{place.at(block)}: {error}") from error

    return parse


Way: TypeAlias = Callable[[Place, Block], None]
WAYS: Final[dict[str, Way]] = {
    "python": _python,
    "py": _parsed(ast.parse),
    "console": _console,
    "sh": _script,
    "json": _parsed(json.loads),
    "toml": _parsed(tomllib.loads),
    "yaml": _parsed(yaml.safe_load),
    "mermaid": lambda _, __: None,
}
