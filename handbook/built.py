"""Looking over the site as it is built: it works offline, and every link within it leads somewhere.

Rule: nothing but the files of the site is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from attrs import frozen
from typing_extensions import override

__all__ = ["Fault", "faults"]


@frozen
class Fault:
    """What is wrong with a page.

    :param page: which one, by its path in the site.
    :param reason: what it is.
    """

    page: str
    reason: str

    @override
    def __str__(self) -> str:
        return f"{self.page}: {self.reason}"


def faults(site: Path) -> Iterator[Fault]:
    """What is wrong with the pages of a site.

    :param site: the folder with its pages.
    """
    pages = {path: _read(path) for path in sorted(site.rglob("*.html"))}
    if not pages:
        yield Fault(site.name, "has no page")
    for path, page in pages.items():
        name = path.relative_to(site).as_posix()
        for needed in page.needs:
            if urlsplit(needed).netloc:
                yield Fault(name, f"needs {needed}, which is not here")
            elif not needed.startswith("data:") and not _aim(path, needed).is_file():
                yield Fault(name, f"needs {needed}, which is nowhere")
        for leads in page.leads:
            parts = urlsplit(leads)
            if parts.scheme or parts.netloc:
                continue
            aim = _aim(path, leads) if parts.path else path
            if not aim.is_file():
                yield Fault(name, f"leads to {leads}, which is nowhere")
            elif (
                parts.fragment and aim in pages and unquote(parts.fragment) not in pages[aim].names
            ):
                yield Fault(name, f"leads to {leads}: there is no such place on the page")

    for path in sorted(site.rglob("*.css")):
        for needed in _ASKED.findall(path.read_text(encoding="utf-8")):
            yield Fault(path.relative_to(site).as_posix(), f"needs {needed}, which is not here")


_ASKED: Final = re.compile(r"""(?:url\(|@import)\s*["']?((?:https?:)?//[^"')\s]+)""")


def _aim(page: Path, target: str) -> Path:
    return (page.parent / unquote(urlsplit(target).path)).resolve()


NEEDED: Final = {"script": "src", "img": "src", "link": "href", "source": "src", "iframe": "src"}
LOADED: Final = frozenset({"stylesheet", "icon", "shortcut", "preload", "modulepreload"})


class _Page(HTMLParser):
    """What a page needs to be shown, where it leads, and what can be led to on it."""

    def __init__(self) -> None:
        super().__init__()
        self.needs: list[str] = []
        self.leads: list[str] = []
        self.names: set[str] = set()

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value for name, value in attrs if value}
        self.names |= {held[key] for key in ("id", "name") if key in held}
        if tag == "a" and "href" in held:
            self.leads.append(held["href"])
        key = NEEDED.get(tag)
        loaded = tag != "link" or LOADED & set(held.get("rel", "").split())
        if key in held and loaded:
            self.needs.append(held[key])


def _read(path: Path) -> _Page:
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    return page
