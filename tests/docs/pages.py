"""The pages of the documentation, taken apart into blocks: what there is to run and to check.

Rule: nothing between two fences is looked over. A block has a language that says what becomes of
it, and a comment before it (`<!-- test: ... -->`, which no reader sees) says what differs:

- `python`: the blocks of a page run in order, in one namespace, against a sandbox of the page's own
  and in a folder of its own, with three pictures in `images/` and an empty `datasets/`.
  `https://cvat.example` and `http://127.0.0.1:8080` are the sandbox; `AccessToken("...")`,
  `CVATFN_TOKEN="..."` in a console, and the environment's `CVATFN_TOKEN` hold a token of its user.
  The comment after a `print`, on the lines below it or else on its line, is what that print
  prints, to the letter; `...` stands for what differs from time to time. All blocks go to mypy and
  pyright, too, strict.
  - A block whose first line is `# name.py` is a file of that name, for the blocks after it.
  - A block with functions called `test_...` is a file of tests, and pytest runs it.
  - `alone`: it shares no name with the others. `each alone`, before the first: none does.
    `each anew`: none does, and each finds the world as it began and the names of `given.py`.
  - `types`: it is only for type checkers. A line that ends in `# error: arg-type` has to fail in
    mypy for that reason, and in pyright.
  - `untyped, because ...`: type checkers are not asked; for what brings no types.
- `py`: a program of another client, which the tests of that client run; here it has to be Python.
- `console`: what stands after `$ ` (or each line, where no line begins so) is run, and what stands
  below it is what it writes. Ours are run (`python`, `cvatfn`, `pytest`); a target of `make` and
  what `pip` installs of us have to exist. `python -m cvatfn.testing.sandbox` is stopped when it has
  said what is shown. `sh` is a script, run as a whole.
- `text`: what the block before it prints, all of it.
- `json`, `toml`, `yaml`: parsed. `mermaid` is a picture.
- `needs cvat_sdk`: it is run, and given to type checkers, where that module is installed.
- `not run, because ...`: it is not run. Blocks of no known language have to say it.
- `world ...`, before the first: the sandbox begins at another world of `worlds.py`.

sybil was looked at for this. Its blocks are found by regular expressions; here they are found by
the parser that MyST itself is built on, so that what is tested is what is shown. Of its evaluators
none does what is needed (comments as output, tests, consoles, all pages in one run of mypy), and
its items for pytest are made of pytest's private parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from attrs import evolve, frozen
from markdown_it import MarkdownIt

__all__ = ["PAGES", "ROOT", "Block", "Page", "named", "parsed", "read", "slug"]

ROOT: Final = Path(__file__).parent.parent.parent

PAGES: Final = (
    "README.md",
    *sorted(
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "docs").rglob("*.md")
        if not any(part.startswith(("_", ".")) for part in path.relative_to(ROOT).parts)
    ),
)
"""By path, every page; what Sphinx writes lies in folders with an underscore."""

WITHOUT_COMMENTS: Final = {"README.md": ("each alone", "world cats")}
"""What stands in comments elsewhere: a README is also read where comments are shown."""


@frozen
class Block:
    """A block of a page.

    :param line: where its first line is in the page, from 1.
    :param language: what its fence says.
    :param source: its text.
    :param marks: what the comments before it say of it.
    :param printed: the `text` block that follows it, if one does.
    """

    line: int
    language: str
    source: str
    marks: tuple[str, ...] = ()
    printed: str | None = None

    @property
    def missing(self) -> str | None:
        """The module that it needs and that is not installed here."""
        needed = self.marked("needs")
        return needed if needed is not None and find_spec(needed) is None else None

    def marked(self, word: str) -> str | None:
        """What a comment says after a word; `""` where it says just the word."""
        found = (mark.removeprefix(word) for mark in self.marks if mark.startswith(word))
        return next((rest.lstrip(", ") for rest in found), None)


@frozen
class Page:
    """A page and its blocks, in order.

    :param path: where it is, from the root.
    :param blocks: its blocks.
    """

    path: str
    blocks: tuple[Block, ...]

    @property
    def marks(self) -> tuple[str, ...]:
        """What is said of the whole page."""
        return WITHOUT_COMMENTS.get(self.path, self.blocks[0].marks if self.blocks else ())

    @property
    def world(self) -> str:
        """The name of the world at which its sandbox begins."""
        said = (mark.removeprefix("world ") for mark in self.marks if mark.startswith("world "))
        return next(said, "example")

    def is_alone(self, block: Block) -> bool:
        """Whether a block has a namespace of its own."""
        return self.is_anew or "each alone" in self.marks or "alone" in block.marks

    @property
    def is_anew(self) -> bool:
        """Whether each of its blocks finds the world as it began, and a connection to it."""
        return "each anew" in self.marks


def read(path: str) -> Page:
    """Take a page apart.

    :param path: where it is, from the root.
    """
    return parsed(path, (ROOT / path).read_text(encoding="utf-8"))


def parsed(path: str, text: str) -> Page:
    """Take the text of a page apart.

    :param path: where it is, from the root.
    :param text: what it says.
    """
    found = tuple(_blocks(text, 0))
    marks = [mark for block in found for mark in block.marks]
    unknown = [mark for mark in marks if not _KNOWN.fullmatch(mark)]
    assert not unknown, f"{path}: nobody knows what these comments say: {unknown}"
    return Page(path, tuple(_with_output(found)))


def named(block: Block) -> str | None:
    """The file that a Python block is, if its first line names one."""
    found = re.match(r"# ([\w/]+\.py)\n", block.source)
    return found[1] if found else None


def slug(path: str) -> str:
    """The path of a page as a name for a module."""
    return re.sub(r"\W", "_", path.removesuffix(".md"))


_KNOWN: Final = re.compile(
    r"alone|each alone|each anew|types|world \w+|needs [\w.]+|(not run|untyped), because .{10,}"
)
_MARK: Final = re.compile(r"<!-- test: (.*?) -->", re.DOTALL)


def _blocks(text: str, before: int) -> Iterator[Block]:
    """The blocks of a text that stands so many lines below the beginning of its page."""
    marks: list[str] = []
    for token in MarkdownIt("commonmark").parse(text):
        within = [child for child in token.children or () if child.type == "html_inline"]
        assert not any(_MARK.search(child.content) for child in within), "a comment in a paragraph"
        if token.type == "html_block":
            marks += [" ".join(mark.split()) for mark in _MARK.findall(token.content)]
        if token.type not in ("fence", "code_block") or token.map is None:
            continue
        line = before + token.map[0] + (2 if token.type == "fence" else 1)
        directive = re.match(r"\{([\w-]+)\}\s*(\S*)", token.info)
        if directive is None:
            language = token.info.split()[0] if token.info.split() else ""
            yield Block(line, language, token.content, tuple(marks))
        elif directive[1] in ("code", "code-block", "sourcecode"):
            yield Block(line, directive[2], _without_options(token.content), tuple(marks))
        elif directive[1] == "mermaid":
            yield Block(line, "mermaid", token.content, tuple(marks))
        else:  # a note, a tab: with Markdown inside
            inner = [*_blocks(token.content, line - 1)]
            inner[:1] = [evolve(each, marks=(*marks, *each.marks)) for each in inner[:1]]
            yield from inner
            marks = [] if inner else marks
            continue
        marks = []
    assert not marks, f"a comment stands before no block: {marks}"


def _without_options(source: str) -> str:
    return re.sub(r"\A(?::[\w-]+:.*\n)+\n?", lambda found: "\n" * found[0].count("\n"), source)


def _with_output(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks, those of output with the ones that write it."""
    shown = False
    for block, after in zip(blocks, [*blocks[1:], Block(0, "", "")], strict=False):
        if shown:
            shown = False
            continue
        is_output = after.language == "text" and not after.marks
        shown = is_output and block.language in ("python", "console", "sh")
        yield evolve(block, printed=after.source) if shown else block
