"""All pages of the site, laid out for Sphinx: those that people write, and those made of data.

Rule: pages that people write say the same here as in the repository; only their links are turned
to where things are on the site. What has no page there, such as a program, is named and not linked.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from posixpath import relpath
from typing import Final

from cvatfn import Endpoint, catalogue
from handbook.dated import dated
from handbook.endpoint_pages import area_page, module_of
from handbook.library_pages import library_page
from handbook.links import AT_THE_ROOT, links, pages, place
from handbook.model_pages import model_page
from handbook.navigation import PARTS, index_of, led_on, toctree
from handbook.reference_index import reference_index
from handbook.surface import PAGES, Entry, entries, known

__all__ = ["laid_out", "on_the_site", "reference", "turned"]

NAVIGATION: Final = "<!-- navigation -->"
"""What the first page has in the place of the site's table of contents."""

PICTURES: Final = (".svg", ".png")


def on_the_site(path: str) -> str:
    """Where a page of the repository is on the site.

    :param path: its path in the repository.

    >>> on_the_site("docs/decisions/0001.md"), on_the_site("SECURITY.md"), on_the_site("README.md")
    ('decisions/0001.md', 'security.md', 'index.md')
    """
    if path == "README.md":
        return "index.md"  # which tells its story
    return path.lower() if path in AT_THE_ROOT else path.removeprefix("docs/")


def turned(page: str, text: str, there: Mapping[str, str]) -> str:
    """A page with its links turned to where things are on the site.

    :param page: its path in the repository.
    :param text: what it says.
    :param there: where on the site everything is that has a place there, by path in the repository.

    >>> there = {"docs/a.md": "a.md", "B.md": "b.md"}
    >>> turned("docs/a.md", "[b](../B.md#c), [code](../d.py)", there)
    '[b](b.md#c), code'
    """
    told, after = "", 0
    for link in sorted(links(text), key=lambda link: link.start):
        if link.leads_out:
            continue
        path, anchor = place(page, link.target)
        told += text[after : link.start]
        after = link.end
        if path in there:
            leads = relpath(there[path], there[page].rpartition("/")[0] or ".")
            target = "" if path == page and anchor else leads
            new = f"{target}#{anchor}" if anchor else target
            before, _, behind = text[link.start : link.end].rpartition(link.target)
            told += before + new + behind
        else:
            told += link.text
    return told + text[after:]


def laid_out(root: Path) -> Mapping[str, str | bytes]:
    """Everything that Sphinx reads, by where it is on the site.

    :param root: the repository.
    """
    written = pages(root)
    pictures = [path for path in (root / "docs").rglob("*") if path.suffix in PICTURES]
    named = [path.relative_to(root).as_posix() for path in pictures]
    there = {path: on_the_site(path) for path in (*written, *named)}
    there |= {part: f"{part.removeprefix('docs/')}/index.md" for part in _folders(written)}
    found: dict[str, str | bytes] = {
        there[path]: turned(path, text, there)
        for path, text in written.items()
        if path != "README.md"
    }
    found |= {there[name]: path.read_bytes() for name, path in zip(named, pictures, strict=True)}
    found |= reference()
    names = {path.rpartition(".")[0] for path in found if path.endswith((".md", ".rst"))}
    for part in PARTS:
        folder = part.page.removesuffix("index")
        if not part.about or not any(each.startswith(folder) for each in names):
            continue
        held = found.get(f"{part.page}.md")
        leads = led_on(part, held, names) if isinstance(held, str) else index_of(part, names)
        found[f"{part.page}.md"] = leads
        names.add(part.page)
    first = found["index.md"]
    if not isinstance(first, str) or NAVIGATION not in first:
        raise ValueError(f"docs/index.md has no {NAVIGATION}")
    found["index.md"] = first.replace(NAVIGATION, toctree(names))
    return found


@cache
def reference() -> Mapping[str, str]:
    """The pages of the reference, by where they are on the site."""
    facts, names = dated(), known()
    areas = _areas()
    parts = _parts()
    found = {
        f"reference/api/{area}.rst": area_page(area, endpoints, facts, names)
        for area, endpoints in areas.items()
    }
    found |= {
        f"reference/models/{area}.rst": model_page(area, facts, names)
        for area in (*facts.areas, "page")
    }
    found |= {
        f"reference/{page.name}.rst": library_page(page, parts[page.name], names)
        for page in PAGES
        if page.name in parts
    }
    listed = [page for page in PAGES if page.name in parts]
    return {**found, **reference_index(facts, areas, listed)}


def _areas() -> Mapping[str, tuple[Endpoint[..., object], ...]]:
    found: dict[str, tuple[Endpoint[..., object], ...]] = {}
    for endpoint in catalogue():
        area = module_of(endpoint)
        found[area] = (*found.get(area, ()), endpoint)
    return found


def _parts() -> dict[str, list[tuple[str, tuple[Entry, ...]]]]:
    found: dict[str, list[tuple[str, tuple[Entry, ...]]]] = {}
    for page, module, held in entries():
        if held:
            found.setdefault(page.name, []).append((module, held))
    return found


def _folders(written: Mapping[str, str]) -> set[str]:
    """The folders whose pages an index leads to."""
    return {
        f"docs/{part.page.removesuffix('/index')}"
        for part in PARTS
        if part.page.endswith("/index")
        and any(path.startswith(f"docs/{part.page.removesuffix('index')}") for path in written)
    }
