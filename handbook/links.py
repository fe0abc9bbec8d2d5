"""Links in the pages that people write: where each leads, and whether that is there.

Rule: a link within the repository is relative, so that it holds wherever the repository is read,
and names a file, a folder or a heading that there is. What leads elsewhere is only listed here; it
is asked for on request (`python -m handbook links`), never by tests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Final
from urllib.parse import unquote

from attrs import frozen

__all__ = ["Broken", "Link", "anchors", "broken", "links", "pages", "place"]

AT_THE_ROOT: Final = (
    "README.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "CONTRIBUTING.md",
    "CODE_OF_CONDUCT.md",
)


@frozen
class Link:
    """A link of a page.

    :param text: what is clicked on.
    :param target: where it leads, as it is written.
    :param start: where in the page's text it begins.
    :param end: where it ends.
    """

    text: str
    target: str
    start: int
    end: int

    @property
    def leads_out(self) -> bool:
        """Whether it leads out of the repository."""
        return re.match(r"[a-z][a-z0-9+.-]*:|//", self.target) is not None


@frozen
class Broken:
    """A link that leads nowhere.

    :param page: the page, by its path in the repository.
    :param target: where the link should lead.
    :param reason: what is not there.
    """

    page: str
    target: str
    reason: str


def pages(root: Path) -> Mapping[str, str]:
    """The pages that people write, by their paths in the repository.

    :param root: the repository.
    """
    found = [root / name for name in AT_THE_ROOT if (root / name).is_file()]
    found += sorted((root / "docs").rglob("*.md"))
    return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in found}


def links(page: str) -> Iterator[Link]:
    """The links and pictures of a page, in order; what is code is none.

    :param page: its text, in Markdown.

    >>> [link.target for link in links("[a](b.md#c), `[d](e)` and ![f](g.svg)")]
    ['b.md#c', 'g.svg']
    """
    code = [(found.start(), found.end()) for found in _CODE.finditer(page)]
    for found in _LINK.finditer(page):
        if not any(start <= found.start() < end for start, end in code):
            yield Link(found["text"], found["target"], found.start(), found.end())
    for found in _DIRECTIVE.finditer(page):
        yield Link("", found["target"], found.start(), found.end())


def anchors(page: str) -> frozenset[str]:
    r"""The names by which a page's headings can be linked to, as hosts of repositories make them.

    :param page: its text, in Markdown.

    >>> sorted(anchors("# The `way` of a call\n## Time\n## Time\n"))
    ['the-way-of-a-call', 'time', 'time-1']
    """
    bare = _FENCE.sub("", page)
    found: list[str] = []
    for heading in _HEADING.findall(bare):
        text = _LINK.sub(lambda link: link["text"], heading)
        slug = re.sub(r"[^\w\- ]", "", text.lower()).strip().replace(" ", "-")
        times = sum(1 for each in found if each == slug or re.fullmatch(rf"{slug}-\d+", each))
        found.append(f"{slug}-{times}" if times else slug)
    return frozenset(found)


def place(page: str, target: str) -> tuple[str, str]:
    """Where a relative link leads: a path in the repository, and an anchor in it.

    :param page: the path of the page that has the link.
    :param target: the link.

    >>> place("docs/promises.md", "../SECURITY.md#reports"), place("docs/a/b.md", "#c")
    (('SECURITY.md', 'reports'), ('docs/a/b.md', 'c'))
    """
    path, _, anchor = target.partition("#")
    return (normpath(join(dirname(page), unquote(path))) if path else page), anchor


def broken(root: Path) -> Iterator[Broken]:
    """The links within a repository that lead nowhere.

    :param root: the repository.
    """
    written = pages(root)
    for page, text in written.items():
        for link in links(text):
            if link.leads_out:
                continue
            path, anchor = place(page, link.target)
            if path.startswith("..") or not (root / path).exists():
                yield Broken(page, link.target, "there is no such file")
            elif anchor and anchor not in anchors(written.get(path, "")):
                yield Broken(page, link.target, "there is no such heading")


_FENCE: Final = re.compile(r"^( *)(```+|~~~+)[^\n]*\n.*?^\1\2[ \t]*$", re.MULTILINE | re.DOTALL)
_CODE: Final = re.compile(rf"{_FENCE.pattern}|(?<!`)(`+)(?!`)[^\n]*?(?<!`)\3(?!`)", _FENCE.flags)
_LINK: Final = re.compile(
    r"(?<!\\)!?\[(?P<text>(?:[^\[\]`]|`[^`]*`)*)\]\((?P<target>[^()\s]+)(?:\s+\"[^\"]*\")?\)"
)
_DIRECTIVE: Final = re.compile(r"^`{3,}\{(?:image|figure)\}\s+(?P<target>\S+)", re.MULTILINE)
_HEADING: Final = re.compile(r"^#{1,6}\s+(.*?)\s*#*\s*$", re.MULTILINE)
