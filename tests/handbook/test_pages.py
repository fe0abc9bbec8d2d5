"""The pages that people write: their links hold in the repository, and on the site as well."""

from __future__ import annotations

from pathlib import Path
from posixpath import dirname, join, normpath

import pytest

from handbook.links import Broken, anchors, broken, links, pages, place
from handbook.navigation import PARTS
from handbook.outward import outward
from handbook.sources import laid_out, on_the_site, turned

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def site() -> dict[str, str | bytes]:
    return dict(laid_out(ROOT))


def test_every_link_leads_to_what_there_is() -> None:
    assert list(broken(ROOT)) == []


def test_links_are_found_to_look_at() -> None:
    found = [link for text in pages(ROOT).values() for link in links(text)]
    assert len(found) > 50
    assert {"docs/index.md", "README.md", "CHANGELOG.md", "SECURITY.md"} <= set(pages(ROOT))


def test_links_within_the_repository_are_relative() -> None:
    for page, text in pages(ROOT).items():
        assert not [link for link in links(text) if link.target.startswith("/")], page


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("[a](gone.md)", [Broken("README.md", "gone.md", "there is no such file")]),
        ("[a](docs/b.md#there)", []),
        (
            "[a](docs/b.md#gone)",
            [Broken("README.md", "docs/b.md#gone", "there is no such heading")],
        ),
        ("[a](#gone)", [Broken("README.md", "#gone", "there is no such heading")]),
        ("# Here\n[a](#here)", []),
        ("![a](gone.svg)", [Broken("README.md", "gone.svg", "there is no such file")]),
        ("[a](../..)", [Broken("README.md", "../..", "there is no such file")]),
        ("`[a](gone.md)`", []),
        ("```\n[a](gone.md)\n```", []),
        ("[`a`\nb](gone.md)", [Broken("README.md", "gone.md", "there is no such file")]),
        ("[a](https://example.com/gone)", []),
        ("[a](docs)", []),
    ],
)
def test_a_link_that_leads_nowhere_is_told(text: str, wrong: list[Broken], tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "b.md").write_text("# There\n", encoding="utf-8")
    (tmp_path / "README.md").write_text(text, encoding="utf-8")
    assert list(broken(tmp_path)) == wrong


def test_headings_in_code_are_no_anchors() -> None:
    page = "# One\n```sh\n# two\n```\n## `three(x)` & [four](a.md)\n"
    assert anchors(page) == {"one", "threex--four"}


def test_what_leads_out_is_listed_and_not_asked_for() -> None:
    found = outward(ROOT)
    assert "https://www.cvat.ai/" in found
    assert "README.md" in found["https://www.cvat.ai/"]


def test_on_the_site_every_link_leads_to_a_page_of_it(site: dict[str, str | bytes]) -> None:
    written = [name for name in site if name.endswith(".md") and not name.startswith("reference/")]
    assert len(written) > 40
    for name in written:
        text = site[name]
        assert isinstance(text, str)
        for link in links(text):
            if link.leads_out:
                continue
            target, anchor = place(name, link.target)
            assert target in site, (name, link.target)
            aim = site[target]
            assert not anchor or (isinstance(aim, str) and anchor in anchors(aim)), link.target


def test_a_page_says_on_the_site_what_it_says_in_the_repository() -> None:
    there = {path: on_the_site(path) for path in pages(ROOT)}
    for path, text in pages(ROOT).items():
        told = turned(path, text, there)
        shown = [link for link in links(text) if not link.leads_out]
        assert all(link.text in told for link in shown)
        if not shown:
            assert told == text


def test_every_page_is_led_to(site: dict[str, str | bytes]) -> None:
    """Each page is in the contents: by the first page, or by the index of its folder."""
    led = {"index"}
    for name, text in site.items():
        if not (isinstance(text, str) and name.endswith(".md")):
            continue
        for tree in text.split("```{toctree}")[1:]:
            entries = [line for line in tree.partition("```")[0].split("\n") if line.strip()]
            for entry in entries:
                if not entry.startswith(":"):
                    target = entry.rpartition("<")[2].strip("> ") if "<" in entry else entry
                    led.add(normpath(join(dirname(name), target)))
    there = {name.rpartition(".")[0] for name in site if name.endswith((".md", ".rst"))}
    assert there - led == set()


def test_parts_whose_pages_are_not_there_are_left_out(site: dict[str, str | bytes]) -> None:
    first = site["index.md"]
    assert isinstance(first, str)
    for part in PARTS:
        there = any(f"{part.page}.{ending}" in site for ending in ("md", "rst"))
        assert (f"\n{part.title} <" in first) == there


def test_pages_that_are_new_are_led_to(tmp_path: Path) -> None:
    for name, text in {
        "index.md": "# cvatfn\n<!-- navigation -->\n",
        "new.md": "# New\n",
        "other/page.md": "# Other\n",
        "how-to/index.md": "# How-to\nPages of it: [b](b.md), [a](a.md).\n",
        "how-to/a.md": "# A\n",
        "how-to/b.md": "# B\n",
        "how-to/also.md": "# Also\n",
        "decisions/0001.md": "# 1. One\n",
    }.items():
        (tmp_path / "docs" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "docs" / name).write_text(text, encoding="utf-8")
    laid = laid_out(tmp_path)
    first, how = laid["index.md"], laid["how-to/index.md"]
    assert "\nnew\nother/page\n```" in str(first)
    assert "How-to <how-to/index>" in str(first)
    assert "Pages of it" in str(how)
    assert "\nb\na\nalso\n```" in str(how)
    assert "\n0001\n```" in str(laid["decisions/index.md"])


def test_pages_are_where_a_reader_looks_for_them(site: dict[str, str | bytes]) -> None:
    for page in ("reference/api/tasks.rst", "reference/models/tasks.rst", "promises.md"):
        assert page in site
    assert "decisions/index.md" in site
    assert "changelog.md" in site
    assert "security.md" in site
